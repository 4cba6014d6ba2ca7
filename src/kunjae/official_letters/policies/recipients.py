"""To whom the keys of an authority may go, and over which second way (A1-12, A1-16, A1-18, L-20)."""

from datetime import datetime

from django.db.models import Q

from kunjae.core.actor import Actor
from kunjae.core.clock import thai_day
from kunjae.core.verdict import ALLOWED, Verdict
from kunjae.entitlements.models import Tenure
from kunjae.entitlements.policies import EXECUTIVE_OFFICES, is_executive
from kunjae.identity.models import Subject
from kunjae.identity.queries import open_subject_of
from kunjae.official_letters import queries
from kunjae.official_letters.models import CaseState, LetterCase
from kunjae.official_letters.recognising import (
    accounts_of_others_reached_at,
    bears_name,
    is_reached_at,
    is_same_human,
    name_key,
    names_of,
    open_accounts,
)
from kunjae.organisations.models import Person
from kunjae.organisations.queries import office_holders, posting_of


def concerns(actor: Actor, case: LetterCase) -> Verdict:
    """Test that the actor is neither recipient, nor signer, nor the present head, by whatever he is known (D7)."""
    about = {"organisation_id": case.authority_id}
    is_recipient = actor.person_id is not None and (
        actor.person_id == case.recipient_id
        or bears_name(actor.person_id, case.recipient_given_name, case.recipient_family_name)
        or is_reached_at(actor.person_id, email=case.email, mobile=case.mobile)
    )
    if is_recipient:
        return Verdict("letter_recipient_is_you", about)
    if bears_name(actor.person_id, case.signer_given_name, case.signer_family_name):
        return Verdict("letter_signer_is_you", about)
    heads = Tenure.objects.filter(authority_id=case.authority_id, until_at=None).values_list("person_id", flat=True)
    if any(is_same_human(actor.person_id, head) for head in heads):
        return Verdict("letter_head_is_you", about)
    return ALLOWED


def may_be_recipient(case: LetterCase, person: Person | None, *, at: datetime) -> Verdict:
    """
    Test if the keys that a letter asks for may go to this person, or (None) to somebody new.

    Never to the chief executive or the clerk, who only see reports (L-20), and never to who signs (A1-16).
    """
    about = {"organisation_id": case.authority_id}
    own_name = name_key(case.recipient_given_name, case.recipient_family_name)
    if own_name == name_key(case.signer_given_name, case.signer_family_name):
        return Verdict("letter_recipient_is_signer", about)
    if person is not None and not bears_name(person.pk, case.recipient_given_name, case.recipient_family_name):
        return Verdict("letter_recipient_other_name", {**about, "person": person.full_name})
    if _is_executive(case, person, own_name, at=at):
        return Verdict("letter_recipient_is_executive", about)
    if person is not None and posting_of(person.pk, on=thai_day(at)) is not None:
        return Verdict("letter_recipient_sits_at_a_desk", about)
    if accounts_of_others_reached_at(person.pk if person else None, email=case.email, mobile="").exists():
        return Verdict("letter_email_is_anothers", about)
    return _keeps_the_addresses_of_another_authority(case, person)


def _keeps_the_addresses_of_another_authority(case: LetterCase, person: Person | None) -> Verdict:
    """
    Test that a letter does not move the keys of an account for which another authority answers.

    Who heads two authorities has one account: a letter for one, which only its parties are told of, must
    not open the other (T-01).
    """
    subject = open_subject_of(person.pk) if person is not None else None
    if subject is None or subject.authority_id == case.authority_id:
        return ALLOWED
    if subject.email.casefold() == case.email.casefold() and subject.mobile == case.mobile:
        return ALLOWED
    return Verdict("letter_account_of_another_authority", {"organisation_id": case.authority_id})


def _is_executive(case: LetterCase, person: Person | None, own_name: str, *, at: datetime) -> bool:
    on = thai_day(at)
    if person is not None and is_executive(person.pk, case.authority_id, on=on):
        return True
    return any(
        own_name in names_of(post.person_id)
        for post in office_holders(case.authority_id, on=on)
        if post.office in EXECUTIVE_OFFICES
    )


def is_nobody_known(case: LetterCase) -> Verdict:
    """Test that nobody of the recipient's name has an account at the authority, before he is taken as somebody new."""
    own_name = name_key(case.recipient_given_name, case.recipient_family_name)
    here = open_accounts().filter(authority_id=case.authority_id).select_related("person")
    usernames = [
        subject.username
        for subject in here
        if name_key(subject.person.given_name, subject.person.family_name) == own_name
    ]
    if usernames:
        about = {"organisation_id": case.authority_id, "usernames": ", ".join(usernames)}
        return Verdict("letter_recipient_is_known", about)
    return ALLOWED


def has_mobile_of_his_own(case: LetterCase) -> bool:
    """
    Test if the mobile that a letter names is the recipient's alone (A1-15, A1-18).

    If it is the contact's too, or that of another account, the second secret goes by slip only.
    """
    if not case.mobile or queries.mobile_is_shared(case):
        return False
    return not accounts_of_others_reached_at(case.recipient_id, email="", mobile=case.mobile).exists()


def is_suspended_by_a_letter(subject: Subject, organisation_id: int) -> bool:
    """
    Test if it was a letter of this authority that suspended an account: at its receipt, or when another was issued.

    Such a suspension ends with the issue of a letter; one that a person pronounced does not.
    """
    by_receipt = Q(received_at=subject.suspended_at, received_by=subject.suspended_by_id)
    by_issue = Q(state=CaseState.ISSUED, decided_at=subject.suspended_at, decided_by=subject.suspended_by_id)
    return LetterCase.objects.filter(by_receipt | by_issue, authority_id=organisation_id).exists()
