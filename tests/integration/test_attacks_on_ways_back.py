"""
Attacks on the ways back of who cannot get in, and on what a revocation leaves open (D11, N-01, T-02, T-20, T-22).

A stranger knows the user id; a thief has known the password.
"""

import threading
from datetime import date, timedelta

import pytest
from django.core.cache import cache
from django.db import connection
from django.db.models import QuerySet
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from kunjae.access_requests import operations as form_2
from kunjae.access_requests.models import Invitation
from kunjae.access_requests.operations import offices
from kunjae.access_requests.views.helping import ASKED_AN_HOUR
from kunjae.audit.change import state_change
from kunjae.core.verdict import Denied
from kunjae.entitlements import operations as entitlements
from kunjae.identity import operations as identity
from kunjae.identity import queries, undertaking
from kunjae.identity.models import (
    Activation,
    FactorEnd,
    PasswordReset,
    SecondFactor,
    Session,
    SignInAttempt,
    Subject,
    Undertaking,
)
from kunjae.messaging.models import Message
from kunjae.organisations.models import Capacity
from kunjae.revocation import operations as revocation
from tests import factories
from tests.factories import PASSWORD, TEST, actor_of, sign_in_client
from tests.integration.test_attacks_on_waiting_sign_ins import disown, revoke
from tests.integration.test_passkeys import a_passkey, enter, is_in
from tests.integration.test_second_factors import a_factor, signed_in, stale
from tests.integration.test_troubles import (
    ASKED_BY,
    NEW,
    an_app,
    choose,
    code_of,
    follow,
    link_for,
    opens,
    show_factor,
    text_of,
)

pytestmark = pytest.mark.django_db

AT_ONCE = 24


@pytest.fixture
def town():
    return factories.a_town()


def ask_for_password(subject, *, hours_ago: float = 0) -> PasswordReset | None:
    at = timezone.now() - timedelta(hours=hours_ago)
    return identity.send_reset(actor=ASKED_BY, subject_id=subject.pk, at=at)


def at_once(act) -> None:
    """Let two dozen do the same in the same moment."""
    gate = threading.Barrier(AT_ONCE)

    def run(number: int) -> None:
        try:
            gate.wait()
            act(number)
        except Denied:
            pass
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(number,)) for number in range(AT_ONCE)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


# --- What a revocation leaves open ----------------------------------------------------------------------------------


@pytest.mark.parametrize("taken_back", [revoke, disown])
def test_a_passkey_that_a_thief_has_bound_opens_nothing_once_the_password_is_taken_back(town, taken_back):
    thiefs = a_passkey(town.officer)

    taken_back(town.officer)

    client, status = enter(thiefs)
    assert (status, is_in(client)) == (422, False)
    assert SecondFactor.objects.get(subject=town.officer).end_reason == FactorEnd.REVOKED
    mail = Message.objects.filter(kind="password_revoked", person=town.officer.person).get()
    assert "ปัจจัยที่สอง" in text_of(mail)


# --- The link of a forgotten password -------------------------------------------------------------------------------


def test_a_link_to_a_mailbox_that_is_no_longer_ones_own_is_dead(town):
    secret, link = an_app(town.officer), link_for(town.officer)
    with state_change(actor=TEST, at=timezone.now()):
        identity.change_contact(
            actor=TEST,
            subject_id=town.officer.pk,
            email="new@example.go.th",
            email_confirmed_at=timezone.now(),
            mobile=town.officer.mobile,
            mobile_confirmed_at=timezone.now(),
            at=timezone.now(),
        )
    browser = Client()

    assert follow(browser, link).status_code == 404
    show_factor(browser, code_of(secret))
    assert choose(browser).status_code == 409
    assert not opens(town.officer, NEW)


def test_a_suspension_that_is_lifted_again_brings_no_link_back(town):
    secret, browser = an_app(town.officer), Client()
    follow(browser, link_for(town.officer))
    show_factor(browser, code_of(secret))
    with state_change(actor=TEST, at=timezone.now()):
        identity.suspend_subject(actor=TEST, subject_id=town.officer.pk, reason="สงสัยว่ารหัสรั่ว", at=timezone.now())
        identity.resume_subject(actor=TEST, subject_id=town.officer.pk, at=timezone.now())

    assert choose(browser).status_code == 409
    assert not opens(town.officer, NEW)


