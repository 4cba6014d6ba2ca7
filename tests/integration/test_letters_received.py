"""A letter is prepared, comes in, is corrected; its addresses are proven and its parties told (L-10, L-11, T-01)."""

from datetime import date, datetime, timedelta

import pytest
from django.db import IntegrityError
from django.urls import reverse
from django.utils import timezone

from kunjae.audit import chain
from kunjae.audit.change import state_change
from kunjae.audit.models import AuditEvent, chain_of
from kunjae.core.actor import visitor
from kunjae.core.verdict import Denied
from kunjae.documents import storage
from kunjae.documents.models import DocumentKind, IssuedDocument, StoredFile
from kunjae.identity import operations as identity
from kunjae.identity.models import Session, Subject, SubjectState
from kunjae.messaging import delivery, rendering
from kunjae.messaging import operations as messaging
from kunjae.messaging.models import Message, MessageState
from kunjae.official_letters import queries
from kunjae.official_letters.content import LetterContent, content_of, hash_of
from kunjae.official_letters.models import (
    CaseState,
    ContactProof,
    LetterCase,
    LetterDraft,
    Notice,
    NoticeParty,
    OtherReason,
    Point,
    PositionBox,
    ProofChannel,
    ProofMethod,
    SignerCapacity,
    VerifiedPoint,
    WayIn,
)
from kunjae.official_letters.operations import noticing, preparing, proving, receiving, verifying
from kunjae.official_letters.policies.preparing import missing_from, place_key
from kunjae.official_letters.policies.receiving import letter_number_key
from kunjae.organisations.models import LocalAuthority, Province
from tests import factories
from tests.factories import HOLD_OVER, NOW, RECEIVED_AT, TOLD_AT, actor_of, letter_content, secrets_sent

pytestmark = pytest.mark.django_db

ANYBODY = visitor("letter", address="203.0.113.7")
PLACE = "0" * 32


@pytest.fixture
def town():
    return factories.a_town_with_contacts()


@pytest.fixture
def desk():
    return factories.a_letter_desk()


@pytest.fixture
def case(town, desk):
    return factories.a_letter(town.authority, desk.verifier)


def fresh(case: LetterCase) -> LetterCase:
    return LetterCase.objects.get(pk=case.pk)


def refusal(act, **arguments) -> str:
    with pytest.raises(Denied) as denied:
        act(**arguments)
    return denied.value.reason


def correct(case: LetterCase, officer: Subject, *, at: datetime = TOLD_AT, numbers=None, **changed) -> LetterCase:
    standing = fresh(case)
    said = content_of(standing)
    return receiving.correct(
        actor=actor_of(officer),
        public_id=case.public_id,
        content=LetterContent(**said.as_columns() | changed),
        version=standing.version,
        numbers=numbers,
        at=at,
    )


def events_of(case: LetterCase) -> list[str]:
    return [event.name for event in AuditEvent.objects.filter(case=case.case).order_by("sequence")]


# --- Preparing --------------------------------------------------------------------------------------------------


def a_draft(town, *, at: datetime = NOW) -> preparing.Begun:
    return preparing.begin(actor=ANYBODY, authority=town.authority, address_key=PLACE, at=at)


def write(draft: LetterDraft, content: LetterContent, *, at: datetime = NOW, version: int | None = None) -> LetterDraft:
    return preparing.write(actor=ANYBODY, draft_id=draft.pk, content=content, version=version or draft.version, at=at)


def test_begin_gives_a_key_of_which_only_the_digest_is_kept(town):
    begun = a_draft(town)

    assert queries.draft_by_key(begun.draft.public_id, begun.key, at=NOW) == begun.draft
    assert queries.draft_by_key(begun.draft.public_id, begun.key + "x", at=NOW) is None
    assert queries.draft_by_key(begun.draft.public_id, "", at=NOW) is None
    assert begun.key not in str(LetterDraft.objects.values().get())


def test_begin_is_limited_by_place_and_another_place_is_not_hindered(town):
    for _ in range(20):
        a_draft(town)
    events = AuditEvent.objects.count()

    assert refusal(a_draft, town=town) == "drafts_too_often"
    assert AuditEvent.objects.count() == events
    preparing.begin(actor=ANYBODY, authority=town.authority, address_key="1" * 32, at=NOW)
    a_draft(town, at=NOW + timedelta(hours=1, seconds=1))


def test_place_key_tells_no_address_and_joins_a_household():
    assert place_key("203.0.113.7") != place_key("203.0.113.8")
    assert place_key("2001:db8::1") == place_key("2001:db8::2")
    assert len(place_key(None)) == 32


def test_write_keeps_a_half_written_letter_and_refuses_another_window(town):
    draft = a_draft(town).draft
    half = LetterContent(is_lost=True, recipient_given_name="ธนากร")

    written = write(draft, half)

    assert content_of(written) == half
    assert written.version == 2
    assert refusal(write, draft=draft, content=letter_content(), version=1) == "draft_changed_elsewhere"
    assert write(written, half).version == 2, "what changes nothing is no change"


def test_write_ends_somewhere(town):
    draft = a_draft(town).draft
    with state_change(actor=ANYBODY, at=NOW) as change:
        draft.change_to(version=200)
        change.record("letter_draft.begun", draft, organisation_id=town.authority.pk)

    assert refusal(write, draft=draft, content=letter_content()) == "draft_changed_too_often"


