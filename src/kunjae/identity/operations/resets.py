"""A forgotten password is set anew by its owner, who holds his mailbox and his second factor (D11, N-01, ASVS 6.4.3)."""

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from kunjae.audit.change import require_open_change, state_change
from kunjae.core import identifiers
from kunjae.core.actor import Actor
from kunjae.core.verdict import Denied
from kunjae.identity import policies, queries
from kunjae.identity.models import EndReason, PasswordReset, Subject
from kunjae.identity.operations.accounts import end_activations, tell_owner
from kunjae.identity.operations.locking import locked
from kunjae.identity.operations.passwords import set_by_owner
from kunjae.identity.operations.sessions import end_sessions_of
from kunjae.messaging import operations as messaging
from kunjae.messaging.models import Channel

PROOF_HOLDS = timedelta(minutes=20)
FREELY_A_DAY, PER_DAY_MAX = 3, 10
"""After three within a day one an hour, up to ten (T-22): whoever knows a user id must not keep its owner out."""
ON_ITS_WAY = timedelta(minutes=10)
"""So long a link is left as it is, whoever asks for another: the mail that the owner waits for is not dead on arrival."""


def send_reset(*, actor: Actor, subject_id: int, at: datetime) -> PasswordReset | None:
    """
    Send the link to the proven mailbox; an older one dies (T-02).

    None where `policies.may_reset` says no, where one is on its way, or where too many were sent.

    Runs as a job, so that whoever asked learns nothing from the answer or its time (T-19).
    """
    with transaction.atomic():
        subject = locked(subject_id)
        if not policies.may_reset(subject) or _is_sent_enough(subject, at=at):
            return None
        with state_change(actor=actor, at=at) as change:
            for older in _open_of(subject):
                older.change_to(ended_at=at)
            reset = _sent(subject, at=at)
            change.record("reset.sent", reset, **_about(subject))
    return reset


def _is_sent_enough(subject: Subject, *, at: datetime) -> bool:
    recent = PasswordReset.objects.filter(subject=subject, asked_at__gt=at - timedelta(days=1)).order_by("-asked_at")
    last, count = recent.select_related("mail").first(), recent.count()
    if last is None:
        return False
    is_on_its_way = last.asked_at > at - ON_ITS_WAY and queries.is_reset_open(last, subject, at=at)
    is_soon = count >= FREELY_A_DAY and last.asked_at > at - timedelta(hours=1)
    return is_on_its_way or is_soon or count >= PER_DAY_MAX


def _sent(subject: Subject, *, at: datetime) -> PasswordReset:
    secret = identifiers.new_link_secret()
    mail = messaging.queue(
        kind="password_reset",
        channel=Channel.MAIL,
        to_address=subject.email,
        at=at,
        person=subject.person,
        organisation_id=subject.authority_id,
        language=subject.language,
        facts={"username": subject.username, "person": subject.person.full_name},
        secrets={"link_secret": secret},
    )
    return PasswordReset.objects.create(
        subject=subject,
        link_digest=identifiers.digest_secret(secret),
        mail=mail,
        stamp=queries.reset_stamp(subject),
        asked_at=at,
    )


def note_reset_proved(*, actor: Actor, reset_id: int, kind: str, at: datetime) -> PasswordReset:
    """
    Note that the second factor was shown behind the link; the caller has judged it a moment ago.

    :raises Denied: `reset_ended`
    """
    with state_change(actor=actor, at=at) as change:
        reset, subject = _usable(reset_id, at=at)
        reset.change_to(proved_at=at)
        change.record("reset.proved", reset, **_about(subject), kind=kind)
    return reset


def set_password_by_reset(*, actor: Actor, reset_id: int, password: str, case: str, at: datetime) -> Subject:
    """
    Use up a link behind which the second factor was shown: set the password. Every session ends, the owner is told.

    It signs nobody in and spares nobody the second factor. The caller's change is open: it leaves the form's record.

    :raises Denied: `reset_ended`
    :raises PasswordRefused: with what the policy says; the link stays usable
    """
    require_open_change("identity.PasswordReset")
    with state_change(actor=actor, at=at):
        reset, subject = _usable(reset_id, at=at)
        if reset.proved_at is None or at - reset.proved_at > PROOF_HOLDS:
            raise Denied("reset_ended", {"organisation_id": subject.authority_id})
        set_by_owner(actor=actor, subject=subject, password=password, how="forgotten", case=case, at=at)
        reset.change_to(used_at=at)
        end_activations(actor=actor, subject=subject, why="changed", at=at)
        end_sessions_of(actor=actor, subject=subject, reason=EndReason.PASSWORD_CHANGED, at=at)
    return subject


def tell_user_ids(*, actor: Actor, subject_id: int, at: datetime) -> bool:
    """
    Send a forgotten user id to the proven mailbox of its account, and nowhere else (N-01, T-19); a job, as above.

    :returns: whether a mail was queued: not for a mailbox that nobody has proven, nor more than three times a day
    """
    with transaction.atomic():
        subject = locked(subject_id)
        if not policies.may_be_told_user_id(subject, at=at):
            return False
        with state_change(actor=actor, at=at) as change:
            tell_owner(subject, "user_id", at=at)
            change.record("user_id.told", subject, **_about(subject))
    return True


def _usable(reset_id: int, *, at: datetime) -> tuple[PasswordReset, Subject]:
    """Lock account and link, in this order as everybody does, and see that both still stand as when it was sent."""
    subject = locked(PasswordReset.objects.values_list("subject_id", flat=True).get(pk=reset_id))
    reset = PasswordReset.objects.select_for_update(of=("self",)).select_related("mail").get(pk=reset_id)
    if not queries.is_reset_open(reset, subject, at=at) or not policies.may_reset(subject):
        raise Denied("reset_ended", {"organisation_id": subject.authority_id})
    return reset, subject


def _open_of(subject: Subject) -> list[PasswordReset]:
    return list(PasswordReset.objects.select_for_update().filter(subject=subject, used_at=None, ended_at=None))


def _about(subject: Subject) -> dict[str, Any]:
    return {
        "organisation_id": subject.authority_id,
        "subject_person_id": subject.person_id,
        "username": subject.username,
    }
