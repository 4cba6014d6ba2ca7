"""
Slow down guessing without locking anybody out (T-20, T-21; ASVS 6.1.1).

The wait grows with the failures for one account from one address, so neither a colleague behind
the same address nor the owner elsewhere is hindered. Whether the account exists makes no
difference.
"""

import math
from datetime import datetime, timedelta
from hashlib import sha256
from hmac import digest as hmac_digest

from django.conf import settings
from django.db.models import QuerySet

from kunjae.core.addresses import neighbourhood
from kunjae.core.verdict import Denied
from kunjae.identity.models import SignInAttempt, Subject

FREE_FAILURES = 5
WINDOW = timedelta(minutes=30)
WAIT_FIRST = timedelta(seconds=30)
WAIT_MAX = timedelta(minutes=15)
KEPT_EVERY = timedelta(minutes=10)


def account_key(typed: str) -> str:
    """Give a keyed digest of the user id typed: what was typed is not kept, it may be a password."""
    key = sha256(b"kunjae.identity.throttle" + settings.SECRET_KEY.encode()).digest()
    return hmac_digest(key, typed.strip().lower().encode(), "sha256").hex()[:32]


def wait_for(typed: str, address: str, *, at: datetime) -> timedelta:
    """Say how long this account must still wait from this address; zero when it need not."""
    recent = (
        SignInAttempt.objects.filter(account_key=account_key(typed), address=neighbourhood(address), at__gt=at - WINDOW)
        # Tries while one must wait neither lengthen the wait nor push out those that caused it.
        .exclude(outcome=SignInAttempt.Outcome.THROTTLED)
        .order_by("-at", "-pk")
    )
    failures = []
    for outcome, when in recent.values_list("outcome", "at")[:20]:
        if outcome != SignInAttempt.Outcome.REFUSED:
            break
        failures.append(when)
    if len(failures) < FREE_FAILURES:
        return timedelta(0)
    wait = min(WAIT_FIRST * 2 ** min(len(failures) - FREE_FAILURES, 6), WAIT_MAX)
    return max(failures[0] + wait - at, timedelta(0))


def refuse_while_waiting(typed: str, address: str, *, at: datetime, device: str = "") -> None:
    """
    Refuse, and note that somebody tried, while this account must wait from this address.

    :raises Denied: `sign_in_throttled`
    """
    wait = wait_for(typed, address, at=at)
    if wait:
        note(typed, address, device, SignInAttempt.Outcome.THROTTLED, subject=None, at=at)
        raise Denied("sign_in_throttled", {"minutes": math.ceil(wait.total_seconds() / 60)})


def note(
    typed: str, address: str, device: str, outcome: SignInAttempt.Outcome, *, subject: Subject | None, at: datetime
) -> None:
    """
    Keep one try: bookkeeping for this module and for the person's own history.

    Of tries while one must wait, one in ten minutes is kept: a stranger does not fill the table.
    """
    place = neighbourhood(address)
    if (
        outcome == SignInAttempt.Outcome.THROTTLED
        and SignInAttempt.objects.filter(
            account_key=account_key(typed), address=place, outcome=outcome, at__gt=at - KEPT_EVERY
        ).exists()
    ):
        return
    QuerySet(SignInAttempt).create(
        subject=subject,
        account_key=account_key(typed),
        address=place,
        device=device[:120],
        at=at,
        outcome=outcome,
    )
