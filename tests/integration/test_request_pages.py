"""The pages of form 2 through a browser's requests: who sees what, what is refused, and that nothing typed is lost."""

import re
from datetime import datetime, timedelta
from html import unescape
from io import BytesIO

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django_tasks_db.models import DBTaskResult
from PIL import Image

from kunjae.access_requests import operations as form_2
from kunjae.access_requests.models import AccessRequest, CredentialWish, Invitation, RequestState
from kunjae.core import reasons
from kunjae.documents import drawing
from kunjae.documents.models import IssuedDocument, StoredFile
from kunjae.entitlements.models import Grant
from kunjae.identity.models import Session, Subject
from kunjae.messaging import operations as messaging
from kunjae.messaging.models import Message
from kunjae.organisations.models import Person
from kunjae.revocation import operations as revocation
from kunjae.revocation.models import ClosureReason
from tests import factories
from tests.factories import NOW, TODAY, Town, actor_of, sign_in_client

pytestmark = pytest.mark.django_db

#: Nine of them belong to the frame of a head's page and to its access rule, eight to an officer's.
QUERIES_MAX = {"waiting": 13, "mine": 12, "request": 14, "decision": 15, "invite": 12, "paper": 12}


class Clock:
    """The time that the pages read; a test may move it."""

    def __init__(self) -> None:
        self.now = NOW + timedelta(minutes=30)

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture(autouse=True)
def clock(monkeypatch) -> Clock:
    read = Clock()
    monkeypatch.setattr("django.utils.timezone.now", read)
    cache.clear()
    return read


@pytest.fixture
def town() -> Town:
    return factories.a_town()


@pytest.fixture
def head(town) -> Client:
    return sign_in_client(Client(), town.head)


@pytest.fixture
def officer(town) -> Client:
    return sign_in_client(Client(), town.officer)


def url(name: str, about: AccessRequest | Town) -> str:
    if isinstance(about, Town):
        return reverse(f"access_requests:{name}", args=[about.authority.code])
    return reverse(f"access_requests:{name}", args=[about.authority.code, about.public_id])


def text(answer) -> str:
    """What a page says, without its markup."""
    words = re.sub(r"</?(?:span|b|small)\b[^>]*>", "", answer.content.decode())
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]*>", " ", words)))


def says(answer, reason: str, **facts) -> bool:
    return reasons.sentence(reason, facts) in unescape(answer.content.decode())


def errors(answer) -> list[str]:
    """The addresses that the error summary leads to."""
    summary = re.search(r'<div class="govuk-error-summary".*?</ul>', answer.content.decode(), re.DOTALL)
    return re.findall(r'href="#([^"]+)"', summary[0]) if summary else []


ASKED = {"position_th": "นักวิชาการเงินและบัญชีปฏิบัติการ", "duty": "จัดทำเช็คและใบถอน", "groups": ["finance_officer"]}
APPROVED = {
    "opinion": "approve",
    "groups": ["finance_officer"],
    "order_number": "338/2569",
    "order_date_day": "8",
    "order_date_month": "10",
    "order_date_year": "2569",
}


# --- The officer ------------------------------------------------------------------------------------------------


def test_officer_begins_checks_and_sends(town, officer):
    page = officer.get(url("new", town))
    assert "นักวิชาการเงินและบัญชีปฏิบัติการ" in page.content.decode()

    begun = officer.post(url("new", town), ASKED)
    request = AccessRequest.objects.get()
    assert (begun.status_code, begun["Location"]) == (303, url("check", request))
    checked = officer.get(url("check", request))
    assert "ส่งคำขอถึงผู้อำนวยการกองคลัง" in text(checked)
    assert "เปลี่ยน" in text(checked)
    sent = officer.post(url("check", request))

    request.refresh_from_db()
    assert request.state == RequestState.SUBMITTED
    assert sent["Location"] == f"{url('request', request)}?done=submitted"
    assert "ส่งแล้ว เลขที่ 0001/2570" in text(officer.get(sent["Location"]))


def test_check_shows_the_official_form_verbatim_in_both_languages(town, officer):
    request = factories.a_request(town, submitted=False)

    thai = officer.get(url("check", request))
    officer.cookies["kunjae_language"] = "en"
    english = officer.get(url("check", request))

    for page in (thai, english):
        words = text(page)
        assert "ส่วนที่ 1 การขอเป็นผู้ใช้งาน" in words
        assert "ขอรหัสผู้ใช้และ/หรือรหัสผ่านเพื่อปฏิบัติงานในระบบบัญชีคอมพิวเตอร์ของ อปท." in words
        assert "16 ตุลาคม 2569" in words
        assert page.content.decode().count("box on") == 1
    assert "Send the request to the ผู้อำนวยการกองคลัง" in text(english)


def test_new_form_sent_twice_begins_one_request(town, officer):
    first = officer.post(url("new", town), ASKED)
    second = officer.post(url("new", town), ASKED)

    assert first["Location"] == second["Location"]
    assert AccessRequest.objects.count() == 1


def test_new_form_leads_to_the_draft_that_stands(town, officer):
    request = factories.a_request(town, submitted=False)

    assert officer.get(url("new", town))["Location"] == url("edit", request)


def test_new_form_of_a_second_window_keeps_what_was_typed_and_says_so(town, officer):
    factories.a_request(town, submitted=False)

    answer = officer.post(url("new", town), {**ASKED, "duty": "จัดทำงบประมาณ"})

    assert answer.status_code == 422
    assert says(answer, "draft_is_open")
    assert "จัดทำงบประมาณ" in text(answer)
    assert AccessRequest.objects.get().duty != "จัดทำงบประมาณ"


def test_send_twice_is_one_request_and_no_fault(town, officer):
    request = factories.a_request(town, submitted=False)

    first, second = officer.post(url("check", request)), officer.post(url("check", request))

    assert first["Location"] == second["Location"]
    assert Message.objects.filter(kind="request_waits").count() == 1


