"""What a second attacker tried by letter: each attack by what it would have won, beside test_letter_attacks.py."""

import re
from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.test import Client
from django.urls import reverse

from kunjae.audit import chain
from kunjae.audit.change import state_change
from kunjae.audit.models import AuditEvent
from kunjae.core.actor import visitor
from kunjae.core.verdict import Denied
from kunjae.documents import scan_reading, storage
from kunjae.entitlements import operations as entitlements
from kunjae.entitlements.models import Basis, EndOfGrant, Grant, Tenure
from kunjae.identity import operations as identity
from kunjae.identity.models import Subject, SubjectState
from kunjae.messaging import delivery
from kunjae.messaging.models import Message
from kunjae.official_letters import queries
from kunjae.official_letters.content import content_of, hash_of
from kunjae.official_letters.models import (
    CaseState,
    LetterDraft,
    LetterIntake,
    NoticeParty,
    Objection,
    ProofChannel,
)
from kunjae.official_letters.operations import intake as intakes
from kunjae.official_letters.operations import objecting, preparing, proving, verifying
from kunjae.official_letters.policies.preparing import place_key
from kunjae.organisations import operations as organisations
from kunjae.organisations.models import Appointment, Office
from kunjae.organisations.operations.contacts import confirm_contact, propose_contact
from kunjae.revocation import operations as revocation
from tests import factories
from tests.factories import (
    HOLD_OVER,
    NOW,
    RECEIVED_AT,
    TEST,
    TOLD_AT,
    LetterDesk,
    Town,
    a_letter,
    actor_of,
    approve_letter,
    letter_content,
    verify_letter,
)

pytestmark = pytest.mark.django_db

STRANGER = visitor("form-1-objection")
LATER = HOLD_OVER + timedelta(hours=2)
WHY = "นายกเทศมนตรียืนยันว่าไม่เคยลงนาม"


@pytest.fixture
def town() -> Town:
    town = factories.a_town_with_contacts()
    factories.an_account(town.clerk_post.person, town.authority)
    return town


@pytest.fixture
def desk() -> LetterDesk:
    return factories.a_letter_desk()


def refusal(act, **named) -> str:
    """Try an act that is refused, and give the reason."""
    with pytest.raises(Denied) as denied:
        act(**named)
    return denied.value.reason


def fresh(row):
    return type(row).objects.get(pk=row.pk)


def object_by(secret: str, *, at=TOLD_AT) -> Objection:
    return objecting.object_by_notice(actor=STRANGER, secret=secret, name="", text="", at=at)


def resolve(objection: Objection, officer: Subject, *, upheld: bool, at=LATER) -> Objection:
    return objecting.resolve(actor=actor_of(officer), objection_id=objection.pk, upheld=upheld, resolution=WHY, at=at)


def give(by: Subject, to: Subject, town: Town, *, group: str = "finance_officer", at) -> Grant:
    return entitlements.grant(
        actor=actor_of(by),
        subject=to,
        authority=town.authority,
        group_code=group,
        basis=Basis.POSITION,
        position_th="นักวิชาการเงินและบัญชีปฏิบัติการ",
        at=at,
    )


def a_false_head(town: Town, desk: LetterDesk) -> SimpleNamespace:
    """A forgery that got through: its head has activated the account, and works."""
    case = a_letter(town.authority, desk.verifier)
    links = factories.objection_secrets(case)
    case = approve_letter(verify_letter(case, desk.verifier), desk.approver, user_id="rawai.head2")
    subject = factories.activate(case.subject, at=HOLD_OVER + timedelta(minutes=1))
    return SimpleNamespace(case=case, links=links, subject=subject)


# --- What a false head leaves behind ------------------------------------------------------------------------------


def an_accomplice(false: SimpleNamespace, town: Town, *, at) -> Subject:
    """An account that the false head opens, and that comes into use."""
    head = actor_of(false.subject)
    with state_change(actor=head, at=at):
        person = organisations.register_person(
            actor=head, title="นาย", given_name="สมคบ", family_name="คิดร้าย", organisation_id=town.authority.pk, at=at
        )
        return identity.open_subject(
            actor=head,
            username="rawai.somkhop",
            person=person,
            authority=town.authority,
            email="somkhop@attacker.example",
            at=at,
        )


