"""
How long an answer takes does not tell who exists (T-19): 200 samples of each kind, by the Kolmogorov–Smirnov test.

The processor time of the thread is compared, not the clock on the wall, and the kinds take turns: what else the machine
does falls on all of them alike. Equal kinds differ once in twenty times by chance, and more often where the machine
changes its pace, now one way and now the other; a true difference does each time, and one kind is always the slower, so
kinds fail only if they differ in each of three series, and the same one is slower in all.
"""

import math
import time
from bisect import bisect_right
from datetime import timedelta
from itertools import chain, combinations
from statistics import median

import pytest
from django.test import Client
from django.utils import timezone

from kunjae.audit.change import state_change
from kunjae.identity import operations as identity
from kunjae.identity import throttle
from kunjae.identity.models import SignInAttempt, Subject
from tests import factories
from tests.factories import TEST

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

SAMPLES = 200
SERIES = 3
SAME_ABOVE = 0.05


def ks_p_value(first: list[float], second: list[float]) -> float:
    """Give the probability of samples that lie so far apart if both come from one distribution (two-sided)."""
    first, second = sorted(first), sorted(second)
    distance = max(
        abs(bisect_right(first, value) / len(first) - bisect_right(second, value) / len(second))
        for value in [*first, *second]
    )
    size = math.sqrt(len(first) * len(second) / (len(first) + len(second)))
    scaled = (size + 0.12 + 0.11 / size) * distance
    if scaled < 0.2:
        return 1.0  # the series below converges too slowly to say more
    terms = (2 * (-1) ** (term - 1) * math.exp(-2 * term**2 * scaled**2) for term in range(1, 101))
    return min(1.0, max(0.0, sum(terms)))


def slower_of(times: dict[str, list[float]], pair: tuple[str, str]) -> str:
    """Name the slower kind of two that differ; nothing if they do not."""
    first, second = (times[kind] for kind in pair)
    if ks_p_value(first, second) > SAME_ABOVE:
        return ""
    return pair[0] if median(first) > median(second) else pair[1]


def test_ks_tells_apart_what_differs_and_only_that():
    steps = [float(number) for number in range(200)]

    assert ks_p_value(steps, [step + 0.5 for step in steps]) > 0.99
    assert ks_p_value(steps, [step + 40 for step in steps]) < 0.001
    # Tables: of two samples of 200, a distance of 0.1358 has a probability of 0.05.
    assert ks_p_value(steps, [step + 27 for step in steps]) == pytest.approx(0.05, abs=0.01)
    assert slower_of({"a": steps, "b": [step + 40 for step in steps]}, ("a", "b")) == "b"
    assert slower_of({"a": steps, "b": steps[::-1]}, ("a", "b")) == ""


OF_EACH_KIND = 5
"""So many user ids stand for a kind: what makes one name slower in one process, as its hash may, says nothing of a kind."""


@pytest.fixture
def accounts() -> dict[str, list[str]]:
    """User ids of each kind of account; of unknown ones too."""
    town = factories.a_town()
    known, closed = (
        [factories.an_account(factories.a_person(), town.authority) for _ in range(OF_EACH_KIND)] for _ in range(2)
    )
    with state_change(actor=TEST, at=factories.NOW):
        for account in closed:
            identity.close_subject(actor=TEST, subject_id=account.pk, case="", at=factories.NOW)
    return {
        "known": [account.username for account in known],
        "unknown": [f"rawai.9{number:03d}" for number in range(OF_EACH_KIND)],
        "closed": [account.username for account in closed],
    }


@pytest.fixture
def client() -> Client:
    """One browser for all: a new one would load the program anew, which takes longer than what is compared."""
    return Client(REMOTE_ADDR="192.0.2.7")


def seconds_of(client: Client, username: str) -> float:
    """Sign in wrongly once as a browser that knows nothing; the processor time that the answer took."""
    client.cookies.clear()
    began = time.thread_time()
    answer = client.post("/sign-in/", {"username": username, "password": "wrong-password-1"})
    took = time.thread_time() - began
    assert answer.status_code == 422
    return took


def assert_overlap(client: Client, accounts: dict[str, list[str]], *, after_each) -> None:
    """Compare each two kinds, over series that take turns; what differs in every series is a way to tell them apart."""
    pairs = list(combinations(accounts, 2))
    suspected = {(pair, slower) for pair in pairs for slower in pair}
    for _ in range(SERIES):
        for username in chain.from_iterable(accounts.values()):
            seconds_of(client, username)
            after_each()
        times: dict[str, list[float]] = {kind: [] for kind in accounts}
        kinds = list(accounts)
        for number in range(SAMPLES):
            for place in range(len(kinds)):
                kind = kinds[(number + place) % len(kinds)]
                times[kind].append(seconds_of(client, accounts[kind][number % OF_EACH_KIND]))
                after_each()
        suspected &= {(pair, slower_of(times, pair)) for pair in pairs}
        if not suspected:
            return
    pytest.fail(f"told apart by their time, the slower last: {sorted(suspected)}")


def test_t_19_known_unknown_and_closed_take_the_same_time(client, accounts):
    # The cheap hash of the tests hides nothing: what differs around it stands out more than in production. That each
    # costs one hash is counted in test_sign_in.py.
    assert_overlap(client, accounts, after_each=SignInAttempt.objects.all().delete)


def test_t_19_who_must_wait_takes_the_same_time_whether_known_or_not(client, accounts):
    now = timezone.now()
    for username in chain.from_iterable(accounts.values()):
        subject = Subject.objects.filter(username=username).first()
        for number in range(throttle.FREE_FAILURES + 3):
            at = now - timedelta(seconds=number)
            throttle.note(username, "192.0.2.7", "", SignInAttempt.Outcome.REFUSED, subject=subject, at=at)

    assert_overlap(client, accounts, after_each=lambda: None)

    assert not SignInAttempt.objects.filter(at__gt=now, outcome=SignInAttempt.Outcome.REFUSED).exists()