def test_register_print_gives_the_code_under_which_the_desk_finds_the_draft(town):
    draft = write(a_draft(town).draft, letter_content())

    document = preparing.register_print(actor=ANYBODY, draft_id=draft.pk, at=NOW)

    assert queries.draft_by_code(document.code) == draft
    assert queries.draft_by_code("") is None
    assert (document.kind, document.case) == (DocumentKind.FORM_1, "")
    assert document.content_hash == hash_of(town.authority, letter_content())
    assert not any(word in document.summary for word in ("ธนากร", "ประสิทธิ์"))
    assert preparing.register_print(actor=ANYBODY, draft_id=draft.pk, at=NOW) == document
    assert IssuedDocument.objects.count() == 1


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"head_has_left": False}, "cause_missing"),
        ({"leaving_kind": ""}, "leaving_kind_missing"),
        ({"other_reason": OtherReason.OTHER}, "other_cause_untold"),
        ({"recipient_given_name": ""}, "recipient_missing"),
        ({"position_box": ""}, "position_box_missing"),
        ({"position_box": PositionBox.ACTING}, "own_position_missing"),
        ({"order_number": ""}, "order_untold"),
        ({"email": ""}, "letter_email_missing"),
        ({"mobile": ""}, "letter_mobile_missing"),
        ({"contact_mobile": ""}, "letter_contact_missing"),
        ({"signer_given_name": ""}, "signer_missing"),
        ({"signer_capacity": ""}, "signer_capacity_missing"),
        ({"signer_capacity": SignerCapacity.CLERK_FOR_VACANT}, "signer_basis_missing"),
        (
            {"signer_title": "นาง", "signer_given_name": "ธนากร", "signer_family_name": "รุ่งเรืองกิจ"},
            "letter_recipient_is_signer",
        ),
    ],
)
def test_register_print_of_what_the_desk_would_send_back_is_refused(town, changed, reason):
    draft = write(a_draft(town).draft, letter_content(**changed))

    assert refusal(preparing.register_print, actor=ANYBODY, draft_id=draft.pk, at=NOW) == reason
    assert IssuedDocument.objects.count() == 0


def test_missing_from_an_empty_letter_names_everything_and_of_a_full_one_nothing():
    assert missing_from(letter_content()) == []
    assert missing_from(LetterContent())[:2] == ["cause_missing", "recipient_missing"]


def test_remove_abandoned_after_14_days_and_60_after_the_print(town):
    left, printed = a_draft(town).draft, write(a_draft(town).draft, letter_content())
    preparing.register_print(actor=ANYBODY, draft_id=printed.pk, at=NOW)

    assert preparing.remove_abandoned(actor=factories.TEST, at=NOW + timedelta(days=13)) == 0
    assert preparing.remove_abandoned(actor=factories.TEST, at=NOW + timedelta(days=14)) == 1
    assert list(LetterDraft.objects.all()) == [printed]
    assert refusal(write, draft=left, content=letter_content()) == "draft_is_gone"
    assert preparing.remove_abandoned(actor=factories.TEST, at=NOW + timedelta(days=60)) == 1


def test_preparing_changes_no_right_and_tells_nobody(town):
    before = list(Subject.objects.order_by("pk").values())
    messages = Message.objects.count()
    draft = write(a_draft(town).draft, letter_content(is_lost=True))
    preparing.register_print(actor=ANYBODY, draft_id=draft.pk, at=NOW)

    assert list(Subject.objects.order_by("pk").values()) == before
    assert Message.objects.count() == messages
    assert LetterCase.objects.count() == 0


# --- Receiving --------------------------------------------------------------------------------------------------


def test_receive_numbers_the_case_keeps_the_scan_and_says_so(town, desk):
    first = factories.a_letter(town.authority, desk.verifier, number="ที่ ภก ๕๒๐๐๑/๗๗")

    assert first.case == "10001/2570"
    assert (first.state, first.version) == (CaseState.RECEIVED, 1)
    assert (first.letter_number_key, first.letter_year, first.received_year) == ("52001/77", 2569, 2569)
    assert first.received_by == first.owner == desk.verifier.person
    assert first.complete_at == RECEIVED_AT
    assert set(StoredFile.objects.values_list("case", flat=True)) == {first.case}
    assert events_of(first)[-5:] == ["letter.received"] + ["letter_notice.made"] * 4
    assert not chain.verify().faults


def test_receive_counts_over_the_whole_country(town, desk):
    other = factories.a_town("กะรน", stem="karon")
    cases = [factories.a_letter(authority, desk.verifier) for authority in (town.authority, other.authority)]

    assert [case.case for case in cases] == ["10001/2570", "10002/2570"]


@pytest.mark.parametrize(
    "written",
    ["ภก 52001/1234", "ที่ ภก ๕๒๐๐๑/๑๒๓๔", "ที่ภก52001 / 1234", "ภก. 52001/1234", "５２００１/1234", "52001/1234."],
)
def test_letter_number_key_of_one_number_is_one(written):
    assert letter_number_key(written) == "52001/1234"


def test_letter_number_key_keeps_apart_what_differs():
    keys = {letter_number_key(number) for number in ("52001/12", "5200/112", "52001.1/2", "52001/ว 12", "52001-12")}

    assert len(keys) == 5
    assert letter_number_key("ที่ …/…") == ""


def test_receive_of_a_number_used_before_names_the_case(town, desk):
    first = factories.a_letter_in(CaseState.REFUSED, town, desk, number="ภก 52001/77")

    with pytest.raises(Denied) as denied:
        factories.a_letter(town.authority, desk.approver, number="ที่ ภก ๕๒๐๐๑/๗๗")

    assert (denied.value.reason, denied.value.facts["case"]) == ("letter_number_is_used", first.case)
    assert LetterCase.objects.count() == 1
    assert AuditEvent.objects.filter(name="attempt.denied", chain=chain_of(town.authority.pk)).count() == 1


def test_receive_of_a_returned_letter_takes_its_number_once_more(town, desk):
    factories.a_letter_in(CaseState.RETURNED, town, desk, number="ภก 52001/77")

    assert factories.a_letter(town.authority, desk.verifier, number="ภก 52001/77").case == "10002/2570"