def test_what_a_false_head_gave_and_opened_does_not_stay(town, desk):
    earlier = give(town.head, town.officer, town, group="budget_officer", at=TOLD_AT)
    false, at = a_false_head(town, desk), HOLD_OVER + timedelta(minutes=30)
    given = give(false.subject, town.officer, town, at=at)
    account = an_accomplice(false, town, at=at)
    taken = give(false.subject, account, town, at=at)
    objection = object_by(false.links[NoticeParty.CENTRAL], at=HOLD_OVER + timedelta(hours=1))

    resolve(objection, desk.third, upheld=True)

    for grant in (given, taken):
        assert (fresh(grant).ended_at, fresh(grant).end_reason) == (LATER, EndOfGrant.GIVEN_IN_ERROR)
    assert fresh(account).state == SubjectState.SUSPENDED
    assert fresh(earlier).ended_at is None, "what the true head gave stays"
    assert fresh(town.officer).state == SubjectState.ACTIVE
    names = list(AuditEvent.objects.filter(at=LATER).values_list("name", flat=True))
    assert (names.count("grant.ended"), names.count("subject.suspended")) == (2, 1)
    assert Message.objects.filter(kind="group_ended", to_address=town.officer.email).count() == 1
    assert Message.objects.filter(kind="account_suspended", to_address=account.email).exists()
    assert chain.verify().faults == ()


def test_what_a_false_head_did_is_listed_for_who_resolves_and_for_the_next_head(town, desk, client, monkeypatch):
    false, at = a_false_head(town, desk), HOLD_OVER + timedelta(minutes=30)
    give(false.subject, town.officer, town, at=at)
    account = an_accomplice(false, town, at=at)
    objection = object_by(false.links[NoticeParty.CENTRAL], at=HOLD_OVER + timedelta(hours=1))
    monkeypatch.setattr("django.utils.timezone.now", lambda: LATER)
    factories.sign_in_client(client, desk.third)

    for upheld in (False, True):
        if upheld:
            resolve(objection, desk.third, upheld=True)
        shown = client.get(reverse("official_letters:case", args=[false.case.public_id])).content.decode()
        assert account.username in shown, upheld
        assert town.officer.username in shown, upheld


def test_what_a_false_head_did_before_a_true_letter_replaced_him_does_not_stay_either(town, desk):
    false, at = a_false_head(town, desk), HOLD_OVER + timedelta(minutes=30)
    given = give(false.subject, town.officer, town, at=at)
    true = a_letter(
        town.authority,
        desk.verifier,
        letter_content(recipient_given_name="วรรณา", email="wanna@example.go.th", mobile="0811112222"),
        at=HOLD_OVER + timedelta(hours=1),
    )
    true = verify_letter(true, desk.verifier, at=HOLD_OVER + timedelta(hours=1))
    true = approve_letter(true, desk.approver, user_id="rawai.head3", at=HOLD_OVER + timedelta(days=2))
    late = HOLD_OVER + timedelta(days=2, hours=1)
    later_grant = give(factories.activate(true.subject, at=late), town.officer, town, group="budget_officer", at=late)
    objection = object_by(false.links[NoticeParty.CENTRAL], at=late)

    resolve(objection, desk.third, upheld=True, at=late + timedelta(hours=1))

    assert fresh(given).ended_at == late + timedelta(hours=1)
    assert fresh(later_grant).ended_at is None
    assert Tenure.objects.get(authority=town.authority, until_at=None).subject == true.subject
    assert fresh(true.subject).state == SubjectState.ACTIVE


def test_a_false_head_is_head_of_finance_on_record_no_longer(town, desk):
    false = a_false_head(town, desk)

    resolve(object_by(false.links[NoticeParty.CENTRAL], at=LATER), desk.third, upheld=True)

    post = Appointment.objects.get(person=false.subject.person, office=Office.HEAD_OF_FINANCE)
    assert post.until_date is not None


# --- Object, and still be at work ---------------------------------------------------------------------------------


@pytest.mark.parametrize("is_suspended_before", [False, True])
def test_nobody_puts_a_contested_head_back_beside_the_objection(town, desk, is_suspended_before):
    """Who approved a forgery must not take the page of suspensions to undo the objection to it."""
    false, at = a_false_head(town, desk), HOLD_OVER + timedelta(hours=1)
    if is_suspended_before:
        revocation.suspend(
            actor=actor_of(desk.third), subject_public_id=false.subject.public_id, reason="ตรวจสอบ", at=at
        )
    object_by(false.links[NoticeParty.CENTRAL], at=at)

    for officer in (desk.approver, desk.verifier):
        reason = refusal(
            revocation.resume, actor=actor_of(officer), subject_public_id=false.subject.public_id, at=LATER
        )
        assert reason == "tenure_is_contested"
    assert fresh(false.subject).state == SubjectState.SUSPENDED