def test_a_factor_that_was_lost_meanwhile_has_proved_nothing(town):
    secret, browser = an_app(town.officer), Client()
    follow(browser, link_for(town.officer))
    show_factor(browser, code_of(secret))
    with state_change(actor=TEST, at=timezone.now()):
        identity.end_factors_of(actor=TEST, subject=town.officer, why=FactorEnd.LOST, at=timezone.now())
    a_factor(town.officer, at=timezone.now())

    assert choose(browser).status_code == 409
    assert not opens(town.officer, NEW)


def test_a_proof_in_one_browser_is_none_in_another(town):
    secret, link = an_app(town.officer), link_for(town.officer)
    left_behind, own = Client(), Client()
    follow(left_behind, link)
    show_factor(left_behind, code_of(secret, steps=-1))
    QuerySet(PasswordReset).update(proved_at=timezone.now() - timedelta(minutes=25))

    follow(own, link)
    show_factor(own, code_of(secret))

    assert left_behind.get(reverse("access_requests:reset_choosing")).status_code == 404
    assert choose(left_behind).status_code == 409
    assert own.get(reverse("access_requests:reset_choosing")).status_code == 200


def test_a_stranger_who_asks_again_and_again_keeps_no_owner_out(town):
    an_app(town.officer)
    assert ask_for_password(town.officer, hours_ago=20)
    assert ask_for_password(town.officer, hours_ago=20) is None, "the one that is on its way stays"
    for hours_ago in (19, 18):
        assert ask_for_password(town.officer, hours_ago=hours_ago)
    assert ask_for_password(town.officer, hours_ago=17.5) is None, "after three one an hour"

    for hours_ago in (16, 15, 14, 13, 12, 11, 10):
        assert ask_for_password(town.officer, hours_ago=hours_ago)

    assert ask_for_password(town.officer) is None, "ten a day"


def test_a_stranger_who_asks_for_help_keeps_no_owner_from_making_his_password_invalid(town):
    for _ in range(3):
        form_2.forgotten_password(actor=ASKED_BY, subject_id=town.officer.pk, at=timezone.now())

    lost = form_2.help_by_mail(actor=ASKED_BY, subject_id=town.officer.pk, at=timezone.now(), is_lost=True)
    assert lost is not None
    QuerySet(Invitation).filter(is_lost=False).update(invited_at=timezone.now() - timedelta(days=2))
    assert form_2.help_by_mail(actor=ASKED_BY, subject_id=town.officer.pk, at=timezone.now()) is not None

    assert Invitation.objects.get(pk=lost.pk).ended_at is None, "help for a stranger ends no link of the owner's"


def test_wrong_codes_behind_a_link_are_no_evidence_that_the_password_is_known(town):
    an_app(town.officer)
    browser = Client()
    follow(browser, link_for(town.officer))

    for _ in range(5):
        show_factor(browser, "000000")

    assert set(SignInAttempt.objects.values_list("outcome", flat=True)) == {SignInAttempt.Outcome.RESET_CODE}
    assert queries.codes_guessed_at(at=timezone.now()) == []
    assert show_factor(browser, "000000").status_code == 422
    assert SignInAttempt.objects.count() == 5, "the sixth was not judged"


def test_many_addresses_of_one_network_are_one(town):
    cache.clear()
    for number in range(20):
        there = Client(REMOTE_ADDR=f"2001:db8::{number:x}")
        assert there.post("/cannot-enter/password/", {"username": town.officer.username}).status_code == 303

    there = Client(REMOTE_ADDR="2001:db8::ffff")
    assert there.post("/cannot-enter/password/", {"username": town.officer.username}).status_code == 422
    cache.clear()


# --- Guessing at the same moment ------------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_t_20_of_wrong_passwords_at_once_five_are_judged():
    town = factories.a_town()

    def guess(number: int) -> None:
        sent = {"username": town.head.username, "password": f"wrong-{number}"}
        Client(REMOTE_ADDR="192.0.2.9").post("/sign-in/", sent)

    at_once(guess)

    assert SignInAttempt.objects.filter(outcome=SignInAttempt.Outcome.REFUSED).count() == 5


@pytest.mark.django_db(transaction=True)
def test_t_20_of_wrong_present_passwords_at_once_five_are_judged():
    head = factories.a_town().head

    at_once(lambda number: identity.refuse_wrong_present_password(actor_of(head), f"wrong-{number}", at=timezone.now()))

    assert SignInAttempt.objects.filter(outcome=SignInAttempt.Outcome.REFUSED).count() == 5


