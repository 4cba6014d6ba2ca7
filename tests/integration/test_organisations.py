"""Persons, posts, units and the search: what operations write and queries find."""

from datetime import date, timedelta

import pytest
from django.db import DatabaseError, transaction

from kunjae.audit.models import AuditEvent
from kunjae.core.verdict import Denied
from kunjae.organisations import operations, policies, queries
from kunjae.organisations.models import Appointment, Capacity, Desk, LookUp, LookUpIsFinal, Office, PersonName
from kunjae.organisations.register import demo_province, generator, reading
from tests import factories
from tests.factories import NOW, TEST, TODAY, actor_of

pytestmark = pytest.mark.django_db

LATER = NOW + timedelta(days=30)


@pytest.fixture
def phuket():
    operations.import_register(actor=TEST, file=demo_province.phuket(), at=NOW)
    return queries.authority_by_code("5830107")


@pytest.fixture
def pattaya():
    row = "3200408,เมืองพัทยา,เมืองพัทยา,20,ชลบุรี,2004,บางละมุง"
    file = ",".join(reading.COLUMNS) + f"\n{row}\n"
    operations.import_register(actor=TEST, file=file.encode(), at=NOW)
    return queries.authority_by_code("3200408")


def last_event() -> AuditEvent:
    return AuditEvent.objects.order_by("pk").last()


def rename(person, *, at=LATER, title="นาง", given_name="ญาณิศา", family_name="สุขใจ"):
    return operations.rename_person(
        actor=TEST,
        person_id=person.pk,
        title=title,
        given_name=given_name,
        family_name=family_name,
        organisation_id=None,
        at=at,
    )


# --- Persons ----------------------------------------------------------------------------------------------------


def test_register_person_opens_the_history_of_the_name():
    person = factories.a_person()

    name = person.names.get()
    assert (name.given_name, name.from_date, name.until_date) == (person.given_name, TODAY, None)
    assert (last_event().name, last_event().facts["person"]) == ("person.registered", person.full_name)


def test_register_person_takes_a_one_word_name():
    person = factories.a_person("สมชาย", "", "นาย")

    assert person.full_name == "นายสมชาย"


def test_rename_person_keeps_the_former_name():
    person = factories.a_person()

    renamed = rename(person)

    former, present = PersonName.objects.filter(person=person).order_by("from_date")
    assert (former.family_name, former.until_date) == ("ภู่ประเสริฐ", present.from_date)
    assert (present.family_name, present.until_date) == ("สุขใจ", None)
    assert renamed.full_name == "นางญาณิศา สุขใจ"
    assert last_event().facts == {
        "former": "นางสาวญาณิศา ภู่ประเสริฐ",
        "person": "นางญาณิศา สุขใจ",
        "document": "",
    }


def test_rename_person_twice_on_one_day_keeps_one_name_of_that_day():
    person = factories.a_person()

    rename(person, at=NOW)

    assert PersonName.objects.get(person=person).family_name == "สุขใจ"


def test_rename_person_to_the_same_name_changes_nothing():
    person = factories.a_person()

    with pytest.raises(Denied) as denied:
        rename(person, title=person.title, given_name=person.given_name, family_name=person.family_name)

    assert denied.value.reason == "name_unchanged"
    assert PersonName.objects.filter(person=person).count() == 1
    assert last_event().name == "attempt.denied"


# --- Posts ------------------------------------------------------------------------------------------------------


def appoint(authority, office=Office.HEAD_OF_FINANCE, capacity=Capacity.SUBSTANTIVE, **others):
    return operations.appoint(
        actor=TEST,
        person=factories.a_person(),
        authority=authority,
        position_th="ผู้อำนวยการกองคลัง",
        office=office,
        capacity=capacity,
        **{"from_date": TODAY, "at": NOW, **others},
    )


def test_appoint_is_told_by_the_authoritys_own_record(phuket):
    post = appoint(phuket)

    event = last_event()
    assert (event.name, event.chain, event.subject_person_id) == ("appointment.made", f"o{phuket.pk}", post.person_id)


def test_appoint_refuses_a_second_substantive_holder(phuket):
    appoint(phuket)

    with pytest.raises(Denied) as denied:
        appoint(phuket)

    assert denied.value.reason == "post_is_held"
    assert Appointment.objects.filter(authority=phuket).count() == 1


def test_appoint_takes_an_acting_holder_beside_the_substantive_one(phuket):
    substantive, acting = appoint(phuket), appoint(phuket, capacity=Capacity.ACTING_FOR)

    assert queries.office_holders(phuket.pk, on=TODAY) == [substantive, acting]
    assert queries.office_holder(phuket.pk, Office.HEAD_OF_FINANCE, on=TODAY) == substantive


def test_appoint_takes_a_second_holder_in_another_authority(phuket):
    appoint(phuket)

    appoint(queries.authority_by_code("5830104"))

    assert Appointment.objects.count() == 2


def test_appoint_takes_any_number_of_officers(phuket):
    appoint(phuket, Office.NONE)
    appoint(phuket, Office.NONE)

    assert queries.office_holders(phuket.pk, on=TODAY) == []


