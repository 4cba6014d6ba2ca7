"""A letter comes in: its scan first, then what stands in it, keyed beside its picture (L-11)."""

from datetime import date, datetime
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from kunjae.core import reasons
from kunjae.core.access import desk
from kunjae.core.clock import thai_day
from kunjae.core.leading_on import see_other
from kunjae.core.verdict import Denied
from kunjae.documents import queries as documents
from kunjae.documents import storage
from kunjae.official_letters import queries
from kunjae.official_letters.content import content_of
from kunjae.official_letters.forms import keying
from kunjae.official_letters.models import LetterCase, LetterIntake, WayIn
from kunjae.official_letters.operations import intake as intakes
from kunjae.official_letters.views.answering import add_refusal, status_of
from kunjae.official_letters.warning_signs import Sign, signs
from kunjae.organisations.models import Desk

_PICTURE_HEADERS = {"Cache-Control": "no-store", "Content-Security-Policy": "default-src 'none'; sandbox"}
#: The field that a refusal speaks of.
_FIELD_OF = {
    "letter_date_in_future": "letter_date",
    "letter_is_at_work": "authority",
    "letter_number_is_used": "letter_number",
    "letter_number_missing": "letter_number",
    "letter_of_your_own": "authority",
    "letter_recipient_is_signer": "signer_given_name",
    "letter_signer_is_head": "signer_given_name",
    "authority_is_closed": "authority",
    "received_before_written": "received_date",
    "received_date_in_future": "received_date",
    "received_number_is_used": "received_number",
    "received_number_missing": "received_number",
}


@desk(Desk.DEPARTMENT)
@require_http_methods(["GET", "HEAD", "POST"])
def begin(request: HttpRequest) -> HttpResponse:
    """Take the scan of a letter; list those that are being keyed."""
    posted = request.method == "POST"
    form = keying.LetterScan(request.POST if posted else None, request.FILES if posted else None)
    if posted and form.is_valid():
        intake = intakes.begin_intake(actor=request.actor, upload=form.cleaned_data["scan"], at=timezone.now())
        return see_other(_url("key", intake))
    context = {
        "form": form,
        "being_keyed": LetterIntake.objects.select_related("begun_by").order_by("begun_at", "pk"),
        "crumbs": [(_("Letters of form 1"), reverse("official_letters:letters")), (_("Receive a letter"), None)],
    }
    return render(request, "official_letters/desk/intake.html", context, status=status_of(form))


@desk(Desk.DEPARTMENT)
@require_http_methods(["GET", "HEAD", "POST"])
def key(request: HttpRequest, public_id: str) -> HttpResponse:
    """Key a letter beside the picture of its scan; what was typed is kept whatever happens."""
    intake = LetterIntake.objects.select_related("begun_by").filter(public_id=public_id).first()
    if intake is None:
        return _as_case(public_id)
    now = timezone.now()
    today = thai_day(now)
    if request.method != "POST":
        form = keying.KeyedLetter(_as_left(intake, today), today=today).without_complaints()
        return _page(request, intake, form)
    form = keying.KeyedLetter(request.POST, today=today)
    typed = _typed(request)
    if "fill" in request.POST:
        return _fill(request, intake, form, typed)
    if "order" in request.FILES or "add_order" in request.POST:
        order = _add_order(request, intake)
        if order.errors or "add_order" in request.POST:
            intakes.keep_typed(actor=request.actor, public_id=public_id, typed=typed, at=now)
            if not order.errors:
                return see_other(f"{_url('key', intake)}#order")
            return _page(request, intake, form.without_complaints(), order=order, status=422)
    if not form.is_valid():
        intakes.keep_typed(actor=request.actor, public_id=public_id, typed=typed, at=now)
        return _page(request, intake, form)
    warnings = signs(
        form.found,
        form.content(),
        letter_date=form.cleaned_data["letter_date"],
        at=now,
        language=get_language() or "th",
    )
    if {sign.reason for sign in warnings} - set(request.POST.getlist("warned")):
        intakes.keep_typed(actor=request.actor, public_id=public_id, typed=typed, at=now)
        return _page(request, intake, form, warnings=warnings, status=422)
    return _receive(request, intake, form, typed, at=now)


def _receive(
    request: HttpRequest, intake: LetterIntake, form: keying.KeyedLetter, typed: dict[str, list[str]], *, at: datetime
) -> HttpResponse:
    cleaned = form.cleaned_data
    try:
        case = intakes.receive_keyed(
            actor=request.actor,
            public_id=intake.public_id,
            authority=form.found,
            content=form.content(),
            way_in=WayIn(cleaned["way_in"]),
            letter_number=cleaned["letter_number"],
            letter_date=cleaned["letter_date"],
            received_number=cleaned["received_number"],
            received_date=cleaned["received_date"],
            at=at,
        )
    except Denied as denied:
        if denied.reason == "sent_already":
            return _as_case(intake.public_id)
        intakes.keep_typed(actor=request.actor, public_id=intake.public_id, typed=typed, at=at)
        add_refusal(form, denied, field=_FIELD_OF.get(denied.reason))
        return _page(request, intake, form)
    return see_other(f"{reverse('official_letters:case', args=[case.public_id])}?done=received")


