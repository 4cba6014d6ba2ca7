"""Second factors: asked at the door, bound, drawn, used once, lost (D5; T-18, T-22; ASVS 6.5)."""

import threading
from datetime import timedelta

import pytest
from allauth.account.models import Login
from django.db import connection
from django.db.models import F, QuerySet
from django.test import Client
from django.utils import timezone

from kunjae.access_requests import operations as form_2
from kunjae.audit.change import state_change
from kunjae.audit.models import AuditEvent
from kunjae.core import reasons
from kunjae.core.actor import Actor
from kunjae.core.verdict import Denied
from kunjae.identity import factor_codes, hashing, second_factor, undertaking
from kunjae.identity import operations as identity
from kunjae.identity.models import (
    FactorEnd,
    FactorKind,
    FactorSource,
    RecoveryCode,
    SecondFactor,
    Session,
    SignInAttempt,
    Subject,
    Undertaking,
)
from kunjae.identity.sign_in_stages import SecondFactorStage
from kunjae.messaging.models import Message
from kunjae.revocation import operations as revocation
from tests import factories
from tests.factories import NOW, PASSWORD, actor_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def town():
    return factories.a_town()


def a_factor(subject: Subject, *, at=None) -> str:
    """Bind an app to an account that has none; the secret."""
    at = at or timezone.now() - timedelta(hours=1)
    secret = factor_codes.new_secret()
    identity.bind_app(
        actor=actor_of(subject),
        secret=secret,
        code=factor_codes.app_code(secret, at=at),
        source=FactorSource.FIRST_SIGN_IN,
        at=at,
    )
    return secret


def code_now(secret: str, *, steps: int = 0) -> str:
    return factor_codes.app_code(secret, at=timezone.now() + timedelta(seconds=30 * steps))


def at_the_door(subject: Subject, **extra: str) -> Client:
    client = Client(**extra)
    answer = client.post("/sign-in/", {"username": subject.username, "password": PASSWORD})
    assert answer["Location"] == "/sign-in/second-factor/"
    return client


def is_in(client: Client) -> bool:
    return client.get("/me/").status_code == 200


def give(client: Client, code: str):
    return client.post("/sign-in/second-factor/", {"code": code})


# --- At the door --------------------------------------------------------------------------------------------------


def test_sign_in_with_an_app_asks_for_its_code_and_then_leads_in(town):
    secret = a_factor(town.officer)
    client = at_the_door(town.officer)

    assert not is_in(client)
    assert not Session.objects.filter(subject=town.officer).exists()
    assert give(client, code_now(secret))["Location"] == "/"
    assert is_in(client)
    assert Session.objects.get(subject=town.officer).factor == FactorKind.APP
    assert AuditEvent.objects.filter(name="session.started").latest("pk").facts["factor"] == "app"


def test_sign_in_takes_a_code_typed_with_spaces_and_in_thai_digits(town):
    secret = a_factor(town.officer)
    client = at_the_door(town.officer)
    code = code_now(secret).translate(str.maketrans("0123456789", "๐๑๒๓๔๕๖๗๘๙"))

    assert give(client, f" {code[:3]} {code[3:]} ").status_code == 303
    assert is_in(client)


@pytest.mark.parametrize("typed", ["", "12345", "abcdef", "0" * 41, "\x00", "1" * 6])
def test_a_wrong_or_odd_code_lets_nobody_in(town, typed):
    a_factor(town.officer)
    client = at_the_door(town.officer)

    answer = give(client, typed)

    assert answer.status_code == 422
    assert not is_in(client)


def with_the_password(subject: Subject, code: str, *, password: str = PASSWORD, **extra: str):
    """Type password and code in one form; the browser, and what it was answered."""
    client = Client(**extra)
    answer = client.post("/sign-in/", {"username": subject.username, "password": password, "code": code})
    return client, answer


def outcomes(subject: Subject) -> list[str]:
    return list(SignInAttempt.objects.filter(subject=subject).order_by("pk").values_list("outcome", flat=True))


