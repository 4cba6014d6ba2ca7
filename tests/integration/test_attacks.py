"""What an attacker tried and must not get, each named after its threat (docs/threat-model.md)."""

from datetime import timedelta

import pytest

from kunjae.access_requests import operations as form_2
from kunjae.access_requests.models import CredentialWish
from kunjae.access_requests.operations import offices
from kunjae.core.verdict import Denied
from kunjae.identity.models import Activation, Subject
from tests import factories
from tests.factories import NOW, Town, actor_of

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
