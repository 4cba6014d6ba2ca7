"""The report of clause 5, the register, the record, and the public page that verifies a paper."""

import csv
import io
import re
from datetime import date, timedelta
from html import unescape
from urllib.parse import unquote

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone, translation
from python_calamine import CalamineWorkbook

from kunjae.access_requests import operations as form_2
from kunjae.access_requests.models import CredentialWish
from kunjae.audit import chain
from kunjae.audit.change import state_change
from kunjae.audit.models import AuditEvent, chain_of
from kunjae.core.clock import start_of_thai_day, thai_day
from kunjae.core.identifiers import public_id, short_code
from kunjae.core.numerals import to_thai_digits
from kunjae.core.text import search_key, sort_key
from kunjae.core.verdict import Denied
from kunjae.documents.models import DocumentKind, IssuedDocument
from kunjae.documents.operations import issue_document
from kunjae.entitlements import operations as entitlements
from kunjae.entitlements.models import AccessGroup, Basis, EndOfGrant, Grant
from kunjae.identity.models import SignInAttempt, Subject, SubjectState
from kunjae.organisations import operations as organisations
from kunjae.organisations.models import Desk, LookUp, Office, Person, Province
from kunjae.reports import forms, operations, policies, wording
from kunjae.reports.queries.membership import Member, Selection, Status, membership
from kunjae.reports.queries.record import Narrowing, names_by_area, record_of
from kunjae.reports.queries.register import register
from kunjae.reports.views import verification
from kunjae.revocation import operations as revocation
from kunjae.revocation.models import ClosureReason
from tests import factories
from tests.factories import NOW, PASSWORD, TEST, TODAY, Town, actor_of

pytestmark = pytest.mark.django_db

FORMULA = "=HYPERLINK(evil)"


@pytest.fixture
def town() -> Town:
    return factories.a_town()


def signed_in(subject: Subject) -> Client:
    client = Client()
    answer = client.post(reverse("identity:sign_in"), {"username": subject.username, "password": PASSWORD})
    assert answer.status_code in {302, 303}
    return client


def a_member(
    town: Town,
    given_name: str = "จิราภรณ์",
    family_name: str = "สู่สุข",
    *,
    group: str = "finance_officer",
    at=NOW,
    subject: Subject | None = None,
) -> Grant:
    """Somebody in a group, put there by the head on an order."""
    if subject is None:
        person = factories.a_person(given_name, family_name)
        factories.a_post(person, town.authority, "เจ้าพนักงานการเงินและบัญชีชำนาญงาน")
        subject = factories.an_account(person, town.authority)
    return entitlements.grant(
        actor=actor_of(town.head),
        subject=subject,
        authority=town.authority,
        group_code=group,
        basis=Basis.ORDER,
        order_number="338/2569",
        case="0042/2570",
        at=at,
    )


def note_sign_in(subject: Subject, *, at) -> None:
    SignInAttempt.objects.create(
        subject=subject, account_key="k", at=at, outcome=SignInAttempt.Outcome.SIGNED_IN, address="127.0.0.1"
    )


def lines(town: Town, *, on: date = TODAY, at=NOW, **asked: str) -> list[Member]:
    return list(membership(town.authority.pk, Selection(on=on, **asked), at=at).lines)


def by_user_id(found: list[Member]) -> dict[str, Member]:
    return {member.user_id: member for member in found}


# --- Who is in which group --------------------------------------------------------------------------------------


def test_membership_begins_with_the_head_who_acts(town):
    a_member(town)

    head, member = lines(town)

    assert head.is_head
    assert head.group_code == "finance_head"
    assert (head.name, head.position_th) == ("นางสาวปุญญิศา ตั้งพิสุทธิ์กุล", "นักวิชาการเงินและบัญชีชำนาญการ")
    with translation.override("th"):
        assert wording.status_of(head, "th") == ("acting", "รักษาราชการแทน")
        assert wording.rests_on(head) == "คำสั่งที่ 287/2569"
    assert (member.group_code, member.case) == ("finance_officer", "0042/2570")
    assert member.granted_by == "นางสาวปุญญิศา ตั้งพิสุทธิ์กุล"
    assert member.position_th == "เจ้าพนักงานการเงินและบัญชีชำนาญงาน"
    assert member.since == TODAY


