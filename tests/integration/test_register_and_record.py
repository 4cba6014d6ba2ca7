"""The register of requests and cancellations (N-02), and the authority's record, as its head reads them."""

import csv
import io
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from kunjae.access_requests import operations as form_2
from kunjae.access_requests.models import CredentialWish
from kunjae.audit.change import state_change
from kunjae.audit.models import AuditEvent
from kunjae.core.clock import thai_day
from kunjae.identity.models import Subject
from kunjae.reports import operations
from kunjae.reports.queries.record import Narrowing, names_by_area, record_of
from kunjae.reports.queries.register import register
from kunjae.revocation import operations as revocation
from kunjae.revocation.models import ClosureReason
from tests import factories
from tests.factories import NOW, TEST, TODAY, Town, actor_of
from tests.integration.reports_ground import a_member, access_of_the_mayor, signed_in, words_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def town() -> Town:
    return factories.a_town()


# --- The register -----------------------------------------------------------------------------------------------


def closed(town: Town, subject: Subject, *, case: str, at=NOW) -> None:
    revocation.close_account(
        actor=actor_of(town.head),
        subject_public_id=subject.public_id,
        reason=ClosureReason.MOVED,
        other_text="",
        effective_date=thai_day(at),
        left_date=None,
        case=case,
        at=at,
    )


def the_register(town: Town, *, year: int | None = None, outcome: str = "", start: int = 0, size: int | None = None):
    return register(town.authority.pk, year=year, outcome=outcome, language="th", on=TODAY, start=start, size=size)


def test_register_holds_requests_with_what_was_asked_granted_and_closed(town):
    request = factories.a_request(town, wish=CredentialWish.NEW_USER, groups=("finance_officer", "accounting_officer"))
    factories.approve(town, request, username="rawai.new", groups=("finance_officer",))
    closed(town, Subject.objects.get(username="rawai.new"), case=request.case)

    (entry,) = the_register(town).rows

    assert (entry.case, entry.name, entry.user_id) == (request.case, "นายวีรภัทร แซ่ลิ้ม", "rawai.new")
    assert entry.asked == ["เจ้าหน้าที่การเงิน", "เจ้าหน้าที่บัญชี"]
    assert entry.granted == ["เจ้าหน้าที่การเงิน"]
    assert entry.decided_by == entry.closed_by == "นางสาวปุญญิศา ตั้งพิสุทธิ์กุล"
    assert entry.closed_on == TODAY


def test_register_leaves_no_case_number_out(town):
    factories.a_request(town)
    access_of_the_mayor(town, at=NOW + timedelta(minutes=1))
    closed(town, a_member(town).subject, case="", at=NOW + timedelta(minutes=2))

    entries = the_register(town).rows

    assert [entry.sort for entry in entries] == ["closure", "office", "request"]
    assert [entry.case for entry in entries] == ["", "0002/2570", "0001/2570"]
    assert entries[1].granted == ["ผู้บริหารท้องถิ่น"]


def test_register_of_a_year_and_of_an_outcome(town):
    request = factories.a_request(town)
    form_2.decide(
        actor=actor_of(town.head),
        request_public_id=request.public_id,
        opinion=form_2.Opinion(version=1, approve=False, refusal_reason="ไม่ตรงกับหน้าที่"),
        at=NOW,
    )
    closed(town, a_member(town).subject, case="")

    assert the_register(town, year=2569).total == 0
    assert the_register(town, year=2570).total == 2
    assert [entry.refusal_reason for entry in the_register(town, outcome="refused").rows] == ["ไม่ตรงกับหน้าที่"]
    assert [entry.sort for entry in the_register(town, outcome="closed").rows] == ["closure"]
    assert the_register(town, outcome="approved").total == 0


def test_register_keeps_drafts_to_their_authors(town):
    factories.a_request(town, submitted=False)

    assert the_register(town).total == 0


def test_register_gives_the_first_page_past_its_end(town):
    factories.a_request(town)

    found = the_register(town, start=50, size=25)

    assert (found.start, found.total, len(found.rows)) == (0, 1, 1)