def test_end_appointment_frees_the_office(phuket):
    first = appoint(phuket)

    operations.end_appointment(actor=TEST, appointment_id=first.pk, until_date=TODAY, at=NOW)
    second = appoint(phuket, from_date=TODAY + timedelta(days=1))

    assert queries.office_holder(phuket.pk, Office.HEAD_OF_FINANCE, on=TODAY) == first
    assert queries.office_holder(phuket.pk, Office.HEAD_OF_FINANCE, on=TODAY + timedelta(days=1)) == second


def test_end_appointment_a_second_time_is_refused(phuket):
    post = appoint(phuket)
    operations.end_appointment(actor=TEST, appointment_id=post.pk, until_date=TODAY, at=NOW)

    with pytest.raises(Denied) as denied:
        operations.end_appointment(actor=TEST, appointment_id=post.pk, until_date=date(2027, 1, 1), at=LATER)

    assert denied.value.reason == "appointment_ended"
    assert Appointment.objects.get(pk=post.pk).until_date == TODAY


@pytest.mark.parametrize(
    ("capacity", "holds"),
    [
        (Capacity.SUBSTANTIVE, True),
        (Capacity.ACTING_FOR, True),
        (Capacity.ACTING_IN, True),
        (Capacity.DELEGATED, False),
    ],
)
def test_holds_office_in_each_capacity(phuket, capacity, holds):
    post = appoint(phuket, capacity=capacity)

    assert (
        queries.holds_office(
            person_id=post.person_id, organisation_id=phuket.pk, office=Office.HEAD_OF_FINANCE, on=TODAY
        )
        == holds
    )


def test_holds_office_from_the_first_day_to_the_last_and_nowhere_else(phuket):
    post = appoint(phuket, until_date=TODAY + timedelta(days=9))
    other = queries.authority_by_code("5830104")

    def holds(days: int, authority=phuket, office=Office.HEAD_OF_FINANCE, person_id=post.person_id) -> bool:
        on = TODAY + timedelta(days=days)
        return queries.holds_office(person_id=person_id, organisation_id=authority.pk, office=office, on=on)

    assert [holds(days) for days in (-1, 0, 9, 10)] == [False, True, True, False]
    assert not holds(0, authority=other)
    assert not holds(0, office=Office.CHIEF_EXECUTIVE)
    assert not holds(0, person_id=None)


def test_add_unit_once(phuket):
    unit = operations.add_unit(actor=TEST, authority=phuket, name_th="กองช่าง", at=NOW)

    assert (str(unit), last_event().facts["unit"]) == ("กองช่าง", "กองช่าง")


# --- The search -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "words",
    [
        "ราไวย์", "ราไวย", "ไวย์", "5830107", "05830107", "๕๘๓๐๑๐๗", "0107", "ทต.ราไวย์", "ทต ราไวย์", "ทต. ราไวย์",
        "เทศบาลตำบลราไวย์", "เทศบาลราไวย์", "เทศบาล ราไวย์", "ราไวย์ ภูเก็ต", "ภูเก็ต ราไวย์", "อ.เมืองภูเก็ต ราไวย์",
        "ราไวย์ จ.ภูเก็ต", "จังหวัดภูเก็ต เทศบาลตำบล ราไวย์", "  ราไวย์  ",
    ],
)  # fmt: skip
def test_search_authorities_finds_it_as_people_type_it(phuket, words):
    assert list(queries.search_authorities(words)) == [phuket]


@pytest.mark.parametrize(
    ("words", "codes"),
    [
        ("อบต เชิงทะเล", ["6830304"]),
        ("อบต. เชิงทะเล", ["6830304"]),
        ("อบต.เชิงทะเล", ["6830304"]),
        ("เชิงทะเล", ["5830302", "6830304"]),
        ("ทน", ["3830102"]),
        ("อบจ", ["2830101"]),
        ("ทม ป่าตอง", ["4830201"]),
        ("กะทู้", ["4830201", "4830202", "6830203"]),
        ("ราไวย์ กะทู้", []),
        ("ตำบลทต", []),
        ("xyz", []),
    ],
)
def test_search_authorities_by_kind_district_and_name(phuket, words, codes):
    assert sorted(found.code for found in queries.search_authorities(words)) == codes


def test_search_authorities_shows_district_and_province_where_a_name_repeats():
    operations.import_register(actor=TEST, file=generator.national_register(), at=NOW)

    found = list(queries.search_authorities("อบต หนองบัว"))
    in_udon = list(queries.search_authorities("หนองบัว อุดร"))

    assert len({authority.place for authority in found if authority.name_th == "หนองบัว"}) > 10
    assert in_udon
    assert {authority.province.name_th for authority in in_udon} == {"อุดรธานี"}


def test_search_authorities_puts_names_before_places(phuket):
    found = [authority.full_name for authority in queries.search_authorities("กะทู้")]

    assert found == ["เทศบาลเมืองกะทู้", "องค์การบริหารส่วนตำบลกมลา", "เทศบาลเมืองป่าตอง"]