# --- Traces ---------------------------------------------------------------------------------------------------------


def test_a_right_password_without_the_second_factor_leaves_a_trace(town):
    a_factor(town.officer)
    for _ in range(5):
        sent = {"username": town.officer.username, "password": PASSWORD}
        assert Client().post("/sign-in/", sent)["Location"] == "/sign-in/second-factor/"

    assert [one.outcome for one in queries.sign_ins_of(town.officer.pk)] == [SignInAttempt.Outcome.PASSWORD_SHOWN] * 5
    assert queries.codes_guessed_at(at=timezone.now()) == [(town.officer.pk, 5)]
    assert queries.recent_tries(town.officer.pk, since=timezone.now() - timedelta(days=1)).refused == 0


def test_an_owner_who_goes_on_to_the_second_factor_alarms_nobody(town):
    secret = a_factor(town.officer)
    for steps in (-1, 0, 1):
        client = Client()
        client.post("/sign-in/", {"username": town.officer.username, "password": PASSWORD})
        assert client.post("/sign-in/second-factor/", {"code": code_of(secret, steps=steps)})["Location"] == "/"

    outcomes = [one.outcome for one in queries.sign_ins_of(town.officer.pk)]
    assert outcomes == [SignInAttempt.Outcome.SIGNED_IN] * 3, "each way in is one line of the history"
    assert queries.codes_guessed_at(at=timezone.now()) == []


# --- Duties ---------------------------------------------------------------------------------------------------------


def test_todays_duties_are_not_accepted_by_the_number_of_former_ones(town, monkeypatch):
    monkeypatch.setattr(undertaking, "VERSION", undertaking.VERSION + 1)
    client = Client()
    client.post("/sign-in/", {"username": town.officer.username, "password": PASSWORD})

    answer = client.post("/sign-in/undertaking/", {"version": undertaking.VERSION - 1, "accepted": "on"})

    assert answer.status_code == 422
    assert not Undertaking.objects.filter(subject=town.officer, version=undertaking.VERSION).exists()
    assert not is_in(client)


def becomes_a_head(officer):
    """Let an officer head another authority from now on, and tell which."""
    other = factories.a_local_authority("กะรน", stem="karon")
    entitlements.open_tenure(
        actor=TEST,
        authority=other,
        subject=officer,
        capacity=Capacity.ACTING_FOR,
        order_number="288/2569",
        order_date=date(2026, 9, 28),
        at=timezone.now(),
    )
    return other


def test_a_duty_that_begins_in_an_open_session_is_done_with_a_second_factor(town, required):
    officer = sign_in_client(Client(), town.officer)
    assert officer.get("/me/").status_code == 200
    other = becomes_a_head(town.officer)

    answer = officer.get(f"/o/{other.code}/requests/")

    assert "ended=factor_needed" in answer["Location"]
    assert Session.objects.get(subject=town.officer).end_reason == "factor_needed"
    assert "ปัจจัยที่สอง" in officer.get(answer["Location"]).content.decode()
    door = officer.post("/sign-in/", {"username": town.officer.username, "password": PASSWORD})
    assert door["Location"] == "/sign-in/enrolment/"


def test_a_duty_that_begins_after_the_factor_was_removed_finds_no_session_with_one(town, required):
    """D5: what was shown this morning, and taken away since, is no second factor of a head this afternoon."""
    secret = a_factor(town.officer)
    browser = signed_in(town.officer, secret)
    factor = SecondFactor.objects.get(subject=town.officer, ended_at=None)
    assert browser.post(f"/me/second-factors/{factor.public_id}/end/").status_code == 303
    assert browser.get("/me/").status_code == 200, "an officer need not have one"

    becomes_a_head(town.officer)

    assert "ended=factor_needed" in browser.get("/me/")["Location"]
    assert "/me/proof/" not in browser.post("/me/proof/", {"proof": PASSWORD})["Location"]


# --- Grave acts -----------------------------------------------------------------------------------------------------


