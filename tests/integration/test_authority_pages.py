"""The pages of the desks that look across authorities."""

import re

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.html import strip_tags

from kunjae.organisations import operations, queries
from kunjae.organisations.models import Desk, LookUp, Office
from kunjae.organisations.register import demo_province, generator, reading
from tests import factories
from tests.factories import NOW, PASSWORD, TEST

pytestmark = pytest.mark.django_db

SEARCH = reverse("organisations:search")


@pytest.fixture
def rawai():
    operations.import_register(actor=TEST, file=demo_province.phuket(), at=NOW)
    return queries.authority_by_code("5830107")


@pytest.fixture
def pattaya():
    row = "3200408,เมืองพัทยา,เมืองพัทยา,20,ชลบุรี,2004,บางละมุง"
    file = ",".join(reading.COLUMNS) + f"\n{row}\n"
    operations.import_register(actor=TEST, file=file.encode(), at=NOW)
    return queries.authority_by_code("3200408")


def signed_in(subject) -> Client:
    client = Client()
    answer = client.post(reverse("identity:sign_in"), {"username": subject.username, "password": PASSWORD})
    assert answer.status_code in {302, 303}
    return client


@pytest.fixture
def department() -> Client:
    return signed_in(factories.a_desk_officer(Desk.DEPARTMENT))


@pytest.fixture
def province(rawai) -> Client:
    return signed_in(factories.a_desk_officer(Desk.PROVINCE, rawai.province))


def codes(answer) -> list[str]:
    """The authorities that a list links to."""
    return re.findall(r'href="/authorities/([0-9]{7})/"', answer.content.decode())


def title(answer) -> str:
    return re.search("<title>(.*?)</title>", answer.content.decode(), re.DOTALL)[1]


def test_search_shows_the_department_every_authority(department, rawai, pattaya):
    answer = department.get(SEARCH)

    assert answer.status_code == 200
    assert len(codes(answer)) == 20
    assert '<span class="phrase">อำเภอเมืองภูเก็ต</span> <span class="phrase">จังหวัดภูเก็ต</span>' in answer.content.decode()
    assert "ผู้อำนวยการกองคลัง" in answer.content.decode()
    assert "20 แห่ง" in answer.content.decode()


def test_search_filters_by_words_province_and_kind(department, rawai, pattaya):
    assert codes(department.get(SEARCH, {"words": "ทต ราไวย์"})) == ["5830107"]
    assert codes(department.get(SEARCH, {"province": "20"})) == ["3200408"]
    assert codes(department.get(SEARCH, {"kind": "city"})) == ["3830102"]
    assert codes(
        department.get(SEARCH, {"words": "เชิงทะเล", "province": "83", "kind": "subdistrict_organisation"})
    ) == ["6830304"]


def test_search_shows_a_province_its_own_and_no_choice_of_others(province, rawai, pattaya):
    answer = province.get(SEARCH, {"province": "20"})

    assert len(codes(answer)) == 19
    assert 'name="province"' not in answer.content.decode()
    assert "ภูเก็ต" in title(answer)


def test_search_parts_the_nation_into_pages_and_says_which(department):
    operations.import_register(actor=TEST, file=generator.national_register(), at=NOW)

    first, last = department.get(SEARCH), department.get(SEARCH, {"page": "๑๕๗"})

    assert (len(codes(first)), len(codes(last))) == (50, 49)
    assert "1" in title(first)
    assert "157" in title(first)
    assert re.search(r"157 จาก 157|157 of 157|157/157", title(last))
    assert "7,849 แห่ง" in first.content.decode()
    assert "?page=2" in first.content.decode()


@pytest.mark.parametrize("page", ["0", "-1", "x", "", "9" * 30, "1e3", "<b>"])
def test_search_shows_a_page_whatever_the_number(department, rawai, page):
    assert len(codes(department.get(SEARCH, {"page": page}))) == 19


def test_search_that_finds_nothing_says_what_to_do(department, rawai):
    answer = department.get(SEARCH, {"words": "ไม่มีที่นี่"})

    assert (answer.status_code, codes(answer)) == (200, [])
    assert "ไม่พบองค์กรปกครองส่วนท้องถิ่น" in strip_tags(answer.content.decode())
    assert 'value="ไม่มีที่นี่"' in answer.content.decode()


def test_search_before_any_register_says_how_they_come(department):
    assert "ยังไม่มีองค์กรปกครองส่วนท้องถิ่นในทะเบียน" in strip_tags(department.get(SEARCH).content.decode())


