"""One letter at the desk: everything that is known of it, and what may be done next, on one page."""

from datetime import datetime
from typing import Any

from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from kunjae.audit.queries import timeline
from kunjae.core import phones
from kunjae.core.clock import thai_day
from kunjae.core.verdict import Verdict
from kunjae.documents.models import StoredFile
from kunjae.entitlements.queries import grants_given_in, group_names
from kunjae.identity.queries import open_activation
from kunjae.messaging.queries import messages_of_case
from kunjae.official_letters import queries, wording
from kunjae.official_letters.candidates import candidates
from kunjae.official_letters.forms import verifying as forms
from kunjae.official_letters.models import CaseState, LetterCase, Point, ProofChannel, SignerCapacity
from kunjae.official_letters.papers import post_of
from kunjae.official_letters.policies import deciding as may_decide
from kunjae.official_letters.policies import objecting as may_object
from kunjae.official_letters.policies import receiving as may_receive
from kunjae.official_letters.policies import recipients
from kunjae.official_letters.policies import verifying as may_verify
from kunjae.organisations.models import Capacity
from kunjae.organisations.queries import contact_changes, editions_of

Facts = list[tuple[str, Any]]

_DONE = {
    "received": gettext_lazy("Received, no. %(case)s"),
    "taken": gettext_lazy("You see to this letter now"),
    "corrected": gettext_lazy("Corrected; what was verified before is open again"),
    "order": gettext_lazy("The order is attached"),
    "point": gettext_lazy("Answered"),
    "recipient": gettext_lazy("Who the recipient is, is noted"),
    "call": gettext_lazy("The call is noted"),
    "proofs": gettext_lazy("What proves the addresses is on its way"),
    "code": gettext_lazy("The code is right: the address is proven"),
    "told": gettext_lazy("That the party was told is noted"),
    "objection": gettext_lazy("The objection is taken down and acts at once"),
    "resolved": gettext_lazy("The objection is resolved"),
    "verified": gettext_lazy("Everything is verified; another person now approves"),
    "returned": gettext_lazy("Returned for correction"),
    "refused": gettext_lazy("Refused"),
    "reissued": gettext_lazy("A new activation is on its way; the earlier one opens nothing any more"),
}

_POINTS = {
    "number": gettext_lazy("Number of the letter"),
    "call": gettext_lazy("Call back to the number of record"),
    ProofChannel.EMAIL.value: gettext_lazy("The e-mail address works"),
    ProofChannel.MOBILE.value: gettext_lazy("The recipient's mobile works"),
    "notices": gettext_lazy("The parties are told, and it is known when the hold ends"),
}

#: Where on the page the act stands that meets a point.
_ANCHORS = {
    Point.PERSON.value: "recipient",
    "call": "call",
    ProofChannel.EMAIL.value: "proofs",
    ProofChannel.MOBILE.value: "proofs",
    "notices": "notices",
}


def language() -> str:
    """Name the reader's language."""
    return get_language() or "th"


def load(public_id: str) -> LetterCase:
    """
    Load the letter in the path for whoever sits at the department's desk.

    :raises Http404: if there is none
    """
    case = queries.case_by_public_id(public_id)
    if case is None:
        raise Http404
    return case


def url_of(name: str, case: LetterCase, *more: object) -> str:
    """Give the address of a page or an act of a letter."""
    return reverse(f"official_letters:{name}", args=[case.public_id, *more])


def crumbs_of(case: LetterCase, *more: tuple[str, str | None]) -> list[tuple[str, str | None]]:
    """Give the way to a letter."""
    name = _("Case no. %(case)s") % {"case": case.case}
    return [
        (_("Letters of form 1"), reverse("official_letters:letters")),
        (name, url_of("case", case) if more else None),
        *more,
    ]


