"""The department's desk: circulars prepared, sent and followed up."""

from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from kunjae.circulars import forms, operations, policies, queries, wording
from kunjae.circulars.models import Circular
from kunjae.circulars.views import frame
from kunjae.circulars.views.frame import Crumbs
from kunjae.core import reasons
from kunjae.core.access import desk
from kunjae.core.clock import thai_day
from kunjae.core.identifiers import is_public_id
from kunjae.core.leading_on import see_other
from kunjae.core.saying_no import say_no
from kunjae.core.verdict import Denied
from kunjae.documents.showing import page_of_scan
from kunjae.organisations.models import Desk
from kunjae.organisations.queries import provinces

_DONE = ("prepared", "corrected", "sent", "referenced", "reminding")


@desk(Desk.DEPARTMENT)
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """List the circulars: drafts, then the last sent first, with how far each got."""
    page = Paginator(queries.circulars().defer("body"), frame.ROWS_PER_PAGE).get_page(frame.page_number(request))
    figures = queries.figures_of([item.pk for item in page])
    lines = [
        {"circular": item, "reference": wording.reference(item, frame.language()), "figures": figures.get(item.pk)}
        for item in page
    ]
    return render(request, "circulars/index.html", {"page": page, "lines": lines})


@desk(Desk.DEPARTMENT)
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Prepare a circular."""
    form = _form(request, None)
    if request.method == "POST" and form.is_valid():
        try:
            circular = operations.prepare(
                actor=request.actor,
                content=form.content(),
                upload=form.cleaned_data["file"],
                public_id=_page_id(form),
                at=timezone.now(),
            )
        except Denied as denied:
            say_no(form, denied)
        else:
            return see_other(f"{_url('circular', circular)}?done=prepared")
    crumbs = [*_crumbs(), (_("Prepare a circular"), None)]
    return _form_page(request, form, {"crumbs": crumbs, "is_new": True})


@desk(Desk.DEPARTMENT)
@require_http_methods(["GET", "HEAD", "POST"])
def change(request: HttpRequest, public_id: str) -> HttpResponse:
    """Change a draft; of a circular that went out only what was not known is filled in."""
    circular = _found(public_id)
    if circular.is_sent:
        return _reference(request, circular)
    form = _form(request, circular)
    if request.method == "POST" and form.is_valid():
        try:
            operations.correct(
                actor=request.actor,
                public_id=public_id,
                content=form.content(),
                upload=form.cleaned_data["file"],
                version=form.shown_version,
                at=timezone.now(),
            )
        except Denied as denied:
            say_no(form, denied)
        else:
            return see_other(f"{_url('circular', circular)}?done=corrected")
    return _form_page(request, form, {"crumbs": _crumbs(circular, _("Change")), "circular": circular})


def _reference(request: HttpRequest, circular: Circular) -> HttpResponse:
    verdict = policies.may_fill_in_reference(request.actor, circular, at=timezone.now())
    if not verdict:
        raise Http404
    form = forms.Reference(request.POST if request.method == "POST" else None, circular=circular)
    if request.method == "POST" and form.is_valid():
        try:
            operations.fill_in_reference(
                actor=request.actor,
                public_id=circular.public_id,
                number=form.cleaned_data.get("number", ""),
                dated=form.cleaned_data.get("dated"),
                at=timezone.now(),
            )
        except Denied as denied:
            say_no(form, denied)
        else:
            return see_other(f"{_url('circular', circular)}?done=referenced")
    context = {
        **frame.letter(circular),
        "form": form,
        "crumbs": _crumbs(circular, _("Fill in number and date")),
    }
    return render(request, "circulars/reference.html", context, status=422 if form.errors else 200)


@desk(Desk.DEPARTMENT)
@require_safe
def circular(request: HttpRequest, public_id: str) -> HttpResponse:
    """Show one circular: its sheet, to whom it goes, how far it is."""
    found = _found(public_id)
    done = request.GET.get("done", "")
    context = {
        **frame.letter(found),
        "facts": _facts(found),
        "figures": queries.figures(found.pk) if found.is_sent else None,
        "done": done if done in _DONE else "",
        "crumbs": _crumbs(found),
    }
    return render(request, "circulars/circular.html", context)


@desk(Desk.DEPARTMENT)
@require_http_methods(["GET", "HEAD", "POST"])
def sending(request: HttpRequest, public_id: str) -> HttpResponse:
    """Ask once more, then send."""
    found = _found(public_id)
    posted = request.method == "POST"
    form = forms.Version(request.POST if posted else None, initial={"version": found.version})
    if posted and form.is_valid():
        try:
            operations.send(
                actor=request.actor, public_id=public_id, version=form.cleaned_data["version"], at=timezone.now()
            )
        except Denied as denied:
            if denied.reason != "circular_sent":
                say_no(form, denied)
        if not form.errors:
            return see_other(f"{_url('circular', found)}?done=sent")
    elif found.is_sent:
        return see_other(_url("circular", found))
    authorities = queries.authorities_addressed(found).count()
    offices = queries.provinces_addressed(found).count()
    context = {
        **frame.letter(found),
        "form": form,
        "facts": [
            (_("Subject"), found.subject),
            (_("To whom it goes"), wording.audience_of(found)),
            (_("Authorities"), f"{authorities:,}"),
            (_("Provincial offices"), f"{offices:,}"),
        ],
        "warning": {
            "title": _("What has gone out can no longer be changed."),
            "text": _("The notices go out one after the other; the page shows how far it is. You may leave it."),
        },
        "act": _("Send"),
        "back_url": _url("circular", found),
        "crumbs": _crumbs(found, _("Send")),
    }
    return render(request, "circulars/sending.html", context, status=422 if form.errors else 200)


@desk(Desk.DEPARTMENT)
@require_safe
def page(request: HttpRequest, public_id: str, number: int) -> HttpResponse:
    """Show one page of the scan of a circular."""
    found = _found(public_id)
    if found.file is None:
        raise Http404
    return page_of_scan(request, found.file, number, back_url=_url("circular", found), crumbs=_crumbs(found))


@desk(Desk.DEPARTMENT)
@require_safe
def follow_up(request: HttpRequest, public_id: str) -> HttpResponse:
    """Show who opened, who acknowledged, and who has not yet."""
    return _follow_up(request, _sent(public_id))


@desk(Desk.DEPARTMENT)
@require_POST
def export(request: HttpRequest, public_id: str, file_format: str) -> HttpResponse:
    """Give the follow-up out as a file."""
    found = _sent(public_id)
    filters = frame.follow_up_filter(request, None)
    if not filters.is_valid():
        return _follow_up(request, found, filters=filters)
    try:
        return frame.export(request, found, file_format, filters)
    except Denied as denied:
        return _follow_up(request, found, denied=denied, filters=filters)


@desk(Desk.DEPARTMENT)
@require_POST
def remind(request: HttpRequest, public_id: str, receipt_id: str) -> HttpResponse:
    """Remind one recipient."""
    found = _sent(public_id)
    receipt = queries.receipts().filter(circular=found, public_id=receipt_id).first()
    if receipt is None:
        raise Http404
    try:
        operations.remind(actor=request.actor, receipt_public_id=receipt_id, at=timezone.now())
    except Denied as denied:
        return _follow_up(request, found, denied=denied, filters=forms.FollowUpFilter({}, provinces=provinces()))
    return see_other(f"{_url('follow_up', found)}?done={receipt.public_id}")


@desk(Desk.DEPARTMENT)
@require_http_methods(["GET", "HEAD", "POST"])
def remind_all(request: HttpRequest, public_id: str) -> HttpResponse:
    """Ask once more, then have all reminded who have not acknowledged."""
    found, now = _sent(public_id), timezone.now()
    refused = ""
    if request.method == "POST":
        try:
            operations.remind_all(actor=request.actor, public_id=public_id, at=now)
        except Denied as denied:
            refused = reasons.sentence(denied.reason, denied.facts)
        else:
            return see_other(f"{_url('circular', found)}?done=reminding")
    context = {
        **frame.letter(found),
        "refused": refused,
        "facts": [
            (_("Subject"), found.subject),
            (_("Not acknowledged"), f"{queries.figures(found.pk)['waiting']:,}"),
            (_("To be reminded now"), f"{queries.to_be_reminded(found.pk, at=now).count():,}"),
        ],
        "act": _("Remind all"),
        "back_url": _url("follow_up", found),
        "crumbs": _crumbs(found, _("Remind all")),
    }
    return render(request, "circulars/remind_all.html", context, status=422 if refused else 200)


# --- Parts ------------------------------------------------------------------------------------------------------


def _follow_up(
    request: HttpRequest,
    found: Circular,
    *,
    denied: Denied | None = None,
    filters: forms.FollowUpFilter | None = None,
) -> HttpResponse:
    done = request.GET.get("done", "")
    context = {
        "reminded": queries.receipts().filter(circular=found, public_id=done).exclude(reminded_at=None).first()
        if done
        else None,
        "xlsx_url": _url("xlsx", found),
        "csv_url": _url("csv", found),
        "here": _url("follow_up", found),
        "remind_url": "circulars:remind",
        "crumbs": _crumbs(found, _("Follow-up")),
    }
    return frame.follow_up_page(request, found, province_id=None, context=context, denied=denied, filters=filters)


def _form(request: HttpRequest, circular: Circular | None) -> forms.CircularForm:
    posted = request.method == "POST"
    return forms.CircularForm(
        request.POST if posted else None,
        request.FILES if posted else None,
        provinces=provinces(),
        today=thai_day(timezone.now()),
        circular=circular,
    )


def _form_page(request: HttpRequest, form: forms.CircularForm, context: dict[str, Any]) -> HttpResponse:
    if form.errors and form.is_bound and form.files:
        # A browser does not keep the file of a form that was refused.
        form.add_error("file", reasons.sentence("choose_the_letter_again"))
    return render(request, "circulars/write.html", {"form": form, **context}, status=422 if form.errors else 200)


def _page_id(form: forms.CircularForm) -> str:
    from_page = form.cleaned_data.get("page", "")
    return from_page if isinstance(from_page, str) and is_public_id(from_page) else ""


def _facts(found: Circular) -> list[tuple[str, Any]]:
    facts: list[tuple[str, Any]] = [
        (_("To whom it goes"), wording.audience_of(found)),
        (_("Prepared by"), found.prepared_by.full_name),
    ]
    if found.clauses:
        facts.append((_("Clauses that it concerns"), found.clauses))
    if found.due_date:
        facts.append((_("To be acknowledged by"), found.due_date))
    if found.sent_by is not None:
        facts += [(_("Sent"), found.sent_at), (_("Sent by"), found.sent_by.full_name)]
    return facts


def _found(public_id: str) -> Circular:
    found = queries.circulars().filter(public_id=public_id).first()
    if found is None:
        raise Http404
    return found


def _sent(public_id: str) -> Circular:
    found = _found(public_id)
    if not found.is_sent:
        raise Http404
    return found


def _url(name: str, circular: Circular) -> str:
    return reverse(f"circulars:{name}", args=[circular.public_id])


def _crumbs(circular: Circular | None = None, here: str = "") -> Crumbs:
    crumbs: Crumbs = [(_("Circulars"), reverse("circulars:index"))]
    if circular is not None:
        crumbs.append((wording.reference(circular, frame.language()), _url("circular", circular) if here else None))
    if here:
        crumbs.append((here, None))
    return crumbs
