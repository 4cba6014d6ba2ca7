"""That the e-mail and the mobile in a letter work: proven by link, by code, or by the code told on the telephone."""

from datetime import datetime, timedelta
from typing import Any

from django.contrib.auth.hashers import check_password, make_password

from kunjae.audit.change import Change, state_change
from kunjae.core import identifiers
from kunjae.core.actor import Actor
from kunjae.core.verdict import ALLOWED, Denied, Verdict
from kunjae.messaging import limits
from kunjae.messaging import operations as messaging
from kunjae.messaging.models import Channel
from kunjae.official_letters import queries
from kunjae.official_letters.models import CaseState, ContactProof, LetterCase, ProofChannel, ProofMethod
from kunjae.official_letters.operations.noticing import end_proof
from kunjae.official_letters.operations.recording import locked_case, record
from kunjae.official_letters.policies import receiving as policy

LINK_LIFE = timedelta(hours=24)
CODE_LIFE = timedelta(minutes=10)
CODE_DIGITS = 6
TRIES_MAX = 5

_KINDS = {ProofChannel.EMAIL: "letter_proof", ProofChannel.MOBILE: "letter_code"}


def send_proofs(
    *, actor: Actor, public_id: str, at: datetime, channel: ProofChannel | None = None
) -> list[ContactProof]:
    """
    Send what proves each address that is not proven yet, or one of the two; what was sent before is dead.

    An address that the recipient's own account had confirmed needs none and is proven by that.

    :raises Denied: as `policies.receiving.may_send_proofs` says; `already_proven`, `too_many_codes_to_address`,
        `too_many_codes_for_authority`
    """
    with state_change(actor=actor, at=at) as change:
        case = locked_case(public_id)
        policy.may_send_proofs(actor, case, at=at).enforce()
        account = queries.own_account_of_recipient(case)
        wanted = [
            one
            for one in ([channel] if channel else ProofChannel)
            if _address(case, one) and not queries.is_proven(case, one)
        ]
        if not wanted:
            raise Denied("already_proven", {"organisation_id": case.authority_id})
        return [
            _take_as_proven(change, case, one, at=at)
            if queries.is_on_record(case, one, account)
            else _send(change, case, one, at=at)
            for one in wanted
        ]


def send_mobile_code(*, actor: Actor, link_secret: str, at: datetime) -> ContactProof:
    """
    Send a new code to the letter's mobile, for whoever holds the mailed link: a code lives ten minutes only.

    :raises Denied: `proof_ended`, `already_proven`, `too_many_codes_to_address`, `too_many_codes_for_authority`
    """
    proof = queries.proof_by_link(link_secret)
    _enforce_open(proof, at=at)
    assert proof is not None  # noqa: S101 (what is open is there)
    with state_change(actor=actor, at=at) as change:
        case = locked_case(proof.case.public_id)
        about = {"organisation_id": case.authority_id}
        if case.state != CaseState.RECEIVED or proof.version != case.version or not case.mobile:
            raise Denied("proof_ended", about)
        if queries.is_proven(case, ProofChannel.MOBILE):
            raise Denied("already_proven", about)
        return _send(change, case, ProofChannel.MOBILE, at=at)


def _address(case: LetterCase, channel: ProofChannel) -> str:
    return case.email if channel == ProofChannel.EMAIL else case.mobile


def _end_older(change: Change, case: LetterCase, channel: ProofChannel, *, at: datetime) -> None:
    older = ContactProof.objects.filter(case=case, version=case.version, channel=channel, ended_at=None)
    for proof in older.select_for_update():
        end_proof(change, case, proof, why="replaced", at=at)


def _take_as_proven(change: Change, case: LetterCase, channel: ProofChannel, *, at: datetime) -> ContactProof:
    _end_older(change, case, channel, at=at)
    proof = ContactProof.objects.create(
        case=case,
        version=case.version,
        channel=channel,
        address=_address(case, channel),
        proven_at=at,
        method=ProofMethod.ON_RECORD,
    )
    record(change, "letter_proof.proven", case, channel=channel, method=proof.method)
    return proof