def test_a_code_typed_with_the_password_leads_straight_in(town):
    secret = a_factor(town.officer)

    client, answer = with_the_password(
        town.officer, code_now(secret).translate(str.maketrans("0123456789", "๐๑๒๓๔๕๖๗๘๙"))
    )

    assert (answer.status_code, answer["Location"]) == (303, "/")
    assert is_in(client)
    assert Session.objects.get(subject=town.officer).factor == FactorKind.APP
    assert outcomes(town.officer) == [SignInAttempt.Outcome.SIGNED_IN]


def test_a_wrong_code_typed_with_the_password_asks_for_another_and_says_why(town):
    secret = a_factor(town.officer)

    client, answer = with_the_password(town.officer, "000000")

    assert answer["Location"] == "/sign-in/second-factor/"
    assert not is_in(client)
    assert outcomes(town.officer) == [SignInAttempt.Outcome.WRONG_CODE, SignInAttempt.Outcome.PASSWORD_SHOWN]
    page = client.get("/sign-in/second-factor/")
    assert page.status_code == 200
    assert reasons.sentence("factor_code_wrong", {}) in page.content.decode()
    assert "000000" not in page.content.decode()
    assert give(client, code_now(secret))["Location"] == "/"
    assert outcomes(town.officer)[-1] == SignInAttempt.Outcome.SIGNED_IN


def test_a_code_beside_a_wrong_password_is_not_looked_at_nor_used_up(town):
    secret = a_factor(town.officer)
    code = code_now(secret)

    _, refused = with_the_password(town.officer, code, password="mai-chai-rahat-ni-27")
    _, unknown = with_the_password(Subject(username="nobody.here"), code, password="mai-chai-rahat-ni-27")

    assert (refused.status_code, unknown.status_code) == (422, 422)
    assert code not in refused.content.decode()
    assert outcomes(town.officer) == [SignInAttempt.Outcome.REFUSED]
    client, _ = with_the_password(town.officer, code)
    assert is_in(client)


def test_t_22_a_code_typed_with_the_password_works_once(town):
    secret = a_factor(town.officer)
    code = code_now(secret)
    assert with_the_password(town.officer, code)[1]["Location"] == "/"

    for replayed in (code, code_now(secret, steps=-1)):
        client, answer = with_the_password(town.officer, replayed)
        assert answer["Location"] == "/sign-in/second-factor/"
        assert not is_in(client)
    assert give(at_the_door(town.officer), code).status_code == 422


def test_t_22_codes_typed_with_the_password_are_slowed_like_those_on_their_own_page(town):
    secret = a_factor(town.officer)
    for number in range(5):
        with_the_password(town.officer, "000000", REMOTE_ADDR=f"192.0.2.{number}")

    client, answer = with_the_password(town.officer, code_now(secret), REMOTE_ADDR="198.51.100.1")

    assert answer["Location"] == "/sign-in/second-factor/"
    assert "ใส่รหัสผิดหลายครั้ง" in client.get("/sign-in/second-factor/").content.decode()
    assert not is_in(client)


def test_whoever_has_no_factor_is_let_in_whatever_he_typed_as_its_code(town):
    client, answer = with_the_password(town.officer, "123456")

    assert answer["Location"] == "/"
    assert is_in(client)
    assert outcomes(town.officer) == [SignInAttempt.Outcome.SIGNED_IN]


def test_a_code_that_no_form_has_is_refused_before_anything_is_looked_at(town):
    a_factor(town.officer)

    for typed in ("0" * 41, "1\x002345"):
        client, answer = with_the_password(town.officer, typed)
        assert answer.status_code == 422
        assert not is_in(client)
    assert outcomes(town.officer) == []


def test_what_waits_for_a_code_holds_none(town):
    a_factor(town.officer)

    client, _ = with_the_password(town.officer, "918273")

    assert "918273" not in str(dict(client.session.items()))