def test_membership_tells_each_status(town):
    never = a_member(town, "ก").subject
    active = a_member(town, "ข").subject
    note_sign_in(active, at=NOW)
    suspended = a_member(town, "ค").subject
    revocation.suspend(actor=actor_of(town.head), subject_public_id=suspended.public_id, reason="ลาศึกษาต่อ", at=NOW)
    left = a_member(town, "ง")
    revocation.remove_from_group(
        actor=actor_of(town.head), grant_id=left.pk, reason=EndOfGrant.LEFT_DUTY, note="", at=NOW
    )
    request = factories.a_request(town, wish=CredentialWish.NEW_USER)
    factories.approve(town, request, username="rawai.pending")

    found = by_user_id(lines(town))

    assert found[never.username].status == Status.NEVER
    assert found[active.username].status == Status.ACTIVE
    assert found[active.username].signed_in_at == NOW
    assert found[suspended.username].status == Status.SUSPENDED
    assert found["rawai.pending"].status == Status.PENDING
    assert found[left.subject.username].status == Status.OVER
    with translation.override("th"):
        assert wording.status_of(found[left.subject.username], "th") == ("over", "สิ้นสุด 16\u00a0ต.ค.\u00a02569")
    for status in (Status.NEVER, Status.SUSPENDED, Status.PENDING, Status.ACTIVE, Status.OVER):
        assert {m.status for m in lines(town, status=status)} == {status}, status


def test_membership_by_office_rests_on_clause_2(town):
    form_2.give_executive_access(
        actor=actor_of(town.head),
        appointment_id=town.executive_post.pk,
        username="rawai.mayor",
        email="mayor@example.go.th",
        mobile="0812345678",
        at=NOW,
    )

    mayor = by_user_id(lines(town))["rawai.mayor"]

    assert mayor.position_th == "นายกเทศมนตรี"
    with translation.override("th"):
        assert wording.rests_on(mayor) == "ข้อ 2"


def test_membership_of_a_past_day_answers_as_it_was_then(town):
    begun, suspended_at, resumed_at, ended_at = (NOW + timedelta(days=days) for days in (1, 3, 5, 7))
    grant = a_member(town, at=begun)
    head, subject = actor_of(town.head), grant.subject
    revocation.suspend(actor=head, subject_public_id=subject.public_id, reason="ลาศึกษาต่อ", at=suspended_at)
    revocation.resume(actor=head, subject_public_id=subject.public_id, at=resumed_at)
    revocation.remove_from_group(actor=head, grant_id=grant.pk, reason=EndOfGrant.LEFT_DUTY, note="", at=ended_at)
    now = NOW + timedelta(days=30)

    def status_after(days: int) -> Status | None:
        found = by_user_id(lines(town, on=TODAY + timedelta(days=days), at=now)).get(subject.username)
        return found and found.status

    assert status_after(0) is None
    assert status_after(1) == Status.NEVER
    assert status_after(2) == Status.NEVER
    assert status_after(3) == Status.SUSPENDED
    assert status_after(4) == Status.SUSPENDED
    assert status_after(5) == Status.NEVER
    assert status_after(7) == Status.OVER
    assert status_after(8) is None
    assert [m.over_on for m in lines(town, at=now, status=Status.OVER, on=thai_day(now))] == [thai_day(ended_at)]


def test_membership_of_a_past_day_names_persons_as_they_were_called(town):
    grant = a_member(town)
    organisations.rename_person(
        actor=TEST,
        person_id=grant.person_id,
        title="นาง",
        given_name="จิราภรณ์",
        family_name="แซ่ลิ้ม",
        organisation_id=town.authority.pk,
        at=NOW + timedelta(days=10),
    )
    now = NOW + timedelta(days=20)

    then = by_user_id(lines(town, on=TODAY + timedelta(days=2), at=now))[grant.subject.username]
    today = by_user_id(lines(town, on=thai_day(now), at=now))[grant.subject.username]

    assert then.name == "นางสาวจิราภรณ์ สู่สุข"
    assert today.name == "นางจิราภรณ์ แซ่ลิ้ม"


def test_membership_forgets_a_sign_in_after_the_day_asked(town):
    subject = a_member(town).subject
    note_sign_in(subject, at=NOW + timedelta(days=5))
    now = NOW + timedelta(days=6)

    assert by_user_id(lines(town, at=now))[subject.username].status == Status.NEVER
    assert by_user_id(lines(town, on=thai_day(now), at=now))[subject.username].status == Status.ACTIVE


