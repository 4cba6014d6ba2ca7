"""The pages of the department's desk: each act by its page, its refusals, and who finds no desk at all (L-10, L-11)."""

import io
import re
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from django.utils.html import strip_tags
from PIL import Image

from kunjae.core.actor import visitor
from kunjae.core.clock import be_year, thai_day
from kunjae.documents.form_1 import render_form_1
from kunjae.identity.models import SubjectState
from kunjae.official_letters.content import sheet_of
from kunjae.official_letters.models import CaseState, LetterCase, LetterDraft, LetterIntake, Objection
from kunjae.official_letters.operations import deciding, preparing, receiving
from kunjae.official_letters.operations import intake as intakes
from kunjae.official_letters.queries import is_as_prepared, notices_of
from kunjae.organisations.models import Desk
from tests import factories
from tests.factories import (
    RECEIVED_AT,
    TEST,
    TOLD_AT,
    LetterDesk,
    Town,
    a_letter,
    a_letter_in,
    actor_of,
    letter_content,
    notices_go_out,
    secrets_sent,
    sign_in_client,
)

pytestmark = pytest.mark.django_db

LETTERS = reverse("official_letters:letters")
INTAKE = reverse("official_letters:intake")


@pytest.fixture
def town() -> Town:
    return factories.a_town_with_contacts()


@pytest.fixture
def desk() -> LetterDesk:
    return factories.a_letter_desk()


@pytest.fixture
def verifier(desk) -> Client:
    return sign_in_client(Client(), desk.verifier)


@pytest.fixture
def approver(desk) -> Client:
    return sign_in_client(Client(), desk.approver)


@pytest.fixture
def third(desk) -> Client:
    return sign_in_client(Client(), desk.third)


def url(name: str, case: LetterCase, *more) -> str:
    return reverse(f"official_letters:{name}", args=[case.public_id, *more])