def test_edit_of_an_older_window_is_told_and_can_be_saved_after_comparing(town, officer):
    request = factories.a_request(town)
    officer.post(url("edit", request), {**ASKED, "version": "1", "duty": "จากหน้าต่างแรก"})

    answer = officer.post(url("edit", request), {**ASKED, "version": "1", "duty": "จากหน้าต่างที่สอง"})
    assert answer.status_code == 422
    assert says(answer, "changed_elsewhere")
    assert "จากหน้าต่างที่สอง" in text(answer)
    assert 'name="version" value="2"' in answer.content.decode()
    again = officer.post(url("edit", request), {**ASKED, "version": "2", "duty": "จากหน้าต่างที่สอง"})

    assert again.status_code == 303
    assert AccessRequest.objects.get().duty == "จากหน้าต่างที่สอง"


def test_withdrawal_asks_first(town, officer):
    request = factories.a_request(town)

    asked = officer.get(url("withdrawal", request))
    assert AccessRequest.objects.get().state == RequestState.SUBMITTED
    done = officer.post(url("withdrawal", request))

    assert "btn--danger" in asked.content.decode()
    assert "ถอนคำขอแล้ว" in text(officer.get(done["Location"]))
    twice = officer.post(url("withdrawal", request))
    assert (twice.status_code, says(twice, "not_waiting")) == (422, True)


def test_mine_lists_ones_own_and_nobody_elses(town, officer):
    request = factories.a_request(town)
    factories.a_request(town, wish=CredentialWish.NEW_USER)

    page = officer.get(url("mine", town))

    assert request.case in text(page)
    assert "วีรภัทร" not in text(page)


def test_mine_says_what_would_be_there(officer, town):
    assert "ท่านยังไม่มีคำขอ" in text(officer.get(url("mine", town)))


def test_new_is_refused_to_the_head(town, head):
    answer = head.get(url("new", town))

    assert (answer.status_code, says(answer, "head_uses_form_1")) == (403, True)


# --- Bad input --------------------------------------------------------------------------------------------------


def test_empty_form_leads_to_each_field(town, officer):
    answer = officer.post(url("new", town), {})

    assert answer.status_code == 422
    assert errors(answer) == ["id_position_th", "id_duty"]
    assert answer.content.decode().count("<title>ข้อผิดพลาด:") == 1
    assert not AccessRequest.objects.exists()


@pytest.mark.parametrize(
    ("field", "typed", "reason"),
    [
        ("position_th", "ก" * 10_000, "text_too_long"),
        ("duty", "หน้าที่\u202e", "text_unprintable"),
        ("duty", "ก\u0e48" + "\u0e48" * 200, "text_marks"),
        ("position_th", "บรรทัด\nสอง", "text_line_break"),
        ("duty", "\u200b\u200b", "duty_missing"),
        ("duty", "งาน\x00", "text_unprintable"),
    ],
)
def test_bad_text_is_refused_in_a_sentence_and_kept(town, officer, field, typed, reason):
    answer = officer.post(url("new", town), {**ASKED, field: typed, "groups": ["budget_officer"]})

    assert answer.status_code == 422
    assert errors(answer) == [f"id_{field}"]
    assert answer.context["form"].errors.as_data()[field][0].code in {reason, "required", "null_characters_not_allowed"}
    assert re.search(r'value="budget_officer"[^>]* checked', answer.content.decode())
    if len(typed) < 1000 and "\x00" not in typed:
        assert answer.context["form"][field].value() == typed
    assert not AccessRequest.objects.exists()


def test_text_with_zero_width_characters_is_stored_without_them(town, officer):
    officer.post(url("new", town), {**ASKED, "duty": "จัดทำ\u200bเช็ค"})

    assert AccessRequest.objects.get().duty == "จัดทำเช็ค"


def test_group_that_nobody_offers_is_refused(town, officer):
    answer = officer.post(url("new", town), {**ASKED, "groups": ["finance_head"]})

    assert answer.status_code == 422
    assert errors(answer) == ["id_groups_0"]


def test_fields_that_the_form_has_not_are_ignored(town, officer):
    """T-25: nothing but the form's own fields is taken."""
    officer.post(
        url("new", town),
        {
            **ASKED,
            "state": "approved",
            "applicant": town.head.person_id,
            "credential_wish": "new_user",
            "wants_credentials": "on",
            "decided_by": town.head.person_id,
            "authority": "1",
        },
    )

    request = AccessRequest.objects.get()
    assert (request.state, request.applicant_id, request.credential_wish) == (
        RequestState.DRAFT,
        town.officer.person_id,
        CredentialWish.NONE,
    )


def test_text_of_people_is_never_markup(town, officer, head):
    script = "<script>alert(1)</script>"
    officer.post(url("new", town), {**ASKED, "duty": script, "position_th": script})
    request = AccessRequest.objects.get()
    form_2.submit(actor=actor_of(town.officer), request_public_id=request.public_id, at=NOW)

    for name in ("request", "decision"):
        page = head.get(url(name, request)).content.decode()
        assert script not in page
        assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page


# --- Who sees what ----------------------------------------------------------------------------------------------

OFFICERS_PAGES = ["request", "edit", "check", "withdrawal", "form_pdf"]
HEADS_PAGES = ["decision", "decision_summary", "decided", "slip"]
#: To look at only: a POST is refused to everybody, before anything is looked for.
READ_ONLY = {"request", "decided"}


def test_request_of_another_authority_does_not_exist(town, head):
    other = factories.a_town("กะรน", stem="karon")
    request = factories.a_request(other)

    for name in OFFICERS_PAGES + HEADS_PAGES:
        for address in (
            reverse(f"access_requests:{name}", args=[town.authority.code, request.public_id]),
            url(name, request),
        ):
            assert head.get(address).status_code == 404, name
            if name not in READ_ONLY:
                assert head.post(address).status_code == 404, name


def test_request_of_a_colleague_does_not_exist(town, head):
    request = factories.a_request(town)
    colleague = sign_in_client(Client(), factories.an_account(factories.a_person("สมศรี", "มีสุข"), town.authority))

    for name in OFFICERS_PAGES:
        assert colleague.get(url(name, request)).status_code == 404, name
        if name not in READ_ONLY:
            assert colleague.post(url(name, request)).status_code == 404, name
    for name in HEADS_PAGES:
        assert colleague.get(url(name, request)).status_code == 403, name
        assert colleague.post(url(name, request)).status_code == 403, name
    assert AccessRequest.objects.get().state == RequestState.SUBMITTED


