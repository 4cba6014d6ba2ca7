"""Suspension by the head, the clerk and the department, and who takes it back (requirements 1.9.1, 6; 1.9.2)."""

from dataclasses import dataclass
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from kunjae.access_requests.operations import give_executive_access
from kunjae.audit.models import AuditEvent, chain_of
from kunjae.core.verdict import Denied
from kunjae.entitlements import permissions
from kunjae.entitlements.policies import may
from kunjae.entitlements.queries import tenure_of
from kunjae.identity.models import Session, Subject, SubjectState
from kunjae.organisations.models import Capacity, Desk, LookUp, Office
from kunjae.revocation import operations
from tests import factories
from tests.factories import NOW, Town, actor_of, sign_in_client

pytestmark = pytest.mark.django_db

LATER = NOW + timedelta(minutes=5)


@dataclass(frozen=True)
class World:
    """A town whose clerk has an account, and the department's desk."""

    town: Town
    clerk: Subject
    desk: Subject


@pytest.fixture
def world() -> World:
    town = factories.a_town()
    return World(town, factories.an_account(town.clerk_post.person, town.authority), factories.a_desk_officer())


def suspend(actor: Subject, subject: Subject) -> Subject:
    return operations.suspend(
        actor=actor_of(actor), subject_public_id=subject.public_id, reason="สงสัยว่ารหัสรั่ว", at=LATER
    )


def resume(actor: Subject, subject: Subject) -> Subject:
    return operations.resume(actor=actor_of(actor), subject_public_id=subject.public_id, at=LATER)


def refused(act, *who: Subject) -> str:
    with pytest.raises(Denied) as denied:
        act(*who)
    return denied.value.reason


@pytest.mark.parametrize("who", ["clerk", "desk"])
@pytest.mark.parametrize("whom", ["head", "officer"])
def test_clerk_and_department_suspend_head_and_officers_at_once(world, who, whom):
    subject = getattr(world.town, whom)
    sign_in_client(Client(), subject)

    suspend(getattr(world, who), subject)

    subject.refresh_from_db()
    assert subject.state == SubjectState.SUSPENDED
    assert not Session.objects.filter(subject=subject, ended_at=None).exists()
    event = AuditEvent.objects.get(name="subject.suspended", subject_person_id=subject.person_id)
    assert (event.chain, event.actor) == (chain_of(world.town.authority.pk), getattr(world, who).username)


def test_a_suspended_head_keeps_the_tenure_and_can_use_nothing_of_it(world):
    suspend(world.clerk, world.town.head)

    assert tenure_of(world.town.authority.pk, at=LATER) == world.town.tenure
    for permission in permissions.OF_TENURE:
        assert not may(actor_of(world.town.head), permission, world.town.authority.pk, at=LATER)


def test_a_clerk_may_suspend_and_nothing_else_of_a_head(world):
    for permission in permissions.OF_TENURE:
        expected = permission == permissions.SUSPEND
        assert bool(may(actor_of(world.clerk), permission, world.town.authority.pk, at=NOW)) == expected


def test_a_clerk_does_not_reach_another_authority(world):
    other = factories.a_town("กะรน", "karon")

    assert refused(suspend, world.clerk, other.officer) == "not_head"


def test_a_clerk_does_not_stop_a_head_who_administers_another_authority_too(world):
    other = factories.a_local_authority("กะรน", stem="karon")
    factories.entitlements.open_tenure(
        actor=factories.TEST,
        authority=other,
        subject=world.town.head,
        capacity=Capacity.ACTING_FOR,
        order_number="288/2569",
        order_date=None,
        at=NOW,
    )

    assert refused(suspend, world.clerk, world.town.head) == "holds_tenure"
    suspend(world.desk, world.town.head)


def test_the_clerk_of_a_delegation_is_no_clerk(world):
    person = factories.a_person("มานพ", "รักดี", "นาย")
    factories.a_post(
        person,
        world.town.authority,
        world.town.authority.clerk_title_th,
        Office.CHIEF_ADMINISTRATOR,
        Capacity.DELEGATED,
    )
    delegate = factories.an_account(person, world.town.authority)

    assert refused(suspend, delegate, world.town.officer) == "not_head"


def test_chief_executive_officer_and_province_suspend_nobody(world):
    executive = factories.an_account(world.town.executive_post.person, world.town.authority)
    province = factories.a_desk_officer(Desk.PROVINCE, world.town.authority.province)

    for who in (executive, world.town.officer, province):
        assert refused(suspend, who, world.town.head) == "not_head"


def test_nobody_suspends_himself(world):
    assert refused(suspend, world.clerk, world.clerk) == "own_case"