def test_objection_dismissed_or_upheld_leaves_nobody_locked_out(town, desk):
    false = a_false_head(town, desk)
    first = object_by(false.links[NoticeParty.CENTRAL], at=HOLD_OVER + timedelta(hours=1))
    resolve(first, desk.third, upheld=False)
    assert fresh(false.subject).state == SubjectState.ACTIVE

    second = object_by(false.links[NoticeParty.PROVINCE], at=LATER)
    resolve(second, desk.third, upheld=True, at=LATER + timedelta(hours=1))

    # The forger used a true person's name: the department may give him his account back.
    revocation.resume(
        actor=actor_of(desk.approver), subject_public_id=false.subject.public_id, at=LATER + timedelta(hours=2)
    )
    assert fresh(false.subject).state == SubjectState.ACTIVE
    assert not Tenure.objects.filter(authority=town.authority, until_at=None).exists()


def test_objection_dismissed_after_another_head_came_wakes_no_former_one(town, desk):
    false = a_false_head(town, desk)
    objection = object_by(false.links[NoticeParty.CENTRAL], at=HOLD_OVER + timedelta(hours=1))
    at = HOLD_OVER + timedelta(hours=2)
    true = a_letter(
        town.authority,
        desk.verifier,
        letter_content(recipient_given_name="วรรณา", email="wanna@example.go.th", mobile="0811112222"),
        at=at,
    )
    approve_letter(
        verify_letter(true, desk.verifier, at=at), desk.approver, user_id="rawai.head3", at=at + timedelta(days=1)
    )

    resolve(objection, desk.third, upheld=False, at=at + timedelta(days=2))

    assert fresh(false.subject).state == SubjectState.SUSPENDED


def test_objection_to_an_earlier_letter_does_not_touch_what_a_later_one_gave_the_same_person(town, desk):
    """A link that was never used, thirty days long, against a head whose keys a second letter has renewed."""
    false, at = a_false_head(town, desk), HOLD_OVER + timedelta(hours=1)
    again = letter_content(
        head_has_left=False,
        leaving_kind="",
        is_unusable=True,
        email=false.subject.email,
        mobile=false.subject.mobile,
    )
    second = a_letter(town.authority, desk.verifier, again, at=at)
    second = verify_letter(second, desk.verifier, person_id=false.subject.person_id, at=at)
    second = approve_letter(second, desk.approver, at=at + timedelta(days=1))
    assert second.subject == false.subject

    objection = object_by(false.links[NoticeParty.CENTRAL], at=at + timedelta(days=2))
    assert fresh(second.subject).state == SubjectState.ACTIVE
    resolve(objection, desk.third, upheld=True, at=at + timedelta(days=3))

    assert Tenure.objects.get(authority=town.authority, until_at=None) == second.tenure
    post = Appointment.objects.filter(person=second.subject.person, office=Office.HEAD_OF_FINANCE)
    assert post.filter(until_date=None).exists()


# --- The objection as a weapon ------------------------------------------------------------------------------------


def test_one_party_does_not_freeze_a_letter_for_ever_by_its_links(town, desk):
    """A head who left in anger keeps his mailbox; after two dismissals he is heard at the desk, by a human."""
    case = a_letter(town.authority, desk.verifier)
    for number in range(2):
        secret = factories.objection_secrets(case)[NoticeParty.PRESENT_HEAD]
        at = TOLD_AT + timedelta(hours=number)
        resolve(object_by(secret, at=at), desk.third, upheld=False, at=at + timedelta(minutes=5))
        case = fresh(case)
    links = factories.objection_secrets(case)

    assert refusal(object_by, secret=links[NoticeParty.PRESENT_HEAD], at=LATER) == "objection_was_heard"
    assert fresh(case).state == CaseState.RECEIVED
    assert object_by(links[NoticeParty.CLERK], at=LATER), "another party is heard"


# --- Proofs -------------------------------------------------------------------------------------------------------