def test_draft_does_not_exist_for_the_head(town, head):
    request = factories.a_request(town, submitted=False)

    for name in OFFICERS_PAGES + HEADS_PAGES:
        assert head.get(url(name, request)).status_code == 404, name


def test_executive_sees_no_request(town):
    factories.a_request(town)
    form_2.give_executive_access(
        actor=actor_of(town.head),
        appointment_id=town.executive_post.pk,
        username="rawai.nayok",
        email="nayok@example.go.th",
        mobile="0812345678",
        at=NOW,
    )
    executive = sign_in_client(Client(), factories.activate(Subject.objects.get(username="rawai.nayok")))

    assert executive.get(url("waiting", town)).status_code == 403
    assert executive.get(url("request", AccessRequest.objects.get())).status_code == 404


@pytest.mark.parametrize("name", ["request", "check", "edit", "withdrawal", "decision", "decided", "form_pdf"])
def test_get_writes_nothing(town, head, officer, name):
    request = factories.a_request(town)
    before = [list(AccessRequest.objects.values()), IssuedDocument.objects.count(), Message.objects.count()]

    for client in (head, officer):
        client.get(url(name, request))
        client.head(url(name, request))

    assert [list(AccessRequest.objects.values()), IssuedDocument.objects.count(), Message.objects.count()] == before


# --- The head ---------------------------------------------------------------------------------------------------


def test_waiting_lists_the_longest_wait_first_and_the_done_by_filter(town, head, clock):
    done = factories.a_request(town)
    factories.approve(town, done)
    newcomer = factories.a_request(town, wish=CredentialWish.NEW_USER, at=NOW + timedelta(minutes=5))
    clock.now = NOW + timedelta(days=4)
    head = sign_in_client(Client(), town.head)

    page = text(head.get(url("waiting", town)))
    assert "รอมา 4 วัน" in page
    assert page.index(newcomer.case) < page.index(done.case)
    assert done.case in text(head.get(url("waiting", town), {"words": "ญาณิศา", "state": "approved"}))
    nothing = text(head.get(url("waiting", town), {"state": "refused"}))
    assert "ไม่มีคำขอที่ตรงกับเงื่อนไข" in nothing
    assert done.case not in nothing
    assert head.get(url("waiting", town), {"words": "\u202e" * 500, "state": "x"}).status_code == 200


def test_waiting_says_what_would_be_there(town, head):
    page = text(head.get(url("waiting", town)))

    assert "ไม่มีคำขอที่รอความเห็น" in page
    assert "คำขอใหม่จะแจ้งทางอีเมลของท่าน" in page


def test_decision_has_no_default_and_shows_asked_and_held(town, head):
    factories.approve(town, factories.a_request(town, groups=("revenue_officer",)), groups=("revenue_officer",))
    request = factories.a_request(town, groups=("finance_officer",))

    page = head.get(url("decision", request))

    markup = page.content.decode()
    assert not re.search(r'name="opinion"[^>]* checked', markup)
    assert not re.search(r'name="groups"[^>]* checked', markup)
    assert 'class="key key--asked">ขอเพิ่ม' in markup
    assert 'class="key">ถืออยู่' in markup
    assert "ให้กลุ่มอื่นที่ไม่ได้ขอ" in text(page)


def kept_and_shown(head, request, data):
    """Send the opinion as filled in, and follow to its summary."""
    kept = head.post(url("decision", request), data)
    assert (kept.status_code, kept["Location"]) == (303, url("decision_summary", request))
    return head.get(kept["Location"])


def hidden_in(page) -> dict[str, list[str]]:
    """Read what the summary sends when it is confirmed."""
    data: dict[str, list[str]] = {}
    for name, value in re.findall(r'<input type="hidden" name="([a-z_]+)" value="([^"]*)"', page.content.decode()):
        if name != "csrfmiddlewaretoken":
            data.setdefault(name, []).append(unescape(value))
    return data


def test_decision_is_shown_before_it_takes_effect(town, head):
    request = factories.a_request(town, groups=("finance_officer", "accounting_officer"))

    summary = kept_and_shown(
        head, request, {**APPROVED, "groups": ["finance_officer", "budget_officer"], "version": "1"}
    )

    assert summary.status_code == 200
    said = text(summary)
    assert "ขอแต่ไม่ได้ให้ เจ้าหน้าที่บัญชี" in said
    assert "ให้โดยไม่ได้ขอ เจ้าหน้าที่งบประมาณ" in said
    assert "เลขที่ 338/2569 ลงวันที่ 8 ตุลาคม 2569" in said
    assert AccessRequest.objects.get().state == RequestState.SUBMITTED
    data = hidden_in(summary)
    again = head.post(url("decision", request), {**data, "again": "1"}, follow=True)
    assert re.search(r'value="budget_officer"[^>]* checked', again.content.decode())
    done = head.post(url("decision_summary", request), data)

    assert (done.status_code, done["Location"]) == (303, url("decided", request))
    assert {grant.group.code for grant in Grant.objects.all()} == {"finance_officer", "budget_officer"}
    assert "บันทึกแล้ว เลขที่ 0001/2570" in text(head.get(done["Location"]))


def test_decision_keeps_what_was_typed_when_one_goes_back(town, head):
    request = factories.a_request(town, wish=CredentialWish.NEW_USER)
    typed = {**APPROVED, "username": "rawai.ploy", "refusal_reason": "เขียนไว้ก่อน", "version": "1"}
    kept_and_shown(head, request, typed)

    page = head.get(url("decision", request))

    markup = page.content.decode()
    assert page.status_code == 200
    assert re.search(r'name="opinion" value="approve"[^>]* checked', markup)
    assert 'value="rawai.ploy"' in markup
    assert 'value="338/2569"' in markup
    assert "เขียนไว้ก่อน" in markup


def test_decision_summary_of_nothing_filled_in_leads_to_the_form(town, head):
    request = factories.a_request(town)

    assert head.get(url("decision_summary", request))["Location"] == url("decision", request)


