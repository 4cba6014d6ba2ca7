"""The signed paper comes back: to the request in the path, or to the one that its QR code names (D12)."""

from django import forms as django_forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from kunjae.access_requests import operations
from kunjae.access_requests.forms.scanning import SignedScan, SignedScanOfRequest
from kunjae.access_requests.models import AccessRequest
from kunjae.access_requests.views.answering import add_refusal, status_of
from kunjae.access_requests.views.cases import crumbs_of, load, load_submitted, url_of
from kunjae.core.access import member, permitted
from kunjae.core.leading_on import see_other
from kunjae.core.verdict import Denied
from kunjae.documents.showing import page_of_scan
from kunjae.entitlements.permissions import KEY_REQUEST


@permitted(KEY_REQUEST)
@require_http_methods(["GET", "HEAD", "POST"])
def signed_scans(request: HttpRequest, org_code: str) -> HttpResponse:
    """Take a scan and find its request by the QR code."""
    form = SignedScan(*_posted(request))
    if form.is_bound and form.is_valid():
        try:
            item = operations.request_of_scan(request.organisation, form.cleaned_data["scan"])
        except Denied as denied:
            add_refusal(form, denied, field="scan")
        else:
            if _attach(request, form, item, answers_for_it=False):
                return see_other(f"{url_of('request', item)}?done=scanned")
    crumbs = [
        (_("Officers' requests"), reverse("access_requests:waiting", args=[org_code])),
        (_("File a signed form"), None),
    ]
    return render(request, "access_requests/signed_scan.html", {"form": form, "crumbs": crumbs}, status=status_of(form))


@permitted(KEY_REQUEST)
@require_http_methods(["GET", "HEAD", "POST"])
def signed_scans_of_request(request: HttpRequest, org_code: str, public_id: str) -> HttpResponse:
    """Take a scan of this request; the scan of another is refused."""
    item = load_submitted(request, public_id)
    form = SignedScanOfRequest(*_posted(request))
    if (
        form.is_bound
        and form.is_valid()
        and _attach(request, form, item, answers_for_it=form.cleaned_data["answers_for_it"])
    ):
        return see_other(f"{url_of('request', item)}?done=scanned")
    context = {"form": form, "item": item, "crumbs": crumbs_of(request, item, (_("File the signed form"), None))}
    return render(request, "access_requests/signed_scan.html", context, status=status_of(form))


def _posted(request: HttpRequest) -> tuple:
    return (request.POST, request.FILES) if request.method == "POST" else (None, None)


def _attach(request: HttpRequest, form: django_forms.Form, item: AccessRequest, *, answers_for_it: bool) -> bool:
    """Attach the scan; False if that was refused, and the form then says why."""
    try:
        operations.attach_signed_scan(
            actor=request.actor,
            request_public_id=item.public_id,
            upload=form.cleaned_data["scan"],
            answers_for_it=answers_for_it,
            at=timezone.now(),
        )
    except Denied as denied:
        add_refusal(form, denied, field="scan")
        return False
    return True


@member
@require_safe
def signed_scan_page(
    request: HttpRequest, org_code: str, public_id: str, scan_public_id: str, page: int
) -> HttpResponse:
    """Show one page of a signed form, as we drew it (T-26)."""
    item = load(request, public_id)
    attached = item.signed_scans.select_related("scan").filter(public_id=scan_public_id).first()
    if attached is None:
        raise Http404
    name = _("Page %(number)s of the scan") % {"number": page}
    return page_of_scan(
        request, attached.scan, page, back_url=url_of("request", item), crumbs=crumbs_of(request, item, (name, None))
    )
