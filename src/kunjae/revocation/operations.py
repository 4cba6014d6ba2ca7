"""
The one way to lose access: out of a group (path 1), the account closed (path 2), suspension.

All of it holds at the next request of any session (requirements 1.9.2).
"""

from datetime import date, datetime

from kunjae.audit.change import state_change
from kunjae.core.actor import Actor
from kunjae.core.clock import thai_day
from kunjae.core.verdict import Denied
from kunjae.entitlements import operations as entitlements
from kunjae.entitlements import queries as rights
from kunjae.entitlements.models import EndOfGrant, Grant
from kunjae.entitlements.policies import lock_tenure
from kunjae.identity import operations as identity
from kunjae.identity.models import EndReason, FactorEnd, Subject
from kunjae.identity.operations.accounts import tell_owner
from kunjae.identity.policies import may_act_gravely
from kunjae.organisations import operations as organisations
from kunjae.organisations.models import LocalAuthority, Unit
from kunjae.organisations.queries import names_of_persons, signing_title
from kunjae.revocation import policies
from kunjae.revocation.models import Closure, ClosureReason, Dormancy
from kunjae.revocation.watching import tell_above_head, tell_head_of


def _locked(public_id: str) -> Subject:
    """Lock the tenure and then the account, in the order in which everybody locks them."""
    authority_id = Subject.objects.values_list("authority_id", flat=True).get(public_id=public_id)
    if authority_id is not None:
        lock_tenure(authority_id)
    locked: Subject = (
        Subject.objects.select_for_update(of=("self",)).select_related("person", "authority").get(public_id=public_id)
    )
    return locked


def _named(actor: Actor) -> str:
    return names_of_persons([actor.person_id])[actor.person_id] if actor.person_id else ""


def remove_from_group(*, actor: Actor, grant_id: int, reason: EndOfGrant, note: str, at: datetime) -> Grant:
    """
    Take a person out of one group at once, and tell him (clause 5(2)).

    :raises Denied: as `entitlements.policies.may_end_grant` and `reason_fits` say
    """
    with state_change(actor=actor, at=at):
        ended = entitlements.end_grant(actor=actor, grant_id=grant_id, reason=reason, note=note, at=at)
        names = rights.group_names(thai_day(at), ended.subject.language, codes=[ended.group.code])
        name = names.get(ended.group.code, ended.group.code)
        tell_owner(ended.subject, "group_ended", at=at, case=ended.case, group=name)
    return ended


def suspend(*, actor: Actor, subject_public_id: str, reason: str, at: datetime) -> Subject:
    """
    Suspend an account at once; reversible.

    :raises Denied: as `policies.may_suspend` says, or `suspension_reason_missing`
    """
    with state_change(actor=actor, at=at):
        subject = _locked(subject_public_id)
        policies.may_suspend(actor, subject, at=at).enforce()
        if not reason:
            raise Denied("suspension_reason_missing", {"organisation_id": subject.authority_id})
        suspended = identity.suspend_subject(actor=actor, subject_id=subject.pk, reason=reason, at=at)
        if subject.authority_id is None:
            identity.tell_desk_of(suspended, "suspended", at=at, by=_named(actor), reason=reason)
        return suspended


def resume(*, actor: Actor, subject_public_id: str, at: datetime) -> Subject:
    """
    Put a suspended account back into use.

    :raises Denied: as `policies.may_resume` and `identity.policies.may_act_gravely` say
    """
    with state_change(actor=actor, at=at):
        subject = _locked(subject_public_id)
        policies.may_resume(actor, subject, at=at).enforce()
        may_act_gravely(actor, at=at).enforce()
        resumed = identity.resume_subject(actor=actor, subject_id=subject.pk, at=at)
        if subject.authority_id is None:
            identity.tell_desk_of(resumed, "resumed", at=at, by=_named(actor))
        return resumed


