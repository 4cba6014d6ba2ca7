"""How authorities stand, seen by a province and by the department; reminders; nothing else is written (L-02)."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from kunjae.audit.change import state_change
from kunjae.audit.models import AuditEvent, chain_of
from kunjae.circulars import operations as circulars
from kunjae.circulars import spreading
from kunjae.circulars.content import CircularContent
from kunjae.circulars.models import DatePrecision, Receipt
from kunjae.core.verdict import Denied
from kunjae.identity.models import Subject, SubjectState
from kunjae.messaging.models import Message
from kunjae.organisations.models import Capacity, Desk, District, Kind, LocalAuthority, LookUp, Province
from kunjae.oversight import operations, wording
from kunjae.oversight.models import Matter, VacancyReminder
from kunjae.oversight.queries import states
from kunjae.oversight.queries.states import HeadState, Selection
from tests import factories
from tests.factories import NOW, PASSWORD, TEST, TODAY, actor_of
from tests.house.routes import routes
from tests.integration.test_every_route import address

pytestmark = pytest.mark.django_db

WEEK = timedelta(days=7)


def signed_in(subject) -> Client:
    client = Client()
    answer = client.post(reverse("identity:sign_in"), {"username": subject.username, "password": PASSWORD})
    assert answer.status_code in {302, 303}
    return client


def changed(act) -> None:
    """Bring rows to a state that takes many steps otherwise."""
    with state_change(actor=TEST, at=NOW) as change:
        act()
        change.record("register.imported", organisation_id=None, rows=0, added=0, changed=0, file_digest="")


@pytest.fixture
def town():
    town = factories.a_town()
    changed(lambda: town.authority.change_to(central_email="saraban@rawai.example"))
    return town


@pytest.fixture
def province(town):
    return factories.a_desk_officer(Desk.PROVINCE, town.authority.province)


@pytest.fixture
def department():
    return factories.a_desk_officer(Desk.DEPARTMENT)


@pytest.fixture
def elsewhere():
    """An authority of another province."""
    made = []

    def make() -> None:
        province = Province.objects.create(code="82", name_th="พังงา", sort_key="02")
        district = District.objects.create(code="8201", name_th="เมืองพังงา", province=province)
        made.append(LocalAuthority.objects.create(
            code="5820101", kind=Kind.TOWN, name_th="พังงา", district=district, province=province,
            search_key="5820101 พังงา", sort_key="02",
        ))  # fmt: skip

    changed(make)
    return made[0]


def vacate(town, *, at=NOW + timedelta(hours=1)) -> None:
    changed(lambda: town.tenure.change_to(until_at=at))


def a_receipt(department, authority) -> Receipt:
    content = CircularContent(
        subject="เรื่องทดสอบ", body="เนื้อความ", dated=TODAY.replace(day=1), date_precision=DatePrecision.MONTH
    )
    circular = circulars.prepare(actor=actor_of(department), content=content, at=NOW)
    circulars.send(actor=actor_of(department), public_id=circular.public_id, version=1, at=NOW)
    spreading.spread_batch(circular.pk, at=NOW)
    return Receipt.objects.get(circular=circular, authority=authority)


# --- How they stand ---------------------------------------------------------------------------------------------


def state_of(authority) -> HeadState:
    return states.standing_of_authority(authority.pk, on=TODAY).state


def test_standing_tells_every_state_apart(town):
    assert state_of(town.authority) == HeadState.ACTING
    changed(lambda: town.tenure.change_to(capacity=Capacity.SUBSTANTIVE))
    assert state_of(town.authority) == HeadState.HEAD
    changed(lambda: Subject.objects.filter(pk=town.head.pk).update(state=SubjectState.SUSPENDED))
    assert state_of(town.authority) == HeadState.SUSPENDED
    changed(lambda: Subject.objects.filter(pk=town.head.pk).update(state=SubjectState.PENDING))
    assert state_of(town.authority) == HeadState.PENDING
    vacate(town)
    assert state_of(town.authority) == HeadState.VACANT
    assert state_of(factories.a_local_authority("ไม้ขาว")) == HeadState.NEVER


def test_said_tells_since_when_in_words(town):
    vacate(town, at=NOW + timedelta(hours=1))
    standing = states.standing_of_authority(town.authority.pk, on=TODAY)

    told = wording.said(standing, on=TODAY + timedelta(days=12), language="en")

    assert told.tag == "stop"
    assert standing.since == NOW + timedelta(hours=1)
    assert "2569" in told.more
    assert "12" in told.more


def test_figures_of_a_province_count_its_own_alone(town, elsewhere):
    factories.a_local_authority("ไม้ขาว")

    figures = states.figures(town.authority.province_id, at=NOW)
    by_province = {row.code: row for row in states.by_province()}

    assert (figures["total"], figures["acting"], figures["never"]) == (2, 1, 1)
    assert by_province["83"].total == 2
    assert by_province["82"].counts["never"] == 1
    assert states.figures(None, at=NOW)["total"] == 3


def test_figures_and_lists_agree_on_what_is_open(town, department):
    a_receipt(department, town.authority)
    request = factories.a_request(town, at=NOW)
    at = NOW + WEEK + timedelta(minutes=1)

    figures = states.figures(None, at=at)
    rows = {
        matter: list(states.authorities_by_state(Selection(matter=matter), province_id=None, at=at))
        for matter in states.Matters.values
    }

    assert (figures["letters"], figures["circulars"], figures["requests"]) == (0, 1, 1)
    assert {matter: len(found) for matter, found in rows.items()} == {"letters": 0, "circulars": 1, "requests": 1}
    assert rows["requests"][0].requests_count == rows["circulars"][0].circulars_count == 1
    assert states.late_requests_of(town.authority.pk, at=at)[0].case == request.case
    assert states.figures(None, at=NOW + WEEK)["requests"] == 0


def test_list_of_vacancies_begins_with_the_longest(town):
    second = factories.a_town("กะรน", "karon")
    vacate(town, at=NOW + timedelta(days=2))
    vacate(second, at=NOW + timedelta(days=1))

    found = states.authorities_by_state(Selection(state="vacant"), province_id=None, at=NOW)

    assert [row.pk for row in found] == [second.authority.pk, town.authority.pk]


# --- Pages ------------------------------------------------------------------------------------------------------


def test_province_page_shows_its_own_with_figures_that_link(town, province, elsewhere):
    client = signed_in(province)

    answer = client.get(reverse("oversight:province"))
    page = answer.content.decode()

    assert town.authority.full_name in page
    assert elsewhere.full_name not in page
    assert 'href="/province/?state=acting"' in page
    assert re.search(r'<rect class="c6" x="0\.0" width="1000\.0"', page), "the figure holds one state"
    assert client.get("/province/?state=vacant").status_code == 200
    assert client.get("/province/?state=nothing").status_code == 422


def test_authority_page_notes_the_look_and_belongs_to_its_province(town, province, elsewhere):
    client = signed_in(province)

    answer = client.get(reverse("oversight:authority", args=[town.authority.code]))

    assert answer.status_code == 200
    assert LookUp.objects.filter(authority=town.authority, person=province.person).count() == 1
    assert client.get(reverse("oversight:authority", args=[elsewhere.code])).status_code == 404
    assert client.get(reverse("oversight:authority", args=["9999999"])).status_code == 404
    assert LookUp.objects.count() == 1


def test_pages_of_the_department_show_the_nation(town, department, elsewhere):
    client = signed_in(department)

    nation = client.get(reverse("oversight:vacancies")).content.decode()
    listed = client.get(reverse("oversight:vacancy_list") + "?province=82&state=never").content.decode()

    assert "province=82&amp;state=never" in nation
    assert elsewhere.full_name in listed
    assert town.authority.full_name not in listed
    assert client.get(reverse("oversight:province")).status_code == 404


def test_pages_ask_few_questions_however_many_authorities(town, province, department, django_assert_max_num_queries):
    a_receipt(department, town.authority)
    changed(
        lambda: LocalAuthority.objects.bulk_create(
            LocalAuthority(
                code=f"{9000000 + number}", kind=Kind.TOWN, name_th=f"ทดสอบ{number}",
                district=town.authority.district, province=town.authority.province, search_key="x", sort_key="x",
            )
            for number in range(300)
        )
    )  # fmt: skip
    at_province, at_department = signed_in(province), signed_in(department)
    at_province.get("/me/")
    at_department.get("/me/")

    for client, url in (
        (at_province, "/province/?page=2"),
        (at_department, "/department/vacancies/"),
        (at_department, "/department/vacancies/authorities/?state=never&page=3"),
    ):
        with django_assert_max_num_queries(12):
            assert client.get(url).status_code == 200


# --- Reminders --------------------------------------------------------------------------------------------------


def test_remind_of_a_vacancy_goes_to_the_centre_and_the_clerk_once_in_seven_days(town, province, department):
    clerk = factories.an_account(town.clerk_post.person, town.authority)
    vacate(town)
    at = NOW + timedelta(days=1)

    operations.remind(actor=actor_of(province), authority=town.authority, about=Matter.VACANCY, at=at)
    with pytest.raises(Denied, match="reminded_recently"):
        operations.remind(
            actor=actor_of(department), authority=town.authority, about=Matter.VACANCY, at=at + WEEK - timedelta(1)
        )
    operations.remind(actor=actor_of(department), authority=town.authority, about=Matter.VACANCY, at=at + WEEK)

    told = Message.objects.filter(kind="vacancy_reminder").values_list("to_address", flat=True)
    assert sorted(told) == sorted(["saraban@rawai.example", clerk.email] * 2)
    record = AuditEvent.objects.filter(name="authority.reminded", chain=chain_of(town.authority.pk))
    assert record.count() == 2


def test_remind_of_a_vacancy_that_is_none_is_refused(town, province):
    with pytest.raises(Denied, match="authority_not_vacant"):
        operations.remind(actor=actor_of(province), authority=town.authority, about=Matter.VACANCY, at=NOW)

    assert not VacancyReminder.objects.exists()


def test_remind_an_authority_of_another_province_or_by_an_authority_is_refused(town, province, elsewhere):
    for subject, reason in ((province, "not_in_this_province"), (town.head, "not_at_a_desk")):
        with pytest.raises(Denied, match=reason):
            operations.remind(actor=actor_of(subject), authority=elsewhere, about=Matter.VACANCY, at=NOW)


def test_remind_where_no_address_is_on_record_is_refused(department, elsewhere):
    with pytest.raises(Denied, match="nobody_to_remind"):
        operations.remind(actor=actor_of(department), authority=elsewhere, about=Matter.VACANCY, at=NOW)

    assert not VacancyReminder.objects.exists()


def test_remind_of_a_circular_is_bounded_with_the_departments_own_reminders(town, province, department):
    receipt = a_receipt(department, town.authority)
    circulars.remind(actor=actor_of(department), receipt_public_id=receipt.public_id, at=NOW)

    with pytest.raises(Denied, match="reminded_recently"):
        operations.remind(
            actor=actor_of(province), authority=town.authority, about=Matter.CIRCULAR,
            receipt_public_id=receipt.public_id, at=NOW + timedelta(days=1),
        )  # fmt: skip
    with pytest.raises(Denied, match="matter_unknown"):
        operations.remind(
            actor=actor_of(province), authority=factories.a_local_authority("ไม้ขาว"), about=Matter.CIRCULAR,
            receipt_public_id=receipt.public_id, at=NOW + WEEK,
        )  # fmt: skip


def test_page_reminds_and_says_why_not(town, province):
    vacate(town)
    client, url = signed_in(province), reverse("oversight:remind", args=[town.authority.code])

    done = client.post(url, {"about": "vacancy"})
    again = client.post(url, {"about": "vacancy"})
    nothing = client.post(url, {"about": "x"})

    assert (done.status_code, again.status_code, nothing.status_code) == (303, 422, 422)
    assert VacancyReminder.objects.count() == 1


# --- Nothing else -----------------------------------------------------------------------------------------------

#: Of his own account, of what came to his office, and the reminders: the only things that a province writes.
HIS_OWN = re.compile(r"/(sign-in|sign-out|stay|language|me|activate|cannot-enter|form-2|letters|verify|demo)/")
OF_HIS_DESK = re.compile(
    r"/province/(circulars/[a-z0-9]+/(read|acknowledgement|reminders/[a-z0-9]+|follow-up/\w+)|authorities/\w+/reminder)/"
)


def test_every_write_of_a_province_but_its_reminders_is_refused(town, province, department):
    """Each address of the product is sent an empty form by an officer of the province, for an authority of his own."""
    receipt = a_receipt(department, town.authority)
    own = Receipt.objects.get(circular=receipt.circular, province=town.authority.province)
    client = signed_in(province)
    last = AuditEvent.objects.order_by("-pk").first().pk
    taken = {}

    for route in routes():
        for public_id in (receipt.circular.public_id, receipt.public_id, own.public_id, town.head.public_id):
            path = address(
                route, org_code=town.authority.code, code=town.authority.code, public_id=public_id,
                receipt_id=receipt.public_id, office="chief_executive",
            )  # fmt: skip
            if HIS_OWN.match(path) or OF_HIS_DESK.fullmatch(path):
                continue
            answer = client.post(path)
            if answer.status_code not in {302, 403, 404, 405}:
                taken[path] = answer.status_code
            elif answer.status_code == 302 and "/sign-in/" not in answer["Location"]:
                taken[path] = answer["Location"]

    exports = {path: status for path, status in taken.items() if "/reports/users-in-groups/" in path}
    assert taken.keys() == exports.keys(), taken
    written = set(AuditEvent.objects.filter(pk__gt=last).values_list("name", flat=True))
    assert written <= {"attempt.denied", "report.exported", "document.issued"}, written
