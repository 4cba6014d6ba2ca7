"""
A nation at work, made by COPY: every authority of the register, accounts with all that belongs to them.

Two nations are compared, one ten times the other. The authorities that the pages are measured in (`Looked`) hold
the same accounts and requests in both, so that a page shows the same and only what lies around it grows.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import cache
from hashlib import sha256
from itertools import count

from django.contrib.auth.hashers import make_password

from kunjae.access_requests.models import (
    AccessRequest,
    CaseCounter,
    CredentialWish,
    GrantedGroup,
    Invitation,
    RequestedGroup,
    RequestState,
    WayIn,
)
from kunjae.core.clock import fiscal_year, thai_day
from kunjae.core.identifiers import PUBLIC_ID_LENGTH, case_number, skeleton
from kunjae.core.phones import mailbox_key
from kunjae.core.text import search_key, sort_key
from kunjae.documents.models import DocumentKind, IssuedDocument
from kunjae.entitlements.models import AccessGroup, Basis, Grant, Tenure
from kunjae.identity import queries as identities
from kunjae.identity import undertaking
from kunjae.identity.models import Activation, EndReason, Session, SignInAttempt, Subject, SubjectState, Undertaking
from kunjae.messaging.models import Channel, Message, MessageState
from kunjae.organisations.models import (
    Appointment,
    Capacity,
    Desk,
    LocalAuthority,
    Office,
    Person,
    PersonName,
    Posting,
)
from kunjae.revocation.models import Closure, ClosureReason
from tools.bench.bulk import Load
from tools.bench.ground import PASSWORD

GIVEN_NAMES = (
    ("สมชาย", "somchai"), ("วิไลวรรณ", "wilaiwan"), ("ประเสริฐ", "prasert"), ("ณัฐพล", "nattapon"), ("กมลชนก", "kamonchanok"),
    ("ธนกร", "thanakorn"), ("ปิยะดา", "piyada"), ("อรทัย", "orathai"), ("สุรศักดิ์", "surasak"), ("เบญจมาศ", "benjamas"),
    ("ชัยวัฒน์", "chaiwat"), ("นภัสสร", "napassorn"), ("พงศธร", "pongsathorn"), ("รัตนา", "rattana"), ("วีรภัทร", "weeraphat"),
    ("ศิริพร", "siriporn"), ("อภิชาติ", "apichart"), ("จันทร์เพ็ญ", "chanpen"), ("ญาณิศา", "yanisa"), ("เกรียงไกร", "kriangkrai"),
    ("ฐิติรัตน์", "thitirat"), ("ดวงใจ", "duangjai"), ("ไพโรจน์", "pairoj"), ("เสาวลักษณ์", "saowalak"),
)  # fmt: skip
"""Given names, and how their owners begin their mail addresses."""

FAMILY_NAMES = (
    "ใจดี", "ศรีสุข", "ทองคำ", "แซ่ลิ้ม", "ภู่ประเสริฐ", "รุ่งเรือง", "บุญมา", "วงศ์สุวรรณ", "จันทร์แก้ว", "พรหมมา", "ชูช่วย", "สุขสวัสดิ์",
    "แก้วมณี", "อินทร์แก้ว", "เพชรรัตน์", "หอมหวล", "ปานทอง", "เจริญผล", "นาคสุข", "คงเพชร", "ญี่ปู่", "สายบุญ", "มั่นคง", "ยอดดี",
    "ดำรงค์", "สีดา", "กลิ่นหอม", "ประทุม", "ไชยวงค์", "ตั้งพิสุทธิ์กุล", "ขาวสะอาด",
)  # fmt: skip
TITLES = ("นาย", "นางสาว", "นาง")
POSITION = "นักวิชาการเงินและบัญชีปฏิบัติการ"
HISTORY_DAYS = 700
NEWCOMERS_WAITING = 3


@dataclass(frozen=True, slots=True)
class Account:
    """What the history and the pages need to know of an account."""

    subject_id: int
    person_id: int
    public_id: str
    username: str
    name: str
    case: str
    state: SubjectState


@dataclass(slots=True)
class Town:
    """One authority, with its accounts (the head's first) and its requests that wait, by their public ids."""

    authority_id: int
    code: str
    accounts: list[Account] = field(default_factory=list)
    waiting: list[tuple[str, str, Account | None]] = field(default_factory=list)
    decided: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Nation:
    """All of it: the towns to look at, the others, and an account at the department's desk."""

    looked_at: list[Town]
    others: list[Town]
    desk: Account

    @property
    def towns(self) -> Iterator[Town]:
        yield from self.looked_at
        yield from self.others

    @property
    def accounts_count(self) -> int:
        return 1 + sum(len(town.accounts) for town in self.towns)


def sizes_looked_at(accounts: int) -> tuple[int, ...]:
    """How many accounts the authorities have in which pages are measured: mostly the usual thirteen, some large."""
    return (13, 13, 13, 13, 30, 60, 120) if accounts >= 5_000 else (13, 13, 30)


def populate(accounts: int, *, sizes: tuple[int, ...], at: datetime) -> Nation:
    """Fill an empty database, which holds register and catalogue, with so many accounts."""
    making = _Making(at)
    authorities = list(LocalAuthority.objects.order_by("pk").values_list("pk", "code", "finance_head_title"))
    # Spread over the nation, not the first of its first province.
    step = len(authorities) // len(sizes)
    chosen = authorities[step // 2 :: step][: len(sizes)]
    kept = {authority[0] for authority in chosen}
    rest = [authority for authority in authorities if authority[0] not in kept]
    each, more = divmod(accounts - 1 - sum(sizes), len(rest))
    looked_at = [making.town(authority, size) for authority, size in zip(chosen, sizes, strict=True)]
    others = [
        making.town(authority, each + (1 if number < more else 0))
        for number, authority in enumerate(rest)
        if each or number < more
    ]
    desk = making.desk()
    making.load.close()
    return Nation(looked_at, others, desk)


def mail_address(number: int) -> str:
    """Make up the address of somebody: a name and a number."""
    return f"{GIVEN_NAMES[number % len(GIVEN_NAMES)][1]}{number}@example.go.th"


_DIGITS = "23456789bcdfghjkmnpqrstvwxz"
_IDS = len(_DIGITS) ** PUBLIC_ID_LENGTH


def public_id(number: int) -> str:
    """Write a number as an opaque name of the product's own form, numbers in a row far from each other."""
    scattered, digits = number * 88_888_888_888_889 % _IDS, []
    for _ in range(PUBLIC_ID_LENGTH):
        scattered, digit = divmod(scattered, len(_DIGITS))
        digits.append(_DIGITS[digit])
    return "".join(digits)


@cache
def _keys(given_name: str, family_name: str) -> dict[str, str]:
    name = f"{given_name} {family_name}"
    return {"search_key": search_key(name), "sort_key": sort_key(name)}


@cache
def _year_of(day: date) -> int:
    return fiscal_year(day)


class _Making:
    """The rows of a nation, town by town; the same order makes the same nation."""

    def __init__(self, at: datetime) -> None:
        self.at = at
        self.load = Load()
        # One hash for all: it is computed once, and each sign-in still verifies it.
        self.password = make_password(PASSWORD)
        # Set while this policy was in force, it is not judged again at the sign-in.
        edition, _profile = identities.password_policy_on(thai_day(at))
        self.password_policy_id = edition.pk if edition else None
        self.groups = [(pk, code) for pk, code in AccessGroup.objects.order_by("sort_order").values_list("pk", "code")]
        self.group_ids = {code: pk for pk, code in self.groups}
        self.officers_groups = [
            pk for pk, code in self.groups if code.endswith("_officer") or code in ("division_clerk", "grants_link")
        ]
        self.numbers = count(1)

    def person(self, *, posts: tuple[dict, ...] = ()) -> tuple[int, str]:
        number = next(self.numbers)
        (given, _latin), family = GIVEN_NAMES[number % len(GIVEN_NAMES)], FAMILY_NAMES[number % len(FAMILY_NAMES)]
        names = {"title": TITLES[number % 3], "given_name": given, "family_name": family}
        person_id = self.load.of(Person).add(public_id=public_id(number), **names, **_keys(given, family))
        since = thai_day(self.at) - timedelta(days=HISTORY_DAYS + 30)
        self.load.of(PersonName).add(person_id=person_id, **names, from_date=since)
        for post in posts:
            self.load.of(Appointment).add(person_id=person_id, from_date=since, **post)
        return person_id, f"{names['title']}{given} {family}"

    def account(
        self,
        person: tuple[int, str],
        username: str,
        authority_id: int | None,
        *,
        opened_at: datetime,
        case: str = "",
        state: SubjectState = SubjectState.ACTIVE,
        head_person_id: int | None = None,
    ) -> Account:
        """Add an account with its activation, messages, sessions and tries to sign in."""
        activated = opened_at + timedelta(hours=3)
        is_used = state != SubjectState.PENDING
        number = next(self.numbers)
        mail, mobile = mail_address(number), f"+668{number:08d}"
        closed_at = self.at - timedelta(days=20) if state == SubjectState.CLOSED else None
        opaque = public_id(number)
        subject_id = self.load.of(Subject).add(
            public_id=opaque,
            username=username,
            skeleton=skeleton(username),
            person_id=person[0],
            authority_id=authority_id,
            state=state,
            password=self.password if is_used else "!",
            email=mail,
            email_confirmed_at=opened_at,
            mailbox_key=mailbox_key(mail),
            mobile=mobile,
            mobile_confirmed_at=opened_at,
            password_changed_at=activated if is_used else None,
            password_policy_id=self.password_policy_id if is_used else None,
            opened_at=opened_at,
            activated_at=activated if is_used else None,
            suspended_at=self.at - timedelta(days=9) if state == SubjectState.SUSPENDED else None,
            suspended_by_id=head_person_id if state == SubjectState.SUSPENDED else None,
            suspended_reason="ไปช่วยราชการ" if state == SubjectState.SUSPENDED else "",
            closed_at=closed_at,
        )
        mails = [
            self.message(kind, channel, to, person[0], authority_id, case=case, at=opened_at)
            for kind, channel, to in (("activation", Channel.MAIL, mail), ("activation_code", Channel.SMS, mobile))
        ]
        self.load.of(Activation).add(
            subject_id=subject_id,
            purpose=Activation.Purpose.FIRST,
            case=case,
            link_digest=sha256(username.encode()).hexdigest(),
            mail_code_hash="",
            second_code_hash="",
            second_way=Activation.SecondWay.SMS,
            mail_id=mails[0],
            issued_at=opened_at,
            used_at=activated if is_used else None,
        )
        if is_used:
            self.load.of(Undertaking).add(
                subject_id=subject_id,
                version=undertaking.VERSION,
                text_digest=undertaking.digest(),
                accepted_at=activated,
            )
            self.sessions(subject_id, username, since=activated)
        return Account(subject_id, person[0], opaque, username, person[1], case, state)

    def message(
        self, kind: str, channel: Channel, to: str, person_id: int, authority_id: int | None, *, case: str, at: datetime
    ) -> int:
        return self.load.of(Message).add(
            public_id=public_id(next(self.numbers)),
            kind=kind,
            channel=channel,
            to_address=to,
            person_id=person_id,
            organisation_id=authority_id,
            case=case,
            state=MessageState.SENT,
            attempts_count=1,
            queued_at=at,
            sent_at=at + timedelta(seconds=8),
        )

    def sessions(self, subject_id: int, username: str, *, since: datetime) -> None:
        key, span = sha256(username.encode()).hexdigest()[:32], (self.at - since) / 4
        for visit in range(1, 4):
            began = since + span * visit
            number = next(self.numbers)
            place = {"address": "127.0.0.1", "device": "Chrome Windows"}
            self.load.of(Session).add(
                public_id=public_id(number),
                subject_id=subject_id,
                key_digest=sha256(b"%d" % number).hexdigest(),
                started_at=began,
                seen_at=began + timedelta(minutes=40),
                ended_at=began + timedelta(minutes=55),
                end_reason=EndReason.SIGNED_OUT if visit % 2 else EndReason.IDLE,
                **place,
            )
            self.load.of(SignInAttempt).add(
                subject_id=subject_id, account_key=key, at=began, outcome=SignInAttempt.Outcome.SIGNED_IN, **place
            )
            if visit == 2:
                self.load.of(SignInAttempt).add(
                    subject_id=subject_id,
                    account_key=key,
                    at=began - timedelta(seconds=20),
                    outcome=SignInAttempt.Outcome.REFUSED,
                    **place,
                )

    def desk(self) -> Account:
        """Add somebody at the department's desk, who looks at all authorities."""
        person = self.person()
        since = thai_day(self.at) - timedelta(days=HISTORY_DAYS)
        self.load.of(Posting).add(
            person_id=person[0], desk=Desk.DEPARTMENT, position_th="นักวิชาการเงินและบัญชีชำนาญการ", from_date=since
        )
        return self.account(person, "desk001", None, opened_at=self.at - timedelta(days=HISTORY_DAYS))

    def town(self, authority: tuple[int, str, str], size: int) -> Town:
        """Add an authority's people: head, chief executive, clerk, then officers with requests that opened them."""
        making = _Town(self, authority)
        for number in range(size):
            making.add(number)
        if size >= 5:
            making.add_waiting(min(20, max(2, size // 3)))
        making.close()
        self.load.write()
        return making.town


class _Town:
    """The rows of one authority on their way."""

    _OFFICES = (
        (Office.HEAD_OF_FINANCE, "ผู้อำนวยการกองคลัง", "finance_head"),
        (Office.CHIEF_EXECUTIVE, "นายกเทศมนตรี", "executive"),
        (Office.CHIEF_ADMINISTRATOR, "ปลัดเทศบาล", "clerk"),
    )

    def __init__(self, making: _Making, authority: tuple[int, str, str]) -> None:
        self.making, self.load, self.at = making, making.load, making.at
        self.town = Town(authority[0], authority[1])
        self.cases: dict[int, int] = {}

    @property
    def head(self) -> Account:
        """The head of finance, whose account is the first."""
        return self.town.accounts[0]

    def next_case(self, at: datetime) -> tuple[str, int]:
        year = _year_of(thai_day(at))
        self.cases[year] = self.cases.get(year, 0) + 1
        return case_number(self.cases[year], year), year

    def add(self, number: int) -> None:
        """Add one account; what it is depends on its number alone."""
        authority_id = self.town.authority_id
        username = f"laa{self.town.code}{number + 1:03d}"
        opened_at = self.at - timedelta(days=HISTORY_DAYS - (number * 37) % (HISTORY_DAYS - 40))
        if number < len(self._OFFICES):
            office, position, group = self._OFFICES[number]
            person = self.making.person(posts=(self._post(office, position),))
            account = self.making.account(person, username, authority_id, opened_at=opened_at)
            self.town.accounts.append(account)
            if number == 0:
                self._tenure(opened_at)
            else:
                self._grant(account, self.making.group_ids[group], Basis.OFFICE, opened_at, position=position)
            return
        person = self.making.person(posts=(self._post(Office.NONE, POSITION),))
        case, year = self.next_case(opened_at)
        state = self._state(number)
        account = self.making.account(
            person,
            username,
            authority_id,
            opened_at=opened_at,
            case=case,
            state=state,
            head_person_id=self.head.person_id,
        )
        self.town.accounts.append(account)
        groups = [
            self.making.officers_groups[(number + k) % len(self.making.officers_groups)] for k in range(1 + number % 2)
        ]
        self._request(account, groups, year, opened_at)
        for group_id in groups:
            self._grant(account, group_id, Basis.ORDER, opened_at)
        if state == SubjectState.CLOSED:
            self._close(account)

    @staticmethod
    def _state(number: int) -> SubjectState:
        if number % 11 == 10:
            return SubjectState.CLOSED
        if number % 23 == 8:
            return SubjectState.SUSPENDED
        return SubjectState.PENDING if number % 29 == 7 else SubjectState.ACTIVE

    def _post(self, office: Office, position: str) -> dict:
        return {"authority_id": self.town.authority_id, "office": office, "position_th": position}

    def _tenure(self, at: datetime) -> None:
        self.load.of(Tenure).add(
            authority_id=self.town.authority_id,
            person_id=self.head.person_id,
            subject_id=self.head.subject_id,
            capacity=Capacity.SUBSTANTIVE,
            order_number="287/2567",
            order_date=thai_day(at),
            from_at=at,
        )

    def _grant(self, account: Account, group_id: int, basis: Basis, at: datetime, *, position: str = POSITION) -> None:
        is_over = account.state == SubjectState.CLOSED
        self.load.of(Grant).add(
            public_id=public_id(next(self.making.numbers)),
            subject_id=account.subject_id,
            person_id=account.person_id,
            authority_id=self.town.authority_id,
            group_id=group_id,
            basis=basis,
            order_number="338/2567" if basis == Basis.ORDER else "",
            order_date=thai_day(at) if basis == Basis.ORDER else None,
            position_th=position,
            from_date=thai_day(at),
            case=account.case,
            granted_at=at,
            granted_by_id=self.head.person_id,
            ended_at=self.at - timedelta(days=20) if is_over else None,
            ended_by_id=self.head.person_id if is_over else None,
            end_reason="account_closed" if is_over else "",
        )

    def _close(self, account: Account) -> None:
        self.load.of(Closure).add(
            subject_id=account.subject_id,
            person_id=account.person_id,
            authority_id=self.town.authority_id,
            case=account.case,
            reason=ClosureReason.MOVED,
            effective_date=thai_day(self.at) - timedelta(days=20),
            closed_at=self.at - timedelta(days=20),
            closed_by_id=self.head.person_id,
            closer_position_th="ผู้อำนวยการกองคลัง",
        )

    def _request(self, account: Account, groups: list[int], year: int, at: datetime) -> None:
        """Add the request that opened an account, decided by the head."""
        person, case = (account.person_id, account.name), account.case
        opaque = self._request_row(
            person,
            groups,
            state=RequestState.APPROVED,
            case=case,
            fiscal_year=year,
            way_in=WayIn.INVITATION,
            credential_wish=CredentialWish.NEW_USER,
            form_date=thai_day(at),
            created_at=at - timedelta(hours=5),
            submitted_at=at - timedelta(hours=4),
            decided_at=at,
            decided_by_id=self.head.person_id,
            decider_name=self.head.name,
            decider_position_th="ผู้อำนวยการกองคลัง",
            subject_id=account.subject_id,
            opened_subject_id=account.subject_id,
            basis_order_number="338/2567",
            basis_order_date=thai_day(at),
        )
        self.town.decided.append(opaque)
        self.load.of(IssuedDocument).add(
            code=f"D{next(self.making.numbers):012d}",
            kind=DocumentKind.FORM_2,
            organisation_id=self.town.authority_id,
            case=case,
            content_hash=sha256(opaque.encode()).hexdigest(),
            issued_at=at,
        )

    def _request_row(self, person: tuple[int, str], groups: list[int], **columns: object) -> str:
        number = next(self.making.numbers)
        opaque = public_id(number)
        request_id = self.load.of(AccessRequest).add(
            public_id=opaque,
            authority_id=self.town.authority_id,
            applicant_id=person[0],
            applicant_name=person[1],
            position_th=POSITION,
            wants_groups=True,
            duty="จัดทำเช็คและใบถอน",
            email=mail_address(number),
            email_confirmed_at=columns["created_at"],
            mobile=f"+669{number:08d}",
            mobile_confirmed_at=columns["created_at"],
            **columns,
        )
        for group in groups:
            name = "เจ้าหน้าที่การเงิน"
            self.load.of(RequestedGroup).add(request_id=request_id, group_id=group, name_th=name)
            if columns["state"] == RequestState.APPROVED:
                self.load.of(GrantedGroup).add(request_id=request_id, group_id=group, name_th=name)
        return opaque

    def add_waiting(self, wanted: int) -> None:
        """Add requests that wait: by officers who ask for another group, and by newcomers who were invited."""
        officers = [a for a in self.town.accounts[len(self._OFFICES) :] if a.state == SubjectState.ACTIVE]
        for number in range(wanted):
            newcomer = number < NEWCOMERS_WAITING
            if not newcomer and number - NEWCOMERS_WAITING >= len(officers):
                return
            account = None if newcomer else officers[number - NEWCOMERS_WAITING]
            self._waiting(account, at=self.at - timedelta(days=wanted - number, hours=2))

    def _waiting(self, account: Account | None, *, at: datetime) -> None:
        case, year = self.next_case(at)
        person = self.making.person() if account is None else (account.person_id, account.name)
        if account is None:
            invitation = self._invitation(person, at=at - timedelta(days=1))
            about: dict = {
                "way_in": WayIn.INVITATION,
                "credential_wish": CredentialWish.NEW_USER,
                "invitation_id": invitation,
            }
        else:
            about = {"way_in": WayIn.SIGNED_IN, "subject_id": account.subject_id}
        opaque = self._request_row(
            person,
            self.making.officers_groups[-2:],
            state=RequestState.SUBMITTED,
            case=case,
            fiscal_year=year,
            form_date=thai_day(at),
            created_at=at - timedelta(hours=1),
            submitted_at=at,
            **about,
        )
        self.town.waiting.append((opaque, case, account))

    def _invitation(self, person: tuple[int, str], *, at: datetime) -> int:
        title, given, family = "นาย", "วีรภัทร", "แซ่ลิ้ม"
        number = next(self.making.numbers)
        mail = self.making.message(
            "invitation", Channel.MAIL, mail_address(number), person[0], self.town.authority_id, case="", at=at
        )
        return self.load.of(Invitation).add(
            public_id=public_id(number),
            authority_id=self.town.authority_id,
            title=title,
            given_name=given,
            family_name=family,
            email=mail_address(number),
            link_digest=sha256(b"invitation%d" % number).hexdigest(),
            mail_id=mail,
            invited_by_id=self.head.person_id,
            invited_at=at,
            expires_at=at + timedelta(days=14),
            opened_at=at + timedelta(hours=2),
            mobile=f"+669{number:08d}",
            mobile_confirmed_at=at + timedelta(hours=2),
        )

    def close(self) -> None:
        """Note the last case numbers."""
        for year, last in self.cases.items():
            self.load.of(CaseCounter).add(authority_id=self.town.authority_id, fiscal_year=year, last=last)
