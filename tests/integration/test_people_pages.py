"""การจัดการข้อมูลผู้ใช้ and การจัดการกลุ่มผู้ใช้ through a browser: what they show, what they do, to whom they are closed."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import count

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from kunjae.entitlements import operations as entitlements
from kunjae.entitlements.models import Basis, EndOfGrant, Grant
from kunjae.identity.models import Session, Subject, SubjectState
from kunjae.organisations.queries import signing_title
from kunjae.revocation import operations as revocation
from kunjae.revocation.models import Closure, ClosureReason
from tests import factories
from tests.factories import NOW, TODAY, Town, actor_of, sign_in_client

pytestmark = pytest.mark.django_db


class Clock:
    """What the pages read as the time; a test moves it."""

    def __init__(self) -> None:
        self.now: datetime = NOW + timedelta(minutes=5)

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture(autouse=True)
def clock(monkeypatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(timezone, "now", clock)
    return clock


@dataclass(frozen=True)
class World:
    town: Town
    grant: Grant
    case: str
    head: Client
    officer: Client

    def url(self, name: str, *parts: str) -> str:
        return reverse(f"revocation:{name}", args=[self.town.authority.code, *parts])

    def of_officer(self, name: str, *parts: str) -> str:
        return self.url(name, self.town.officer.public_id, *parts)


@pytest.fixture
def world() -> World:
    town = factories.a_town()
    request = factories.approve(town, factories.a_request(town))
    grant = Grant.objects.get(subject=town.officer)
    return World(
        town=town,
        grant=grant,
        case=request.case,
        head=sign_in_client(Client(), town.head),
        officer=sign_in_client(Client(), town.officer),
    )


def text_of(answer) -> str:
    """The page as it is, but for the spans that only keep words whole."""
    return re.sub(r'<span class="(?:keep|phrase)">([^<]*)</span>', r"\1", answer.content.decode()).replace(
        "\N{NO-BREAK SPACE}", " "
    )


# --- The list ---------------------------------------------------------------------------------------------------


def test_people_shows_names_positions_groups_and_last_sign_in(world):
    page = text_of(world.head.get(world.url("people")))

    assert "นางสาวญาณิศา ภู่ประเสริฐ" in page
    assert "นักวิชาการเงินและบัญชีปฏิบัติการ" in page
    assert world.town.officer.username in page
    assert '<span class="key">เจ้าหน้าที่การเงิน</span>' in page
    assert "รักษาราชการแทน" in page
    assert "<b>2 คน</b>" in page
    assert "16 ต.ค. 2569" in page
    assert "@" not in page.split("<main")[1].split("</main")[0]


def test_people_is_filtered_by_state_and_by_words_in_name_or_user_id(world):
    revocation.suspend(
        actor=actor_of(world.town.head), subject_public_id=world.town.officer.public_id, reason="ลา", at=NOW
    )

    def found(**query: str) -> set[str]:
        rows = world.head.get(world.url("people"), query).context["rows"]
        return {row["subject"].username for row in rows}

    officer, head = world.town.officer.username, world.town.head.username
    assert found(state="suspended") == {officer}
    assert found(state="active") == {head}
    assert found(words="ญาณิศา") == {officer}
    assert found(words="ภู่ประ ญาณ") == {officer}
    assert found(words="นางสาวญานิศา") == set()
    assert found(words=officer[-6:].upper()) == {officer}
    assert found(words="nobody.at.all") == set()
    assert found(words="\u200b") == {officer, head}
    assert "ไม่พบผู้ใช้งานที่ตรงกับเงื่อนไข" in text_of(world.head.get(world.url("people"), {"state": "closed"}))


def test_people_answers_bad_queries_with_a_page(world):
    for query in (
        {"state": "no-such-state"},
        {"words": "ก" * 10_000},
        *({"page": typed} for typed in ("0", "-1", "๙๙๙", "x")),
    ):
        assert world.head.get(world.url("people"), query).status_code == 200


@pytest.fixture
def crowd(world) -> Callable[[int], None]:
    """Open so many more accounts, all in one group."""
    numbers = count(1)

    def crowd(size: int) -> None:
        for _ in range(size):
            number = next(numbers)
            person = factories.a_person(f"สมชาย{'กขคงจฉชซฌญฎฏฐฑฒณดตถทธนบปผฝพฟภมยรลว'[number % 34]}", "ใจดี", "นาย")
            subject = factories.an_account(person, world.town.authority)
            entitlements.grant(
                actor=actor_of(world.town.head),
                subject=subject,
                authority=world.town.authority,
                group_code="accounting_officer",
                basis=Basis.TO_FOLLOW,
                position_th="นักวิชาการเงินและบัญชี",
                at=NOW,
            )

    return crowd


def test_people_has_real_pages_and_says_which_in_the_title(world, crowd):
    crowd(26)

    first = world.head.get(world.url("people"))
    second = world.head.get(world.url("people"), {"page": "2"})
    beyond = world.head.get(world.url("people"), {"page": "99"})

    assert [len(answer.context["rows"]) for answer in (first, second, beyond)] == [25, 3, 3]
    assert "<b>28 คน</b>" in text_of(second)
    assert "หน้า 2 จาก 2" in text_of(second).split("</title>")[0]
    assert beyond.context["page"].number == 2
    assert 'href="?page=2"' in text_of(first)


QUERIES_MAX = 12


def queries_of(client: Client, path: str) -> int:
    client.get(path)
    with CaptureQueriesContext(connection) as captured:
        assert client.get(path).status_code == 200
    return len(captured)


@pytest.mark.parametrize("name", ["people", "groups"])
def test_lists_ask_the_database_little_however_many_people_there_are(world, crowd, name):
    few = queries_of(world.head, world.url(name))
    crowd(8)

    assert queries_of(world.head, world.url(name)) == few
    assert few <= QUERIES_MAX


def test_a_person_asks_the_database_little_however_long_the_history(world):
    few = queries_of(world.head, world.of_officer("person"))
    for code in ("accounting_officer", "revenue_officer", "budget_officer"):
        given = entitlements.grant(
            actor=actor_of(world.town.head),
            subject=world.town.officer,
            authority=world.town.authority,
            group_code=code,
            basis=Basis.TO_FOLLOW,
            at=NOW,
        )
        entitlements.end_grant(
            actor=actor_of(world.town.head), grant_id=given.pk, reason=EndOfGrant.CHANGED_DUTY, at=NOW
        )

    assert queries_of(world.head, world.of_officer("person")) == few
    # The frame takes ten of them.
    assert few <= 17


# --- One person -------------------------------------------------------------------------------------------------


def test_person_shows_what_a_head_needs_and_masks_the_contact(world):
    page = text_of(world.head.get(world.of_officer("person")))

    assert "คำขอเลขที่" in page
    assert world.case in page
    assert "338/2569" in page
    assert "นางสาวปุญญิศา ตั้งพิสุทธิ์กุล" in page
    assert "of***@example.go.th" in page
    assert world.town.officer.email not in page
    assert world.town.officer.mobile not in page
    assert "1 เครื่อง" in page
    assert world.of_officer("removal", world.grant.public_id) in page
    assert "เพิ่ม นางสาวญาณิศา ภู่ประเสริฐ เข้ากลุ่ม เจ้าหน้าที่การเงิน" in page


def test_person_of_oneself_offers_no_act(world):
    page = text_of(world.head.get(world.url("person", world.town.head.public_id)))

    main = page.split("<main")[1].split("</main")[0]
    assert "<form" not in main
    assert "/suspension/" not in main
    assert "/closure/" not in main
    assert "เรื่องนี้เป็นของท่านเอง" in main


def test_person_of_another_authority_who_is_in_a_group_here_shows_the_group_only(world):
    other = factories.a_town("กะรน", "karon")
    given = entitlements.grant(
        actor=actor_of(world.town.head),
        subject=other.officer,
        authority=world.town.authority,
        group_code="accounting_officer",
        basis=Basis.TO_FOLLOW,
        at=NOW,
    )
    sign_in_client(Client(), other.officer)

    page = text_of(world.head.get(world.url("person", other.officer.public_id)))

    assert world.url("removal", other.officer.public_id, given.public_id) in page
    assert other.authority.full_name in page
    assert "@example" not in page
    assert "เข้าใช้ล่าสุด" not in page
    assert "/closure/" not in page
    assert other.officer.username in text_of(world.head.get(world.url("people")))


WHY = "ถูกสอบสวนเรื่องการรับเงิน"


@pytest.fixture
def guest(world) -> Subject:
    """An officer of another authority, which สมปอง heads, who is in a group here."""
    other = factories.a_local_authority("กะรน", stem="karon")
    factories.a_head_of(other, given_name="สมปอง", family_name="ดีงาม")
    officer = factories.an_account(factories.a_person("มานี", "มีนา"), other)
    entitlements.grant(
        actor=actor_of(world.town.head),
        subject=officer,
        authority=world.town.authority,
        group_code="accounting_officer",
        basis=Basis.TO_FOLLOW,
        at=NOW,
    )
    return officer


def head_of(subject: Subject) -> Subject:
    return Subject.objects.get(authority=subject.authority, person__given_name="สมปอง")


def of_account(page: str) -> str:
    """What stands under “The account”."""
    return page.partition("<h2>ข้อมูลผู้ใช้</h2>")[2]


def test_person_of_another_authority_who_is_suspended_there_shows_the_state_only(world, guest):
    its_head = head_of(guest)
    revocation.suspend(actor=actor_of(its_head), subject_public_id=guest.public_id, reason=WHY, at=NOW)

    here = text_of(world.head.get(world.url("person", guest.public_id)))
    refused = world.head.post(world.url("resumption", guest.public_id))
    their_own = reverse("revocation:person", args=[guest.authority.code, guest.public_id])
    there = text_of(sign_in_client(Client(), its_head).get(their_own))

    assert refused.status_code == 422
    facts = (WHY, "สมปอง", "16 ต.ค. 2569", "16 ตุลาคม 2569")
    for page in (of_account(here), text_of(refused)):
        assert [told for told in facts if told in page] == []
    assert "ระงับชั่วคราว" in of_account(here)
    assert [told for told in facts if told in of_account(there)][:3] == [WHY, "สมปอง", "16 ต.ค. 2569"]


def test_person_of_another_authority_whose_account_was_closed_there_shows_the_state_only(world, guest):
    sent = {"reason": "moved", "other_text": "", "effective_date": "2026-10-16", "left_date": ""}
    refused = world.head.post(world.url("closure_check", guest.public_id), sent)
    revocation.close_account(
        actor=actor_of(head_of(guest)),
        subject_public_id=guest.public_id,
        reason=ClosureReason.OTHER,
        other_text=WHY,
        effective_date=TODAY,
        left_date=None,
        case="",
        at=NOW,
    )

    page = text_of(world.head.get(world.url("person", guest.public_id)))

    assert refused.status_code == 422
    assert "การเข้าใช้งานขณะนี้" not in text_of(refused)
    assert "บันทึกในแบบคำขอเลขที่" not in text_of(refused)
    assert [told for told in (WHY, "สมปอง", "16 ต.ค. 2569") if told in of_account(page)] == []
    assert "ยกเลิกแล้ว" in of_account(page)


PATHS = [
    ("person", ()),
    ("sessions", ()),
    ("suspension", ()),
    ("resumption", ()),
    ("closure", ()),
    ("closure_check", ()),
    ("removal", ("grant",)),
]


def test_a_strangers_account_does_not_exist_here(world):
    other = factories.a_town("กะรน", "karon")
    factories.approve(other, factories.a_request(other))
    foreign = Grant.objects.get(subject=other.officer).public_id
    before = (Subject.objects.filter(state=SubjectState.ACTIVE).count(), Session.objects.filter(ended_at=None).count())

    for name, more in PATHS:
        for public_id in (other.officer.public_id, "bcdfghjkmnpq"):
            path = world.url(name, public_id, *(foreign for _ in more))
            if name != "person":
                assert world.head.post(path, {"reason": "left_duty"}).status_code == 404, path
            if name != "sessions":
                assert world.head.get(path).status_code == 404, path

    assert before == (
        Subject.objects.filter(state=SubjectState.ACTIVE).count(),
        Session.objects.filter(ended_at=None).count(),
    )


def test_a_foreign_membership_does_not_exist_under_a_person_of_ours(world):
    other = factories.a_town("กะรน", "karon")
    factories.approve(other, factories.a_request(other))
    foreign = Grant.objects.get(subject=other.officer)

    answer = world.head.post(world.of_officer("removal", foreign.public_id), {"reason": "left_duty"})

    assert answer.status_code == 404
    foreign.refresh_from_db()
    assert foreign.ended_at is None


def test_an_officer_may_open_none_of_it(world):
    paths = [world.url("people"), world.url("groups")]
    paths += [
        world.url(name, world.town.head.public_id, *(world.grant.public_id for _ in more)) for name, more in PATHS
    ]

    for path in paths:
        assert world.officer.get(path).status_code == 403, path
        assert world.officer.post(path).status_code == 403, path


# --- Path 1: out of a group -------------------------------------------------------------------------------------


def test_removal_takes_effect_and_leads_back_with_a_notice(world):
    path = world.of_officer("removal", world.grant.public_id)
    assert "เจ้าหน้าที่การเงิน" in text_of(world.head.get(path))

    answer = world.head.post(path, {"reason": "other", "note": "ยุบงาน"})

    assert (answer.status_code, answer["Location"]) == (303, world.of_officer("person") + "?done=removal")
    world.grant.refresh_from_db()
    assert (world.grant.end_reason, world.grant.end_note) == ("other", "ยุบงาน")
    page = text_of(world.head.get(answer["Location"]))
    assert "นำออกจากกลุ่มแล้ว" in page
    assert '<span class="key key--gone">เจ้าหน้าที่การเงิน</span>' in page


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({}, "โปรดเลือกว่านำออกจากกลุ่มเพราะเหตุใด"),
        ({"reason": "other", "note": " \u200b"}, "โปรดเขียนเหตุผลในช่องหมายเหตุ"),
        ({"reason": "account_closed", "note": "x"}, "เลือก"),
        ({"reason": "left_duty", "note": "ก" * 10_000}, "ตัวอักษร"),
        ({"reason": "left_duty", "note": "ก\u202eข"}, "ลบ"),
    ],
)
def test_removal_refuses_what_is_not_well_formed_and_keeps_it(world, typed, said):
    answer = world.head.post(world.of_officer("removal", world.grant.public_id), typed)

    page = text_of(answer)
    assert answer.status_code == 422
    assert said in page
    assert typed.get("note", "").strip()[:50] in page
    world.grant.refresh_from_db()
    assert world.grant.ended_at is None


def test_removal_pressed_twice_says_that_it_is_done_already(world):
    path = world.of_officer("removal", world.grant.public_id)
    world.head.post(path, {"reason": "left_duty"})

    again = world.head.post(path, {"reason": "left_duty"})

    assert again.status_code == 422
    assert "ถูกนำออกจากกลุ่มไปแล้ว" in text_of(again)
    opened = world.head.get(path)
    assert opened.status_code == 403
    assert "ถูกนำออกจากกลุ่มไปแล้ว" in text_of(opened)


# --- Suspension: at the next request ----------------------------------------------------------------------------


def test_suspension_holds_at_the_officers_next_request(world, clock):
    assert world.officer.get(reverse("site:me")).status_code == 200

    answer = world.head.post(world.of_officer("suspension"), {"reason": "ตรวจสอบการเบิกจ่าย"})
    assert answer.status_code == 303

    met = world.officer.get(reverse("site:me"))
    assert met.status_code == 302
    assert met["Location"].startswith(reverse("identity:sign_in"))
    again = world.officer.post(
        reverse("identity:sign_in"), {"username": world.town.officer.username, "password": factories.PASSWORD}
    )
    assert again.status_code == 422
    assert "ตรวจสอบการเบิกจ่าย" in text_of(world.head.get(world.of_officer("person")))

    clock.now += timedelta(minutes=2)
    resumed = world.head.post(world.of_officer("resumption"))

    assert resumed.status_code == 303
    sign_in_client(world.officer, world.town.officer)
    assert world.officer.get(reverse("site:me")).status_code == 200


def test_suspension_without_a_reason_is_refused(world):
    answer = world.head.post(world.of_officer("suspension"), {"reason": " "})

    assert answer.status_code == 422
    assert "โปรดเขียนเหตุผลที่ระงับการใช้งาน" in text_of(answer)
    assert Subject.objects.get(pk=world.town.officer.pk).state == SubjectState.ACTIVE


def test_acts_that_do_not_fit_the_state_say_so(world):
    answer = world.head.get(world.of_officer("resumption"))

    assert answer.status_code == 403
    assert world.head.post(world.of_officer("resumption")).status_code == 422


def test_sessions_are_all_ended_and_a_second_press_says_so(world):
    answer = world.head.post(world.of_officer("sessions"))

    assert (answer.status_code, answer["Location"]) == (303, world.of_officer("person") + "?done=sessions")
    assert world.officer.get(reverse("site:me"))["Location"].startswith(reverse("identity:sign_in"))
    again = world.head.post(world.of_officer("sessions"))
    assert again.status_code == 422
    assert "ไม่ได้เข้าใช้งานอยู่" in text_of(again)


# --- Path 2: the account is closed ------------------------------------------------------------------------------

TODAY_TYPED = {"effective_date_day": "๑๖", "effective_date_month": "10", "effective_date_year": "๒๕๖๙"}


def test_closure_is_filled_in_checked_and_then_done(world):
    filled = world.head.post(
        world.of_officer("closure"),
        {
            **TODAY_TYPED,
            "reason": "transferred",
            "left_date_day": "1",
            "left_date_month": "10",
            "left_date_year": "2569",
        },
    )
    assert (filled.status_code, filled["Location"]) == (303, world.of_officer("closure_check"))
    assert not Closure.objects.exists()

    check = world.head.get(filled["Location"])
    page = text_of(check)
    assert "ส่วนที่ 2 ใช้เมื่อมีการยกเลิกรหัสผู้ใช้และรหัสผ่าน" in page
    assert "โอน พ้นจากหน้าที่เมื่อ" in page
    assert signing_title(world.town.head.person_id, world.town.authority.pk, on=TODAY) in page
    assert "เจ้าหน้าที่การเงิน" in page

    done = world.head.post(filled["Location"], hidden_of(check))

    assert (done.status_code, done["Location"]) == (303, world.of_officer("person") + "?done=closure")
    closure = Closure.objects.get(subject=world.town.officer)
    assert (closure.reason, closure.effective_date, closure.left_date.isoformat()) == (
        "transferred",
        TODAY,
        "2026-10-01",
    )
    assert world.officer.get(reverse("site:me"))["Location"].startswith(reverse("identity:sign_in"))
    closed = text_of(world.head.get(done["Location"]))
    assert "ยกเลิกรหัสผู้ใช้และบันทึกส่วนที่ 2 แล้ว" in closed
    assert "/suspension/" not in closed
    # What was filled in is not kept any longer, and a second press finds it done.
    assert world.head.get(world.of_officer("closure")).status_code == 403
    again = world.head.post(world.of_officer("closure_check"), hidden_of(check))
    assert again.status_code == 422
    assert Closure.objects.count() == 1


def hidden_of(check) -> dict[str, str]:
    hidden = check.context["hidden"]
    return {name: "" if value is None else str(value) for name, value in hidden.initial.items()}


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({}, "โปรดเลือกเหตุที่ยกเลิกรหัสผู้ใช้และรหัสผ่าน"),
        ({"reason": "other"}, "โปรดเขียนเหตุผลที่จะปรากฏในแบบคำขอ"),
        ({"reason": "other", "other_text": "ก" * 301}, "ตัวอักษร"),
        ({"reason": "moved", "effective_date_day": "17"}, "วันในอนาคต"),
        ({"reason": "moved", "effective_date_day": "15"}, "โปรดระบุวันที่พ้นจากหน้าที่ด้วย"),
        ({"reason": "moved", "effective_date_year": "2026"}, "พ.ศ."),
        ({"reason": "moved", "effective_date_day": "31", "effective_date_month": "2"}, "วัน"),
        (
            {"reason": "moved", "left_date_day": "17", "left_date_month": "10", "left_date_year": "2569"},
            "ต้องไม่อยู่หลังวันที่ยกเลิก",
        ),
    ],
)
def test_closure_refuses_what_is_not_well_formed(world, typed, said):
    answer = world.head.post(world.of_officer("closure"), TODAY_TYPED | typed)

    assert answer.status_code == 422
    assert said in text_of(answer)
    assert not Closure.objects.exists()


def test_closure_keeps_what_was_filled_in_for_who_goes_back(world):
    world.head.post(world.of_officer("closure"), {**TODAY_TYPED, "reason": "other", "other_text": "ยุบเลิกตำแหน่ง"})

    again = text_of(world.head.get(world.of_officer("closure")))

    assert 'value="ยุบเลิกตำแหน่ง"' in again
    assert 'value="other" id="id_reason_7" required checked' in again or "checked" in again


def test_closure_check_without_anything_filled_in_leads_to_the_form(world):
    answer = world.head.get(world.of_officer("closure_check"))

    assert (answer.status_code, answer["Location"]) == (303, world.of_officer("closure"))
    for sent in (
        {},
        {"reason": "nonsense", "effective_date": "2026-10-16"},
        {"reason": "moved", "effective_date": "x"},
    ):
        assert world.head.post(world.of_officer("closure_check"), sent).status_code == 303
    assert not Closure.objects.exists()


def test_closure_check_with_days_that_cannot_be_changes_nothing(world):
    sent = {"reason": "moved", "other_text": "", "effective_date": "2026-10-17", "left_date": ""}

    answer = world.head.post(world.of_officer("closure_check"), sent)

    assert answer.status_code == 422
    assert "วันในอนาคต" in text_of(answer)
    assert not Closure.objects.exists()


def test_closed_accounts_show_part_2_and_no_act(world):
    revocation.close_account(
        actor=actor_of(world.town.head),
        subject_public_id=world.town.officer.public_id,
        reason=ClosureReason.OTHER,
        other_text="ยุบเลิกตำแหน่ง",
        effective_date=TODAY,
        left_date=None,
        case=world.case,
        at=NOW,
    )

    page = text_of(world.head.get(world.of_officer("person")))

    assert "ยุบเลิกตำแหน่ง" in page
    assert "ยกเลิกแล้ว" in page
    assert "/closure/" not in page


# --- Groups -----------------------------------------------------------------------------------------------------


def test_groups_show_who_is_in_them_what_they_open_and_what_is_inferred(world):
    page = text_of(world.head.get(world.url("groups")))

    assert "จัดทำเช็ค ใบถอน และฎีกาเบิกจ่าย" in page
    assert world.of_officer("removal", world.grant.public_id) in page
    assert "อนุมาน" in page
    assert "กลุ่มที่ยกเลิกแล้ว" in page
    assert "เจ้าหน้าที่การเงินรายจ่าย" in page
    assert world.town.head.username in page
    assert "ยังไม่มีผู้ใช้งานในกลุ่มนี้" in page


def test_groups_in_english_are_complete(world):
    world.head.cookies["kunjae_language"] = "en"

    page = text_of(world.head.get(world.url("groups")))

    assert "Managing user groups" in page
    assert "Finance officer" in page
    assert "Abolished groups" in page


def test_no_page_is_kept_by_a_browser(world):
    for path in (world.url("people"), world.of_officer("person"), world.of_officer("closure")):
        assert world.head.get(path)["Cache-Control"] == "no-store"
