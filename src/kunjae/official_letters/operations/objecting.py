"""Somebody says that a letter is false: at once nothing moves any more, or the keys are taken away again (T-01)."""

from datetime import datetime

from kunjae.audit.change import Change, state_change
from kunjae.core.actor import Actor, system
from kunjae.core.verdict import Denied
from kunjae.entitlements import operations as entitlements
from kunjae.identity import operations as identity
from kunjae.identity.models import Subject, SubjectState
from kunjae.official_letters import queries
from kunjae.official_letters.models import CaseState, ContactProof, LetterCase, Notice, Objection
from kunjae.official_letters.operations.noticing import end_proof, judge_address, tell_parties
from kunjae.official_letters.operations.numbering import lock_register
from kunjae.official_letters.operations.recording import locked_case, record
from kunjae.official_letters.operations.taking_back import take_back
from kunjae.official_letters.operations.telling import register_reply, tell_authority
from kunjae.official_letters.policies import objecting as policy
from kunjae.official_letters.policies import receiving

_SUSPENDED_TH = "มีผู้คัดค้านหนังสือขอรหัส (เลขที่เรื่อง {case})"


def object_by_notice(*, actor: Actor, secret: str, name: str, text: str, at: datetime) -> Objection:
    """
    Object by the link of a notice, of whichever version: the letter is frozen, or what it issued is suspended.

    Pressed twice it is one objection. A GET does nothing (T-03).

    :raises Denied: as `policies.objecting.may_object_by` says
    """
    found = queries.notice_by_secret(secret)
    if found is None:
        # Outside of any change: guesses leave no event, and fill no record.
        raise Denied("objection_link_unknown")
    if standing := found.objections.filter(resolved_at=None).first():
        return standing
    with state_change(actor=actor, at=at) as change:
        case = locked_case(found.case.public_id)
        notice = Notice.objects.select_for_update(of=("self",)).get(pk=found.pk)
        notice.case = case
        policy.may_object_by(notice, at=at).enforce()
        if standing := notice.objections.filter(resolved_at=None).first():
            # Pressed twice in the same instant: the first one did it all.
            record(change, "letter.objected", case, party=notice.party, state=case.state)
            return standing
        objection = Objection.objects.create(case=case, notice=notice, objector_name=name, text=text, made_at=at)
        _stop(change, actor, objection, party=notice.party, at=at)
    return objection


def object_by_desk(*, actor: Actor, public_id: str, name: str, text: str, at: datetime) -> Objection:
    """
    Take an objection down that somebody made to the desk, on the telephone or by letter; it acts at once.

    :raises Denied: as `policies.objecting.may_take_down` says; `objector_missing`
    """
    with state_change(actor=actor, at=at) as change:
        case = locked_case(public_id)
        policy.may_take_down(actor, case, at=at).enforce()
        if not name or not text:
            raise Denied("objector_missing", {"organisation_id": case.authority_id})
        objection = Objection.objects.create(
            case=case, taken_by_id=actor.person_id, objector_name=name, text=text, made_at=at
        )
        _stop(change, actor, objection, party="desk", at=at)
    return objection


def _stop(change: Change, actor: Actor, objection: Objection, *, party: str, at: datetime) -> None:
    """Let nothing be issued any more; what was issued already is taken out of use, in the same transaction."""
    case = objection.case
    record(change, "letter.objected", case, party=party, state=case.state)
    if case.state in queries.AT_WORK:
        # Who verified it stays written: he does not resolve the objection.
        case.change_to(state=CaseState.FROZEN)
    elif case.tenure is not None and case.tenure.until_at is None:
        # It rests whatever becomes of the account: nobody else puts it back beside the objection. A right that is
        # over stops nothing: a later letter may have given it to the same person anew.
        entitlements.contest_tenure(actor=actor, tenure_id=case.tenure.pk, at=at)
        subject = Subject.objects.select_for_update(of=("self",)).get(pk=case.tenure.subject_id)
        if subject.state in (SubjectState.ACTIVE, SubjectState.PENDING):
            # Nobody is recorded to have suspended himself; whoever presses is no reason not to act.
            by = system("objection") if actor.person_id == subject.person_id else actor
            reason = _SUSPENDED_TH.format(case=case.case)
            identity.suspend_subject(actor=by, subject_id=subject.pk, reason=reason, at=at)


