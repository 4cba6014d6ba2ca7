"""Many workers make one round: each account is proposed, suspended, each decoy alerted of, once (L-30, T-08)."""

from datetime import timedelta

import pytest

from kunjae.audit import chain
from kunjae.audit.models import AuditEvent
from kunjae.core.actor import system
from kunjae.identity import operations as identity
from kunjae.identity import throttle
from kunjae.identity.models import Honeytoken, SignInAttempt
from kunjae.messaging.models import Message
from kunjae.revocation import operations
from kunjae.revocation.dormant_rounds import propose_dormant, suspend_dormant
from tests import factories
from tests.factories import NOW, actor_of
from tests.postgresql.test_two_decisions import THREADS, at_once

pytestmark = pytest.mark.django_db(transaction=True)

ROUND = system("some-round")


@pytest.mark.parametrize(
    ("make", "days", "event", "kind"),
    [
        (propose_dormant, 90, "account.proposed", "accounts_unused"),
        (suspend_dormant, 180, "subject.suspended", "accounts_suspended_unused"),
    ],
    ids=["proposal", "rule"],
)
def test_rounds_at_once_act_once_on_each_account(make, days, event, kind):
    town = factories.a_town()
    for _ in range(4):
        factories.an_account(factories.a_person(), town.authority)

    outcomes = at_once(lambda number: make(actor=ROUND, at=NOW + timedelta(days=days)))

    assert outcomes == {"done": THREADS}
    assert AuditEvent.objects.filter(name=event).count() == 5
    assert AuditEvent.objects.filter(name="account.spared").count() == (days == 180)
    assert Message.objects.filter(kind=kind).count() == 1
    assert chain.verify().faults == ()


def test_keep_in_use_at_once_is_recorded_once():
    town = factories.a_town()

    def act(number: int) -> None:
        operations.keep_in_use(
            actor=actor_of(town.head),
            subject_public_id=town.officer.public_id,
            reason=f"ลา {number}",
            at=NOW + timedelta(days=100),
        )

    assert at_once(act) == {"done": 1, "kept_already": THREADS - 1}
    assert AuditEvent.objects.filter(name="account.kept").count() == 1


def test_alert_of_honeytokens_at_once_alerts_once():
    desk = factories.a_desk_officer()
    identity.lay_honeytoken(actor=actor_of(desk), username="rawai.admin", note="ไดรฟ์กลาง", at=NOW)
    after = NOW + timedelta(minutes=1)
    throttle.note("rawai.admin", "192.0.2.1", "", SignInAttempt.Outcome.REFUSED, subject=None, at=after)

    assert at_once(lambda number: identity.alert_of_honeytokens(actor=ROUND, at=after)) == {"done": THREADS}
    assert AuditEvent.objects.filter(name="honeytoken.tried").count() == 1
    assert Message.objects.filter(kind="honeytoken_tried").count() == 1


def test_lay_honeytoken_at_once_lays_one():
    desk = factories.a_desk_officer()

    def act(number: int) -> None:
        identity.lay_honeytoken(actor=actor_of(desk), username="rawai.admin", note="ไดรฟ์กลาง", at=NOW)

    assert at_once(act) == {"done": 1, "user_id_taken": THREADS - 1}
    assert Honeytoken.objects.count() == 1
