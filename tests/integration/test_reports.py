"""The report of clause 5: who is in which group on a day, its page, its files."""

import csv
import io
import re
from datetime import date, timedelta
from urllib.parse import unquote

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation
from python_calamine import CalamineWorkbook

from kunjae.access_requests.models import CredentialWish
from kunjae.audit import chain
from kunjae.audit.change import state_change
from kunjae.audit.models import AuditEvent, chain_of
from kunjae.core.clock import start_of_thai_day, thai_day
from kunjae.core.numerals import to_thai_digits
from kunjae.core.text import sort_key
from kunjae.core.verdict import Denied
from kunjae.documents.models import DocumentKind, IssuedDocument
from kunjae.entitlements.models import EndOfGrant, Grant
from kunjae.identity.models import SignInAttempt, Subject
from kunjae.organisations import operations as organisations
from kunjae.organisations.models import Desk, LookUp, Province
from kunjae.reports import forms, operations, policies, wording
from kunjae.reports.queries.members import Member, Status
from kunjae.reports.queries.membership import Selection, membership
from kunjae.revocation import operations as revocation
from tests import factories
from tests.factories import NOW, TEST, TODAY, Town, actor_of
from tests.integration.reports_ground import a_member, access_of_the_mayor, crowd, signed_in, words_of

pytestmark = pytest.mark.django_db

FORMULA = "=HYPERLINK(evil)"


@pytest.fixture
def town() -> Town:
    return factories.a_town()


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
        assert (wording.sheet_of(head), wording.order_of(head)) == ("", "คำสั่งที่ 287/2569")
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
    access_of_the_mayor(town)

    mayor = by_user_id(lines(town))["rawai.mayor"]

    assert mayor.position_th == "นายกเทศมนตรี"
    with translation.override("th"):
        assert (wording.sheet_of(mayor), wording.order_of(mayor)) == ("ข้อ 2", "")


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


def test_membership_that_ended_on_the_day_is_listed_and_not_counted(town):
    stays = a_member(town)
    leaves = a_member(town, "สมภพ", "อยู่เย็น", group="accounting_officer")
    revocation.remove_from_group(
        actor=actor_of(town.head), grant_id=leaves.pk, reason=EndOfGrant.LEFT_DUTY, note="", at=NOW
    )

    found = membership(town.authority.pk, Selection(on=TODAY), at=NOW)
    ended = membership(town.authority.pk, Selection(on=TODAY, status=Status.OVER), at=NOW)

    assert {member.user_id for member in found.lines} >= {stays.subject.username, leaves.subject.username}
    assert (len(found.lines), found.members, found.ended, found.persons) == (3, 2, 1, 2)
    assert "accounting_officer" not in [group.code for group in found.filled]
    assert (len(ended.lines), ended.members, ended.ended, ended.persons) == (1, 1, 0, 1)


# --- Its page ---------------------------------------------------------------------------------------------------


def report_of(town: Town) -> str:
    return reverse("reports:membership", args=[town.authority.code])


def test_report_page_counts_apart_who_left_on_the_day(town):
    a_member(town)
    leaves = a_member(town, "สมภพ", "อยู่เย็น", group="accounting_officer")
    revocation.remove_from_group(
        actor=actor_of(town.head), grant_id=leaves.pk, reason=EndOfGrant.LEFT_DUTY, note="", at=NOW
    )

    said = words_of(signed_in(town.head).get(report_of(town), {"on": "16 ต.ค. 2569"}))

    assert "ผู้ใช้งาน 2 คน ใน 2 กลุ่ม รวม 2 สิทธิ ณ วันที่ 16 ตุลาคม 2569 และสิ้นสุดในวันนั้นอีก 1 สิทธิ" in said
    assert "· 0 คน" in said


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
    grant = access_of_the_mayor(town)
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


@pytest.mark.parametrize("count", [1, pytest.param(2000, marks=pytest.mark.slow)])
def test_report_page_takes_twelve_queries_whatever_its_length(town, count):
    crowd(town, count)
    client = signed_in(town.head)

    for query in ("", "?page=2", "?status=never", "?on=20 ต.ค. 2569", "?group=finance_officer&words=คน"):
        with CaptureQueriesContext(connection) as queries:
            answer = client.get(f"{report_of(town)}{query}")
        assert answer.status_code == 200
        assert len(queries) <= 12, query


def test_report_page_takes_twelve_queries_whoever_reads(town):
    grant = access_of_the_mayor(town)
    readers = [
        factories.activate(grant.subject),
        factories.a_desk_officer(),
        factories.a_desk_officer(Desk.PROVINCE, town.authority.province),
    ]

    for reader in readers:
        client = signed_in(reader)
        with CaptureQueriesContext(connection) as queries:
            assert client.get(report_of(town)).status_code == 200
        assert len(queries) <= 12, reader.username


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
    "typed",
    ["16 ต.ค. 2569", "๑๖ ตุลาคม ๒๕๖๙", "16ต.ค.2569", "16/10/2569", "16-10-2569", "16 ตุลาคม พ.ศ. 2569", "16 Oct 2569 BE"],
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


@pytest.mark.parametrize(
    "name", ["membership_pdf", "membership_xlsx", "membership_csv", "register_xlsx", "register_csv"]
)
def test_export_by_get_is_not_allowed(town, name):
    answer = signed_in(town.head).get(reverse(f"reports:{name}", args=[town.authority.code]))

    assert answer.status_code == 405
    assert not AuditEvent.objects.filter(name="report.exported").exists()