def test_decision_in_two_windows_takes_effect_as_the_one_confirmed_showed(town, head):
    request = factories.a_request(town, groups=("finance_officer",))
    first = kept_and_shown(head, request, {**APPROVED, "version": "1"})
    second = kept_and_shown(head, request, {"opinion": "refuse", "refusal_reason": "ยังไม่มีคำสั่ง", "version": "1"})
    assert "ยังไม่มีคำสั่ง" in text(second)

    head.post(url("decision_summary", request), hidden_in(first))

    assert AccessRequest.objects.get().state == RequestState.APPROVED
    assert head.get(url("decision_summary", request))["Location"] == url("decided", request)


def test_decision_that_was_kept_is_forgotten_once_it_is_given(town, head):
    request = factories.a_request(town)
    summary = kept_and_shown(head, request, {**APPROVED, "version": "1"})
    head.post(url("decision_summary", request), hidden_in(summary))

    assert head.session["opinions"] == {}


def test_decision_summary_of_a_request_corrected_meanwhile_leads_to_the_form_that_says_so(town, head, officer):
    request = factories.a_request(town)
    kept_and_shown(head, request, {**APPROVED, "version": "1"})
    officer.post(url("edit", request), {**ASKED, "version": "1", "groups": ["finance_officer"], "duty": "หน้าที่ใหม่"})

    answer = head.get(url("decision_summary", request), follow=True)

    assert answer.redirect_chain == [(url("decision", request), 303)]
    assert (answer.status_code, says(answer, "changed_since_shown")) == (200, True)
    assert 'name="version" value="2"' in answer.content.decode()
    assert "หน้าที่ใหม่" in text(answer)
    assert AccessRequest.objects.get().state == RequestState.SUBMITTED
    assert kept_and_shown(head, request, {**APPROVED, "version": "2"}).status_code == 200


def test_decision_that_was_kept_is_nobody_elses(town, head):
    request = factories.a_request(town)
    kept_and_shown(head, request, {**APPROVED, "version": "1"})
    elsewhere = factories.sign_in_client(Client(), town.head)

    assert 'value="338/2569"' not in elsewhere.get(url("decision", request)).content.decode()


def test_decision_to_refuse_needs_the_reason_only(town, head):
    request = factories.a_request(town, wish=CredentialWish.NEW_USER)
    sent = {"opinion": "refuse", "version": "1", "username": "!", "order_date_year": "1999"}

    empty = head.post(url("decision", request), sent)
    assert (empty.status_code, errors(empty)) == (422, ["id_refusal_reason"])
    done = head.post(url("decision_summary", request), {**sent, "refusal_reason": "ยังไม่มีคำสั่ง"})

    assert done.status_code == 303
    assert AccessRequest.objects.get().refusal_reason == "ยังไม่มีคำสั่ง"


@pytest.mark.parametrize(
    ("sent", "wrong"),
    [
        ({}, ["id_opinion_0"]),
        ({"opinion": "maybe"}, ["id_opinion_0"]),
        ({"opinion": "approve"}, ["id_groups_0"]),
        ({**APPROVED, "order_date_year": "2026"}, ["id_order_date_0"]),
        ({**APPROVED, "order_date_day": ""}, ["id_order_date_0"]),
        ({**APPROVED, "order_date_day": "", "order_date_month": "", "order_date_year": ""}, ["id_order_date_0"]),
        ({**APPROVED, "order_number": ""}, ["id_order_number"]),
        ({**APPROVED, "order_date_year": "2570"}, ["id_order_date_0"]),
        ({**APPROVED, "groups": ["finance_head"]}, ["id_groups_0"]),
    ],
)
def test_decision_that_is_not_well_formed_is_kept_and_told(town, head, sent, wrong):
    request = factories.a_request(town)

    for name in ("decision", "decision_summary"):
        answer = head.post(url(name, request), {**sent, "version": "1"})
        assert (answer.status_code, errors(answer)) == (422, wrong)
    assert AccessRequest.objects.get().state == RequestState.SUBMITTED


def test_decision_asks_whether_a_common_era_year_was_meant(town, head):
    request = factories.a_request(town)

    answer = head.post(url("decision", request), {**APPROVED, "order_date_year": "๒๐๒๖", "version": "1"})

    assert says(answer, "date_year_ce", year=2026, be_year=2569)
    assert 'value="๒๐๒๖"' in answer.content.decode()


def test_decision_takes_thai_digits(town, head):
    request = factories.a_request(town)

    head.post(
        url("decision_summary", request),
        {**APPROVED, "order_date_day": "๘", "order_date_year": "๒๕๖๙", "order_number": "๓๓๘/๒๕๖๙", "version": "๑"},
    )

    request.refresh_from_db()
    assert (request.state, request.basis_order_date.isoformat()) == (RequestState.APPROVED, "2026-10-08")


def test_decision_on_a_corrected_request_is_told_and_shows_the_new_one(town, head, officer):
    request = factories.a_request(town)
    officer.post(url("edit", request), {**ASKED, "version": "1", "groups": ["finance_officer"], "duty": "หน้าที่ใหม่"})

    answer = head.post(url("decision_summary", request), {**APPROVED, "version": "1"})

    assert (answer.status_code, says(answer, "changed_since_shown")) == (422, True)
    assert "หน้าที่ใหม่" in text(answer)
    assert 'name="version" value="2"' in answer.content.decode()
    assert head.post(url("decision_summary", request), {**APPROVED, "version": "2"}).status_code == 303


def test_decision_confirmed_twice_is_one_effect_and_no_fault(town, head):
    request = factories.a_request(town)

    answers = [head.post(url("decision_summary", request), {**APPROVED, "version": "1"}) for _press in range(2)]

    assert [answer["Location"] for answer in answers] == [url("decided", request)] * 2
    assert Grant.objects.count() == 1
    assert head.get(url("decision", request))["Location"] == url("decided", request)


def test_decision_of_a_second_window_is_told_who_was_first(town, head):
    request = factories.a_request(town)
    head.post(url("decision_summary", request), {**APPROVED, "version": "1"})

    for name in ("decision", "decision_summary"):
        answer = head.post(url(name, request), {"opinion": "refuse", "refusal_reason": "ไม่", "version": "1"})
        assert (answer.status_code, says(answer, "already_decided")) == (422, True)
    assert AccessRequest.objects.get().state == RequestState.APPROVED


