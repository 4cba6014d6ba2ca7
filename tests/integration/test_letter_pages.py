"""The public pages of form 1: nothing typed is lost, nobody else reads it, a GET proves and stops nothing."""

import re
from datetime import timedelta
from html import unescape

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from kunjae.audit.models import AuditEvent
from kunjae.core import reasons
from kunjae.core.numerals import to_thai_digits
from kunjae.documents.models import DocumentKind, IssuedDocument
from kunjae.official_letters.content import content_of, hash_of
from kunjae.official_letters.models import CaseState, LetterCase, LetterDraft, Objection, ProofChannel
from kunjae.official_letters.operations import proving
from kunjae.official_letters.policies.preparing import PER_PLACE_AND_HOUR_MAX
from tests import factories
from tests.factories import NOW, RECEIVED_AT, TOLD_AT, actor_of, secrets_sent
from tests.unit.documents_text import pages_of, plain

pytestmark = pytest.mark.django_db

ANSWERS = {"happened": "left", "may_be_known": "no", "can_hand_over": "no"}
LETTER = {
    "version": "1",
    "is_lost": "on",
    "head_has_left": "on",
    "leaving_kind": "moved",
    "recipient_title_choice": "นางสาว",
    "recipient_given_name": "ปุญญิศา",
    "recipient_family_name": "ตั้งพิสุทธิ์กุล",
    "position_box": "acting",
    "own_position_th": "นักวิชาการเงินและบัญชีชำนาญการ",
    "capacity": "acting_for",
    "acted_post_th": "ผู้อำนวยการกองคลัง",
    "order_number": "๓๓๘/๒๕๖๙",
    "order_date_day": "๘",
    "order_date_month": "10",
    "order_date_year": "๒๕๖๙",
    "order_from_date_day": "12",
    "order_from_date_month": "10",
    "order_from_date_year": "2569",
    "email": "punyisa.t@rawai.example.go.th",
    "mobile": "๐๘๙ ๘๗๖ ๕๔๓๒",
    "contact_is": "somebody-else",
    "contact_title_choice": "นาย",
    "contact_given_name": "สมภพ",
    "contact_family_name": "อยู่เย็น",
    "contact_mobile": "081-234-5678",
    "signer_title_choice": "นาย",
    "signer_given_name": "อรุณ",
    "signer_family_name": "โสฬส",
    "signer_position_th": "นายกเทศมนตรีตำบลราไวย์",
    "signer_capacity": "chief_executive",
    "office_name": "กองคลัง",
    "office_phone": "076-381-234",
    "office_fax": "",
}


class Clock:
    """The time that the pages read; a test may move it."""

    def __init__(self) -> None:
        self.now = NOW + timedelta(minutes=30)

    def __call__(self):
        return self.now


@pytest.fixture(autouse=True)
def clock(monkeypatch) -> Clock:
    read = Clock()
    monkeypatch.setattr("django.utils.timezone.now", read)
    cache.clear()
    return read


@pytest.fixture
def town():
    return factories.a_town_with_contacts()


def begin(client: Client, town) -> LetterDraft:
    answer = client.post(reverse("official_letters:authority"), {"code": town.authority.code})
    assert answer.status_code == 303
    return LetterDraft.objects.get(public_id=answer["Location"].split("/")[2])


def url(name: str, draft: LetterDraft) -> str:
    return reverse(f"official_letters:{name}", args=[draft.public_id])


def letter(**others: str | None) -> dict[str, str]:
    """What a browser sends; None leaves a box unticked."""
    return {name: value for name, value in (LETTER | others).items() if value is not None}


def text(answer) -> str:
    words = re.sub(r"</?(?:span|b|small)\b[^>]*>", "", answer.content.decode())
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]*>", " ", words)))


def says(answer, reason: str, **facts) -> bool:
    return reasons.sentence(reason, facts) in unescape(answer.content.decode())