@pytest.mark.parametrize(
    "asked",
    [
        {"words": "ก" * 10_000},
        {"words": "รา\u202eไวย์"},
        {"words": "รา\x00ไวย์"},
        {"province": "99"},
        {"kind": "nothing"},
    ],
)
def test_search_refuses_what_it_cannot_take_at_its_field_and_keeps_it(department, rawai, asked):
    answer = department.get(SEARCH, asked)

    assert (answer.status_code, codes(answer)) == (422, [])
    assert 'aria-invalid="true"' in answer.content.decode()


def test_search_takes_a_zero_width_space_for_nothing(department, rawai):
    assert codes(department.get(SEARCH, {"words": "รา\u200bไวย์"})) == ["5830107"]


def test_search_shows_markup_as_text(department, rawai):
    answer = department.get(SEARCH, {"words": "<script>alert(1)</script>"})

    assert "<script>alert" not in answer.content.decode()


@pytest.mark.parametrize("language", ["th", "en"])
def test_pages_are_whole_in_both_languages(department, rawai, language):
    department.cookies["kunjae_language"] = language

    answers = [department.get(SEARCH), department.get(reverse("organisations:authority", args=["5830107"]))]

    assert [answer.status_code for answer in answers] == [200, 200]
    assert ("Title of the head of finance" in answers[0].content.decode()) == (language == "en")
    assert ("Former names and codes" in answers[1].content.decode()) == (language == "en")


def test_authority_shows_its_facts_its_holders_and_its_past(department, rawai):
    factories.a_post(factories.a_person(), rawai, "ผู้อำนวยการกองคลัง", Office.HEAD_OF_FINANCE)
    newer = demo_province.phuket().replace(",ราไวย์,".encode(), ",หาดราไวย์,".encode())
    operations.import_register(actor=TEST, file=newer, at=NOW.replace(month=11))

    page = department.get(reverse("organisations:authority", args=["5830107"])).content.decode()

    assert "เทศบาลตำบลหาดราไวย์" in page
    assert "เทศบาลตำบลราไวย์" in page
    assert "นางสาวญาณิศา ภู่ประเสริฐ" in page
    assert "16 ต.ค. 2569".replace(" ", "\u00a0") in page


def test_authority_leaves_a_note_of_who_looked(department, rawai):
    department.get(SEARCH)
    assert not LookUp.objects.exists()

    department.get(reverse("organisations:authority", args=["5830107"]))

    note = LookUp.objects.get()
    assert (note.authority, note.desk, note.address) == (rawai, "department", "127.0.0.1")


def test_authority_under_a_former_or_longer_code_leads_to_todays(department, rawai):
    answer = department.get("/authorities/05830107/")

    assert (answer.status_code, answer["Location"]) == (302, "/authorities/5830107/")
    assert not LookUp.objects.exists()


def test_authority_of_another_province_does_not_exist_for_a_province(province, rawai, pattaya):
    other, none = province.get("/authorities/3200408/"), province.get("/authorities/9999999/")

    assert (other.status_code, none.status_code) == (404, 404)
    assert len(other.content) == len(none.content)
    assert not LookUp.objects.exists()


def test_desks_pages_do_not_exist_for_officers_and_heads(rawai):
    town = factories.a_town()

    for subject in (town.officer, town.head):
        client = signed_in(subject)
        assert client.get(SEARCH).status_code == 404
        assert client.get("/authorities/5830107/").status_code == 404
    assert not LookUp.objects.exists()


def test_desks_pages_do_not_exist_after_the_posting_has_ended(rawai):
    officer = factories.a_desk_officer()
    client = signed_in(officer)
    posting = queries.posting_of(officer.person_id, on=factories.TODAY)
    operations.end_posting(actor=TEST, posting_id=posting.pk, until_date=factories.TODAY, at=NOW)

    assert client.get(SEARCH).status_code == 404


def test_desks_pages_only_read(department, rawai):
    assert department.post(SEARCH).status_code == 405
    assert department.post("/authorities/5830107/").status_code == 405


def test_pages_ask_few_questions_of_the_database(department, rawai, django_assert_max_num_queries):
    with django_assert_max_num_queries(12):
        department.get(SEARCH, {"words": "ราไวย์"})
    with django_assert_max_num_queries(12):
        department.get("/authorities/5830107/")