def let_time_pass(minutes: int) -> None:
    """Let everything that was tried have been so long ago."""
    SignInAttempt.objects.update(at=F("at") - timedelta(minutes=minutes))


def test_what_is_said_of_a_code_is_said_until_another_is_typed_or_a_minute_is_over(town):
    secret = a_factor(town.officer)
    for number in range(5):
        with_the_password(town.officer, "000000", REMOTE_ADDR=f"192.0.2.{number}")
    client, _ = with_the_password(town.officer, code_now(secret))
    must_wait = "ใส่รหัสผิดหลายครั้ง"
    assert must_wait in client.get("/sign-in/second-factor/").content.decode()

    let_time_pass(minutes=40)
    assert give(client, "111111").status_code == 422
    assert must_wait not in client.get("/sign-in/second-factor/").content.decode()

    client, _ = with_the_password(town.officer, "000000")
    stage = SecondFactorStage(None, None, Login(user=town.officer, state=client.session["account_login"]["state"]))
    assert stage.refusal(at=timezone.now()).reason == "factor_code_wrong"
    assert stage.refusal(at=timezone.now() + timedelta(seconds=61)) is None


@pytest.mark.parametrize("with_code", [True, False], ids=["typed together", "on its own page"])
def test_a_right_password_and_code_that_got_no_further_leave_a_trace(town, with_code):
    secret = a_factor(town.officer)
    QuerySet(Undertaking).filter(subject=town.officer).delete()

    if with_code:
        client, answer = with_the_password(town.officer, code_now(secret))
    else:
        client = at_the_door(town.officer)
        answer = give(client, code_now(secret))

    assert answer["Location"] == "/sign-in/undertaking/"
    assert outcomes(town.officer) == [SignInAttempt.Outcome.PASSWORD_SHOWN]
    client.post("/sign-in/undertaking/", {"version": undertaking.VERSION, "accepted": "on"})
    assert is_in(client)
    assert outcomes(town.officer) == [SignInAttempt.Outcome.SIGNED_IN]


@pytest.mark.parametrize("somebody_is_in", [True, False])
def test_a_recovery_code_that_finds_the_queue_full_is_asked_for_again_and_not_used_up(
    town, somebody_is_in, monkeypatch
):
    a_factor(town.officer)
    codes = identity.draw_recovery_codes(
        actor=actor_of(town.officer), source=FactorSource.FIRST_SIGN_IN, at=timezone.now() - timedelta(minutes=59)
    )
    client = Client()
    if somebody_is_in:
        client.post("/sign-in/", {"username": town.head.username, "password": PASSWORD})
        assert is_in(client)
    prove = second_factor.prove

    def prove_in_a_full_queue(*arguments, **options):
        with monkeypatch.context() as crowd:
            crowd.setattr(hashing, "queue", hashing.Queue(parallel=1, waiting=0))
            with hashing.queue.turn():
                return prove(*arguments, **options)

    with monkeypatch.context() as patched:
        patched.setattr(second_factor, "prove", prove_in_a_full_queue)
        answer = client.post("/sign-in/", {"username": town.officer.username, "password": PASSWORD, "code": codes[2]})

    assert answer["Location"] == "/sign-in/second-factor/"
    assert reasons.sentence("code_too_many_at_once", {}) in client.get("/sign-in/second-factor/").content.decode()
    assert outcomes(town.officer) == [SignInAttempt.Outcome.PASSWORD_SHOWN]
    assert give(client, codes[2])["Location"] == "/"


def test_a_recovery_code_typed_with_the_password_opens_once(town):
    a_factor(town.officer)
    codes = identity.draw_recovery_codes(
        actor=actor_of(town.officer), source=FactorSource.FIRST_SIGN_IN, at=timezone.now() - timedelta(minutes=59)
    )
    client, answer = with_the_password(town.officer, codes[3])
    assert answer["Location"] == "/"
    assert is_in(client)

    again, answer = with_the_password(town.officer, codes[3])
    assert answer["Location"] == "/sign-in/second-factor/"
    assert not is_in(again)


