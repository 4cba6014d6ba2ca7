"""Accounts that nobody uses: proposed after 90 days, kept for a reason, suspended by rule after 180 (L-30, T-08)."""

from datetime import datetime, timedelta

import pytest
from django.db import IntegrityError, transaction

from kunjae.audit.change import state_change
from kunjae.audit.models import AuditEvent, chain_of
from kunjae.core.actor import system
from kunjae.core.verdict import Denied
from kunjae.entitlements import operations as entitlements
from kunjae.identity import operations as identity
from kunjae.identity.models import EndReason, Session, Subject, SubjectState
from kunjae.messaging.models import Message
from kunjae.messaging.rendering import render
from kunjae.organisations.models import Capacity
from kunjae.revocation import operations, overview
from kunjae.revocation.dormant_rounds import propose_dormant, suspend_dormant
from kunjae.revocation.models import Dormancy
from kunjae.site import rounds
from tests import factories
from tests.factories import NOW, TEST, Town, actor_of

pytestmark = pytest.mark.django_db

PROPOSE, SUSPEND = system("propose-dormant"), system("suspend-dormant")
REASON = "ลาคลอดบุตรถึงสิ้นปีงบประมาณ"


@pytest.fixture
def town() -> Town:
    return factories.a_town()


def after(days: int, **more: int) -> datetime:
    return NOW + timedelta(days=days, **more)


def use(subject: Subject, *, at: datetime) -> None:
    session = identity.start_session(
        subject=subject, session_key=f"{subject.pk}-{at}", address="192.0.2.1", device="Firefox", at=at
    )
    identity.end_session(actor=actor_of(subject), session_id=session.pk, reason=EndReason.SIGNED_OUT, at=at)


def propose(at: datetime) -> int:
    return propose_dormant(actor=PROPOSE, at=at)


def suspend(at: datetime) -> int:
    return suspend_dormant(actor=SUSPEND, at=at)


def keep(who: Subject, subject: Subject, *, at: datetime, reason: str = REASON) -> None:
    operations.keep_in_use(actor=actor_of(who), subject_public_id=subject.public_id, reason=reason, at=at)


def state_of(subject: Subject) -> str:
    return Subject.objects.get(pk=subject.pk).state


def to_be_decided(town: Town, *, at: datetime) -> list[Subject]:
    return list(overview.accounts(town.authority.pk, overview.Use.PROPOSED, at=at))


def told(kind: str) -> list[int | None]:
    return list(Message.objects.filter(kind=kind).order_by("pk").values_list("person_id", flat=True))


def events(name: str) -> list[AuditEvent]:
    return list(AuditEvent.objects.filter(name=name).order_by("pk"))


# --- Half a year passes -------------------------------------------------------------------------------------------


def test_t_08_in_half_a_year_an_account_that_nobody_uses_is_proposed_and_then_suspended(town):
    """The clock runs for 180 days, the rounds once a day; the head signs in every week, the officer never again."""
    use(town.officer, at=NOW)
    proposed_on, suspended_on = [], []
    for day in range(1, 200):
        if day % 7 == 0:
            use(town.head, at=after(day))
        if propose(after(day)):
            proposed_on.append(day)
        if suspend(after(day)):
            suspended_on.append(day)

    assert (proposed_on, suspended_on) == ([90], [180])
    assert state_of(town.officer) == SubjectState.SUSPENDED
    assert state_of(town.head) == SubjectState.ACTIVE


# --- The proposal -------------------------------------------------------------------------------------------------


def test_propose_dormant_tells_the_head_once_of_all_new_ones(town):
    other = factories.an_account(factories.a_person("วีรภัทร", "แซ่ลิ้ม", "นาย"), town.authority)
    use(town.head, at=after(80))

    assert [propose(after(90)), propose(after(90)), propose(after(91))] == [2, 0, 0]

    assert told("accounts_unused") == [town.head.person_id]
    text = str(render(Message.objects.get(kind="accounts_unused"), at=after(90)))
    assert town.officer.username in text
    assert other.username in text
    assert f"/o/{town.authority.code}/use/" in text
    assert {event.subject_person_id for event in events("account.proposed")} == {
        town.officer.person_id,
        other.person_id,
    }
    assert {event.chain for event in events("account.proposed")} == {chain_of(town.authority.pk)}