def test_membership_day_ends_at_midnight_in_thailand(town):
    grant = a_member(town)
    midnight = start_of_thai_day(TODAY + timedelta(days=1))
    revocation.remove_from_group(
        actor=actor_of(town.head),
        grant_id=grant.pk,
        reason=EndOfGrant.LEFT_DUTY,
        note="",
        at=midnight - timedelta(minutes=1),
    )
    now = NOW + timedelta(days=3)

    assert by_user_id(lines(town, at=now))[grant.subject.username].over_on == TODAY
    assert grant.subject.username not in by_user_id(lines(town, on=TODAY + timedelta(days=1), at=now))


def test_membership_is_found_by_name_with_or_without_its_title_and_by_user_id(town):
    wanted = a_member(town, "ฐิติรัตน์", "กู้เกียรติ").subject.username
    a_member(town, "สมภพ", "อยู่เย็น")

    for words in ("ฐิติรัตน์", "นางสาวฐิติรัตน์ กู้เกียรติ", "กู้เกีย", wanted, wanted.upper(), to_thai_digits(wanted)):
        assert [m.user_id for m in lines(town, words=words)] == [wanted], words
    assert lines(town, words="ไม่มีผู้นี้") == []


def test_membership_of_one_group_counts_that_group_only(town):
    both = a_member(town).subject
    a_member(town, subject=both, group="accounting_officer")
    a_member(town, "สมภพ", "อยู่เย็น")

    everything = membership(town.authority.pk, Selection(on=TODAY), at=NOW)
    accounting = membership(town.authority.pk, Selection(on=TODAY, group="accounting_officer"), at=NOW)

    assert (everything.persons, len(everything.lines)) == (3, 4)
    assert {group.code: group.persons for group in everything.filled} == {
        "finance_head": 1,
        "finance_officer": 2,
        "accounting_officer": 1,
    }
    assert (accounting.persons, len(accounting.lines)) == (1, 1)


def test_membership_of_another_authority_is_not_counted(town):
    other = factories.a_town("กะรน", "karon")
    a_member(other)

    found = membership(town.authority.pk, Selection(on=TODAY), at=NOW)

    assert [member.user_id for member in found.lines] == [town.head.username]


# --- Its page ---------------------------------------------------------------------------------------------------


def report_of(town: Town) -> str:
    return reverse("reports:membership", args=[town.authority.code])


def words_of(answer) -> str:
    """The text of a page, without its marks."""
    text = re.sub(r"<[^>]+>", " ", answer.content.decode())
    return re.sub(r"\s+", " ", unescape(text)).replace(" ,", ",")


def test_report_page_says_what_it_counts(town):
    a_member(town)

    answer = signed_in(town.head).get(report_of(town))

    assert answer.status_code == 200
    assert "ผู้ใช้งาน 2 คน ใน 2 กลุ่ม รวม 2 สิทธิ ณ วันที่" in words_of(answer)
    assert "นางสาวจิราภรณ์ สู่สุข" in words_of(answer)


def test_report_page_is_refused_to_an_officer(town):
    assert signed_in(town.officer).get(report_of(town)).status_code == 403


def test_report_page_does_not_exist_for_another_authoritys_head(town):
    other = factories.a_town("กะรน", "karon")

    assert signed_in(other.head).get(report_of(town)).status_code == 404


def test_report_page_is_open_to_an_executive_but_the_register_is_not(town):
    grant = form_2.give_executive_access(
        actor=actor_of(town.head),
        appointment_id=town.executive_post.pk,
        username="rawai.mayor",
        email="mayor@example.go.th",
        mobile="0812345678",
        at=NOW,
    )
    mayor = signed_in(factories.activate(grant.subject))

    assert mayor.get(report_of(town)).status_code == 200
    assert mayor.get(reverse("reports:register", args=[town.authority.code])).status_code == 403
    assert mayor.get(reverse("reports:record", args=[town.authority.code])).status_code == 403


def test_report_page_shows_a_province_its_own_authorities_and_leaves_a_note(town):
    elsewhere = factories.a_town("กะรน", "karon")
    with state_change(actor=TEST, at=NOW) as change:
        chonburi = Province.objects.create(code="20", name_th="ชลบุรี", sort_key=sort_key("ชลบุรี"))
        elsewhere.authority.change_to(province=chonburi)
        change.record(
            "authority.added", elsewhere.authority, organisation_id=elsewhere.authority.pk, name="กะรน", code="0"
        )
    officer = factories.a_desk_officer(Desk.PROVINCE, town.authority.province)
    client = signed_in(officer)

    assert client.get(report_of(town)).status_code == 200
    assert client.get(report_of(elsewhere)).status_code == 404
    assert list(LookUp.objects.values_list("authority_id", "person_id")) == [(town.authority.pk, officer.person_id)]


