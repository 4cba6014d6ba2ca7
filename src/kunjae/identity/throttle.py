"""
Slow down guessing without locking anybody out (T-20, T-21; ASVS 6.1.1; docs/decisions/0019-guessing.md).

Four waits, each counted for itself, none of them a lock:

- one account from one address: after 5 failures, growing to 15 minutes;
- one account from everywhere: after 20 failures, growing to a minute;
- everybody at one address: after 100 failures, 5 seconds;
- one account on a device, or in a session, that is known as its own: like the first, and by its own failures only.

An account that has signed in from an address before does not wait for what others do there or elsewhere. Whether the
account exists makes no difference.
"""

import math
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from hmac import digest as hmac_digest
from itertools import takewhile
from threading import Lock

from django.conf import settings
from django.db.models import BigIntegerField, BooleanField, CharField, DateTimeField, Q, QuerySet, Value

from kunjae.core.addresses import neighbourhood
from kunjae.core.verdict import Denied
from kunjae.core.written_once import Blank, Question, Update, insert
from kunjae.identity import hashing
from kunjae.identity.models import SignInAttempt, Subject

WINDOW = timedelta(minutes=30)
KEPT_EVERY = timedelta(minutes=10)
TRIES_READ = 200
KNOWN_PLACE_FOR = timedelta(days=90)
"""An address from which the account signed in within this time is a place of its own."""


@dataclass(frozen=True, slots=True)
class Pace:
    """After `free` failures wait `first` after the latest, twice as long after each further one, at most `most`."""

    free: int
    first: timedelta
    most: timedelta

    def wait(self, failures: list[datetime], *, at: datetime) -> timedelta:
        """Say how long to wait still, by the instants of the failures, newest first."""
        if len(failures) < self.free:
            return timedelta(0)
        doublings: int = min(len(failures) - self.free, 10)
        wait = min(self.first * (1 << doublings), self.most)
        return max(failures[0] + wait - at, timedelta(0))


FREE_FAILURES = 5
OF_A_PAIR = Pace(FREE_FAILURES, timedelta(seconds=30), timedelta(minutes=15))
OF_AN_ACCOUNT = Pace(20, timedelta(seconds=5), timedelta(minutes=1))
OF_AN_ADDRESS = Pace(100, timedelta(seconds=5), timedelta(seconds=5))


@dataclass(frozen=True, slots=True)
class Wait:
    """How long, and what is said of it."""

    time: timedelta
    reason: str = "sign_in_throttled"


SESSION_LANES = "session "
"""How the lanes of sessions begin; that of a known device is its digest."""


def session_lane(session_id: int | None) -> str:
    """Name the lane inside one session: guesses of strangers at the door do not make the owner wait there."""
    return f"{SESSION_LANES}{session_id}"


def account_key(typed: str) -> str:
    """Give a keyed digest of the user id typed: what was typed is not kept, it may be a password."""
    key = sha256(b"kunjae.identity.throttle" + settings.SECRET_KEY.encode()).digest()
    return hmac_digest(key, typed.strip().lower().encode(), "sha256").hex()[:32]


def wait_for(typed: str, address: str, *, at: datetime, lane: str = "") -> timedelta:
    """
    Say how long this account must still wait from this address; zero when it need not.

    `lane` is the device or session that is known as the account's own, if it is one.
    """
    return _wait(typed, address, at=at, lane=lane).time


def _wait(typed: str, address: str, *, at: datetime, lane: str) -> Wait:
    place = neighbourhood(address)
    lately = _LATELY.ask(account_key=account_key(typed), address=place or _NOWHERE, since=at - WINDOW)
    lately.sort(key=lambda one: (one.at, one.pk), reverse=True)
    tries = [one for one in lately if _is_of_account(one)]
    if lane:
        return Wait(OF_A_PAIR.wait(_since_success([one for one in tries if one.lane == lane]), at=at))
    strangers = [one for one in tries if not one.lane]
    if of_pair := OF_A_PAIR.wait(_since_success([one for one in strangers if one.address == place]), at=at):
        return Wait(of_pair)
    refused = [one.at for one in strangers if one.outcome == SignInAttempt.Outcome.REFUSED]
    of_address = OF_AN_ADDRESS.wait([one.at for one in lately if not _is_of_account(one)], at=at)
    of_others = max(OF_AN_ACCOUNT.wait(refused, at=at), of_address)
    if of_others and not _is_known_at(typed, place, at=at):
        return Wait(of_others, "sign_in_slowed")
    return Wait(timedelta(0))


def _since_success(tries: list[SignInAttempt]) -> list[datetime]:
    failures = takewhile(lambda one: one.outcome == SignInAttempt.Outcome.REFUSED, tries)
    return [one.at for one in failures]


_SINCE = Blank("since", DateTimeField(), is_hidden=True)
_NOWHERE = "-"
"""In the place of an address that is not known: nothing was tried there."""


def _columns(tries: QuerySet[SignInAttempt], *, is_of_account: bool, most: int) -> QuerySet[SignInAttempt]:
    """Give the newest of these tries, and say which part of the question found them."""
    newest = tries.filter(at__gt=_SINCE).order_by("-at", "-pk").only("pk", "lane", "address", "outcome", "at")
    return newest.annotate(is_of_account=Value(is_of_account, output_field=BooleanField()))[:most]


def _is_of_account(one: SignInAttempt) -> bool:
    return bool(one.__dict__["is_of_account"])