@pytest.mark.parametrize("hours", [-1, 0])
def test_propose_dormant_begins_with_the_ninetieth_day(town, hours):
    use(town.officer, at=after(10))

    assert propose(after(100, hours=hours)) == (hours == 0)


def test_propose_dormant_counts_a_resumption_as_use(town):
    operations.suspend(actor=actor_of(town.head), subject_public_id=town.officer.public_id, reason="ลา", at=after(10))
    operations.resume(actor=actor_of(town.head), subject_public_id=town.officer.public_id, at=after(60))

    assert propose(after(149)) == 0
    assert propose(after(150)) == 1


def test_propose_dormant_asks_nothing_of_who_is_not_in_use_or_heads_himself(town):
    operations.suspend(actor=actor_of(town.head), subject_public_id=town.officer.public_id, reason="ลา", at=NOW)

    assert propose(after(100)) == 0
    assert told("accounts_unused") == []


def test_propose_dormant_waits_where_nobody_is_in_charge(town):
    with state_change(actor=TEST, at=after(1)):
        identity.suspend_subject(actor=TEST, subject_id=town.head.pk, reason="ลา", at=after(1))

    assert propose(after(100)) == 0
    assert events("account.proposed") == []


def test_propose_dormant_tells_each_head_of_his_own_accounts_alone(town):
    other = factories.a_town("กะรน", "karon")
    propose(after(90))

    for town_told in (town, other):
        text = str(render(Message.objects.get(kind="accounts_unused", person=town_told.head.person), at=after(90)))
        assert town_told.officer.username in text
        assert "".join({town.officer.username, other.officer.username} - {town_told.officer.username}) not in text


def test_propose_dormant_asks_few_questions_however_many_authorities_there_are(town, django_assert_max_num_queries):
    for name in ("กะรน", "ฉลอง", "วิชิต"):
        factories.a_town(name, "stem")

    with django_assert_max_num_queries(1):
        assert propose(after(10)) == 0


# --- The answer ---------------------------------------------------------------------------------------------------


def test_keep_in_use_is_recorded_with_its_reason_and_leaves_the_list_for_ninety_days(town):
    propose(after(90))

    assert town.officer in to_be_decided(town, at=after(90))
    keep(town.head, town.officer, at=after(95))

    [event] = events("account.kept")
    assert (event.actor_person_id, event.subject_person_id) == (town.head.person_id, town.officer.person_id)
    assert REASON in event.facts_json
    kept = Dormancy.objects.get(subject=town.officer)
    assert (kept.kept_at, kept.kept_by_id, kept.kept_reason) == (after(95), town.head.person_id, REASON)
    assert kept.proposed_at == after(90)
    assert [town.officer in to_be_decided(town, at=after(day)) for day in (96, 184, 185)] == [False, False, True]
    assert propose(after(96)) == 0


def test_keep_in_use_is_no_use_the_rule_acts_all_the_same(town):
    keep(town.head, town.officer, at=after(100))

    assert suspend(after(180)) == 1
    assert state_of(town.officer) == SubjectState.SUSPENDED


@pytest.mark.parametrize(
    ("who", "reason"),
    [("other head", "not_of_your_authority"), ("officer", "not_head"), ("colleague", "not_head"), ("desk", "not_head")],
)
def test_keep_in_use_by_somebody_else_is_refused_and_remembered(town, who, reason):
    actors = {
        "other head": lambda: factories.a_town("กะรน", "karon").head,
        "officer": lambda: town.officer,
        "colleague": lambda: factories.an_account(factories.a_person(), town.authority),
        "desk": factories.a_desk_officer,
    }
    with pytest.raises(Denied) as denied:
        keep(actors[who](), town.officer, at=after(100))

    assert denied.value.reason == reason
    assert not Dormancy.objects.exists()
    assert len(events("attempt.denied")) == 1


def test_keep_in_use_of_oneself_is_refused_by_the_policy_and_by_the_database(town):
    with pytest.raises(Denied, match="own_case"):
        keep(town.head, town.head, at=after(100))
    with pytest.raises(IntegrityError), transaction.atomic(), state_change(actor=TEST, at=NOW):
        Dormancy.objects.create(
            subject=town.head,
            person=town.head.person,
            kept_at=NOW,
            kept_by=town.head.person,
            kept_reason=REASON,
        )


