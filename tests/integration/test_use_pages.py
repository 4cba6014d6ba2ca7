"""The head's overview of use: figures that lead to their lists, of his own authority alone (L-30, L-32, L-34)."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from kunjae.audit.change import state_change
from kunjae.audit.models import AuditEvent
from kunjae.identity import factor_codes, queries
from kunjae.identity import operations as identity
from kunjae.identity.models import EndReason, FactorSource, Session, Subject, SubjectState
from kunjae.identity.queries import note_seen
from kunjae.revocation import overview
from kunjae.revocation.models import Dormancy
from kunjae.revocation.overview import Ending, Use
from kunjae.revocation.views import use as use_views
from tests import factories
from tests.factories import TEST, Town, actor_of, sign_in_client

pytestmark = pytest.mark.django_db

REASON = "ลาศึกษาต่อถึงเดือนมิถุนายน"


@pytest.fixture
def town() -> Town:
    return factories.a_town()


def page_url(town: Town, name: str = "use", **chosen: str) -> str:
    return reverse(f"revocation:{name}", args=[town.authority.code], query=chosen or None)


def keeping_url(town: Town, subject: Subject) -> str:
    return reverse("revocation:keeping", args=[town.authority.code, subject.public_id])


def set_back(subject: Subject, *, days: int) -> None:
    """Let an account be in use since some days ago, and never signed in with since."""
    began = timezone.now() - timedelta(days=days)
    with state_change(actor=TEST, at=began) as change:
        Subject.objects.filter(pk=subject.pk).update(opened_at=began, activated_at=began, password_changed_at=began)
        change.record("authority.added", subject, organisation_id=subject.authority_id, name="", code="")


def a_session(
    subject: Subject, *, minutes_ago: int, ended: EndReason | None = None, address: str = "192.0.2.1"
) -> Session:
    began = timezone.now() - timedelta(minutes=minutes_ago)
    session = identity.start_session(
        subject=subject, session_key=f"{subject.pk}-{began}-{address}", address=address, device="Firefox", at=began
    )
    note_seen(session, at=began + timedelta(minutes=5))
    if ended is not None:
        identity.end_session(
            actor=actor_of(subject), session_id=session.pk, reason=ended, at=began + timedelta(minutes=5)
        )
    return session


def figures(body: str) -> dict[str, str]:
    """Read every figure of the page by the address that it leads to."""
    return dict(re.findall(r'<a href="([^"]*/use/[^"]*)">([\d,]+%?)', body))


def test_use_shows_each_figure_and_leads_to_its_list(town):
    set_back(town.officer, days=100)
    newcomer = factories.an_account(factories.a_person("วีรภัทร", "แซ่ลิ้ม", "นาย"), town.authority, at=timezone.now())
    client = sign_in_client(Client(), town.head)

    shown = figures(client.get(page_url(town)).content.decode())

    expected = {
        Use.IN_USE: 3,
        Use.PROPOSED: 1,
        Use.KEPT: 0,
        Use.UNUSED_180: 0,
        Use.NEVER: 2,
        Use.NO_FACTOR: 3,
        Use.OLD_PASSWORD: 0,
    }
    for which, count in expected.items():
        url = page_url(town, "use_accounts", which=which.value)
        assert shown[url] == str(count), which
        assert client.get(url).content.decode().count("<tr>") == (count + 1 if count else 0), which
    listed = client.get(page_url(town, "use_accounts", which="never")).content.decode()
    assert newcomer.username in listed
    assert town.officer.username in listed
    assert town.head.username not in listed


def test_use_tells_who_has_no_second_factor(town):
    began, secret = timezone.now() - timedelta(hours=1), factor_codes.new_secret()
    identity.bind_app(
        actor=actor_of(town.officer),
        secret=secret,
        code=factor_codes.app_code(secret, at=began),
        source=FactorSource.OWN_PAGE,
        at=began,
    )
    client = sign_in_client(Client(), town.head)

    listed = client.get(page_url(town, "use_accounts", which="no_factor")).content.decode()

    assert town.officer.username not in listed
    assert town.head.username in listed
    assert figures(client.get(page_url(town)).content.decode())[
        page_url(town, "use_accounts", which="no_factor")
    ] == str(overview.count_by_use(town.authority.pk, at=timezone.now())[Use.IN_USE] - 1)


def test_use_counts_each_account_as_its_list_holds_it(town):
    set_back(town.officer, days=200)
    now = timezone.now()

    counts = overview.count_by_use(town.authority.pk, at=now)

    for use, count in counts.items():
        assert len(overview.accounts(town.authority.pk, use, at=now)) == count, use
    assert (counts[Use.UNUSED_180], counts[Use.OLD_PASSWORD]) == (1, 1)


def test_use_tells_signing_out_and_time_out_apart(town):
    for number, reason in enumerate(
        (EndReason.SIGNED_OUT, EndReason.SIGNED_OUT, EndReason.IDLE, EndReason.ABSOLUTE, EndReason.SUSPENDED)
    ):
        a_session(town.officer, minutes_ago=100 + 10 * number, ended=reason)
    a_session(town.officer, minutes_ago=60 * 24 * 31, ended=EndReason.IDLE)
    client = sign_in_client(Client(), town.head)

    shown = client.get(page_url(town)).content.decode()

    since = timezone.now() - overview.LOOKED_BACK
    assert overview.count_by_ending(town.authority.pk, since=since) == {
        Ending.SIGNED_OUT: 2,
        Ending.TIMED_OUT: 2,
        Ending.OTHERWISE: 1,
    }
    assert "40%" in shown
    assert client.get(page_url(town, "use_sessions", how="timed_out")).content.decode().count("<tr>") == 3
    assert client.get(page_url(town, "use_sessions")).content.decode().count("<tr>") == 6


def test_use_names_what_went_on_from_two_places_at_once(town):
    a_session(town.officer, minutes_ago=60, address="192.0.2.1")
    a_session(town.officer, minutes_ago=58, address="198.51.100.9")
    client = sign_in_client(Client(), town.head)

    assert figures(client.get(page_url(town)).content.decode())[page_url(town, "use_two_places")] == "1"
    listed = client.get(page_url(town, "use_two_places")).content.decode()
    assert town.officer.username in listed
    assert "198.51.100.9" in listed


def test_use_says_so_where_only_the_newest_from_two_places_are_given(town, monkeypatch):
    for module in (queries, use_views):
        monkeypatch.setattr(module, "SIMULTANEOUS_USES_MAX", 2)
    for number in range(4):
        a_session(town.officer, minutes_ago=60 - number, address=f"192.0.2.{number}")
    client = sign_in_client(Client(), town.head)

    assert ">2+</a>" in client.get(page_url(town)).content.decode()
    listed = client.get(page_url(town, "use_two_places"))
    assert listed.context["most"] == 2
    assert listed.content.decode().count("<tr>") == 3


def test_use_shows_nothing_of_another_authority(town):
    other = factories.a_town("กะรน", "karon")
    set_back(other.officer, days=100)
    a_session(other.officer, minutes_ago=60, ended=EndReason.IDLE)
    client = sign_in_client(Client(), town.head)

    for name in ("use", "use_accounts", "use_sessions", "use_two_places"):
        assert other.officer.username not in client.get(page_url(town, name)).content.decode()
        assert client.get(page_url(other, name)).status_code == 404
    assert client.get(keeping_url(town, other.officer)).status_code == 404


@pytest.mark.parametrize("who", ["officer", "clerk", "desk"])
def test_use_is_for_the_head_alone(town, who):
    readers = {
        "officer": lambda: town.officer,
        "clerk": lambda: factories.an_account(town.clerk_post.person, town.authority),
        "desk": factories.a_desk_officer,
    }
    client = sign_in_client(Client(), readers[who]())

    for name in ("use", "use_accounts", "use_sessions", "use_two_places"):
        assert client.get(page_url(town, name)).status_code == 403


@pytest.mark.parametrize("name", ["use", "use_accounts", "use_sessions", "use_two_places"])
def test_use_asks_at_most_twelve_questions_and_writes_nothing(town, name, django_assert_max_num_queries):
    for number in range(3):
        officer = factories.an_account(factories.a_person(), town.authority, at=timezone.now())
        a_session(officer, minutes_ago=60 + number)
        a_session(officer, minutes_ago=59 + number, address="198.51.100.9")
    client = sign_in_client(Client(), town.head)
    events = AuditEvent.objects.count()

    with django_assert_max_num_queries(12):
        assert client.get(page_url(town, name)).status_code == 200
    assert AuditEvent.objects.count() == events


@pytest.mark.parametrize(("name", "chosen"), [("use_accounts", {"which": "x"}), ("use_sessions", {"how": "x"})])
def test_use_says_so_of_a_filter_that_names_nothing(town, name, chosen):
    client = sign_in_client(Client(), town.head)

    assert client.get(page_url(town, name, **chosen)).status_code == 422
    assert client.get(page_url(town, name, page="999")).status_code == 200


# --- The answer ---------------------------------------------------------------------------------------------------


def test_keeping_asks_for_a_reason_and_takes_the_account_from_the_list(town):
    set_back(town.officer, days=100)
    client, url = sign_in_client(Client(), town.head), keeping_url(town, town.officer)
    proposed = page_url(town, "use_accounts", which="proposed")
    assert url in client.get(proposed).content.decode()

    asked, refused = client.get(url), client.post(url, {"reason": " "})
    answer = client.post(url, {"reason": REASON}, follow=True)

    assert (asked.status_code, refused.status_code) == (200, 422)
    assert Dormancy.objects.get(subject=town.officer).kept_reason == REASON
    assert answer.redirect_chain == [(f"{proposed}&done=kept", 303)]
    assert town.officer.username not in answer.content.decode()
    kept = client.get(page_url(town, "use_accounts", which="kept")).content.decode()
    assert REASON in kept
    assert client.get(url).status_code == 403
    assert client.post(url, {"reason": REASON}).status_code == 422


def test_keeping_leads_to_the_suspension(town):
    set_back(town.officer, days=100)
    client = sign_in_client(Client(), town.head)
    suspension = reverse("revocation:suspension", args=[town.authority.code, town.officer.public_id])

    assert suspension in client.get(keeping_url(town, town.officer)).content.decode()
    client.post(suspension, {"reason": "ย้ายไปกองช่าง"})

    assert Subject.objects.get(pk=town.officer.pk).state == SubjectState.SUSPENDED
    assert figures(client.get(page_url(town)).content.decode())[page_url(town, "use_accounts", which="proposed")] == "0"


def test_keeping_of_an_account_that_is_used_is_not_offered(town):
    client = sign_in_client(Client(), town.head)

    assert (
        client.get(
            keeping_url(town, factories.an_account(factories.a_person(), town.authority, at=timezone.now()))
        ).status_code
        == 403
    )


def test_home_of_the_head_leads_to_what_is_to_be_decided(town, django_assert_max_num_queries):
    client, proposed = sign_in_client(Client(), town.head), page_url(town, "use_accounts", which="proposed")
    assert proposed not in client.get("/").content.decode()

    set_back(town.officer, days=100)

    with django_assert_max_num_queries(12):
        assert proposed in client.get("/").content.decode()