def test_receive_of_one_number_in_another_year_or_authority(town, desk):
    other = factories.a_town("กะรน", stem="karon")
    factories.a_letter_in(CaseState.REFUSED, town, desk, number="52001/77", letter_date=date(2025, 12, 30))

    factories.a_letter(town.authority, desk.verifier, number="52001/77", letter_date=date(2026, 1, 5))
    factories.a_letter(other.authority, desk.verifier, number="52001/77", letter_date=date(2026, 1, 5))

    assert LetterCase.objects.count() == 3


def a_receipt(town, officer, *, received_number="901", **others):
    """Receive a letter with the numbers and days given."""
    intake = {
        "way_in": WayIn.ELECTRONIC,
        "letter_number": "ภก 52001/500",
        "letter_date": date(2026, 10, 16),
        "received_number": received_number,
        "received_date": date(2026, 10, 19),
    }
    content = others.pop("content", letter_content())
    with storage.laid_down(factories.a_scanned_page()) as scan:
        return receiving.receive(
            actor=actor_of(officer),
            authority=town.authority,
            content=content,
            intake=receiving.Intake(**intake | others, scan=scan),
            at=RECEIVED_AT,
        )


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"letter_date": date(2026, 10, 20), "received_date": date(2026, 10, 20)}, "letter_date_in_future"),
        ({"received_date": date(2026, 10, 20)}, "received_date_in_future"),
        ({"received_date": date(2026, 10, 15)}, "received_before_written"),
        ({"letter_number": "ที่ - / -"}, "letter_number_missing"),
        ({"received_number": ""}, "received_number_missing"),
    ],
)
def test_receive_with_numbers_or_days_that_cannot_be_is_refused(town, desk, changed, reason):
    assert refusal(a_receipt, town=town, officer=desk.verifier, **changed) == reason


def test_receive_of_a_letter_of_the_same_day(town, desk):
    assert a_receipt(town, desk.verifier, letter_date=date(2026, 10, 19)).letter_date == date(2026, 10, 19)


def test_receive_of_a_received_number_given_before_names_the_case(town, desk):
    other = factories.a_town("กะรน", stem="karon")
    first = a_receipt(town, desk.verifier)

    with pytest.raises(Denied) as denied:
        a_receipt(other, desk.verifier, received_number=" ๙๐๑")

    assert (denied.value.reason, denied.value.facts["case"]) == ("received_number_is_used", first.case)


@pytest.mark.parametrize("title", ["นาย", "ว่าที่ร้อยตรี", ""])
def test_receive_of_a_letter_signed_by_its_recipient_is_refused(town, desk, title):
    own = letter_content(signer_title=title, signer_given_name="ธนากร", signer_family_name="รุ่งเรืองกิจ ")

    assert refusal(a_receipt, town=town, officer=desk.verifier, content=own) == "letter_recipient_is_signer"


def test_receive_of_a_letter_signed_by_the_present_head_is_refused(town, desk):
    head = town.head.person
    own = letter_content(signer_given_name=head.given_name, signer_family_name=head.family_name)

    assert refusal(a_receipt, town=town, officer=desk.verifier, content=own) == "letter_signer_is_head"


def test_receive_while_another_letter_is_at_work_names_it(town, desk, case):
    with pytest.raises(Denied) as denied:
        factories.a_letter(town.authority, desk.approver)

    assert (denied.value.reason, denied.value.facts["case"]) == ("letter_is_at_work", case.case)


@pytest.mark.parametrize("who", ["head", "officer"])
def test_receive_by_somebody_of_the_authority_is_refused(town, who):
    assert refusal(a_receipt, town=town, officer=getattr(town, who)) == "only_department_desk"


def test_receive_by_a_province_is_refused(town):
    province = factories.a_desk_officer(factories.Desk.PROVINCE, town.authority.province)

    assert refusal(a_receipt, town=town, officer=province) == "only_department_desk"


def test_receive_by_its_recipient_or_signer_at_the_desk_is_refused(town):
    recipient = factories.a_desk_officer(given_name="ธนากร", family_name="รุ่งเรืองกิจ")
    signer = factories.a_desk_officer(given_name="ประสิทธิ์", family_name="ญี่ปู่")

    assert refusal(a_receipt, town=town, officer=recipient) == "letter_recipient_is_you"
    assert refusal(a_receipt, town=town, officer=signer) == "letter_signer_is_you"


def test_receive_the_same_page_twice_is_one_case(town, desk, case):
    with storage.laid_down(factories.a_scanned_page()) as scan:
        again = {
            "actor": actor_of(desk.verifier),
            "authority": town.authority,
            "content": letter_content(),
            "public_id": case.public_id,
            "intake": receiving.Intake(
                way_in=WayIn.PAPER,
                letter_number="1/1",
                letter_date=date(2026, 10, 16),
                received_number="1000",
                received_date=date(2026, 10, 19),
                scan=scan,
            ),
            "at": RECEIVED_AT,
        }
        assert refusal(receiving.receive, **again) == "sent_already"


def test_receive_of_an_incomplete_letter_waits_for_what_is_missing(town, desk):
    case = factories.a_letter(town.authority, desk.verifier, letter_content(mobile=""), with_order=False)

    assert case.complete_at is None
    assert queries.missing_in(case) == ["letter_mobile_missing", "order_not_attached"]

    with storage.laid_down(factories.a_scanned_page()) as scan:
        receiving.attach_order(actor=actor_of(desk.verifier), public_id=case.public_id, scan=scan, at=TOLD_AT)
    assert fresh(case).complete_at is None
    assert fresh(case).version == 1, "nothing had been answered about an order before"
    correct(case, desk.verifier, mobile="0891234567", at=TOLD_AT + timedelta(hours=1))

    assert fresh(case).complete_at == TOLD_AT + timedelta(hours=1)


