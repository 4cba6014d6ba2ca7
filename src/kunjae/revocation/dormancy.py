"""
Accounts in use that nobody uses (T-08): proposed for suspension after 90 days, suspended by rule after 180.

What counts as use is a sign-in; before the first one, that the account came into use, or back into use. See
docs/decisions/0021-dormancy.md.
"""

from datetime import datetime, timedelta

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce, Greatest

from kunjae.entitlements.models import Tenure
from kunjae.identity.models import Session, Subject, SubjectState
from kunjae.revocation.models import Dormancy

PROPOSED_AFTER = timedelta(days=90)
SUSPENDED_AFTER = timedelta(days=180)
KEPT_FOR = timedelta(days=90)
"""How long an answer of the head keeps an account out of the list; the rule does not ask for it."""


def unused_since(instant: datetime) -> Q:
    """Condition on `Subject`: in use, but neither signed in nor put (back) into use since an instant."""
    signed_in = Session.objects.filter(subject=OuterRef("pk"), started_at__gt=instant)
    began = Q(activated_at__lte=instant) | Q(activated_at=None, opened_at__lte=instant)
    resumed = Q(resumed_at=None) | Q(resumed_at__lte=instant)
    return Q(state=SubjectState.ACTIVE) & began & resumed & ~Exists(signed_in)


def kept(at: datetime) -> Exists:
    """Condition on `Subject`: the head said within 90 days why it stays in use."""
    return Exists(Dormancy.objects.filter(subject=OuterRef("pk"), kept_at__gt=at - KEPT_FOR))


def proposed(at: datetime) -> Q:
    """Condition on `Subject`: not used for 90 days, and the head has not said why it stays in use."""
    return unused_since(at - PROPOSED_AFTER) & ~kept(at)


def with_last_use(subjects: QuerySet[Subject]) -> QuerySet[Subject]:
    """Add `last_sign_in`, and `last_use`: the latest of it, the activation and the resumption."""
    last = Session.objects.filter(subject=OuterRef("pk")).order_by("-started_at").values("started_at")[:1]
    began = Coalesce("activated_at", "opened_at")
    return subjects.annotate(
        last_sign_in=Subquery(last),
        last_use=Greatest(began, Coalesce(Subquery(last), began), Coalesce("resumed_at", began)),
    )


def _heads_of_the_authority() -> QuerySet[Tenure]:
    return Tenure.objects.filter(until_at=None, authority=OuterRef("authority"))


def to_propose(*, at: datetime) -> QuerySet[Subject]:
    """
    Accounts to tell a head of, in the order of authorities: those of which he was not told within 90 days.

    Where no head is in charge, nobody is told; and no head of his own account. From 180 days on the rule acts instead.
    """
    told = Dormancy.objects.filter(subject=OuterRef("pk"), proposed_at__gt=at - PROPOSED_AFTER)
    can_be_told = _heads_of_the_authority().filter(contested_at=None, subject__state=SubjectState.ACTIVE)
    own = _heads_of_the_authority().filter(person=OuterRef("person"))
    left_to_the_rule = unused_since(at - SUSPENDED_AFTER)
    found = Subject.objects.filter(proposed(at), ~left_to_the_rule, ~Exists(told), Exists(can_be_told), ~Exists(own))
    return found.order_by("authority_id", "pk")


def to_suspend(*, at: datetime) -> QuerySet[Subject]:
    """
    Accounts of authorities that nobody used for 180 days, in the order of authorities.

    Without the heads of whom it was noted within 90 days that the rule passes them by.
    """
    noted = Dormancy.objects.filter(subject=OuterRef("pk"), spared_at__gt=at - PROPOSED_AFTER)
    found = Subject.objects.filter(unused_since(at - SUSPENDED_AFTER), ~Exists(noted), authority__isnull=False)
    return found.order_by("authority_id", "pk")
