"""Who may receive, correct and prove a letter, and which letter may stand at all (T-01, T-07)."""

import re
from datetime import date, datetime

from kunjae.core.actor import Actor
from kunjae.core.clock import be_year, thai_day
from kunjae.core.numerals import to_ascii_digits
from kunjae.core.text import canonical
from kunjae.core.verdict import ALLOWED, Verdict
from kunjae.entitlements.queries import tenure_of
from kunjae.official_letters import queries
from kunjae.official_letters.content import LetterContent
from kunjae.official_letters.models import CaseState, LetterCase
from kunjae.official_letters.policies.desk import at_department_desk
from kunjae.official_letters.policies.recipients import concerns
from kunjae.official_letters.recognising import bears_name
from kunjae.organisations.models import LocalAuthority, Office
from kunjae.organisations.queries import office_holder

_DASHES = re.compile("[\u2010-\u2015\u2212]")
#: Digits, the signs between them, and the ว of a circular behind its stroke; letters before it are the sender's own.
_COUNTED = re.compile(r"[0-9/.\-]|(?<=/)ว")
_EDGES = "./-"


def letter_number_key(number: str) -> str:
    """Return what two spellings of one letter's number share: no ที่, no spaces, no letters, ASCII digits (T-16)."""
    bare = _DASHES.sub("-", to_ascii_digits(canonical(number))).replace(" ", "")
    return "".join(_COUNTED.findall(bare)).strip(_EDGES)


def received_number_as_kept(number: str) -> str:
    """Return the number of a receipt in its one spelling, so that ๑๒๓ and 123 are one (T-16)."""
    return to_ascii_digits(canonical(number))


def may_receive(actor: Actor, authority: LocalAuthority, *, at: datetime) -> Verdict:
    """Test if the actor may enter a letter of an authority: at the desk, and not its own head of finance."""
    if not (verdict := at_department_desk(actor, at=at)):
        return verdict
    about = {"organisation_id": authority.pk}
    if authority.closed_date is not None and authority.closed_date <= thai_day(at):
        return Verdict("authority_is_closed", about)
    tenure = tenure_of(authority.pk, at=at)
    # Nobody suspends himself (D7); a letter of danger would.
    if tenure is not None and tenure.person_id == actor.person_id:
        return Verdict("letter_of_your_own", about)
    return ALLOWED


def may_stand(
    authority: LocalAuthority,
    content: LetterContent,
    *,
    letter_number: str,
    letter_date: date,
    received_number: str,
    received_date: date,
    at: datetime,
    except_id: int | None = None,
) -> Verdict:
    """
    Test if a letter with these numbers, days and names may stand in the register.

    `except_id` is the case that is corrected. What is merely missing from a letter does not keep it out: it is
    sent back from its case.
    """
    if not (verdict := _days_fit(authority, letter_date, received_date, at=at)):
        return verdict
    if not (verdict := is_signed_by_another(authority, content, at=at)):
        return verdict
    about = {"organisation_id": authority.pk}
    key = letter_number_key(letter_number)
    if not key:
        return Verdict("letter_number_missing", about)
    received = received_number_as_kept(received_number)
    if not received:
        return Verdict("received_number_missing", about)
    others = LetterCase.objects.exclude(pk=except_id or 0)
    used = others.filter(authority=authority, letter_year=be_year(letter_date), letter_number_key=key)
    if found := used.exclude(state=CaseState.RETURNED).first():
        return Verdict("letter_number_is_used", {**about, "case": found.case})
    if found := others.filter(received_year=be_year(received_date), received_number=received).first():
        return Verdict("received_number_is_used", {**about, "case": found.case})
    return is_alone_at_work(authority.pk, except_id=except_id)


def _days_fit(authority: LocalAuthority, letter_date: date, received_date: date, *, at: datetime) -> Verdict:
    about = {"organisation_id": authority.pk}
    today = thai_day(at)
    if letter_date > today:
        return Verdict("letter_date_in_future", about)
    if received_date > today:
        return Verdict("received_date_in_future", about)
    if received_date < letter_date:
        return Verdict("received_before_written", about)
    return ALLOWED


def is_signed_by_another(authority: LocalAuthority, content: LetterContent, *, at: datetime) -> Verdict:
    """Test that neither the recipient nor the present head of finance signed the letter (A1-16)."""
    about = {"organisation_id": authority.pk}
    if content.signer_key and content.signer_key == content.recipient_key:
        return Verdict("letter_recipient_is_signer", about)
    tenure = tenure_of(authority.pk, at=at)
    post = office_holder(authority.pk, Office.HEAD_OF_FINANCE, on=thai_day(at))
    heads = {held.person_id for held in (tenure, post) if held is not None}
    if any(bears_name(head, content.signer_given_name, content.signer_family_name) for head in heads):
        return Verdict("letter_signer_is_head", about)
    return ALLOWED


def is_alone_at_work(authority_id: int, *, except_id: int | None = None) -> Verdict:
    """Test that no other letter of the authority is being worked on; a frozen one does not keep the true one out."""
    standing = queries.open_case_of(authority_id)
    if standing is not None and standing.pk != except_id:
        return Verdict("letter_is_at_work", {"organisation_id": authority_id, "case": standing.case})
    return ALLOWED


def may_correct(actor: Actor, case: LetterCase, *, at: datetime) -> Verdict:
    """Test if the actor may correct a case, attach its order or take it: at the desk, and no party to it (D7)."""
    if not (verdict := at_department_desk(actor, at=at)):
        return verdict
    if case.state not in (CaseState.RECEIVED, CaseState.VERIFIED):
        return Verdict("letter_is_not_open", {"organisation_id": case.authority_id})
    if not (verdict := may_receive(actor, case.authority, at=at)):
        return verdict
    return concerns(actor, case)


def may_send_proofs(actor: Actor, case: LetterCase, *, at: datetime) -> Verdict:
    """Test if the actor may send what proves the addresses, or take a code on the telephone."""
    if not (verdict := may_correct(actor, case, at=at)):
        return verdict
    about = {"organisation_id": case.authority_id}
    if case.state != CaseState.RECEIVED:
        return Verdict("letter_is_not_open", about)
    if not case.email and not case.mobile:
        return Verdict("letter_addresses_missing", about)
    return ALLOWED