def test_a_stranger_who_guesses_case_numbers_kills_no_mailed_link(town, desk):
    case = a_letter(town.authority, desk.verifier)
    proving.send_proofs(actor=actor_of(desk.verifier), public_id=case.public_id, at=TOLD_AT)
    link = factories.secrets_sent(case.email)["link_secret"]

    for code in ("000000", "111111", "222222", "333333", "444444", "555555"):
        reason = refusal(
            proving.prove_by_code, actor=STRANGER, channel=ProofChannel.EMAIL, code=code, case=case.case, at=TOLD_AT
        )
        assert reason == "proof_failed"

    assert proving.prove_by_link(actor=STRANGER, link_secret=link, at=TOLD_AT).proven_at == TOLD_AT


def test_a_code_guessed_too_often_is_dead_even_when_it_is_right(town, desk):
    case = a_letter(town.authority, desk.verifier)
    proving.send_proofs(actor=actor_of(desk.verifier), public_id=case.public_id, at=TOLD_AT)
    for channel, address in ((ProofChannel.EMAIL, case.email), (ProofChannel.MOBILE, case.mobile)):
        right = factories.secrets_sent(address)["code"]
        wrong = "000000" if right != "000000" else "111111"
        for code in (*[wrong] * 5, right):
            refusal(proving.prove_by_code, actor=STRANGER, channel=channel, code=code, case=case.case, at=TOLD_AT)
    assert not case.proofs.exclude(proven_at=None).exists()


# --- Two persons --------------------------------------------------------------------------------------------------


def test_whoever_moved_the_provinces_mailbox_approves_nothing_within_the_week(town, desk):
    """The province is one of two parties that must have been told; its mailbox is an address of record too."""
    at = RECEIVED_AT - timedelta(hours=1)
    proposed = propose_contact(
        actor=actor_of(desk.approver),
        province=town.authority.province,
        email="phuket@attacker.example",
        phone="076222333",
        source="โทรศัพท์",
        at=at,
    )
    confirm_contact(actor=actor_of(desk.third), public_id=proposed.public_id, at=at)
    case = verify_letter(a_letter(town.authority, desk.verifier), desk.verifier)

    for officer in (desk.approver, desk.third):
        reason = refusal(approve_letter, case=case, officer=officer, user_id="rawai.x")
        assert reason == "letter_contacts_changed_by_you"


def change_contact(town: Town, desk: LetterDesk, email: str, *, at) -> None:
    """Two officers move an authority's addresses of record."""
    proposed = propose_contact(
        actor=actor_of(desk.approver),
        authority=fresh(town.authority),
        email=email,
        phone="0811110000",
        source="โทรศัพท์",
        at=at,
    )
    confirm_contact(actor=actor_of(desk.third), public_id=proposed.public_id, at=at)


def test_whoever_was_reached_before_the_address_of_record_was_moved_is_told_and_objects(town, desk):
    """Two officers move the mailbox, twice, wait out the week, and send the letter then."""
    true = town.authority.central_email
    change_contact(town, desk, "rawai@attacker.example", at=RECEIVED_AT - timedelta(days=2))
    change_contact(town, desk, "rawai.office@attacker.example", at=RECEIVED_AT - timedelta(days=1))
    at = RECEIVED_AT + timedelta(days=20)
    case = a_letter(fresh(town.authority), desk.verifier, at=at)

    notice = case.notices.get(party=NoticeParty.FORMER)
    assert (notice.address, notice.message.to_address) == (true, true)
    assert object_by(factories.objection_secrets(case)[NoticeParty.FORMER], at=at)
    assert fresh(case).state == CaseState.FROZEN


def test_a_former_address_counts_as_nobody_who_was_told(town, desk):
    change_contact(town, desk, "rawai@example.go.th", at=RECEIVED_AT - timedelta(hours=1))
    case = a_letter(fresh(town.authority), desk.verifier)
    for notice in case.notices.exclude(party__in=(NoticeParty.FORMER, NoticeParty.PROVINCE)):
        delivery.note_failure(actor=TEST, message_id=notice.message_id, why="refused", at=TOLD_AT, is_final=True)
    factories.notices_go_out(case)

    assert queries.hold_ends_at(case) is None


