"""Reads about the day from which everybody needs a second factor, as the department decided it (D5)."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.conf import settings
from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from kunjae.core.clock import thai_day
from kunjae.identity.models import FactorKind, SecondFactor, SecondFactorDay, Subject, SubjectState
from kunjae.identity.queries import open_factors

TOLD_BEFORE = timedelta(days=14)
"""So long before the day its owners hear of it by mail; at once, if it is nearer when it is decided."""


def _decided() -> QuerySet[SecondFactorDay]:
    return SecondFactorDay.objects.exclude(confirmed_at=None).order_by("-confirmed_at", "-pk")


def decided_day() -> date | None:
    """The day from which everybody needs a second factor: the last decision holds; none before the first one."""
    return _decided().values_list("effective_date", flat=True).first()


def has_come(*, on: date) -> bool:
    """Test if everybody needs a second factor on a day."""
    day = decided_day()
    return day is not None and day <= on


def history() -> QuerySet[SecondFactorDay]:
    """Every decision, the one that holds first."""
    return _decided().select_related("proposed_by", "confirmed_by")


def waiting() -> SecondFactorDay | None:
    """The proposal that waits for another person of the department, if one does."""
    return SecondFactorDay.objects.select_related("proposed_by").filter(is_waiting=True).first()


def withdrawn() -> QuerySet[SecondFactorDay]:
    """Proposals that came to nothing, the last first."""
    found = SecondFactorDay.objects.select_related("proposed_by", "withdrawn_by").exclude(withdrawn_at=None)
    return found.order_by("-withdrawn_at", "-pk")


# --- Whom it reaches ------------------------------------------------------------------------------------------------


def has_factor() -> Exists:
    """Condition on `Subject`: a second factor is bound; recovery codes alone are none."""
    return Exists(SecondFactor.objects.filter(subject=OuterRef("pk"), ended_at=None).exclude(kind=FactorKind.CODES))


def without_factor() -> QuerySet[Subject]:
    """Accounts in use that have no second factor."""
    return Subject.objects.filter(~has_factor(), state=SubjectState.ACTIVE)


@dataclass(frozen=True, slots=True)
class Reach:
    """How many accounts are in use in the nation, and how many of them have no second factor."""

    people: int
    without: int

    @property
    def share(self) -> float:
        """In a hundred, to one decimal."""
        return round(self.without * 100 / self.people, 1) if self.people else 0.0


def reach() -> Reach:
    """Count whom such a day would reach, in one question."""
    counted = Subject.objects.filter(state=SubjectState.ACTIVE).aggregate(
        people=Count("pk"), without=Count("pk", filter=Q(~has_factor()))
    )
    return Reach(**counted)


def day_for(subject: Subject) -> date | None:
    """The day that the owner of an account is to be reminded of: one was decided, and he has no second factor."""
    if settings.KUNJAE_SECOND_FACTORS == "off":
        return None
    bound = open_factors(subject.pk).exclude(kind=FactorKind.CODES)
    last = _decided().annotate(is_bound=Exists(bound)).values_list("effective_date", "is_bound").first()
    return last[0] if last is not None and not last[1] else None


def to_be_told(*, at: datetime) -> SecondFactorDay | None:
    """The decision of which people are to be told by mail now: the one that holds, from fourteen days before its day."""
    if settings.KUNJAE_SECOND_FACTORS == "off":
        return None
    last, today = _decided().first(), thai_day(at)
    if last is None or last.told_at is not None or last.effective_date <= today:
        return None
    return last if last.effective_date - TOLD_BEFORE <= today else None
