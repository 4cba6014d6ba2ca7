"""How somebody without an account comes to form 2: the head invites, or keys a signed paper (L-12, D12)."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from kunjae.access_requests import forms, operations, queries
from kunjae.access_requests.models import AccessRequest, Invitation
from kunjae.access_requests.views.answering import add_refusal, status_of
from kunjae.access_requests.views.cases import url_of
from kunjae.core.access import permitted
from kunjae.core.clock import thai_day
from kunjae.core.identifiers import is_public_id
from kunjae.core.leading_on import see_other
from kunjae.core.unacceptable import Unacceptable
from kunjae.core.verdict import Denied
from kunjae.entitlements.permissions import INVITE, KEY_REQUEST
from kunjae.entitlements.queries import groups_for_officers
from kunjae.organisations.models import Person


@permitted(INVITE)
@require_http_methods(["GET", "HEAD", "POST"])
def invite(request: HttpRequest, org_code: str) -> HttpResponse:
    """Invite somebody by name and mailbox, and list the invitations that wait."""
    now, authority = timezone.now(), request.organisation
    form = forms.Invitation(
        request.POST if request.method == "POST" else None, initial=_again(request.GET.get("again", ""), authority.pk)
    )
    here = reverse("access_requests:invite", args=[authority.code])
    if request.method == "POST" and form.is_valid():
        cleaned = form.cleaned_data
        try:
            operations.invite(
                actor=request.actor,
                authority=authority,
                title=cleaned["title"],
                given_name=cleaned["given_name"],
                family_name=cleaned["family_name"],
                email=cleaned["email"],
                public_id=cleaned["page"],
                at=now,
            )
        except Denied as denied:
            if denied.reason != "sent_already":
                add_refusal(form, denied)
        if not form.errors:
            return see_other(f"{here}?done={cleaned['page']}")
    invitations = queries.invitations_of(authority.pk, at=now)
    context = {
        "form": form,
        "invitations": [{"item": item, "is_open": item.is_open_at(now)} for item in invitations],
        "done": next((item for item in invitations if item.public_id == request.GET.get("done")), None),
        "crumbs": _crumbs(authority.code, _("Invite a new user")),
    }
    return render(request, "access_requests/invite.html", context, status=status_of(form))


def _again(public_id: str, authority_id: int) -> dict[str, str]:
    """Fill the form with an earlier invitation of this authority, to send it anew."""
    former = queries.invitation_by_public_id(public_id) if is_public_id(public_id) else None
    if former is None or former.authority_id != authority_id or former.subject_id:
        return {}
    return {name: getattr(former, name) for name in ("title", "given_name", "family_name", "email")}


@permitted(INVITE)
@require_POST
def end_invitation(request: HttpRequest, org_code: str, public_id: str) -> HttpResponse:
    """End an invitation: its link opens nothing any more."""
    try:
        operations.end_invitation(
            actor=request.actor,
            invitation_public_id=public_id,
            organisation_id=request.organisation.pk,
            at=timezone.now(),
        )
    except Invitation.DoesNotExist as missing:
        raise Http404 from missing
    return see_other(reverse("access_requests:invite", args=[request.organisation.code]))


def _crumbs(org_code: str, here: str) -> list[tuple[str, str | None]]:
    return [(_("Officers' requests"), reverse("access_requests:waiting", args=[org_code])), (here, None)]


@permitted(KEY_REQUEST)
@require_http_methods(["GET", "HEAD", "POST"])
def paper(request: HttpRequest, org_code: str) -> HttpResponse:
    """Key a signed paper form with its scan; it then waits for the opinion like any other."""
    now, authority = timezone.now(), request.organisation
    on = thai_day(now)
    persons = [person for person in queries.persons_of(authority.pk, on=on) if person.pk != request.actor.person_id]
    posted = request.method == "POST"
    form = forms.PaperForm(
        request.POST if posted else None,
        request.FILES if posted else None,
        persons=persons,
        editions=list(groups_for_officers(on)),
        today=on,
    )
    if posted and form.is_valid():
        item = _key(request, form, {person.public_id: person for person in persons})
        if item is not None:
            return see_other(f"{url_of('request', item)}?done=submitted")
    context = {"form": form, "crumbs": _crumbs(authority.code, _("Key a paper form"))}
    return render(request, "access_requests/paper.html", context, status=status_of(form))


def _key(request: HttpRequest, form: forms.PaperForm, persons: dict[str, Person]) -> AccessRequest | None:
    """Key the form; None if that was refused, and the form then says why."""
    cleaned = form.cleaned_data
    names = {name: cleaned[name] if form.is_somebody_new else "" for name in ("title", "given_name", "family_name")}
    is_new_user = form.opens_an_account
    try:
        return operations.key_from_paper(
            actor=request.actor,
            authority=request.organisation,
            applicant=persons.get(cleaned["applicant"]),
            email=cleaned["email"] if is_new_user else "",
            mobile=cleaned["mobile"] if is_new_user else "",
            content=form.content(form_date=cleaned["form_date"]),
            upload=cleaned["scan"],
            public_id=cleaned["page"],
            at=timezone.now(),
            **names,
        )
    except Denied as denied:
        if denied.reason == "sent_already":
            keyed = AccessRequest.objects.select_related("authority").filter(
                public_id=cleaned["page"], authority=request.organisation
            )
            if (standing := keyed.first()) is not None:
                return standing
        add_refusal(form, denied)
        add_refusal(form, Unacceptable("choose_the_file_again"), field="scan")
    return None
