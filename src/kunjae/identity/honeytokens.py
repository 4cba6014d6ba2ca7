"""
Reads about decoy user ids and the tries to sign in with them (docs/decisions/0022-honeytokens.md).

A try is found by the digest of what was typed, among those that the door notes of everybody: the door knows no decoy.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Q, QuerySet

from kunjae.core import identifiers
from kunjae.identity.models import Honeytoken, SignInAttempt
from kunjae.identity.throttle import account_key

ALERTED_EVERY = timedelta(hours=1)
TRIES_SHOWN = 50


def honeytokens() -> QuerySet[Honeytoken]:
    """Every decoy, those that lie first, the newest first."""
    return Honeytoken.objects.select_related("laid_by", "lifted_by").order_by("lifted_at", "-laid_at", "-pk")


def takes_user_id(username: str) -> bool:
    """Test if a decoy, lifted or not, has this user id or one that looks like it."""
    return Honeytoken.objects.filter(skeleton=identifiers.skeleton(username)).exists()


def decoys_like(stem: str) -> QuerySet[Honeytoken]:
    """Find the decoys whose user id begins like this, or like what looks like it."""
    return Honeytoken.objects.filter(skeleton__startswith=identifiers.skeleton(stem))


@dataclass(frozen=True, slots=True)
class Tries:
    """How often a decoy was tried since the department was last told, and from how many places."""

    honeytoken: Honeytoken
    tries: int
    places: int


def tried_since_told(*, at: datetime) -> list[Tries]:
    """Decoys that lie and were tried since the last alert, of which the department is to be told now."""
    lying = Honeytoken.objects.filter(lifted_at=None)
    due = {
        account_key(one.username): one
        for one in lying.filter(Q(alerted_at=None) | Q(alerted_at__lte=at - ALERTED_EVERY))
    }
    if not due:
        return []
    since = Q(pk__in=[])
    for key, one in due.items():
        since |= Q(account_key=key, at__gt=one.alerted_at or one.laid_at)
    counted = (
        SignInAttempt.objects.filter(since, subject=None, at__lte=at)
        .values("account_key")
        .annotate(tries=Count("pk"), places=Count("address", distinct=True))
        .order_by("account_key")
    )
    return [Tries(due[row["account_key"]], row["tries"], row["places"]) for row in counted]


def last_tries() -> list[tuple[Honeytoken, SignInAttempt]]:
    """The last tries with decoys since each was laid, newest first."""
    by_key = {account_key(one.username): one for one in Honeytoken.objects.all()}
    found = SignInAttempt.objects.filter(account_key__in=by_key, subject=None).order_by("-at", "-pk")[:TRIES_SHOWN]
    return [(by_key[one.account_key], one) for one in found if one.at > by_key[one.account_key].laid_at]