def resolve(*, actor: Actor, objection_id: int, upheld: bool, resolution: str, at: datetime) -> Objection:
    """
    Resolve an objection, with the reason in writing.

    Upheld: a frozen letter is refused, and every objection to it with it; of an issued one the tenure ends, and
    what its holder gave and opened in that time.
    Dismissed, and no other open: a frozen letter is received anew, everything is verified again and the parties
    are told again; the account that an objection to an issued letter suspended is put back into use.

    :raises Denied: as `policies.objecting.may_resolve` says; `resolution_missing`, `letter_is_at_work`
    """
    with state_change(actor=actor, at=at) as change:
        case = locked_case(Objection.objects.values_list("case__public_id", flat=True).get(pk=objection_id))
        objection = Objection.objects.select_for_update(of=("self",)).get(pk=objection_id)
        objection.case = case
        policy.may_resolve(actor, objection, at=at).enforce()
        if not resolution:
            raise Denied("resolution_missing", {"organisation_id": case.authority_id})
        resolved = queries.open_objections(case) if upheld else [objection]
        for one in resolved:
            one.change_to(resolved_at=at, resolved_by_id=actor.person_id, resolution=resolution)
        if upheld:
            record(change, "letter.objection_upheld", case, resolution=resolution)
            _uphold(actor, case, resolution, at=at)
        else:
            record(change, "letter.objection_dismissed", case, resolution=resolution)
            if not queries.open_objections(case):
                _set_going_again(change, actor, case, at=at)
    objection.refresh_from_db()
    return objection


def _uphold(actor: Actor, case: LetterCase, resolution: str, *, at: datetime) -> None:
    if case.state == CaseState.FROZEN:
        case.change_to(state=CaseState.REFUSED, decided_at=at, decided_by_id=actor.person_id, decision_note=resolution)
        register_reply(actor=actor, case=case, at=at)
        tell_authority(case, "letter_refused", at=at, reason=resolution)
    elif case.tenure is not None:
        take_back(actor, case, at=at)


def _set_going_again(change: Change, actor: Actor, case: LetterCase, *, at: datetime) -> None:
    if case.state == CaseState.FROZEN:
        _receive_anew(change, case, at=at)
    elif case.tenure is not None and case.tenure.until_at is None:
        # Where another head has begun meanwhile, nothing goes on.
        entitlements.clear_tenure(actor=actor, tenure_id=case.tenure.pk, at=at)
        subject = Subject.objects.get(pk=case.tenure.subject_id)
        suspended_by_objection = subject.suspended_at in {one.made_at for one in queries.objections_of(case)}
        if subject.state == SubjectState.SUSPENDED and suspended_by_objection:
            identity.resume_subject(actor=actor, subject_id=subject.pk, at=at)


def _receive_anew(change: Change, case: LetterCase, *, at: datetime) -> None:
    """Nothing that was found out before the objection counts any more; the parties are told once more."""
    lock_register(at=at)
    receiving.is_alone_at_work(case.authority_id, except_id=case.pk).enforce()
    for proof in ContactProof.objects.filter(case=case, version=case.version, ended_at=None):
        end_proof(change, case, proof, why="objected", at=at)
    case.change_to(
        state=CaseState.RECEIVED,
        version=case.version + 1,
        verified_at=None,
        verified_by=None,
        recipient=None,
        recipient_is_new=False,
        address_is_new=False,
        hold_began_at=None,
    )
    judge_address(change, case, at=at)
    tell_parties(change, case, at=at)
