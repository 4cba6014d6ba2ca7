"""Addresses of record: one person proposes, another confirms; nothing changes before (T-01, T-07)."""

import re

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from kunjae.audit.change import state_change
from kunjae.audit.models import AuditEvent
from kunjae.core.unacceptable import Unacceptable
from kunjae.core.verdict import Denied
from kunjae.organisations import operations, queries
from kunjae.organisations.models import ContactChange, Desk, LookUp
from tests import factories
from tests.factories import NOW, PASSWORD, TEST, actor_of

pytestmark = pytest.mark.django_db

SOURCE = "หนังสือ ภก 52301/88 ลงวันที่ 1 ตุลาคม 2569"


@pytest.fixture
def authority():
    return factories.a_local_authority()


@pytest.fixture
def first():
    return factories.a_desk_officer(Desk.DEPARTMENT)


@pytest.fixture
def second():
    return another_officer("นายวิทยา", "ธรรมดี")


def another_officer(given_name: str, family_name: str):
    person = factories.a_person(given_name, family_name, "นาย")
    operations.post_to_desk(
        actor=TEST, person=person, desk=Desk.DEPARTMENT, position_th="นิติกร", from_date=factories.TODAY, at=NOW
    )
    return factories.an_account(person, None)


def propose(actor, place, **other):
    where = {"province": place} if other.pop("is_province", False) else {"authority": place}
    values = {"email": "saraban@rawai.go.th", "phone": "076613801", "source": SOURCE, **where, **other}
    return operations.propose_contact(actor=actor_of(actor), at=NOW, **values)


def signed_in(subject) -> Client:
    client = Client()
    client.post(reverse("identity:sign_in"), {"username": subject.username, "password": PASSWORD})
    return client


def page_of(authority) -> str:
    return reverse("organisations:contacts", args=[authority.code])


def test_propose_contact_changes_nothing_yet(authority, first):
    proposed = propose(first, authority, phone="โทร. ๐๗๖ ๖๑๓ ๘๐๑ ต่อ ๑๒")

    authority.refresh_from_db()
    assert (authority.central_email, authority.phone) == ("", "")
    assert (proposed.email, proposed.phone) == ("saraban@rawai.go.th", "076613801x12")
    event = AuditEvent.objects.get(name="contact_of_record.proposed")
    assert event.chain == f"o:{authority.pk}" or str(authority.pk) in event.chain
    assert "saraban" not in event.facts_json, "no contact data in the record"


def test_confirm_contact_by_another_person_puts_it_on_record(authority, first, second):
    proposed = propose(first, authority)

    operations.confirm_contact(actor=actor_of(second), public_id=proposed.public_id, at=NOW)

    authority.refresh_from_db()
    assert (authority.central_email, authority.phone) == ("saraban@rawai.go.th", "076613801")
    assert AuditEvent.objects.filter(name="contact_of_record.confirmed").count() == 1


def test_confirm_contact_by_the_proposer_is_refused_and_remembered(authority, first):
    proposed = propose(first, authority)

    with pytest.raises(Denied, match="contact_change_own"):
        operations.confirm_contact(actor=actor_of(first), public_id=proposed.public_id, at=NOW)

    authority.refresh_from_db()
    assert authority.phone == ""
    assert AuditEvent.objects.filter(name="attempt.denied").exists()


def test_confirm_contact_by_the_proposer_entered_twice_is_refused(authority, first):
    proposed = propose(first, authority)
    twin = another_officer(first.person.given_name, first.person.family_name)

    with pytest.raises(Denied, match="contact_change_own"):
        operations.confirm_contact(actor=actor_of(twin), public_id=proposed.public_id, at=NOW)


def test_confirm_contact_by_the_proposer_is_refused_by_the_database_too(authority, first):
    proposed = propose(first, authority)

    with pytest.raises(IntegrityError), transaction.atomic(), state_change(actor=TEST, at=NOW):
        proposed.change_to(confirmed_at=NOW, confirmed_by_id=first.person_id)


def test_confirm_contact_twice_is_refused(authority, first, second):
    proposed = propose(first, authority)
    operations.confirm_contact(actor=actor_of(second), public_id=proposed.public_id, at=NOW)

    with pytest.raises(Denied, match="contact_change_settled"):
        operations.confirm_contact(actor=actor_of(second), public_id=proposed.public_id, at=NOW)


def test_propose_contact_while_one_waits_is_refused(authority, first, second):
    propose(first, authority)

    with pytest.raises(Denied, match="contact_change_waits"):
        propose(second, authority, phone="076613802")


def test_propose_contact_as_it_stands_is_refused(authority, first, second):
    proposed = propose(first, authority)
    operations.confirm_contact(actor=actor_of(second), public_id=proposed.public_id, at=NOW)

    with pytest.raises(Denied, match="contact_unchanged"):
        propose(first, authority)


