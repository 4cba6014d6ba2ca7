"""From a day that two persons of the department decide, everybody needs a second factor to enter (D5; ASVS 6.3.3)."""

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from kunjae.access_requests import operations as form_2
from kunjae.audit.change import state_change
from kunjae.audit.models import AuditEvent, chain_of
from kunjae.core.actor import system
from kunjae.core.clock import be_year, long_date, thai_day
from kunjae.core.verdict import Denied
from kunjae.identity import factor_codes, factor_days, factor_duty, operations
from kunjae.identity.models import FactorSource, SecondFactor, SecondFactorDay, Session, Subject
from kunjae.identity.operations import factor_days as operations_of_the_day
from kunjae.identity.password_simulation import ProposedRule, cost_of
from kunjae.messaging.delivery import BULK
from kunjae.messaging.models import Message
from kunjae.messaging.rendering import render
from kunjae.organisations.models import Desk
from kunjae.reports.queries.record import names_by_area
from kunjae.site import rounds
from tests import factories
from tests.factories import NOW, PASSWORD, TEST, TODAY, actor_of, sign_in_client

pytestmark = pytest.mark.django_db

PAPER = "บันทึกข้อความ ที่ มท 0808.4/81 ลงวันที่ 15 ตุลาคม 2569"
PAGE = "/department/second-factors/"
LATER = TODAY + timedelta(days=60)


@pytest.fixture
def town():
    return factories.a_town()


@pytest.fixture
def first():
    factories.the_catalogue()
    return factories.a_desk_officer(Desk.DEPARTMENT)


@pytest.fixture
def second(first):
    return factories.a_desk_officer(Desk.DEPARTMENT, given_name="ศิริพร", family_name="วงศ์ทอง")


def propose(officer, *, day=LATER, at=NOW, instrument=PAPER):
    return operations.propose_factor_day(actor=actor_of(officer), effective_date=day, instrument=instrument, at=at)


def confirm(officer, proposed, *, at=NOW):
    return operations.confirm_factor_day(actor=actor_of(officer), public_id=proposed.public_id, at=at)


def withdraw(officer, proposed, *, at=NOW):
    return operations.withdraw_factor_day(actor=actor_of(officer), public_id=proposed.public_id, at=at)


def decide(first, second, day: date, *, at: datetime = NOW) -> SecondFactorDay:
    return confirm(second, propose(first, day=day, at=at), at=at)


def a_factor(subject: Subject, *, at: datetime | None = None) -> str:
    at = at or timezone.now() - timedelta(hours=1)
    secret = factor_codes.new_secret()
    code = factor_codes.app_code(secret, at=at)
    operations.bind_app(actor=actor_of(subject), secret=secret, code=code, source=FactorSource.FIRST_SIGN_IN, at=at)
    return secret


def why(act, *args, **options) -> str:
    with pytest.raises(Denied) as refused:
        act(*args, **options)
    return refused.value.reason


def today() -> date:
    return thai_day(timezone.now())


# --- The decision -------------------------------------------------------------------------------------------------


def test_confirm_by_another_lets_the_day_hold(first, second):
    assert factor_days.decided_day() is None
    proposed = propose(first)
    assert factor_days.decided_day() is None, "a proposal changes nothing"

    confirmed = confirm(second, proposed, at=NOW + timedelta(hours=1))

    assert factor_days.decided_day() == LATER
    assert not factor_days.has_come(on=LATER - timedelta(days=1))
    assert factor_days.has_come(on=LATER)
    assert (confirmed.proposed_by, confirmed.confirmed_by) == (first.person, second.person)
    for name, actor in (("proposed", first), ("confirmed", second)):
        event = AuditEvent.objects.get(name=f"second_factor_day.{name}")
        assert (event.chain, event.actor) == (chain_of(None), actor.username)
        assert event.facts == {"effective_date": LATER.isoformat(), "instrument": PAPER}


def test_confirm_by_the_proposer_or_a_namesake_is_refused(first):
    proposed = propose(first)
    twice = factories.a_desk_officer(Desk.DEPARTMENT)

    assert why(confirm, first, proposed) == "factor_day_own"
    assert why(confirm, twice, proposed) == "factor_day_own"
    assert factor_days.decided_day() is None