def _send(change: Change, case: LetterCase, channel: ProofChannel, *, at: datetime) -> ContactProof:
    _is_within_limits(case, channel, at=at).enforce()
    _end_older(change, case, channel, at=at)
    code = identifiers.new_code(CODE_DIGITS)
    secrets = {"code": code}
    link_digest = ""
    if channel == ProofChannel.EMAIL:
        secrets["link_secret"] = identifiers.new_link_secret()
        link_digest = identifiers.digest_secret(secrets["link_secret"])
    message = messaging.queue(
        kind=_KINDS[channel],
        channel=Channel.MAIL if channel == ProofChannel.EMAIL else Channel.SMS,
        to_address=_address(case, channel),
        at=at,
        organisation_id=case.authority_id,
        case=case.case,
        facts={"person": case.recipient_name, "authority": case.authority.full_name},
        secrets=secrets,
    )
    proof = ContactProof.objects.create(
        case=case,
        version=case.version,
        channel=channel,
        address=_address(case, channel),
        link_digest=link_digest,
        code_hash=make_password(code),
        message=message,
        sent_at=at,
    )
    record(change, "letter_proof.sent", case, channel=channel)
    return proof


def _is_within_limits(case: LetterCase, channel: ProofChannel, *, at: datetime) -> Verdict:
    """Neither one address nor one authority's budget can be flooded, whoever asks (T-22)."""
    limit = limits.reached(
        channel=Channel.SMS if channel == ProofChannel.MOBILE else Channel.MAIL,
        to_address=_address(case, channel),
        organisation_id=case.authority_id,
        kinds=list(_KINDS.values()),
        per_authority_max=limits.LETTERS_PER_AUTHORITY_AND_DAY_MAX,
        at=at,
    )
    about = {"organisation_id": case.authority_id}
    if limit == limits.Limit.ADDRESS:
        return Verdict("too_many_codes_to_address", about)
    if limit == limits.Limit.AUTHORITY:
        return Verdict("too_many_codes_for_authority", about)
    return ALLOWED


def carry_proofs(change: Change, case: LetterCase, *, at: datetime) -> None:
    """Let proofs of the version before count for this one where the address is the same; the others are dead."""
    former = ContactProof.objects.select_for_update().filter(case=case, version=case.version - 1, ended_at=None)
    for proof in former:
        if proof.address == _address(case, ProofChannel(proof.channel)):
            proof.change_to(version=case.version)
        else:
            end_proof(change, case, proof, why="changed", at=at)


# --- Taking the proof ---------------------------------------------------------------------------------------------


def is_usable(proof: ContactProof | None, *, at: datetime) -> bool:
    """
    Tell whether a link or code can still prove anything; the clock runs from the hand-over of its message (F7).

    A link lives 24 hours, the code in an SMS ten minutes.
    """
    if proof is None or proof.ended_at is not None or proof.proven_at is not None or proof.sent_at is None:
        return False
    if proof.case.state != CaseState.RECEIVED or proof.version != proof.case.version:
        return False
    message = proof.message
    if message is not None and message.sent_at is None and message.next_attempt_at is not None:
        return True
    life = LINK_LIFE if proof.channel == ProofChannel.EMAIL else CODE_LIFE
    handed_over = message.sent_at if message is not None and message.sent_at else proof.sent_at
    return at <= handed_over + life


def _enforce_open(proof: ContactProof | None, *, at: datetime) -> None:
    """Refuse what is dead outside of any change: guesses at it leave no event, and fill no record."""
    is_own_proof = proof is not None and proof.proven_at is not None and proof.ended_at is None
    if not is_own_proof and not is_usable(proof, at=at):
        raise Denied("proof_ended")


def _locked(change: Change, proof_id: int, *, at: datetime) -> ContactProof:
    case = locked_case(ContactProof.objects.values_list("case__public_id", flat=True).get(pk=proof_id))
    proof: ContactProof = (
        ContactProof.objects.select_for_update(of=("self",)).select_related("message").get(pk=proof_id)
    )
    proof.case = case
    if not is_usable(proof, at=at):
        raise Denied("proof_ended", {"organisation_id": case.authority_id})
    return proof


