"""What an attacker tried and must not get, each named after its threat (docs/threat-model.md)."""

import json
from datetime import timedelta
from io import BytesIO

import pytest
from django.test import Client
from django.urls import reverse
from PIL import Image

from kunjae.access_requests import operations as form_2
from kunjae.access_requests.models import AccessRequest, CredentialWish
from kunjae.access_requests.operations import offices
from kunjae.audit.change import state_change
from kunjae.audit.models import AuditEvent
from kunjae.core import reasons
from kunjae.core.uploads import check_upload
from kunjae.core.verdict import Denied
from kunjae.identity.models import Activation, Subject
from kunjae.organisations.models import Capacity, Office, Person
from tests import factories
from tests.factories import NOW, TODAY, Town, actor_of

pytestmark = pytest.mark.django_db

LATER = NOW + timedelta(hours=1)


@pytest.fixture
def town() -> Town:
    return factories.a_town()


def refused(reason: str, act, *arguments, **named) -> None:
    """Try an act that is refused for one reason."""
    with pytest.raises(Denied) as denied:
        act(*arguments, **named)
    assert denied.value.reason == reason


def give_access(town: Town, **changed: object) -> Subject:
    options = {
        "actor": actor_of(town.head),
        "appointment_id": town.executive_post.pk,
        "username": "rawai.nayok",
        "email": "nayok@example.go.th",
        "mobile": "0812345678",
        "at": NOW,
    } | changed
    return form_2.give_executive_access(**options).subject


def invite(town: Town, **changed: object):
    options = {
        "actor": actor_of(town.head),
        "authority": town.authority,
        "title": "นาย",
        "given_name": "วีรภัทร",
        "family_name": "แซ่ลิ้ม",
        "email": "newcomer@example.go.th",
        "at": NOW,
    } | changed
    return form_2.invite(**options)


def key(town: Town, *, applicant: Person | None = None, **changed: object) -> AccessRequest:
    picture = BytesIO()
    Image.new("L", (300, 300)).save(picture, "PNG")
    options = {
        "actor": actor_of(town.head),
        "authority": town.authority,
        "applicant": applicant,
        "title": "นาย",
        "given_name": "วีรภัทร",
        "family_name": "แซ่ลิ้ม",
        "email": "newcomer@example.go.th",
        "mobile": "",
        "content": factories.content(CredentialWish.NEW_USER),
        "upload": check_upload(picture.getvalue(), filename="form.png"),
        "at": NOW,
    } | changed
    return form_2.key_from_paper(**options)


def record_executive(town: Town, *, person: Person | None = None, **changed: object):
    options = {
        "actor": actor_of(town.head),
        "authority": town.authority,
        "office": Office.CHIEF_EXECUTIVE,
        "capacity": Capacity.ACTING_FOR,
        "position_th": town.authority.chief_executive_title_th,
        "person": person,
        "title": "นาย",
        "given_name": "ธนกฤต",
        "family_name": "วงศ์สว่าง",
        "from_date": TODAY,
        "order_number": "340/2569",
        "order_date": TODAY,
        "at": NOW,
    } | changed
    return offices.record_executive(**options)


# --- T-06, D4, D7: keys that would reach the decider, or somebody who has an account ------------------------------


def of_the_head(town: Town) -> list[str]:
    local, domain = town.head.email.split("@")
    return [f"{local}+nayok@{domain}", f"{local.upper()}@{domain}", f"{local}+a+b@{domain.upper()}"]


def test_t06_head_names_his_own_mailbox_in_other_words(town):
    for email in of_the_head(town):
        refused("contact_is_yours", give_access, town, email=email)
        refused("contact_is_yours", invite, town, email=email)

    assert not Subject.objects.filter(username="rawai.nayok").exists()


def test_t06_head_names_the_contact_of_another_account(town):
    other = factories.a_town("กะรน", "karon")
    local, domain = town.officer.email.split("@")

    refused("contact_is_anothers", give_access, town, email=f"{local}+x@{domain}")
    refused("contact_is_anothers", give_access, town, mobile=other.officer.mobile)

    assert not Subject.objects.filter(username="rawai.nayok").exists()


def test_d7_new_account_takes_nobody_elses_contact(town):
    local, domain = town.officer.email.split("@")
    request = factories.a_request(town, wish=CredentialWish.NEW_USER, email=f"{local}+new@{domain}")

    refused("contact_is_anothers", factories.approve, town, request, username="rawai.new")

    assert not Subject.objects.filter(username="rawai.new").exists()


