"""
What has come to the department's desk before the visitor comes: letters of authorities of ภูเก็ต in every state.

Each is prepared on the public page, printed with its QR, received with its scan, verified and decided by the
operations that the pages use. Two officers of the desk are in the cast, so that either can approve what the
other has verified.
"""

from dataclasses import replace
from datetime import datetime, timedelta

from kunjae.core.actor import system
from kunjae.entitlements import operations as entitlements
from kunjae.entitlements.models import Tenure
from kunjae.official_letters.models import (
    CallBackOutcome,
    OtherReason,
    Point,
    PositionBox,
)
from kunjae.official_letters.operations import deciding, objecting
from kunjae.organisations.models import Capacity, LocalAuthority, Province
from kunjae.organisations.operations.contacts import confirm_contact, propose_contact
from kunjae.organisations.queries import authority_by_code
from kunjae.site.demo.cast import actor_of, set_stem
from kunjae.site.demo.letter_steps import AUTHORITIES, PROVINCE_EMAIL, PROVINCE_PHONE, Steps

#: Who heads the finance of each authority before its letter comes; the others never had anybody.
_HEADS = {
    "kamala": "นาย สุรศักดิ์ ประทีป",
    "patong": "นาย วิชัย สุวรรณดี",
    "pakhlok": "นางสาว นฤมล เกื้อกูล",
    "thepkrasattri": "นาง ประไพ ทองนอก",
    "maikhao": "นางสาว สุนิสา วารี",
    "kathu": "นาย สมศักดิ์ รักไทย",
    "wichit": "นาง วันเพ็ญ จันทร์แก้ว",
    "ratsada": "นาย เอกชัย พงษ์ไพร",
    "sisunthon": "นาย พรชัย ใจซื่อ",
}


