"""The department's pages about passwords: what a rule would cost, and where the policy departs from standards."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from kunjae.audit.change import state_change
from kunjae.core.clock import start_of_thai_day
from kunjae.identity import operations
from kunjae.identity.deviations import REGISTER, Standing
from kunjae.identity.models import Subject
from kunjae.identity.password_clock import last_overdue_day
from kunjae.identity.password_profiles import LETTER_2562, LETTER_2562_FORCED, MODERN
from kunjae.identity.password_simulation import ProposedRule, cost_of
from kunjae.organisations.models import Desk
from tests import factories
from tests.factories import NOW, TEST, TODAY, actor_of, sign_in_client
from tests.unit.documents_text import pages_of, plain

pytestmark = pytest.mark.django_db

SIMULATION = "/department/password-policy/simulation/"
LETTERS_OWN = ProposedRule(
    length_min=8, needs_letter=True, needs_digit=True, change_months=None, needs_second_factor=False, minutes_each=10
)


@pytest.fixture
def town():
    return factories.a_town()


@pytest.fixture
def officer():
    factories.the_catalogue()
    return factories.a_desk_officer(Desk.DEPARTMENT)


def set_back(subject: Subject, day: date) -> None:
    """Let a password be as old as if it had been set on a day."""
    with state_change(actor=TEST, at=NOW) as change:
        Subject.objects.filter(pk=subject.pk).update(password_changed_at=start_of_thai_day(day) + timedelta(hours=9))
        change.record("credential.rehashed", subject, organisation_id=None, username=subject.username)


def modern_holds(first) -> None:
    second = factories.a_desk_officer(Desk.DEPARTMENT, given_name="ศิริพร", family_name="วงศ์ทอง")
    proposed = operations.propose_password_policy(
        actor=actor_of(first), code="modern", instrument="บันทึก 77", effective_date=TODAY, at=NOW
    )
    operations.confirm_password_policy(actor=actor_of(second), public_id=proposed.public_id, at=NOW)


# --- What a rule would cost -------------------------------------------------------------------------------------


def test_cost_of_the_rule_in_force_is_nothing(town):
    cost = cost_of(LETTERS_OWN, at=NOW)

    assert cost.people == 2
    assert (cost.resets_least, cost.resets_most, cost.spread_days) == (0, 0, 0)
    assert dict(cost.demands)["content"].met == 2


def test_cost_of_a_longer_password_is_not_known_of_those_set_under_the_letter(town):
    cost = cost_of(replace(LETTERS_OWN, length_min=15), at=NOW)

    assert (cost.resets_least, cost.resets_most) == (0, 2)
    share = dict(cost.demands)["length"]
    assert (share.met, share.unknown, share.unmet) == (0, 2, 0)
    assert cost.spread_days == 2
    assert cost.days_most == 0.0
    assert cost_of(replace(LETTERS_OWN, length_min=15, minutes_each=210), at=NOW).days_most == 1.0


def test_cost_tells_what_was_set_under_which_profile(town):
    first = factories.a_desk_officer(Desk.DEPARTMENT)
    modern_holds(first)
    operations.change_password(
        actor=actor_of(town.officer), current=factories.PASSWORD, new="otter kettle violin harbour", at=NOW
    )

    longer = dict(cost_of(replace(LETTERS_OWN, length_min=15), at=NOW).demands)
    lettered = dict(cost_of(LETTERS_OWN, at=NOW).demands)

    assert longer["length"].met == 1  # set under `modern`
    assert lettered["letter"].unknown == 1  # `modern` asked for no letter
    assert longer["content"].unknown == 4


def test_cost_of_a_clock_counts_the_old_ones_exactly(town):
    six_months = replace(LETTERS_OWN, change_months=6)
    set_back(town.officer, date(2026, 4, 16))
    assert cost_of(six_months, at=NOW).resets_least == 1

    set_back(town.officer, date(2026, 4, 17))
    cost = cost_of(six_months, at=NOW)

    assert (cost.resets_least, cost.resets_most) == (0, 0)
    assert cost.resets_a_year == 4
    assert dict(cost.demands)["clock"].met == 2


@pytest.mark.parametrize(
    ("today", "months", "last"),
    [
        (date(2026, 10, 16), 6, date(2026, 4, 16)),
        (date(2027, 2, 28), 6, date(2026, 8, 31)),
        (date(2027, 3, 1), 6, date(2026, 9, 1)),
        (date(2028, 2, 29), 12, date(2027, 2, 28)),
    ],
)
def test_last_overdue_day_clamps_at_the_end_of_a_month(today, months, last):
    assert last_overdue_day(today, months) == last


def test_cost_of_a_second_factor_is_everybody(town):
    cost = cost_of(replace(LETTERS_OWN, needs_second_factor=True), at=NOW)

    assert cost.enrolments == 2
    assert dict(cost.demands)["second_factor"].unmet == 2


def test_cost_spreads_over_no_day_of_the_turn_of_the_year(town):
    at = NOW - timedelta(days=28)  # Friday 18 September

    assert cost_of(replace(LETTERS_OWN, length_min=15), at=at).spread_until == date(2026, 11, 3)


def test_cost_tells_when_the_rule_would_reach_people(town):
    sign_in_client(Client(), town.officer)

    assert cost_of(LETTERS_OWN, at=timezone.now() + timedelta(minutes=1)).reached == (1, 0, 0, 1)
    assert cost_of(LETTERS_OWN, at=timezone.now() + timedelta(days=40)).reached == (0, 1, 0, 1)


def test_cost_leaves_out_closed_accounts_and_those_without_a_password(town):
    with state_change(actor=TEST, at=NOW) as change:
        Subject.objects.filter(pk=town.officer.pk).update(state="closed", closed_at=NOW)
        change.record("subject.closed", town.officer, organisation_id=None, username=town.officer.username)

    assert cost_of(LETTERS_OWN, at=NOW).people == 1


def test_simulation_shows_a_table_and_says_what_cannot_be_known(officer, town):
    client = sign_in_client(Client(), officer)
    client.cookies["kunjae_language"] = "en"

    page = client.get(SIMULATION).content.decode()
    tried = client.get(SIMULATION, {"length_min": "8", "change_months": "6", "minutes_each": "15"}).content.decode()

    for words in (
        "Surely meet it",
        "Not known",
        "Surely do not",
        "What cannot be known",
        "No password is known to anybody",
    ):
        assert words in page
    assert "Set within the months of the clock" in tried


def test_simulation_of_nonsense_is_refused_with_a_sentence(officer):
    client = sign_in_client(Client(), officer)
    client.cookies["kunjae_language"] = "en"

    answer = client.get(SIMULATION, {"length_min": "๙๙", "minutes_each": "-1"})

    assert answer.status_code == 422
    assert "Choose a length from the list." in answer.content.decode()


def test_simulation_asks_at_most_twelve_questions(officer, town, django_assert_max_num_queries):
    client = sign_in_client(Client(), officer)
    everything = {
        "length_min": "15", "needs_letter": "on", "needs_digit": "on", "change_months": "6",
        "needs_second_factor": "on", "minutes_each": "10",
    }  # fmt: skip

    with django_assert_max_num_queries(12):
        assert client.get(SIMULATION, everything).status_code == 200


# --- The register of departures ---------------------------------------------------------------------------------


def test_register_names_each_clause_once_and_what_ends_it():
    clauses = {(item.standard, item.clause) for item in REGISTER}

    assert {("OWASP ASVS 5.0.0", "6.2.5"), ("OWASP ASVS 5.0.0", "6.2.10"), ("NIST SP 800-63B-4", "3.1.1.2")} <= clauses
    assert len({item.key for item in REGISTER}) == len(REGISTER)
    assert all(str(part) for item in REGISTER for part in (item.asks, item.because, item.instead, item.ends))


def test_register_stands_as_the_profile_in_force_says():
    def standing(profile):
        return {item.key: item.standing(profile) for item in REGISTER}

    letter, modern = standing(LETTER_2562), standing(MODERN)

    assert letter["asvs-composition"] == letter["nist-length"] == Standing.DEPARTS
    assert letter["asvs-rotation"] == Standing.ADVISES
    assert standing(LETTER_2562_FORCED)["asvs-rotation"] == Standing.DEPARTS
    assert {key for key, found in modern.items() if found != Standing.MET} == {"asvs-as-received"}


def test_register_is_public_in_both_languages(client):
    client.cookies["kunjae_language"] = "en"
    english = client.get("/password-standards/").content.decode()
    client.cookies["kunjae_language"] = "th"
    thai = client.get("/password-standards/").content.decode()

    assert "OWASP ASVS 5.0.0, 6.2.5" in english
    assert "OWASP ASVS 5.0.0, 6.2.10" in thai
    assert "What is done instead" in english
    assert "What is done instead" not in thai
    assert "สิ่งที่ทำแทน" in thai
    assert "test_clause_4" not in english
    assert reverse("identity:deviations") in client.get("/guides/").content.decode()


def test_register_of_the_department_tells_its_proofs_and_each_profile(officer):
    client = sign_in_client(Client(), officer)
    client.cookies["kunjae_language"] = "en"

    page = client.get("/department/password-standards/").content.decode()

    assert "tests/conformance/test_clause_4_passwords.py" in page.replace("<wbr>", "")
    assert "Rules of the international standards" in page


@pytest.mark.parametrize(
    ("language", "words"), [("th", "ทะเบียน"), ("en", "Register of departures from password standards")]
)
def test_register_prints_every_clause(client, language, words):
    client.cookies["kunjae_language"] = language

    answer = client.get("/password-standards/register.pdf")
    text = "".join(pages_of(answer.content))

    assert answer["Content-Type"] == "application/pdf"
    assert plain(words) in text
    for item in REGISTER:
        assert plain(f"{item.standard}, {item.clause}") in text


def test_every_proof_of_the_register_exists():
    from pathlib import Path

    root = Path(__file__).resolve().parents[2]
    for item in REGISTER:
        for proof in item.proofs:
            file, _, name = proof.partition("::")
            assert f"def {name}(" in (root / file).read_text(encoding="utf-8"), proof