def test_d7_two_requests_that_wait_share_no_mailbox(town):
    first = factories.a_request(town, wish=CredentialWish.NEW_USER, email="same.box@gmail.com")
    second = factories.a_request(town, wish=CredentialWish.NEW_USER, email="samebox+2@googlemail.com")

    for request in (first, second):
        refused("contact_is_anothers", factories.approve, town, request, username="rawai.new")


def test_t06_executive_is_reached_in_two_ways_without_the_head(town):
    for missing in ("email", "mobile"):
        refused("executive_needs_both", give_access, town, **{missing: ""})


def test_t06_head_prints_no_slip_in_place_of_an_executives_sms(town):
    executive = give_access(town)

    refused(
        "executive_gets_sms",
        form_2.print_activation_slip,
        actor=actor_of(town.head),
        subject_public_id=executive.public_id,
        at=NOW,
    )

    assert Activation.objects.get(subject=executive).second_way == Activation.SecondWay.SMS
    assert not offices.renew_executive_activation(
        actor=actor_of(town.head), appointment_id=town.executive_post.pk, at=LATER
    ).needs_slip


# --- D7: the head under a second name -----------------------------------------------------------------------------


def own_name(town: Town) -> dict[str, str]:
    own = town.head.person
    return {"title": own.title, "given_name": own.given_name, "family_name": own.family_name}


def test_d7_head_under_his_own_name_is_invited_keyed_and_recorded_by_nobody(town):
    refused("own_name", invite, town, **own_name(town))
    refused("own_name", invite, town, **own_name(town) | {"given_name": f"นางสาว{town.head.person.given_name}"})
    refused("own_name", key, town, **own_name(town))
    refused("own_name", record_executive, town, **own_name(town))

    namesake = factories.a_person(town.head.person.given_name, town.head.person.family_name)
    refused("own_name", key, town, applicant=namesake)
    refused("own_name", record_executive, town, person=namesake)


def test_d7_head_decides_on_nobody_of_his_own_name(town):
    request = factories.a_request(town, wish=CredentialWish.NEW_USER)
    with state_change(actor=factories.TEST, at=NOW) as change:
        request.applicant.change_to(**own_name(town))
        change.record("unit.added", organisation_id=town.authority.pk, unit="x")

    refused("own_name", factories.approve, town, request, username="rawai.new")
    page = factories.sign_in_client(Client(), town.head).get(
        reverse("access_requests:decision", args=[town.authority.code, request.public_id])
    )

    assert page.status_code == 422
    assert reasons.sentence("own_name") in page.content.decode()


# --- D7: one human, one account -----------------------------------------------------------------------------------


def test_d7_second_account_of_one_name_needs_the_heads_word(town):
    first = factories.a_request(town, wish=CredentialWish.NEW_USER)
    factories.approve(town, first, username="rawai.new1")
    second = factories.a_request(town, wish=CredentialWish.NEW_USER, email="other@example.go.th")

    refused("same_name_has_account", factories.approve, town, second, username="rawai.new2")
    factories.approve(town, second, username="rawai.new2", is_namesake=True)

    said = AuditEvent.objects.filter(name="access_request.approved").latest("pk")
    assert json.loads(said.facts_json)["namesake_of"] == ["rawai.new1"]


def test_d7_page_of_the_opinion_asks_about_a_namesake(town):
    factories.approve(town, factories.a_request(town, wish=CredentialWish.NEW_USER), username="rawai.new1")
    second = factories.a_request(town, wish=CredentialWish.NEW_USER, email="other@example.go.th")
    head = factories.sign_in_client(Client(), town.head)
    typed = {
        "version": second.version,
        "opinion": "approve",
        "username": "rawai.new2",
        "groups": ["finance_officer"],
    }
    pages = [
        reverse(f"access_requests:{name}", args=[town.authority.code, second.public_id])
        for name in ("decision", "decision_summary")
    ]

    asked = head.post(pages[0], typed)
    shown = head.post(pages[0], typed | {"namesake": "on"})
    done = head.post(pages[1], dict(shown.context["hidden"]))

    assert asked.status_code == 422
    assert reasons.sentence("same_name_has_account", {"usernames": "rawai.new1"}) in asked.content.decode()
    assert (shown.status_code, done.status_code) == (200, 303)
    assert Subject.objects.filter(username="rawai.new2").exists()