def test_confirm_by_the_proposer_is_refused_by_the_database(first):
    proposed = propose(first)

    with pytest.raises(IntegrityError), transaction.atomic(), state_change(actor=TEST, at=NOW):
        proposed.change_to(confirmed_at=NOW, confirmed_by_id=first.person_id, is_waiting=False)


@pytest.mark.parametrize(
    "fields",
    [
        {"is_waiting": False},
        {"withdrawn_at": NOW, "is_waiting": False},
        {"told_up_to": 7},
        {"told_at": NOW},
        {"confirmed_at": NOW, "is_waiting": False},
    ],
)
def test_half_a_decision_is_refused_by_the_database(first, fields):
    proposed = propose(first)

    with pytest.raises(IntegrityError), transaction.atomic(), state_change(actor=TEST, at=NOW):
        proposed.change_to(**fields)


def test_two_waiting_proposals_are_refused_by_policy_and_database(first, second):
    propose(first)

    assert why(propose, second) == "factor_day_waits"
    with pytest.raises(IntegrityError), transaction.atomic(), state_change(actor=TEST, at=NOW):
        SecondFactorDay.objects.create(
            public_id="bcdfghjkmnpq", effective_date=LATER, instrument=PAPER, proposed_at=NOW,
            proposed_by=second.person,
        )  # fmt: skip


def test_of_two_who_propose_at_once_the_second_finds_the_others(first, second, monkeypatch):
    propose(first)
    monkeypatch.setattr(factor_days, "waiting", lambda: None)  # asked before the other committed

    assert why(propose, second, day=LATER + timedelta(days=1)) == "factor_day_waits"
    assert SecondFactorDay.objects.count() == 1


@pytest.mark.parametrize(
    ("asked", "reason"),
    [
        ({"day": TODAY - timedelta(days=1)}, "factor_day_past"),
        ({"instrument": "  "}, "factor_day_instrument_missing"),
    ],
)
def test_propose_what_cannot_be_is_refused(first, asked, reason):
    assert why(propose, first, **asked) == reason
    assert not SecondFactorDay.objects.exists()


def test_propose_from_today_on_is_allowed(first):
    assert propose(first, day=TODAY).is_waiting


def test_confirm_after_its_day_is_refused_and_withdrawing_makes_room(first, second):
    proposed = propose(first, day=TODAY)
    tomorrow = NOW + timedelta(days=1)

    assert why(confirm, second, proposed, at=tomorrow) == "factor_day_past"
    withdraw(second, proposed, at=tomorrow)
    assert why(confirm, second, proposed) == "factor_day_settled"
    assert why(withdraw, first, proposed) == "factor_day_settled"
    assert propose(second).is_waiting


def test_a_decided_day_is_moved_by_a_new_decision_alone(first, second):
    decided = decide(first, second, LATER)
    assert why(withdraw, first, decided) == "factor_day_settled"
    assert why(propose, first, day=LATER) == "factor_day_unchanged"

    decide(second, first, LATER + timedelta(days=30), at=NOW + timedelta(days=1))

    assert factor_days.decided_day() == LATER + timedelta(days=30)
    assert not factor_days.has_come(on=LATER)
    assert [one.effective_date for one in factor_days.history()] == [LATER + timedelta(days=30), LATER]


def test_nobody_else_proposes_confirms_or_withdraws(first, town):
    proposed = propose(first)
    province = factories.a_desk_officer(Desk.PROVINCE, town.authority.province)

    for stranger in (province, town.head, town.officer):
        for act in (confirm, withdraw):
            assert why(act, stranger, proposed) == "factor_day_is_the_departments"
        assert why(propose, stranger) == "factor_day_is_the_departments"
    with pytest.raises(Denied, match="factor_day_is_the_departments"):
        operations.propose_factor_day(actor=system("x"), effective_date=LATER, instrument=PAPER, at=NOW)