def test_receive_compares_with_what_the_qr_claims(town, desk):
    prepared = hash_of(town.authority, letter_content())
    same = factories.a_letter(town.authority, desk.verifier, prepared_hash=prepared[:12])
    other = factories.a_letter(factories.a_town("กะรน", stem="karon").authority, desk.verifier, prepared_hash=prepared)

    assert queries.is_as_prepared(same) is True
    assert queries.is_as_prepared(other) is False
    same.prepared_hash = ""
    assert queries.is_as_prepared(same) is None


# --- Danger -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("danger", [{"is_lost": True}, {"other_reason": OtherReason.COMPROMISED}])
def test_receive_of_a_letter_of_danger_suspends_the_head_at_once(town, desk, danger):
    session = identity.start_session(subject=town.head, session_key="k" * 32, address="127.0.0.1", device="", at=NOW)
    with state_change(actor=factories.TEST, at=NOW):
        identity.issue_activation(actor=factories.TEST, subject=town.head, purpose="replace", case="0009/2570", at=NOW)

    case = factories.a_letter(town.authority, desk.verifier, letter_content(**danger))

    head = Subject.objects.get(pk=town.head.pk)
    assert head.state == SubjectState.SUSPENDED
    assert case.case in head.suspended_reason
    assert Session.objects.get(pk=session.pk).ended_at == RECEIVED_AT
    assert not head.activations.filter(used_at=None, ended_at=None).exists()
    assert Message.objects.filter(kind="account_suspended", to_address=head.email).count() == 1
    assert queries.look_back(case) == []


def test_receive_of_a_harmless_letter_leaves_the_head_at_work(town, case):
    assert Subject.objects.get(pk=town.head.pk).state == SubjectState.ACTIVE


def test_receive_of_a_letter_of_danger_by_the_head_himself_at_the_desk_is_refused(town):
    factories.organisations.post_to_desk(
        actor=factories.TEST,
        person=town.head.person,
        desk=factories.Desk.DEPARTMENT,
        position_th="นักวิชาการ",
        from_date=date(2026, 10, 1),
        at=NOW,
    )

    own = letter_content(is_lost=True)
    assert refusal(a_receipt, town=town, officer=town.head, content=own) == "letter_of_your_own"


def test_correct_that_brings_danger_to_light_suspends_the_head_then(town, desk, case):
    correct(case, desk.verifier, is_lost=True)

    assert Subject.objects.get(pk=town.head.pk).state == SubjectState.SUSPENDED


def test_a_second_letter_of_danger_finds_the_head_suspended(town, desk):
    for _ in range(2):
        case = factories.a_letter(town.authority, desk.verifier, letter_content(is_lost=True))
        factories.deciding.refuse(
            actor=actor_of(desk.approver), public_id=case.public_id, version=1, note="ไม่จริง", at=TOLD_AT
        )

    assert Subject.objects.get(pk=town.head.pk).state == SubjectState.SUSPENDED


# --- Notices and hold -------------------------------------------------------------------------------------------


def test_receive_tells_four_parties_at_addresses_of_record_alone(town, case):
    notices = queries.notices_of(case)

    assert [notice.party for notice in notices] == [party for party in NoticeParty if party != NoticeParty.FORMER]
    assert {notice.party: notice.address for notice in notices} == {
        NoticeParty.CENTRAL: town.authority.central_email,
        NoticeParty.PRESENT_HEAD: town.head.email,
        NoticeParty.CLERK: "",
        NoticeParty.PROVINCE: "phuket@province.example.go.th",
    }
    assert [notice.message is None for notice in notices] == [False, False, True, False]
    assert len({notice.objection_digest for notice in notices}) == 4


def test_receive_tells_the_clerk_at_his_account(town, desk):
    clerk = factories.an_account(town.clerk_post.person, town.authority)

    case = factories.a_letter(town.authority, desk.verifier)

    assert queries.notices_of(case)[2].address == clerk.email


def test_receive_where_nobody_is_head_tells_the_others(desk):
    authority = factories.contacts_of_record(factories.a_local_authority("กะรน", stem="karon"))

    case = factories.a_letter(authority, desk.verifier)

    assert [notice.party for notice in queries.notices_of(case)] == [
        NoticeParty.CENTRAL, NoticeParty.CLERK, NoticeParty.PROVINCE,
    ]  # fmt: skip


def test_notice_works_without_its_link_and_holds_no_contact(case):
    for notice in queries.notices_of(case):
        if notice.message is None:
            continue
        letter = rendering.render(notice.message, at=RECEIVED_AT)
        text = f"{letter.subject}\n{letter.text}"
        assert case.case in text
        assert "/letters/objection/" in text
        assert case.email not in text
        assert case.mobile not in text


def test_hold_of_a_new_address_ends_a_day_after_the_last_notice(case):
    assert case.address_is_new
    assert queries.hold_ends_at(case) is None
    assert not queries.hold_is_over(case, at=HOLD_OVER)

    factories.notices_go_out(case, at=TOLD_AT)

    assert queries.hold_ends_at(case) == TOLD_AT + timedelta(hours=24)
    assert not queries.hold_is_over(case, at=HOLD_OVER - timedelta(seconds=1))
    assert queries.hold_is_over(case, at=HOLD_OVER)


def test_hold_is_stretched_by_a_mail_server_that_is_down(case):
    first, *later = [notice for notice in queries.notices_of(case) if notice.message is not None]
    messaging.mark_sent(actor=factories.TEST, message_id=first.message_id, at=TOLD_AT)
    back = TOLD_AT + timedelta(days=2)
    for notice in later:
        delivery.note_failure(actor=factories.TEST, message_id=notice.message_id, why="the server is down", at=TOLD_AT)

    assert queries.hold_ends_at(case) is None
    assert not queries.hold_is_over(case, at=back)
    for notice in later:
        messaging.mark_sent(actor=factories.TEST, message_id=notice.message_id, at=back)

    assert queries.hold_ends_at(case) == back + timedelta(hours=24)