@pytest.mark.parametrize(
    ("change", "reason"),
    [({"source": "  "}, "contact_source_missing"), ({"email": "", "phone": ""}, "contact_empty")],
)
def test_propose_contact_with_something_missing_is_refused(authority, first, change, reason):
    with pytest.raises(Denied, match=reason):
        propose(first, authority, **change)


def test_propose_contact_of_a_foreign_number_is_refused(authority, first):
    with pytest.raises(Unacceptable):
        propose(first, authority, phone="+44 20 7946 0018")


def test_propose_contact_by_a_province_or_an_officer_is_refused(authority):
    province = factories.a_desk_officer(Desk.PROVINCE, authority.province)
    officer = factories.an_account(factories.a_person(), authority)

    for actor in (province, officer):
        with pytest.raises(Denied, match="contact_needs_department_desk"):
            propose(actor, authority)
    assert not ContactChange.objects.exists()


def test_withdraw_contact_frees_the_way_for_another(authority, first, second):
    proposed = propose(first, authority)

    operations.withdraw_contact(actor=actor_of(second), public_id=proposed.public_id, at=NOW)

    with pytest.raises(Denied, match="contact_change_settled"):
        operations.confirm_contact(actor=actor_of(second), public_id=proposed.public_id, at=NOW)
    assert propose(first, authority, phone="076613809").phone == "076613809"


def test_confirm_contact_of_a_province_puts_it_on_record(authority, first, second):
    proposed = propose(first, authority.province, is_province=True)

    operations.confirm_contact(actor=actor_of(second), public_id=proposed.public_id, at=NOW)

    authority.province.refresh_from_db()
    assert authority.province.office_email == "saraban@rawai.go.th"


# --- Its page ---------------------------------------------------------------------------------------------------


def test_page_takes_a_proposal_and_another_person_confirms(authority, first, second):
    typed = {"email": "saraban@rawai.go.th", "phone": "076-613-801", "source": SOURCE}
    client = signed_in(first)
    assert client.post(page_of(authority), typed).status_code == 303
    assert client.post(page_of(authority), typed).status_code == 303, "sent twice is one proposal"
    proposed = ContactChange.objects.get()

    own = client.get(page_of(authority)).content.decode()
    assert SOURCE in own
    assert "ผู้อื่นเป็นผู้ยืนยันสิ่งที่ท่านเสนอ" in own
    assert "ยืนยันที่อยู่ติดต่อนี้" not in own
    url = reverse("organisations:contact_confirmation", args=[proposed.public_id])
    assert client.post(url).status_code == 422

    other = signed_in(second)
    assert "ยืนยันที่อยู่ติดต่อนี้" in other.get(page_of(authority)).content.decode()
    assert other.post(url).status_code == 303
    assert other.post(url).status_code == 422
    authority.refresh_from_db()
    assert authority.phone == "076613801"
    assert "ยืนยันแล้ว" in other.get(page_of(authority)).content.decode()


def test_page_keeps_what_was_typed_and_names_the_fault(authority, first):
    answer = signed_in(first).post(page_of(authority), {"email": "saraban", "phone": "12", "source": ""})

    page = answer.content.decode()
    assert answer.status_code == 422
    assert 'value="saraban"' in page
    assert len(re.findall("field--error", page)) >= 3


def test_page_notes_who_looked(authority, first):
    signed_in(first).get(page_of(authority))

    assert LookUp.objects.get().person_id == first.person_id


def test_page_does_not_exist_for_a_province_or_an_officer(authority, first):
    proposed = propose(first, authority)
    for subject in (
        factories.a_desk_officer(Desk.PROVINCE, authority.province),
        factories.an_account(factories.a_person(), authority),
    ):
        client = signed_in(subject)
        assert client.get(page_of(authority)).status_code == 404
        assert client.get(reverse("organisations:addresses")).status_code == 404
        for name in ("contact_confirmation", "contact_withdrawal"):
            assert client.post(reverse(f"organisations:{name}", args=[proposed.public_id])).status_code == 404


def test_overview_lists_what_waits_and_the_provinces(authority, first):
    propose(first, authority)

    page = signed_in(first).get(reverse("organisations:addresses")).content.decode()

    assert authority.full_name in page
    assert "ภูเก็ต" in page


def test_search_finds_an_authority_by_its_telephone(authority, first, second):
    other = factories.a_local_authority("กะรน", stem="karon")
    proposed = propose(first, authority)
    operations.confirm_contact(actor=actor_of(second), public_id=proposed.public_id, at=NOW)

    for typed in ("076 613 801", "๐๗๖-๖๑๓-๘๐๑", "+66 76 613 801", "613801"):
        assert [found.pk for found in queries.search_authorities(typed)] == [authority.pk], typed
    assert other.pk not in [found.pk for found in queries.search_authorities("076613801")]