def test_confirm_asks_for_a_fresh_proof(first, second):
    proposed = propose(first, day=today() + timedelta(days=30), at=timezone.now())
    client = sign_in_client(Client(), second)
    session = Session.objects.get(subject=second)
    QuerySet(Session).filter(pk=session.pk).update(proved_at=timezone.now() - timedelta(minutes=21))
    actor = replace(actor_of(second), session_id=session.pk)

    with pytest.raises(Denied, match="proof_not_fresh"):
        operations.confirm_factor_day(actor=actor, public_id=proposed.public_id, at=timezone.now())
    answer = client.post(reverse("identity:factor_day_confirmation", args=[proposed.public_id]))

    assert (answer.status_code, answer["Location"].startswith("/me/proof/?next=")) == (307, True)
    assert SecondFactorDay.objects.get().is_waiting


def test_no_authority_finds_these_events_in_its_record():
    assert not any(name.startswith("second_factor_day.") for names in names_by_area().values() for name in names)


# --- The door -----------------------------------------------------------------------------------------------------


def at_the_door(subject: Subject) -> tuple[Client, str]:
    client = Client()
    answer = client.post("/sign-in/", {"username": subject.username, "password": PASSWORD})
    return client, answer["Location"]


def is_in(client: Client) -> bool:
    return client.get("/me/").status_code == 200


def test_from_the_day_on_an_officer_without_a_factor_binds_one_before_he_is_in(first, second, town, required):
    decide(first, second, today(), at=timezone.now())

    client, where = at_the_door(town.officer)
    assert where == "/sign-in/enrolment/"
    assert not is_in(client)
    page = client.get("/sign-in/enrolment/")
    assert "กำหนดให้ทุกคนใช้ปัจจัยที่สอง" in page.content.decode()
    assert "ดูแลรหัสผู้ใช้งานของผู้อื่น" not in page.content.decode(), "that is the duty of a head"
    code = factor_codes.app_code(page.context["key"].replace(" ", ""), at=timezone.now())
    client.post("/sign-in/enrolment/", {"code": code})
    assert client.post("/sign-in/enrolment/", {"act": "go_on"})["Location"] == "/"

    assert is_in(client)


def test_the_day_before_an_officer_without_a_factor_is_let_in(first, second, town, required):
    decide(first, second, today() + timedelta(days=1), at=timezone.now())

    client, where = at_the_door(town.officer)

    assert where == "/"
    assert is_in(client)


def test_a_day_that_is_proposed_or_withdrawn_asks_nobody(first, second, town, required):
    proposed = propose(first, day=today(), at=timezone.now())
    assert at_the_door(town.officer)[1] == "/"

    withdraw(second, proposed, at=timezone.now())

    assert at_the_door(town.officer)[1] == "/"


def test_the_day_asks_nobody_while_the_setting_is_off(first, second, town):
    decide(first, second, today(), at=timezone.now())

    assert at_the_door(town.officer)[1] == "/"
    assert factor_days.day_for(town.officer) is None
    assert factor_days.to_be_told(at=timezone.now()) is None


def test_must_follows_the_day_and_asks_one_question_more_only_of_whom_no_duty_asks(
    first, second, town, required, django_assert_num_queries
):
    decide(first, second, LATER)
    the_day = NOW + timedelta(days=60)

    with django_assert_num_queries(3):
        assert not factor_duty.must(town.officer, at=the_day - timedelta(days=1))
    with django_assert_num_queries(3):
        assert factor_duty.must(town.officer, at=the_day)
    with django_assert_num_queries(2):
        assert factor_duty.must(town.head, at=NOW)
    with django_assert_num_queries(1):
        assert factor_duty.must(first, at=NOW)


def test_the_day_is_asked_after_the_right_password_only(first, second, town, required, django_assert_num_queries):
    decide(first, second, today(), at=timezone.now())

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(factor_days, "has_come", lambda **_options: pytest.fail("asked at a refused sign-in"))
        refused = Client().post("/sign-in/", {"username": town.officer.username, "password": "wrong-password-1"})

    assert refused.status_code == 422