def give_up(notice: Notice) -> None:
    delivery.note_failure(actor=factories.TEST, message_id=notice.message_id, why="refused", at=TOLD_AT, is_final=True)


def test_hold_needs_two_parties_of_whom_one_is_official(town, case):
    central, head, _, province = queries.notices_of(case)
    messaging.mark_sent(actor=factories.TEST, message_id=head.message_id, at=TOLD_AT)
    for notice in (central, province):
        give_up(notice)

    assert queries.hold_ends_at(case) is None, "one party only"


def tell(notice: Notice, officer: Subject, *, how: str = "โทรแจ้งนางสมหมาย ใจดี", at: datetime = TOLD_AT) -> Notice:
    return noticing.note_told(actor=actor_of(officer), notice_id=notice.pk, how=how, at=at)


def test_note_told_counts_where_no_message_could_reach(desk, case):
    central, head, clerk, province = queries.notices_of(case)
    messaging.mark_sent(actor=factories.TEST, message_id=head.message_id, at=TOLD_AT)
    give_up(central)
    give_up(province)

    tell(clerk, desk.verifier, at=TOLD_AT)
    assert queries.hold_ends_at(case) is None, "neither the province nor the authority itself was told"
    later = TOLD_AT + timedelta(hours=3)
    tell(province, desk.verifier, at=later)

    assert queries.hold_ends_at(case) == later + timedelta(hours=24)
    assert events_of(case).count("letter_notice.told") == 2


def test_note_told_of_who_is_being_written_to_is_refused(desk, town, case):
    central, _, clerk, _ = queries.notices_of(case)

    assert refusal(tell, notice=central, officer=desk.verifier) == "party_was_told"
    assert refusal(tell, notice=clerk, officer=desk.verifier, how="") == "told_how_missing"
    assert refusal(tell, notice=clerk, officer=town.head) == "only_department_desk"
    tell(clerk, desk.verifier)
    assert refusal(tell, notice=clerk, officer=desk.verifier) == "party_was_told"


def test_hold_counts_no_notice_that_the_letters_own_addresses_received(town, desk):
    own = letter_content(email=town.authority.central_email.replace("saraban@", "saraban+head@"))
    case = factories.a_letter(town.authority, desk.verifier, own)
    central, head, _, province = queries.notices_of(case)
    give_up(head)
    give_up(province)
    messaging.mark_sent(actor=factories.TEST, message_id=central.message_id, at=TOLD_AT)

    tell(queries.notices_of(case)[2], desk.verifier)

    assert queries.hold_ends_at(case) is None


def test_addresses_on_record_begin_no_hold_and_the_parties_are_told_all_the_same(town, desk):
    case = factories.a_letter(town.authority, desk.verifier, factories.letter_for_the_head(town))

    assert not case.address_is_new
    assert case.hold_began_at is None
    assert len(queries.notices_of(case)) == 4
    assert queries.hold_is_over(case, at=RECEIVED_AT)


@pytest.mark.parametrize("changed", [{"email": "other@example.go.th"}, {"mobile": "0899999999"}])
def test_one_new_address_of_two_begins_the_hold(town, desk, changed):
    content = factories.letter_for_the_head(town, **changed)

    assert factories.a_letter(town.authority, desk.verifier, content).address_is_new


def test_address_that_the_account_never_confirmed_is_new(town, desk):
    with state_change(actor=factories.TEST, at=NOW):
        identity.change_contact(
            actor=factories.TEST,
            subject_id=town.head.pk,
            email=town.head.email,
            email_confirmed_at=None,
            mobile=town.head.mobile,
            mobile_confirmed_at=NOW,
            at=NOW,
        )

    assert factories.a_letter(town.authority, desk.verifier, factories.letter_for_the_head(town)).address_is_new


def test_addresses_of_a_namesake_count_until_it_is_found_out_that_it_is_another(town, desk):
    case = factories.a_letter(town.authority, desk.verifier, factories.letter_for_the_head(town))
    proving.send_proofs(actor=actor_of(desk.verifier), public_id=case.public_id, at=RECEIVED_AT)
    with state_change(actor=factories.TEST, at=TOLD_AT) as change:
        case = fresh(case).change_to(recipient=None, recipient_is_new=True)
        noticing.judge_address(change, case, at=TOLD_AT)
        change.record(
            "letter.recipient_chosen",
            case,
            organisation_id=case.authority_id,
            person=case.recipient_name,
            is_new=True,
            is_namesake=True,
        )

    assert fresh(case).address_is_new
    assert fresh(case).hold_began_at == TOLD_AT
    assert queries.proofs_of(case) == {}
    assert not queries.is_proven(case, ProofChannel.EMAIL)
    factories.notices_go_out(case, at=RECEIVED_AT)
    assert queries.hold_ends_at(fresh(case)) == TOLD_AT + timedelta(hours=24), "from when it was found out"


# --- Correcting -------------------------------------------------------------------------------------------------


def test_correct_a_new_address_voids_what_was_verified_and_begins_anew(town, desk):
    case = factories.a_letter_in(CaseState.VERIFIED, town, desk)
    links = {notice.objection_digest for notice in queries.notices_of(case)}
    later = HOLD_OVER

    corrected = correct(case, desk.verifier, email="other@example.go.th", at=later)

    assert (corrected.state, corrected.version, corrected.verified_by_id) == (CaseState.RECEIVED, 2, None)
    assert not VerifiedPoint.objects.filter(case=case, version=2).exists()
    assert corrected.calls.filter(version=2).count() == 0
    assert not queries.is_proven(corrected, ProofChannel.EMAIL)
    assert queries.is_proven(corrected, ProofChannel.MOBILE), "the mobile is the same and still works"
    assert queries.hold_ends_at(corrected) is None
    assert corrected.hold_began_at == later
    assert links.isdisjoint(notice.objection_digest for notice in queries.notices_of(corrected))
    assert len(queries.notices_of(corrected)) == 4