def test_decision_suggests_a_user_id_and_takes_another(town, head):
    request = factories.a_request(town, wish=CredentialWish.NEW_USER)
    page = head.get(url("decision", request)).content.decode()
    assert re.search(rf'name="username" value="{town.authority.user_id_stem}[0-9]{{3}}"', page)

    taken = head.post(url("decision_summary", request), {**APPROVED, "username": town.officer.username, "version": "1"})
    assert (taken.status_code, errors(taken)) == (422, ["id_username"])
    head.post(url("decision_summary", request), {**APPROVED, "username": "Rawai.Ploy", "version": "1"})

    assert Subject.objects.filter(username="rawai.ploy").exists()


def test_decision_warns_where_the_keys_will_go(town, head):
    request = factories.a_request(town, wish=CredentialWish.NEW_USER)

    page = text(head.get(url("decision", request)))

    assert request.email in page
    assert "ต้องใช้ทั้งสองอย่างจึงเปิดใช้งานได้" in page


def test_slip_is_only_in_the_answer_to_a_post_and_never_kept(town, head):
    request = factories.a_request(town, wish=CredentialWish.NEW_USER)
    factories.approve(town, request, username="rawai.new")

    assert head.get(url("slip", request))["Location"] == url("request", request)
    slip = head.post(url("slip", request))

    assert (slip.status_code, slip["Cache-Control"]) == (200, "no-store")
    said = text(slip)
    assert "ลับ" in said
    assert re.search(r"\b[0-9]{4} [0-9]{4}\b", said)
    assert "72 ชั่วโมง" in said
    factories_secret = factories.secrets_sent(Subject.objects.get(username="rawai.new"))["link_secret"]
    assert factories_secret not in slip.content.decode()


# --- Paper and scan ---------------------------------------------------------------------------------------------


def picture(**options) -> SimpleUploadedFile:
    made = BytesIO()
    Image.new("RGB", (300, 400), "white").save(made, "JPEG")
    return SimpleUploadedFile("แบบคำขอ.jpg", options.get("data", made.getvalue()), content_type="text/html")


def on_paper(town: Town, **others) -> dict:
    return {
        "page": "bcdfghjkmnpq",
        "applicant": town.officer.person.public_id,
        "position_th": "นักวิชาการเงินและบัญชี",
        "wants_groups": "on",
        "duty": "จัดทำเช็ค",
        "groups": ["finance_officer"],
        "form_date_day": "๑๕",
        "form_date_month": "10",
        "form_date_year": "2569",
        **others,
    }


def test_paper_is_keyed_with_its_scan_and_shown_as_a_picture(town, head, officer):
    answer = head.post(url("paper", town), {**on_paper(town), "scan": picture()})

    request = AccessRequest.objects.get()
    assert answer["Location"] == f"{url('request', request)}?done=submitted"
    assert (request.form_date.isoformat(), request.scan.kind) == ("2026-10-15", "jpeg")
    drawing.draw_pages(request.scan_id, at=NOW)
    page = reverse("access_requests:scan", args=[town.authority.code, request.public_id, 1])
    assert page in head.get(url("request", request)).content.decode()
    for client in (head, officer):
        shown = client.get(page)
        assert (shown["Content-Type"], shown["Cache-Control"]) == ("image/png", "no-store")
        assert "sandbox" in shown["Content-Security-Policy"]
        assert shown.content.startswith(b"\x89PNG")
    beyond = reverse("access_requests:scan", args=[town.authority.code, request.public_id, 2])
    assert head.get(beyond).status_code == 404
    stranger = sign_in_client(Client(), factories.a_town("กะรน", stem="karon").head)
    assert stranger.get(page).status_code == 404


def test_paper_sent_twice_is_one_request(town, head):
    for name in ("ใหม่", "ใหม่"):
        data = on_paper(town, applicant="new", title_choice="นาง", given_name=name, wants_credentials="on")
        answer = head.post(
            url("paper", town),
            {**data, "credential_wish": "new_user", "email": "mai@example.go.th", "scan": picture()},
        )
        assert answer.status_code == 303

    assert AccessRequest.objects.count() == 1
    assert Person.objects.filter(given_name="ใหม่").count() == 1


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "upload_empty"),
        (b"GIF89a not a scan", "upload_wrong_type"),
        (b"%PDF-1.7 cut in half", "upload_truncated"),
        (b"\xff\xd8\xff" + b"\x00" * 100, "upload_truncated"),
    ],
)
def test_paper_with_a_file_that_is_no_scan_is_refused(town, head, data, reason):
    name = "form.pdf" if data.startswith(b"%PDF") else "form.jpg"

    answer = head.post(url("paper", town), {**on_paper(town), "scan": SimpleUploadedFile(name, data)})

    assert answer.status_code == 422
    assert errors(answer) == ["id_scan"]
    assert answer.context["form"].errors.as_data()["scan"][0].code in {reason, "upload_unreadable", "required"}
    assert "จัดทำเช็ค" in text(answer)
    assert not StoredFile.objects.exists()


def test_paper_that_is_refused_asks_for_the_file_again(town, head):
    answer = head.post(url("paper", town), {**on_paper(town, duty=""), "scan": picture()})

    assert answer.status_code == 422
    assert says(answer, "choose_the_file_again")
    assert set(errors(answer)) == {"id_duty", "id_scan"}


@pytest.mark.parametrize(
    ("sent", "wrong"),
    [
        ({"applicant": ""}, "id_applicant"),
        ({"applicant": "somebody"}, "id_applicant"),
        ({"applicant": "new", "title_choice": "นาย"}, "id_given_name"),
        ({"applicant": "new", "given_name": "ก", "title_choice": ""}, "id_title_0"),
        ({"form_date_year": "2026"}, "id_form_date_0"),
        ({"form_date_day": "17"}, "id_form_date_0"),
        ({"wants_groups": ""}, "id_wants_credentials"),
        ({"wants_credentials": "on"}, "id_credential_wish_0"),
        ({"wants_credentials": "on", "credential_wish": "cannot_enter"}, "id_cannot_enter_reason"),
        ({"wants_credentials": "on", "credential_wish": "new_user"}, "id_email"),
        ({"wants_credentials": "on", "credential_wish": "new_user", "mobile": "02 123 4567"}, "id_mobile"),
    ],
)
def test_paper_that_is_not_well_formed_is_told_where(town, head, sent, wrong):
    answer = head.post(url("paper", town), {**on_paper(town, **sent), "scan": picture()})

    assert answer.status_code == 422
    assert wrong in errors(answer)
    assert not AccessRequest.objects.exists()