def test_report_page_links_to_persons_for_the_head_only(town):
    subject = a_member(town).subject
    link = reverse("revocation:person", args=[town.authority.code, subject.public_id])

    assert f'href="{link}"' in signed_in(town.head).get(report_of(town)).content.decode()
    department = signed_in(factories.a_desk_officer())
    assert f'href="{link}"' not in department.get(report_of(town)).content.decode()


def crowd(town: Town, count: int) -> None:
    """So many members at once, as an import would bring them."""
    group = AccessGroup.objects.get(code="finance_officer")
    with state_change(actor=TEST, at=NOW) as change:
        names = [f"คน{number:05d}" for number in range(count)]
        persons = Person.objects.bulk_create(
            Person(public_id=public_id(), title="นาย", given_name=name, search_key=search_key(name), sort_key=name)
            for name in names
        )
        subjects = Subject.objects.bulk_create(
            Subject(
                public_id=public_id(),
                username=f"crowd.{number}",
                skeleton=f"crowd{number}",
                person=person,
                authority=town.authority,
                state=SubjectState.ACTIVE,
                opened_at=NOW,
                activated_at=NOW,
            )
            for number, person in enumerate(persons)
        )
        Grant.objects.bulk_create(
            Grant(
                public_id=public_id(),
                subject=subject,
                person=subject.person,
                authority=town.authority,
                group=group,
                basis=Basis.POSITION,
                from_date=TODAY,
                granted_at=NOW,
                granted_by=town.head.person,
            )
            for subject in subjects
        )
        change.record("authority.changed", organisation_id=town.authority.pk, name="", code="", former="")


@pytest.mark.parametrize("count", [1, pytest.param(2000, marks=pytest.mark.slow)])
def test_report_page_takes_twelve_queries_whatever_its_length(town, count):
    crowd(town, count)
    client = signed_in(town.head)

    for query in ("", "?page=2", "?status=never", "?on=20 ต.ค. 2569", "?group=finance_officer&words=คน"):
        with CaptureQueriesContext(connection) as queries:
            answer = client.get(f"{report_of(town)}{query}")
        assert answer.status_code == 200
        assert len(queries) <= 12, query


def test_report_page_goes_on_with_a_group_on_the_next_page(town):
    crowd(town, 40)

    first, second = (signed_in(town.head).get(report_of(town), {"page": page}) for page in (1, 2))

    assert "ต่อจากหน้าก่อน" not in words_of(first)
    assert "(หน้า 1 จาก 2)" in words_of(first)
    assert "40 คน · ต่อจากหน้าก่อน" in words_of(second)
    assert words_of(second).count("crowd.") == 16


def test_report_page_gives_a_script_the_list_alone(town):
    a_member(town)

    answer = signed_in(town.head).get(report_of(town), headers={"HX-Request": "true"})

    assert "<html" not in answer.content.decode()
    assert "นางสาวจิราภรณ์ สู่สุข" in words_of(answer)
    assert "HX-Request" in answer["Vary"]


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("?on=16/10/2026", "2026 เป็นปี ค.ศ."),
        ("?on=เมื่อวาน", "16 ตุลาคม 2569 หรือ 16/10/2569"),
        ("?on=1 ม.ค. 2620", "วันที่ต้องไม่หลัง"),
        ("?group=nothing", "เลือกกลุ่มผู้ใช้จากรายการ"),
        ("?status=nothing", "nothing"),
    ],
)
def test_report_page_says_what_is_wrong_with_a_filter_and_lists_nothing(town, query, said):
    a_member(town)

    answer = signed_in(town.head).get(f"{report_of(town)}{query}")

    assert answer.status_code == 422
    assert said in words_of(answer)
    assert "จิราภรณ์" not in words_of(answer)


@pytest.mark.parametrize(
    "typed", ["16 ต.ค. 2569", "๑๖ ตุลาคม ๒๕๖๙", "16ต.ค.2569", "16/10/2569", "16-10-2569", "16 ตุลาคม พ.ศ. 2569", "16 Oct 2569 BE"]
)
def test_read_day_takes_a_day_as_officers_write_it(typed):
    assert forms.read_day(typed) == date(2026, 10, 16)


# --- Files ------------------------------------------------------------------------------------------------------


def export(town: Town, file_format: str, **asked: str) -> operations.File:
    return operations.export_membership(
        actor=actor_of(town.head),
        authority=town.authority,
        selection=Selection(on=TODAY, **asked),
        file_format=file_format,
        language="th",
        at=NOW,
    )