def errors(answer) -> list[str]:
    """The addresses that the error summary leads to."""
    summary = re.search(r'<div class="govuk-error-summary".*?</ul>', answer.content.decode(), re.DOTALL)
    return re.findall(r'href="#([^"]+)"', summary[0]) if summary else []


# --- Before the letter ------------------------------------------------------------------------------------------


def test_questions_are_asked_of_anybody_and_keep_nothing(client):
    asked = client.get("/letters/")
    advised = client.get("/letters/", ANSWERS)

    assert (asked.status_code, advised.status_code) == (200, 200)
    assert "/letters/authority/" in advised.content.decode()
    assert not AuditEvent.objects.filter(name__startswith="letter").exists()
    assert "form_1_letters" not in client.session


def test_questions_left_open_are_asked_again(client):
    answer = client.get("/letters/", {"asked": "yes", "happened": "nonsense"})

    assert answer.status_code == 422
    assert errors(answer) == ["id_happened_0", "id_may_be_known_0", "id_can_hand_over_0"]


@pytest.mark.parametrize(
    ("answers", "words"),
    [
        ({"may_be_known": "yes"}, "ระงับรหัสเดิมก่อน"),
        ({"happened": "lost"}, "ระงับรหัสเดิมก่อน"),
        ({"can_hand_over": "yes"}, "กำหนดสิทธิให้แก่ผู้รักษาการก่อน"),
        ({"happened": "unusable"}, "รอไม่เกิน 15 นาที"),
        ({"happened": "forgotten"}, "ไม่มีผู้ใดบอกรหัสผ่านเดิมได้"),
    ],
)
def test_answers_lead_to_the_advice_that_fits_and_to_no_other(client, answers, words):
    fitting, other = client.get("/letters/", ANSWERS | answers), client.get("/letters/", ANSWERS)

    assert words in text(fitting)
    assert words not in text(other)


def test_help_page_leads_a_head_to_the_letter(client):
    assert 'href="/letters/"' in client.get(reverse("access_requests:help")).content.decode()


def test_authority_is_shown_with_its_district_and_province(client, town):
    found = client.get("/letters/authority/", {"words": "ราไวย์"})
    none = client.get("/letters/authority/", {"words": "ไม่มีที่นี่"})

    assert "เทศบาลตำบลราไวย์" in text(found)
    assert town.authority.place in text(found)
    assert "ไม่พบ" in text(none)


@pytest.mark.parametrize("words", ["", "\u200b", "x" * 10_000, "ราไวย์\u202e"])
def test_authority_search_for_nothing_or_for_what_cannot_be_read_is_refused(client, words):
    answer = client.get("/letters/authority/", {"words": words})

    assert answer.status_code == 422
    assert errors(answer) == ["id_words"]


@pytest.mark.parametrize("code", ["", "9999999", "' OR 1=1", "5" * 10_000])
def test_letter_of_an_authority_that_is_none_is_not_begun(client, town, code):
    assert client.post("/letters/authority/", {"code": code}).status_code == 404
    assert not LetterDraft.objects.exists()


def test_letters_begun_from_one_place_are_limited(client, town):
    for _each in range(PER_PLACE_AND_HOUR_MAX):
        begin(client, town)

    answer = client.post("/letters/authority/", {"code": town.authority.code})

    assert answer.status_code == 422
    assert says(answer, "drafts_too_often")
    assert LetterDraft.objects.count() == PER_PLACE_AND_HOUR_MAX


def test_blank_form_is_given_to_anybody(client):
    answer = client.get("/letters/form-1.pdf")

    assert answer["Content-Type"] == "application/pdf"
    assert plain("เรียน ผู้อำนวยการส่วนพัฒนาระบบบัญชีท้องถิ่น") in pages_of(answer.content)[0]


# --- The letter -------------------------------------------------------------------------------------------------


