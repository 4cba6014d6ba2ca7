"""The acts on one letter at the desk, each by its own address; a refused one shows the page again with the reason."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from kunjae.core import reasons
from kunjae.core.access import desk
from kunjae.core.clock import thai_day
from kunjae.core.leading_on import see_other
from kunjae.core.unacceptable import Unacceptable
from kunjae.core.verdict import Denied
from kunjae.documents.showing import page_of_scan
from kunjae.documents.storage import laid_down
from kunjae.official_letters.content import content_of
from kunjae.official_letters.forms import keying
from kunjae.official_letters.forms import verifying as forms
from kunjae.official_letters.models import CallBackOutcome, LetterCase, Notice, Objection, Point, ProofChannel
from kunjae.official_letters.operations import noticing, objecting, proving, receiving, verifying
from kunjae.official_letters.policies.receiving import may_correct
from kunjae.official_letters.views.answering import add_refusal, status_of
from kunjae.official_letters.views.case_page import case_page, crumbs_of, load, recipient_form, url_of
from kunjae.organisations.models import Desk, Person

#: Refusals that speak of one field of the form that was sent.
_FIELD_OF = {
    "call_says_too_little": "said_words",
    "letter_recipient_is_known": "person",
    "letter_recipient_is_executive": "person",
    "letter_recipient_is_signer": "person",
    "letter_recipient_other_name": "person",
    "letter_email_is_anothers": "person",
    "objector_missing": "name",
    "point_needs_a_note": "note",
    "proof_code_wrong": "code",
    "proof_ended": "code",
    "resolution_missing": "resolution",
    "told_how_missing": "how",
}
#: Refusals of a correction that speak of a number or a day.
_NUMBER_OF = {
    "letter_date_in_future": "letter_date",
    "letter_number_is_used": "letter_number",
    "letter_number_missing": "letter_number",
    "received_before_written": "received_date",
    "received_date_in_future": "received_date",
    "received_number_is_used": "received_number",
    "received_number_missing": "received_number",
}


@desk(Desk.DEPARTMENT)
@require_safe
def case(request: HttpRequest, public_id: str) -> HttpResponse:
    """Show one letter."""
    return case_page(request, load(public_id), at=timezone.now())


def _act(
    request: HttpRequest,
    found: LetterCase,
    done: str,
    act: Callable[[datetime], Any],
    *,
    form: Form | None = None,
    name: str = "",
) -> HttpResponse:
    """Do one act and lead back to the page; if it is refused, show the page with the reason and what was typed."""
    now = timezone.now()
    try:
        act(now)
    except (Denied, Unacceptable) as refused:
        field = _FIELD_OF.get(refused.reason)
        if form is not None and field in form.fields:
            add_refusal(form, refused, field=field)
            return case_page(request, load(found.public_id), at=now, typed={name: form})
        typed = {name: form} if form is not None else {}
        sentence = reasons.sentence(refused.reason, refused.facts)
        return case_page(request, load(found.public_id), at=now, typed=typed, refused=sentence)
    return see_other(f"{url_of('case', found)}?done={done}")


def _again(request: HttpRequest, found: LetterCase, name: str, form: Form) -> HttpResponse:
    return case_page(request, found, at=timezone.now(), typed={name: form})


@desk(Desk.DEPARTMENT)
@require_POST
def taking(request: HttpRequest, public_id: str) -> HttpResponse:
    """See to a letter from now on."""
    found = load(public_id)
    return _act(request, found, "taken", lambda now: receiving.take(actor=request.actor, public_id=public_id, at=now))


# --- The checklist ----------------------------------------------------------------------------------------------


@desk(Desk.DEPARTMENT)
@require_POST
def point(request: HttpRequest, public_id: str) -> HttpResponse:
    """Answer for one point of the checklist."""
    found = load(public_id)
    wanted = request.POST.get("point", "")
    form = forms.PointAnswer(request.POST, auto_id=f"id_{wanted}_%s")
    name = f"point_{wanted}"
    if not form.is_valid():
        return _again(request, found, name, form)
    cleaned = form.cleaned_data

    def act(now: datetime) -> None:
        verifying.note_point(
            actor=request.actor,
            public_id=public_id,
            version=cleaned["version"],
            point=Point(cleaned["point"]),
            note=cleaned["note"],
            at=now,
        )

    return _act(request, found, "point", act, form=form, name=name)


@desk(Desk.DEPARTMENT)
@require_POST
def recipient(request: HttpRequest, public_id: str) -> HttpResponse:
    """Say who the recipient is."""
    found = load(public_id)
    form = recipient_form(found, request.POST, at=timezone.now())
    if not form.is_valid():
        return _again(request, found, "recipient", form)
    chosen = form.cleaned_data["person"]
    is_new = chosen in (forms.NEW, forms.NAMESAKE)
    person = None if is_new else Person.objects.get(public_id=chosen)

    def act(now: datetime) -> None:
        verifying.choose_recipient(
            actor=request.actor,
            public_id=public_id,
            version=form.cleaned_data["version"],
            person_id=person.pk if person else None,
            is_namesake=chosen == forms.NAMESAKE,
            at=now,
        )

    return _act(request, found, "recipient", act, form=form, name="recipient")


@desk(Desk.DEPARTMENT)
@require_POST
def call(request: HttpRequest, public_id: str) -> HttpResponse:
    """Note what the call to the number of record brought."""
    found = load(public_id)
    form = forms.Call(request.POST, auto_id="id_call_%s")
    if not form.is_valid():
        return _again(request, found, "call", form)
    cleaned = form.cleaned_data

    def act(now: datetime) -> None:
        verifying.note_call(
            actor=request.actor,
            public_id=public_id,
            version=cleaned["version"],
            outcome=CallBackOutcome(cleaned["outcome"]),
            spoke_with=cleaned["spoke_with"],
            said=cleaned["said_words"],
            at=now,
        )

    return _act(request, found, "call", act, form=form, name="call")


@desk(Desk.DEPARTMENT)
@require_POST
def verification(request: HttpRequest, public_id: str) -> HttpResponse:
    """Say that everything is verified."""
    found = load(public_id)
    version = keying.Correction.base_fields["version"].clean(request.POST.get("version"))
    return _act(
        request,
        found,
        "verified",
        lambda now: verifying.complete_verification(actor=request.actor, public_id=public_id, version=version, at=now),
    )


# --- Proofs and notices -----------------------------------------------------------------------------------------


@desk(Desk.DEPARTMENT)
@require_POST
def proofs(request: HttpRequest, public_id: str) -> HttpResponse:
    """Send what proves the addresses."""
    found = load(public_id)
    return _act(
        request, found, "proofs", lambda now: proving.send_proofs(actor=request.actor, public_id=public_id, at=now)
    )


@desk(Desk.DEPARTMENT)
@require_POST
def told_code(request: HttpRequest, public_id: str, channel: str) -> HttpResponse:
    """Take a code that the recipient told on the telephone."""
    found = load(public_id)
    if channel not in ProofChannel.values:
        raise Http404
    form = forms.ToldCode(request.POST, prefix=channel)
    if not form.is_valid():
        return _again(request, found, f"code_{channel}", form)
    return _act(
        request,
        found,
        "code",
        lambda now: proving.note_told_code(
            actor=request.actor,
            public_id=public_id,
            channel=ProofChannel(channel),
            code=form.cleaned_data["code"],
            at=now,
        ),
        form=form,
        name=f"code_{channel}",
    )


@desk(Desk.DEPARTMENT)
@require_POST
def told(request: HttpRequest, public_id: str, notice_id: int) -> HttpResponse:
    """Note that a party was told otherwise."""
    found = load(public_id)
    if not Notice.objects.filter(pk=notice_id, case=found).exists():
        raise Http404
    form = forms.ToldNotice(request.POST, prefix=f"told{notice_id}")
    if not form.is_valid():
        return _again(request, found, f"told_{notice_id}", form)
    return _act(
        request,
        found,
        "told",
        lambda now: noticing.note_told(actor=request.actor, notice_id=notice_id, how=form.cleaned_data["how"], at=now),
        form=form,
        name=f"told_{notice_id}",
    )


# --- Objections -------------------------------------------------------------------------------------------------


@desk(Desk.DEPARTMENT)
@require_POST
def objection(request: HttpRequest, public_id: str) -> HttpResponse:
    """Take an objection down that somebody made to the desk."""
    found = load(public_id)
    form = forms.TakenDown(request.POST, auto_id="id_objection_%s")
    if not form.is_valid():
        return _again(request, found, "objection", form)
    cleaned = form.cleaned_data
    return _act(
        request,
        found,
        "objection",
        lambda now: objecting.object_by_desk(
            actor=request.actor, public_id=public_id, name=cleaned["name"], text=cleaned["text"], at=now
        ),
        form=form,
        name="objection",
    )


@desk(Desk.DEPARTMENT)
@require_POST
def resolution(request: HttpRequest, public_id: str, objection_id: int) -> HttpResponse:
    """Resolve an objection, with the reason in writing."""
    found = load(public_id)
    if not Objection.objects.filter(pk=objection_id, case=found).exists():
        raise Http404
    form = forms.Resolution(request.POST, prefix=f"objection{objection_id}")
    name = f"resolution_{objection_id}"
    if not form.is_valid():
        return _again(request, found, name, form)
    cleaned = form.cleaned_data
    return _act(
        request,
        found,
        "resolved",
        lambda now: objecting.resolve(
            actor=request.actor,
            objection_id=objection_id,
            upheld=cleaned["outcome"] == "upheld",
            resolution=cleaned["resolution"],
            at=now,
        ),
        form=form,
        name=name,
    )


# --- What was keyed, and the scans ------------------------------------------------------------------------------


@desk(Desk.DEPARTMENT)
@require_http_methods(["GET", "HEAD", "POST"])
def correction(request: HttpRequest, public_id: str) -> HttpResponse:
    """Correct what was keyed, beside the scan."""
    found, now = load(public_id), timezone.now()
    posted = request.method == "POST"
    initial = {
        "version": found.version,
        **{name: getattr(found, name) for name in keying.Correction.heads},
        **keying.Correction.initial_of(content_of(found)),
    }
    form = keying.Correction(request.POST if posted else None, initial=initial, today=thai_day(now))
    if posted and form.is_valid():
        try:
            receiving.correct(
                actor=request.actor,
                public_id=public_id,
                content=form.content(),
                version=form.cleaned_data["version"],
                numbers=receiving.Numbers(**{name: form.cleaned_data[name] for name in form.heads}),
                at=now,
            )
        except Denied as denied:
            add_refusal(form, denied, field=_NUMBER_OF.get(denied.reason))
        else:
            return see_other(f"{url_of('case', found)}?done=corrected")
    context = {
        "case": found,
        "form": form,
        "may_correct": may_correct(request.actor, found, at=now),
        "pages": range(1, found.scan.pages_count + 1),
        "crumbs": crumbs_of(found, (_("Correct what was keyed"), None)),
    }
    return render(request, "official_letters/desk/correction.html", context, status=status_of(form))


@desk(Desk.DEPARTMENT)
@require_http_methods(["GET", "HEAD", "POST"])
def order(request: HttpRequest, public_id: str) -> HttpResponse:
    """Attach the order that appoints the recipient."""
    found, now = load(public_id), timezone.now()
    posted = request.method == "POST"
    form = keying.OrderScan(request.POST if posted else None, request.FILES if posted else None)
    if posted and form.is_valid():
        try:
            with laid_down(form.cleaned_data["order"]) as scan:
                receiving.attach_order(actor=request.actor, public_id=public_id, scan=scan, at=now)
        except Denied as denied:
            add_refusal(form, denied)
        else:
            return see_other(f"{url_of('case', found)}?done=order")
    context = {
        "case": found,
        "form": form,
        "may_correct": may_correct(request.actor, found, at=now),
        "crumbs": crumbs_of(found, (_("Attach the order"), None)),
    }
    return render(request, "official_letters/desk/order.html", context, status=status_of(form))


@desk(Desk.DEPARTMENT)
@require_safe
def scan(request: HttpRequest, public_id: str, of: str, page: int) -> HttpResponse:
    """Show one page of the letter or of its order, as we drew it; the file itself is never sent (T-26)."""
    found = load(public_id)
    kept = {"letter": found.scan, "order": found.order_scan}.get(of)
    if kept is None:
        raise Http404
    name = _("Page %(number)s of the scan") % {"number": page}
    return page_of_scan(request, kept, page, back_url=url_of("case", found), crumbs=crumbs_of(found, (name, None)))
