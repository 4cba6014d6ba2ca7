"""How a letter goes in the demonstration: prepared, printed, received with its scan, verified, issued, its mail delivered."""

import io
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from PIL import Image, ImageDraw, ImageFont

from kunjae.core.actor import system, visitor
from kunjae.core.clock import long_date, thai_day
from kunjae.core.uploads import CheckedUpload, UploadKind
from kunjae.documents import form_1, storage
from kunjae.documents.fonts import font_directory
from kunjae.documents.storage import LaidDown
from kunjae.identity.models import Subject
from kunjae.messaging import delivery
from kunjae.messaging.models import Message, MessageState
from kunjae.official_letters.content import LetterContent, sheet_of
from kunjae.official_letters.models import (
    CallBackOutcome,
    LeavingKind,
    LetterCase,
    Point,
    PositionBox,
    ProofChannel,
    SignerCapacity,
    WayIn,
)
from kunjae.official_letters.operations import deciding, following, preparing, proving, receiving, verifying
from kunjae.official_letters.policies.verifying import points_of
from kunjae.organisations.models import LocalAuthority
from kunjae.site.demo.cast import a_head, activate, actor_of, secrets_sent

PROVINCE_EMAIL, PROVINCE_PHONE = "saraban@phuket-office.example", "076200100"

#: Code, stem of user ids and number of record of each authority whose letter came.
AUTHORITIES = {
    "sakhu": ("6830307", "076210101"),
    "patong": ("4830201", "076210102"),
    "kathu": ("4830202", "076210103"),
    "wichit": ("5830106", "076210104"),
    "ratsada": ("5830105", "076210105"),
    "sisunthon": ("5830301", "076210106"),
    "maikhao": ("6830306", "076210107"),
    "thepkrasattri": ("5830303", "076210108"),
    "pakhlok": ("5830308", "076210109"),
    "kokaeo": ("6830108", "076210110"),
    "kamala": ("6830203", "076210111"),
}

#: Whose chief executive signs in each authority.
SIGNERS = {
    "sakhu": "นาย มานพ ศรีทอง",
    "patong": "นางสาว ลัดดา แก้วกาญจน์",
    "kathu": "นาย ชัยชนะ ธรรมวงศ์",
    "wichit": "นาย เกียรติ โชติช่วง",
    "ratsada": "นาย นิคม ยอดทอง",
    "sisunthon": "นาย วรเดช ทรงศิลป์",
    "maikhao": "นาย ดำรง ทองสุข",
    "thepkrasattri": "นาย ประสงค์ ตรีชัย",
    "pakhlok": "นาย ปรีชา สำลีทอง",
    "kokaeo": "นาย สุธี บุญรอด",
}


@dataclass(frozen=True, slots=True)
class Heard:
    """A letter on its way: the case, and the stem of its authority."""

    case: LetterCase
    stem: str