class Letters(Steps):
    """Tell of the letters; `verifier`, `approver` and `third` sit at the desk."""

    def contacts_of_record(self) -> None:
        """Set the addresses of record: one officer proposes, another confirms, long before any letter."""
        at = self.at(118, 10)
        self._contact("saraban", at=at, province=Province.objects.get(code="83"))
        for number, (stem, (code, _)) in enumerate(AUTHORITIES.items(), start=1):
            authority = authority_by_code(code)
            if authority is not None:
                set_stem(authority, stem, "", at=self.at(119, 10, number))
                self._contact(stem, at=at + timedelta(minutes=number), authority=authority)
                self._authorities[stem] = authority_by_code(code) or authority

    def _contact(
        self, stem: str, *, at: datetime, authority: LocalAuthority | None = None, province: Province | None = None
    ) -> None:
        proposed = propose_contact(
            actor=actor_of(self.verifier),
            authority=authority,
            province=province,
            email=PROVINCE_EMAIL if province else f"saraban@{stem}.example",
            phone=PROVINCE_PHONE if province else AUTHORITIES[stem][1],
            source="ทำเนียบ อปท. ของสำนักงานส่งเสริมการปกครองท้องถิ่นจังหวัดภูเก็ต",
            at=at,
        )
        confirm_contact(actor=actor_of(self.third), public_id=proposed.public_id, at=at + timedelta(seconds=30))

    def past(self) -> None:
        """Tell of the heads who are there, and of letters that were answered weeks ago."""
        if not self._is_in_phuket():
            return
        for number, (stem, name) in enumerate(_HEADS.items(), start=21):
            self._heads[stem] = self._head(stem, name, number=number)
        self._first_head_of_sakhu()
        self._vacancy_of_kamala()
        self._successor_in_patong()

    def tell(self) -> None:
        """Tell of the letters of the last days; every authority has a record of its own."""
        if not self._is_in_phuket():
            return
        self._refused_in_pakhlok()
        self._returned_to_thepkrasattri()
        self._frozen_in_maikhao()
        self._waits_in_kathu()
        self._waits_in_wichit()
        self._issued_in_kokaeo()
        self._hold_runs_in_ratsada()
        self._fresh_from_sisunthon()

    def _is_in_phuket(self) -> bool:
        """Tell whether the register of the demonstration was imported, and not another one."""
        return len(self._authorities) == len(AUTHORITIES)

    # --- The letters, one by one -------------------------------------------------------------------------------

    def _first_head_of_sakhu(self) -> None:
        content = replace(
            self._content("sakhu", "นางสาว อรวรรณ ช่วยบำรุง", leaves=False),
            other_reason=OtherReason.NEW_AUTHORITY,
            other_text="เริ่มใช้ระบบเป็นครั้งแรก",
        )
        heard = self._verified(self._received("sakhu", content, at=self.at(36, 9)), at=self.at(36, 13))
        self._issued(heard, "sakhu001", at=self.at(35, 14), activated_at=self.at(35, 15))

    def _vacancy_of_kamala(self) -> None:
        tenure = Tenure.objects.get(subject=self._heads["kamala"], until_at=None)
        entitlements.close_tenure(actor=system("demo"), tenure_id=tenure.pk, at=self.at(24, 16))

    def _successor_in_patong(self) -> None:
        content = self._content("patong", "นาง กนกวรรณ ลิ่มสกุล")
        heard = self._verified(self._received("patong", content, at=self.at(20, 9)), at=self.at(20, 15))
        self._issued(heard, "patong002", at=self.at(18, 10), activated_at=self.at(18, 11))

    def _refused_in_pakhlok(self) -> None:
        heard = self._received("pakhlok", self._content("pakhlok", "นาย อนันต์ แก้วมณี"), at=self.at(10, 10))
        self._call(heard, CallBackOutcome.DENIED, "ปลัด อปท. แจ้งว่าไม่เคยออกหนังสือฉบับนี้", at=self.at(10, 11))
        deciding.refuse(
            note="อปท. แจ้งทางโทรศัพท์ว่ามิได้ออกหนังสือฉบับนี้", **self._about(heard, self.verifier, at=self.at(9, 9))
        )
        self._deliver(heard, at=self.at(9, 9, 5))

    def _returned_to_thepkrasattri(self) -> None:
        content = self._content("thepkrasattri", "นาย ภาสกร เพชรรัตน์")
        heard = self._received("thepkrasattri", content, at=self.at(6, 10), with_order=False)
        deciding.return_for_correction(
            note="ไม่ได้แนบคำสั่งแต่งตั้งผู้อำนวยการกองคลังคนใหม่", **self._about(heard, self.verifier, at=self.at(5, 9))
        )
        self._deliver(heard, at=self.at(5, 9, 5))

    def _frozen_in_maikhao(self) -> None:
        content = self._content("maikhao", "นาย ธีรยุทธ ศรีวิไล")
        heard = self._verified(self._received("maikhao", content, at=self.at(4, 9)), at=self.at(4, 14))
        objecting.object_by_desk(
            actor=actor_of(self.approver),
            public_id=heard.case.public_id,
            name="นางสาวสุนิสา วารี หัวหน้าหน่วยงานคลังคนปัจจุบัน",
            text="แจ้งทางโทรศัพท์ว่ายังปฏิบัติหน้าที่อยู่ ไม่ได้ย้าย ขอให้ตรวจสอบหนังสือ",
            at=self.at(3, 11),
        )

    def _waits_in_kathu(self) -> None:
        """Verified by the first officer: the second one may approve it."""
        content = self._content("kathu", "นางสาว ชุติมา วงศ์พิทักษ์")
        self._verified(self._received("kathu", content, at=self.at(3, 9)), at=self.at(3, 14))

    def _waits_in_wichit(self) -> None:
        """Verified by the second officer: the first one may approve it. The same head, on record: no hold."""
        head = self._heads["wichit"]
        content = replace(
            self._content("wichit", "นาง วันเพ็ญ จันทร์แก้ว", leaves=False),
            is_unusable=True,
            email=head.email,
            mobile=head.mobile,
        )
        heard = self._received("wichit", content, at=self.at(2, 13), by=self.approver)
        self._verified(heard, at=self.at(2, 15), by=self.approver, person_id=head.person_id)

    def _issued_in_kokaeo(self) -> None:
        """Issued and not yet activated; the mobile is the contact's too, so that a slip is printed."""
        content = self._content("kokaeo", "นาย กฤษณะ สิงห์ทอง", leaves=False)
        content = replace(
            content,
            other_reason=OtherReason.RETIRED,
            position_box=PositionBox.ACTING,
            own_position_th="นักวิชาการเงินและบัญชีปฏิบัติการ",
            acted_post_th="ผู้อำนวยการกองคลัง",
            capacity=Capacity.ACTING_FOR,
            contact_mobile=content.mobile,
        )
        heard = self._verified(self._received("kokaeo", content, at=self.at(3, 10)), at=self.at(3, 15))
        self._issued(heard, "kokaeo001", at=self.at(1, 10))

    def _hold_runs_in_ratsada(self) -> None:
        at = self.now - timedelta(hours=5)
        heard = self._received("ratsada", self._content("ratsada", "นางสาว ดวงใจ มั่นคง"), at=at)
        self._answer(heard, at=at + timedelta(hours=1), without=(Point.ORDER,))

    def _fresh_from_sisunthon(self) -> None:
        content = replace(self._content("sisunthon", "นาย พงศกร อินทร์แก้ว"), is_lost=True)
        self._received("sisunthon", content, at=self.now - timedelta(minutes=50))
