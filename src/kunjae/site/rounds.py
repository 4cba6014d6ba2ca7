"""
What the worker does by the clock: each round looks for what is due and does it, whoever did or did not come by.

A round may be made any number of times, by any number of workers at once: what it calls takes only what is due.
"""

import logging
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import close_old_connections, connections
from django.utils import timezone

from kunjae.core.actor import system
from kunjae.documents import drawing
from kunjae.identity import operations as identity
from kunjae.messaging import operations as messaging
from kunjae.official_letters.operations.following import follow_up
from kunjae.official_letters.operations.intake import remove_abandoned_intakes
from kunjae.revocation.dormant_rounds import propose_dormant, suspend_dormant
from kunjae.revocation.watching import tell_of_guessing, tell_of_wrong_codes

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Round:
    """One thing to be looked after; `make` takes the instant, and returns how much it did."""

    name: str
    every: timedelta
    make: Callable[[datetime], int]


def _end_overdue_sessions(at: datetime) -> int:
    return identity.end_overdue_sessions(actor=system("end-overdue-sessions"), at=at)


def _take_up_messages(at: datetime) -> int:
    return messaging.take_up_stranded(at=at)


def _take_up_scans(at: datetime) -> int:
    return drawing.take_up_stranded(at=at)


def _follow_up_letters(at: datetime) -> int:
    return follow_up(actor=system("follow-up-letters"), at=at)


def _take_away_letters_not_keyed(at: datetime) -> int:
    return remove_abandoned_intakes(actor=system("take-away-letters-not-keyed"), at=at)


def _keep_password_days(at: datetime) -> int:
    return identity.keep_password_days(actor=system("keep-password-days"), at=at)


def _warn_of_due_passwords(at: datetime) -> int:
    return identity.warn_of_due_passwords(actor=system("warn-of-due-passwords"), at=at)


def _tell_of_guessing(at: datetime) -> int:
    return tell_of_guessing(actor=system("tell-of-guessing"), at=at)


def _tell_of_wrong_codes(at: datetime) -> int:
    return tell_of_wrong_codes(actor=system("tell-of-wrong-codes"), at=at)


def _alert_of_honeytokens(at: datetime) -> int:
    return identity.alert_of_honeytokens(actor=system("alert-of-honeytokens"), at=at)


def _tell_of_factor_day(at: datetime) -> int:
    return identity.tell_of_factor_day(actor=system("tell-of-factor-day"), at=at)


def _propose_dormant(at: datetime) -> int:
    return propose_dormant(actor=system("propose-dormant"), at=at)


def _suspend_dormant(at: datetime) -> int:
    return suspend_dormant(actor=system("suspend-dormant"), at=at)


ROUNDS = (
    Round("end-overdue-sessions", timedelta(minutes=1), _end_overdue_sessions),
    Round("follow-up-letters", timedelta(minutes=5), _follow_up_letters),
    Round("take-away-letters-not-keyed", timedelta(hours=1), _take_away_letters_not_keyed),
    Round("tell-of-guessing", timedelta(minutes=5), _tell_of_guessing),
    Round("keep-password-days", timedelta(hours=1), _keep_password_days),
    Round("warn-of-due-passwords", timedelta(hours=1), _warn_of_due_passwords),
    Round("tell-of-wrong-codes", timedelta(minutes=5), _tell_of_wrong_codes),
    Round("alert-of-honeytokens", timedelta(minutes=5), _alert_of_honeytokens),
    Round("tell-of-factor-day", timedelta(minutes=5), _tell_of_factor_day),
    Round("propose-dormant", timedelta(hours=1), _propose_dormant),
    Round("suspend-dormant", timedelta(hours=1), _suspend_dormant),
    Round("take-up-scans", timedelta(minutes=10), _take_up_scans),
)
"""Made when a worker starts, and then each at its interval."""

AT_THE_START = (Round("take-up-messages", timedelta(0), _take_up_messages),)
"""A message that waits makes its next attempt by itself; only a start looks for those whose task was lost."""


def make(rounds: Sequence[Round], *, at: datetime) -> None:
    """Make some rounds; a fault in one is logged, and the others are made all the same."""
    for due in rounds:
        try:
            due.make(at)
        except Exception:  # noqa: BLE001 (whatever it is, the other rounds and the queue go on)
            _log.exception("The round %s met a fault", due.name)


@contextmanager
def going_on() -> Iterator[None]:
    """Make the rounds at their intervals, in a thread of its own, until the block ends."""
    stopped = threading.Event()
    thread = threading.Thread(target=_go_on, args=(stopped,), name="rounds", daemon=True)
    thread.start()
    try:
        yield
    finally:
        stopped.set()
        thread.join(timeout=10)


def _go_on(stopped: threading.Event) -> None:
    next_at = {due.name: timezone.now() + due.every for due in ROUNDS}
    try:
        while not stopped.wait(timeout=min(due.every for due in ROUNDS).total_seconds() / 4):
            at = timezone.now()
            due = [one for one in ROUNDS if next_at[one.name] <= at]
            close_old_connections()
            make(due, at=at)
            close_old_connections()
            next_at |= {one.name: at + one.every for one in due}
    finally:
        connections.close_all()