def test_paper_of_the_head_himself_is_not_offered(town, head):
    page = head.get(url("paper", town)).content.decode()

    assert town.officer.person.public_id in page
    assert town.head.person.public_id not in page


# --- Printing ---------------------------------------------------------------------------------------------------


def test_form_pdf_bears_the_code_under_which_it_is_registered(town, head, officer):
    request = factories.a_request(town)

    for client in (head, officer):
        answer = client.get(url("form_pdf", request))
        assert (answer["Content-Type"], answer.content[:5]) == ("application/pdf", b"%PDF-")
        assert 'filename="form-2-0001-2570.pdf"' in answer["Content-Disposition"]
        assert answer["Cache-Control"] == "no-store"


def test_form_pdf_of_a_closed_account_is_registered_by_its_print(town, head):
    request = factories.a_request(town, wish=CredentialWish.NEW_USER)
    factories.approve(town, request, username="rawai.new")
    subject = factories.activate(Subject.objects.get(username="rawai.new"))
    revocation.close_account(
        actor=actor_of(town.head),
        subject_public_id=subject.public_id,
        reason=ClosureReason.MOVED,
        other_text="",
        effective_date=TODAY,
        left_date=None,
        case=request.case,
        at=NOW,
    )
    page = head.get(url("request", request))
    assert f'<form method="post" action="{url("form_pdf", request)}">' in page.content.decode()
    assert "ส่วนที่ 2 ใช้เมื่อมีการยกเลิกรหัสผู้ใช้และรหัสผ่าน" in text(page)
    before = IssuedDocument.objects.count()

    assert head.post(url("form_pdf", request)).content.startswith(b"%PDF-")
    assert IssuedDocument.objects.count() == before + 1


def test_blank_form_is_for_whoever_belongs_there(town, officer):
    assert officer.get(url("blank_form", town)).content.startswith(b"%PDF-")
    stranger = sign_in_client(Client(), factories.a_town("กะรน", stem="karon").officer)
    assert stranger.get(url("blank_form", town)).status_code == 404


def test_case_page_says_how_far_each_message_got(town, head):
    request = factories.a_request(town)
    told = Message.objects.get(kind="request_waits")
    before = text(head.get(url("request", request))).count("รอส่ง")

    messaging.mark_sent(actor=factories.TEST, message_id=told.pk, at=NOW)

    page = text(head.get(url("request", request)))
    assert page.count("รอส่ง") == before - 1
    assert town.head.email not in page


# --- The invitation ---------------------------------------------------------------------------------------------


def the_link(town: Town, *, at: datetime = NOW) -> str:
    form_2.invite(
        actor=actor_of(town.head),
        authority=town.authority,
        title="นาย",
        given_name="วีรภัทร",
        family_name="แซ่ลิ้ม",
        email="newcomer@example.go.th",
        at=at,
    )
    secret = factories.secrets_sent("newcomer@example.go.th")["link_secret"]
    return reverse("access_requests:invitation", args=[secret])


def begin(visitor: Client, link: str, mobile: str = "0897654321") -> None:
    """Open the link and prove the mobile."""
    assert visitor.post(link).status_code == 303
    assert visitor.post(reverse("access_requests:mobile"), {"mobile": mobile}).status_code == 303
    code = factories.secrets_sent(mobile)["code"]
    assert visitor.post(reverse("access_requests:mobile_code"), {"code": code}).status_code == 303


NEWCOMER = {"position_th": "เจ้าพนักงานพัสดุ", "wants_credentials": "on"}


def test_invitation_is_sent_from_its_page_once(town, head):
    sent = {
        "page": "bcdfghjkmnpq",
        "title_choice": "นาย",
        "given_name": "วีรภัทร",
        "family_name": "แซ่ลิ้ม",
        "email": "Newcomer@Example.go.th",
    }

    answers = [head.post(url("invite", town), sent) for _press in range(2)]

    assert [answer.status_code for answer in answers] == [303, 303]
    assert Invitation.objects.count() == 1
    page = text(head.get(answers[0]["Location"]))
    assert "กำลังส่งคำเชิญถึงนายวีรภัทร แซ่ลิ้ม" in page
    assert "ยังไม่เปิด" in page


def test_invitation_form_keeps_what_was_typed(town, head):
    answer = head.post(url("invite", town), {"title_choice": "", "given_name": "สมชาย1", "email": "ไม่ใช่อีเมล"})

    assert (answer.status_code, errors(answer)) == (422, ["id_title_0", "id_given_name", "id_email"])
    assert 'value="สมชาย1"' in answer.content.decode()
    own = head.post(url("invite", town), {"title_choice": "นาย", "given_name": "ก", "email": town.head.email})
    assert (own.status_code, errors(own)) == (422, ["id_email"])


def test_invitation_is_ended_from_the_list_and_only_there(town, head):
    link = the_link(town)
    invitation = Invitation.objects.get()
    end = reverse("access_requests:end_invitation", args=[town.authority.code, invitation.public_id])

    assert head.get(end).status_code == 405
    assert head.post(end).status_code == 303
    assert "ลิงก์นี้ใช้ไม่ได้แล้ว" in text(Client().get(link))
    nothing = reverse("access_requests:end_invitation", args=[town.authority.code, "bcdfghjkmnpq"])
    assert head.post(nothing).status_code == 404


@pytest.mark.parametrize("agent", ["facebookexternalhit/1.1;line-poker/1.0", "Mozilla/5.0 SafeLinks", ""])
def test_link_is_not_used_up_by_looking(town, agent):
    """T-03: previews and scanners open links; only the button counts."""
    link, bot = the_link(town), Client(HTTP_USER_AGENT=agent)

    for _look in range(10):
        assert bot.get(link).status_code == 200
        assert bot.head(link).status_code == 200

    assert Invitation.objects.get().opened_at is None
    assert Client().post(link).status_code == 303


