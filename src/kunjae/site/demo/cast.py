"""How the demo's people come to their accounts: by the true operations, in their own past."""

from datetime import date, datetime, timedelta

from kunjae.audit.change import state_change
from kunjae.core import identifiers
from kunjae.core.actor import Actor, system, visitor
from kunjae.core.clock import thai_day
from kunjae.core.text import search_key
from kunjae.entitlements import operations as entitlements
from kunjae.identity import factor_codes, factor_duty, throttle, undertaking
from kunjae.identity import operations as identity
from kunjae.identity.models import Activation, EndReason, FactorSource, SignInAttempt, Subject, SubjectState
from kunjae.messaging import delivery
from kunjae.messaging.models import Message, MessageState
from kunjae.messaging.sealing import unseal
from kunjae.organisations import operations as organisations
from kunjae.organisations.models import Appointment, Capacity, LocalAuthority, Office, Person

DEMO = system("demo")
PASSWORD = "tonmai-suai-mak-27"  # noqa: S105 - printed at the start of the demo, which production refuses


def actor_of(subject: Subject) -> Actor:
    """Name the person behind an account as the one who acts."""
    return Actor(name=subject.username, person_id=subject.person_id, subject_id=subject.pk, address="127.0.0.1")


def a_person(name: str, authority: LocalAuthority | None, *, at: datetime) -> Person:
    """Register a person from `title given family`."""
    title, given, family = name.split(" ")
    return organisations.register_person(
        actor=DEMO,
        title=title,
        given_name=given,
        family_name=family,
        organisation_id=authority.pk if authority else None,
        at=at,
    )


def a_post(
    person: Person,
    authority: LocalAuthority,
    position_th: str,
    *,
    at: datetime,
    office: Office = Office.NONE,
    capacity: Capacity = Capacity.SUBSTANTIVE,
    order_number: str = "",
    order_date: date | None = None,
) -> Appointment:
    """Give a person a post from that day."""
    return organisations.appoint(
        actor=DEMO,
        person=person,
        authority=authority,
        position_th=position_th,
        office=office,
        capacity=capacity,
        order_number=order_number,
        order_date=order_date,
        order_signer=authority.chief_executive_title_th if order_number else "",
        from_date=thai_day(at),
        at=at,
    )


def an_account(
    person: Person, username: str, authority: LocalAuthority | None, *, at: datetime, mobile: str
) -> Subject:
    """Open and activate an account outside form 2: only heads and desks begin so, and only in the demo."""
    with state_change(actor=DEMO, at=at):
        subject = identity.open_subject(
            actor=DEMO,
            username=username,
            person=person,
            authority=authority,
            email=f"{username}@phuket.example",
            email_confirmed_at=at,
            mobile=mobile,
            mobile_confirmed_at=at,
            at=at,
        )
        identity.issue_activation(actor=DEMO, subject=subject, purpose=Activation.Purpose.FIRST, case="", at=at)
    return activate(subject, at=at)


def secrets_sent(*addresses: str) -> dict[str, str]:
    """Read the newest one-time secrets that wait for somebody, as he would in his mailbox."""
    found: dict[str, str] = {}
    for message in Message.objects.filter(to_address__in=[a for a in addresses if a]).order_by("pk"):
        found |= unseal(message.sealed)
    return found


def activate(subject: Subject, *, at: datetime) -> Subject:
    """Do what the person does: both secrets, then the password (in the demo one and the same)."""
    secrets = secrets_sent(subject.email, subject.mobile)
    who = visitor("activation", person_id=subject.person_id)
    activation = identity.prove_activation(
        actor=who, link_secret=secrets["link_secret"], second_code=secrets["second_code"], at=at
    )
    identity.set_password_by_activation(actor=who, activation_id=activation.pk, password=PASSWORD, at=at)
    owner = Actor(subject.username, subject.person_id, subject.pk)
    identity.accept_undertaking(actor=owner, version=undertaking.VERSION, at=at)
    return Subject.objects.select_related("person", "authority").get(pk=subject.pk)


def deliver_mail(*, at: datetime) -> None:
    """Let the mail of those days have arrived in those days."""
    for message in Message.objects.filter(state=MessageState.QUEUED).order_by("pk"):
        delivery.attempt(message.pk, at=at)


def visited(
    subject: Subject, *, at: datetime, stayed: timedelta = timedelta(minutes=25), timed_out: bool = False
) -> None:
    """Let somebody have been here: a session that began, and ended by sign-out or by idleness."""
    session = identity.start_session(
        subject=subject,
        session_key=identifiers.new_link_secret(),
        address="10.83.1.7",
        device="Chrome Windows",
        at=at,
    )
    throttle.note(
        subject.username, "10.83.1.7", "Chrome Windows", SignInAttempt.Outcome.SIGNED_IN, subject=subject, at=at
    )
    identity.end_session(
        actor=actor_of(subject),
        session_id=session.pk,
        reason=EndReason.IDLE if timed_out else EndReason.SIGNED_OUT,
        at=at + stayed,
    )


def a_head(
    name: str,
    username: str,
    authority: LocalAuthority,
    *,
    at: datetime,
    mobile: str,
    order_number: str,
    capacity: Capacity = Capacity.SUBSTANTIVE,
    own_position_th: str = "",
) -> Subject:
    """A head of finance with an account and the right to administer; form 1 will open it later."""
    person = a_person(name, authority, at=at)
    if own_position_th:
        a_post(person, authority, own_position_th, at=at)
    a_post(
        person,
        authority,
        authority.finance_head_title_th,
        at=at,
        office=Office.HEAD_OF_FINANCE,
        capacity=capacity,
        order_number=order_number,
        order_date=thai_day(at),
    )
    subject = an_account(person, username, authority, at=at, mobile=mobile)
    entitlements.open_tenure(
        actor=DEMO,
        authority=authority,
        subject=subject,
        capacity=capacity,
        order_number=order_number,
        order_date=thai_day(at),
        at=at,
    )
    return subject


def set_stem(authority: LocalAuthority, stem: str, phone: str, *, at: datetime) -> None:
    """Give an authority what the register does not hold: the stem of its user ids, its telephone."""
    with state_change(actor=DEMO, at=at) as change:
        LocalAuthority.objects.filter(pk=authority.pk).update(
            user_id_stem=stem,
            phone=phone,
            central_email=f"saraban@{stem}.example",
            search_key=search_key(f"{authority.search_key} {stem}"),
        )
        change.record(
            "authority.changed",
            authority,
            organisation_id=authority.pk,
            name=authority.full_name,
            code=authority.code,
            former=authority.full_name,
        )
    authority.refresh_from_db()


def bind_apps(*, at: datetime) -> None:
    """Let everybody of the cast whose duty asks for it have an authenticator app; the door shows its code (D5)."""
    for subject in Subject.objects.filter(state=SubjectState.ACTIVE).order_by("pk"):
        if not factor_duty.must(subject, at=at):
            continue
        secret = factor_codes.new_secret()
        identity.bind_app(
            actor=actor_of(subject),
            secret=secret,
            code=factor_codes.app_code(secret, at=at),
            source=FactorSource.DEMO,
            at=at,
        )
