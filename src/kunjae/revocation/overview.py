"""
Figures of the head's overview of use, and the lists behind them (L-30, L-32, L-34): metadata of his own authority.

Each figure and its list go by one condition, so that they never differ.
"""

from datetime import datetime, timedelta

from django.db.models import Case, Count, Exists, OuterRef, Q, QuerySet, TextChoices, Value, When
from django.utils.translation import gettext_lazy as _

from kunjae.core.clock import thai_day
from kunjae.identity.factor_days import has_factor
from kunjae.identity.models import EndReason, Session, Subject, SubjectState
from kunjae.identity.queries import password_policy_on
from kunjae.revocation import dormancy
from kunjae.revocation.queries import has_old_password, with_position

LOOKED_BACK = timedelta(days=30)
"""Over which time sessions are counted."""


class Use(TextChoices):
    """How an account is used, as the list can be narrowed down to."""

    IN_USE = "in_use", _("In use")
    PROPOSED = "proposed", _("Not used for 90 days, to be decided")
    KEPT = "kept", _("Not used for 90 days, kept for a reason")
    UNUSED_180 = "unused_180", _("Not used for 180 days")
    NEVER = "never", _("Never signed in")
    NO_FACTOR = "no_factor", _("No second factor")
    OLD_PASSWORD = "old_password", _("Old passwords")
    SUSPENDED = "suspended", _("Suspended")


def use_is(use: Use, *, at: datetime) -> Q:
    """
    Condition on `Subject`: the account is used like this.

    What an old password is, the policy in force says; it is asked for here.
    """
    in_use = Q(state=SubjectState.ACTIVE)
    if use == Use.PROPOSED:
        return dormancy.proposed(at)
    if use == Use.KEPT:
        return dormancy.unused_since(at - dormancy.PROPOSED_AFTER) & Q(dormancy.kept(at))
    if use == Use.UNUSED_180:
        return dormancy.unused_since(at - dormancy.SUSPENDED_AFTER)
    if use == Use.NEVER:
        return in_use & ~Exists(Session.objects.filter(subject=OuterRef("pk")))
    if use == Use.NO_FACTOR:
        return in_use & ~has_factor()
    if use == Use.OLD_PASSWORD:
        _edition, profile = password_policy_on(thai_day(at))
        return has_old_password(on=thai_day(at), months=profile.change_months)
    return Q(state=SubjectState.SUSPENDED) if use == Use.SUSPENDED else in_use


def count_by_use(authority_id: int, *, at: datetime) -> dict[Use, int]:
    """Count the authority's own accounts by their use, in one query beside the policy; one may be in several."""
    marks = {f"is_{use.value}": Case(When(use_is(use, at=at), then=Value(1)), default=Value(0)) for use in Use}
    counts = {f"n_{use.value}": Count("pk", filter=Q(**{f"is_{use.value}": 1})) for use in Use}
    counted = Subject.objects.filter(authority_id=authority_id).annotate(**marks).aggregate(**counts)
    return {use: counted[f"n_{use.value}"] for use in Use}


def accounts(authority_id: int, use: Use, *, at: datetime) -> QuerySet[Subject]:
    """List the authority's own accounts of one use, the longest unused first, with position, last use and answer."""
    found = Subject.objects.filter(use_is(use, at=at), authority_id=authority_id)
    with_use = dormancy.with_last_use(found.select_related("person", "dormancy"))
    return with_position(with_use, authority_id, on=thai_day(at)).order_by("last_use", "person__sort_key", "pk")


class Ending(TextChoices):
    """How a session ended, as the list can be narrowed down to."""

    SIGNED_OUT = "signed_out", _("Signed out by the user")
    TIMED_OUT = "timed_out", _("Ended by time-out")
    OTHERWISE = "otherwise", _("Ended otherwise")


_OUT = (EndReason.SIGNED_OUT, EndReason.ENDED_BY_OWNER)
_OF_TIME = (EndReason.IDLE, EndReason.ABSOLUTE)


def ended_by(ending: Ending) -> Q:
    """Condition on `Session`: it ended like this."""
    if ending == Ending.SIGNED_OUT:
        return Q(end_reason__in=_OUT)
    if ending == Ending.TIMED_OUT:
        return Q(end_reason__in=_OF_TIME)
    return ~Q(end_reason__in=(*_OUT, *_OF_TIME))


def ended_sessions(authority_id: int, *, since: datetime) -> QuerySet[Session]:
    """Sessions of the authority's own accounts that ended since an instant, the last first."""
    found = Session.objects.filter(subject__authority_id=authority_id, ended_at__gt=since)
    return found.select_related("subject__person").order_by("-ended_at", "-pk")


def count_by_ending(authority_id: int, *, since: datetime) -> dict[Ending, int]:
    """Count the sessions that ended since an instant by how they ended, in one query (L-32)."""
    counts = {ending.value: Count("pk", filter=ended_by(ending)) for ending in Ending}
    counted = ended_sessions(authority_id, since=since).order_by().aggregate(**counts)
    return {ending: counted[ending.value] for ending in Ending}
