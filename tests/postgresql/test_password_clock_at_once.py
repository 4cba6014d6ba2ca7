"""Many workers make one round of the six-month clock, and two windows answer one question (clause 4(3), T-08)."""

from datetime import timedelta

import pytest

from kunjae.audit import chain
from kunjae.audit.change import state_change
from kunjae.audit.models import AuditEvent
from kunjae.core.actor import system
from kunjae.identity import due_passwords
from kunjae.identity import operations as identity
from kunjae.identity.models import PasswordClockAnswer, Subject
from kunjae.identity.proofs import Proved
from kunjae.messaging.models import Message
from kunjae.site import rounds
from tests import factories
from tests.factories import NOW, TEST, TODAY, actor_of
from tests.integration.test_password_clock import REASON, make_due, noon
from tests.postgresql.test_two_decisions import THREADS, at_once

pytestmark = pytest.mark.django_db(transaction=True)

ROUND = system("some-round")


def test_rounds_at_once_warn_each_owner_once():
    town = factories.a_town()
    day = TODAY + timedelta(days=100)
    owners = [factories.an_account(factories.a_person(), town.authority) for _ in range(4)]
    for one in (town.officer, *owners):
        make_due(one, day)
    warn = [one for one in rounds.ROUNDS if one.name == "warn-of-due-passwords"]

    for days_before, mails in ((14, 5), (3, 10)):
        at_once(lambda number, days=days_before: rounds.make(warn, at=noon(day - timedelta(days=days))))
        identity.warn_of_due_passwords(actor=ROUND, at=noon(day - timedelta(days=days_before)))
        assert Message.objects.filter(kind="password_due").count() == mails
        assert AuditEvent.objects.filter(name="credential.due_soon").count() == mails

    assert chain.verify().faults == ()


def test_rounds_at_once_give_each_password_one_day():
    town = factories.a_town()
    for _ in range(4):
        factories.an_account(factories.a_person(), town.authority)
    with state_change(actor=TEST, at=NOW) as change:
        Subject.objects.update(password_due_date=None)
        change.record("credential.rehashed", town.officer, organisation_id=None, username="all")
    without = due_passwords.passwords_without_day().count()

    at_once(lambda number: identity.keep_password_days(actor=ROUND, at=NOW))

    assert not due_passwords.passwords_without_day().exists()
    given = [event.facts["accounts"] for event in AuditEvent.objects.filter(name="password_clock.started")]
    assert sum(int(accounts) for accounts in given) == without
    assert chain.verify().faults == ()


def test_one_question_is_answered_once():
    town = factories.a_town()
    officer = make_due(town.officer, TODAY)

    def act(number: int) -> None:
        identity.put_off_password_change(
            actor=actor_of(officer),
            subject_id=officer.pk,
            proved=Proved.now(officer),
            reason=f"{REASON} {number}",
            at=NOW,
        )

    assert at_once(act) == {"done": 1, "password_not_asked": THREADS - 1}
    assert PasswordClockAnswer.objects.count() == 1