def with_formulas(town: Town) -> Grant:
    """A member whose post and order would run in a spreadsheet if they could."""
    person = factories.a_person("สมหญิง", "-1+1")
    factories.a_post(person, town.authority, FORMULA)
    return a_member(town, subject=factories.an_account(person, town.authority))


def test_export_csv_holds_formulas_as_text(town):
    with_formulas(town)

    content = export(town, "csv").content

    assert content.startswith(b"\xef\xbb\xbf")
    rows = list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"))))
    assert rows[1]["ตำแหน่ง"] == f"'{FORMULA}"
    assert rows[1]["คำขอเลขที่"] == "0042/2570"
    assert not any(value.startswith(("=", "+", "-", "@")) for row in rows for value in row.values())


def test_export_xlsx_holds_formulas_as_text(town):
    with_formulas(town)

    sheet = CalamineWorkbook.from_filelike(io.BytesIO(export(town, "xlsx").content)).get_sheet_by_index(0)

    cells = [cell for row in sheet.to_python() for cell in row]
    assert f"'{FORMULA}" in cells
    assert FORMULA not in cells


def test_export_leaves_a_line_in_the_record_that_verifies(town):
    a_member(town)

    export(town, "xlsx")

    event = AuditEvent.objects.get(name="report.exported")
    assert event.chain == chain_of(town.authority.pk)
    assert event.facts == {"report": "membership", "format": "xlsx", "rows": 2, "as_of": "2026-10-16"}
    assert chain.verify().faults == ()


def test_export_pdf_is_registered_once_for_one_content(town):
    a_member(town)

    first, second = export(town, "pdf"), export(town, "pdf")

    document = IssuedDocument.objects.get(kind=DocumentKind.MEMBERSHIP_REPORT)
    assert document.organisation == town.authority
    assert first.content.startswith(b"%PDF")
    assert first.content == second.content
    assert AuditEvent.objects.filter(name="report.exported").count() == 2


def test_export_by_an_officer_is_denied_and_remembered(town):
    with pytest.raises(Denied):
        operations.export_membership(
            actor=actor_of(town.officer),
            authority=town.authority,
            selection=Selection(on=TODAY),
            file_format="csv",
            language="th",
            at=NOW,
        )

    assert AuditEvent.objects.get(name="attempt.denied").actor == town.officer.username
    assert not AuditEvent.objects.filter(name="report.exported").exists()


def test_export_too_long_says_so_and_makes_no_file(town, monkeypatch):
    a_member(town)
    monkeypatch.setitem(policies.ROWS_MAX, "pdf", 1)

    answer = signed_in(town.head).post(reverse("reports:membership_pdf", args=[town.authority.code]))

    assert answer.status_code == 422
    assert "ไม่ได้ทำไฟล์" in words_of(answer)
    assert not IssuedDocument.objects.filter(kind=DocumentKind.MEMBERSHIP_REPORT).exists()


def test_export_by_its_button_bears_a_thai_name(town):
    a_member(town)

    answer = signed_in(town.head).post(
        reverse("reports:membership_csv", args=[town.authority.code]), {"group": "finance_officer"}
    )

    assert answer.status_code == 200
    name = re.search(r"filename\*=UTF-8''(\S+)", answer["Content-Disposition"])[1]
    assert unquote(name).startswith("รายงานรายชื่อและข้อมูลผู้ใช้งานในกลุ่มผู้ใช้_เทศบาลตำบลราไวย์_")
    assert answer["Content-Disposition"].isascii()
    assert len(list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))) == 2


@pytest.mark.parametrize("name", ["membership_pdf", "membership_xlsx", "membership_csv", "register_xlsx", "register_csv"])
def test_export_by_get_is_not_allowed(town, name):
    answer = signed_in(town.head).get(reverse(f"reports:{name}", args=[town.authority.code]))

    assert answer.status_code == 405
    assert not AuditEvent.objects.filter(name="report.exported").exists()


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
    return register(
        town.authority.pk, year=year, outcome=outcome, language="th", on=TODAY, start=start, size=size
    )