def test_t_22_a_code_of_an_app_works_once_and_none_before_it(town):
    secret = a_factor(town.officer)
    code = code_now(secret)
    assert give(at_the_door(town.officer), code).status_code == 303

    for replayed in (code, code_now(secret, steps=-1)):
        again = at_the_door(town.officer)
        assert give(again, replayed).status_code == 422
        assert not is_in(again)


def test_t_29_codes_of_long_ago_or_far_ahead_do_not_work(town):
    secret = a_factor(town.officer)
    client = at_the_door(town.officer)

    for steps in (-20, -3, 3, 20):
        assert give(client, code_now(secret, steps=steps)).status_code == 422


def test_the_code_that_bound_an_app_is_used_up(town):
    at = timezone.now()
    secret = a_factor(town.officer, at=at)

    assert give(at_the_door(town.officer), factor_codes.app_code(secret, at=at)).status_code == 422


def test_t_22_wrong_codes_are_slowed_whatever_the_address_and_a_right_one_then_waits_too(town):
    secret = a_factor(town.officer)
    for number in range(5):
        client = at_the_door(town.officer, REMOTE_ADDR=f"192.0.2.{number}")
        assert give(client, "000000").status_code == 422
    client = at_the_door(town.officer, REMOTE_ADDR="198.51.100.1")

    answer = give(client, code_now(secret))

    assert answer.status_code == 422
    assert "ใส่รหัสผิดหลายครั้ง" in answer.content.decode()
    assert not is_in(client)


def test_t_21_wrong_codes_of_strangers_make_nobody_wait_on_a_known_device(town):
    secret = a_factor(town.officer)
    known = at_the_door(town.officer)
    assert give(known, code_now(secret, steps=-1)).status_code == 303
    known.post("/sign-out/")
    for _ in range(6):
        give(at_the_door(town.officer), "000000")

    known.post("/sign-in/", {"username": town.officer.username, "password": PASSWORD})

    assert give(known, code_now(secret)).status_code == 303
    assert is_in(known)


def test_the_second_page_cannot_be_jumped_to(town):
    a_factor(town.officer)
    client = Client()

    assert client.get("/sign-in/second-factor/")["Location"] == "/sign-in/"
    assert give(client, "123456")["Location"] == "/sign-in/"


def test_a_stage_cannot_be_skipped_by_asking_for_a_later_one(town, required):
    a_factor(town.head)
    client = at_the_door(town.head)

    for later in ("/sign-in/new-password/", "/sign-in/undertaking/", "/sign-in/enrolment/"):
        assert client.get(later)["Location"] == "/sign-in/"
        assert client.post(later, {"act": "go_on", "code": "123456", "version": 1, "accepted": "on"})["Location"] == (
            "/sign-in/"
        )
    assert not is_in(client)


def test_the_other_persons_code_opens_nothing(town):
    secret_of_head = a_factor(town.head)
    a_factor(town.officer)

    assert give(at_the_door(town.officer), code_now(secret_of_head)).status_code == 422


def test_t_18_each_step_takes_a_new_session_key(town):
    secret = a_factor(town.officer)
    client = Client()
    client.get("/sign-in/")
    client.post("/sign-in/", {"username": town.officer.username, "password": PASSWORD})
    between = client.cookies["kunjae_session"].value

    give(client, code_now(secret))

    assert client.cookies["kunjae_session"].value != between


@pytest.mark.parametrize("meanwhile", ["suspended", "password revoked", "closed"])
def test_t_18_a_sign_in_that_waited_ends_when_the_account_changed_meanwhile(town, meanwhile):
    secret = a_factor(town.officer)
    client = at_the_door(town.officer)
    with state_change(actor=actor_of(town.head), at=NOW):
        if meanwhile == "suspended":
            identity.suspend_subject(actor=actor_of(town.head), subject_id=town.officer.pk, reason="ลา", at=NOW)
        elif meanwhile == "closed":
            identity.close_subject(actor=actor_of(town.head), subject_id=town.officer.pk, case="", at=NOW)
        else:
            identity.revoke_password(
                actor=actor_of(town.head), subject_id=town.officer.pk, why="may_be_known", case="", at=NOW
            )

    give(client, code_now(secret))

    assert not is_in(client)
    assert not Session.objects.filter(subject=town.officer, ended_at=None).exists()