class Steps:
    """What the letters have in common; `at` gives an instant so many days ago."""

    def __init__(
        self, now: datetime, at: Callable[..., datetime], verifier: Subject, approver: Subject, third: Subject
    ) -> None:
        self.now, self.at = now, at
        self.verifier, self.approver, self.third = verifier, approver, third
        self._authorities: dict[str, LocalAuthority] = {}
        self._heads: dict[str, Subject] = {}
        self._received_count = 0

    def _head(self, stem: str, name: str, *, number: int) -> Subject:
        """Give an authority the head who is there before the letter."""
        at = self.at(100, 11, number)
        head = a_head(
            name,
            f"{stem}001",
            self._authorities[stem],
            at=at,
            mobile=f"08120003{number}",
            order_number=f"{number}/2569",
        )
        self._deliver_all(self._authorities[stem], at=at + timedelta(minutes=5))
        return head

    def _content(self, stem: str, name: str, *, leaves: bool = True) -> LetterContent:
        authority = self._authorities[stem]
        title, given, family = name.split(" ")
        signer_title, signer_given, signer_family = SIGNERS[stem].split(" ")
        number = list(AUTHORITIES).index(stem) + 1
        return LetterContent(
            head_has_left=leaves,
            leaving_kind=LeavingKind.MOVED if leaves else "",
            recipient_title=title,
            recipient_given_name=given,
            recipient_family_name=family,
            position_box=PositionBox.DIVISION,
            order_number=f"{300 + number}/2569",
            order_date=thai_day(self.at(45, 9)),
            order_from_date=thai_day(self.at(45, 9)),
            email=f"finance.{stem}@mail.example",
            mobile=f"08120004{number:02d}",
            contact_title="นางสาว",
            contact_given_name="พิมพ์ใจ",
            contact_family_name="สายบุญ",
            contact_mobile=f"08120005{number:02d}",
            signer_title=signer_title,
            signer_given_name=signer_given,
            signer_family_name=signer_family,
            signer_position_th=authority.chief_executive_title_th,
            signer_capacity=SignerCapacity.CHIEF_EXECUTIVE,
            office_name="กองคลัง",
            office_phone=AUTHORITIES[stem][1],
        )

    def _received(
        self, stem: str, content: LetterContent, *, at: datetime, by: Subject | None = None, with_order: bool = True
    ) -> Heard:
        """Prepare, print, sign and send a letter; receive it with its scan."""
        authority = self._authorities[stem]
        prepared_at = at - timedelta(days=1)
        begun = preparing.begin(
            actor=visitor("letter"), authority=authority, address_key=f"demo-{stem}", at=prepared_at
        )
        draft = preparing.write(
            actor=visitor("letter"),
            draft_id=begun.draft.pk,
            content=content,
            version=begun.draft.version,
            at=prepared_at,
        )
        document = preparing.register_print(
            actor=visitor("letter"), draft_id=draft.pk, at=prepared_at + timedelta(minutes=9)
        )
        self._received_count += 1
        number, day = f"ภก 5{2000 + self._received_count}/{140 + self._received_count}", thai_day(prepared_at)
        sheet = sheet_of(
            authority,
            content,
            letter_number=number,
            letter_date=day,
            verification_base=f"{settings.KUNJAE_BASE_URL}/verify",
            verification_code=document.code,
        )
        letter = CheckedUpload(kind=UploadKind.PDF, page_count=1, data=form_1.render_form_1(sheet))
        with ExitStack() as laid:
            order: LaidDown | None = None
            if with_order and content.needs_order:
                order = laid.enter_context(storage.laid_down(_order(authority, content)))
            case = receiving.receive(
                actor=actor_of(by or self.verifier),
                authority=authority,
                content=content,
                intake=receiving.Intake(
                    way_in=WayIn.PAPER,
                    letter_number=number,
                    letter_date=day,
                    received_number=str(4100 + self._received_count),
                    received_date=thai_day(at),
                    scan=laid.enter_context(storage.laid_down(letter)),
                    order_scan=order,
                    draft_code=document.code,
                    prepared_hash=document.content_hash,
                ),
                at=at,
            )
        heard = Heard(case, stem)
        self._deliver(heard, at=at + timedelta(minutes=2))
        return heard

    def _about(self, heard: Heard, officer: Subject, *, at: datetime) -> dict:
        return {
            "actor": actor_of(officer),
            "public_id": heard.case.public_id,
            "version": heard.case.version,
            "at": at,
        }

    def _answer(
        self,
        heard: Heard,
        *,
        at: datetime,
        by: Subject | None = None,
        person_id: int | None = None,
        without: tuple[Point, ...] = (),
    ) -> None:
        about = self._about(heard, by or self.verifier, at=at)
        for point in points_of(heard.case):
            if point in without:
                continue
            if point == Point.PERSON:
                verifying.choose_recipient(person_id=person_id, **about)
            else:
                verifying.note_point(point=point, note="", **about)

    def _call(
        self, heard: Heard, outcome: CallBackOutcome, said: str, *, at: datetime, by: Subject | None = None
    ) -> None:
        verifying.note_call(
            outcome=outcome,
            spoke_with=f"ปลัด{heard.case.authority.full_name}",
            said=said,
            **self._about(heard, by or self.verifier, at=at),
        )

    def _verified(
        self, heard: Heard, *, at: datetime, by: Subject | None = None, person_id: int | None = None
    ) -> Heard:
        """Find everything true: points, proofs by what was sent, and the call."""
        officer, case = by or self.verifier, heard.case
        self._answer(heard, at=at, by=officer, person_id=person_id)
        proving.send_proofs(actor=actor_of(officer), public_id=case.public_id, at=at)
        secrets = secrets_sent(case.email) if person_id is None else {}
        if secrets:
            proving.prove_by_link(
                actor=visitor("letter"), link_secret=secrets["link_secret"], at=at + timedelta(minutes=3)
            )
            proving.note_told_code(
                actor=actor_of(officer),
                public_id=case.public_id,
                channel=ProofChannel.MOBILE,
                code=secrets_sent(case.mobile)["code"],
                at=at + timedelta(minutes=4),
            )
        self._call(
            heard, CallBackOutcome.CONFIRMED, "ยืนยันว่าออกหนังสือจริง และผู้รับถูกต้อง", at=at + timedelta(minutes=8), by=officer
        )
        verifying.complete_verification(**self._about(heard, officer, at=at + timedelta(minutes=12)))
        self._deliver(heard, at=at + timedelta(minutes=13))
        return heard

    def _issued(self, heard: Heard, user_id: str, *, at: datetime, activated_at: datetime | None = None) -> None:
        case = deciding.approve(user_id=user_id, **self._about(heard, self.approver, at=at))
        if activated_at is not None and case.subject_id is not None:
            activate(Subject.objects.get(pk=case.subject_id), at=activated_at)
        self._deliver(heard, at=activated_at or at)
        if activated_at is not None:
            following.follow_up(actor=system("follow-up-letters"), at=activated_at + timedelta(minutes=5))
            self._deliver(heard, at=activated_at + timedelta(minutes=6))

    def _deliver(self, heard: Heard, *, at: datetime) -> None:
        self._deliver_all(heard.case.authority, at=at)

    @staticmethod
    def _deliver_all(authority: LocalAuthority, *, at: datetime) -> None:
        """Let the mail of one authority have arrived in those days; that of others keeps its own days."""
        waiting = Message.objects.filter(state=MessageState.QUEUED, organisation=authority).order_by("pk")
        for message_id in waiting.values_list("pk", flat=True):
            delivery.attempt(message_id, at=at)