def test_correct_a_slip_of_the_pen_voids_the_points_and_no_notice(town, desk):
    case = factories.a_letter_in(CaseState.VERIFIED, town, desk)
    links = [notice.objection_digest for notice in queries.notices_of(case)]

    corrected = correct(case, desk.verifier, office_phone="076381235")

    assert (corrected.state, corrected.version) == (CaseState.RECEIVED, 2)
    assert not VerifiedPoint.objects.filter(case=case, version=2).exists()
    assert [notice.objection_digest for notice in queries.notices_of(corrected)] == links
    assert queries.hold_ends_at(corrected) == HOLD_OVER
    assert queries.is_proven(corrected, ProofChannel.EMAIL)
    assert corrected.recipient_is_new


def test_correct_another_recipient_is_told_and_found_out_anew(town, desk):
    case = factories.a_letter_in(CaseState.VERIFIED, town, desk)

    corrected = correct(case, desk.verifier, recipient_given_name="ธนกร")

    assert (corrected.recipient, corrected.recipient_is_new) == (None, False)
    assert queries.hold_ends_at(corrected) is None


def test_correct_nothing_is_no_change_and_an_old_version_is_refused(desk, case):
    events = AuditEvent.objects.count()
    assert correct(case, desk.verifier).version == 1
    assert AuditEvent.objects.count() == events

    correct(case, desk.verifier, office_fax="076381235")

    arguments = {"actor": actor_of(desk.verifier), "public_id": case.public_id, "at": TOLD_AT}
    assert refusal(receiving.correct, content=letter_content(), version=1, **arguments) == "letter_changed"


def test_correct_numbers_and_days(town, desk, case):
    other = factories.a_letter(factories.a_town("กะรน", stem="karon").authority, desk.verifier)
    numbers = receiving.Numbers(
        letter_number="ภก 52001/๙๙",
        letter_date=date(2026, 10, 15),
        received_number="7001",
        received_date=date(2026, 10, 18),
    )

    corrected = correct(case, desk.verifier, numbers=numbers)

    assert (corrected.letter_number_key, corrected.letter_date) == ("52001/99", date(2026, 10, 15))
    taken = receiving.Numbers(
        letter_number="1/1",
        letter_date=date(2026, 10, 15),
        received_number=other.received_number,
        received_date=date(2026, 10, 18),
    )
    with pytest.raises(Denied, match="received_number_is_used"):
        correct(case, desk.verifier, numbers=taken)


@pytest.mark.parametrize("state", [CaseState.ISSUED, CaseState.RETURNED, CaseState.REFUSED])
def test_correct_what_was_decided_is_refused(town, desk, state):
    case = factories.a_letter_in(state, town, desk)

    assert refusal(correct, case=case, officer=desk.verifier, office_fax="076381235") == "letter_is_not_open"


def test_correct_to_a_signer_who_is_the_recipient_is_refused(desk, case):
    own = {"signer_given_name": "ธนากร", "signer_family_name": "รุ่งเรืองกิจ"}

    assert refusal(correct, case=case, officer=desk.verifier, **own) == "letter_recipient_is_signer"


def test_attach_another_order_opens_what_was_answered_about_the_first(town, desk):
    case = factories.a_letter_in(CaseState.VERIFIED, town, desk)
    with storage.laid_down(factories.a_scanned_page()) as scan:
        receiving.attach_order(actor=actor_of(desk.verifier), public_id=case.public_id, scan=scan, at=TOLD_AT)

    changed = fresh(case)
    assert (changed.state, changed.version) == (CaseState.RECEIVED, 2)
    assert changed.order_scan_id != case.order_scan_id
    assert queries.hold_ends_at(changed) == HOLD_OVER
    assert not VerifiedPoint.objects.filter(case=case, version=2, point=Point.ORDER).exists()


def test_take_names_who_sees_to_it(town, desk, case):
    receiving.take(actor=actor_of(desk.approver), public_id=case.public_id, at=TOLD_AT)

    assert fresh(case).owner == desk.approver.person
    taken_by_head = {"actor": actor_of(town.head), "public_id": case.public_id, "at": TOLD_AT}
    assert refusal(receiving.take, **taken_by_head) == "only_department_desk"


# --- Proofs -----------------------------------------------------------------------------------------------------


def send(case: LetterCase, officer: Subject, *, at: datetime = TOLD_AT, channel=None) -> list[ContactProof]:
    return proving.send_proofs(actor=actor_of(officer), public_id=case.public_id, channel=channel, at=at)


def hand_over(case: LetterCase, *, at: datetime = TOLD_AT) -> None:
    for proof in queries.proofs_of(case).values():
        if proof.message is not None and proof.message.state == MessageState.QUEUED:
            messaging.mark_sent(actor=factories.TEST, message_id=proof.message_id, at=at)


def by_code(case: LetterCase, channel: ProofChannel, code: str, *, at: datetime = TOLD_AT) -> ContactProof:
    return proving.prove_by_code(actor=ANYBODY, case=case.case, channel=channel, code=code, at=at)


def test_send_proofs_and_prove_both(desk, case):
    send(case, desk.verifier)
    secrets = secrets_sent(case.email)

    by_link = proving.prove_by_link(actor=ANYBODY, link_secret=secrets["link_secret"], at=TOLD_AT)
    typed = by_code(case, ProofChannel.MOBILE, secrets_sent(case.mobile)["code"])

    assert (by_link.method, typed.method) == (ProofMethod.LINK, ProofMethod.CODE)
    assert queries.is_proven(case, ProofChannel.EMAIL)
    assert queries.is_proven(case, ProofChannel.MOBILE)
    assert refusal(send, case=case, officer=desk.verifier) == "already_proven"
    assert events_of(case)[-2:] == ["letter_proof.proven"] * 2