# --- Recovery codes -----------------------------------------------------------------------------------------------


def _sheet(subject: Subject) -> list[str]:
    at = timezone.now() - timedelta(minutes=5)
    a_factor(subject, at=at)
    return identity.draw_recovery_codes(actor=actor_of(subject), source=FactorSource.FIRST_SIGN_IN, at=at)


def test_a_recovery_code_opens_once_and_the_owner_hears_of_it(town):
    code = _sheet(town.officer)[6]

    first, second = at_the_door(town.officer), at_the_door(town.officer)

    assert give(first, code.lower().replace("-", " ")).status_code == 303
    assert is_in(first)
    assert Session.objects.get(subject=town.officer).factor == FactorKind.CODES
    assert give(second, code).status_code == 422
    assert not is_in(second)
    [event] = AuditEvent.objects.filter(name="recovery_code.used")
    assert (event.facts["number"], event.facts["left"]) == (7, 9)
    assert Message.objects.filter(kind="recovery_code_used", person=town.officer.person).count() == 1


def test_a_former_sheet_is_dead_once_a_newer_one_is_drawn(town):
    former = _sheet(town.officer)
    identity.draw_recovery_codes(
        actor=actor_of(town.officer), source=FactorSource.FIRST_SIGN_IN, at=timezone.now() - timedelta(minutes=1)
    )

    assert give(at_the_door(town.officer), former[0]).status_code == 422


def test_no_code_and_no_secret_stands_readable_in_any_row(town):
    codes = _sheet(town.officer)
    secret = factor_codes.unseal(SecondFactor.objects.get(kind=FactorKind.APP).sealed)
    letters = [factor_codes.letters_of(code) for code in codes]

    rows = [*SecondFactor.objects.values_list("sealed", "name"), *RecoveryCode.objects.values_list("code_hash")]
    rows += [*AuditEvent.objects.values_list("facts_json"), *Message.objects.values_list("facts_json", "sealed")]
    stored = "\n".join(str(value) for row in rows for value in row)

    assert secret not in stored
    assert not any(one in stored for one in (*codes, *letters))


# --- Binding ------------------------------------------------------------------------------------------------------


def test_a_head_without_a_factor_binds_one_before_he_is_in(town, required):
    client = Client()
    assert client.post("/sign-in/", {"username": town.head.username, "password": PASSWORD})["Location"] == (
        "/sign-in/enrolment/"
    )
    page = client.get("/sign-in/enrolment/")
    assert not is_in(client)
    secret = page.context["key"].replace(" ", "")
    assert client.post("/sign-in/enrolment/", {"code": "000000"}).status_code == 422

    bound = client.post("/sign-in/enrolment/", {"code": code_now(secret)})
    assert bound["Location"] == "/sign-in/enrolment/"
    assert not is_in(client)
    shown = client.post("/sign-in/enrolment/", {"act": "draw"})
    codes = shown.context["codes"]
    assert len(codes) == 10
    assert all(code in shown.content.decode() for code in codes)
    assert codes[0] not in client.get("/sign-in/enrolment/").content.decode(), "once only"
    assert client.post("/sign-in/enrolment/", {"act": "go_on"})["Location"] == "/"

    assert is_in(client)
    assert {event.facts["source"] for event in AuditEvent.objects.filter(name="second_factor.bound")} == {
        "first_sign_in"
    }
    assert Message.objects.filter(kind="factor_bound", person=town.head.person).count() == 2
    assert give(at_the_door(town.head), codes[3]).status_code == 303