def case_page(
    request: HttpRequest,
    case: LetterCase,
    *,
    at: datetime,
    typed: dict[str, Form] | None = None,
    refused: str = "",
) -> HttpResponse:
    """Show one letter; `typed` are forms that were refused, by the name under which the page shows them."""
    typed = typed or {}
    objections = _objections(request, case, at=at, typed=typed)
    context = {
        "case": case,
        "standing": wording.standing_of(case),
        "term": wording.term_of(case, at=at),
        "reasons": wording.reasons_of(case),
        "done": _done(request, case),
        "refused": refused,
        "may": verdicts(request, case, at=at),
        "letter": letter_facts(case),
        "about": _about(case),
        "pages": _pages(case.scan),
        "order_pages": _pages(case.order_scan) if case.order_scan else [],
        "as_prepared": queries.is_as_prepared(case),
        "look_back": _look_back(case),
        "names_since": _names_since(case),
        "items": checked(request, case, at=at, typed=typed),
        "proofs": _proofs(request, case, at=at, typed=typed),
        "mobile_is_shared": queries.mobile_is_shared(case),
        "notices": _notices(request, case, at=at, typed=typed),
        "hold_ends_at": queries.hold_ends_at(case),
        "hold_is_over": queries.hold_is_over(case, at=at),
        "calls": case.calls.select_related("called_by").order_by("called_at", "pk"),
        "contact_changed": _recent_contact_change(case),
        "objections": objections,
        "objection_is_open": any(row["objection"].resolved_at is None for row in objections),
        "under_keys": _under_keys(case, at=at),
        "call_form": typed.get("call") or forms.Call(initial={"version": case.version}, auto_id="id_call_%s"),
        "recipient_form": typed.get("recipient") or recipient_form(case, at=at),
        "taken_down": typed.get("objection") or forms.TakenDown(auto_id="id_objection_%s"),
        "timeline": wording.timeline_of(case, timeline(case.authority_id, case.case), language=language()),
        "messages": messages_of_case(case.authority_id, case.case),
        "activation": activation_facts(case, at=at),
        "forms": list(typed.values()),
        "crumbs": crumbs_of(case),
    }
    status = 422 if refused or any(form.errors for form in typed.values()) else 200
    return render(request, "official_letters/desk/case.html", context, status=status)


def verdicts(request: HttpRequest, case: LetterCase, *, at: datetime) -> dict[str, Verdict]:
    """Ask the policies once for every act on the page."""
    actor = request.actor
    return {
        "correct": may_receive.may_correct(actor, case, at=at),
        "send_proofs": may_receive.may_send_proofs(actor, case, at=at),
        "verify": may_verify.may_verify(actor, case, at=at),
        "complete": may_verify.may_complete(actor, case, at=at),
        "approve": may_decide.may_approve(actor, case, at=at),
        "send_back": may_decide.may_send_back(actor, case, at=at),
        "take_down": may_object.may_take_down(actor, case, at=at),
        "reissue": may_decide.may_reissue(actor, case, at=at),
        "print_slip": may_decide.may_print_head_slip(actor, case, at=at),
    }


def _done(request: HttpRequest, case: LetterCase) -> str:
    """Say what the reader has just done, as the address tells."""
    sentence = _DONE.get(request.GET.get("done", "")) if request.method != "POST" else None
    return str(sentence) % {"case": case.case} if sentence else ""


# --- The letter -------------------------------------------------------------------------------------------------


