"""Which password profile holds is decided by two persons of the department, from a day on (D2, L-40)."""

from datetime import date, timedelta

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from kunjae.audit.change import state_change
from kunjae.audit.models import AuditEvent
from kunjae.core.clock import be_year, thai_day
from kunjae.core.verdict import Denied
from kunjae.identity import due_passwords, operations, queries
from kunjae.identity.models import PasswordPolicyEdition, PasswordPolicyProposal
from kunjae.identity.password_profiles import LETTER_2562, LETTER_2562_FORCED, MODERN
from kunjae.organisations.models import Desk
from tests import factories
from tests.factories import NOW, TEST, TODAY, actor_of, sign_in_client

pytestmark = pytest.mark.django_db

PAPER = "บันทึกข้อความ ที่ มท 0808.4/77 ลงวันที่ 12 ตุลาคม 2569"
PAGE = "/department/password-policy/"


@pytest.fixture
def first():
    factories.the_catalogue()
    return factories.a_desk_officer(Desk.DEPARTMENT)


@pytest.fixture
def second(first):
    return factories.a_desk_officer(Desk.DEPARTMENT, given_name="ศิริพร", family_name="วงศ์ทอง")


def propose(officer, *, code="modern", day=TODAY, at=NOW, instrument=PAPER):
    return operations.propose_password_policy(
        actor=actor_of(officer), code=code, instrument=instrument, effective_date=day, at=at
    )


def confirm(officer, proposed, *, at=NOW):
    return operations.confirm_password_policy(actor=actor_of(officer), public_id=proposed.public_id, at=at)


def why(act, *args, **options) -> str:
    with pytest.raises(Denied) as refused:
        act(*args, **options)
    return refused.value.reason


def test_confirm_by_another_puts_the_profile_into_force_from_its_day(first, second):
    later = TODAY + timedelta(days=30)
    proposed = propose(first, day=later)
    assert queries.password_policy_on(later)[1] == LETTER_2562

    edition = confirm(second, proposed, at=NOW + timedelta(hours=1))

    assert queries.password_policy_on(later - timedelta(days=1))[1] == LETTER_2562
    assert queries.password_policy_on(later) == (edition, MODERN)
    assert edition.proposal.proposed_by == first.person
    assert edition.proposal.confirmed_by == second.person
    assert edition.decided_date == TODAY
    event = AuditEvent.objects.get(name="password_policy.confirmed")
    assert event.chain != ""
    assert AuditEvent.objects.filter(name="password_policy.proposed", actor=first.username).count() == 1


def test_confirm_by_the_proposer_or_a_namesake_is_refused(first):
    proposed = propose(first)
    twice = factories.a_desk_officer(Desk.DEPARTMENT)

    assert why(confirm, first, proposed) == "password_policy_own"
    assert why(confirm, twice, proposed) == "password_policy_own"
    assert PasswordPolicyEdition.objects.count() == 1


def test_confirm_by_the_proposer_is_refused_by_the_database(first):
    proposed = propose(first)

    with pytest.raises(IntegrityError), transaction.atomic(), state_change(actor=TEST, at=NOW):
        proposed.change_to(confirmed_at=NOW, confirmed_by_id=first.person_id, is_waiting=False)


def test_edition_before_its_decision_is_refused_by_the_database(first):
    proposed = propose(first)

    with pytest.raises(IntegrityError), transaction.atomic(), state_change(actor=TEST, at=NOW):
        PasswordPolicyEdition.objects.create(
            code="modern", version=1, facts_json=proposed.facts_json, source="x",
            effective_date=TODAY - timedelta(days=1), proposal=proposed, decided_date=TODAY,
        )  # fmt: skip


def test_two_waiting_proposals_are_refused_by_policy_and_database(first, second):
    proposed = propose(first)

    assert why(propose, second) == "password_policy_waits"
    with pytest.raises(IntegrityError), transaction.atomic(), state_change(actor=TEST, at=NOW):
        PasswordPolicyProposal.objects.create(
            public_id="bcdfghjkmnpq", code="modern", version=1, facts_json=proposed.facts_json, instrument=PAPER,
            effective_date=TODAY, proposed_at=NOW, proposed_by=second.person,
        )  # fmt: skip


@pytest.mark.parametrize(
    ("asked", "reason"),
    [
        ({"day": TODAY - timedelta(days=1)}, "password_policy_day_past"),
        ({"code": "elsewhere"}, "password_policy_unknown"),
        ({"code": "letter-2562"}, "password_policy_unchanged"),
        ({"instrument": "  "}, "password_policy_instrument_missing"),
    ],
)
def test_propose_what_cannot_be_is_refused(first, asked, reason):
    assert why(propose, first, **asked) == reason


def test_confirm_after_its_day_is_refused_and_withdrawing_makes_room(first, second):
    proposed = propose(first)
    tomorrow = NOW + timedelta(days=1)

    assert why(confirm, second, proposed, at=tomorrow) == "password_policy_day_past"
    operations.withdraw_password_policy(actor=actor_of(second), public_id=proposed.public_id, at=tomorrow)
    assert why(confirm, second, proposed) == "password_policy_settled"
    assert propose(second, day=TODAY + timedelta(days=5)).is_waiting


