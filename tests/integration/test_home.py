"""The first page of each role, and what the frame says."""

import pytest
from django.test import Client

from kunjae.access_requests import operations as form_2
from kunjae.access_requests.models import CredentialWish
from kunjae.identity.models import Subject
from kunjae.organisations.models import Desk
from kunjae.site.views.home import recent_events
from tests import factories
from tests.factories import NOW, PASSWORD, actor_of

pytestmark = pytest.mark.django_db


def page_of(subject: Subject, path: str = "/") -> str:
    client = Client()
    client.post("/sign-in/", {"username": subject.username, "password": PASSWORD})
    answer = client.get(path)
    assert answer.status_code == 200
    return answer.content.decode()


@pytest.fixture
def town():
    return factories.a_town()


def test_home_of_the_head_lists_what_waits_with_the_way_to_decide(town):
    request = factories.a_request(town)

    body = page_of(town.head)

    assert f"/o/{town.authority.code}/requests/{request.public_id}/decision/" in body
    assert "ผู้บริหารที่ยังดูรายงานไม่ได้" in body
    assert town.executive_post.person.full_name in body


def test_home_of_the_officer_shows_own_requests_only(town):
    own = factories.a_request(town)
    other = factories.a_town("กะรน", stem="karon")
    foreign = factories.a_request(other)

    body = page_of(town.officer)

    assert own.public_id in body
    assert foreign.public_id not in body
    assert "/decision/" not in body


def test_home_of_an_executive_offers_the_report_and_nothing_to_ask_for(town):
    form_2.give_executive_access(
        actor=actor_of(town.head),
        appointment_id=town.executive_post.pk,
        username="rawai.nayok",
        email="nayok@example.go.th",
        mobile="0812345678",
        at=NOW,
    )
    executive = factories.activate(Subject.objects.get(username="rawai.nayok"))

    body = page_of(executive)

    assert f"/o/{town.authority.code}/reports/users-in-groups/" in body
    assert "my-requests" not in body


def test_home_of_a_province_counts_its_own_authorities(town):
    body = page_of(factories.a_desk_officer(Desk.PROVINCE, town.authority.province))

    assert "สำนักงานส่งเสริมการปกครองท้องถิ่นจังหวัดภูเก็ต" in body
    assert "นักวิชาการเงินและบัญชีชำนาญการ" in body


def test_frame_says_who_and_where_on_every_page(town):
    for path in ("/", "/me/", "/me/password/", "/guides/"):
        body = page_of(town.head, path)
        assert town.head.person.full_name in body
        assert town.authority.full_name in body
        assert town.authority.place in body
        assert "รักษาราชการแทน" in body


def test_home_tells_news_newest_first_and_one_line_a_case(town):
    first = factories.a_request(town, wish=CredentialWish.NEW_USER)
    second = factories.a_request(town)
    factories.approve(town, first, username="rawai.first")

    news = [line.event for line in recent_events(town.authority.pk)]

    assert [event.sequence for event in news] == sorted((event.sequence for event in news), reverse=True)
    assert [event.case for event in news if event.case] == [first.case, second.case]
    assert news[0].name == "access_request.approved"


def test_own_page_of_a_head_begins_with_the_right_to_administer(town):
    body = page_of(town.head, "/me/")

    tenure = town.head.tenures.get()
    first_section = body.split("<main", 1)[1].split("</section>", 1)[0]
    for fact in ("สิทธิการบริหารระบบ", tenure.get_capacity_display(), tenure.order_number, town.authority.full_name):
        assert fact in first_section
    assert "ขณะนี้ท่านไม่อยู่ในกลุ่มผู้ใช้ใด" not in body


def test_language_is_thai_until_chosen_otherwise(town, client):
    assert 'lang="th"' in client.get("/sign-in/", headers={"Accept-Language": "en"}).content.decode()

    client.post("/language/", {"language": "en", "next": "/sign-in/"})

    assert 'lang="en"' in client.get("/sign-in/").content.decode()