def test_letter_is_written_checked_printed_and_registered(client, town):
    draft = begin(client, town)

    written = client.post(url("write", draft), letter())
    checked = client.get(url("check", draft))
    made = client.post(url("check", draft))
    ready = client.get(url("ready", draft))
    printed = client.get(url("pdf", draft))

    draft.refresh_from_db()
    document = IssuedDocument.objects.get()
    assert (written.status_code, written["Location"]) == (303, url("check", draft))
    assert checked.content.decode().count("box in on") == 3
    for words in ("นางสาวปุญญิศา", "(รักษาราชการแทนผู้อำนวยการกองคลัง)", "มือถือของผู้รับรหัส 089-876-5432", "338/2569"):
        assert words in text(checked)
    assert (made.status_code, made["Location"]) == (303, url("ready", draft))
    assert url("pdf", draft) in ready.content.decode()
    assert (document.kind, document.code) == (DocumentKind.FORM_1, draft.code)
    assert document.content_hash == hash_of(town.authority, content_of(draft))
    (page,) = pages_of(printed.content)
    assert draft.code in page
    assert plain("มือถือ ๐๘๑-๒๓๔-๕๖๗๘") in page


def test_letter_in_english_pages_stays_in_the_letters_own_words(client, town):
    draft = begin(client, town)
    client.post(url("write", draft), letter())
    client.cookies["kunjae_language"] = "en"

    checked = text(client.get(url("check", draft)))

    assert "Check the letter" in checked
    assert "จึงเรียนมาเพื่อโปรดพิจารณาดำเนินการต่อไป" in checked
    assert "** หมายเหตุ : e-mail address และเบอร์มือถือ" in checked


def test_letter_with_the_recipient_as_contact_names_him_once(client, town):
    draft = begin(client, town)

    client.post(url("write", draft), letter(contact_is="recipient", contact_given_name="", contact_mobile="12"))

    content = content_of(LetterDraft.objects.get())
    assert (content.contact_given_name, content.contact_mobile) == ("ปุญญิศา", "0898765432")
    again = client.get(url("write", draft)).content.decode()
    assert re.search(r'value="recipient"[^>]* checked', again)


def test_empty_letter_says_at_each_field_what_is_missing(client, town):
    draft = begin(client, town)

    answer = client.post(url("write", draft), {"version": "1"})

    assert answer.status_code == 422
    assert errors(answer) == [
        "id_is_lost",
        "id_recipient_title_0",
        "id_recipient_given_name",
        "id_position_box_0",
        "id_email",
        "id_mobile",
        "id_contact_is_0",
        "id_signer_title_0",
        "id_signer_given_name",
        "id_signer_position_th",
        "id_signer_capacity_0",
    ]


@pytest.mark.parametrize(
    ("others", "fields"),
    [
        ({"leaving_kind": ""}, ["id_leaving_kind_0"]),
        ({"has_other": "on"}, ["id_other_reason_0"]),
        ({"has_other": "on", "other_reason": "other"}, ["id_other_text"]),
        ({"own_position_th": "", "capacity": ""}, ["id_own_position_th", "id_capacity_0"]),
        ({"capacity": "substantive"}, ["id_capacity_0"]),
        ({"position_box": "mayor"}, ["id_position_box_0"]),
        ({"order_number": ""}, ["id_order_number"]),
        ({"order_date_year": "2026"}, ["id_order_date_0"]),
        ({"order_from_date_day": "31", "order_from_date_month": "2"}, ["id_order_from_date_0"]),
        (
            {"order_until_date_day": "1", "order_until_date_month": "10", "order_until_date_year": "2569"},
            ["id_order_until_date_0"],
        ),
        ({"recipient_given_name": "x" * 10_000}, ["id_recipient_given_name"]),
        ({"recipient_given_name": "ปุญญิศา\u202e"}, ["id_recipient_given_name"]),
        ({"recipient_given_name": "\u200b"}, ["id_recipient_given_name"]),
        ({"email": "punyisa@rawai\r\nBcc: a@b.c"}, ["id_email"]),
        ({"mobile": "076381234"}, ["id_mobile"]),
        ({"contact_mobile": "0"}, ["id_contact_mobile"]),
        ({"signer_capacity": "deputy_acting"}, ["id_signer_basis"]),
        ({"signer_given_name": "ปุญญิศา", "signer_family_name": "ตั้งพิสุทธิ์กุล"}, ["id_signer_given_name"]),
        ({"office_phone": "เบอร์ใหม่"}, ["id_office_phone"]),
    ],
)
def test_bad_input_is_refused_at_its_field_and_nothing_typed_is_lost(client, town, others, fields):
    draft = begin(client, town)

    answer = client.post(url("write", draft), letter(**others))

    assert answer.status_code == 422
    page = unescape(answer.content.decode())
    assert errors(answer) == fields
    for name in {"own_position_th", "contact_given_name", "signer_position_th", "order_number"} - others.keys():
        assert LETTER[name] in page
    draft.refresh_from_db()
    assert draft.version == 1


