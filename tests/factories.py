"""
Worlds for tests, in the domain's words; each walks the true operations to its state.

A factory that needs a secret reads it where its owner would: in the message that was sent to him.
"""

import io
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from functools import cache
from itertools import count

from django.test import Client
from django.urls import reverse
from PIL import Image

from kunjae.access_requests import operations as form_2
from kunjae.access_requests.models import AccessRequest, CredentialWish, Invitation
from kunjae.audit.change import state_change
from kunjae.audit.models import AuditEvent, ChainHead, chain_of
from kunjae.core.actor import Actor, system, visitor
from kunjae.core.text import search_key, sort_key
from kunjae.core.uploads import CheckedUpload, check_upload
from kunjae.documents import storage
from kunjae.entitlements import catalogue
from kunjae.entitlements import operations as entitlements
from kunjae.entitlements.models import AccessGroup, Tenure
from kunjae.identity import operations as identity
from kunjae.identity import undertaking
from kunjae.identity.models import Activation, Subject
from kunjae.identity.password_profiles import LETTER_2562
from kunjae.messaging import operations as messaging
from kunjae.messaging.models import Message, MessageState
from kunjae.messaging.sealing import unseal
from kunjae.official_letters.content import LetterContent
from kunjae.official_letters.models import (
    CallBackOutcome,
    CaseState,
    LeavingKind,
    LetterCase,
    OtherReason,
    Point,
    PositionBox,
    ProofChannel,
    SignerCapacity,
    WayIn,
)
from kunjae.official_letters.operations import deciding, proving, receiving, verifying
from kunjae.official_letters.policies.verifying import points_of
from kunjae.official_letters.queries import notices_of
from kunjae.organisations import operations as organisations
from kunjae.organisations.models import (
    Appointment,
    Capacity,
    Desk,
    District,
    Kind,
    LocalAuthority,
    Office,
    Person,
    Province,
)
from tests.worlds import built_once

NOW = datetime(2026, 10, 16, 2, 0, tzinfo=UTC)
"""Friday 16 October 2569, nine in the morning in Thailand."""

TODAY = date(2026, 10, 16)
PASSWORD = "tonmai-suai-mak-27"
TEST = system("test")
_numbers = count(1)


def actor_of(subject: Subject) -> Actor:
    """Name the person behind an account as the one who acts."""
    return Actor(name=subject.username, person_id=subject.person_id, subject_id=subject.pk, address="127.0.0.1")


@built_once
def the_catalogue(at: datetime = NOW) -> None:
    """Publish the group catalogue and the letter's password policy, as the product does at its start."""
    if AccessGroup.objects.exists():
        return
    entitlements.publish_catalogue(actor=TEST, data=catalogue.read(), at=at)
    identity.adopt_password_policy(actor=TEST, profile=LETTER_2562, effective_date=date(2019, 7, 1), at=at)


def a_local_authority(
    name: str = "ราไวย์", kind: Kind = Kind.SUBDISTRICT_MUNICIPALITY, *, stem: str = "rawai"
) -> LocalAuthority:
    """A local authority in ภูเก็ต, under a code of its own."""
    number = next(_numbers)
    with state_change(actor=TEST, at=NOW) as change:
        province, _ = Province.objects.get_or_create(
            code="83", defaults={"name_th": "ภูเก็ต", "sort_key": sort_key("ภูเก็ต")}
        )
        district, _ = District.objects.get_or_create(
            code="8301", defaults={"name_th": "เมืองภูเก็ต", "province": province}
        )
        authority = LocalAuthority.objects.create(
            code=f"58{number:05d}",
            kind=kind,
            name_th=name,
            district=district,
            province=province,
            user_id_stem=stem if number == 1 else f"{stem}{number}x",
            search_key=search_key(f"58{number:05d} เทศบาลตำบล{name} เมืองภูเก็ต ภูเก็ต"),
            sort_key=sort_key(name),
        )
        change.record("authority.added", authority, organisation_id=authority.pk, name=name, code=authority.code)
    return authority


