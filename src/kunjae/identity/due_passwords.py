"""
Reads about the six-month clock of clause 4(3): which passwords have a day, what a sign-in asks, what was answered (D3).

How a day is found is `password_clock`; this is what stands with the accounts.
"""

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.db.models import Count, F, Q, QuerySet

from kunjae.identity import queries
from kunjae.identity.models import PasswordClockAnswer, Subject, SubjectState
from kunjae.identity.password_clock import asked_again_from, asked_from
from kunjae.identity.password_profiles import PasswordProfile


@dataclass(frozen=True, slots=True)
class PasswordQuestion:
    """What a sign-in asks at six months: of which password, since which day, and whether “later” is no answer."""

    password_set_at: datetime
    asked_date: date
    is_forced: bool


def password_question(subject_id: int, *, on: date) -> PasswordQuestion | None:
    """
    The question that a sign-in puts on a day, if it puts one: the day has come, and “later” has run out (clause 4(3)).

    Without a clock in the policy in force nothing is asked, whatever day an account still holds.
    """
    due = Subject.objects.filter(pk=subject_id, password_due_date__lte=on, password_changed_at__isnull=False)
    subject = due.only("password_changed_at", "password_due_date").first()
    if subject is None or subject.password_changed_at is None:
        return None
    asked_date, (_edition, profile) = password_asked_from(subject), queries.password_policy_on(on)
    if profile.change_months is None or asked_date is None or asked_date > on:
        return None
    return PasswordQuestion(subject.password_changed_at, asked_date, profile.change_is_forced)


def password_asked_from(subject: Subject) -> date | None:
    """
    The day from which a sign-in asks to change the password that an account has now, or asks again.

    Whoever answered that a passkey is used instead is asked no more of this password, as long as one is bound.
    """
    if (due_date := subject.password_due_date) is None:
        return None
    answers = subject.password_clock_answers.filter(password_set_at=subject.password_changed_at)
    last = answers.order_by("-asked_date").first()
    if last is None:
        return due_date
    if last.answer == PasswordClockAnswer.Answer.PASSKEY:
        # A question of its own, on another day: the former one has its answer.
        return None if queries.has_passkey(subject.pk) else max(due_date, last.asked_date + timedelta(days=1))
    # A clock that was stopped and started anew gives a later day than any that was answered.
    return max(due_date, last.ask_again_date or due_date)


def last_password_answers(subject_ids: Collection[int]) -> dict[int, PasswordClockAnswer]:
    """What the owners of some accounts last answered of the password that they have now."""
    answers = PasswordClockAnswer.objects.filter(
        subject_id__in=subject_ids, password_set_at=F("subject__password_changed_at")
    )
    return {answer.subject_id: answer for answer in answers.order_by("asked_date")}


def password_days_taken(*, on: date) -> Counter[date]:
    """
    How many passwords a sign-in will ask to change from each day on: one question, however many accounts.

    Whoever answered “later” counts on the day from which he is asked again, as long as that lies ahead.
    """
    given = passwords_with_day().order_by().annotate(day=F("password_due_date"))
    put_off = PasswordClockAnswer.objects.filter(
        Q(ask_again_date__gt=on) & Q(ask_again_date__gt=F("subject__password_due_date")),
        password_set_at=F("subject__password_changed_at"),
    ).annotate(day=F("ask_again_date"))
    rows = given.values_list("password_due_date", "day").annotate(passwords=Count("pk"))
    moved = put_off.values_list("subject__password_due_date", "day").annotate(passwords=Count("pk"))
    taken: Counter[date] = Counter()
    for due_date, day, passwords in rows.union(moved, all=True):
        taken[day] += passwords
        if day != due_date:
            taken[due_date] -= passwords
    return +taken


def day_of_new_password(profile: PasswordProfile, *, set_on: date) -> date | None:
    """The day from which a sign-in will ask to change a password set today; None without a clock."""
    if profile.change_months is None:
        return None
    return asked_from(set_on, profile.change_months, taken=password_days_taken(on=set_on))


def day_of_asking_again(*, on: date) -> date:
    """The day from which a sign-in will ask again of whoever answers “later” today."""
    return asked_again_from(on, taken=password_days_taken(on=on))


def passwords_with_day() -> QuerySet[Subject]:
    """Accounts whose password has a day from which a sign-in asks."""
    return Subject.objects.filter(password_due_date__isnull=False).order_by("pk")


def passwords_without_day() -> QuerySet[Subject]:
    """Accounts with a password that was given no such day, the oldest password first."""
    return (
        Subject.objects.filter(password_due_date=None, password_changed_at__isnull=False)
        .exclude(password__startswith=UNUSABLE_PASSWORD_PREFIX)
        .order_by("password_changed_at", "pk")
    )


def passwords_due(first: date, last: date) -> QuerySet[Subject]:
    """Accounts in use, with a mailbox, whose sign-in will ask from a day between these two on."""
    return (
        Subject.objects.filter(password_due_date__range=(first, last), state=SubjectState.ACTIVE)
        .exclude(email="")
        .order_by("pk")
    )
