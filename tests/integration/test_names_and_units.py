"""What the head keeps in order under การจัดการข้อมูลผู้ใช้: names of persons, units of the authority."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from kunjae.audit.models import AuditEvent
from kunjae.core import reasons
from kunjae.core.verdict import Denied
from kunjae.messaging.models import Message
from kunjae.organisations import operations as organisations
from kunjae.organisations.models import Person, Unit
from kunjae.organisations.queries import former_names, units_of
from kunjae.reports.queries.membership import Selection, membership
from kunjae.revocation import operations
from kunjae.revocation.models import ClosureReason
from tests import factories
from tests.factories import NOW, TODAY, Town, actor_of, sign_in_client

pytestmark = pytest.mark.django_db

LATER = NOW + timedelta(days=30)
NEW_NAME = {
    "title_choice": "นาง",
    "title_other": "",
    "given_name": "ญาณิศา",
    "family_name": "สุขใจ",
    "document": "ทะเบียนสมรส เลขที่ ๑๒/๓๔",
}


@pytest.fixture(autouse=True)
def _today(monkeypatch):
    monkeypatch.setattr(timezone, "now", lambda: LATER)


@pytest.fixture
def town() -> Town:
    return factories.a_town()


@pytest.fixture
def head(town) -> Client:
    return sign_in_client(Client(), town.head)


def url(town: Town, name: str, *parts: object) -> str:
    return reverse(f"revocation:{name}", args=[town.authority.code, *parts])


def rename(town: Town, **changed: object):
    options = {
        "actor": actor_of(town.head),
        "subject_public_id": town.officer.public_id,
        "title": "นาง",
        "given_name": "ญาณิศา",
        "family_name": "สุขใจ",
        "document": "ทะเบียนสมรส",
        "at": LATER,
    } | changed
    return operations.rename(**options)


def refused(reason: str, act, **options) -> None:
    before = list(Person.objects.values()), list(Unit.objects.values())
    with pytest.raises(Denied) as denied:
        act(**options)
    assert denied.value.reason == reason
    assert (list(Person.objects.values()), list(Unit.objects.values())) == before
    assert AuditEvent.objects.order_by("pk").last().name == "attempt.denied"


# --- Names ------------------------------------------------------------------------------------------------------


def test_rename_keeps_the_former_name_and_tells_the_person(town):
    former = town.officer.person.full_name

    rename(town)

    town.officer.refresh_from_db()
    assert town.officer.person.full_name == "นางญาณิศา สุขใจ"
    assert [name.full_name for name in former_names(town.officer.person_id)] == [former]
    event = AuditEvent.objects.get(name="person.renamed")
    assert event.chain.endswith(str(town.authority.pk))
    assert (event.facts["former"], event.facts["document"]) == (former, "ทะเบียนสมรส")
    letter = Message.objects.get(kind="name_changed")
    assert (letter.to_address, letter.facts["former"]) == (town.officer.email, former)


def test_rename_changes_no_report_of_a_day_before(town):
    factories.approve(town, factories.a_request(town))
    former = town.officer.person.full_name
    rename(town)

    def named(on) -> set[str]:
        return {line.name for line in membership(town.authority.pk, Selection(on=on), at=LATER).lines}

    assert former in named(TODAY)
    assert "นางญาณิศา สุขใจ" in named(TODAY + timedelta(days=30))


def test_rename_is_refused_to_whom_it_is_not_due(town):
    other = factories.a_town("กะรน", stem="karon")
    own = town.head.person

    refused("own_case", rename, town=town, subject_public_id=town.head.public_id)
    refused("not_head", rename, town=town, actor=actor_of(town.officer), subject_public_id=town.head.public_id)
    refused("not_of_your_authority", rename, town=town, actor=actor_of(other.head))
    refused("name_is_yours", rename, town=town, given_name=own.given_name, family_name=own.family_name)
    person = town.officer.person
    same = {"title": person.title, "given_name": person.given_name, "family_name": person.family_name}
    refused("name_unchanged", rename, town=town, **same)


def test_rename_of_a_closed_account_is_refused(town):
    operations.close_account(
        actor=actor_of(town.head),
        subject_public_id=town.officer.public_id,
        reason=ClosureReason.MOVED,
        other_text="",
        effective_date=TODAY,
        left_date=None,
        case="",
        at=NOW,
    )

    refused("subject_closed", rename, town=town)


def test_page_of_a_name_records_the_new_one(town, head):
    page = url(town, "naming", town.officer.public_id)
    former = town.officer.person.full_name
    assert page in head.get(url(town, "person", town.officer.public_id)).content.decode()

    assert f'value="{town.officer.person.given_name}"' in head.get(page).content.decode()
    answer = head.post(page, NEW_NAME)

    assert (answer.status_code, answer["Location"]) == (
        303,
        f"{url(town, 'person', town.officer.public_id)}?done=naming",
    )
    shown = head.get(answer["Location"]).content.decode()
    assert "บันทึกชื่อใหม่แล้ว" in shown
    assert "หลักฐาน:" in shown
    assert "ชื่อเดิม" in shown
    assert former.split()[-1] in shown


@pytest.mark.parametrize(("typed", "field"), [({"document": ""}, "document"), ({"given_name": "สมชาย2"}, "given_name")])
def test_page_of_a_name_keeps_what_was_typed_when_it_is_refused(town, head, typed, field):
    answer = head.post(url(town, "naming", town.officer.public_id), NEW_NAME | typed)

    assert answer.status_code == 422
    assert f'href="#id_{field}"' in answer.content.decode()
    assert 'value="สุขใจ"' in answer.content.decode()


def test_page_of_a_name_is_closed_to_others(town, head):
    other = factories.a_town("กะรน", stem="karon")

    assert sign_in_client(Client(), town.officer).get(url(town, "naming", town.officer.public_id)).status_code == 403
    assert sign_in_client(Client(), other.head).get(url(town, "naming", town.officer.public_id)).status_code == 404
    assert head.get(url(town, "naming", town.head.public_id)).status_code == 403
    assert head.get(url(town, "naming", other.officer.public_id)).status_code == 404


# --- Units ------------------------------------------------------------------------------------------------------


def test_unit_is_added_once_and_closed_for_good(town):
    act = {"actor": actor_of(town.head), "authority": town.authority, "at": LATER}
    unit = operations.add_unit(name_th="กองช่าง", **act)

    refused("unit_is_known", operations.add_unit, name_th="กองช่าง", **act)
    closed = operations.close_unit(unit_id=unit.pk, **act)
    refused("unit_is_closed", operations.close_unit, unit_id=unit.pk, **act)
    again = operations.add_unit(name_th="กองช่าง", **act)

    assert closed.closed_date == TODAY + timedelta(days=30)
    assert [found.pk for found in units_of(town.authority.pk)] == [unit.pk, again.pk]
    names = AuditEvent.objects.filter(name__startswith="unit.").order_by("pk").values_list("name", flat=True)
    assert list(names) == ["unit.added", "unit.closed", "unit.added"]


def test_unit_with_a_post_in_it_is_not_closed(town):
    act = {"actor": actor_of(town.head), "authority": town.authority, "at": LATER}
    unit = operations.add_unit(name_th="กองช่าง", **act)
    organisations.appoint(
        actor=actor_of(town.head),
        person=town.officer.person,
        authority=town.authority,
        position_th="นายช่างโยธา",
        unit=unit,
        from_date=TODAY,
        at=LATER,
    )

    refused("unit_is_staffed", operations.close_unit, unit_id=unit.pk, **act)


def test_units_are_kept_by_the_head_of_their_authority_alone(town):
    other = factories.a_town("กะรน", stem="karon")
    act = {"authority": town.authority, "at": LATER}
    unit = operations.add_unit(actor=actor_of(town.head), name_th="กองช่าง", **act)

    for stranger in (town.officer, other.head):
        refused("not_head", operations.add_unit, actor=actor_of(stranger), name_th="กองคลัง", **act)
        refused("not_head", operations.close_unit, actor=actor_of(stranger), unit_id=unit.pk, **act)
    with pytest.raises(Unit.DoesNotExist):
        operations.close_unit(actor=actor_of(other.head), authority=other.authority, unit_id=unit.pk, at=LATER)


def test_page_of_units_lists_adds_and_closes(town, head):
    page = url(town, "units")
    assert page in head.get(url(town, "people")).content.decode()

    added = head.post(page, {"name_th": "กองช่าง"})
    twice = head.post(added["Location"], {"name_th": "กองช่าง"})
    empty = head.post(page, {"name_th": " "})
    unit = Unit.objects.get()
    shown = head.get(added["Location"]).content.decode()
    closing = url(town, "unit_closing", unit.pk)
    asked = head.get(closing)
    closed = head.post(closing)

    assert (added.status_code, twice.status_code, empty.status_code) == (303, 422, 422)
    assert reasons.sentence("unit_is_known", {}) in twice.content.decode()
    assert "เพิ่มหน่วยงานแล้ว" not in twice.content.decode()
    assert closing in shown
    assert (asked.status_code, closed.status_code) == (200, 303)
    assert "หน่วยงานที่ยกเลิกแล้ว" in head.get(closed["Location"]).content.decode()
    assert head.post(closing).status_code == 422


def test_page_of_units_is_closed_to_others(town, head):
    other = factories.a_town("กะรน", stem="karon")
    foreign = operations.add_unit(actor=actor_of(other.head), authority=other.authority, name_th="กองช่าง", at=LATER)

    assert sign_in_client(Client(), town.officer).get(url(town, "units")).status_code == 403
    assert sign_in_client(Client(), other.head).get(url(town, "units")).status_code == 404
    assert head.get(url(town, "unit_closing", foreign.pk)).status_code == 404
    assert "กองช่าง" not in head.get(url(town, "units")).content.decode()