def a_person(given_name: str = "ญาณิศา", family_name: str = "ภู่ประเสริฐ", title: str = "นางสาว") -> Person:
    """A human being."""
    return organisations.register_person(
        actor=TEST, title=title, given_name=given_name, family_name=family_name, organisation_id=None, at=NOW
    )


def a_post(
    person: Person,
    authority: LocalAuthority,
    position_th: str,
    office: Office = Office.NONE,
    capacity: Capacity = Capacity.SUBSTANTIVE,
) -> Appointment:
    """A post of a person since the first of October."""
    return organisations.appoint(
        actor=TEST,
        person=person,
        authority=authority,
        position_th=position_th,
        office=office,
        capacity=capacity,
        order_number="287/2569",
        order_date=date(2026, 9, 28),
        from_date=date(2026, 10, 1),
        at=NOW,
    )


def an_account(
    person: Person,
    authority: LocalAuthority | None,
    *,
    at: datetime = NOW,
    password: str = PASSWORD,
    undertakes: bool = True,
) -> Subject:
    """An account in use: opened, activated with both secrets, with a password, the duties of clause 3 accepted."""
    number = next(_numbers)
    stem = authority.user_id_stem if authority else "desk"
    with state_change(actor=TEST, at=at):
        subject = identity.open_subject(
            actor=TEST,
            username=f"{stem[:20]}.{number:04d}",
            person=person,
            authority=authority,
            email=f"officer{number}@example.go.th",
            email_confirmed_at=at,
            mobile=f"081{number:07d}",
            mobile_confirmed_at=at,
            at=at,
        )
        identity.issue_activation(
            actor=TEST, subject=subject, purpose=Activation.Purpose.FIRST, case="0001/2570", at=at
        )
    return activate(subject, at=at, password=password, undertakes=undertakes)


def secrets_sent(subject_or_address: Subject | str) -> dict:
    """The one-time secrets in the messages that wait for a person, as he would read them."""
    addresses = (
        [subject_or_address]
        if isinstance(subject_or_address, str)
        else [subject_or_address.email, subject_or_address.mobile]
    )
    found: dict = {}
    for message in Message.objects.filter(to_address__in=[a for a in addresses if a]).order_by("pk"):
        found |= unseal(message.sealed)
    return found


def activate(subject: Subject, *, at: datetime = NOW, password: str = PASSWORD, undertakes: bool = True) -> Subject:
    """Use the activation that was sent: both secrets, then a password of one's own."""
    secrets = secrets_sent(subject)
    who = visitor("activation", person_id=subject.person_id)
    activation = identity.prove_activation(
        actor=who, link_secret=secrets["link_secret"], second_code=secrets["second_code"], at=at
    )
    identity.set_password_by_activation(actor=who, activation_id=activation.pk, password=password, at=at)
    if undertakes:
        identity.accept_undertaking(actor=actor_of(subject), version=undertaking.VERSION, at=at)
    return Subject.objects.get(pk=subject.pk)


@dataclass(frozen=True)
class Town:
    """One authority with its people: head (with tenure), an officer, clerk and chief executive."""

    authority: LocalAuthority
    head: Subject
    officer: Subject
    tenure: Tenure
    executive_post: Appointment
    clerk_post: Appointment


def a_head_of(authority: LocalAuthority, *, given_name: str = "ปุญญิศา", family_name: str = "ตั้งพิสุทธิ์กุล") -> Tenure:
    """An acting head of finance with an account and the right to administer the authority."""
    person = a_person(given_name, family_name)
    a_post(person, authority, "นักวิชาการเงินและบัญชีชำนาญการ")
    a_post(person, authority, authority.finance_head_title_th, Office.HEAD_OF_FINANCE, Capacity.ACTING_FOR)
    return entitlements.open_tenure(
        actor=TEST,
        authority=authority,
        subject=an_account(person, authority),
        capacity=Capacity.ACTING_FOR,
        order_number="287/2569",
        order_date=date(2026, 9, 28),
        at=NOW,
    )