def test_an_executive_under_an_earlier_name_does_not_receive_the_keys(town, desk):
    """The clerk married; the letter names her as she was called before."""
    clerk = town.clerk_post.person
    former = (clerk.given_name, clerk.family_name)
    organisations.rename_person(
        actor=TEST,
        person_id=clerk.pk,
        title=clerk.title,
        given_name=clerk.given_name,
        family_name="รุ่งโรจน์",
        organisation_id=town.authority.pk,
        at=RECEIVED_AT - timedelta(hours=1),
    )
    case = a_letter(
        town.authority, desk.verifier, letter_content(recipient_given_name=former[0], recipient_family_name=former[1])
    )

    reason = refusal(
        verifying.choose_recipient,
        actor=actor_of(desk.verifier),
        public_id=case.public_id,
        version=case.version,
        person_id=None,
        is_namesake=True,
        at=TOLD_AT,
    )
    assert reason == "letter_recipient_is_executive"


# --- The paper ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("forged", ["own", "", "beginning"])
def test_a_forged_qr_does_not_make_an_altered_letter_as_it_was_prepared(town, desk, monkeypatch, forged):
    """A print of ours, altered, under a QR that names the true code and claims what the forger wants compared."""
    begun = preparing.begin(actor=STRANGER, authority=town.authority, address_key="a", at=NOW)
    preparing.write(actor=STRANGER, draft_id=begun.draft.pk, content=letter_content(), version=1, at=NOW)
    document = preparing.register_print(actor=STRANGER, draft_id=begun.draft.pk, at=NOW)
    altered = letter_content(email="thanakorn@attacker.example")
    claims = {"own": hash_of(town.authority, altered)[:16], "": "", "beginning": hash_of(town.authority, altered)[:1]}
    text = f"http://evil.example/verify/{document.code}?n=&h={claims[forged]}"
    monkeypatch.setattr(scan_reading, "read_codes", lambda _upload: [text])

    intake = intakes.begin_intake(actor=actor_of(desk.verifier), upload=factories.a_scanned_page(), at=RECEIVED_AT)

    assert intake.scan_says == "scan_was_altered"
    case = a_letter(
        town.authority,
        desk.verifier,
        altered,
        draft_code=intake.draft_code,
        prepared_hash=intake.prepared_hash,
    )
    assert queries.is_as_prepared(case) is False


def test_an_order_that_was_replaced_leaves_no_file(desk, django_capture_on_commit_callbacks):
    intake = intakes.begin_intake(actor=actor_of(desk.verifier), upload=factories.a_scanned_page(), at=RECEIVED_AT)
    about = {"actor": actor_of(desk.verifier), "public_id": intake.public_id, "upload": factories.a_scanned_page()}
    first = intakes.add_order_scan(**about, at=RECEIVED_AT).order_id
    with django_capture_on_commit_callbacks(execute=True):
        second = intakes.add_order_scan(**about, at=RECEIVED_AT).order_id

    assert storage.original(second, "png")
    with pytest.raises(FileNotFoundError):
        storage.original(first, "png")


# --- The public pages ---------------------------------------------------------------------------------------------


def test_one_place_does_not_use_up_the_letters_of_an_authority(town):
    """A stranger from one place, all day long; and when many did, whoever comes from elsewhere may still begin."""
    begun = 0
    for hour in range(24):
        for _ in range(20):
            try:
                preparing.begin(
                    actor=STRANGER,
                    authority=town.authority,
                    address_key=place_key("203.0.113.9"),
                    at=NOW + timedelta(hours=hour, seconds=1),
                )
            except Denied:
                break
            begun += 1
    assert begun <= 40
    with state_change(actor=TEST, at=NOW) as change:
        for number in range(120):
            LetterDraft.objects.create(
                public_id=f"bcdfghjk{number:04}",
                key_digest=f"{number:064}",
                authority=town.authority,
                address_key=f"{number // 10}",
                created_at=NOW + timedelta(hours=20),
                changed_at=NOW,
                expires_at=NOW + timedelta(days=14),
            )
        change.record("unit.added", organisation_id=town.authority.pk, unit="-")

    begun = preparing.begin(
        actor=STRANGER, authority=town.authority, address_key=place_key("198.51.100.7"), at=NOW + timedelta(hours=23)
    )
    assert begun.key