def keep_in_use(*, actor: Actor, subject_public_id: str, reason: str, at: datetime) -> Subject:
    """
    Say why an account stays in use that nobody has used for 90 days; it leaves the list for 90 more (T-08).

    It is no use of the account: after 180 days the rule suspends it all the same.

    :raises Denied: as `policies.may_keep_in_use` says, or `keeping_reason_missing`
    """
    with state_change(actor=actor, at=at) as change:
        subject = _locked(subject_public_id)
        policies.may_keep_in_use(actor, subject, at=at).enforce()
        if not reason:
            raise Denied("keeping_reason_missing", {"organisation_id": subject.authority_id})
        Dormancy.objects.update_or_create(
            subject=subject,
            defaults={"kept_at": at, "kept_by_id": actor.person_id, "kept_reason": reason},
            create_defaults={
                "person_id": subject.person_id,
                "kept_at": at,
                "kept_by_id": actor.person_id,
                "kept_reason": reason,
            },
        )
        change.record(
            "account.kept",
            subject,
            organisation_id=subject.authority_id,
            subject_person_id=subject.person_id,
            username=subject.username,
            reason=reason,
        )
    return subject


def end_sessions(*, actor: Actor, subject_public_id: str, at: datetime) -> int:
    """
    Sign a person out everywhere; the account stays in use (L-30).

    :returns: how many sessions were ended
    :raises Denied: as `policies.may_end_sessions` says
    """
    with state_change(actor=actor, at=at):
        subject = _locked(subject_public_id)
        policies.may_end_sessions(actor, subject, at=at).enforce()
        return identity.end_sessions_of(actor=actor, subject=subject, reason=EndReason.ENDED_BY_HEAD, at=at)


def end_factors(*, actor: Actor, subject_public_id: str, at: datetime) -> int:
    """
    End every second factor of somebody who lost them, and every session; at the next sign-in he may bind a new one.

    :returns: how many factors were ended
    :raises Denied: as `policies.may_end_factors` says
    """
    with state_change(actor=actor, at=at):
        subject = _locked(subject_public_id)
        policies.may_end_factors(actor, subject, at=at).enforce()
        may_act_gravely(actor, at=at).enforce()
        identity.end_sessions_of(actor=actor, subject=subject, reason=EndReason.ENDED_BY_HEAD, at=at)
        return identity.end_factors_of(actor=actor, subject=subject, why=FactorEnd.LOST, at=at)


def disown_use(*, actor: Actor, at: datetime) -> Subject:
    """
    Take one's own password back at once, because somebody else signed in with it (L-30, D11).

    Every session ends, this one too; the head of finance is told. A new password comes by form 2, a head's by form 1:
    of a head, the clerk and the department are told. An officer of a desk comes back by an order (`restore_officer`), and his
    colleagues are told.

    :raises Denied: as `policies.may_disown_use` says
    """
    with state_change(actor=actor, at=at) as change:
        policies.acts_for_himself(actor).enforce()
        subject = _locked(Subject.objects.values_list("public_id", flat=True).get(pk=actor.subject_id))
        policies.may_disown_use(actor, subject).enforce()
        change.record(
            "sign_in.disowned",
            subject,
            organisation_id=subject.authority_id,
            subject_person_id=subject.person_id,
            username=subject.username,
        )
        identity.revoke_password(actor=actor, subject_id=subject.pk, why="may_be_known", case="", at=at)
        tell_head_of(subject, "officers_use_disowned", at=at)
        tell_above_head(subject, "heads_use_disowned", at=at)
        if subject.authority_id is None:
            identity.tell_desk_of(subject, "disowned", at=at)
    return subject


