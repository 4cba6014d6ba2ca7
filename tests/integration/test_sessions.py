"""Whose sessions end when, and that nobody goes on in another's name on a shared computer (T-18, L-32, L-34)."""

from datetime import timedelta

import pytest
from django.db.models import QuerySet
from django.test import Client
from django.utils import timezone

from kunjae.audit.change import state_change
from kunjae.audit.models import AuditEvent
from kunjae.identity import operations as identity
from kunjae.identity import queries
from kunjae.identity.models import Activation, EndReason, Session, Subject
from kunjae.identity.queries import SIMULTANEOUS_USES_MAX, note_seen, simultaneous_use
from kunjae.revocation import operations as revocation
from tests import factories
from tests.factories import NOW, PASSWORD, TEST, actor_of

pytestmark = pytest.mark.django_db

COOKIE = "kunjae_session"
OTHER_PASSWORD = "maprao-khao-nuea-58"


@pytest.fixture
def town():
    return factories.a_town()


def signed_in(subject: Subject, password: str = PASSWORD, **extra: str) -> Client:
    client = Client(**extra)
    answer = client.post("/sign-in/", {"username": subject.username, "password": password})
    assert answer.status_code == 303
    return client


def is_in(client: Client) -> bool:
    return client.get("/me/").status_code == 200


def reasons() -> set[str]:
    return set(Session.objects.exclude(ended_at=None).values_list("end_reason", flat=True))


# --- One's own list -----------------------------------------------------------------------------------------------


def test_own_list_shows_each_session_and_ends_one_elsewhere(town):
    here, there = signed_in(town.officer), signed_in(town.officer)
    page = here.get("/me/sessions/").content.decode()
    other = Session.objects.order_by("pk").last()

    answer = here.post(f"/me/sessions/{other.public_id}/end/")

    assert page.count("<tr>") == 3
    assert answer["Location"] == "/me/sessions/"
    assert is_in(here)
    assert not is_in(there)
    assert reasons() == {EndReason.ENDED_BY_OWNER}


def test_own_list_ends_all_others_and_nobody_elses(town):
    here, others, head = signed_in(town.officer), [signed_in(town.officer) for _ in range(3)], signed_in(town.head)

    here.post("/me/sessions/end-others/")

    assert is_in(here)
    assert not any(is_in(other) for other in others)
    assert is_in(head)
    assert AuditEvent.objects.filter(name="session.ended").count() == 3
    assert "/me/sessions/end-others/" not in here.get("/me/sessions/").content.decode(), "nothing is left to end"


def test_own_list_ends_nothing_by_a_link(town):
    here, there = signed_in(town.officer), signed_in(town.officer)

    assert here.get("/me/sessions/end-others/").status_code == 405
    assert is_in(there)


# --- What ends them all -------------------------------------------------------------------------------------------


def test_change_of_password_ends_all_others(town):
    here, there = signed_in(town.officer), signed_in(town.officer)

    here.post("/me/password/", {"current_password": PASSWORD, "new_password": OTHER_PASSWORD})

    assert is_in(here)
    assert not is_in(there)
    assert reasons() == {EndReason.PASSWORD_CHANGED}


def test_password_set_by_activation_ends_all(town):
    clients = [signed_in(town.officer) for _ in range(2)]
    now = timezone.now()
    with state_change(actor=TEST, at=now):
        identity.issue_activation(
            actor=TEST, subject=town.officer, purpose=Activation.Purpose.REPLACE, case="0003/2570", at=now
        )
    factories.activate(town.officer, at=now, password=OTHER_PASSWORD)

    assert not any(is_in(client) for client in clients)
    assert reasons() == {EndReason.PASSWORD_CHANGED}


