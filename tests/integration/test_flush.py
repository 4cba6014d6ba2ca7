"""The clean-up after a transactional test: it empties the record, and leaves its guard in place."""

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from kunjae.audit.models import AuditEvent


def _an_event() -> AuditEvent:
    return AuditEvent.objects.create(
        chain="nation", sequence=1, at=timezone.now(), name="test.event", actor="system:test", seal="-"
    )


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("round_", [1, 2])
def test_the_record_is_empty_and_guarded_in_each_round(round_):
    event = _an_event()

    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        AuditEvent.objects.filter(pk=event.pk).delete()
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        AuditEvent.objects.filter(pk=event.pk).update(name="changed")

    assert AuditEvent.objects.count() == 1


@pytest.mark.django_db
def test_the_test_database_is_the_one_asked_for():
    from tests.settings import TEST_DATABASE

    assert connection.vendor == TEST_DATABASE