def test_common_era_year_is_named_not_turned(client, town):
    draft = begin(client, town)

    answer = client.post(url("write", draft), letter(order_date_year="2026"))

    assert says(answer, "date_year_ce", year=2026, be_year=2569)


def test_what_stands_under_a_box_not_ticked_does_not_count(client, town):
    draft = begin(client, town)

    answer = client.post(
        url("write", draft),
        letter(
            head_has_left=None, position_box="division", capacity="nonsense", own_position_th="\u202e", other_reason="x"
        ),
    )

    content = content_of(LetterDraft.objects.get())
    assert answer.status_code == 303
    assert (content.leaving_kind, content.own_position_th, content.capacity) == ("", "", "substantive")


def test_fields_that_the_form_has_not_change_nothing(client, town):
    draft, other = begin(client, town), factories.a_town("กะรน", "karon").authority

    client.post(url("write", draft), letter(authority=str(other.pk), code="1234567890", content_hash="0" * 64))

    draft.refresh_from_db()
    assert (draft.authority_id, draft.code) == (town.authority.pk, "")
    assert draft.content_hash != "0" * 64


def test_letter_changed_in_a_second_window_is_not_overwritten_unseen(client, town):
    draft = begin(client, town)
    client.post(url("write", draft), letter())

    late = client.post(url("write", draft), letter(version="1", email="other@rawai.example.go.th"))

    assert late.status_code == 422
    assert says(late, "draft_changed_elsewhere")
    assert "other@rawai.example.go.th" in late.content.decode()
    draft.refresh_from_db()
    assert draft.email == "punyisa.t@rawai.example.go.th"
    version = re.search(r'name="version" value="(\d+)"', late.content.decode())[1]
    assert (
        client.post(url("write", draft), letter(version=version, email="other@rawai.example.go.th")).status_code == 303
    )


def test_two_windows_write_two_letters(client, town):
    first, second = begin(client, town), begin(client, town)

    client.post(url("write", second), letter(email="second@rawai.example.go.th"))
    client.post(url("write", first), letter(email="first@rawai.example.go.th"))

    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.email, second.email) == ("first@rawai.example.go.th", "second@rawai.example.go.th")


def test_letter_sent_twice_is_one_letter_and_one_document(client, town):
    draft = begin(client, town)
    for _each in range(2):
        client.post(url("write", draft), letter())
    for _each in range(2):
        client.post(url("check", draft))

    assert LetterDraft.objects.count() == IssuedDocument.objects.count() == 1


def test_letter_changed_after_the_print_asks_to_be_made_anew(client, town):
    draft = begin(client, town)
    client.post(url("write", draft), letter())
    client.post(url("check", draft))
    draft.refresh_from_db()

    client.post(url("write", draft), letter(version=str(draft.version), email="new@rawai.example.go.th"))
    ready, printed = client.get(url("ready", draft)), client.get(url("pdf", draft))

    assert "แก้ไขหนังสือแล้ว" in text(ready)
    assert draft.code not in pages_of(printed.content)[0]