def _order(authority: LocalAuthority, content: LetterContent) -> CheckedUpload:
    """Draw the order that appoints the recipient, as a scanner would see it."""
    lines = [
        f"คำสั่ง{authority.full_name}",
        f"ที่ {content.order_number}",
        "เรื่อง แต่งตั้งหัวหน้าหน่วยงานคลัง",
        "",
        f"ให้ {content.recipient_title}{content.recipient_given_name} {content.recipient_family_name}",
        "เป็นหัวหน้าหน่วยงานคลัง",
        f"ตั้งแต่วันที่ {long_date(content.order_from_date, 'th')}" if content.order_from_date else "",
        "",
        f"สั่ง ณ วันที่ {long_date(content.order_date, 'th')}" if content.order_date else "",
        "",
        f"({content.signer_title}{content.signer_given_name} {content.signer_family_name})",
        content.signer_position_th,
    ]
    page = Image.new("L", (826, 1169), 255)
    pen = ImageDraw.Draw(page)
    font = ImageFont.truetype(str(next(font_directory().glob("*Regular*.ttf"))), 26)
    for number, line in enumerate(lines):
        pen.text((413, 140 + number * 54), line, font=font, fill=20, anchor="ms")
    data = io.BytesIO()
    page.save(data, "PNG")
    return CheckedUpload(kind=UploadKind.PNG, page_count=1, data=data.getvalue())