@built_once
def a_town(name: str = "ราไวย์", stem: str = "rawai") -> Town:
    """An authority at work."""
    the_catalogue()
    authority = a_local_authority(name, stem=stem)
    tenure = a_head_of(authority)
    officer = a_person()
    a_post(officer, authority, "นักวิชาการเงินและบัญชีปฏิบัติการ")
    executive, clerk = a_person("ประสิทธิ์", "ญี่ปู่", "นาย"), a_person("สมหมาย", "ใจดี", "นาง")
    return Town(
        authority=authority,
        head=tenure.subject,
        officer=an_account(officer, authority),
        tenure=tenure,
        executive_post=a_post(executive, authority, authority.chief_executive_title_th, Office.CHIEF_EXECUTIVE),
        clerk_post=a_post(clerk, authority, authority.clerk_title_th, Office.CHIEF_ADMINISTRATOR),
    )


def a_desk_officer(
    desk: Desk = Desk.DEPARTMENT,
    province: Province | None = None,
    *,
    given_name: str = "อรทัย",
    family_name: str = "ศรีสุข",
) -> Subject:
    """An account at the department's desk, or at a province's office."""
    person = a_person(given_name, family_name, "นาง")
    organisations.post_to_desk(
        actor=TEST,
        person=person,
        desk=desk,
        province=province,
        position_th="นักวิชาการเงินและบัญชีชำนาญการ",
        from_date=date(2026, 10, 1),
        at=NOW,
    )
    return an_account(person, None)


def content(
    wish: CredentialWish = CredentialWish.NONE,
    groups: tuple[str, ...] = ("finance_officer",),
    **others: object,
) -> form_2.Content:
    """What somebody writes on form 2."""
    return form_2.Content(
        position_th="นักวิชาการเงินและบัญชีปฏิบัติการ",
        form_date=TODAY,
        credential_wish=wish,
        wants_groups=bool(groups),
        duty="จัดทำเช็คและใบถอน" if groups else "",
        group_codes=groups,
        **others,
    )


def an_invitation(town: Town, email: str = "newcomer@example.go.th", *, at: datetime = NOW) -> Invitation:
    """An invitation that its person has opened, with mailbox and mobile confirmed."""
    invitation = form_2.invite(
        actor=actor_of(town.head),
        authority=town.authority,
        title="นาย",
        given_name="วีรภัทร",
        family_name="แซ่ลิ้ม",
        email=email,
        at=at,
    )
    guest, mobile = visitor("invitation"), f"089{next(_numbers):07d}"
    form_2.open_invitation(actor=guest, link_secret=secrets_sent(email)["link_secret"], at=at)
    form_2.send_mobile_code(actor=guest, invitation_id=invitation.pk, mobile=mobile, at=at)
    return form_2.confirm_mobile(
        actor=guest, invitation_id=invitation.pk, code=secrets_sent(mobile)["code"], at=at + timedelta(minutes=1)
    )


def a_request(
    town: Town,
    *,
    wish: CredentialWish = CredentialWish.NONE,
    groups: tuple[str, ...] = ("finance_officer",),
    at: datetime = NOW,
    submitted: bool = True,
    email: str = "newcomer@example.go.th",
    **others: object,
) -> AccessRequest:
    """A request by the town's officer; a new user's comes by invitation."""
    if wish == CredentialWish.NEW_USER:
        invitation = an_invitation(town, email, at=at)
        request = form_2.draft(
            actor=visitor("invitation"),
            authority=town.authority,
            content=content(wish, groups, **others),
            invitation=invitation,
            at=at,
        )
        who = visitor("invitation", person_id=request.applicant_id)
    else:
        who = actor_of(town.officer)
        request = form_2.draft(actor=who, authority=town.authority, content=content(wish, groups, **others), at=at)
    if submitted:
        request = form_2.submit(actor=who, request_public_id=request.public_id, at=at)
    return AccessRequest.objects.get(pk=request.pk)