def test_proof_by_the_code_in_the_mail_without_the_link(desk, case):
    send(case, desk.verifier)

    assert by_code(case, ProofChannel.EMAIL, secrets_sent(case.email)["code"]).method == ProofMethod.CODE


def test_proof_by_link_pressed_again_changes_nothing(desk, case):
    send(case, desk.verifier)
    link = secrets_sent(case.email)["link_secret"]
    proving.prove_by_link(actor=ANYBODY, link_secret=link, at=TOLD_AT)
    events = AuditEvent.objects.count()

    again = proving.prove_by_link(actor=ANYBODY, link_secret=link, at=TOLD_AT + timedelta(days=3))

    assert again.proven_at == TOLD_AT
    assert AuditEvent.objects.count() == events


def test_link_read_by_robots_stays_usable_for_a_person(client, desk, case):
    send(case, desk.verifier, at=timezone.now())
    page = reverse("official_letters:confirm", args=[secrets_sent(case.email)["link_secret"]])
    events = AuditEvent.objects.count()
    for number in range(20):
        look = client.head if number % 2 else client.get
        assert look(page, headers={"user-agent": "facebookexternalhit/1.1;line-poker/1.0"}).status_code == 200

    assert AuditEvent.objects.count() == events
    assert not queries.is_proven(case, ProofChannel.EMAIL)
    assert client.post(page).status_code == 303
    assert queries.proofs_of(case)[ProofChannel.EMAIL].method == ProofMethod.LINK


def test_proof_told_on_the_telephone_names_who_took_it(town, desk, case):
    send(case, desk.verifier)
    code = secrets_sent(case.mobile)["code"]
    told = {"public_id": case.public_id, "channel": ProofChannel.MOBILE, "code": code, "at": TOLD_AT}

    assert refusal(proving.note_told_code, actor=actor_of(town.head), **told) == "only_department_desk"
    proof = proving.note_told_code(actor=actor_of(desk.verifier), **told)

    assert (proof.method, proof.noted_by) == (ProofMethod.TOLD, desk.verifier.person)


def test_proof_link_lives_a_day_from_its_hand_over(desk, case):
    send(case, desk.verifier)
    link = secrets_sent(case.email)["link_secret"]
    up_again = TOLD_AT + timedelta(days=2)
    hand_over(case, at=up_again)
    too_late = up_again + timedelta(hours=24, seconds=1)

    assert refusal(proving.prove_by_link, actor=ANYBODY, link_secret=link, at=too_late) == "proof_ended"
    assert proving.prove_by_link(actor=ANYBODY, link_secret=link, at=up_again + timedelta(hours=24)).proven_at


def test_proof_code_of_an_sms_lives_ten_minutes(desk, case):
    send(case, desk.verifier)
    code = secrets_sent(case.mobile)["code"]
    hand_over(case)
    late = TOLD_AT + timedelta(minutes=10, seconds=1)

    assert refusal(by_code, case=case, channel=ProofChannel.MOBILE, code=code, at=late) == "proof_failed"


def test_send_mobile_code_again_from_the_mailed_link(desk, case):
    send(case, desk.verifier)
    link = secrets_sent(case.email)["link_secret"]
    hand_over(case)
    later = TOLD_AT + timedelta(hours=3)

    proving.send_mobile_code(actor=ANYBODY, link_secret=link, at=later)
    code = secrets_sent(case.mobile)["code"]
    proof = proving.prove_by_code(actor=ANYBODY, link_secret=link, channel=ProofChannel.MOBILE, code=code, at=later)

    assert proof.method == ProofMethod.CODE
    again = {"actor": ANYBODY, "link_secret": link, "at": later}
    assert refusal(proving.send_mobile_code, **again) == "already_proven"
    assert refusal(proving.send_mobile_code, **again | {"link_secret": "x"}) == "proof_ended"


def test_wrong_codes_end_a_proof(desk, case):
    send(case, desk.verifier)
    code, link = secrets_sent(case.mobile)["code"], secrets_sent(case.email)["link_secret"]
    wrong = "000000" if code != "000000" else "000001"
    typed = {"actor": ANYBODY, "link_secret": link, "channel": ProofChannel.MOBILE, "at": TOLD_AT}
    for _ in range(5):
        assert refusal(proving.prove_by_code, code=wrong, **typed) == "proof_code_wrong"
    events = AuditEvent.objects.count()

    assert refusal(proving.prove_by_code, code=code, **typed) == "proof_ended"
    assert AuditEvent.objects.count() == events, "guesses at what is dead fill no record"
    assert events_of(case).count("letter_proof.refused") == 5
    assert events_of(case).count("letter_proof.ended") == 1
    assert proving.prove_by_link(actor=ANYBODY, link_secret=link, at=TOLD_AT).proven_at, "the mail is another proof"


def test_wrong_codes_told_to_an_officer_count_too(desk, case):
    send(case, desk.verifier)
    code = secrets_sent(case.mobile)["code"]
    told = {"actor": actor_of(desk.verifier), "public_id": case.public_id, "channel": ProofChannel.MOBILE}
    for _ in range(5):
        assert refusal(proving.note_told_code, code="12", at=TOLD_AT, **told) == "proof_code_wrong"

    assert refusal(proving.note_told_code, code=code, at=TOLD_AT, **told) == "proof_ended"


