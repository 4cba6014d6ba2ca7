"""Two registers at once: one goes after the other, and none is half."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from kunjae.audit import chain
from kunjae.core.actor import system
from kunjae.organisations import operations
from kunjae.organisations.models import AuthorityEdition, LocalAuthority
from kunjae.organisations.register import demo_province
from tests.factories import NOW

pytestmark = pytest.mark.django_db(transaction=True)

THREADS = 4


def test_import_register_at_once_brings_each_authority_in_once():
    gate = threading.Barrier(THREADS)

    def bring_in(number: int) -> operations.Outcome:
        try:
            gate.wait(timeout=30)
            return operations.import_register(actor=system(f"thread-{number}"), file=demo_province.phuket(), at=NOW)
        finally:
            connection.close()

    with ThreadPoolExecutor(THREADS) as pool:
        outcomes = list(pool.map(bring_in, range(THREADS)))

    assert sorted(outcome.added for outcome in outcomes) == [0, 0, 0, 19]
    assert (LocalAuthority.objects.count(), AuthorityEdition.objects.count()) == (19, 19)
    assert chain.verify().faults == ()


def test_import_register_at_once_renames_once():
    operations.import_register(actor=system("first"), file=demo_province.phuket(), at=NOW)
    newer = demo_province.phuket().replace(",ราไวย์,".encode(), ",หาดราไวย์,".encode())
    gate = threading.Barrier(THREADS)

    def bring_in(number: int) -> operations.Outcome:
        try:
            gate.wait(timeout=30)
            return operations.import_register(
                actor=system(f"thread-{number}"), file=newer, at=NOW.replace(month=11, minute=number)
            )
        finally:
            connection.close()

    with ThreadPoolExecutor(THREADS) as pool:
        outcomes = list(pool.map(bring_in, range(THREADS)))

    assert sorted(outcome.changed for outcome in outcomes) == [0, 0, 0, 1]
    assert AuthorityEdition.objects.filter(code="5830107").count() == 2
