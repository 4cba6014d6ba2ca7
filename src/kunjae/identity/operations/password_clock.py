"""
The six-month clock of clause 4(3): days are kept in step with the policy, owners are warned, answers are recorded (D3).

What a sign-in asks is answered by the owner only, whose password has just been proved right.
"""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from functools import partial
from itertools import pairwise

from django.db import connection, transaction
from django.db.models import Q, QuerySet

from kunjae.audit.change import Change, state_change
from kunjae.core import text
from kunjae.core.actor import Actor
from kunjae.core.clock import thai_day
from kunjae.core.verdict import Denied
from kunjae.identity import due_passwords, policies, queries
from kunjae.identity.models import FactorSource, PasswordClockAnswer, PasswordPolicyEdition, Subject
from kunjae.identity.operations.accounts import tell_owner
from kunjae.identity.operations.factors import bind_passkey
from kunjae.identity.operations.locking import locked
from kunjae.identity.operations.passwords import renew_password
from kunjae.identity.passkeys import Made
from kunjae.identity.password_clock import WARNED_DAYS, asked_from
from kunjae.identity.proofs import Proved

BATCH = 100
"""Accounts that one change of the worker holds at most."""

REASON_LENGTH_MIN, REASON_LENGTH_MAX = 5, 300


def change_due_password(*, actor: Actor, subject_id: int, proved: Proved, new: str, at: datetime) -> Subject:
    """
    Answer “now”: replace the password in the middle of a sign-in, which then goes on; every session ends.

    :raises Denied: `not_permitted`, `password_not_asked`, `renewal_over` or `same_password`
    :raises PasswordRefused: with what the policy says; the question stays open
    """
    with state_change(actor=actor, at=at):
        subject, question = _asked(actor, subject_id, proved, at=at)
        _keep(subject, question, PasswordClockAnswer.Answer.CHANGED, at=at)
        return renew_password(actor=actor, subject_id=subject_id, proved=proved, new=new, how="asked", at=at)


def put_off_password_change(
    *, actor: Actor, subject_id: int, proved: Proved, reason: str, at: datetime
) -> PasswordClockAnswer:
    """
    Answer “later”, with a reason that the head of finance can read; it is asked again after fourteen days or, if those days are full, later.

    :raises Denied: as `policies.may_put_off_password_change` says, `not_permitted`, `password_not_asked`,
        `renewal_over` or `password_reason_missing`
    :raises Unacceptable: if the reason cannot be printed or is too long
    """
    reason = text.clean_line(reason, length_max=REASON_LENGTH_MAX)
    with state_change(actor=actor, at=at) as change:
        subject, question = _asked(actor, subject_id, proved, at=at)
        policies.may_put_off_password_change(subject, question).enforce()
        if len(reason) < REASON_LENGTH_MIN:
            raise Denied("password_reason_missing", {"organisation_id": subject.authority_id})
        answer = _keep(
            subject,
            question,
            PasswordClockAnswer.Answer.LATER,
            reason=reason,
            ask_again_date=due_passwords.day_of_asking_again(on=thai_day(at)),
            at=at,
        )
        change.record(
            "credential.change_put_off",
            answer,
            organisation_id=subject.authority_id,
            subject_person_id=subject.person_id,
            username=subject.username,
            ask_again_date=answer.ask_again_date,
            reason=reason,
        )
    return answer


def use_passkey_instead(
    *,
    actor: Actor,
    subject_id: int,
    proved: Proved,
    at: datetime,
    passkey: Made | None = None,
    name: str = "",
) -> PasswordClockAnswer:
    """
    Answer “a passkey instead”: one that is bound, or `passkey`, just made, which is bound under a name first.

    The same password is not asked for again, as long as a passkey is bound.

    :raises Denied: `not_permitted`, `password_not_asked`, `renewal_over`, as `bind_passkey` says, or as
        `policies.may_use_passkey_instead` does
    """
    with state_change(actor=actor, at=at) as change:
        subject, question = _asked(actor, subject_id, proved, at=at)
        if passkey is not None:
            bind_passkey(actor=actor, passkey=passkey, name=name, source=FactorSource.FIRST_SIGN_IN, at=at)
        policies.may_use_passkey_instead(subject).enforce()
        answer = _keep(subject, question, PasswordClockAnswer.Answer.PASSKEY, at=at)
        change.record(
            "credential.passkey_chosen",
            answer,
            organisation_id=subject.authority_id,
            subject_person_id=subject.person_id,
            username=subject.username,
        )
    return answer