def prove_by_link(*, actor: Actor, link_secret: str, at: datetime) -> ContactProof:
    """
    Take the button behind the mailed link as proof of the mailbox; a GET proves nothing (T-03).

    Once proven, the same link changes nothing more and leaves no event.

    :raises Denied: `proof_ended`
    """
    found = queries.proof_by_link(link_secret)
    _enforce_open(found, at=at)
    assert found is not None  # noqa: S101 (what is open is there)
    if found.proven_at is not None:
        return found
    with state_change(actor=actor, at=at) as change:
        proof = _locked(change, found.pk, at=at)
        _note_proven(change, proof, method=ProofMethod.LINK, at=at)
    return proof


def prove_by_code(
    *, actor: Actor, channel: ProofChannel, code: str, at: datetime, link_secret: str = "", case: str = ""
) -> ContactProof:
    """
    Take a code typed on the public page; the letter is named by the mailed link or by the case number.

    Five wrong tries end it (T-22); of a mailbox they end the code only, since the link beside it is not guessed and
    case numbers are. To whoever names a case only, whatever is wrong the answer is the same (T-19).

    :raises Denied: `proof_code_wrong`, `proof_ended`; by case number `proof_failed`
    """
    if link_secret:
        mailed = queries.proof_by_link(link_secret)
        named = mailed.case if mailed is not None else None
    else:
        named = queries.case_by_number(case)
    proof = queries.proofs_of(named).get(channel) if named is not None else None
    if not link_secret and proof is not None and proof.proven_at is not None:
        raise Denied("proof_failed")
    try:
        return _try_code(actor, proof, code, method=ProofMethod.CODE, at=at)
    except Denied as denied:
        if link_secret:
            raise
        raise Denied("proof_failed") from denied


def note_told_code(*, actor: Actor, public_id: str, channel: ProofChannel, code: str, at: datetime) -> ContactProof:
    """
    Take a code that the recipient told an officer of the desk on the telephone.

    :raises Denied: as `policies.receiving.may_send_proofs` says; `proof_code_wrong`, `proof_ended`
    """
    case = queries.cases().get(public_id=public_id)
    policy.may_send_proofs(actor, case, at=at).enforce()
    proof = queries.proofs_of(case).get(channel)
    return _try_code(actor, proof, code, method=ProofMethod.TOLD, at=at)


def _try_code(
    actor: Actor, found: ContactProof | None, code: str, *, method: ProofMethod, at: datetime
) -> ContactProof:
    _enforce_open(found, at=at)
    assert found is not None  # noqa: S101 (what is open is there)
    if found.proven_at is not None:
        return found
    if not found.code_hash:
        raise Denied("proof_ended", {"organisation_id": found.case.authority_id})
    with state_change(actor=actor, at=at) as change:
        proof = _locked(change, found.pk, at=at)
        is_right = check_password(code, proof.code_hash)
        if is_right:
            _note_proven(change, proof, method=method, at=at, noted_by_id=actor.person_id)
        else:
            _count_a_wrong_try(change, proof, at=at)
    if not is_right:
        raise Denied("proof_code_wrong")
    return proof


def _note_proven(change: Change, proof: ContactProof, *, method: ProofMethod, at: datetime, **values: Any) -> None:
    noted_by_id = values.get("noted_by_id") if method == ProofMethod.TOLD else None
    proof.change_to(proven_at=at, method=method, code_hash="", noted_by_id=noted_by_id)
    record(change, "letter_proof.proven", proof.case, channel=proof.channel, method=method)


def _count_a_wrong_try(change: Change, proof: ContactProof, *, at: datetime) -> None:
    proof.change_to(tries_count=proof.tries_count + 1)
    record(change, "letter_proof.refused", proof.case, channel=proof.channel)
    if proof.tries_count < TRIES_MAX:
        return
    if proof.channel == ProofChannel.EMAIL:
        proof.change_to(code_hash="")
    else:
        end_proof(change, proof.case, proof, why="too_many_tries", at=at)