@pytest.mark.parametrize("name", ["check", "ready"])
def test_unwritten_letter_leads_back_to_its_page(client, town, name):
    draft = begin(client, town)

    answer = client.get(url(name, draft), follow=True)

    assert answer.redirect_chain[-1][0] == url("write", draft)


@pytest.mark.parametrize("name", ["write", "check", "ready", "pdf"])
def test_letter_is_not_there_for_another_browser(client, town, name):
    draft = begin(client, town)
    client.post(url("write", draft), letter())
    client.post(url("check", draft))

    stranger, unknown = (
        Client().get(url(name, draft)),
        Client().get(url(name, draft).replace(draft.public_id, "2" * 12)),
    )

    assert (stranger.status_code, unknown.status_code) == (404, 404)
    assert "ปุญญิศา" not in stranger.content.decode()


def test_letter_is_shown_half_an_hour_and_what_was_typed_longer_is_still_taken(client, town, clock):
    draft = begin(client, town)
    client.post(url("write", draft), letter())
    clock.now += timedelta(minutes=31)

    sent = client.post(url("write", draft), letter(version="2", office_name="กองคลังใหม่"))
    clock.now += timedelta(minutes=31)
    shown = client.get(url("check", draft))

    assert sent.status_code == 303
    assert shown.status_code == 404
    assert client.post(url("write", draft), letter(version="3")).status_code == 404


def test_leaving_clears_the_letter_from_this_browser_only(client, town):
    draft = begin(client, town)
    client.post(url("write", draft), letter())

    left = client.post(reverse("official_letters:leave"), follow=True)

    assert "ล้างหนังสือจากเครื่องนี้แล้ว" in text(left)
    assert client.get(url("write", draft)).status_code == 404
    assert LetterDraft.objects.filter(pk=draft.pk).exists()


def test_pages_of_a_letter_are_kept_in_no_cache(client, town):
    draft = begin(client, town)

    answer = client.get(url("write", draft))

    assert (answer["Cache-Control"], answer["Referrer-Policy"]) == ("no-store", "strict-origin")


def test_letter_with_thai_digits_is_the_letter_with_the_others(client, town):
    draft = begin(client, town)

    client.post(
        url("write", draft),
        letter(mobile=to_thai_digits("0898765432"), office_phone=to_thai_digits("076381234"), order_number="338/2569"),
    )

    draft.refresh_from_db()
    assert (draft.mobile, draft.office_phone, draft.order_number) == ("0898765432", "076381234", "338/2569")


# --- Proving ----------------------------------------------------------------------------------------------------


@pytest.fixture
def case(town, clock) -> LetterCase:
    desk = factories.a_letter_desk()
    letter_case = factories.a_letter(town.authority, desk.verifier)
    proving.send_proofs(actor=actor_of(desk.verifier), public_id=letter_case.public_id, at=RECEIVED_AT)
    clock.now = TOLD_AT
    return letter_case


def proven(case: LetterCase) -> set[str]:
    return set(case.proofs.exclude(proven_at=None).values_list("channel", flat=True))


def test_link_in_the_mail_proves_nothing_until_its_button_is_pressed(client, case):
    address = reverse("official_letters:confirm", args=[secrets_sent(case.email)["link_secret"]])

    for _robot in range(3):
        shown = client.get(address)
    before = proven(case)
    pressed = client.post(address)
    asked = client.get(address)

    assert before == set()
    assert case.email not in shown.content.decode()
    assert (pressed.status_code, proven(case)) == (303, {ProofChannel.EMAIL})
    assert 'name="code"' in asked.content.decode()