def _asked(
    actor: Actor, subject_id: int, proved: Proved, *, at: datetime
) -> tuple[Subject, due_passwords.PasswordQuestion]:
    """
    Lock the account and find what it is asked now.

    :raises Denied: `not_permitted` to anybody but the owner, `renewal_over` once the password that was proved is not
        the one that holds, `password_not_asked`
    """
    subject = locked(subject_id)
    about = {"organisation_id": subject.authority_id}
    if (actor.subject_id, actor.person_id) != (subject.pk, subject.person_id):
        raise Denied("not_permitted", about)
    policies.proof_holds(subject, proved).enforce()
    if (question := due_passwords.password_question(subject.pk, on=thai_day(at))) is None:
        raise Denied("password_not_asked", about)
    return subject, question


def _keep(
    subject: Subject,
    question: due_passwords.PasswordQuestion,
    answer: PasswordClockAnswer.Answer,
    *,
    at: datetime,
    reason: str = "",
    ask_again_date: date | None = None,
) -> PasswordClockAnswer:
    kept: PasswordClockAnswer = PasswordClockAnswer.objects.create(
        subject=subject,
        password_set_at=question.password_set_at,
        asked_date=question.asked_date,
        answer=answer,
        reason=reason,
        ask_again_date=ask_again_date,
        answered_at=at,
    )
    return kept


def keep_password_days(*, actor: Actor, at: datetime) -> int:
    """
    Keep the days in step with the policy in force: with a clock every password has one, without a clock none has.

    A day that a clock gives late lies ahead, so that nobody is asked at once and both warnings reach him.

    :returns: how many accounts were given a day, or lost it
    """
    _edition, profile = queries.password_policy_on(thai_day(at))
    if (months := profile.change_months) is None:
        return _in_batches(due_passwords.passwords_with_day(), _take_days, actor=actor, at=at)
    give = partial(_give_days, months=months, on=thai_day(at))
    return _in_batches(due_passwords.passwords_without_day(), give, actor=actor, at=at)


def _give_days(change: Change, subjects: list[Subject], *, months: int, on: date) -> None:
    # Of two workers at once one waits here, and then counts what the other gave.
    list(PasswordPolicyEdition.objects.select_for_update())
    taken = due_passwords.password_days_taken(on=on)
    for subject in subjects:
        day = asked_from(_set_on(subject), months, taken=taken, not_before=on)
        taken[day] += 1
        subject.password_due_date, subject.password_warned_days = day, None
    Subject.objects.bulk_update(subjects, ["password_due_date", "password_warned_days"])
    change.record("password_clock.started", organisation_id=None, accounts=len(subjects))


def _set_on(subject: Subject) -> date:
    return thai_day(subject.password_changed_at or subject.opened_at)


def _take_days(change: Change, subjects: list[Subject]) -> None:
    some = Subject.objects.filter(pk__in=[subject.pk for subject in subjects])
    some.update(password_due_date=None, password_warned_days=None)
    change.record("password_clock.stopped", organisation_id=None, accounts=len(subjects))


def warn_of_due_passwords(*, actor: Actor, at: datetime) -> int:
    """
    Tell the owners by mail fourteen and three days before a sign-in asks; each once, however often this is called.

    Whom no mail reaches is not told: an SMS costs money, and the sign-in itself asks.

    :returns: how many were told
    """
    today = thai_day(at)
    _edition, profile = queries.password_policy_on(today)
    if profile.change_months is None:
        return 0
    told = 0
    for days, nearer in pairwise((*WARNED_DAYS, 0)):
        due = due_passwords.passwords_due(today + timedelta(days=nearer + 1), today + timedelta(days=days))
        not_told = due.filter(Q(password_warned_days=None) | Q(password_warned_days__gt=days))
        told += _in_batches(not_told, partial(_warn, days=days, at=at), actor=actor, at=at)
    return told


def _warn(change: Change, subjects: list[Subject], *, days: int, at: datetime) -> None:
    Subject.objects.filter(pk__in=[subject.pk for subject in subjects]).update(password_warned_days=days)
    for subject in subjects:
        tell_owner(subject, "password_due", at=at, due_date=subject.password_due_date)
        change.record(
            "credential.due_soon",
            subject,
            organisation_id=subject.authority_id,
            subject_person_id=subject.person_id,
            username=subject.username,
            due_date=subject.password_due_date,
            days=days,
        )


def _in_batches(
    due: QuerySet[Subject], act: Callable[[Change, list[Subject]], None], *, actor: Actor, at: datetime
) -> int:
    """Act on whatever is due until nothing is, in changes of `BATCH` accounts; returns on how many."""
    done = 0
    while due.exists():
        with transaction.atomic():
            # Somebody else's lock: a request, or another worker, is at the same account.
            some = list(
                due.select_related("person").select_for_update(
                    of=("self",), skip_locked=connection.features.has_select_for_update_skip_locked
                )[:BATCH]
            )
            if not some:
                break
            with state_change(actor=actor, at=at) as change:
                act(change, some)
        done += len(some)
    return done