def test_a_head_is_resumed_by_the_department_alone(world):
    suspend(world.clerk, world.town.head)

    assert refused(resume, world.clerk, world.town.head) == "resumed_by_department"
    resume(world.desk, world.town.head)
    assert may(actor_of(world.town.head), permissions.GRANT, world.town.authority.pk, at=LATER)


def test_what_one_officer_of_the_department_suspended_another_resumes(world):
    suspend(world.desk, world.town.officer)

    assert refused(resume, world.desk, world.town.officer) == "resumed_by_another"
    assert refused(resume, world.town.head, world.town.officer) == "resumed_by_department"
    resume(factories.a_desk_officer(given_name="ศิริพร", family_name="วงศ์ทอง"), world.town.officer)


def test_what_the_clerk_suspended_the_head_resumes(world):
    suspend(world.clerk, world.town.officer)

    assert refused(resume, world.clerk, world.town.officer) == "clerk_does_not_resume"
    resume(world.town.head, world.town.officer)


# --- The page ---------------------------------------------------------------------------------------------------


def page_of(world: World) -> str:
    return reverse("revocation:suspensions", args=[world.town.authority.code])


@pytest.fixture
def now(monkeypatch):
    monkeypatch.setattr(timezone, "now", lambda: LATER)


def test_the_clerk_suspends_on_one_page(world, now):
    client = sign_in_client(Client(), world.clerk)

    shown = client.get(page_of(world)).content.decode()
    assert world.town.head.username in shown
    assert f'value="{world.clerk.public_id}"' not in shown

    answer = client.post(page_of(world), {"account": world.town.head.public_id, "reason": "สงสัยว่ารหัสรั่ว"}, follow=True)
    assert answer.redirect_chain == [(f"{page_of(world)}?done={world.town.head.public_id}", 303)]
    assert "สงสัยว่ารหัสรั่ว" in answer.content.decode()
    world.town.head.refresh_from_db()
    assert world.town.head.state == SubjectState.SUSPENDED


@pytest.mark.parametrize(
    "typed", [{}, {"reason": "ลา"}, {"account": "x", "reason": "ลา"}, {"account": "the officer", "reason": " \u200b"}]
)
def test_an_incomplete_page_suspends_nobody_and_keeps_what_was_typed(world, now, typed):
    client = sign_in_client(Client(), world.clerk)
    if typed.get("account") == "the officer":
        typed = typed | {"account": world.town.officer.public_id}

    answer = client.post(page_of(world), typed)

    assert answer.status_code == 422
    assert not Subject.objects.filter(state=SubjectState.SUSPENDED).exists()
    if typed.get("reason") == "ลา":
        assert 'value="ลา"' in answer.content.decode()


def test_the_page_does_not_reach_accounts_of_another_authority(world, now):
    other = factories.a_town("กะรน", "karon")
    client = sign_in_client(Client(), world.clerk)

    answer = client.post(page_of(world), {"account": other.officer.public_id, "reason": "ลา"})

    assert answer.status_code == 422
    assert client.get(reverse("revocation:suspensions", args=[other.authority.code])).status_code == 404


def test_that_the_department_looked_is_noted(world, now):
    client = sign_in_client(Client(), world.desk)

    assert client.get(page_of(world)).status_code == 200
    assert LookUp.objects.filter(person=world.desk.person, authority=world.town.authority).count() == 1


def test_the_department_resumes_from_the_page_and_comes_back_to_it(world, now):
    suspend(world.clerk, world.town.head)
    client = sign_in_client(Client(), world.desk)
    act = reverse("revocation:resumption", args=[world.town.authority.code, world.town.head.public_id])

    assert act in client.get(page_of(world)).content.decode()
    answer = client.post(act)
    assert (answer.status_code, answer["Location"]) == (303, page_of(world))


def test_an_officer_does_not_see_the_page(world, now):
    client = sign_in_client(Client(), world.town.officer)

    assert client.get(page_of(world)).status_code == 403


def test_a_clerk_with_read_only_access_has_the_page_in_the_menu_of_every_page(world, now):
    given = give_executive_access(
        actor=actor_of(world.town.head),
        appointment_id=world.town.clerk_post.pk,
        username="",
        email="",
        mobile="",
        at=NOW,
    )
    client = sign_in_client(Client(), given.subject)

    # The manuals are open to everybody, so no gate has read there where the reader stands.
    for name in ("site:home", "site:guides"):
        answer = client.get(reverse(name))
        assert answer.status_code == 200
        assert page_of(world) in answer.content.decode()