def test_the_last_factor_of_an_officer_stays_from_the_day_on(first, second, town, required):
    secret = a_factor(town.officer)
    client = at_the_door(town.officer)[0]
    code = factor_codes.app_code(secret, at=timezone.now())
    assert client.post("/sign-in/second-factor/", {"code": code}).status_code == 303
    path = reverse("identity:remove_factor", args=[SecondFactor.objects.get().public_id])
    decide(first, second, today(), at=timezone.now())
    client.cookies["kunjae_language"] = "en"

    answer = client.post(path)

    assert answer.status_code == 422
    assert "You need a second factor to sign in, and this is your only one." in answer.content.decode()
    decide(second, first, today() + timedelta(days=1), at=timezone.now())
    assert client.post(path).status_code == 303, "a day that was moved asks nobody yet"


# --- Before the day -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", ["th", "en"])
def test_own_page_and_first_page_tell_who_has_no_factor(first, second, town, required, language):
    day = today() + timedelta(days=30)
    client = sign_in_client(Client(), town.officer)
    client.cookies["kunjae_language"] = language
    told = f"{long_date(day, language)}".split()[1]
    bind = f'href="{reverse("identity:own_factors")}">{"ผูกปัจจัยที่สอง" if language == "th" else "Bind a second factor"}'
    assert bind not in client.get("/").content.decode().replace("\u2060", "")

    decide(first, second, day, at=timezone.now())

    for page in ("/", "/me/"):
        shown = client.get(page).content.decode().replace("\u2060", "")
        assert bind in shown
        assert told in shown
    a_factor(town.officer)
    for page in ("/", "/me/"):
        assert bind not in client.get(page).content.decode().replace("\u2060", "")


def test_an_executive_is_told_on_the_first_page_too(first, second, town, required):
    form_2.give_executive_access(
        actor=actor_of(town.head), appointment_id=town.executive_post.pk, username="town.nayok",
        email="nayok@example.go.th", mobile="0812345678", at=NOW,
    )  # fmt: skip
    client = sign_in_client(Client(), factories.activate(Subject.objects.get(username="town.nayok")))
    decide(first, second, today() + timedelta(days=30), at=timezone.now())

    assert "ผูกปัจจัยที่สอง" in client.get("/").content.decode().replace("\u2060", "")


@pytest.mark.parametrize("page", ["/", "/me/"])
def test_pages_with_the_note_ask_few_questions(town, required, page, django_assert_max_num_queries):
    desk = [factories.a_desk_officer(given_name=name) for name in ("อรทัย", "ศิริพร")]
    client = sign_in_client(Client(), town.officer)
    decide(*desk, today() + timedelta(days=30), at=timezone.now())

    with django_assert_max_num_queries(12):
        assert client.get(page).status_code == 200


def tell(*, at: datetime) -> int:
    return operations.tell_of_factor_day(actor=system("tell-of-factor-day"), at=at)


def notices() -> QuerySet[Message]:
    return Message.objects.filter(kind="factor_day").order_by("pk")


def test_tell_goes_once_fourteen_days_before_to_who_has_no_factor(first, second, town, required):
    for bound in (first, second):
        a_factor(bound, at=NOW)
    decide(first, second, LATER)
    two_weeks_before = NOW + timedelta(days=46)

    assert tell(at=two_weeks_before - timedelta(days=1)) == 0
    assert tell(at=two_weeks_before) == 2
    assert tell(at=two_weeks_before + timedelta(minutes=5)) == 0

    assert set(notices().values_list("person_id", flat=True)) == {town.head.person_id, town.officer.person_id}
    letter = render(notices().first(), at=two_weeks_before)
    assert "ตั้งแต่วันที่ 15 ธันวาคม 2569" in letter.subject
    assert "บัญชีและสิทธิของฉัน" in letter.text
    event = AuditEvent.objects.get(name="second_factor_day.told")
    assert (event.chain, event.facts["count"]) == (chain_of(None), 2)


def test_tell_goes_at_once_when_the_day_is_near_and_never_after_it(first, second, town, required):
    decide(first, second, TODAY + timedelta(days=2))

    assert tell(at=NOW + timedelta(days=2)) == 0
    assert tell(at=NOW) == 4


