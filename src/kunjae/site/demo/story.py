"""
What has happened in ราไวย์ before the visitor comes: work in every state of form 2.

Everything is done by the operations that the pages use, at instants in the past, so that the record
reads like a record.
"""

from datetime import datetime, timedelta

from kunjae.access_requests import operations as form_2
from kunjae.access_requests.models import AccessRequest, CredentialWish
from kunjae.core.actor import visitor
from kunjae.core.clock import start_of_thai_day, thai_day
from kunjae.entitlements import catalogue
from kunjae.entitlements import operations as entitlements
from kunjae.entitlements.models import EndOfGrant, Grant
from kunjae.identity import operations as identity
from kunjae.identity.models import Subject
from kunjae.identity.password_profiles import LETTER_2562
from kunjae.organisations.models import Capacity, Desk, LocalAuthority, Office, Province
from kunjae.organisations.operations import post_to_desk
from kunjae.organisations.queries import authority_by_code
from kunjae.revocation import operations as revocation
from kunjae.revocation.models import ClosureReason
from kunjae.site.demo import circulars
from kunjae.site.demo.cast import (
    DEMO,
    a_head,
    a_person,
    a_post,
    activate,
    actor_of,
    an_account,
    deliver_mail,
    secrets_sent,
    set_stem,
    visited,
)
from kunjae.site.demo.letters import Letters

RAWAI, KARON = "5830107", "5830104"