def close_account(
    *,
    actor: Actor,
    subject_public_id: str,
    reason: ClosureReason,
    other_text: str,
    effective_date: date,
    left_date: date | None,
    case: str,
    at: datetime,
) -> Closure:
    """
    Close an account and record part 2 of the form, in one act (N-02): every group ends, every
    session and activation ends, the user id is never given again.

    `case` names the sheet on which part 1 stands; empty when the account was never asked for here.

    :raises Denied: as `policies.may_close` and `policies.part_2_fits` say
    """
    with state_change(actor=actor, at=at) as change:
        subject = _locked(subject_public_id)
        policies.may_close(actor, subject, at=at).enforce()
        may_act_gravely(actor, at=at).enforce()
        closer_id, authority_id = actor.person_id, subject.authority_id
        if closer_id is None or authority_id is None:
            raise Denied("not_permitted")
        policies.part_2_fits(
            reason=reason,
            other_text=other_text,
            effective_date=effective_date,
            left_date=left_date,
            organisation_id=subject.authority_id,
            at=at,
        ).enforce()
        entitlements.end_all_grants(actor=actor, subject=subject, reason=EndOfGrant.ACCOUNT_CLOSED, at=at)
        identity.close_subject(actor=actor, subject_id=subject.pk, case=case, at=at)

        closure = Closure.objects.create(
            subject=subject,
            person=subject.person,
            authority_id=authority_id,
            case=case,
            reason=reason,
            other_text=other_text,
            effective_date=effective_date,
            left_date=left_date,
            closed_at=at,
            closed_by_id=closer_id,
            closer_name=names_of_persons([closer_id])[closer_id],
            closer_position_th=signing_title(closer_id, authority_id, on=thai_day(at)),
        )
        change.record(
            "account.closed",
            closure,
            organisation_id=subject.authority_id,
            subject_person_id=subject.person_id,
            case=case,
            person=subject.person.full_name,
            username=subject.username,
            reason=reason,
            other_text=other_text,
            effective_date=effective_date,
            left_date=left_date,
        )
    return closure


# --- What the head keeps in order -------------------------------------------------------------------------------


def rename(
    *,
    actor: Actor,
    subject_public_id: str,
    title: str,
    given_name: str,
    family_name: str,
    document: str,
    at: datetime,
) -> Subject:
    """
    Give the person behind an account another name from today, and tell him; the former one stays on record.

    :raises Denied: as `policies.may_rename` and `name_is_anothers` say, or `name_unchanged`
    """
    with state_change(actor=actor, at=at):
        subject = _locked(subject_public_id)
        policies.may_rename(actor, subject, at=at).enforce()
        about = subject.authority_id
        policies.name_is_anothers(actor, given_name, family_name, organisation_id=about).enforce()
        former = subject.person.full_name
        subject.person = organisations.rename_person(
            actor=actor,
            person_id=subject.person_id,
            title=title,
            given_name=given_name,
            family_name=family_name,
            organisation_id=about,
            document=document,
            at=at,
        )
        tell_owner(subject, "name_changed", at=at, former=former)
    return subject


def add_unit(*, actor: Actor, authority: LocalAuthority, name_th: str, at: datetime) -> Unit:
    """
    Enter a unit of the authority (L-06).

    :raises Denied: as `policies.may_keep_units` says, or `unit_is_known`
    """
    with state_change(actor=actor, at=at):
        lock_tenure(authority.pk)
        policies.may_keep_units(actor, authority.pk, at=at).enforce()
        return organisations.add_unit(actor=actor, authority=authority, name_th=name_th, at=at)


def close_unit(*, actor: Actor, authority: LocalAuthority, unit_id: int, at: datetime) -> Unit:
    """
    Close a unit of the authority from today.

    :raises Unit.DoesNotExist: if the authority has no such unit
    :raises Denied: as `policies.may_keep_units` says, `unit_is_closed` or `unit_is_staffed`
    """
    with state_change(actor=actor, at=at):
        lock_tenure(authority.pk)
        policies.may_keep_units(actor, authority.pk, at=at).enforce()
        return organisations.close_unit(actor=actor, authority=authority, unit_id=unit_id, at=at)