def test_search_authorities_puts_the_whole_name_before_its_beginning(phuket):
    newer = demo_province.phuket().replace(",กะรน,".encode(), ",ราไวย์ใหม่,".encode())
    operations.import_register(actor=TEST, file=newer, at=LATER)

    assert [authority.name_th for authority in queries.search_authorities("ราไวย์")] == ["ราไวย์", "ราไวย์ใหม่"]


def test_search_authorities_in_the_order_of_the_thai_dictionary_whatever_the_kind(phuket):
    names = [authority.name_th for authority in queries.search_authorities("")]

    assert names[:6] == ["กมลา", "กะทู้", "กะรน", "เกาะแก้ว", "ฉลอง", "เชิงทะเล"]
    assert len(names) == 19


def test_search_authorities_within_a_province_and_a_kind(phuket, pattaya):
    assert queries.search_authorities("", province_id=phuket.province_id, kind="town").count() == 2
    assert queries.search_authorities("", province_id=pattaya.province_id).get() == pattaya


@pytest.mark.parametrize("code", ["5830107", "05830107", "๐๕๘๓๐๑๐๗"])
def test_authority_by_code_as_people_write_it(phuket, code):
    assert queries.authority_by_code(code) == phuket


@pytest.mark.parametrize("code", ["", "583010", "15830107", "5830107x", "583\x000107", "5830107\n", "५८३०१०७"])
def test_authority_by_code_finds_nothing_for_what_is_none(phuket, code):
    assert queries.authority_by_code(code) is None


# --- The desks --------------------------------------------------------------------------------------------------


def test_posting_of_is_the_departments_before_a_provinces(phuket):
    officer = factories.a_desk_officer(Desk.PROVINCE, phuket.province)
    operations.post_to_desk(
        actor=TEST, person=officer.person, desk=Desk.DEPARTMENT, position_th="นักวิชาการ", from_date=TODAY, at=NOW
    )

    assert queries.posting_of(officer.person_id, on=TODAY).desk == Desk.DEPARTMENT
    assert queries.posting_of(officer.person_id, on=date(2020, 1, 1)) is None
    assert queries.posting_of(None, on=TODAY) is None


def test_end_posting_counts_from_the_day_after(phuket):
    officer = factories.a_desk_officer()
    posting = queries.posting_of(officer.person_id, on=TODAY)

    operations.end_posting(actor=TEST, posting_id=posting.pk, until_date=TODAY, at=NOW)

    assert policies.may_look_across(actor_of(officer), on=TODAY)
    assert not policies.may_look_across(actor_of(officer), on=TODAY + timedelta(days=1))
    assert (last_event().name, last_event().chain) == ("posting.ended", "nation")
    with pytest.raises(Denied) as denied:
        operations.end_posting(actor=TEST, posting_id=posting.pk, until_date=date(2030, 1, 1), at=LATER)
    assert denied.value.reason == "posting_ended"


def test_may_look_at_follows_the_desk(phuket, pattaya):
    department = actor_of(factories.a_desk_officer(Desk.DEPARTMENT))
    province = actor_of(factories.a_desk_officer(Desk.PROVINCE, phuket.province))
    town = factories.a_town()

    assert policies.may_look_at(department, phuket, on=TODAY)
    assert policies.may_look_at(department, pattaya, on=TODAY)
    assert policies.may_look_at(province, phuket, on=TODAY)
    assert policies.may_look_at(province, pattaya, on=TODAY).reason == "not_in_this_province"
    assert policies.may_look_at(actor_of(town.head), town.authority, on=TODAY).reason == "not_at_a_desk"
    assert [bool(policies.may_look_across(who, on=TODAY)) for who in (department, province)] == [True, True]
    assert not policies.may_look_across(actor_of(town.officer), on=TODAY)
    assert not policies.may_look_across(TEST, on=TODAY)


def test_look_at_leaves_a_note_and_no_event(phuket):
    officer = factories.a_desk_officer(Desk.PROVINCE, phuket.province)
    before = AuditEvent.objects.count()

    operations.look_at(actor=actor_of(officer), authority=phuket, at=NOW)

    note = queries.look_ups_of(phuket.pk).get()
    assert (note.person_id, note.actor, note.desk, note.at) == (officer.person_id, officer.username, "province", NOW)
    assert AuditEvent.objects.count() == before


def test_look_at_is_refused_to_everybody_else_and_leaves_no_note(phuket):
    town = factories.a_town()

    with pytest.raises(Denied):
        operations.look_at(actor=actor_of(town.head), authority=phuket, at=NOW)

    assert not LookUp.objects.exists()


def test_a_look_up_is_final(phuket):
    officer = factories.a_desk_officer()
    note = operations.look_at(actor=actor_of(officer), authority=phuket, at=NOW)

    for attempt in (note.save, note.delete):
        with pytest.raises(LookUpIsFinal):
            attempt()
    for attempt in (lambda: LookUp.objects.update(actor="nobody"), LookUp.objects.all().delete):
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            attempt()
    assert LookUp.objects.get().actor == officer.username
