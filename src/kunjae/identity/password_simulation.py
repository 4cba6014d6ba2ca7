"""
What a password rule would cost, counted from what is on record: dates, profiles and sign-ins, never a password (L-40).

Of a password only three things are known: when it was set, under which profile, and whether its owner has a second
factor. So a rule that the profile already implied is surely met, any other is not known until the owner signs in.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from math import ceil

from django.db.models import Count, Q, QuerySet

from kunjae.core.clock import start_of_thai_day, thai_day
from kunjae.identity.factor_days import has_factor
from kunjae.identity.models import PasswordPolicyEdition, Session, Subject, SubjectState
from kunjae.identity.password_clock import FIRST_SHARE_OF_A_DAY, last_overdue_day, may_be_asked
from kunjae.identity.password_profiles import LETTER_2562, PasswordProfile
from kunjae.identity.queries import profile_of

_MINUTES_OF_A_DAY = 7 * 60
_RECENT_DAYS = (30, 90, 180)


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposedRule:
    """A rule to try. `length_min` counts without a second factor; `change_months` is None for no clock."""

    length_min: int
    needs_letter: bool
    needs_digit: bool
    change_months: int | None
    needs_second_factor: bool
    minutes_each: int


@dataclass(frozen=True, slots=True)
class Share:
    """How many people surely meet one demand, of how many it is not known, and how many surely do not."""

    met: int
    unknown: int
    unmet: int


@dataclass(frozen=True, slots=True)
class Cost:
    """
    What the rule would cost. Resets are between `resets_least` and `resets_most`; `days` are working days of one person.

    `reached` counts people by their last sign-in: within 30, 90 and 180 days, and later or never.
    """

    people: int
    without_password: int
    demands: tuple[tuple[str, Share], ...]
    resets_least: int
    resets_most: int
    resets_a_year: int
    enrolments: int
    days_least: float
    days_most: float
    spread_days: int
    spread_until: date
    reached: tuple[int, int, int, int]


@dataclass(frozen=True, slots=True)
class _Group:
    """Accounts whose password was set, or last found to be in order, under one profile."""

    profile: PasswordProfile | None
    people: int
    overdue: int


def cost_of(rule: ProposedRule, *, at: datetime) -> Cost:
    """Count what a rule would cost if it held from now on: seven questions to the database at most, however many accounts."""
    groups = _groups(rule, at=at)
    people = sum(group.people for group in groups)
    unknown = sum(group.people for group in groups if not _surely_meets(group.profile, rule))
    overdue = sum(group.overdue for group in groups)
    most = sum(group.people if not _surely_meets(group.profile, rule) else group.overdue for group in groups)
    yearly = ceil(people * 12 / rule.change_months) if rule.change_months else 0
    enrolments = _counted().filter(~has_factor()).count() if rule.needs_second_factor else 0
    spread_days = ceil(most / max(1, int(people * FIRST_SHARE_OF_A_DAY))) if most else 0
    return Cost(
        people=people,
        without_password=Subject.objects.filter(state=SubjectState.PENDING).count(),
        demands=tuple(_demands(rule, groups, people=people, unknown=unknown, overdue=overdue, enrolments=enrolments)),
        resets_least=overdue,
        resets_most=most,
        resets_a_year=yearly,
        enrolments=enrolments,
        days_least=_days(overdue + enrolments, rule),
        days_most=_days(most + enrolments, rule),
        spread_days=spread_days,
        spread_until=_day_after_so_many(thai_day(at), spread_days),
        reached=_reached(people, at=at),
    )


def _counted() -> QuerySet[Subject]:
    """Accounts in use or suspended that have a password."""
    states = (SubjectState.ACTIVE, SubjectState.SUSPENDED)
    return Subject.objects.filter(state__in=states).exclude(password_changed_at=None).order_by()


def _groups(rule: ProposedRule, *, at: datetime) -> list[_Group]:
    profiles: dict[int | None, PasswordProfile | None] = {
        edition.pk: profile_of(edition) for edition in PasswordPolicyEdition.objects.all()
    }
    # Set before any policy was adopted: the letter's own rules were in force.
    profiles[None] = LETTER_2562
    if rule.change_months is None:
        overdue = Q(pk__in=[])
    else:
        last = last_overdue_day(thai_day(at), rule.change_months)
        overdue = Q(password_changed_at__lt=start_of_thai_day(last + timedelta(days=1)))
    counted = _counted().values("password_policy_id").annotate(people=Count("pk"), overdue=Count("pk", filter=overdue))
    return [_Group(profiles.get(row["password_policy_id"]), row["people"], row["overdue"]) for row in counted]


def _surely_meets(profile: PasswordProfile | None, rule: ProposedRule) -> bool:
    return all(_implied(profile, rule).values())


def _implied(profile: PasswordProfile | None, rule: ProposedRule) -> dict[str, bool]:
    """Tell which demands on the content every password set under a profile meets."""
    return {
        "length": profile is not None and profile.length_min_single_factor >= rule.length_min,
        "letter": not rule.needs_letter or (profile is not None and profile.needs_letter),
        "digit": not rule.needs_digit or (profile is not None and profile.needs_digit),
    }


def _demands(
    rule: ProposedRule, groups: list[_Group], *, people: int, unknown: int, overdue: int, enrolments: int
) -> Iterator[tuple[str, Share]]:
    asked = {"length": True, "letter": rule.needs_letter, "digit": rule.needs_digit}
    for demand, is_asked in asked.items():
        if is_asked:
            met = sum(group.people for group in groups if _implied(group.profile, rule)[demand])
            yield demand, Share(met, people - met, 0)
    yield "content", Share(people - unknown, unknown, 0)
    if rule.change_months is not None:
        yield "clock", Share(people - overdue, 0, overdue)
    if rule.needs_second_factor:
        yield "second_factor", Share(people - enrolments, 0, enrolments)


def _days(acts: int, rule: ProposedRule) -> float:
    return round(acts * rule.minutes_each / _MINUTES_OF_A_DAY, 1)


def _day_after_so_many(day: date, working_days: int) -> date:
    """Return the day on which so many working days have passed, the turn of the fiscal year left out (D3)."""
    left = working_days
    while left > 0:
        day += timedelta(days=1)
        if may_be_asked(day):
            left -= 1
    return day


def _reached(people: int, *, at: datetime) -> tuple[int, int, int, int]:
    """Count people by the last time they came: then a rule reaches them."""
    came = [
        Session.objects.filter(
            started_at__gte=at - timedelta(days=days),
            subject__state__in=(SubjectState.ACTIVE, SubjectState.SUSPENDED),
            subject__password_changed_at__isnull=False,
        ).aggregate(people=Count("subject_id", distinct=True))["people"]
        for days in _RECENT_DAYS
    ]
    return came[0], came[1] - came[0], came[2] - came[1], max(0, people - came[2])