def test_tell_goes_in_pieces_and_from_the_mark_on(first, second, town, required, monkeypatch):
    monkeypatch.setattr(operations_of_the_day, "PIECE", 1)
    monkeypatch.setattr(operations_of_the_day, "PIECES_A_ROUND", 3)
    decide(first, second, TODAY + timedelta(days=2))

    assert [tell(at=NOW) for _ in range(3)] == [3, 1, 0]

    assert notices().count() == len(set(notices().values_list("person_id", flat=True))) == 4
    assert SecondFactorDay.objects.get().told_at == NOW


def test_tell_of_a_moved_day_goes_anew_and_of_the_former_one_no_more(first, second, town, required):
    decide(first, second, TODAY + timedelta(days=2))
    assert tell(at=NOW) == 4
    decide(first, second, LATER, at=NOW + timedelta(minutes=1))

    assert tell(at=NOW + timedelta(days=1)) == 0
    assert tell(at=NOW + timedelta(days=46)) == 4


def test_tell_fails_whole_with_its_event(first, second, town, required, monkeypatch):
    decide(first, second, TODAY + timedelta(days=2))
    monkeypatch.setattr(operations_of_the_day, "_record", lambda *_words, **_facts: 1 / 0)

    with pytest.raises(ZeroDivisionError):
        tell(at=NOW)

    assert not notices().exists()
    assert SecondFactorDay.objects.get().told_up_to == 0


def test_tell_is_behind_what_somebody_waits_for(first, second, town, required, monkeypatch):
    priorities = []
    monkeypatch.setattr("kunjae.messaging.delivery.enqueue", lambda _pk, *, at, priority=0: priorities.append(priority))
    decide(first, second, TODAY + timedelta(days=2))

    tell(at=NOW)

    assert priorities == [BULK] * 4


def test_the_round_asks_one_question_while_nobody_is_to_be_told(required, django_assert_num_queries):
    [due] = [one for one in rounds.ROUNDS if one.name == "tell-of-factor-day"]

    with django_assert_num_queries(1):
        assert due.make(NOW) == 0


# --- The page -----------------------------------------------------------------------------------------------------


def typed(day: date, *, paper: str = PAPER) -> dict[str, str]:
    return {
        "instrument": paper,
        "effective_date_day": str(day.day),
        "effective_date_month": str(day.month),
        "effective_date_year": str(be_year(day)),
    }


def in_english(officer: Subject) -> Client:
    client = sign_in_client(Client(), officer)
    client.cookies["kunjae_language"] = "en"
    return client


def test_page_proposes_and_another_confirms(first, second):
    day = today() + timedelta(days=40)
    one, other = in_english(first), in_english(second)

    assert one.post(PAGE, typed(day))["Location"] == f"{PAGE}?done=proposed"
    assert one.post(PAGE, typed(day))["Location"] == f"{PAGE}?done=proposed", "sent twice, proposed once"
    own = one.get(PAGE).content.decode()
    assert "Confirm this day" not in own
    assert "Another person of the department confirms what you proposed" in own
    page = other.get(PAGE).content.decode()
    assert PAPER in page
    assert "Confirm this day" in page
    confirmation = reverse("identity:factor_day_confirmation", args=[SecondFactorDay.objects.get().public_id])
    assert other.get(confirmation).status_code == 405
    assert other.post(confirmation)["Location"] == f"{PAGE}?done=confirmed"
    assert other.post(confirmation).status_code == 422

    history = other.get(f"{PAGE}?done=confirmed").content.decode()
    for words in (first.person.full_name, second.person.full_name, PAPER, "to come", "Propose another day"):
        assert words in history


def test_page_withdraws_and_shows_who_did(first, second):
    proposed = propose(first, day=today() + timedelta(days=3), at=timezone.now())
    client = in_english(second)
    withdrawal = reverse("identity:factor_day_withdrawal", args=[proposed.public_id])

    assert client.post(withdrawal)["Location"] == f"{PAGE}?done=withdrawn"

    assert client.post(withdrawal).status_code == 422
    shown = client.get(PAGE).content.decode()
    assert "Proposals that were withdrawn" in shown
    assert second.person.full_name in shown
    assert client.post(reverse("identity:factor_day_withdrawal", args=["bcdfghjkmnpq"])).status_code == 404


