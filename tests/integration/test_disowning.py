"""Somebody else signed in with it: the owner takes the password back, and the head hears of it (L-30, D11)."""

import pytest
from django.test import Client

from kunjae.audit.models import AuditEvent
from kunjae.core.actor import system
from kunjae.core.verdict import Denied
from kunjae.identity.models import Session, Subject
from kunjae.messaging.models import Message
from kunjae.messaging.rendering import render
from kunjae.organisations.models import Desk
from kunjae.revocation import operations
from tests import factories
from tests.factories import NOW, PASSWORD, actor_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def town():
    return factories.a_town()


def signed_in(subject: Subject) -> Client:
    client = Client()
    assert client.post("/sign-in/", {"username": subject.username, "password": PASSWORD}).status_code == 303
    return client


def test_disown_use_takes_the_password_back_ends_every_session_and_tells_owner_and_head(town):
    here, stranger = signed_in(town.officer), signed_in(town.officer)

    answer = here.post("/me/sign-ins/not-me/")

    assert answer["Location"] == "/sign-in/?ended=disowned"
    assert [client.get("/me/").status_code for client in (here, stranger)] == [302, 302]
    assert not Session.objects.filter(subject=town.officer, ended_at=None).exists()
    refused = Client().post("/sign-in/", {"username": town.officer.username, "password": PASSWORD})
    assert refused.status_code == 422
    assert AuditEvent.objects.filter(name="sign_in.disowned", subject_person_id=town.officer.person_id).count() == 1
    assert Message.objects.filter(kind="password_revoked", person=town.officer.person).exists()
    [to_head] = Message.objects.filter(kind="officers_use_disowned")
    assert to_head.person_id == town.head.person_id
    assert town.officer.username in str(render(to_head, at=NOW))


def test_disown_use_is_done_by_no_link_and_says_first_what_it_does(town):
    client = signed_in(town.officer)

    page = client.get("/me/sign-ins/not-me/")

    assert page.status_code == 200
    assert client.get("/me/").status_code == 200
    assert not AuditEvent.objects.filter(name="sign_in.disowned").exists()


def test_disown_use_by_a_head_tells_him_and_who_stands_above_him(town):
    clerk = factories.an_account(town.clerk_post.person, town.authority)
    desk = [factories.a_desk_officer() for _ in range(2)]
    factories.a_desk_officer(Desk.PROVINCE, town.authority.province)

    signed_in(town.head).post("/me/sign-ins/not-me/")

    assert Message.objects.filter(kind="password_revoked", person=town.head.person).exists()
    assert not Message.objects.filter(kind="officers_use_disowned").exists()
    told = Message.objects.filter(kind="heads_use_disowned")
    assert sorted(told.values_list("person_id", flat=True)) == sorted(one.person_id for one in (clerk, *desk))
    assert set(told.values_list("channel", flat=True)) == {"mail"}
    text = str(render(told[0], at=NOW))
    assert town.head.username in text
    assert town.authority.full_name in text


def test_disown_use_by_a_head_whose_clerk_has_no_account_tells_the_department_alone(town):
    desk = factories.a_desk_officer()

    signed_in(town.head).post("/me/sign-ins/not-me/")

    assert [message.person_id for message in Message.objects.filter(kind="heads_use_disowned")] == [desk.person_id]


def test_disown_use_by_an_officer_tells_nobody_above_the_head(town):
    factories.an_account(town.clerk_post.person, town.authority)
    factories.a_desk_officer()

    signed_in(town.officer).post("/me/sign-ins/not-me/")

    assert not Message.objects.filter(kind="heads_use_disowned").exists()


def test_disown_use_by_a_job_or_of_an_account_not_in_use_changes_nothing(town):
    with pytest.raises(Denied, match="not_permitted"):
        operations.disown_use(actor=system("some-job"), at=NOW)
    operations.suspend(actor=actor_of(town.head), subject_public_id=town.officer.public_id, reason="ลา", at=NOW)

    with pytest.raises(Denied, match="not_permitted"):
        operations.disown_use(actor=actor_of(town.officer), at=NOW)

    assert Subject.objects.get(pk=town.officer.pk).password == town.officer.password
    assert not AuditEvent.objects.filter(name="sign_in.disowned").exists()


def test_nobody_signed_in_finds_no_page_to_disown_from():
    assert Client().post("/me/sign-ins/not-me/").status_code in {302, 303, 403}