def test_link_shows_who_invites_and_keeps_its_secret(town):
    link = the_link(town)
    page = Client().get(link)

    assert "เทศบาลตำบลราไวย์" in text(page)
    assert "นายวีรภัทร แซ่ลิ้ม" in text(page)
    assert page["Cache-Control"] == "no-store"
    # Under no-referrer a browser would name no origin either, and the form would be refused as a forgery.
    assert page["Referrer-Policy"] == "strict-origin"
    after = Client().post(link)
    assert after["Location"] == reverse("access_requests:mobile")
    assert link.split("/")[2] not in after["Location"]


def test_link_that_is_dead_says_so_and_stands_in_no_log_of_failures(town, clock):
    link, unknown = the_link(town), reverse("access_requests:invitation", args=["0" * 43])
    messaging.mark_sent(actor=factories.TEST, message_id=Invitation.objects.get().mail_id, at=NOW)
    clock.now = NOW + timedelta(days=7)

    answers = [Client().get(unknown), Client().post(unknown), Client().get(link), Client().post(link)]

    assert [answer.status_code for answer in answers] == [200] * 4
    assert all("ลิงก์นี้ใช้ไม่ได้แล้ว" in text(answer) for answer in answers)


def test_link_gives_the_browser_a_new_session(town):
    visitor = Client()
    session = visitor.session
    session["planted"] = True
    session.save()
    visitor.cookies["kunjae_session"] = session.session_key

    visitor.post(the_link(town))

    assert visitor.session.session_key != session.session_key
    assert "planted" not in visitor.session


def test_link_opened_by_somebody_signed_in_ends_no_session(town, head):
    link = the_link(town)

    answer = head.post(link)

    assert "มีผู้ใช้งานเข้าสู่ระบบอยู่ในเบราว์เซอร์นี้" in text(answer)
    assert Session.objects.filter(subject=town.head, ended_at=None).exists()
    assert Invitation.objects.get().opened_at is None


def test_visitor_writes_checks_sends_and_is_decided(town, head):
    visitor = Client()
    begin(visitor, the_link(town))

    page = visitor.get(reverse("access_requests:write"))
    assert page["Cache-Control"] == "no-store"
    assert re.search(r'name="wants_credentials"[^>]* checked', page.content.decode())
    assert visitor.post(reverse("access_requests:write"), {}).status_code == 422
    begun = visitor.post(
        reverse("access_requests:write"),
        {**NEWCOMER, "wants_groups": "on", "duty": "จัดซื้อจัดจ้าง", "groups": ["procurement_officer"]},
    )
    assert begun["Location"] == reverse("access_requests:write_check")
    assert "ส่งคำขอถึงผู้อำนวยการกองคลัง" in text(visitor.get(begun["Location"]))
    sent = [visitor.post(begun["Location"]) for _press in range(2)]
    assert {answer["Location"] for answer in sent} == {reverse("access_requests:submitted")}
    request = AccessRequest.objects.get()
    assert f"ส่งแล้ว เลขที่ {request.case}" in text(visitor.get(sent[0]["Location"]))
    assert visitor.get(reverse("access_requests:own_form_pdf")).content.startswith(b"%PDF-")
    version = {"version": "1"}
    visitor.post(reverse("access_requests:write"), {**NEWCOMER, **version, "position_th": "เจ้าพนักงานพัสดุชำนาญงาน"})
    request.refresh_from_db()
    assert (request.version, request.state) == (2, RequestState.SUBMITTED)
    factories.approve(town, request, username="rawai.new", groups=())

    ended = visitor.get(reverse("access_requests:submitted"))
    assert ended.status_code == 403


BEHIND_THE_LINK = ["write", "write_check", "submitted", "write_withdrawal", "own_form_pdf"]


@pytest.mark.parametrize("name", [*BEHIND_THE_LINK, "mobile", "mobile_code"])
def test_visitor_without_the_link_gets_no_further(name):
    answer = Client().get(reverse(f"access_requests:{name}"))

    assert (answer.status_code, answer["Cache-Control"]) == (403, "no-store")


def test_visitor_without_the_mobile_gets_no_further(town):
    visitor = Client()
    visitor.post(the_link(town))

    for name in BEHIND_THE_LINK:
        assert visitor.get(reverse(f"access_requests:{name}"))["Location"] == reverse("access_requests:mobile"), name
    visitor.post(reverse("access_requests:write"), NEWCOMER)
    assert not AccessRequest.objects.exists()


def test_visitor_with_a_forwarded_link_must_hold_the_same_mobile(town):
    """T-02: the link alone shows nothing of what was written."""
    link = the_link(town)
    begin(Client(), link)
    thief = Client()
    thief.post(link)

    page = thief.get(reverse("access_requests:mobile"))
    assert "xxx-xxx-4321" in text(page)
    assert "0897654321" not in page.content.decode()
    thief.post(reverse("access_requests:mobile"), {"mobile": "0811111111"})

    assert not Message.objects.filter(to_address="0811111111").exists()
    assert thief.get(reverse("access_requests:write"))["Location"] == reverse("access_requests:mobile")


def test_visitor_types_the_mobile_in_thai_digits_and_a_wrong_code(town):
    visitor = Client()
    visitor.post(the_link(town))
    visitor.post(reverse("access_requests:mobile"), {"mobile": "๐๘๙-๗๖๕-๔๓๒๑"})
    assert Invitation.objects.get().mobile == "0897654321"

    code = factories.secrets_sent("0897654321")["code"]
    wrong = visitor.post(reverse("access_requests:mobile_code"), {"code": "000000" if code != "000000" else "1" * 6})
    assert (wrong.status_code, errors(wrong)) == (422, ["id_code"])
    short = visitor.post(reverse("access_requests:mobile_code"), {"code": "12"})
    assert (short.status_code, errors(short)) == (422, ["id_code"])
    spaced = f"{code[:3]} {code[3:]}"
    assert visitor.post(reverse("access_requests:mobile_code"), {"code": spaced}).status_code == 303