def approve(
    town: Town,
    request: AccessRequest,
    *,
    groups: tuple[str, ...] = ("finance_officer",),
    username: str = "",
    is_namesake: bool = False,
    at: datetime = NOW,
) -> AccessRequest:
    """The head's opinion: approved."""
    form_2.decide(
        actor=actor_of(town.head),
        request_public_id=request.public_id,
        opinion=form_2.Opinion(
            version=request.version,
            approve=True,
            group_codes=groups,
            username=username,
            is_namesake=is_namesake,
            order_number="338/2569",
            order_date=date(2026, 10, 8),
        ),
        at=at,
    )
    return AccessRequest.objects.get(pk=request.pk)


def sign_in_client(client: Client, subject: Subject, *, password: str = PASSWORD) -> Client:
    """Take a browser through the sign-in page, as its owner would."""
    answer = client.post(reverse("identity:sign_in"), {"username": subject.username, "password": password})
    assert answer.status_code == 303, answer.content.decode()
    return client


def fill_the_next_place(organisation_id: int) -> None:
    """Put a row where the next event of an authority's record belongs, so that it cannot be written."""
    chain = chain_of(organisation_id)
    AuditEvent.objects.create(
        chain=chain,
        sequence=ChainHead.objects.get(chain=chain).sequence + 1,
        at=NOW,
        name="unit.added",
        actor="forger",
        seal="0" * 64,
    )


# --- Form 1 -----------------------------------------------------------------------------------------------------

RECEIVED_AT = NOW + timedelta(days=3)
"""Monday 19 October 2569, nine in the morning in Thailand: when letters come in."""

TOLD_AT = RECEIVED_AT + timedelta(minutes=1)
HOLD_OVER = TOLD_AT + timedelta(hours=24)


@dataclass(frozen=True)
class LetterDesk:
    """The department's desk: who verifies, who approves, and a third who resolves objections."""

    verifier: Subject
    approver: Subject
    third: Subject


def a_letter_desk() -> LetterDesk:
    """Three officers of the department."""
    return LetterDesk(
        verifier=a_desk_officer(),
        approver=a_desk_officer(given_name="ศิริพร", family_name="วงศ์ทอง"),
        third=a_desk_officer(given_name="วิภาวี", family_name="แสงจันทร์"),
    )


def contacts_of_record(authority: LocalAuthority, *, phone: str = "076381234") -> LocalAuthority:
    """Give an authority and its province addresses of record, as the register would have brought them."""
    with state_change(actor=TEST, at=NOW) as change:
        LocalAuthority.objects.filter(pk=authority.pk).update(
            phone=phone, central_email=f"saraban@{authority.user_id_stem}.example.go.th"
        )
        Province.objects.filter(pk=authority.province_id).update(
            office_email="phuket@province.example.go.th", office_phone="076222333"
        )
        change.record(
            "authority.added", authority, organisation_id=authority.pk, name=authority.name_th, code=authority.code
        )
    return LocalAuthority.objects.select_related("district", "province").get(pk=authority.pk)


def a_town_with_contacts(name: str = "ราไวย์", stem: str = "rawai") -> Town:
    """An authority at work whose letters can be answered: numbers and addresses stand on record."""
    town = a_town(name, stem)
    return replace(town, authority=contacts_of_record(town.authority))


def letter_content(**others: object) -> LetterContent:
    """What form 1 says: the head has moved, and somebody new follows."""
    said: dict = {
        "head_has_left": True,
        "leaving_kind": LeavingKind.MOVED,
        "recipient_title": "นาย",
        "recipient_given_name": "ธนากร",
        "recipient_family_name": "รุ่งเรืองกิจ",
        "position_box": PositionBox.DIVISION,
        "order_number": "402/2569",
        "order_date": date(2026, 10, 15),
        "order_from_date": date(2026, 10, 16),
        "email": "thanakorn@example.go.th",
        "mobile": "0891234567",
        "contact_title": "นางสาว",
        "contact_given_name": "พิมพ์ใจ",
        "contact_family_name": "สายบุญ",
        "contact_mobile": "0867654321",
        "signer_title": "นาย",
        "signer_given_name": "ประสิทธิ์",
        "signer_family_name": "ญี่ปู่",
        "signer_position_th": "นายกเทศมนตรีตำบลราไวย์",
        "signer_capacity": SignerCapacity.CHIEF_EXECUTIVE,
        "office_name": "กองคลัง",
        "office_phone": "076381234",
    }
    return LetterContent(**said | others)


