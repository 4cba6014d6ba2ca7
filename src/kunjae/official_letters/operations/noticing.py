"""The four parties are told of a letter before a new address may receive keys, each with a way to object (T-01)."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from kunjae.audit.change import Change, state_change
from kunjae.core import identifiers
from kunjae.core.actor import Actor
from kunjae.core.clock import thai_day
from kunjae.core.verdict import Denied
from kunjae.entitlements.queries import tenure_of
from kunjae.identity.models import Subject
from kunjae.identity.queries import open_subject_of
from kunjae.messaging import operations as messaging
from kunjae.messaging.models import Channel, Message
from kunjae.official_letters import queries
from kunjae.official_letters.models import (
    ContactProof,
    LetterCase,
    Notice,
    NoticeParty,
    ProofChannel,
    ProofMethod,
)
from kunjae.official_letters.operations.recording import locked_case, record
from kunjae.official_letters.policies import objecting as policy
from kunjae.organisations.models import Office
from kunjae.organisations.queries import former_email, office_holder

#: Who would change an address of record first, and send the letter later, still meets the one who was reached there.
_FORMER_IS_TOLD = timedelta(days=90)
_PROVINCE_OFFICE_TH = "สำนักงานส่งเสริมการปกครองท้องถิ่นจังหวัด"


def judge_address(change: Change, case: LetterCase, *, at: datetime) -> None:
    """
    Find out whether the addresses are new, for the recipient as now known; a hold begins or falls away.

    What counted as proven because it was on record no longer does if it is not. Part of a change that holds the
    case locked: receipt, correction, the choice of the recipient.
    """
    account = queries.own_account_of_recipient(case)
    known = {channel: queries.is_on_record(case, channel, account) for channel in ProofChannel}
    is_new = not all(known.values())
    began_at = (case.hold_began_at if case.address_is_new else None) or at
    case.change_to(address_is_new=is_new, hold_began_at=began_at if is_new else None)
    by_record = ContactProof.objects.filter(
        case=case, version=case.version, ended_at=None, method=ProofMethod.ON_RECORD
    )
    for proof in by_record:
        if not known[ProofChannel(proof.channel)]:
            end_proof(change, case, proof, why="changed", at=at)


def end_proof(change: Change, case: LetterCase, proof: ContactProof, *, why: str, at: datetime) -> None:
    """Let a proof count no longer, whether it was given or not; its link and its code are dead."""
    proof.change_to(ended_at=at, proven_at=None, method="", code_hash="")
    record(change, "letter_proof.ended", case, channel=proof.channel, why=why)


@dataclass(frozen=True, slots=True)
class _Addressee:
    """Where a party is told; without an address an officer tells it."""

    name: str = ""
    address: str = ""
    channel: Channel = Channel.MAIL
    account: Subject | None = None


def tell_parties(change: Change, case: LetterCase, *, at: datetime) -> list[Notice]:
    """
    Tell each party of the present version that was not told of it; part of a change that holds the case locked.

    They go to addresses of record alone, never to one from the letter. Where nobody is head, nobody is told as such.
    """
    told_already = {notice.party for notice in queries.notices_of(case)}
    return [
        _tell(change, case, party, addressee, at=at)
        for party, addressee in _addressees(case, at=at).items()
        if party not in told_already
    ]


def carry_notices(case: LetterCase) -> None:
    """Let the notices of the version before count for this one: what they told is still what the letter asks."""
    Notice.objects.filter(case=case, version=case.version - 1).update(version=case.version)


def _addressees(case: LetterCase, *, at: datetime) -> dict[NoticeParty, _Addressee]:
    authority = case.authority
    tenure = tenure_of(authority.pk, at=at)
    clerk = office_holder(authority.pk, Office.CHIEF_ADMINISTRATOR, on=thai_day(at))
    found = {NoticeParty.CENTRAL: _Addressee(authority.full_name, authority.central_email)}
    if tenure is not None:
        found[NoticeParty.PRESENT_HEAD] = _reached(tenure.subject)
    found[NoticeParty.CLERK] = _reached(open_subject_of(clerk.person_id) if clerk else None)
    province = authority.province
    found[NoticeParty.PROVINCE] = _Addressee(f"{_PROVINCE_OFFICE_TH}{province.name_th}", province.office_email)
    if former := former_email(authority, since=at - _FORMER_IS_TOLD):
        found[NoticeParty.FORMER] = _Addressee(authority.full_name, former)
    return found


def _reached(account: Subject | None) -> _Addressee:
    if account is None:
        return _Addressee()
    if account.email:
        return _Addressee(account.person.full_name, account.email, Channel.MAIL, account)
    return _Addressee(account.person.full_name, account.mobile, Channel.SMS, account)


def _tell(change: Change, case: LetterCase, party: NoticeParty, addressee: _Addressee, *, at: datetime) -> Notice:
    secret = identifiers.new_link_secret()
    notice = Notice.objects.create(
        case=case,
        version=case.version,
        party=party,
        address=addressee.address,
        message=_message(case, addressee, secret, at=at) if addressee.address else None,
        objection_digest=identifiers.digest_secret(secret),
        made_at=at,
    )
    record(change, "letter_notice.made", case, party=party)
    return notice


def _message(case: LetterCase, addressee: _Addressee, secret: str, *, at: datetime) -> Message:
    account = addressee.account
    return messaging.queue(
        kind="letter_notice",
        channel=addressee.channel,
        to_address=addressee.address,
        at=at,
        person=account.person if account else None,
        organisation_id=case.authority_id,
        case=case.case,
        language=account.language if account else "th",
        facts={
            "person": addressee.name,
            "authority": case.authority.full_name,
            "letter_number": case.letter_number,
            "letter_date": case.letter_date,
            "recipient": case.recipient_name,
            "signer": case.signer_name,
            "tells_of_danger": case.tells_of_danger,
        },
        secrets={"link_secret": secret},
    )


def note_told(*, actor: Actor, notice_id: int, how: str, at: datetime) -> Notice:
    """
    Note that an officer told a party otherwise, which no message reached; the hold runs from then.

    :raises Denied: as `policies.objecting.may_note_told` says; `told_how_missing`
    """
    with state_change(actor=actor, at=at) as change:
        case = locked_case(Notice.objects.values_list("case__public_id", flat=True).get(pk=notice_id))
        notice = Notice.objects.select_for_update(of=("self",)).select_related("message").get(pk=notice_id)
        notice.case = case
        policy.may_note_told(actor, notice, at=at).enforce()
        if not how:
            raise Denied("told_how_missing", {"organisation_id": case.authority_id})
        notice.change_to(told_at=at, told_by_id=actor.person_id, told_how=how)
        record(change, "letter_notice.told", case, party=notice.party, how=how)
    return notice