@pytest.mark.parametrize(
    ("act", "reason"),
    [
        (
            lambda subject, at: identity.close_subject(actor=TEST, subject_id=subject.pk, case="", at=at),
            EndReason.CLOSED,
        ),
        (
            lambda subject, at: identity.suspend_subject(actor=TEST, subject_id=subject.pk, reason="ลา", at=at),
            EndReason.SUSPENDED,
        ),
        (
            lambda subject, at: identity.revoke_password(
                actor=TEST, subject_id=subject.pk, why="may_be_known", case="", at=at
            ),
            EndReason.PASSWORD_CHANGED,
        ),
    ],
    ids=["closure", "suspension", "loss"],
)
def test_closure_suspension_and_loss_end_all(town, act, reason):
    clients = [signed_in(town.officer) for _ in range(2)]
    at = timezone.now()
    with state_change(actor=TEST, at=at):
        act(town.officer, at)

    assert not Session.objects.filter(subject=town.officer, ended_at=None).exists(), "on the server, before any request"
    assert not any(is_in(client) for client in clients)
    assert reasons() == {reason}


def test_head_ends_an_officers_sessions(town):
    clients = [signed_in(town.officer) for _ in range(2)]
    at = timezone.now()
    revocation.end_sessions(actor=actor_of(town.head), subject_public_id=town.officer.public_id, at=at)

    assert not any(is_in(client) for client in clients)
    assert reasons() == {EndReason.ENDED_BY_HEAD}


# --- A session is not fixed, stolen or carried over ---------------------------------------------------------------


def test_t_18_a_session_that_an_attacker_began_is_not_the_victims(town):
    attacker = Client()
    attacker.get("/activate/link/" + "x" * 43 + "/")
    attacker.post("/sign-in/", {"username": "nobody.here", "password": "x"})
    fixed = attacker.session
    fixed["planted"] = "by the attacker"
    fixed.save()
    victim = Client()
    victim.cookies[COOKIE] = fixed.session_key

    victim.post("/sign-in/", {"username": town.head.username, "password": PASSWORD})

    attacker.cookies[COOKIE] = fixed.session_key
    assert victim.cookies[COOKIE].value != fixed.session_key
    assert "planted" not in victim.session
    assert not is_in(attacker)


def test_t_18_a_cookie_copied_before_signing_out_opens_nothing_after_it(town):
    client = signed_in(town.head)
    thief = Client()
    thief.cookies[COOKIE] = client.cookies[COOKIE].value
    client.post("/sign-out/")

    answer = thief.get("/me/")

    assert answer.status_code == 302
    assert answer["Location"].startswith("/sign-in/")


def test_t_18_pages_of_before_are_not_kept_for_the_back_button(town):
    client = signed_in(town.head)
    pages = [client.get(path) for path in ("/", "/me/", "/me/sessions/", f"/o/{town.authority.code}/people/")]
    left = client.post("/sign-out/")

    assert {page["Cache-Control"] for page in pages} == {"no-store"}
    assert '"cache"' in left["Clear-Site-Data"]


# --- A shared computer --------------------------------------------------------------------------------------------


def test_door_asks_who_is_there_while_somebody_is_signed_in(town):
    client = signed_in(town.head)

    page = client.get("/sign-in/")

    body = page.content.decode()
    assert page.status_code == 200
    assert town.head.person.full_name in body
    assert 'action="/sign-out/"' in body
    assert 'name="password"' not in body
    assert is_in(client), "looking changes nothing"


def test_change_of_user_ends_the_session_before_it_shows_the_door(town):
    client = signed_in(town.head)

    door = client.post("/sign-out/", follow=True)

    assert Session.objects.get(subject=town.head).end_reason == EndReason.SIGNED_OUT
    assert 'name="password"' in door.content.decode()
    client.post("/sign-in/", {"username": town.officer.username, "password": PASSWORD})
    assert town.officer.username in client.get("/me/").content.decode()


# --- Use from two places ------------------------------------------------------------------------------------------


