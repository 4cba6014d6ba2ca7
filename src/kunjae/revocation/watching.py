"""
Watching over the use of accounts (L-30): whose password is being guessed at hears of it, and so does the head.

Told by the worker's rounds, not at the door: an answer there takes as long whoever is guessed at (T-19).
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction

from kunjae.audit import queries as record
from kunjae.audit.change import state_change
from kunjae.core.actor import Actor
from kunjae.core.clock import thai_day
from kunjae.entitlements import queries as rights
from kunjae.identity import queries as identities
from kunjae.identity.models import Subject
from kunjae.identity.operations.accounts import tell_owner
from kunjae.identity.operations.desks import tell_desk_of
from kunjae.messaging.queries import sent_to_person_since
from kunjae.organisations.models import Office
from kunjae.organisations.queries import office_holder

EVERY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class _Watched:
    """
    One thing that strangers do: what the record says, and what owner and head are sent.

    Of one account a head hears once a day, of all of them together as often as `to_head_max` says. Of a head's own
    account also who stands above him is sent something, unless `above_head` is empty; of an account of a desk the
    colleagues at the department, unless `to_desk` is.
    """

    event: str
    to_owner: str
    to_head: str
    to_head_max: int
    above_head: str = ""
    to_desk: str = ""


_PASSWORD = _Watched("sign_in.guessed_at", "password_guessed", "officers_password_guessed", to_head_max=1)
_CODE = _Watched(
    "sign_in.codes_guessed_at",
    "codes_guessed",
    "officers_codes_guessed",
    to_head_max=10,
    above_head="heads_codes_guessed",
    to_desk="codes_guessed",
)


def tell_of_guessing(*, actor: Actor, at: datetime) -> int:
    """
    Record whose passwords are being guessed at, and tell them and their heads by mail: each once a day at most.

    A head is told once a day in all, of the first: strangers shall not fill a mailbox. An SMS costs money, none goes.

    :returns: of how many accounts it was recorded
    """
    return sum(_tell(actor, _PASSWORD, found, tries, at=at) for found, tries in identities.guessed_at(at=at))


def tell_of_wrong_codes(*, actor: Actor, at: datetime) -> int:
    """
    Record for whom somebody knows the password and guesses at the second factor, and tell them as above (T-22, T-23).

    A head is told of each account, of ten a day at most: whoever gets as far as a code has shown the password, so it is
    no noise that strangers make, and each account wants an answer of its own.

    Of a head the clerk and the department hear too, once a day: nobody else answers for his account, and whoever has
    taken his mailbox as well would keep silent. Of an officer of the department or a province his colleagues hear.

    :returns: of how many accounts it was recorded
    """
    return sum(_tell(actor, _CODE, found, tries, at=at) for found, tries in identities.codes_guessed_at(at=at))


def _tell(actor: Actor, watched: _Watched, subject_id: int, tries: int, *, at: datetime) -> bool:
    with transaction.atomic():
        subject: Subject = Subject.objects.select_for_update(of=("self",)).select_related("person").get(pk=subject_id)
        told = record.events_of(subject.authority_id, person_id=subject.person_id, name=watched.event, limit=1).events
        if told and told[0].at > at - EVERY:
            return False
        with state_change(actor=actor, at=at) as change:
            change.record(
                watched.event,
                subject,
                organisation_id=subject.authority_id,
                subject_person_id=subject.person_id,
                username=subject.username,
                tries=tries,
            )
            if subject.email:
                tell_owner(subject, watched.to_owner, at=at, tries=tries)
            _tell_head(subject, watched, tries, at=at)
            if watched.above_head:
                tell_above_head(subject, watched.above_head, at=at, tries=tries)
            if watched.to_desk and subject.authority_id is None:
                tell_desk_of(subject, watched.to_desk, at=at, tries=tries)
    return True


def _tell_head(subject: Subject, watched: _Watched, tries: int, *, at: datetime) -> None:
    head = _head_of(subject, at=at)
    if head is None or not head.email:
        return
    if sent_to_person_since(head.person_id, at - EVERY, kinds=[watched.to_head]) < watched.to_head_max:
        tell_owner(head, watched.to_head, at=at, **_named(subject), tries=tries)


def tell_head_of(subject: Subject, kind: str, *, at: datetime, case: str = "") -> None:
    """Queue a notice about an account to the head who answers for it; a head is not told of himself."""
    if head := _head_of(subject, at=at):
        tell_owner(head, kind, at=at, case=case, **_named(subject))


def tell_above_head(subject: Subject, kind: str, *, at: datetime, **facts: object) -> None:
    """
    Queue a mail about the account of a head to who stands above him: the clerk of each authority that he administers,
    and the department's desk. Of an account without a tenure nobody is told.
    """
    held = rights.tenures_of(subject.person_id, at=at).filter(subject_id=subject.pk)
    authorities = [tenure.authority for tenure in held]
    if not authorities:
        return
    on = thai_day(at)
    clerks = [office_holder(authority.pk, Office.CHIEF_ADMINISTRATOR, on=on) for authority in authorities]
    told = [identities.open_subject_of(clerk.person_id) for clerk in clerks if clerk is not None]
    reached = {one.pk: one for one in [*told, *identities.accounts_at_department(on=on)] if one and one.email}
    reached.pop(subject.pk, None)
    names = ", ".join(authority.full_name for authority in authorities)
    for one in reached.values():
        tell_owner(one, kind, at=at, case="", **_named(subject), authority=names, **facts)


def _head_of(subject: Subject, *, at: datetime) -> Subject | None:
    tenure = rights.tenure_of(subject.authority_id, at=at) if subject.authority_id else None
    if tenure is None or tenure.contested_at is not None or tenure.subject_id == subject.pk:
        return None
    head: Subject = tenure.subject
    return head


def _named(subject: Subject) -> dict[str, str]:
    return {"officer": subject.person.full_name, "officers_username": subject.username}
