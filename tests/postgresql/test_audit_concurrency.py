# ruff: noqa: TRY301 (what fails within a change is the matter here)
"""Many hands at one chain: every event gets its place, none is lost, and a verification meanwhile raises no alarm."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import pytest
from django.db import connection

from kunjae.audit import chain
from kunjae.audit.change import state_change
from kunjae.audit.models import AuditEvent
from kunjae.core.actor import system
from kunjae.core.verdict import Denied

pytestmark = pytest.mark.django_db(transaction=True)

AT = datetime(2026, 10, 5, 3, 31, tzinfo=UTC)
THREADS, CHANGES = 8, 25


def at_once(act, *, threads: int = THREADS) -> list:
    """Run the act in threads that begin together, each with a connection of its own."""
    gate = threading.Barrier(threads)

    def run(number: int):
        try:
            gate.wait(timeout=30)
            return act(number)
        finally:
            connection.close()

    with ThreadPoolExecutor(threads) as pool:
        return list(pool.map(run, range(threads)))


def test_changes_of_many_threads_make_one_unbroken_chain():
    def act(number: int) -> None:
        for turn in range(CHANGES):
            with state_change(actor=system(f"thread-{number}"), at=AT) as change:
                change.record("unit.added", organisation_id=11, unit=f"{number}/{turn}")

    at_once(act)

    assert chain.verify() == chain.Finding(events=THREADS * CHANGES, chains=1, faults=())
    units = [event.facts["unit"] for event in AuditEvent.objects.order_by("sequence")]
    assert len(set(units)) == THREADS * CHANGES
    for number in range(THREADS):
        assert [unit for unit in units if unit.startswith(f"{number}/")] == [
            f"{number}/{turn}" for turn in range(CHANGES)
        ]


def test_changes_that_touch_several_chains_in_any_order_do_not_lock_each_other_out():
    def act(number: int) -> None:
        chains = [11, 12, None] if number % 2 else [None, 12, 11]
        for turn in range(CHANGES):
            with state_change(actor=system(f"thread-{number}"), at=AT) as change:
                for organisation_id in chains:
                    change.record("unit.added", organisation_id=organisation_id, unit=f"{number}/{turn}")

    at_once(act)

    assert chain.verify() == chain.Finding(events=THREADS * CHANGES * 3, chains=3, faults=())


def test_changes_that_are_refused_or_fail_leave_no_gap():
    def act(number: int) -> int:
        denied = 0
        for turn in range(CHANGES):
            try:
                with state_change(actor=system(f"thread-{number}"), at=AT) as change:
                    change.record("unit.added", organisation_id=11, unit=f"{number}/{turn}")
                    if turn % 3 == 0:
                        raise Denied("own_request", {"organisation_id": 11})
                    if turn % 3 == 1:
                        raise ZeroDivisionError
            except Denied:
                denied += 1
            except ZeroDivisionError:
                pass
        return denied

    denied = sum(at_once(act))

    assert AuditEvent.objects.filter(name="attempt.denied").count() == denied
    assert chain.verify().faults == ()


def test_verify_while_others_append_raises_no_alarm():
    findings = []

    def act(number: int) -> None:
        for turn in range(CHANGES):
            if number == 0:
                findings.append(chain.verify())
                continue
            with state_change(actor=system(f"thread-{number}"), at=AT) as change:
                change.record("unit.added", organisation_id=number % 3, unit=f"{number}/{turn}")

    at_once(act)

    assert [finding.faults for finding in findings] == [()] * CHANGES
    assert chain.verify().events == (THREADS - 1) * CHANGES