def a_session(subject: Subject, address: str, *, minute: int, until: int) -> Session:
    session = identity.start_session(
        subject=subject,
        session_key=f"{subject.pk}-{address}-{minute}",
        address=address,
        device="Firefox",
        at=NOW + timedelta(minutes=minute),
    )
    note_seen(session, at=NOW + timedelta(minutes=until))
    return session


def test_simultaneous_use_names_both_sessions_of_one_account(town):
    first = a_session(town.officer, "192.0.2.1", minute=0, until=30)
    second = a_session(town.officer, "198.51.100.9", minute=10, until=20)
    a_session(town.head, "192.0.2.1", minute=5, until=25)

    [use] = simultaneous_use(town.authority.pk, since=NOW)

    assert (use.subject, use.earlier, use.later) == (town.officer, first, second)


@pytest.mark.parametrize(
    ("address", "minute"),
    [("192.0.2.1", 10), ("198.51.100.9", 31), ("198.51.100.9", 30)],
    ids=["one place", "one after the other", "the moment it was left"],
)
def test_simultaneous_use_is_none(town, address, minute):
    a_session(town.officer, "192.0.2.1", minute=0, until=30)
    a_session(town.officer, address, minute=minute, until=minute + 5)

    assert simultaneous_use(town.authority.pk, since=NOW) == []


def test_simultaneous_use_within_one_ipv6_network_is_one_place(town):
    a_session(town.officer, "2001:db8:1:2::1", minute=0, until=30)
    a_session(town.officer, "2001:db8:1:2::2", minute=10, until=30)

    assert simultaneous_use(town.authority.pk, since=NOW) == []


def test_simultaneous_use_asks_of_one_authority_and_since_an_instant(town, django_assert_num_queries):
    a_session(town.officer, "192.0.2.1", minute=0, until=30)
    a_session(town.officer, "198.51.100.9", minute=10, until=20)
    other = factories.a_town("กะรน", "karon")

    with django_assert_num_queries(2):
        assert len(simultaneous_use(town.authority.pk, since=NOW)) == 1
    assert simultaneous_use(other.authority.pk, since=NOW) == []
    assert simultaneous_use(town.authority.pk, since=NOW + timedelta(hours=1)) == []


def test_simultaneous_use_names_each_later_session_once_with_who_stayed_longest(town):
    long = a_session(town.officer, "192.0.2.1", minute=0, until=60)
    short = a_session(town.officer, "192.0.2.2", minute=1, until=30)
    third = a_session(town.officer, "192.0.2.3", minute=10, until=20)
    back = a_session(town.officer, "192.0.2.1", minute=15, until=50)
    last = a_session(town.officer, "192.0.2.1", minute=40, until=45)

    uses = [(use.earlier, use.later) for use in simultaneous_use(town.authority.pk, since=NOW)]

    assert uses == [(short, back), (long, third), (long, short)]
    assert last not in {later for _earlier, later in uses}, "nobody was elsewhere any more"


def test_simultaneous_use_of_one_account_opened_thousands_of_times_is_bounded(town, monkeypatch):
    many, asked = 3000, []
    monkeypatch.setattr(queries, "neighbourhood", lambda address: asked.append(address) or address)
    QuerySet(Session).bulk_create(
        Session(
            public_id=f"s{number:010}",
            subject=town.officer,
            key_digest=f"{number:064}",
            address=f"10.0.{number // 250}.{number % 250}",
            started_at=NOW + timedelta(seconds=number),
            seen_at=NOW + timedelta(hours=3),
            proved_at=NOW,
            ended_at=NOW + timedelta(hours=3),
            end_reason=EndReason.SIGNED_OUT,
        )
        for number in range(many)
    )

    uses = simultaneous_use(town.authority.pk, since=NOW)

    assert len(asked) == many, "each place is worked out once"
    assert len(uses) == SIMULTANEOUS_USES_MAX
    begun = [use.later.started_at for use in uses]
    assert begun == sorted(begun, reverse=True)
    assert begun[0] == NOW + timedelta(seconds=many - 1), "the newest are kept"