def test_code_of_the_mobile_behind_the_link_proves_the_mobile(client, case):
    address = reverse("official_letters:confirm", args=[secrets_sent(case.email)["link_secret"]])
    client.post(address)

    wrong = client.post(address, {"code": "12345"})
    right = client.post(address, {"code": to_thai_digits(secrets_sent(case.mobile)["code"])})

    assert (wrong.status_code, errors(wrong)) == (422, ["id_code"])
    assert right.status_code == 303
    assert proven(case) == {ProofChannel.EMAIL, ProofChannel.MOBILE}
    assert "ใช้งานได้ทั้งสองทาง" in text(client.get(address))


@pytest.mark.parametrize("secret", ["x", "x" * 43, "%00", "๑๒๓"])
def test_link_that_proves_nothing_says_so_alike(client, case, secret):
    answer = client.get(f"/letters/confirm/{secret}/")

    assert answer.status_code == 200
    assert "ลิงก์หมดอายุ มีลิงก์ใหม่กว่า" in text(answer)


def test_code_without_the_link_proves_by_case_number(client, case):
    sent = {"case": case.case, "channel": "mobile", "code": secrets_sent(case.mobile)["code"]}

    answer = client.post("/letters/confirm/", sent)

    assert answer.status_code == 303
    assert proven(case) == {ProofChannel.MOBILE}


@pytest.mark.parametrize("others", [{"case": "9999/2570"}, {"code": "000000"}])
def test_code_without_the_link_is_refused_alike_whatever_is_wrong(client, case, others):
    sent = {"case": case.case, "channel": "mobile", "code": secrets_sent(case.mobile)["code"]} | others

    answer = client.post("/letters/confirm/", sent)

    assert answer.status_code == 422
    assert says(answer, "proof_failed")
    assert proven(case) == set()


def test_codes_tried_from_one_place_are_limited(client, case):
    sent = {"case": "9999/2570", "channel": "mobile", "code": "123456"}

    answers = [client.post("/letters/confirm/", sent) for _each in range(61)]

    assert says(answers[-1], "proof_too_often")
    assert not says(answers[0], "proof_too_often")


# --- Objecting --------------------------------------------------------------------------------------------------


@pytest.fixture
def objection_url(case) -> str:
    return reverse("official_letters:objection", args=[factories.objection_secrets(case)["central"]])


def test_objection_page_shows_the_least_and_stops_nothing_by_being_looked_at(client, case, objection_url):
    for _robot in range(3):
        answer = client.get(objection_url)

    case.refresh_from_db()
    assert case.state == CaseState.RECEIVED
    assert "เทศบาลตำบลราไวย์" in text(answer)
    assert case.email not in text(answer)
    assert case.mobile not in text(answer)
    assert case.signer_given_name not in text(answer)


def test_objection_stops_the_letter_at_once_and_says_what_happens(client, case, objection_url):
    pressed = client.post(objection_url, {"name": "สมหมาย ใจดี", "text": "นายกมิได้ลงนาม"})
    again = client.post(objection_url, {})
    shown = client.get(objection_url)

    case.refresh_from_db()
    assert (pressed.status_code, case.state) == (303, CaseState.FROZEN)
    assert Objection.objects.count() == 1
    assert again.status_code == 200
    assert case.case in text(shown)
    assert "ระงับหนังสือแล้ว" in text(shown)


@pytest.mark.parametrize("said", [{}, {"name": "x" * 10_000}, {"text": "\u202e"}, {"name": "a@b.c", "text": "y" * 600}])
def test_objection_counts_whatever_is_said_beside_it(client, case, objection_url, said):
    client.post(objection_url, said)

    case.refresh_from_db()
    assert case.state == CaseState.FROZEN


def test_objection_by_an_unknown_link_says_so_and_stops_nothing(client, case):
    answer = client.post("/letters/objection/nothing/")

    case.refresh_from_db()
    assert answer.status_code == 200
    assert says(answer, "objection_link_unknown")
    assert case.state == CaseState.RECEIVED