def test_an_officer_is_not_asked_to_bind_and_a_desk_is(town, required):
    officer, desk = Client(), Client()
    at_the_desk = factories.a_desk_officer()

    officer.post("/sign-in/", {"username": town.officer.username, "password": PASSWORD})
    answer = desk.post("/sign-in/", {"username": at_the_desk.username, "password": PASSWORD})

    assert is_in(officer)
    assert answer["Location"] == "/sign-in/enrolment/"
    assert not is_in(desk)


def test_enrolment_cannot_be_finished_without_a_factor(town, required):
    client = Client()
    client.post("/sign-in/", {"username": town.head.username, "password": PASSWORD})

    answer = client.post("/sign-in/enrolment/", {"act": "go_on"})

    assert answer.status_code == 422
    assert not is_in(client)


def test_bind_app_by_somebody_else_or_without_a_fresh_proof_is_refused(town):
    a_factor(town.officer)
    secret = factor_codes.new_secret()
    code = factor_codes.app_code(secret, at=NOW)

    with pytest.raises(Denied, match="proof_not_fresh"):
        identity.bind_app(actor=actor_of(town.officer), secret=secret, code=code, source=FactorSource.OWN_PAGE, at=NOW)
    stranger = Actor("x", town.head.person_id, None)
    with pytest.raises(Subject.DoesNotExist):
        identity.bind_app(actor=stranger, secret=secret, code=code, source=FactorSource.OWN_PAGE, at=NOW)

    assert SecondFactor.objects.filter(subject=town.officer).count() == 1


def signed_in(subject: Subject, secret: str, *, steps: int = 0) -> Client:
    client = at_the_door(subject)
    assert give(client, code_now(secret, steps=steps)).status_code == 303
    return client


def stale(client: Client, subject: Subject) -> None:
    """Let the last proof of a session lie 21 minutes back."""
    QuerySet(Session).filter(subject=subject).update(proved_at=timezone.now() - timedelta(minutes=21))


def test_own_page_binds_replaces_and_removes_with_a_fresh_proof_only(town):
    secret = a_factor(town.officer)
    client = signed_in(town.officer, secret, steps=-1)
    stale(client, town.officer)
    factor = SecondFactor.objects.get(subject=town.officer)

    for path in ("/me/second-factors/app/", "/me/second-factors/codes/", f"/me/second-factors/{factor.public_id}/end/"):
        assert client.get(path)["Location"].startswith("/me/proof/?next="), path
        assert client.post(path, {"code": "123456"})["Location"].startswith("/me/proof/?next="), path
    before = client.cookies["kunjae_session"].value
    assert client.post("/me/proof/?next=/me/second-factors/app/", {"proof": "000000"}).status_code == 422
    proved = client.post("/me/proof/?next=/me/second-factors/app/", {"proof": code_now(secret)})
    assert proved["Location"] == "/me/second-factors/app/"
    assert client.cookies["kunjae_session"].value != before, "a new key (T-18)"
    newer = client.get("/me/second-factors/app/").context["key"].replace(" ", "")
    assert client.post("/me/second-factors/app/", {"code": code_now(newer, steps=-1)}).status_code == 303
    assert len(client.post("/me/second-factors/codes/").context["codes"]) == 10

    assert SecondFactor.objects.get(pk=factor.pk).end_reason == FactorEnd.REPLACED
    assert SecondFactor.objects.get(pk=factor.pk).sealed == ""
    assert give(at_the_door(town.officer), code_now(secret, steps=1)).status_code == 422
    app = SecondFactor.objects.get(subject=town.officer, kind=FactorKind.APP, ended_at=None)
    assert client.post(f"/me/second-factors/{app.public_id}/end/").status_code == 303
    assert not SecondFactor.objects.filter(subject=town.officer, ended_at=None).exists(), "no codes without a factor"
    assert Client().post("/sign-in/", {"username": town.officer.username, "password": PASSWORD})["Location"] == "/"