def test_register_holds_requests_with_what_was_asked_granted_and_closed(town):
    request = factories.a_request(
        town, wish=CredentialWish.NEW_USER, groups=("finance_officer", "accounting_officer")
    )
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
    form_2.give_executive_access(
        actor=actor_of(town.head),
        appointment_id=town.executive_post.pk,
        username="rawai.mayor",
        email="mayor@example.go.th",
        mobile="0812345678",
        at=NOW + timedelta(minutes=1),
    )
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
        actor=actor_of(town.head), authority=town.authority, year=2570, outcome="", file_format="csv", language="th", at=NOW
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

    answer = record_page(town, case="๑/๒๕๗๐")

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
        answer = client.get(reverse("reports:record", args=[town.authority.code]), {"person": "ปุญญิศา"})

    assert answer.status_code == 200
    assert len(queries) <= 12


def test_record_offers_every_event_by_what_it_is_about():
    assert "others" not in names_by_area(), "give the new noun an area in queries.record.NOUNS"


# --- Verifying a paper ------------------------------------------------------------------------------------------


@pytest.fixture(autouse=True)
def _nobody_has_asked_yet():
    cache.clear()


def a_paper(town: Town, *, case: str = "0147/2570", content_hash: str = "3f2a9c0177be" + "0" * 52) -> IssuedDocument:
    return issue_document(
        actor=TEST,
        kind=DocumentKind.FORM_2,
        authority=town.authority,
        case=case,
        content_hash=content_hash,
        summary="นางสาวญาณิศา ภู่ประเสริฐ",
        at=NOW,
    )


def test_verify_shows_minimal_facts_and_nobodys_name(town):
    paper = a_paper(town)

    answer = Client().get(reverse("reports:verify_code", args=[paper.code]))

    assert answer.status_code == 200
    words = words_of(answer)
    for fact in ("เทศบาลตำบลราไวย์", "อำเภอเมืองภูเก็ต จังหวัดภูเก็ต", "0147/2570", "3f2a 9c01 77be", "16 ตุลาคม 2569"):
        assert fact in words.replace("\u00a0", " "), fact
    assert "ญาณิศา" not in words
    assert "ฉบับล่าสุดของเรื่องนี้" in words


def test_verify_tells_a_paper_whose_case_has_changed_since(town):
    old = a_paper(town)
    new = a_paper(town, content_hash="ab" * 32)

    assert "มีฉบับใหม่กว่า" in words_of(Client().get(reverse("reports:verify_code", args=[old.code])))
    assert "มีฉบับใหม่กว่า" not in words_of(Client().get(reverse("reports:verify_code", args=[new.code])))


def test_verify_tells_a_qr_code_that_claims_something_else(town):
    paper = a_paper(town)
    address = reverse("reports:verify_code", args=[paper.code])

    assert "ไม่ตรงกับทะเบียน" in words_of(Client().get(address, {"n": "0147/2570", "h": "ffffffffffff"}))
    assert "ไม่ตรงกับทะเบียน" in words_of(Client().get(address, {"n": "0148/2570", "h": "3f2a9c0177be"}))
    assert "ไม่ตรงกับทะเบียน" not in words_of(Client().get(address, {"n": "0147/2570", "h": "3f2a9c0177be"}))


def test_verify_takes_thai_digits_and_spaces(town):
    code = a_paper(town).code
    typed = to_thai_digits(f"{code[:3]} {code[3:6]} {code[6:]}")

    answer = Client().get(reverse("reports:verify"), {"code": typed})

    assert answer.status_code == 200
    assert "0147/2570" in words_of(answer)


def without_what_was_typed(answer) -> str:
    return re.sub(r' value="[^"]*"', "", answer.content.decode())


def test_verify_unknown_and_malformed_look_alike(town):
    code = a_paper(town).code
    mistyped = code[:-1] + str((int(code[-1]) + 1) % 10)
    unknown = next(drawn for drawn in iter(short_code, "") if drawn != code)

    answers = [
        Client().get(reverse("reports:verify"), {"code": typed})
        for typed in (unknown, mistyped, "123", "", "ไม่มี", "9" * 5000, "12\x0034")
    ]

    assert {answer.status_code for answer in answers} == {404}
    assert len({without_what_was_typed(answer) for answer in answers}) == 1


def test_verify_asks_to_wait_when_one_address_asks_too_often(monkeypatch):
    monkeypatch.setattr(verification, "LOOKS_MAX", 2)
    client = Client()

    answers = [client.get(reverse("reports:verify"), {"code": "123"}) for _number in range(3)]

    assert [answer.status_code for answer in answers] == [404, 404, 429]
    assert answers[-1]["Retry-After"]
    assert Client(REMOTE_ADDR="192.0.2.7").get(reverse("reports:verify"), {"code": "123"}).status_code == 404