def test_back_to_the_letter_is_a_decision_like_any_other(first, second):
    confirm(second, propose(first))
    next_week = TODAY + timedelta(days=7)

    confirm(first, propose(second, code="letter-2562", day=next_week))

    assert [edition.code for edition in queries.password_policy_history()] == [
        "letter-2562",
        "modern",
        "letter-2562",
    ]
    assert queries.password_policy_on(next_week)[1] == LETTER_2562


def test_the_switch_that_forces_the_change_is_a_decision_like_any_other(first, second):
    town = factories.a_town()
    proposed = propose(first, code="letter-2562-forced")
    assert why(confirm, first, proposed) == "password_policy_own"

    edition = confirm(second, proposed)

    assert queries.password_policy_on(TODAY) == (edition, LETTER_2562_FORCED)
    due = town.officer.password_due_date
    assert due_passwords.password_question(town.officer.pk, on=due).is_forced
    assert not due_passwords.password_question(town.officer.pk, on=due - timedelta(days=1))
    town.officer.refresh_from_db()
    assert town.officer.password_due_date == due, "the day stays as it was given"


def test_propose_by_a_province_or_an_authority_is_refused():
    town = factories.a_town()
    province = factories.a_desk_officer(Desk.PROVINCE, town.authority.province)

    for stranger in (province, town.head, town.officer):
        assert why(propose, stranger) == "password_policy_is_the_departments"


def test_the_installation_adopts_the_first_policy_only(first, second):
    assert (
        operations.adopt_password_policy(actor=TEST, profile=LETTER_2562, effective_date=date(2019, 7, 1), at=NOW)
        == PasswordPolicyEdition.objects.get()
    )

    assert (
        why(operations.adopt_password_policy, actor=TEST, profile=MODERN, effective_date=TODAY, at=NOW)
        == "password_policy_is_the_departments"
    )
    with pytest.raises(CommandError):
        call_command("adopt_password_policy", "modern")


# --- The page ---------------------------------------------------------------------------------------------------


def typed(day, code="modern") -> dict:
    return {
        "code": code,
        "instrument": PAPER,
        "effective_date_day": str(day.day),
        "effective_date_month": str(day.month),
        "effective_date_year": str(be_year(day)),
    }


def in_english(officer) -> Client:
    client = sign_in_client(Client(), officer)
    client.cookies["kunjae_language"] = "en"
    return client


def test_page_proposes_and_another_confirms(first, second):
    today = thai_day(timezone.now())
    one, other = in_english(first), in_english(second)

    answer = one.post(PAGE, typed(today))
    assert answer.status_code == 303
    own = one.get(PAGE).content.decode()
    assert "Confirm this profile" not in own
    assert "Another person of the department confirms what you proposed" in own

    page = other.get(PAGE).content.decode()
    assert PAPER in page
    assert "Confirm this profile" in page
    waiting = PasswordPolicyProposal.objects.get()
    confirmed = other.post(reverse("identity:password_policy_confirmation", args=[waiting.public_id]))
    assert confirmed.status_code == 303
    history = other.get(PAGE).content.decode()
    assert first.person.full_name in history
    assert second.person.full_name in history
    assert "Rules of the international standards" in history


def test_page_says_why_a_proposal_is_refused(first):
    client = in_english(first)

    past = client.post(PAGE, typed(thai_day(timezone.now()) - timedelta(days=1)))
    unchanged = client.post(PAGE, typed(thai_day(timezone.now()), code="letter-2562"))
    empty = client.post(PAGE, {})

    assert past.status_code == unchanged.status_code == empty.status_code == 422
    assert "A profile holds from today or a later day." in past.content.decode()
    assert "This profile already holds on that day." in unchanged.content.decode()
    assert "Name the paper that it rests on" in empty.content.decode()


def test_page_refuses_the_proposers_own_confirmation(first):
    client = in_english(first)
    proposed = propose(first, day=thai_day(timezone.now()) + timedelta(days=3), at=timezone.now())

    answer = client.post(reverse("identity:password_policy_confirmation", args=[proposed.public_id]))

    assert answer.status_code == 422
    assert "Another person of the department confirms" in answer.content.decode()
    assert PasswordPolicyProposal.objects.get().is_waiting


def test_page_shows_what_differs_in_both_languages(first):
    client = sign_in_client(Client(), first)

    thai = client.get(PAGE).content.decode()
    client.cookies["kunjae_language"] = "en"
    english = client.get(PAGE).content.decode()

    assert "หลักเกณฑ์ตามหนังสือ พ.ศ. 2562" in thai or "2562" in thai
    assert "Least length without a second factor" in english
    assert "15 characters" in english
    assert "differs" in english
    assert "Rules of the letter of 2562, with a forced change" in english
    assert "forced every 6 months" in english
    assert english.count('data-l="Rules of the letter of 2562, with a forced change"') == 8
    assert english.count('data-l="Rules of the international standards"') == 8


def test_page_proposes_each_profile_that_does_not_hold(first):
    client = in_english(first)

    answer = client.post(PAGE, typed(thai_day(timezone.now()), code="letter-2562-forced"))

    assert answer.status_code == 303
    assert PasswordPolicyProposal.objects.get().code == "letter-2562-forced"
    assert "Rules of the letter of 2562, with a forced change" in client.get(PAGE).content.decode()


def test_page_asks_few_questions(first, second, django_assert_max_num_queries):
    confirm(second, propose(first))
    client = sign_in_client(Client(), first)

    with django_assert_max_num_queries(12):
        assert client.get(PAGE).status_code == 200