def test_the_last_factor_of_a_head_stays(town, required):
    secret = a_factor(town.head)
    client = signed_in(town.head, secret)
    factor = SecondFactor.objects.get(subject=town.head)

    answer = client.post(f"/me/second-factors/{factor.public_id}/end/")

    assert answer.status_code == 422
    assert SecondFactor.objects.get(pk=factor.pk).ended_at is None


def test_nobody_reaches_anothers_factor(town):
    a_factor(town.officer)
    client = Client()
    client.post("/sign-in/", {"username": town.head.username, "password": PASSWORD})

    assert client.post(f"/me/second-factors/{SecondFactor.objects.get().public_id}/end/").status_code == 404


def test_proof_by_the_password_is_for_those_without_a_factor(town):
    client = Client()
    client.post("/sign-in/", {"username": town.officer.username, "password": PASSWORD})
    stale(client, town.officer)

    assert client.post("/me/proof/?next=//evil.example/", {"proof": "wrong-password-1"}).status_code == 422
    assert client.post("/me/proof/?next=//evil.example/", {"proof": PASSWORD})["Location"] == "/"
    a_factor(Subject.objects.get(pk=town.officer.pk))
    assert client.post("/me/proof/", {"proof": PASSWORD}).status_code == 422


def test_a_reset_of_the_password_leaves_the_factor(town):
    a_factor(town.officer)
    with state_change(actor=actor_of(town.head), at=timezone.now()):
        identity.issue_activation(
            actor=actor_of(town.head), subject=town.officer, purpose="replace", case="1/2570", at=timezone.now()
        )
    factories.activate(town.officer, at=timezone.now(), password="thale-fa-khram-58-rim-hat")

    answer = Client().post("/sign-in/", {"username": town.officer.username, "password": "thale-fa-khram-58-rim-hat"})

    assert answer["Location"] == "/sign-in/second-factor/", "a reset never skips the second factor (ASVS 6.4.3)"


# --- Lost ---------------------------------------------------------------------------------------------------------


def test_end_factors_by_the_head_ends_them_and_every_session_and_tells_the_officer(town):
    secret = a_factor(town.officer)
    inside = signed_in(town.officer, secret)
    head = Client()
    head.post("/sign-in/", {"username": town.head.username, "password": PASSWORD})
    path = f"/o/{town.authority.code}/people/{town.officer.public_id}/second-factors/"

    assert head.get(path).status_code == 200
    assert is_in(inside), "a GET changes nothing"
    assert head.post(path).status_code == 303

    assert not is_in(inside)
    factor = SecondFactor.objects.get()
    assert (factor.end_reason, factor.sealed) == (FactorEnd.LOST, "")
    assert Message.objects.filter(kind="factors_ended", person=town.officer.person).count() == 1
    assert head.post(path).status_code == 422, "nothing left to end"
    assert Client().post("/sign-in/", {"username": town.officer.username, "password": PASSWORD})["Location"] == "/"


def test_end_factors_of_a_head_of_oneself_or_by_another_is_refused(town):
    a_factor(town.head)
    a_factor(town.officer)
    for actor, subject in ((town.head, town.head), (town.officer, town.head), (town.officer, town.officer)):
        with pytest.raises(Denied):
            revocation.end_factors(actor=actor_of(actor), subject_public_id=subject.public_id, at=NOW)

    assert SecondFactor.objects.filter(ended_at=None).count() == 2


def test_closing_an_account_ends_its_factors_and_forgets_the_secret(town):
    a_factor(town.officer)
    with state_change(actor=actor_of(town.head), at=NOW):
        identity.close_subject(actor=actor_of(town.head), subject_id=town.officer.pk, case="", at=NOW)

    factor = SecondFactor.objects.get()
    assert (factor.end_reason, factor.sealed) == (FactorEnd.CLOSED, "")