def page(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, (address, answer.status_code)
    return answer.content.decode()


def a_file(name: str = "letter.png") -> SimpleUploadedFile:
    picture = io.BytesIO()
    Image.new("L", (400, 560), 255).save(picture, "PNG")
    return SimpleUploadedFile(name, picture.getvalue(), content_type="image/png")


def laid_down(client: Client) -> LetterIntake:
    answer = client.post(INTAKE, {"scan": a_file()})
    assert answer.status_code == 303, answer.content.decode()
    return LetterIntake.objects.order_by("-pk")[0]


def keyed(town: Town, **others: str) -> dict[str, str]:
    """What an officer types from the letter of `letter_content`."""
    today = thai_day(timezone.now())
    day = {"day": str(today.day), "month": str(today.month), "year": str(be_year(today))}
    return {
        "way_in": "paper",
        "authority": town.authority.code,
        "letter_number": "ภก ๕๒๐๐๑/๙๑",
        **{f"letter_date_{part}": value for part, value in day.items()},
        "received_number": "4411",
        **{f"received_date_{part}": value for part, value in day.items()},
        "head_has_left": "on",
        "leaving_kind": "moved",
        "recipient_title_choice": "นาย",
        "recipient_given_name": "ธนากร",
        "recipient_family_name": "รุ่งเรืองกิจ",
        "position_box": "division",
        "order_number": "402/2569",
        **{f"order_date_{part}": value for part, value in day.items()},
        **{f"order_from_date_{part}": value for part, value in day.items()},
        "email": "thanakorn@example.go.th",
        "mobile": "089 123 4567",
        "contact_title_choice": "นางสาว",
        "contact_given_name": "พิมพ์ใจ",
        "contact_family_name": "สายบุญ",
        "contact_mobile": "0867654321",
        "signer_title_choice": "นาย",
        "signer_given_name": "ประสิทธิ์",
        "signer_family_name": "ญี่ปู่",
        "signer_position_th": "นายกเทศมนตรีตำบลราไวย์",
        "signer_capacity": "chief_executive",
        "office_name": "กองคลัง",
        "office_phone": "076381234",
        **others,
    }


def key_url(intake: LetterIntake) -> str:
    return reverse("official_letters:key", args=[intake.public_id])


# --- Keying -----------------------------------------------------------------------------------------------------


def test_intake_lays_the_scan_down_and_shows_it_beside_the_form(verifier):
    intake = laid_down(verifier)

    shown = page(verifier, key_url(intake))

    picture = re.search(r'<img src="([^"]+)"', shown)[1]
    answer = verifier.get(picture)
    assert (answer.status_code, answer["Content-Type"]) == (200, "image/png")
    assert LetterCase.objects.count() == 0
    assert "field--error" not in shown, "nothing is judged before it was sent"


def test_intake_refuses_what_is_no_scan(verifier):
    answer = verifier.post(INTAKE, {"scan": SimpleUploadedFile("letter.pdf", b"MZ not a letter")})

    assert answer.status_code == 422
    assert not LetterIntake.objects.exists()


def test_key_keeps_what_was_typed_and_the_scan_on_an_error(verifier, town):
    intake = laid_down(verifier)

    answer = verifier.post(key_url(intake), keyed(town, email="thanakorn", letter_date_year="2026"))

    assert answer.status_code == 422
    assert 'value="thanakorn"' in answer.content.decode()
    again = page(sign_in_client(Client(), factories.a_desk_officer()), key_url(intake))
    assert 'value="ธนากร"' in again, "kept on the server, for a colleague too"
    assert 'value="thanakorn"' in again


def test_key_asks_before_going_on_and_then_makes_one_case(verifier, town, desk):
    intake = laid_down(verifier)
    typed = keyed(town)

    asked = verifier.post(key_url(intake), typed)
    assert asked.status_code == 422
    warned = re.findall(r'name="warned" value="(\w+)"', asked.content.decode())
    assert warned == ["warns_address_is_new"]
    # The warnings stand at the end of a long page: its head says so and leads there.
    assert 'href="#warnings"' in asked.content.decode()
    assert LetterCase.objects.count() == 0

    done = verifier.post(key_url(intake), typed | {"warned": warned})
    assert done.status_code == 303
    case = LetterCase.objects.get()
    assert done["Location"].startswith(url("case", case))
    assert (case.letter_number, case.received_by_id) == ("ภก 52001/91", desk.verifier.person_id)
    assert case.mobile == "0891234567"
    again = verifier.post(key_url(intake), typed | {"warned": warned})
    assert again.status_code == 303
    assert LetterCase.objects.count() == 1, "the same page sent twice is one case"
    assert not LetterIntake.objects.exists()


def test_key_takes_the_order_with_the_letter(verifier, town):
    intake = laid_down(verifier)

    assert (
        verifier.post(key_url(intake), keyed(town, add_order="1") | {"order": a_file("order.png")}).status_code == 303
    )
    assert 'value="ธนากร"' in page(verifier, key_url(intake))
    verifier.post(key_url(intake), keyed(town) | {"warned": ["warns_address_is_new"]})

    assert LetterCase.objects.get().order_scan is not None


def test_key_warns_of_an_old_letter_a_shared_mobile_and_what_is_missing(verifier, town):
    intake = laid_down(verifier)
    old = thai_day(timezone.now() - timedelta(days=40))
    typed = keyed(
        town,
        letter_date_day=str(old.day),
        letter_date_month=str(old.month),
        letter_date_year=str(be_year(old)),
        contact_mobile="0891234567",
        signer_given_name="",
        signer_family_name="",
        signer_title_choice="",
        is_lost="on",
    )

    answer = verifier.post(key_url(intake), typed)

    warned = set(re.findall(r'name="warned" value="(\w+)"', answer.content.decode()))
    assert warned == {
        "warns_incomplete",
        "warns_letter_is_old",
        "warns_mobile_is_contacts",
        "warns_address_is_new",
        "warns_head_is_suspended",
    }


def test_key_names_the_case_when_a_letter_number_comes_twice(verifier, town, desk):
    first = a_letter(town.authority, desk.verifier, number="ภก 52001/91")
    deciding.refuse(
        actor=actor_of(desk.approver), public_id=first.public_id, version=1, note="ลงนามไม่ถูกต้อง", at=TOLD_AT
    )
    intake = laid_down(verifier)

    typed = keyed(town, letter_date_day="16", letter_date_month="10", letter_date_year="2569")
    answer = verifier.post(key_url(intake), typed | {"warned": ["warns_address_is_new", "warns_letter_is_old"]})

    assert answer.status_code == 422
    assert first.case in answer.content.decode()
    assert LetterIntake.objects.get().typed["recipient_given_name"] == ["ธนากร"]


def test_key_offers_the_authorities_that_fit_a_name(verifier, town):
    factories.a_local_authority("ราไวย์ใต้", stem="rawaitai")
    intake = laid_down(verifier)

    answer = verifier.post(key_url(intake), keyed(town, authority="ราไวย์"))
    assert answer.status_code == 422
    offered = re.findall(r'name="authority_choice" value="([0-9]+)"', answer.content.decode())
    assert town.authority.code in offered
    assert len(offered) == 2

    verifier.post(
        key_url(intake),
        keyed(town, authority="ราไวย์", authority_choice=town.authority.code) | {"warned": ["warns_address_is_new"]},
    )
    assert LetterCase.objects.get().authority_id == town.authority.pk


def a_print(town: Town) -> bytes:
    """The PDF of a letter that somebody prepared on the public page, with its QR."""
    content, now = letter_content(), timezone.now()
    begun = preparing.begin(actor=visitor("letter"), authority=town.authority, address_key="a", at=now)
    draft = preparing.write(
        actor=visitor("letter"), draft_id=begun.draft.pk, content=content, version=begun.draft.version, at=now
    )
    document = preparing.register_print(actor=visitor("letter"), draft_id=draft.pk, at=now)
    return render_form_1(
        sheet_of(
            town.authority,
            content,
            verification_base="http://localhost/verify",
            verification_code=document.code,
        )
    )


AS_PREPARED = {
    **{f"order_date_{part}": value for part, value in {"day": "15", "month": "10", "year": "2569"}.items()},
    **{f"order_from_date_{part}": value for part, value in {"day": "16", "month": "10", "year": "2569"}.items()},
}


@pytest.mark.parametrize(("typed", "is_alike"), [(AS_PREPARED, True), ({}, False)])
def test_intake_reads_the_qr_of_a_prepared_letter_and_fills_the_form(verifier, town, typed, is_alike):
    scan = SimpleUploadedFile("letter.pdf", a_print(town), content_type="application/pdf")
    assert verifier.post(INTAKE, {"scan": scan}).status_code == 303
    intake = LetterIntake.objects.get()

    shown = page(verifier, key_url(intake))

    for value in (town.authority.code, "ธนากร", "thanakorn@example.go.th", "402/2569", intake.draft_code):
        assert f'value="{value}"' in shown, value
    verifier.post(key_url(intake), keyed(town, **typed) | {"warned": ["warns_address_is_new"]})
    case = LetterCase.objects.get()
    assert case.draft_code == intake.draft_code
    assert is_as_prepared(case) is is_alike
    assert ("ลายพิมพ์ข้อมูลในคิวอาร์โค้ดไม่ตรงกัน" in strip_tags(page(verifier, url("case", case)))) is not is_alike


def test_key_fills_the_form_from_a_code_that_was_typed(verifier, town):
    a_print(town)
    code = LetterDraft.objects.get().code
    intake = laid_down(verifier)

    filled = verifier.post(
        key_url(intake), {"fill": "1", "code": code, "letter_number": "ภก 7", "way_in": "electronic"}
    )

    assert filled.status_code == 303
    shown = page(verifier, key_url(intake))
    assert 'value="ธนากร"' in shown
    assert 'value="ภก 7"' in shown


def test_key_says_when_nothing_is_kept_under_a_code(verifier, town):
    intake = laid_down(verifier)

    answer = verifier.post(key_url(intake), {"fill": "1", "code": "1234567890", "letter_number": "ภก 1"})

    assert answer.status_code == 422
    assert LetterIntake.objects.get().typed["letter_number"] == ["ภก 1"]


def test_discard_takes_the_scan_away(verifier):
    intake = laid_down(verifier)

    answer = verifier.post(reverse("official_letters:discard", args=[intake.public_id]))

    assert answer.status_code == 303
    assert verifier.get(key_url(intake)).status_code == 404
    assert verifier.post(reverse("official_letters:discard", args=[intake.public_id])).status_code == 404


def test_remove_abandoned_intakes_after_fourteen_days(verifier):
    intake = laid_down(verifier)

    assert intakes.remove_abandoned_intakes(actor=TEST, at=intake.changed_at + timedelta(days=13)) == 0
    assert intakes.remove_abandoned_intakes(actor=TEST, at=intake.changed_at + timedelta(days=14)) == 1
    assert not LetterIntake.objects.exists()


# --- The checklist, act by act ----------------------------------------------------------------------------------


def test_case_is_verified_by_its_pages(verifier, town, desk):
    case = a_letter(town.authority, desk.verifier, at=timezone.now())
    here = url("case", case)
    assert "ตรวจสอบครบถ้วนแล้ว</button>" not in page(verifier, here)

    def post(name: str, data: dict | None = None, *more) -> None:
        answer = verifier.post(url(name, case, *more), {"version": case.version, **(data or {})})
        assert answer.status_code == 303, (name, re.findall(r'note--stop"><p>([^<]+)', answer.content.decode()))

    post("taking")
    for point in ("as_prepared", "signer", "order"):
        post("point", {"point": point, "note": "เทียบแล้ว"})
    post("recipient", {"person": "new"})
    post("call", {"outcome": "confirmed", "spoke_with": "นางสมหมาย ใจดี ปลัดเทศบาล", "said_words": "ยืนยันว่าออกจริง"})
    post("proofs")
    for channel, address in (("email", case.email), ("mobile", case.mobile)):
        post("told_code", {f"{channel}-channel": channel, f"{channel}-code": secrets_sent(address)["code"]}, channel)
    notices_go_out(case, at=timezone.now())
    post("verification")

    case.refresh_from_db()
    assert (case.state, case.verified_by_id, case.owner_id) == (
        CaseState.VERIFIED,
        desk.verifier.person_id,
        desk.verifier.person_id,
    )
    shown = page(verifier, here)
    assert url("approval", case) not in shown, "who verified never approves"


def test_case_names_the_number_of_record_and_not_the_letters(verifier, town, desk):
    case = a_letter(town.authority, desk.verifier, letter_content(office_phone="021112222"))

    shown = page(verifier, url("case", case))

    dial = re.search(r'class="dial".*?</p>', shown, re.DOTALL)[0]
    assert "076-381-234" in dial
    assert "02-111-2222" not in dial


def test_case_without_a_number_of_record_leads_to_the_addresses(verifier, desk):
    town = factories.a_town()
    case = a_letter(town.authority, desk.verifier)

    shown = page(verifier, url("case", case))

    assert reverse("organisations:contacts", args=[town.authority.code]) in shown
    assert 'class="dial"' not in shown


def test_call_that_says_nothing_is_refused_and_kept(verifier, town, desk):
    case = a_letter(town.authority, desk.verifier)

    answer = verifier.post(
        url("call", case), {"version": 1, "outcome": "confirmed", "spoke_with": "ปลัดเทศบาล", "said_words": ""}
    )

    assert answer.status_code == 422
    assert 'value="ปลัดเทศบาล"' in answer.content.decode()
    assert not case.calls.exists()


def test_point_of_another_version_is_refused(verifier, town, desk):
    case = a_letter(town.authority, desk.verifier)
    receiving.correct(
        actor=actor_of(desk.verifier),
        public_id=case.public_id,
        content=letter_content(email="other@example.go.th"),
        version=1,
        at=RECEIVED_AT,
    )

    answer = verifier.post(url("point", case), {"version": 1, "point": "signer", "note": ""})

    assert answer.status_code == 422
    assert not case.points.exists()


def test_told_code_that_is_wrong_is_refused_at_its_field(verifier, town, desk):
    case = a_letter(town.authority, desk.verifier, at=timezone.now())
    verifier.post(url("proofs", case))

    answer = verifier.post(url("told_code", case, "mobile"), {"mobile-channel": "mobile", "mobile-code": "000000"})

    assert answer.status_code == 422
    assert "field--error" in answer.content.decode()


def test_told_notes_how_a_party_without_an_address_was_told(verifier, desk):
    town = factories.a_town()
    case = a_letter(town.authority, desk.verifier, at=timezone.now())
    notice = next(notice for notice in notices_of(case) if notice.message is None)

    refused = verifier.post(url("told", case, notice.pk), {f"told{notice.pk}-how": ""})
    assert refused.status_code == 422
    done = verifier.post(url("told", case, notice.pk), {f"told{notice.pk}-how": "โทรแจ้งนางสมหมาย ปลัดเทศบาล"})

    assert done.status_code == 303
    notice.refresh_from_db()
    assert notice.told_by_id == desk.verifier.person_id
    assert verifier.post(url("told", case, 0), {"told0-how": "x"}).status_code == 404


def test_correction_makes_a_new_version_and_keeps_what_was_typed_if_refused(verifier, town, desk):
    case = a_letter(town.authority, desk.verifier)
    shown = page(verifier, url("correction", case))
    assert 'value="ธนากร"' in shown
    typed = keyed(town, email="thanakorn.new@example.go.th")

    assert verifier.post(url("correction", case), typed | {"version": "7"}).status_code == 422
    answer = verifier.post(url("correction", case), typed | {"version": "1"})

    assert answer.status_code == 303
    case.refresh_from_db()
    assert (case.version, case.email) == (2, "thanakorn.new@example.go.th")


def test_order_is_attached_by_its_page(verifier, town, desk):
    case = a_letter(town.authority, desk.verifier, with_order=False)

    assert verifier.post(url("order", case), {"order": a_file()}).status_code == 303

    case.refresh_from_db()
    assert case.order_scan is not None
    assert verifier.get(url("scan", case, "order", 1)).status_code == 200
    assert verifier.get(url("scan", case, "secret", 1)).status_code == 404
    assert verifier.get(url("scan", case, "letter", 9)).status_code == 404


# --- Objections -------------------------------------------------------------------------------------------------


def test_objection_taken_down_freezes_and_another_person_resolves_it(verifier, third, town, desk):
    case = a_letter_in(CaseState.VERIFIED, town, desk)

    assert verifier.post(url("objection_by_desk", case), {"name": "", "text": ""}).status_code == 422
    done = verifier.post(url("objection_by_desk", case), {"name": "นางสมหมาย ใจดี", "text": "ไม่ได้ออกหนังสือนี้"})
    assert done.status_code == 303
    case.refresh_from_db()
    assert case.state == CaseState.FROZEN
    objection = Objection.objects.get()

    answer = {f"objection{objection.pk}-outcome": "upheld", f"objection{objection.pk}-resolution": "หนังสือปลอม"}
    assert verifier.post(url("resolution", case, objection.pk), answer).status_code == 422
    assert third.post(url("resolution", case, objection.pk), {}).status_code == 422
    assert third.post(url("resolution", case, objection.pk), answer).status_code == 303
    case.refresh_from_db()
    assert case.state == CaseState.REFUSED
    assert third.post(url("resolution", case, 0), answer).status_code == 404


# --- The second person ------------------------------------------------------------------------------------------


def test_approval_is_read_summed_up_and_issued_once(approver, town, desk):
    case = a_letter_in(CaseState.VERIFIED, town, desk)
    shown = page(approver, url("approval", case))
    proposed = re.search(r'name="user_id" value="([^"]+)"', shown)[1]

    answer = approver.post(url("approval", case), {"version": case.version, "user_id": proposed})
    assert (answer.status_code, answer["Location"]) == (303, url("approval_summary", case))
    case.refresh_from_db()
    assert case.state == CaseState.VERIFIED, "the summary comes first"
    summary = page(approver, url("approval_summary", case))
    assert proposed in summary
    assert town.head.username in summary, "whose rights end"
    assert f'value="{proposed}"' in page(approver, url("approval", case)), "Back finds what was chosen"

    for _twice in range(2):
        done = approver.post(url("approval_summary", case), {"version": case.version, "user_id": proposed})
        assert (done.status_code, done["Location"]) == (303, url("issued", case))
    case.refresh_from_db()
    assert (case.state, case.subject.username, case.decided_by_id) == (
        CaseState.ISSUED,
        proposed,
        desk.approver.person_id,
    )
    assert proposed in page(approver, url("issued", case))


def test_approval_by_who_verified_is_refused_with_the_reason(verifier, town, desk):
    case = a_letter_in(CaseState.VERIFIED, town, desk)

    shown = page(verifier, url("approval", case))
    assert "note--stop" in shown
    assert 'name="user_id"' not in shown
    posted = verifier.post(url("approval", case), {"version": case.version, "user_id": "rawai.head2"})
    confirmed = verifier.post(url("approval_summary", case), {"version": case.version, "user_id": "rawai.head2"})

    assert (posted.status_code, confirmed.status_code) == (422, 422)
    case.refresh_from_db()
    assert case.state == CaseState.VERIFIED


def test_approval_of_a_version_that_changed_is_refused(approver, town, desk):
    case = a_letter_in(CaseState.VERIFIED, town, desk)

    answer = approver.post(url("approval_summary", case), {"version": "9", "user_id": "rawai.head2"})

    assert answer.status_code == 422
    case.refresh_from_db()
    assert case.state == CaseState.VERIFIED


def test_approval_under_a_user_id_that_is_taken_is_refused_at_its_field(approver, town, desk):
    case = a_letter_in(CaseState.VERIFIED, town, desk)

    answer = approver.post(url("approval_summary", case), {"version": case.version, "user_id": town.officer.username})

    assert answer.status_code == 422
    assert "field--error" in answer.content.decode()


def test_approval_summary_without_a_reading_leads_back(approver, town, desk):
    case = a_letter_in(CaseState.VERIFIED, town, desk)

    assert approver.get(url("approval_summary", case))["Location"] == url("approval", case)


@pytest.mark.parametrize(("name", "state"), [("returning", CaseState.RETURNED), ("refusing", CaseState.REFUSED)])
def test_letter_goes_back_with_a_reason_only(approver, town, desk, name, state):
    case = a_letter(town.authority, desk.verifier)

    assert approver.post(url(name, case), {"version": "1", "note": " "}).status_code == 422
    typed = {"version": "1", "note": "ไม่ได้แนบคำสั่งแต่งตั้ง"}
    assert approver.post(url(name, case), typed).status_code == 303
    assert approver.post(url(name, case), typed).status_code == 303, "sent twice"

    case.refresh_from_db()
    assert (case.state, case.decision_note) == (state, "ไม่ได้แนบคำสั่งแต่งตั้ง")
    reply = approver.get(url("reply", case))
    assert (reply["Content-Type"], reply.content[:5]) == ("application/pdf", b"%PDF-")


def test_issued_letter_gets_a_new_activation_a_slip_and_a_reply(approver, town, desk):
    case = a_letter_in(CaseState.ISSUED, town, desk)
    before = case.subject.activations.count()

    assert approver.post(url("reissue", case))["Location"].startswith(url("issued", case))
    assert case.subject.activations.count() == before + 1
    slip = approver.post(url("slip", case))
    assert (slip.status_code, slip.content[:5], slip["Cache-Control"]) == (200, b"%PDF-", "no-store")
    assert approver.get(url("slip", case)).status_code == 405, "a GET never holds a code"
    assert approver.get(url("reply", case)).content[:5] == b"%PDF-"


def test_objection_to_an_issued_letter_suspends_the_new_head(verifier, town, desk):
    case = a_letter_in(CaseState.ISSUED, town, desk)

    verifier.post(url("objection_by_desk", case), {"name": "นางสมหมาย ใจดี", "text": "หนังสือปลอม"})

    case.subject.refresh_from_db()
    assert case.subject.state == SubjectState.SUSPENDED
    assert verifier.post(url("reissue", case)).status_code == 422
    assert "บัญชีของหัวหน้าหน่วยงานคลังคนใหม่ถูกระงับแล้ว" in strip_tags(page(verifier, url("case", case)))


def test_reply_of_an_undecided_letter_does_not_exist(verifier, town, desk):
    case = a_letter(town.authority, desk.verifier)

    assert verifier.get(url("reply", case)).status_code == 404
    assert verifier.get(url("issued", case))["Location"] == url("case", case)


# --- The queue --------------------------------------------------------------------------------------------------


def numbers(client: Client, **query: str) -> list[str]:
    shown = client.get(LETTERS, query)
    assert shown.status_code == 200
    return re.findall(r'href="/department/letters/[a-z0-9]{12}/">([0-9]+/[0-9]{4})<', shown.content.decode())


@pytest.fixture
def letters(desk) -> dict[str, LetterCase]:
    """One letter in each state, each of an authority of its own."""
    names = [("ราไวย์", "rawai"), ("กะรน", "karon"), ("ฉลอง", "chalong"), ("วิชิต", "wichit"), ("กะทู้", "kathu")]
    states = [CaseState.RECEIVED, CaseState.VERIFIED, CaseState.ISSUED, CaseState.RETURNED, CaseState.REFUSED]
    return {
        state: a_letter_in(
            state,
            factories.a_town_with_contacts(name, stem),
            desk,
            letter_content(email=f"{stem}@example.go.th", mobile=f"089000000{number}"),
            user_id=f"{stem}.head2",
        )
        for number, ((name, stem), state) in enumerate(zip(names, states, strict=True))
    }


def test_queue_puts_what_waits_for_the_reader_first(approver, verifier, letters, desk):
    received, verified = letters[CaseState.RECEIVED], letters[CaseState.VERIFIED]

    assert numbers(approver) == [verified.case, received.case]
    assert numbers(verifier) == [received.case, verified.case]


def test_queue_is_filtered_by_state_owner_province_and_words(verifier, letters, desk):
    for state, case in letters.items():
        assert numbers(verifier, state=state) == [case.case], state
    received = letters[CaseState.RECEIVED]
    assert len(numbers(verifier, state="all")) == 5
    assert numbers(verifier, state="all", words=received.case) == [received.case]
    assert received.case in numbers(verifier, state="all", words=received.letter_number)
    assert numbers(verifier, state="all", words="กะรน") == [letters[CaseState.VERIFIED].case]
    assert numbers(verifier, state="all", words=letters[CaseState.ISSUED].authority.code) == [
        letters[CaseState.ISSUED].case
    ]
    assert len(numbers(verifier, state="all", words="076 381 234")) == 5
    assert len(numbers(verifier, state="all", province="83")) == 5
    assert verifier.post(url("taking", received)).status_code == 303
    receiving.take(actor=actor_of(desk.third), public_id=received.public_id, at=timezone.now())
    assert numbers(verifier, owner="me") == [letters[CaseState.VERIFIED].case]
    assert numbers(verifier, owner="nobody") == []
    assert numbers(verifier, owner=desk.third.person.public_id) == [received.case]


def test_queue_says_how_late_a_letter_is(verifier, letters):
    shown = verifier.get(LETTERS, {"state": "late"}).content.decode()

    assert "เกินกำหนด" in shown


def test_queue_asks_few_questions(verifier, letters):
    verifier.get(LETTERS)

    with CaptureQueriesContext(connection) as asked:
        verifier.get(LETTERS)
    assert len(asked) <= 12, [query["sql"][:150] for query in asked.captured_queries]


# --- Who finds no desk ------------------------------------------------------------------------------------------


def test_desk_does_not_exist_for_a_province_or_an_officer(town, desk):
    case = a_letter(town.authority, desk.verifier)
    province = factories.a_desk_officer(Desk.PROVINCE, town.authority.province)
    acts = ("taking", "point", "recipient", "call", "proofs", "objection_by_desk", "verification", "approval",
            "approval_summary", "returning", "refusing", "reissue", "slip", "correction", "order")  # fmt: skip

    for subject in (province, town.officer, town.head):
        client = sign_in_client(Client(), subject)
        for address in (LETTERS, INTAKE, url("case", case), url("reply", case), url("scan", case, "letter", 1)):
            assert client.get(address).status_code == 404, address
        for name in acts:
            assert client.post(url(name, case), {"version": "1"}).status_code == 404, name


def test_case_that_does_not_exist_is_not_found(verifier):
    assert verifier.get(reverse("official_letters:case", args=["bcdfghjkmnpq"])).status_code == 404
    assert verifier.post(reverse("official_letters:slip", args=["bcdfghjkmnpq"])).status_code == 404


# --- Home and menu ----------------------------------------------------------------------------------------------


def test_home_of_the_desk_counts_what_waits_and_leads_to_it(verifier, letters):
    home = page(verifier, reverse("site:home"))

    for state in ("received", "verified", "frozen", "late"):
        assert f"{LETTERS}?state={state}" in home
    assert letters[CaseState.RECEIVED].case in home