def test_page_refuses_the_proposers_own_confirmation(first):
    proposed = propose(first, day=today() + timedelta(days=3), at=timezone.now())

    answer = in_english(first).post(reverse("identity:factor_day_confirmation", args=[proposed.public_id]))

    assert answer.status_code == 422
    assert "Another person of the department confirms" in answer.content.decode()
    assert SecondFactorDay.objects.get().is_waiting


def test_page_says_why_a_proposal_is_refused_and_keeps_what_was_typed(first):
    client = in_english(first)

    past = client.post(PAGE, typed(today() - timedelta(days=1)))
    unnamed = client.post(PAGE, typed(today(), paper=""))
    unprintable = client.post(PAGE, typed(today(), paper="\ue000"))

    assert past.status_code == unnamed.status_code == unprintable.status_code == 422
    assert "A second factor is asked of everybody from today or a later day." in past.content.decode()
    assert PAPER in past.content.decode()
    assert "Name the paper that it rests on" in unnamed.content.decode()
    assert not SecondFactorDay.objects.exists()


def test_page_says_how_many_have_no_factor_in_both_languages(first, town):
    a_factor(town.head)
    client = sign_in_client(Client(), first)

    thai = client.get(PAGE).content.decode().replace("\u2060", "")
    client.cookies["kunjae_language"] = "en"
    english = client.get(PAGE).content.decode()

    assert factor_days.reach() == factor_days.Reach(people=3, without=2)
    assert "ปัจจัยที่สองสำหรับทุกคน" in thai
    assert "ยังไม่ได้กำหนดวัน" in thai
    assert "No day is decided" in english
    for page in (thai, english):
        assert "<b>2</b> (66.7%)" in page


def test_reach_of_nobody_is_nothing():
    assert factor_days.reach().share == 0.0


def test_codes_alone_are_no_second_factor(town):
    a_factor(town.officer, at=timezone.now())
    factor = SecondFactor.objects.get()
    operations.draw_recovery_codes(actor=actor_of(town.officer), source=FactorSource.FIRST_SIGN_IN, at=timezone.now())
    with state_change(actor=TEST, at=NOW) as change:
        factor.change_to(ended_at=NOW, end_reason="removed", sealed="")
        change.record(
            "second_factor.ended", factor, organisation_id=None, username=town.officer.username, kind="app",
            why="removed",
        )  # fmt: skip

    assert factor_days.reach().without == 2


def test_simulation_counts_the_factors_that_are_bound(town):
    a_factor(town.officer)
    rule = ProposedRule(
        length_min=8, needs_letter=True, needs_digit=True, change_months=None, needs_second_factor=True, minutes_each=10
    )

    cost = cost_of(rule, at=NOW)

    share = dict(cost.demands)["second_factor"]
    assert (cost.enrolments, share.met, share.unmet) == (1, 1, 1)


@pytest.mark.parametrize("who", ["head", "officer", "province"])
def test_page_is_for_the_department_alone(first, town, who):
    proposed = propose(first, day=today() + timedelta(days=3), at=timezone.now())
    readers = {
        "head": town.head,
        "officer": town.officer,
        "province": factories.a_desk_officer(Desk.PROVINCE, town.authority.province),
    }
    client = sign_in_client(Client(), readers[who])

    assert client.get(PAGE).status_code == 404
    assert client.post(PAGE, typed(today())).status_code == 404
    for name in ("identity:factor_day_confirmation", "identity:factor_day_withdrawal"):
        assert client.post(reverse(name, args=[proposed.public_id])).status_code == 404
    assert SecondFactorDay.objects.get().is_waiting


def test_page_asks_few_questions_and_stands_in_the_menu(first, second, django_assert_max_num_queries):
    decide(first, second, today(), at=timezone.now())
    propose(first, day=today() + timedelta(days=9), at=timezone.now())
    client = sign_in_client(Client(), second)

    with django_assert_max_num_queries(12):
        answer = client.get(PAGE)

    assert answer.status_code == 200
    assert f'href="{PAGE}"' in client.get("/").content.decode()
    assert client.get(reverse("identity:password_simulation") + "?length_min=8&needs_letter=on&needs_digit=on"
                      "&needs_second_factor=on&minutes_each=10").status_code == 200  # fmt: skip