# --- Many at once -------------------------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_t_22_wrong_codes_in_parallel_are_counted_one_by_one(town):
    a_factor(town.officer)
    outcomes: list[str] = []

    def guess() -> None:
        try:
            second_factor.prove(second_factor.Trier(actor_of(town.officer)), "000000", at=timezone.now())
        except Denied as denied:
            outcomes.append(denied.reason)
        finally:
            connection.close()

    threads = [threading.Thread(target=guess) for _ in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(set(outcomes)) == ["factor_code_throttled", "factor_code_wrong"]
    assert outcomes.count("factor_code_wrong") == 5


@pytest.mark.django_db(transaction=True)
def test_t_22_one_code_of_an_app_opens_once_for_two_at_once(town):
    secret = a_factor(town.officer)
    at = timezone.now()
    opened: list[bool] = []

    def prove() -> None:
        try:
            second_factor.prove(
                second_factor.Trier(actor_of(town.officer)), factor_codes.app_code(secret, at=at), at=at
            )
            opened.append(True)
        except Denied:
            opened.append(False)
        finally:
            connection.close()

    threads = [threading.Thread(target=prove) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(opened) == [False, False, False, True]


# --- Before a grave act -------------------------------------------------------------------------------------------


def test_a_grave_act_asks_for_a_proof_anew_and_loses_nothing_that_was_typed(town):
    secret = a_factor(town.head)
    a_factor(town.officer)
    head = signed_in(town.head, secret, steps=-1)
    stale(head, town.head)
    path = f"/o/{town.authority.code}/people/{town.officer.public_id}/second-factors/"

    asked = head.post(path, {"typed": "ก ข & <b>", "twice": ["1", "2"]})
    assert (asked.status_code, asked["Location"].startswith("/me/proof/?next=")) == (307, True)
    page = head.post(asked["Location"], {"typed": "ก ข & <b>", "twice": ["1", "2"]})
    assert page.context["carried"] == [("typed", "ก ข & <b>"), ("twice", "1"), ("twice", "2"), ("sent", "1")]
    assert SecondFactor.objects.filter(subject=town.officer, ended_at=None).exists()
    wrong = head.post(asked["Location"], {"typed": "ก ข & <b>", "sent": "1", "proof": "000000"})
    assert wrong.status_code == 422
    assert wrong.context["carried"] == [("typed", "ก ข & <b>"), ("sent", "1")]
    right = head.post(asked["Location"], {"typed": "ก ข & <b>", "sent": "1", "proof": code_now(secret)})

    assert (right.status_code, right["Location"]) == (307, path)
    assert head.post(path, {"typed": "ก ข & <b>"}).status_code == 303
    assert not SecondFactor.objects.filter(subject=town.officer, ended_at=None).exists()


def test_a_grave_act_asks_the_same_of_its_operation(town):
    secret = a_factor(town.head)
    a_factor(town.officer)
    signed_in(town.head, secret)
    stale(Client(), town.head)
    session = Session.objects.get(subject=town.head)
    actor = Actor(town.head.username, town.head.person_id, town.head.pk, session_id=session.pk)

    with pytest.raises(Denied, match="proof_not_fresh"):
        revocation.end_factors(actor=actor, subject_public_id=town.officer.public_id, at=timezone.now())
    request = factories.a_request(town)
    with pytest.raises(Denied, match="proof_not_fresh"):
        form_2.decide(
            actor=actor,
            request_public_id=request.public_id,
            opinion=form_2.Opinion(approve=False, version=request.version, refusal_reason="ไม่ตรงหน้าที่"),
            at=timezone.now(),
        )

    assert SecondFactor.objects.filter(subject=town.officer, ended_at=None).exists()


def test_a_proof_leads_to_no_other_site(town):
    client = Client()
    client.post("/sign-in/", {"username": town.officer.username, "password": PASSWORD})

    answer = client.post("/me/proof/?next=https://evil.example/", {"proof": PASSWORD, "x": "1", "sent": "1"})

    assert (answer.status_code, answer["Location"]) == (307, "/")