def letter_for_the_head(town: Town, **others: object) -> LetterContent:
    """What form 1 says when the present head cannot get in: same person, same post, addresses on record."""
    head = town.head.person
    said: dict = {
        "head_has_left": False,
        "leaving_kind": "",
        "is_unusable": True,
        "recipient_title": head.title,
        "recipient_given_name": head.given_name,
        "recipient_family_name": head.family_name,
        "position_box": PositionBox.ACTING,
        "own_position_th": "นักวิชาการเงินและบัญชีชำนาญการ",
        "acted_post_th": town.authority.finance_head_title_th,
        "capacity": Capacity.ACTING_FOR,
        "order_number": "287/2569",
        "order_date": date(2026, 9, 28),
        "order_from_date": date(2026, 10, 1),
        "email": town.head.email,
        "mobile": town.head.mobile,
    }
    return letter_content(**said | others)


def letter_of_a_new_authority(**others: object) -> LetterContent:
    """What form 1 says of an authority that never had a head here."""
    said = {
        "head_has_left": False,
        "leaving_kind": "",
        "other_reason": OtherReason.NEW_AUTHORITY,
        "other_text": "ยกฐานะเมื่อวันที่ 1 ตุลาคม 2569",
    }
    return letter_content(**said | others)


@cache
def a_scanned_page() -> CheckedUpload:
    """The scan of a letter."""
    picture = io.BytesIO()
    Image.new("L", (400, 560), 255).save(picture, "PNG")
    return check_upload(picture.getvalue(), filename="letter.png")


def a_letter(
    authority: LocalAuthority,
    officer: Subject,
    content: LetterContent | None = None,
    *,
    at: datetime = RECEIVED_AT,
    number: str = "",
    letter_date: date = date(2026, 10, 16),
    with_order: bool = True,
    **others: object,
) -> LetterCase:
    """A letter that came in at the desk, on paper, with the order that it needs."""
    content = content or letter_content()
    count_ = next(_numbers)
    with storage.laid_down(a_scanned_page()) as scan, storage.laid_down(a_scanned_page()) as order:
        case = receiving.receive(
            actor=actor_of(officer),
            authority=authority,
            content=content,
            intake=receiving.Intake(
                way_in=WayIn.PAPER,
                letter_number=number or f"ภก 52001/{count_}",
                letter_date=letter_date,
                received_number=f"{count_}",
                received_date=date(2026, 10, 19),
                scan=scan,
                order_scan=order if with_order and content.needs_order else None,
                **others,
            ),
            at=at,
        )
    return LetterCase.objects.get(pk=case.pk)


def objection_secrets(case: LetterCase) -> dict[str, str]:
    """The secrets of the links by which each party may object, while their messages wait."""
    return {
        notice.party: unseal(notice.message.sealed)["link_secret"]
        for notice in notices_of(case)
        if notice.message is not None and notice.message.sealed
    }


def notices_go_out(case: LetterCase, *, at: datetime = TOLD_AT) -> None:
    """Let the notices of a letter be handed over; whoever has no address is told on the telephone."""
    for notice in notices_of(case):
        if notice.message is not None and notice.message.state == MessageState.QUEUED:
            messaging.mark_sent(actor=TEST, message_id=notice.message.pk, at=at)


