"""One circular, many workers: each recipient gets it once, whoever writes, and however often (L-07)."""

import pytest

from kunjae.audit import chain
from kunjae.audit.change import state_change
from kunjae.circulars import operations, spreading
from kunjae.circulars.models import Circular, Receipt
from kunjae.messaging.models import Message
from kunjae.oversight import operations as oversight
from kunjae.oversight.models import Matter, VacancyReminder
from tests import factories
from tests.factories import NOW, TEST, actor_of
from tests.integration.test_circulars import content
from tests.postgresql.test_two_decisions import THREADS, at_once

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def town():
    town = factories.a_town()
    for number in range(40):
        factories.a_local_authority(f"ตำบล{number}")
    return town


@pytest.fixture
def circular(town) -> Circular:
    who = actor_of(factories.a_desk_officer())
    circular = operations.prepare(actor=who, content=content(), at=NOW)
    return operations.send(actor=who, public_id=circular.public_id, version=1, at=NOW)


def test_spread_batch_at_once_reaches_each_recipient_once(town, circular):
    def act(number: int) -> None:
        while not spreading.spread_batch(circular.pk, at=NOW, size=3):
            pass

    assert at_once(act) == {"done": THREADS}
    circular.refresh_from_db()
    assert circular.spread_at == NOW
    assert Receipt.objects.filter(authority__isnull=False).count() == 41
    assert Receipt.objects.filter(province__isnull=False).count() == 1
    assert Message.objects.filter(kind="circular").count() == 1  # The head's; the others have no address.
    assert chain.verify().faults == ()


def test_send_at_once_sends_once(town):
    who = actor_of(factories.a_desk_officer())
    draft = operations.prepare(actor=who, content=content(), at=NOW)

    def act(number: int) -> None:
        operations.send(actor=who, public_id=draft.public_id, version=1, at=NOW)

    assert at_once(act) == {"done": 1, "circular_sent": THREADS - 1}


def test_remind_at_once_reminds_once(town, circular):
    spreading.spread_batch(circular.pk, at=NOW)
    receipt = Receipt.objects.get(authority=town.authority)
    who = actor_of(factories.a_desk_officer())

    def act(number: int) -> None:
        if number % 2:
            operations.remind(actor=who, receipt_public_id=receipt.public_id, at=NOW)
        else:
            spreading.remind_batch(circular.pk, at=NOW)

    outcomes = at_once(act)

    assert outcomes.keys() <= {"done", "reminded_recently"}
    assert Message.objects.filter(kind="circular_reminder").count() == 1
    receipt.refresh_from_db()
    assert receipt.reminders_count == 1


def test_acknowledge_at_once_is_noted_once(town, circular):
    spreading.spread_batch(circular.pk, at=NOW)
    receipt = Receipt.objects.get(authority=town.authority)

    def act(number: int) -> None:
        operations.acknowledge(actor=actor_of(town.head), receipt_public_id=receipt.public_id, at=NOW)

    assert at_once(act) == {"done": 1, "circular_acknowledged": THREADS - 1}
    assert chain.verify().faults == ()


def test_remind_of_a_vacancy_at_once_reminds_once(town):
    authority = factories.a_local_authority("ไม้ขาว")
    with state_change(actor=TEST, at=NOW) as change:
        authority.change_to(central_email="saraban@maikhao.example")
        change.record("unit.added", organisation_id=None, unit="")
    who = actor_of(factories.a_desk_officer())

    def act(number: int) -> None:
        oversight.remind(actor=who, authority=authority, about=Matter.VACANCY, at=NOW)

    assert at_once(act) == {"done": 1, "reminded_recently": THREADS - 1}
    assert VacancyReminder.objects.count() == Message.objects.filter(kind="vacancy_reminder").count() == 1