def letter_facts(case: LetterCase) -> list[tuple[str, Facts]]:
    """List what the letter says, line by line, under the headings of the form."""
    return [
        (
            _("Numbers and days"),
            [
                (_("Letter no."), case.letter_number),
                (_("Day of the letter"), case.letter_date),
                (_("Received no."), case.received_number),
                (_("Day of receipt"), case.received_date),
                (_("How it came"), case.get_way_in_display()),
            ],
        ),
        (
            _("What is asked"),
            [
                (_("Reasons"), wording.reasons_of(case) or "–"),
                (_("Recipient of the keys"), f"{case.recipient_name} {post_of(case)}"),
                (_("E-mail address"), case.email or "–"),
                (_("Mobile of the recipient"), _phone(case.mobile)),
                *_order(case),
            ],
        ),
        (
            _("Whom to ask, and who signed"),
            [
                (_("Contact"), f"{case.contact_name or '–'} {_phone(case.contact_mobile)}"),
                (_("Signed by"), f"{case.signer_name or '–'} {case.signer_position_th}"),
                (_("Signs as"), SignerCapacity(case.signer_capacity).label if case.signer_capacity else "–"),
                *([(_("Ground"), case.signer_basis)] if case.signer_basis else []),
                (_("Foot of the letter"), _foot(case)),
            ],
        ),
    ]


def _order(case: LetterCase) -> Facts:
    if not case.order_number:
        return [(_("Order"), _("not told"))] if case.needs_order else []
    facts: Facts = [(_("Order no."), case.order_number)]
    if case.order_date:
        facts.append((_("Day of the order"), case.order_date))
    if case.order_from_date:
        facts.append((_("In force from"), case.order_from_date))
    if case.order_until_date:
        facts.append((_("In force until"), case.order_until_date))
    if case.capacity != Capacity.SUBSTANTIVE:
        facts.append((_("In what right"), case.get_capacity_display()))
    return facts


def _foot(case: LetterCase) -> str:
    parts = [case.office_name, _phone(case.office_phone) if case.office_phone else ""]
    return " ".join(part for part in parts if part) or "–"


def _phone(number: str) -> str:
    return phones.display(number, language()) if number else "–"


def _about(case: LetterCase) -> Facts:
    owner = case.owner.full_name if case.owner else _("nobody yet")
    facts: Facts = [(_("Received by"), f"{case.received_by.full_name}"), (_("Seen to by"), owner)]
    if case.complete_at:
        facts.append((_("Complete since"), case.complete_at))
    if case.verified_by:
        facts.append((_("Verified by"), case.verified_by.full_name))
    if case.decided_by:
        facts.append((_("Decided by"), case.decided_by.full_name))
        facts.append((_("Decided"), case.decided_at))
    if case.decision_note:
        facts.append((_("Because"), case.decision_note))
    return facts


def _pages(scan: StoredFile) -> list[int]:
    return list(range(1, scan.pages_count + 1))


def _look_back(case: LetterCase) -> list[Any]:
    """Sign-ins to the head's account before the receipt, of a letter that tells of danger (A1-07)."""
    return queries.look_back(case) if case.tells_of_danger else []


def _names_since(case: LetterCase) -> list[Any]:
    """Editions of the authority's name that began since the letter was written."""
    return [
        one for one in editions_of(case.authority_id) if one.from_date > case.letter_date and one.until_date is None
    ]


def _recent_contact_change(case: LetterCase) -> Any:
    """The last change of the addresses of record, if it was made since the letter was written or shortly before."""
    last = contact_changes(case.authority).exclude(confirmed_at=None).first()
    if last is None or (case.received_date - thai_day(last.confirmed_at)).days > _CONTACT_IS_YOUNG_DAYS:
        return None
    return last


_CONTACT_IS_YOUNG_DAYS = 60


# --- The checklist and what meets it ----------------------------------------------------------------------------


def checked(
    request: HttpRequest, case: LetterCase, *, at: datetime, typed: dict[str, Form] | None = None
) -> list[dict[str, Any]]:
    """List the points of the checklist, each with its title and the act that meets it."""
    typed = typed or {}
    labels = {point.value: point.label for point in Point}
    rows = []
    for item in may_verify.checklist(case, at):
        is_answered = item.point in {point.value for point in forms.ANSWERS}
        form = None
        if is_answered and not item.is_met:
            form = typed.get(f"point_{item.point}") or forms.PointAnswer(
                initial={"version": case.version, "point": item.point}, auto_id=f"id_{item.point}_%s"
            )
        rows.append(
            {
                "item": item,
                "title": labels.get(item.point) or _POINTS[item.point],
                "form": form,
                "answer": forms.ANSWERS.get(Point(item.point)) if is_answered else "",
                "anchor": _ANCHORS.get(item.point, ""),
            }
        )
    return rows