@pytest.mark.parametrize(
    ("day", "reason", "refusal"), [(100, "", "keeping_reason_missing"), (89, REASON, "account_is_used")]
)
def test_keep_in_use_needs_a_reason_and_an_account_that_nobody_uses(town, day, reason, refusal):
    with pytest.raises(Denied, match=refusal):
        keep(town.head, town.officer, at=after(day), reason=reason)

    assert not Dormancy.objects.exists()


def test_keep_in_use_a_second_time_is_refused(town):
    keep(town.head, town.officer, at=after(100))

    with pytest.raises(Denied, match="kept_already"):
        keep(town.head, town.officer, at=after(101))

    assert len(events("account.kept")) == 1


# --- The rule -----------------------------------------------------------------------------------------------------


def test_suspend_dormant_says_why_ends_what_is_open_and_tells_owner_and_head(town):
    other = factories.an_account(factories.a_person("วีรภัทร", "แซ่ลิ้ม", "นาย"), town.authority)
    use(other, at=after(100))

    assert [suspend(after(180)), suspend(after(180)), suspend(after(181))] == [1, 0, 0]

    subject = Subject.objects.get(pk=town.officer.pk)
    assert subject.state == SubjectState.SUSPENDED
    assert "180" in subject.suspended_reason
    assert subject.suspended_by_id is None
    assert state_of(other) == SubjectState.ACTIVE
    [event] = events("subject.suspended")
    assert event.actor == "system:suspend-dormant"
    assert "180" in event.facts_json
    assert told("account_suspended") == [town.officer.person_id]
    assert told("accounts_suspended_unused") == [town.head.person_id]
    text = str(render(Message.objects.get(kind="accounts_suspended_unused"), at=after(180)))
    assert town.officer.username in text


def test_suspend_dormant_sends_no_sms_to_whom_no_mail_reaches(town):
    with state_change(actor=TEST, at=NOW):
        identity.change_contact(
            actor=TEST,
            subject_id=town.officer.pk,
            email="",
            email_confirmed_at=None,
            mobile="0891234567",
            mobile_confirmed_at=NOW,
            at=NOW,
        )

    assert suspend(after(180)) == 1

    assert state_of(town.officer) == SubjectState.SUSPENDED
    assert told("account_suspended") == []
    assert told("accounts_suspended_unused") == [town.head.person_id]
    assert not Message.objects.filter(channel="sms", queued_at=after(180)).exists()


def test_suspend_dormant_is_taken_back_by_the_head_and_the_days_begin_anew(town):
    suspend(after(180))

    operations.resume(actor=actor_of(town.head), subject_public_id=town.officer.public_id, at=after(181))

    assert state_of(town.officer) == SubjectState.ACTIVE
    assert propose(after(271)) == 1
    assert suspend(after(360)) == 0
    assert suspend(after(361)) == 1


def test_suspend_dormant_never_takes_the_head_from_an_authority(town):
    assert suspend(after(180)) == 1, "the officer"

    assert state_of(town.head) == SubjectState.ACTIVE
    [event] = events("account.spared")
    assert event.subject_person_id == town.head.person_id
    assert told("head_unused") == [town.head.person_id]
    assert suspend(after(181)) == 0
    assert len(events("account.spared")) == 1
    assert town.head.username in str(render(Message.objects.get(kind="head_unused"), at=after(180)))


def test_suspend_dormant_spares_who_heads_another_authority(town):
    other = factories.a_local_authority("กะรน", stem="karon")
    entitlements.open_tenure(
        actor=TEST,
        authority=other,
        subject=town.officer,
        capacity=Capacity.ACTING_FOR,
        order_number="1/2570",
        order_date=NOW.date(),
        at=NOW,
    )

    assert suspend(after(180)) == 0
    assert state_of(town.officer) == SubjectState.ACTIVE


def test_suspend_dormant_leaves_the_desks_above_the_authorities_alone(town):
    desk = factories.a_desk_officer()

    suspend(after(180))

    assert state_of(desk) == SubjectState.ACTIVE, "nobody could put it back into use"


def test_suspend_dormant_leaves_alone_who_signed_in_a_day_before(town):
    use(town.officer, at=after(179))

    assert suspend(after(180)) == 0
    assert Session.objects.filter(subject=town.officer, end_reason=EndReason.SUSPENDED).count() == 0


def test_dormancy_is_looked_after_by_rounds_of_the_worker(town):
    made = {one.name: one.make for one in rounds.ROUNDS if "dormant" in one.name}

    assert (made["propose-dormant"](after(90)), made["suspend-dormant"](after(180))) == (1, 1)