# Tries while one must wait neither lengthen the wait nor push out those that caused it; a right password that waits for
# a second factor neither counts nor forgives.
_OF_ACCOUNT = Q(account_key=Blank("account_key", CharField(), is_hidden=True)) & ~Q(
    outcome__in=[SignInAttempt.Outcome.THROTTLED, SignInAttempt.Outcome.PASSWORD_SHOWN]
)
_REFUSED_AT_ADDRESS = Q(
    address=Blank("address", CharField(), is_hidden=True), lane="", outcome=SignInAttempt.Outcome.REFUSED
)
# Each part has a limit of its own: however many are refused at an address, none of an account's tries is pushed out.
_LATELY = Question(
    lambda: _columns(SignInAttempt.objects.filter(_OF_ACCOUNT), is_of_account=True, most=TRIES_READ),
    lambda: _columns(SignInAttempt.objects.filter(_REFUSED_AT_ADDRESS), is_of_account=False, most=OF_AN_ADDRESS.free),
)
"""The tries of one account, and what strangers were refused at one address, whichever accounts they tried."""


def _is_known_at(typed: str, place: str, *, at: datetime) -> bool:
    return SignInAttempt.objects.filter(
        account_key=account_key(typed),
        address=place,
        outcome=SignInAttempt.Outcome.SIGNED_IN,
        at__gt=at - KNOWN_PLACE_FOR,
    ).exists()


def refuse_while_waiting(typed: str, address: str, *, at: datetime, device: str = "", lane: str = "") -> None:
    """
    Refuse, and note that somebody tried, while this account must wait from this address, or in this lane.

    :raises Denied: `sign_in_throttled`, or `sign_in_slowed` for what others did
    """
    wait = _wait(typed, address, at=at, lane=lane)
    if wait.time:
        note(typed, address, device, SignInAttempt.Outcome.THROTTLED, subject=None, at=at, lane=lane)
        raise Denied(wait.reason, {"minutes": math.ceil(wait.time.total_seconds() / 60)})


_TURNS = tuple(Lock() for _ in range(256))


@contextmanager
def in_turn(typed: str, *, lane: str = "") -> Iterator[None]:
    """
    Judge the passwords of one account, or of one lane of it, one after the other: see the wait, judge, and note it.

    Of tries that come at once each then finds the ones before it noted. It holds in one process; each further process
    may judge one more (docs/decisions/0019-guessing.md). Accounts may share a turn; that costs a moment.

    :raises QueueFull: if one's turn does not come in time
    """
    turn = _TURNS[int(sha256((account_key(typed) + lane).encode()).hexdigest()[:2], 16)]
    if not turn.acquire(timeout=hashing.WAIT_MAX.total_seconds()):
        raise hashing.QueueFull
    try:
        yield
    finally:
        turn.release()


def note(
    typed: str,
    address: str,
    device: str,
    outcome: SignInAttempt.Outcome,
    *,
    subject: Subject | None,
    at: datetime,
    lane: str = "",
) -> int:
    """
    Keep one try: bookkeeping for this module and for the person's own history; returns its key, 0 if it is not kept.

    Of tries while one must wait, one in ten minutes is kept: a stranger does not fill the table.
    """
    if (
        outcome == SignInAttempt.Outcome.THROTTLED
        and SignInAttempt.objects.filter(
            account_key=account_key(typed), address=neighbourhood(address), outcome=outcome, at__gt=at - KEPT_EVERY
        ).exists()
    ):
        return 0
    attempt = attempt_of(typed, address, device, outcome, subject=subject, at=at, lane=lane)
    insert(attempt)
    return int(attempt.pk)


def attempt_of(
    typed: str,
    address: str,
    device: str,
    outcome: SignInAttempt.Outcome,
    *,
    subject: Subject | None,
    at: datetime,
    lane: str = "",
) -> SignInAttempt:
    """Make the row of one try, which is yet to be written."""
    return SignInAttempt(
        subject=subject,
        account_key=account_key(typed),
        address=neighbourhood(address),
        device=device[:120],
        lane=lane,
        at=at,
        outcome=outcome,
    )


def note_led_on(attempt_id: int, *, at: datetime) -> bool:
    """Let a right password that waited for the second factor be the sign-in to which it has led; if it waits still."""
    return _LEAD_ON.run(pk=attempt_id, at=at) == 1


_LEAD_ON = Update(
    lambda: QuerySet(SignInAttempt).filter(
        pk=Blank("pk", BigIntegerField()), outcome=SignInAttempt.Outcome.PASSWORD_SHOWN
    ),
    outcome=SignInAttempt.Outcome.SIGNED_IN,
    at=Blank("at", DateTimeField()),
)


# --- Codes of second factors ----------------------------------------------------------------------------------------

OF_CODES = Pace(FREE_FAILURES, timedelta(seconds=30), timedelta(minutes=15))


def code_key(subject: Subject) -> str:
    """Name the wrong codes of an account, apart from its wrong passwords."""
    return f"{subject.pk} second factor"


def code_wait(subject: Subject, *, at: datetime, lane: str = "") -> timedelta:
    """
    Say how long codes of an account must still wait, by the failures of one known device, or of all strangers together.

    Whoever tries codes has shown the password: strangers share one wait, from wherever they come (T-22).
    """
    wrong = _WRONG_CODES.ask(account_key=account_key(code_key(subject)), lane=lane, since=at - WINDOW)
    return OF_CODES.wait([one.at for one in wrong], at=at)


_WRONG_CODES = Question(
    lambda: (
        SignInAttempt.objects.filter(
            account_key=Blank("account_key", CharField()),
            lane=Blank("lane", CharField()),
            at__gt=_SINCE,
            outcome__in=[SignInAttempt.Outcome.WRONG_CODE, SignInAttempt.Outcome.RESET_CODE],
        )
        .order_by("-at", "-pk")
        .only("pk", "at")[:TRIES_READ]
    )
)