def test_keys_are_given_anew_and_printed_after_a_fresh_proof_only(town):
    post = town.executive_post
    form_2.give_executive_access(
        actor=actor_of(town.head),
        appointment_id=post.pk,
        username="rawai.nayok",
        email="nayok@example.go.th",
        mobile="0899999991",
        at=timezone.now(),
    )
    head, before = sign_in_client(Client(), town.head), Activation.objects.count()
    stale(head, town.head)

    for act in ("executive_activation", "executive_slip"):
        where = reverse(f"access_requests:{act}", args=[town.authority.code, post.office, post.person.public_id])
        answer = head.post(where)
        assert (answer.status_code, answer["Location"].startswith("/me/proof/")) == (307, True)
    assert Activation.objects.count() == before
    late = actor_of(town.head)
    session = Session.objects.get(subject=town.head)
    with pytest.raises(Denied, match="proof_not_fresh"):
        offices.renew_executive_activation(
            actor=type(late)(late.name, late.person_id, late.subject_id, session.pk),
            appointment_id=post.pk,
            at=timezone.now(),
        )


def test_an_account_comes_back_into_use_after_a_fresh_proof_only(town):
    head = sign_in_client(Client(), town.head)
    revocation.suspend(
        actor=actor_of(town.head), subject_public_id=town.officer.public_id, reason="ไม่ทราบว่าใครใช้", at=timezone.now()
    )
    stale(head, town.head)

    answer = head.post(f"/o/{town.authority.code}/people/{town.officer.public_id}/resumption/")

    assert (answer.status_code, answer["Location"].startswith("/me/proof/")) == (307, True)
    town.officer.refresh_from_db()
    assert town.officer.state == "suspended"


def test_a_button_without_fields_is_pressed_after_the_proof(town):
    """What was sent goes on (307); a proof that was opened by a link presses nothing (T-18)."""
    officer = town.officer
    revocation.suspend(
        actor=actor_of(town.head), subject_public_id=officer.public_id, reason="ไม่ทราบว่าใครใช้", at=timezone.now()
    )
    head, where = (
        sign_in_client(Client(), town.head),
        f"/o/{town.authority.code}/people/{officer.public_id}/resumption/",
    )
    stale(head, town.head)

    by_link = head.post(f"/me/proof/?next={where}", {"proof": PASSWORD})
    assert (by_link.status_code, by_link["Location"]) == (303, where)
    officer.refresh_from_db()
    assert officer.state == "suspended"

    stale(head, town.head)
    asked = head.post(head.post(where)["Location"])
    assert '<input type="hidden" name="sent" value="1">' in asked.content.decode()
    proved = head.post(
        asked.request["PATH_INFO"] + "?" + asked.request["QUERY_STRING"], {"proof": PASSWORD, "sent": "1"}
    )
    assert (proved.status_code, proved["Location"]) == (307, where)
    head.post(where)
    officer.refresh_from_db()
    assert officer.state == "active"


# --- On the way -----------------------------------------------------------------------------------------------------


def test_whoever_becomes_a_head_behind_a_link_to_form_2_is_told_and_not_sent_round(town):
    form_2.help_by_mail(actor=ASKED_BY, subject_id=town.officer.pk, at=timezone.now())
    visitor, link = Client(), factories.secrets_sent(town.officer.email)["link_secret"]
    visitor.post(reverse("access_requests:invitation", args=[link]))
    entitlements.open_tenure(
        actor=TEST,
        authority=factories.a_local_authority("กะรน", stem="karon"),
        subject=town.officer,
        capacity=Capacity.ACTING_FOR,
        order_number="288/2569",
        order_date=date(2026, 9, 28),
        at=timezone.now(),
    )

    for page in ("mobile", "form_2_lost", "write"):
        assert visitor.get(reverse(f"access_requests:{page}")).status_code == 403


def test_a_passkey_after_the_password_is_one_way_in(town):
    device, client = a_passkey(town.officer), Client()
    client.post("/sign-in/", {"username": town.officer.username, "password": PASSWORD})
    page = client.get("/sign-in/passkey/")

    assert client.post("/sign-in/passkey/", {"credential": device.sign(page.context["options"])}).status_code == 303

    assert is_in(client)
    outcomes = [one.outcome for one in queries.sign_ins_of(town.officer.pk)]
    assert SignInAttempt.Outcome.PASSWORD_SHOWN not in outcomes