class Story:
    """Tell the demo's past; `now` is the instant at which the visitor arrives."""

    def __init__(self, now: datetime) -> None:
        self.now = now
        self.rawai = self._authority(RAWAI)
        self.karon = self._authority(KARON)

    @staticmethod
    def _authority(code: str) -> LocalAuthority:
        authority = authority_by_code(code)
        if authority is None:
            raise LookupError(f"the register has no authority {code}")
        return authority

    def at(self, days_ago: int, hour: int, minute: int = 0) -> datetime:
        """Give an instant in Thai office hours, so many days ago."""
        day = start_of_thai_day(thai_day(self.now) - timedelta(days=days_ago))
        return min(day + timedelta(hours=hour, minutes=minute), self.now)

    def tell(self) -> None:
        """Seed everything, from the oldest to the newest."""
        self._rules()
        self._desks()
        letters = Letters(self.now, self.at, self.department, self.siriporn, self.wipawee)
        letters.contacts_of_record()
        self._heads()
        deliver_mail(at=self.at(99, 10, 5))
        self._executives()
        deliver_mail(at=self.at(89, 12))
        self._officers()
        self._what_was_taken_away()
        self._what_was_not_granted()
        letters.past()
        circulars.tell(
            department=self.department, province=self.province, head_of_karon=self.head_of_karon, moment=self.at
        )
        self._the_last_days()
        letters.tell()

    def _rules(self) -> None:
        at = self.at(121, 8)
        entitlements.publish_catalogue(actor=DEMO, data=catalogue.read(), at=at)
        identity.adopt_password_policy(actor=DEMO, profile=LETTER_2562, effective_date=thai_day(at), at=at)

    def _desks(self) -> None:
        at = self.at(120, 9)
        self.department = self._at_the_desk("นาง อรทัย ศรีสุข", "dla.orathai", "0812000001", at=at)
        self.siriporn = self._at_the_desk("นางสาว ศิริพร วงศ์ทอง", "dla.siriporn", "0812000027", at=at)
        self.wipawee = self._at_the_desk("นางสาว วิภาวี แสงจันทร์", "dla.wipawee", "0812000028", at=at)
        person = a_person("นาย ณัฐพล ทองอยู่", None, at=at)
        post_to_desk(
            actor=DEMO,
            person=person,
            desk=Desk.PROVINCE,
            province=Province.objects.get(code="83"),
            position_th="นักส่งเสริมการปกครองท้องถิ่นชำนาญการ",
            from_date=thai_day(at),
            at=at,
        )
        self.province = an_account(person, "phuket.nattaphon", None, at=at, mobile="0812000002")

    @staticmethod
    def _at_the_desk(name: str, username: str, mobile: str, *, at: datetime) -> Subject:
        """Post somebody to the department's desk: who verifies a letter never approves it, so there are three."""
        person = a_person(name, None, at=at)
        post_to_desk(
            actor=DEMO,
            person=person,
            desk=Desk.DEPARTMENT,
            position_th="นักวิชาการเงินและบัญชีชำนาญการ ส่วนพัฒนาระบบบัญชีท้องถิ่น",
            from_date=thai_day(at),
            at=at,
        )
        return an_account(person, username, None, at=at, mobile=mobile)

    def _heads(self) -> None:
        set_stem(self.rawai, "rawai", "076000100", at=self.at(119, 9))
        set_stem(self.karon, "karon", "076000200", at=self.at(119, 9, 5))
        self.head = a_head(
            "นางสาว ปุญญิศา ตั้งพิสุทธิ์กุล",
            "rawai003",
            self.rawai,
            at=self.at(110, 9),
            mobile="0812000003",
            order_number="287/2569",
            capacity=Capacity.ACTING_FOR,
            own_position_th="นักวิชาการเงินและบัญชีชำนาญการ",
        )
        self.head_of_karon = a_head(
            "นาย ธีรวุฒิ ปู่เจริญ",
            "karon001",
            self.karon,
            at=self.at(100, 10),
            mobile="0812000004",
            order_number="51/2569",
        )

    def _executives(self) -> None:
        at = self.at(90, 10)
        executive = a_person("นาย ประสิทธิ์ ญี่ปู่", self.rawai, at=at)
        post = a_post(executive, self.rawai, self.rawai.chief_executive_title_th, office=Office.CHIEF_EXECUTIVE, at=at)
        self._give_executive_access(post.pk, "rawai001", "0812000005", at=at)
        self.executive = self._subject("rawai001")
        at = self.at(90, 11)
        clerk = a_person("นาง สมหมาย ใจดี", self.rawai, at=at)
        post = a_post(clerk, self.rawai, self.rawai.clerk_title_th, office=Office.CHIEF_ADMINISTRATOR, at=at)
        self._give_executive_access(post.pk, "rawai002", "0812000006", at=at)

    def _give_executive_access(self, appointment_id: int, username: str, mobile: str, *, at: datetime) -> None:
        form_2.give_executive_access(
            actor=actor_of(self.head),
            appointment_id=appointment_id,
            username=username,
            email=f"{username}@phuket.example",
            mobile=mobile,
            at=at,
        )
        activate(self._subject(username), at=at + timedelta(minutes=40))

    @staticmethod
    def _subject(username: str) -> Subject:
        return Subject.objects.select_related("person", "authority").get(username=username)

    def _officers(self) -> None:
        self.yanisa = self._newcomer(
            "นางสาว ญาณิศา ภู่ประเสริฐ", "rawai014", "นักวิชาการเงินและบัญชีปฏิบัติการ",
            groups=("revenue_officer",), duty="รับชำระภาษีป้ายและค่าธรรมเนียม", days_ago=80, number=14,
        )  # fmt: skip
        self.phanuwat = self._newcomer(
            "นาย ภาณุวัฒน์ หมื่นจิตร", "rawai011", "เจ้าพนักงานการเงินและบัญชีปฏิบัติงาน",
            groups=("finance_officer", "accounting_officer"), duty="จัดทำเช็คและบันทึกบัญชี", days_ago=75, number=11,
        )  # fmt: skip
        self.ubonwan = self._newcomer(
            "นาง อุบลวรรณ ดิษฐ์เจริญ", "rawai007", "เจ้าพนักงานจัดเก็บรายได้ชำนาญงาน",
            groups=("revenue_officer",), duty="ออกใบเสร็จรับเงิน", days_ago=70, number=7,
        )  # fmt: skip
        self.somphop = self._newcomer(
            "นาย สมภพ อยู่เย็น", "rawai008", "เจ้าพนักงานการเงินและบัญชีชำนาญงาน",
            groups=("finance_officer",), duty="จัดทำเช็คและใบถอน", days_ago=68, number=8,
        )  # fmt: skip
        self.thitirat = self._newcomer(
            "นาง ฐิติรัตน์ กู้เกียรติ", "rawai006", "นักวิชาการเงินและบัญชีปฏิบัติการ",
            groups=("accounting_officer",), duty="บันทึกบัญชีและปิดบัญชี", days_ago=60, number=6,
        )  # fmt: skip

    def _newcomer(
        self,
        name: str,
        username: str,
        position_th: str,
        *,
        groups: tuple[str, ...],
        duty: str,
        days_ago: int,
        number: int,
    ) -> Subject:
        """Walk form 2 from the invitation to the first password."""
        request = self._asked_by_invitation(
            name, f"{username}@phuket.example", f"08120001{number:02d}", position_th,
            groups=groups, duty=duty, at=self.at(days_ago, 10),
        )  # fmt: skip
        self._approve(
            request, groups=groups, username=username, order=f"{200 + number}/2569", at=self.at(days_ago - 1, 14)
        )
        subject = activate(self._subject(username), at=self.at(days_ago - 1, 15))
        a_post(subject.person, self.rawai, position_th, at=self.at(days_ago - 1, 15, 5))
        deliver_mail(at=self.at(days_ago - 1, 15, 10))
        return subject

    def _asked_by_invitation(
        self, name: str, email: str, mobile: str, position_th: str, *, groups: tuple[str, ...], duty: str, at: datetime
    ) -> AccessRequest:
        title, given, family = name.split(" ")
        invitation = form_2.invite(
            actor=actor_of(self.head), authority=self.rawai, title=title, given_name=given, family_name=family,
            email=email, at=at,
        )  # fmt: skip
        guest = visitor("invitation")
        form_2.open_invitation(actor=guest, link_secret=secrets_sent(email)["link_secret"], at=at)
        form_2.send_mobile_code(actor=guest, invitation_id=invitation.pk, mobile=mobile, at=at)
        invitation = form_2.confirm_mobile(
            actor=guest, invitation_id=invitation.pk, code=secrets_sent(mobile)["code"], at=at
        )
        content = self._content(position_th, CredentialWish.NEW_USER, groups=groups, duty=duty, at=at)
        request = form_2.draft(actor=guest, authority=self.rawai, content=content, invitation=invitation, at=at)
        return form_2.submit(
            actor=visitor("invitation", person_id=request.applicant_id), request_public_id=request.public_id, at=at
        )

    @staticmethod
    def _content(
        position_th: str,
        wish: CredentialWish,
        *,
        groups: tuple[str, ...] = (),
        duty: str = "",
        reason: str = "",
        at: datetime,
    ) -> form_2.Content:
        return form_2.Content(
            position_th=position_th,
            form_date=thai_day(at),
            credential_wish=wish,
            cannot_enter_reason=reason,
            wants_groups=bool(groups),
            duty=duty,
            group_codes=groups,
        )

    def _approve(
        self, request: AccessRequest, *, groups: tuple[str, ...], order: str, at: datetime, username: str = ""
    ) -> None:
        form_2.decide(
            actor=actor_of(self.head),
            request_public_id=request.public_id,
            opinion=form_2.Opinion(
                version=request.version, approve=True, group_codes=groups, username=username,
                order_number=order, order_date=thai_day(at),
            ),
            at=at,
        )  # fmt: skip

    def _asked_signed_in(
        self,
        subject: Subject,
        position_th: str,
        *,
        groups: tuple[str, ...],
        duty: str,
        at: datetime,
        submit: bool = True,
    ) -> AccessRequest:
        content = self._content(position_th, CredentialWish.NONE, groups=groups, duty=duty, at=at)
        request = form_2.draft(actor=actor_of(subject), authority=self.rawai, content=content, at=at)
        if submit:
            request = form_2.submit(actor=actor_of(subject), request_public_id=request.public_id, at=at)
        return request

    def _what_was_taken_away(self) -> None:
        head = actor_of(self.head)
        grant = Grant.objects.get(subject=self.phanuwat, group__code="accounting_officer", ended_at=None)
        revocation.remove_from_group(
            actor=head,
            grant_id=grant.pk,
            reason=EndOfGrant.CHANGED_DUTY,
            note="ย้ายงานบัญชีไปให้นางฐิติรัตน์",
            at=self.at(40, 10),
        )
        deliver_mail(at=self.at(40, 10, 5))
        revocation.suspend(actor=head, subject_public_id=self.ubonwan.public_id, reason="ลาคลอดบุตร", at=self.at(30, 9))
        deliver_mail(at=self.at(30, 9, 5))

    def _what_was_not_granted(self) -> None:
        refused = self._asked_signed_in(
            self.phanuwat, "เจ้าพนักงานการเงินและบัญชีปฏิบัติงาน",
            groups=("budget_officer",), duty="ช่วยงานจัดทำเทศบัญญัติงบประมาณ", at=self.at(21, 10),
        )  # fmt: skip
        form_2.decide(
            actor=actor_of(self.head),
            request_public_id=refused.public_id,
            opinion=form_2.Opinion(
                version=refused.version, approve=False, refusal_reason="ยังไม่มีคำสั่งมอบหมายหน้าที่ด้านงบประมาณ"
            ),
            at=self.at(20, 11),
        )
        deliver_mail(at=self.at(20, 11, 5))
        withdrawn = self._asked_signed_in(
            self.thitirat, "นักวิชาการเงินและบัญชีปฏิบัติการ",
            groups=("procurement_officer",), duty="งานพัสดุแทนผู้ลา", at=self.at(15, 13),
        )  # fmt: skip
        form_2.withdraw(actor=actor_of(self.thitirat), request_public_id=withdrawn.public_id, at=self.at(14, 9))

    def _the_last_days(self) -> None:
        """Tell of asking, leaving and signing in, day by day; what is asked for here waits, but for one."""
        granted = self._asked_by_invitation(
            "นางสาว พิมพ์ชนก สุขเกษม", "rawai015@phuket.example", "0812000115", "เจ้าพนักงานธุรการปฏิบัติงาน",
            groups=("division_clerk",), duty="จัดทำฎีกาของกองช่าง", at=self.at(9, 10),
        )  # fmt: skip
        revocation.close_account(
            actor=actor_of(self.head), subject_public_id=self.somphop.public_id, reason=ClosureReason.MOVED,
            other_text="", effective_date=thai_day(self.at(7, 15)), left_date=thai_day(self.at(8, 15)),
            case=Grant.objects.filter(subject=self.somphop).first().case, at=self.at(7, 15, 40),
        )  # fmt: skip
        deliver_mail(at=self.at(7, 15, 45))
        visited(self.yanisa, at=self.at(6, 9), timed_out=True)
        self._asked_signed_in(
            self.yanisa, "นักวิชาการเงินและบัญชีปฏิบัติการ", groups=("finance_officer", "accounting_officer"),
            duty="จัดทำเช็คและใบถอน และบันทึกบัญชี แทนนายสมภพ อยู่เย็น ที่ย้ายไป ตามคำสั่งที่ 338/2569", at=self.at(6, 10, 31),
        )  # fmt: skip
        visited(self.executive, at=self.at(6, 14))
        visited(self.phanuwat, at=self.at(5, 13, 10))
        visited(self.head_of_karon, at=self.at(4, 9))
        visited(self.yanisa, at=self.at(3, 8, 31))
        visited(self.province, at=self.at(2, 10))
        self._asked_by_invitation(
            "นาย วีรภัทร แซ่ลิ้ม", "rawai016@phuket.example", "0812000116", "นักวิชาการพัสดุปฏิบัติการ",
            groups=("procurement_officer",), duty="งานพัสดุ ตามคำสั่งที่ 341/2569", at=self.at(2, 11),
        )  # fmt: skip
        visited(self.head, at=self.at(1, 8, 14))
        self._asked_signed_in(
            self.phanuwat, "เจ้าพนักงานการเงินและบัญชีปฏิบัติงาน", groups=("grants_link",),
            duty="รับเงินอุดหนุนทั่วไปและภาษีจัดสรร", at=self.at(1, 9, 12), submit=False,
        )  # fmt: skip
        deliver_mail(at=self.at(1, 9, 15))
        self._approve(granted, groups=("division_clerk",), order="330/2569", username="rawai015", at=self.at(0, 8, 40))