def test_public_posts_of_letters_from_another_site_do_nothing(town, desk, monkeypatch):
    monkeypatch.setattr("django.utils.timezone.now", lambda: TOLD_AT)
    case = a_letter(town.authority, desk.verifier)
    proving.send_proofs(actor=actor_of(desk.verifier), public_id=case.public_id, at=TOLD_AT)
    before = AuditEvent.objects.count()
    forger = Client(enforce_csrf_checks=True, headers={"Origin": "http://evil.example"})
    for address in (
        f"/letters/confirm/{factories.secrets_sent(case.email)['link_secret']}/",
        f"/letters/objection/{factories.objection_secrets(case)[NoticeParty.CENTRAL]}/",
        "/letters/authority/",
        "/letters/confirm/",
    ):
        assert forger.post(address, {"authority": town.authority.code}).status_code == 403, address
    assert AuditEvent.objects.count() == before


@pytest.mark.parametrize("secret", ["%00", "%0d%0aSet-Cookie:a=b", "๑๒๓", "a" * 5_000, "%ff%fe", "..%2f..%2f"])
def test_odd_secrets_in_links_are_links_that_lead_nowhere(client, secret):
    for kind in ("objection", "confirm"):
        for method in (client.get, client.head, client.post, client.put, client.delete):
            answer = method(f"/letters/{kind}/{secret}/")
            assert answer.status_code in {200, 302, 303, 400, 404, 405, 411, 414, 422}, (kind, answer.status_code)
            assert "a" not in answer.cookies


@pytest.mark.parametrize(
    "said",
    [
        {"name": "a\x00b", "text": "\x00"},
        {"name": "x\r\nBcc: all@example.org", "text": "y\r\nSubject: z"},
        {"name": "\u202e" * 50, "text": "ก" + "\u0e49" * 400},
        {"name": "ก" * 20_000, "text": "ข" * 20_000},
    ],
)
def test_objection_with_odd_words_acts_and_carries_none_of_them(client, town, desk, monkeypatch, said):
    monkeypatch.setattr("django.utils.timezone.now", lambda: TOLD_AT)
    case = a_letter(town.authority, desk.verifier)
    link = f"/letters/objection/{factories.objection_secrets(case)[NoticeParty.CENTRAL]}/"

    assert client.post(link, said).status_code == 303

    objection = Objection.objects.get()
    assert len(objection.objector_name) <= 250
    assert not re.search(r"[\x00-\x08\r\u202a-\u202e]", objection.objector_name + objection.text)
    assert fresh(case).state == CaseState.FROZEN


# --- Whoever is not at the desk -----------------------------------------------------------------------------------


def test_nobody_but_the_desk_reads_or_moves_a_letter(town, desk, monkeypatch):
    monkeypatch.setattr("django.utils.timezone.now", lambda: TOLD_AT)
    case = a_letter(town.authority, desk.verifier)
    intake = intakes.begin_intake(actor=actor_of(desk.verifier), upload=factories.a_scanned_page(), at=TOLD_AT)
    clerk = Subject.objects.get(person=town.clerk_post.person)
    province = factories.a_desk_officer(
        factories.Desk.PROVINCE, town.authority.province, given_name="ณัฐพล", family_name="สุขใจ"
    )
    paths = [f"/department/letters/{case.public_id}/"]
    paths += [f"{paths[0]}{tail}" for tail in (
        "taking/", "correction/", "order/", "points/", "recipient/", "call/", "proofs/", "proofs/mobile/", "objection/",
        "verification/", "scan/letter/1.png", "approval/", "approval/summary/", "return/", "refusal/", "issued/",
        "activation/", "slip/", "reply.pdf", f"notices/{case.notices.first().pk}/", "objections/1/",
    )]  # fmt: skip
    paths += ["/department/letters/", "/department/letters/receive/"]
    paths += [f"/department/letters/receive/{intake.public_id}/{tail}" for tail in (
        "keying/", "discard/", "letter/1.png")]  # fmt: skip
    for reader in (None, town.head, town.officer, clerk, province):
        browser = Client()
        if reader is not None:
            factories.sign_in_client(browser, reader)
        before = AuditEvent.objects.count()
        for path in paths:
            for send in (browser.get, browser.post):
                assert send(path).status_code in ({302} if reader is None else {404, 403, 405}), (reader, path)
        assert AuditEvent.objects.exclude(name__startswith="access.").count() <= before
    assert LetterIntake.objects.filter(pk=intake.pk).exists()
    assert content_of(fresh(case)) == content_of(case)
