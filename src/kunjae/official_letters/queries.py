"""Reads about letters: drafts, cases, what was proven and told, when a hold ends."""

from datetime import datetime, timedelta

from django.db.models import QuerySet

from kunjae.core.identifiers import digest_secret
from kunjae.core.phones import mailbox_key
from kunjae.entitlements.queries import tenure_of
from kunjae.identity.models import SignInAttempt, Subject
from kunjae.identity.queries import open_subject_of, sign_ins_of
from kunjae.messaging.models import MessageState
from kunjae.official_letters.content import content_of, missing_from
from kunjae.official_letters.models import (
    CallBack,
    CaseState,
    ContactProof,
    LetterCase,
    LetterDraft,
    Notice,
    NoticeParty,
    Objection,
    ProofChannel,
    VerifiedPoint,
)
from kunjae.official_letters.recognising import name_key, open_accounts

HOLD = timedelta(hours=24)
"""So long after the last notice nothing is issued to a new address (T-01, A1-14)."""

PARTIES_TOLD_MIN = 2
LOOK_BACK = timedelta(days=30)
AT_WORK = (CaseState.RECEIVED, CaseState.VERIFIED)
_OFFICIAL_PARTIES = frozenset({NoticeParty.CENTRAL, NoticeParty.PROVINCE})

# --- Drafts -----------------------------------------------------------------------------------------------------


def _drafts() -> QuerySet[LetterDraft]:
    return LetterDraft.objects.select_related("authority__district", "authority__province")


def draft_by_key(public_id: str, key: str, *, at: datetime) -> LetterDraft | None:
    """The draft of this name, for whoever holds its key; None if there is none, the key is another or time is up."""
    return _drafts().filter(public_id=public_id, key_digest=digest_secret(key), expires_at__gt=at).first()


def draft_by_code(code: str) -> LetterDraft | None:
    """The draft whose print carries this code of an issued document: the scan's QR fills the desk's form."""
    return _drafts().filter(code=code).first() if code else None


# --- Cases ------------------------------------------------------------------------------------------------------


def cases() -> QuerySet[LetterCase]:
    """Letters with what their page shows."""
    return LetterCase.objects.select_related(
        "authority__district",
        "authority__province",
        "received_by",
        "owner",
        "verified_by",
        "decided_by",
        "recipient",
        "subject",
        "tenure",
        "scan",
        "order_scan",
    )


def case_by_public_id(public_id: str) -> LetterCase | None:
    """A case with what its page shows."""
    return cases().filter(public_id=public_id).first()


def case_by_number(case: str) -> LetterCase | None:
    """A case by its number, as in 10012/2570."""
    return cases().filter(case=case).first() if case else None


def open_case_of(authority_id: int) -> LetterCase | None:
    """The letter of an authority that is at work (received or verified)."""
    return LetterCase.objects.filter(authority_id=authority_id, state__in=AT_WORK).first()


def missing_in(case: LetterCase) -> list[str]:
    """Why a letter is incomplete, as keys of sentences; the clock of one working day runs once there is nothing."""
    missing = missing_from(content_of(case))
    if case.needs_order and case.order_scan_id is None:
        missing.append("order_not_attached")
    return missing


def is_as_prepared(case: LetterCase) -> bool | None:
    """Test if what was keyed is what the QR of the scan claims; None if no QR was read."""
    return case.content_hash.startswith(case.prepared_hash) if case.prepared_hash else None


def mobile_is_shared(case: LetterCase) -> bool:
    """Test if the recipient's mobile is that of a contact who is somebody else: then a slip takes the place of SMS."""
    said = content_of(case)
    return bool(said.mobile) and said.mobile == said.contact_mobile and said.contact_key != said.recipient_key


def own_account_of_recipient(case: LetterCase) -> Subject | None:
    """The open account of who the recipient is, or, until that is found out, the only one of that name here."""
    if case.recipient_id is not None:
        return open_subject_of(case.recipient_id)
    if case.recipient_is_new:
        return None
    key = content_of(case).recipient_key
    here = open_accounts().filter(authority_id=case.authority_id).select_related("person")
    of_name = [one for one in here if name_key(one.person.given_name, one.person.family_name) == key]
    return of_name[0] if len(of_name) == 1 else None


def is_on_record(case: LetterCase, channel: str, account: Subject | None) -> bool:
    """Test if an address in the letter is the one that the recipient's own account had confirmed at the receipt."""
    if account is None:
        return False
    if channel == ProofChannel.EMAIL:
        written, known, since = case.email, account.email, account.email_confirmed_at
    else:
        written, known, since = case.mobile, account.mobile, account.mobile_confirmed_at
    return bool(written) and written.casefold() == known.casefold() and since is not None and since <= case.received_at


def look_back(case: LetterCase) -> list[SignInAttempt]:
    """Tries to sign in to the then head's account in the thirty days before the receipt, newest first (A1-07)."""
    tenure = tenure_of(case.authority_id, at=case.received_at)
    if tenure is None:
        return []
    began = case.received_at - LOOK_BACK
    return list(sign_ins_of(tenure.subject_id).filter(at__gt=began, at__lte=case.received_at))