def recipient_form(case: LetterCase, data: Any = None, *, at: datetime) -> forms.Recipient:
    """Ask who the recipient is, among the persons on record under the name and somebody new."""
    found = candidates(case, on=thai_day(at))
    initial: dict[str, Any] = {"version": case.version}
    if case.recipient is not None:
        initial["person"] = case.recipient.public_id
    elif case.recipient_is_new:
        initial["person"] = forms.NEW
    return forms.Recipient(
        data,
        initial=initial,
        auto_id="id_recipient_%s",
        persons=[(one.person, one.where) for one in found],
        has_namesake=not recipients.is_nobody_known(case),
    )


def _proofs(request: HttpRequest, case: LetterCase, *, at: datetime, typed: dict[str, Form]) -> list[dict[str, Any]]:
    known = queries.proofs_of(case)
    return [
        {
            "channel": channel,
            "label": channel.label,
            "address": case.email if channel == ProofChannel.EMAIL else _phone(case.mobile),
            "proof": known.get(channel),
            "form": typed.get(f"code_{channel}") or forms.ToldCode(initial={"channel": channel}, prefix=channel.value),
        }
        for channel in ProofChannel
    ]


def _notices(request: HttpRequest, case: LetterCase, *, at: datetime, typed: dict[str, Form]) -> list[dict[str, Any]]:
    return [
        {
            "notice": notice,
            "told_at": queries.told_at(notice),
            "may_tell": may_object.may_note_told(request.actor, notice, at=at),
            "form": typed.get(f"told_{notice.pk}") or forms.ToldNotice(prefix=f"told{notice.pk}"),
        }
        for notice in queries.notices_of(case)
    ]


def _objections(
    request: HttpRequest, case: LetterCase, *, at: datetime, typed: dict[str, Form]
) -> list[dict[str, Any]]:
    return [
        {
            "objection": objection,
            "may_resolve": may_object.may_resolve(request.actor, objection, at=at),
            "form": typed.get(f"resolution_{objection.pk}") or forms.Resolution(prefix=f"objection{objection.pk}"),
        }
        for objection in queries.objections_of(case)
    ]


def _under_keys(case: LetterCase, *, at: datetime) -> dict[str, Any] | None:
    """What was done with keys that somebody objected to: for who resolves that, and for the next head."""
    if case.state != CaseState.ISSUED or case.tenure is None or not queries.objections_of(case):
        return None
    names = group_names(thai_day(at), language())
    given = grants_given_in(case.tenure).select_related("person", "subject", "group").order_by("granted_at", "pk")
    return {
        "grants": [(one, names.get(one.group.code, one.group.code)) for one in given[:_SHOWN_MAX]],
        "accounts": queries.accounts_opened_under(case).order_by("opened_at", "pk")[:_SHOWN_MAX],
    }


_SHOWN_MAX = 200


def activation_facts(case: LetterCase, *, at: datetime) -> Facts:
    """Say how far the keys of an issued letter have got."""
    if case.state != CaseState.ISSUED or case.subject is None:
        return []
    facts: Facts = [(_("User id"), case.subject.username), (_("Account"), case.subject.get_state_display())]
    activation = open_activation(case.subject.pk)
    if activation is None or activation.case != case.case:
        facts.append((_("Activation"), _("none is open")))
        return facts
    second = _("code on a slip") if activation.second_way == "slip" else _("code by SMS")
    facts.append((_("Second secret"), second))
    facts.append((_("Activation ends"), activation.expires_at))
    if activation.expires_at <= at:
        facts.append((_("Activation"), _("its time is over")))
    return facts