def test_whoever_asks_for_help_too_often_closes_the_page_to_himself_only(town):
    """T-20: at a door for both kinds of addresses, those of IPv4 are as many as they were."""
    cache.clear()
    answers = [
        Client(REMOTE_ADDR="::ffff:203.0.113.9").post("/cannot-enter/lost/", {"username": "nobody.here"})
        for _time in range(ASKED_AN_HOUR + 1)
    ]
    other = Client(REMOTE_ADDR="::ffff:198.51.100.7").post("/cannot-enter/lost/", {"username": town.officer.username})

    assert [answers[-2].status_code, answers[-1].status_code] == [303, 422]
    assert other.status_code == 303
    cache.clear()


# --- A link to a mailbox that is no longer its owner's ----------------------------------------------------------------


def help_link(subject, *, is_lost: bool) -> str:
    """Have help sent to the mailbox of an account, and read the link in it."""
    form_2.help_by_mail(actor=ASKED_BY, subject_id=subject.pk, at=timezone.now(), is_lost=is_lost)
    return factories.secrets_sent(subject.email)["link_secret"]


def gets_new(subject, *, email: str = "", mobile: str = "") -> None:
    """Let an account have another mailbox, or another mobile, as form 1 gives a head."""
    now = timezone.now()
    with state_change(actor=TEST, at=now):
        identity.change_contact(
            actor=TEST,
            subject_id=subject.pk,
            email=email or subject.email,
            email_confirmed_at=now,
            mobile=mobile or subject.mobile,
            mobile_confirmed_at=now,
            at=now,
        )


@pytest.mark.parametrize("other", [{"email": "his.new.one@example.go.th"}, {"mobile": "0891112223"}])
@pytest.mark.parametrize("is_opened", [True, False])
def test_t_02_a_lost_link_opens_nothing_once_mailbox_or_mobile_are_others(town, is_opened, other):
    """Whoever has the former mailbox must not take away what form 1 has just given."""
    at = timezone.now() - timedelta(hours=2)
    QuerySet(Subject).filter(pk=town.head.pk).update(mobile="0810001112", mobile_confirmed_at=at)
    head, thief = Subject.objects.get(pk=town.head.pk), Client()
    address = reverse("access_requests:invitation", args=[help_link(head, is_lost=True)])
    if is_opened:
        assert thief.post(address)["Location"] == "/form-2/lost/"

    gets_new(head, **other)
    thief.post(address)

    assert thief.post("/form-2/lost/").status_code == 403
    assert thief.get("/form-2/lost/").status_code == 403
    assert opens(head, PASSWORD)
    with pytest.raises(Denied, match="invitation_ended"):
        form_2.revoke_lost(actor=TEST, invitation_id=Invitation.objects.get().pk, at=timezone.now())


def test_t_02_a_link_to_form_2_opens_nothing_once_the_mailbox_is_anothers(town):
    thief, address = Client(), reverse("access_requests:invitation", args=[help_link(town.officer, is_lost=False)])
    assert thief.post(address)["Location"] == "/form-2/mobile/"

    gets_new(town.officer, email="his.new.one@example.go.th")

    assert thief.get("/form-2/mobile/").status_code == 403
    with pytest.raises(Denied, match="invitation_ended"):
        form_2.send_mobile_code(
            actor=TEST, invitation_id=Invitation.objects.get().pk, mobile="0891112223", at=timezone.now()
        )


def test_a_lost_link_opens_nothing_once_the_account_is_closed(town):
    thief, address = Client(), reverse("access_requests:invitation", args=[help_link(town.officer, is_lost=True)])
    thief.post(address)

    with state_change(actor=TEST, at=timezone.now()):
        identity.close_subject(actor=TEST, subject_id=town.officer.pk, case="", at=timezone.now())

    assert thief.post("/form-2/lost/").status_code == 403


def test_whoever_confirms_another_mobile_behind_his_link_goes_on(town):
    """The mobile that he typed there is not yet the account's, and need not be."""
    QuerySet(Subject).filter(pk=town.officer.pk).update(mobile="", mobile_confirmed_at=None)
    town.officer.refresh_from_db()
    visitor, address = Client(), reverse("access_requests:invitation", args=[help_link(town.officer, is_lost=False)])
    visitor.post(address)
    visitor.post("/form-2/mobile/", {"mobile": "0891112223"})

    answer = visitor.post("/form-2/mobile/code/", {"code": factories.secrets_sent("0891112223")["code"]})

    assert visitor.get(answer["Location"]).status_code == 200