def test_visitor_is_forgotten_after_half_an_hour_and_when_leaving(town, clock):
    link, visitor = the_link(town), Client()
    begin(visitor, link)
    visitor.post(reverse("access_requests:write"), NEWCOMER)

    clock.now += timedelta(minutes=29)
    assert visitor.get(reverse("access_requests:write_check")).status_code == 200
    clock.now += timedelta(minutes=31)
    assert visitor.get(reverse("access_requests:write_check")).status_code == 403
    begin(visitor, link)
    assert "เจ้าพนักงานพัสดุ" in text(visitor.get(reverse("access_requests:write_check")))
    visitor.post(reverse("access_requests:leave"))

    assert visitor.get(reverse("access_requests:write_check")).status_code == 403


def test_visitor_withdraws_and_may_write_anew(town):
    link, visitor = the_link(town), Client()
    begin(visitor, link)
    visitor.post(reverse("access_requests:write"), NEWCOMER)
    visitor.post(reverse("access_requests:write_check"))
    assert visitor.get(reverse("access_requests:write_withdrawal")).status_code == 200

    done = visitor.post(reverse("access_requests:write_withdrawal"))

    assert AccessRequest.objects.get().state == RequestState.WITHDRAWN
    assert (done.status_code, "ถอนคำขอแล้ว" in text(visitor.get(done["Location"]))) == (303, True)
    begin(visitor, link)
    assert visitor.post(reverse("access_requests:write"), NEWCOMER).status_code == 303
    assert AccessRequest.objects.filter(state=RequestState.DRAFT).count() == 1


def test_visitor_sees_nothing_of_another_invitation(town):
    other = factories.a_town("กะรน", stem="karon")
    request = factories.a_request(other, wish=CredentialWish.NEW_USER, email="karon@example.go.th")
    visitor = Client()
    begin(visitor, the_link(town))

    page = visitor.get(reverse("access_requests:write"))
    assert "กะรน" not in text(page)
    for name in ("request", "edit", "form_pdf"):
        assert visitor.get(url(name, request))["Location"].startswith("/sign-in/")


# --- Help -------------------------------------------------------------------------------------------------------


def test_help_answers_alike_whoever_is_asked_for(town):
    """T-19."""
    answers = [
        Client().post(reverse("access_requests:forgotten_password"), {"username": username})
        for username in (town.officer.username, "nobody.here", town.head.username)
    ]

    assert {(answer.status_code, answer["Location"]) for answer in answers} == {
        (303, reverse("access_requests:help_sent"))
    }
    assert DBTaskResult.objects.filter(task_path__endswith="reset_by_mail").count() == 3
    assert not Invitation.objects.exists()


def test_help_gives_advice_first_and_takes_only_a_user_id():
    page = text(Client().get(reverse("access_requests:unusable")))
    assert page.index("Caps Lock") < page.index("รหัสผู้ใช้งาน (User)")
    answer = Client().post(reverse("access_requests:forgotten_password"), {"username": "ฟหกด"})

    assert (answer.status_code, errors(answer)) == (422, ["id_username"])
    assert not DBTaskResult.objects.filter(task_path__endswith="reset_by_mail").exists()


def test_help_is_refused_to_one_address_that_asks_too_often(town):
    for _time in range(20):
        Client().post(reverse("access_requests:forgotten_password"), {"username": "nobody.here"})

    answer = Client().post(reverse("access_requests:forgotten_password"), {"username": "nobody.here"})
    assert (answer.status_code, says(answer, "too_often")) == (422, True)
    elsewhere = Client(REMOTE_ADDR="10.0.0.2").post(
        reverse("access_requests:forgotten_password"), {"username": "nobody.here"}
    )
    assert elsewhere.status_code == 303


def test_help_leads_to_a_request_for_a_new_password(town, head):
    form_2.help_by_mail(actor=factories.TEST, subject_id=town.officer.pk, at=NOW)
    secret = factories.secrets_sent(town.officer.email)["link_secret"]
    visitor = Client()
    begin(visitor, reverse("access_requests:invitation", args=[secret]), town.officer.mobile)
    asked = visitor.get(reverse("access_requests:mobile"))
    assert "หากท่านไม่ได้ใช้หมายเลขนี้แล้ว" in text(asked)
    assert 'name="mobile"' not in asked.content.decode()
    page = visitor.get(reverse("access_requests:write"))
    assert "มีผู้อื่นอาจรู้รหัสผ่านหรือไม่" in text(page)
    assert "นักวิชาการเงินและบัญชีปฏิบัติการ" in page.content.decode()

    sent = {"position_th": "นักวิชาการเงินและบัญชี", "wants_credentials": "on", "cannot_enter_reason": "รหัสสูญหาย"}
    unanswered = visitor.post(reverse("access_requests:write"), sent)
    assert (unanswered.status_code, errors(unanswered)) == (422, ["id_secret_may_be_known_0"])
    visitor.post(reverse("access_requests:write"), {**sent, "secret_may_be_known": "yes"})
    visitor.post(reverse("access_requests:write_check"))

    town.officer.refresh_from_db()
    assert not town.officer.has_usable_password()
    request = AccessRequest.objects.get()
    assert (request.credential_wish, request.subject) == (CredentialWish.CANNOT_ENTER, town.officer)


# --- Weight -----------------------------------------------------------------------------------------------------


def queries_of(client: Client, address: str) -> int:
    client.get(address)
    with CaptureQueriesContext(connection) as asked:
        assert client.get(address).status_code == 200
    return len(asked)


def test_pages_ask_the_database_as_often_however_much_there_is(town, head, officer):
    request = factories.a_request(town, groups=("finance_officer",))
    pages = {
        "waiting": (head, url("waiting", town)),
        "mine": (officer, url("mine", town)),
        "request": (head, url("request", request)),
        "decision": (head, url("decision", request)),
        "invite": (head, url("invite", town)),
        "paper": (head, url("paper", town)),
    }
    few = {name: queries_of(client, address) for name, (client, address) in pages.items()}

    for number in range(5):
        done = factories.a_request(
            town, wish=CredentialWish.NEW_USER, email=f"n{number}@example.go.th", groups=("finance_officer",)
        )
        if number % 2:
            factories.approve(town, done, username=f"rawai.n{number}", is_namesake=True)
    many = {name: queries_of(client, address) for name, (client, address) in pages.items()}

    # The page of decided requests is fetched only once there are some.
    assert {name: count for name, count in many.items() if count > few[name] + (name == "waiting")} == {}
    assert {name: count for name, count in many.items() if count > QUERIES_MAX[name]} == {}