# --- Proofs -----------------------------------------------------------------------------------------------------


def _proofs() -> QuerySet[ContactProof]:
    return ContactProof.objects.select_related(
        "case__authority__district", "case__authority__province", "message", "noted_by"
    )


def proofs_of(case: LetterCase) -> dict[str, ContactProof]:
    """What was sent or proven for the present version, by channel; what has ended is left out."""
    return {proof.channel: proof for proof in _proofs().filter(case=case, version=case.version, ended_at=None)}


def proof_by_link(link_secret: str) -> ContactProof | None:
    """The proof behind a mailed link, with its case and authority; whatever its state."""
    return _proofs().filter(link_digest=digest_secret(link_secret)).first()


def is_proven(case: LetterCase, channel: str) -> bool:
    """Test if an address of the present version was proven to work."""
    return (
        ContactProof.objects.filter(case=case, version=case.version, channel=channel, ended_at=None)
        .exclude(proven_at=None)
        .exists()
    )


# --- Notices, hold and objections -------------------------------------------------------------------------------


def notices_of(case: LetterCase) -> list[Notice]:
    """The notices of the present version, with their messages, in the order of the parties."""
    order = list(NoticeParty)
    found = Notice.objects.filter(case=case, version=case.version).select_related("message", "told_by")
    return sorted(found, key=lambda notice: order.index(NoticeParty(notice.party)))


def notice_by_secret(secret: str) -> Notice | None:
    """The notice behind a link of objection, of whichever version, with its case and authority."""
    return (
        Notice.objects.select_related("case__authority__district", "case__authority__province", "message")
        .filter(objection_digest=digest_secret(secret))
        .first()
    )


def told_at(notice: Notice) -> datetime | None:
    """When a party was told: its message was handed over, or an officer told it otherwise."""
    handed_over = notice.message.sent_at if notice.message else None
    return handed_over or notice.told_at


def hold_ends_at(case: LetterCase) -> datetime | None:
    """
    When the hold of the present version ends; None while it cannot be said.

    24 hours after the last notice was handed over or told. It cannot be said while a message still waits, nor
    before two parties were told at places that are not the letter's own, of whom one is the province or the
    central e-mail. Without a hold it is the receipt.
    """
    if not case.address_is_new:
        return case.received_at
    last = case.hold_began_at or case.received_at
    reached: dict[str, str] = {}
    for notice in notices_of(case):
        told = told_at(notice)
        if told is not None:
            last = max(last, told)
            # A former address may be nobody's any more: it is told, and counts as nobody.
            if notice.party != NoticeParty.FORMER:
                reached[_place_of(notice)] = notice.party
        elif notice.message is not None and notice.message.state == MessageState.QUEUED:
            return None
    # Whoever wrote a false letter reads what is sent to the addresses in it.
    for own in (_place(case.email), _place(case.mobile), _place(case.contact_mobile)):
        reached.pop(own, None)
    if len(reached) < PARTIES_TOLD_MIN or not _OFFICIAL_PARTIES & set(reached.values()):
        return None
    return last + HOLD


def _place_of(notice: Notice) -> str:
    return _place(notice.address) or f"told:{notice.party}"


def _place(address: str) -> str:
    return mailbox_key(address) if "@" in address else address


def hold_is_over(case: LetterCase, *, at: datetime) -> bool:
    """Test if nothing of a hold is left at an instant."""
    ends_at = hold_ends_at(case)
    return ends_at is not None and ends_at <= at


def objections_of(case: LetterCase) -> list[Objection]:
    """Every objection to a letter, oldest first."""
    found = Objection.objects.filter(case=case).select_related("notice", "taken_by", "resolved_by")
    return list(found.order_by("made_at", "pk"))


def open_objections(case: LetterCase) -> list[Objection]:
    """Objections that nobody has resolved, oldest first."""
    return [objection for objection in objections_of(case) if objection.resolved_at is None]


def accounts_opened_under(case: LetterCase) -> QuerySet[Subject]:
    """Accounts that were opened in the authority while the tenure that a letter gave was open, but those by letter."""
    tenure = case.tenure
    if tenure is None:
        return Subject.objects.none()
    opened = Subject.objects.filter(authority_id=case.authority_id, opened_at__gte=tenure.from_at)
    if tenure.until_at is not None:
        opened = opened.filter(opened_at__lte=tenure.until_at)
    by_letter = LetterCase.objects.filter(authority_id=case.authority_id).exclude(subject=None).values("subject_id")
    return opened.exclude(pk__in=by_letter).select_related("person")


def hands_on(case: LetterCase) -> set[int]:
    """Whoever received, verified or decided a letter, or answered for a part of that, in any of its versions."""
    named = {case.received_by_id, case.verified_by_id, case.decided_by_id}
    named |= set(VerifiedPoint.objects.filter(case=case).values_list("noted_by_id", flat=True))
    named |= set(CallBack.objects.filter(case=case).values_list("called_by_id", flat=True))
    named |= set(ContactProof.objects.filter(case=case).values_list("noted_by_id", flat=True))
    named |= set(Notice.objects.filter(case=case).values_list("told_by_id", flat=True))
    return {person_id for person_id in named if person_id is not None}