def test_register_page_takes_twelve_queries(town):
    factories.approve(town, factories.a_request(town))
    client = signed_in(town.head)

    with CaptureQueriesContext(connection) as queries:
        answer = client.get(reverse("reports:register", args=[town.authority.code]), {"year": "2570"})

    assert answer.status_code == 200
    assert "0001/2570" in words_of(answer)
    assert len(queries) <= 12


def test_register_export_holds_each_entry_and_is_recorded(town):
    factories.approve(town, factories.a_request(town))

    file = operations.export_register(
        actor=actor_of(town.head),
        authority=town.authority,
        year=2570,
        outcome="",
        file_format="csv",
        language="th",
        at=NOW,
    )

    (row,) = csv.DictReader(io.StringIO(file.content.decode("utf-8-sig")))
    assert (row["คำขอเลขที่"], row["กลุ่มที่ให้"]) == ("0001/2570", "เจ้าหน้าที่การเงิน")
    assert AuditEvent.objects.get(name="report.exported").facts["report"] == "register"


# --- The record -------------------------------------------------------------------------------------------------


def record_page(town: Town, **query: str):
    return signed_in(town.head).get(reverse("reports:record", args=[town.authority.code]), query)


def names_in(town: Town, **asked) -> set[str]:
    return {event.name for event in record_of(town.authority.pk, Narrowing(**asked)).events}


def test_record_is_narrowed_by_kind_person_case_and_days(town):
    factories.a_request(town)
    grant = a_member(town, at=NOW + timedelta(days=2))

    assert names_in(town, kind="rights") == {"tenure.opened", "grant.given"}
    assert names_in(town, kind="grant.given") == {"grant.given"}
    assert "access_request.submitted" in names_in(town, case="0001/2570")
    assert "grant.given" not in names_in(town, case="0001/2570")
    assert names_in(town, person=grant.subject.username, kind="rights") == {"grant.given"}
    assert names_in(town, person="ไม่มีผู้นี้") == set()
    assert names_in(town, first_day=TODAY + timedelta(days=2)) == {"grant.given"}
    assert "grant.given" not in names_in(town, last_day=TODAY + timedelta(days=1))


def test_record_names_nobody_whom_the_authority_has_nothing_to_do_with(town):
    stranger = factories.a_town("กะรน", "karon").officer
    with state_change(actor=TEST, at=NOW) as change:
        change.record(
            "person.registered", organisation_id=town.authority.pk, subject_person_id=stranger.person_id, person="…"
        )

    assert names_in(town, person=stranger.username) == set()


def test_record_goes_on_with_older_events(town):
    whole = record_of(town.authority.pk, Narrowing(), limit=1000).events

    first = record_of(town.authority.pk, Narrowing(), limit=5)
    second = record_of(town.authority.pk, Narrowing(), limit=5, before=first.before)

    assert [event.sequence for event in (*first.events, *second.events)] == [event.sequence for event in whole[:10]]
    assert (first.end_sequence, first.end_seal) == (whole[0].sequence, whole[0].seal)


def test_record_page_takes_a_case_number_in_thai_digits(town):
    factories.a_request(town)

    answer = record_page(town, about="๑/๒๕๗๐")

    assert answer.status_code == 200
    assert "0001/2570" in words_of(answer)
    assert "kunjae verify-audit" in words_of(answer)


def test_record_page_refuses_days_in_the_wrong_order(town):
    answer = record_page(town, first_day="16/10/2569", last_day="15/10/2569")

    assert answer.status_code == 422
    assert "สลับวันทั้งสอง" in words_of(answer)


def test_record_page_takes_twelve_queries(town):
    client = signed_in(town.head)

    with CaptureQueriesContext(connection) as queries:
        answer = client.get(reverse("reports:record", args=[town.authority.code]), {"about": "ปุญญิศา"})

    assert answer.status_code == 200
    assert len(queries) <= 12


def test_record_offers_every_event_by_what_it_is_about():
    assert "others" not in names_by_area(), "give the new noun an area in queries.record.NOUNS"