def test_proof_by_case_number_answers_alike_whatever_is_wrong(desk, case):
    nothing_sent = refusal(by_code, case=case, channel=ProofChannel.MOBILE, code="123456")
    send(case, desk.verifier)
    wrong = refusal(by_code, case=case, channel=ProofChannel.MOBILE, code="12")
    unknown = refusal(
        proving.prove_by_code, actor=ANYBODY, case="10999/2570", channel=ProofChannel.MOBILE, code="123456", at=TOLD_AT
    )
    by_code(case, ProofChannel.EMAIL, secrets_sent(case.email)["code"])
    proven = refusal(by_code, case=case, channel=ProofChannel.EMAIL, code="123456")

    assert {nothing_sent, wrong, unknown, proven} == {"proof_failed"}


def test_send_again_kills_what_was_sent(desk, case):
    send(case, desk.verifier)
    old_link, old_code = secrets_sent(case.email)["link_secret"], secrets_sent(case.mobile)["code"]
    send(case, desk.verifier, at=TOLD_AT + timedelta(minutes=1))

    assert refusal(proving.prove_by_link, actor=ANYBODY, link_secret=old_link, at=TOLD_AT) == "proof_ended"
    if secrets_sent(case.mobile)["code"] != old_code:
        assert refusal(by_code, case=case, channel=ProofChannel.MOBILE, code=old_code) == "proof_failed"


def test_send_stops_after_ten_a_day_to_one_number_whoever_asked(town, desk, case):
    with state_change(actor=factories.TEST, at=NOW) as change:
        for _ in range(9):
            messaging.queue(kind="mobile_code", channel="sms", to_address=case.mobile, at=RECEIVED_AT)
        change.record("mobile_code.sent", organisation_id=None)
    send(case, desk.verifier)

    assert refusal(send, case=case, officer=desk.verifier) == "too_many_codes_to_address"
    send(case, desk.verifier, channel=ProofChannel.EMAIL)
    send(case, desk.verifier, at=RECEIVED_AT + timedelta(days=1, minutes=2))


def test_send_stops_for_one_authority(desk, case):
    for number in range(15):
        correct(case, desk.verifier, email=f"r{number}@example.go.th", mobile=f"08900000{number:02d}")
        send(case, desk.verifier)

    correct(case, desk.verifier, email="last@example.go.th")
    assert refusal(send, case=case, officer=desk.verifier) == "too_many_codes_for_authority"


def test_addresses_on_record_are_proven_by_that(town, desk):
    case = factories.a_letter(town.authority, desk.verifier, factories.letter_for_the_head(town))

    proofs = send(case, desk.verifier)

    assert {proof.method for proof in proofs} == {ProofMethod.ON_RECORD}
    assert not Message.objects.filter(kind__in=["letter_proof", "letter_code"]).exists()


def test_mobile_of_the_contact_is_told_apart_from_the_recipients_own(town, desk):
    shared = factories.a_letter(town.authority, desk.verifier, letter_content(contact_mobile="0891234567"))
    own = letter_content(
        contact_mobile="0891234567", contact_title="", contact_given_name="ธนากร", contact_family_name="รุ่งเรืองกิจ"
    )
    other = factories.a_letter(factories.a_town("กะรน", stem="karon").authority, desk.verifier, own)

    assert queries.mobile_is_shared(shared)
    assert not queries.mobile_is_shared(other), "he is his own contact"


def test_proofs_are_sent_by_the_desk_and_of_letters_received(town, desk, case):
    assert refusal(send, case=case, officer=town.head) == "only_department_desk"
    verified = factories.verify_letter(case, desk.verifier)
    assert refusal(send, case=verified, officer=desk.verifier) == "letter_is_not_open"


def test_proof_mail_and_sms_carry_the_case_number_and_work_without_a_link(desk, case):
    for proof in send(case, desk.verifier):
        letter = rendering.render(proof.message, at=TOLD_AT)
        assert case.case in letter.text
        assert secrets_sent(proof.address)["code"] in letter.text


# --- What the record may not hold -------------------------------------------------------------------------------


def test_no_address_and_no_secret_is_recorded(town, desk):
    case = factories.a_letter(town.authority, desk.verifier)
    send(case, desk.verifier)
    secrets = [*secrets_sent(case.email).values(), *secrets_sent(case.mobile).values()]
    secrets += factories.objection_secrets(case).values()
    correct(case, desk.verifier, email="other@example.go.th")

    recorded = "\n".join(AuditEvent.objects.values_list("facts_json", flat=True))

    for hidden in [*secrets, case.email, case.mobile, case.contact_mobile, town.authority.central_email, "other@"]:
        assert hidden not in recorded
    assert set(AuditEvent.objects.filter(case=case.case).values_list("chain", flat=True)) == {
        chain_of(town.authority.pk)
    }


def test_database_refuses_a_second_letter_of_the_same_number(town, desk, case):
    copy = fresh(case)
    copy.pk, copy.public_id, copy.case, copy.received_number, copy.state = None, "x", "x", "x", CaseState.FROZEN

    with pytest.raises(IntegrityError, match="letter_number"), state_change(actor=factories.TEST, at=NOW):
        copy.save()


def test_renamed_authority_keeps_the_letter_as_it_was_prepared(town, desk):
    case = factories.a_letter(town.authority, desk.verifier, prepared_hash=hash_of(town.authority, letter_content()))
    with state_change(actor=factories.TEST, at=NOW) as change:
        LocalAuthority.objects.filter(pk=town.authority.pk).update(name_th="ราไวย์ใหม่")
        Province.objects.filter(pk=town.authority.province_id).update(name_th="ภูเก็ต")
        change.record("unit.added", organisation_id=None, unit="x")

    assert queries.is_as_prepared(fresh(case)) is True
    assert verifying.note_point(
        actor=actor_of(desk.verifier), public_id=case.public_id, version=1, point=Point.AS_PREPARED, note="", at=TOLD_AT
    )