def _as_case(public_id: str) -> HttpResponse:
    """Lead on to the case that an intake became; the same page sent twice is one case."""
    if LetterCase.objects.filter(public_id=public_id).exists():
        return see_other(reverse("official_letters:case", args=[public_id]))
    raise Http404


# --- What fills the form ----------------------------------------------------------------------------------------


def _typed(request: HttpRequest) -> dict[str, list[str]]:
    return {
        name: request.POST.getlist(name)
        for name in request.POST
        if name not in ("csrfmiddlewaretoken", "fill", "add_order", "warned", "code")
    }


def _as_left(intake: LetterIntake, today: date) -> QueryDict:
    """Give what was typed; before anything was, what the QR of the scan leads to."""
    if intake.typed:
        return keying.as_query(intake.typed)
    prepared = _prepared(intake.draft_code) if intake.draft_code else {}
    blank = keying.KeyedLetter(today=today)
    return keying.as_query(keying.as_posted(blank, {"way_in": WayIn.PAPER.value, "received_date": today, **prepared}))


def _prepared(code: str) -> dict[str, Any]:
    """Read what was prepared under a code; of a letter whose draft is gone, the authority only."""
    if (draft := queries.draft_by_code(code)) is not None:
        return {"authority": draft.authority.code, **keying.KeyedLetter.initial_of(content_of(draft))}
    document = documents.document_by_code(code)
    return {"authority": document.organisation.code} if document is not None else {}


def _fill(
    request: HttpRequest, intake: LetterIntake, form: keying.KeyedLetter, typed: dict[str, list[str]]
) -> HttpResponse:
    """Fill the form from the code that was typed; numbers and days of the letter stay as they were typed."""
    asked = keying.PreparedCode(request.POST)
    prepared = _prepared(asked.cleaned_data["code"]) if asked.is_valid() else {}
    if not prepared:
        intakes.keep_typed(actor=request.actor, public_id=intake.public_id, typed=typed, at=timezone.now())
        if asked.is_valid():
            asked.add_error("code", reasons.sentence("letter_draft_is_gone"))
        return _page(request, intake, form.without_complaints(), asked=asked, status=422)
    heads = tuple(field.name for field in form.head)
    kept = {name: values for name, values in typed.items() if name.startswith(heads)}
    intakes.note_code(
        actor=request.actor,
        public_id=intake.public_id,
        code=asked.cleaned_data["code"],
        typed=kept | keying.as_posted(form, prepared),
        at=timezone.now(),
    )
    return see_other(_url("key", intake))


def _add_order(request: HttpRequest, intake: LetterIntake) -> keying.OrderScan:
    """Lay the order beside the letter, if it can be taken."""
    order = keying.OrderScan(request.POST, request.FILES)
    if order.is_valid():
        intakes.add_order_scan(
            actor=request.actor, public_id=intake.public_id, upload=order.cleaned_data["order"], at=timezone.now()
        )
    return order


# --- Pages ------------------------------------------------------------------------------------------------------


def _page(
    request: HttpRequest,
    intake: LetterIntake,
    form: keying.KeyedLetter,
    *,
    asked: keying.PreparedCode | None = None,
    order: keying.OrderScan | None = None,
    warnings: list[Sign] | None = None,
    status: int = 0,
) -> HttpResponse:
    context = {
        "intake": intake,
        "form": form,
        "asked": asked or keying.PreparedCode(initial={"code": intake.draft_code}),
        "order": order or keying.OrderScan(),
        "warnings": warnings or [],
        "scan_says": reasons.sentence(intake.scan_says) if intake.scan_says else "",
        "is_filled": bool(intake.draft_code),
        "scan_pages": range(1, intake.scan_pages_count + 1),
        "order_pages": range(1, intake.order_pages_count + 1),
        "forms": [each for each in (form, asked, order) if each is not None],
        "crumbs": [
            (_("Letters of form 1"), reverse("official_letters:letters")),
            (_("Receive a letter"), reverse("official_letters:intake")),
            (_("Key the letter"), None),
        ],
    }
    return render(request, "official_letters/desk/key.html", context, status=status or status_of(form))


@desk(Desk.DEPARTMENT)
@require_safe
def picture(request: HttpRequest, public_id: str, of: str, page: int) -> HttpResponse:
    """Show one page of a scan that is being keyed, as we drew it; the file itself is never sent (T-26)."""
    intake = LetterIntake.objects.filter(public_id=public_id).first()
    name = {"letter": "scan_id", "order": "order_id"}.get(of)
    if intake is None or name is None or not getattr(intake, name):
        raise Http404
    try:
        drawn = storage.page_picture(getattr(intake, name), page)
    except FileNotFoundError as missing:
        raise Http404 from missing
    return HttpResponse(drawn, content_type="image/png", headers=_PICTURE_HEADERS)


@desk(Desk.DEPARTMENT)
@require_POST
def discard(request: HttpRequest, public_id: str) -> HttpResponse:
    """Take a scan away that is not to become a case."""
    try:
        intakes.discard_intake(actor=request.actor, public_id=public_id, at=timezone.now())
    except LetterIntake.DoesNotExist as missing:
        raise Http404 from missing
    return see_other(reverse("official_letters:intake"))


def _url(name: str, intake: LetterIntake) -> str:
    return reverse(f"official_letters:{name}", args=[intake.public_id])