def prove_addresses(case: LetterCase, officer: Subject, *, at: datetime = TOLD_AT) -> None:
    """Let the recipient prove mailbox and mobile, by what was sent to them; what is on record is proven by that."""
    proving.send_proofs(actor=actor_of(officer), public_id=case.public_id, at=at)
    link = secrets_sent(case.email).get("link_secret")
    if link is not None and case.proofs.filter(version=case.version, channel=ProofChannel.EMAIL, proven_at=None):
        proving.prove_by_link(actor=visitor("letter"), link_secret=link, at=at)
    if case.proofs.filter(version=case.version, channel=ProofChannel.MOBILE, proven_at=None, ended_at=None):
        proving.note_told_code(
            actor=actor_of(officer),
            public_id=case.public_id,
            channel=ProofChannel.MOBILE,
            code=secrets_sent(case.mobile)["code"],
            at=at,
        )


def answer_points(
    case: LetterCase,
    officer: Subject,
    *,
    person_id: int | None = None,
    is_namesake: bool = False,
    at: datetime = TOLD_AT,
    without: tuple[Point, ...] = (),
) -> None:
    """Let an officer answer every point of the checklist, but those left out."""
    about = {"actor": actor_of(officer), "public_id": case.public_id, "version": case.version, "at": at}
    for point in points_of(case):
        if point in without:
            continue
        if point == Point.PERSON:
            verifying.choose_recipient(person_id=person_id, is_namesake=is_namesake, **about)
        else:
            verifying.note_point(point=point, note="", **about)


def call_back(
    case: LetterCase,
    officer: Subject,
    outcome: CallBackOutcome = CallBackOutcome.CONFIRMED,
    *,
    at: datetime = TOLD_AT,
) -> None:
    """Let an officer call the authority at its number of record."""
    verifying.note_call(
        actor=actor_of(officer),
        public_id=case.public_id,
        version=case.version,
        outcome=outcome,
        spoke_with="นางสมหมาย ใจดี ปลัดเทศบาล",
        said="ยืนยันว่าออกหนังสือจริง",
        at=at,
    )


def verify_letter(
    case: LetterCase,
    officer: Subject,
    *,
    person_id: int | None = None,
    is_namesake: bool = False,
    at: datetime = TOLD_AT,
) -> LetterCase:
    """Bring a received letter to VERIFIED: every party told, every point answered, both addresses proven."""
    notices_go_out(case, at=at)
    answer_points(case, officer, person_id=person_id, is_namesake=is_namesake, at=at)
    prove_addresses(case, officer, at=at)
    call_back(case, officer, at=at)
    verifying.complete_verification(actor=actor_of(officer), public_id=case.public_id, version=case.version, at=at)
    return LetterCase.objects.get(pk=case.pk)


def approve_letter(case: LetterCase, officer: Subject, *, user_id: str = "", at: datetime = HOLD_OVER) -> LetterCase:
    """Let another officer approve; what is issued is read anew."""
    deciding.approve(actor=actor_of(officer), public_id=case.public_id, version=case.version, user_id=user_id, at=at)
    return LetterCase.objects.select_related("tenure", "subject__person", "recipient", "authority").get(pk=case.pk)


def a_letter_in(
    state: CaseState,
    town: Town,
    desk: LetterDesk,
    content: LetterContent | None = None,
    *,
    person_id: int | None = None,
    user_id: str = "rawai.head2",
    **others: object,
) -> LetterCase:
    """A letter in a state of the desk, by the true path; frozen letters are made by who objects."""
    case = a_letter(town.authority, desk.verifier, content, **others)
    if state in (CaseState.RETURNED, CaseState.REFUSED):
        act = deciding.return_for_correction if state == CaseState.RETURNED else deciding.refuse
        act(
            actor=actor_of(desk.approver),
            public_id=case.public_id,
            version=case.version,
            note="ไม่ได้แนบคำสั่งแต่งตั้ง",
            at=TOLD_AT,
        )
    if state in (CaseState.VERIFIED, CaseState.ISSUED):
        case = verify_letter(case, desk.verifier, person_id=person_id)
    if state == CaseState.ISSUED:
        case = approve_letter(case, desk.approver, user_id="" if person_id else user_id)
    return LetterCase.objects.get(pk=case.pk)
