"""The checklist that cannot be skipped, and who may answer its points (A1-12 … A1-19, T-01)."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from kunjae.core.actor import Actor
from kunjae.core.clock import short_datetime
from kunjae.core.verdict import ALLOWED, Verdict
from kunjae.official_letters import queries
from kunjae.official_letters.models import (
    CallBack,
    CallBackOutcome,
    CaseState,
    ContactProof,
    LetterCase,
    Point,
    ProofChannel,
    VerifiedPoint,
)
from kunjae.official_letters.policies.desk import at_department_desk
from kunjae.official_letters.policies.recipients import concerns, may_be_recipient

NUMBER, CALL, NOTICES = "number", "call", "notices"
"""The points that the system finds out by itself, beside those of `ProofChannel`."""

_NOT_BEING_VERIFIED = {
    CaseState.VERIFIED: "letter_is_verified",
    CaseState.FROZEN: "letter_is_frozen",
    CaseState.ISSUED: "letter_already_decided",
    CaseState.RETURNED: "letter_already_decided",
    CaseState.REFUSED: "letter_already_decided",
}


@dataclass(frozen=True, slots=True)
class Item:
    """
    One point of the checklist of a case, about its present version.

    `point` is a value of `Point` or `ProofChannel`, or one of `number`, `call`, `notices`; `reason` is
    why it is not met; `sentence` says in the reader's language what was found, or what to do next.
    """

    point: str
    sentence: str
    reason: str = ""

    @property
    def is_met(self) -> bool:
        """Tell whether nothing is missing here."""
        return not self.reason


def may_verify(actor: Actor, case: LetterCase, *, at: datetime) -> Verdict:
    """Test if the actor may answer points of a case: at the desk, the case received, and he no party to it."""
    if not (verdict := at_department_desk(actor, at=at)):
        return verdict
    if reason := _NOT_BEING_VERIFIED.get(CaseState(case.state)):
        return Verdict(reason, {"organisation_id": case.authority_id, "case": case.case})
    return concerns(actor, case)


def is_as_read(case: LetterCase, version: int) -> Verdict:
    """Test that a case is still the one that was shown."""
    if version == case.version:
        return ALLOWED
    return Verdict("letter_changed", {"organisation_id": case.authority_id, "case": case.case})


def may_complete(actor: Actor, case: LetterCase, *, at: datetime) -> Verdict:
    """Test if the actor may say that everything is verified: as `may_verify`, and no point is missing."""
    if not (verdict := may_verify(actor, case, at=at)):
        return verdict
    return is_complete(case, at=at)


def is_complete(case: LetterCase, *, at: datetime) -> Verdict:
    """Test that no point of the checklist is missing; the first one that is names itself."""
    for item in checklist(case, at):
        if not item.is_met:
            return Verdict("letter_not_verified_yet", {"organisation_id": case.authority_id, "missing": item.sentence})
    return ALLOWED


def points_of(case: LetterCase) -> tuple[Point, ...]:
    """List the points that an officer must answer for this letter; the order only where A1-19 asks for one."""
    return tuple(point for point in Point if point != Point.ORDER or case.needs_order)


def checklist(case: LetterCase, at: datetime) -> list[Item]:
    """List every point of the checklist in the order of work; page and operation ask this one."""
    noted = {
        point.point: point
        for point in VerifiedPoint.objects.filter(case=case, version=case.version).select_related("noted_by")
    }
    return [
        *(_answered(case, point, noted.get(point), at=at) for point in points_of(case)),
        _number(case),
        _call(case),
        *(_proven(case, channel) for channel in ProofChannel),
        _notices(case),
    ]


def _missing(letter: LetterCase, point: str, reason: str, **facts: Any) -> Item:
    verdict = Verdict(reason, {"organisation_id": letter.authority_id, **facts})
    return Item(point, verdict.sentence, reason)


def _when(at: datetime) -> str:
    return short_datetime(at, get_language() or "th")


def _answered(case: LetterCase, point: Point, noted: VerifiedPoint | None, *, at: datetime) -> Item:
    if noted is None:
        return _missing(case, point, f"point_{point}_open")
    if point == Point.ORDER and case.order_scan_id is None:
        return _missing(case, point, "order_not_attached")
    if point == Point.PERSON:
        if case.recipient is None and not case.recipient_is_new:
            return _missing(case, point, "point_person_open")
        # What was true when the officer answered may have changed since: he may have become an executive.
        if not (verdict := may_be_recipient(case, case.recipient, at=at)):
            return Item(point, verdict.sentence, verdict.reason)
    facts = {"person": noted.noted_by.full_name, "at": _when(noted.noted_at)}
    return Item(point, _("Answered by %(person)s, %(at)s") % facts)


def _number(case: LetterCase) -> Item:
    used = (
        LetterCase.objects.filter(
            authority_id=case.authority_id,
            letter_year=case.letter_year,
            letter_number_key=case.letter_number_key,
        )
        .exclude(pk=case.pk)
        .exclude(state=CaseState.RETURNED)
        .first()
    )
    if used is not None:
        return _missing(case, NUMBER, "letter_number_is_used", case=used.case)
    return Item(NUMBER, _("The number of the letter was not used before in that year."))


def _call(case: LetterCase) -> Item:
    if not case.authority.phone:
        return _missing(case, CALL, "no_number_of_record")
    # A number that was changed since is not the one that was called (T-01).
    calls = CallBack.objects.filter(case=case, version=case.version, number=case.authority.phone)
    answered = calls.exclude(outcome=CallBackOutcome.NOT_REACHED)
    last = answered.select_related("called_by").order_by("-called_at", "-pk").first()
    if last is None:
        return _missing(case, CALL, "call_back_open")
    if last.outcome == CallBackOutcome.DENIED:
        return _missing(case, CALL, "call_back_denied", spoke_with=last.spoke_with)
    facts = {"spoke_with": last.spoke_with, "person": last.called_by.full_name, "at": _when(last.called_at)}
    return Item(CALL, _("%(spoke_with)s confirmed the letter to %(person)s, %(at)s") % facts)


def _proven(case: LetterCase, channel: ProofChannel) -> Item:
    address = case.email if channel == ProofChannel.EMAIL else case.mobile
    proof = (
        ContactProof.objects.filter(
            case=case, version=case.version, channel=channel, address=address, proven_at__isnull=False
        )
        .order_by("-proven_at")
        .first()
    )
    if not address or proof is None or proof.proven_at is None:
        return _missing(case, channel, f"{channel}_not_proven")
    return Item(
        channel,
        _("Proven to work %(at)s: %(how)s") % {"at": _when(proof.proven_at), "how": proof.get_method_display()},
    )


def _notices(case: LetterCase) -> Item:
    ends_at = queries.hold_ends_at(case) if case.address_is_new else None
    if not case.address_is_new:
        return Item(NOTICES, _("The addresses are those on record, so that nothing has to be waited for."))
    if ends_at is None:
        return _missing(case, NOTICES, "notices_not_told")
    return Item(NOTICES, _("The parties were told; the hold ends %(at)s.") % {"at": _when(ends_at)})
