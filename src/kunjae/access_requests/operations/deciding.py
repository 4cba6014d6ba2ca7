"""The opinion of the head of finance: approve, naming the groups as granted, or refuse and say why."""

from dataclasses import dataclass
from datetime import date, datetime

from kunjae.access_requests import policies, queries
from kunjae.access_requests.models import AccessRequest, CredentialWish, GrantedGroup, RequestState
from kunjae.access_requests.operations.opening import open_account
from kunjae.access_requests.operations.recording import record, register_sheet
from kunjae.audit.change import Change, state_change
from kunjae.core.actor import Actor
from kunjae.core.clock import thai_day
from kunjae.core.verdict import Denied
from kunjae.entitlements import operations as entitlements
from kunjae.entitlements.models import AccessGroup, Basis
from kunjae.entitlements.policies import lock_tenure
from kunjae.entitlements.queries import grants_of_subject, group_names
from kunjae.identity import operations as identity
from kunjae.identity.models import Activation, Subject
from kunjae.identity.operations.accounts import tell_owner
from kunjae.identity.policies import may_act_gravely
from kunjae.messaging import operations as messaging
from kunjae.messaging.models import Channel
from kunjae.organisations.models import Person
from kunjae.organisations.queries import signing_title


@dataclass(frozen=True, slots=True)
class Opinion:
    """
    What the head decided on the version that he read.

    `group_codes` are the groups as granted; `username` is needed for a new user only; `is_namesake`
    says that who has an account under the same name is another person; without an order number the
    basis is "to follow within 30 days" (L-52).
    """

    version: int
    approve: bool
    group_codes: tuple[str, ...] = ()
    username: str = ""
    is_namesake: bool = False
    order_number: str = ""
    order_date: date | None = None
    refusal_reason: str = ""


def decide(*, actor: Actor, request_public_id: str, opinion: Opinion, at: datetime) -> AccessRequest:
    """
    Decide one request; an approval opens the account, issues the activation and grants the groups.

    Of two decisions at once one wins, the other is told `already_decided` (T-10).

    :raises Denied: as `policies.may_decide`, `may_approve`, `is_nobody_known` and the operations below say;
        `changed_since_shown`, `nothing_granted`, `new_user_id_missing`, `refusal_reason_missing`
    """
    with state_change(actor=actor, at=at) as change:
        # The tenure first: what is read below can then not be what it was before a suspension or a closing.
        lock_tenure(AccessRequest.objects.values_list("authority_id", flat=True).get(public_id=request_public_id))
        request = (
            AccessRequest.objects.select_for_update(of=("self",))
            .select_related("applicant", "authority", "subject__person", "invitation")
            .get(public_id=request_public_id)
        )
        policies.may_decide(actor, request, at=at).enforce()
        may_act_gravely(actor, at=at).enforce()
        if opinion.version != request.version:
            raise Denied("changed_since_shown", {"organisation_id": request.authority_id})
        if opinion.approve:
            _approve(change, actor, request, opinion, at=at)
        else:
            _refuse(change, actor, request, opinion, at=at)
        register_sheet(actor=actor, request=request, at=at)
        _end_invitation(change, request, at=at)
    return request


def _end_invitation(change: Change, request: AccessRequest, *, at: datetime) -> None:
    """The link to a decided request opens nothing any more; whoever asks again is invited again."""
    invitation = request.invitation
    if invitation is not None and invitation.ended_at is None:
        invitation.change_to(ended_at=at)
        record(change, "invitation.ended", request)


def _decided(actor: Actor, request: AccessRequest, *, at: datetime) -> dict:
    return {
        "decided_at": at,
        "decided_by_id": actor.person_id,
        "decider_name": Person.objects.get(pk=actor.person_id or 0).full_name,
        "decider_position_th": signing_title(actor.person_id, request.authority_id, on=thai_day(at)),
    }


def _refuse(change: Change, actor: Actor, request: AccessRequest, opinion: Opinion, *, at: datetime) -> None:
    if not opinion.refusal_reason:
        raise Denied("refusal_reason_missing", {"organisation_id": request.authority_id})
    request.change_to(
        state=RequestState.REFUSED, refusal_reason=opinion.refusal_reason, **_decided(actor, request, at=at)
    )
    record(change, "access_request.refused", request, reason=opinion.refusal_reason)
    _tell_applicant(request, "request_refused", at=at, reason=opinion.refusal_reason)


def _approve(change: Change, actor: Actor, request: AccessRequest, opinion: Opinion, *, at: datetime) -> None:
    policies.may_approve(actor, request, at=at).enforce()
    codes = tuple(dict.fromkeys(opinion.group_codes))
    asked = [group.code for group in queries.groups_of(request).asked]
    if not codes and _is_still_to_give(request, asked, on=thai_day(at)):
        raise Denied("nothing_granted", {"organisation_id": request.authority_id})
    subject = _account_for(actor, request, opinion, at=at)
    request.change_to(
        state=RequestState.APPROVED,
        subject=subject,
        opened_subject=subject if request.credential_wish == CredentialWish.NEW_USER else None,
        basis_order_number=opinion.order_number,
        basis_order_date=opinion.order_date,
        **_decided(actor, request, at=at),
    )
    for code in codes:
        entitlements.grant(
            actor=actor,
            subject=subject,
            authority=request.authority,
            group_code=code,
            basis=Basis.ORDER if opinion.order_number else Basis.TO_FOLLOW,
            order_number=opinion.order_number,
            order_date=opinion.order_date,
            position_th=request.position_th,
            case=request.case,
            at=at,
        )
    names = group_names(thai_day(at), "th")
    granted = [names[code] for code in codes]
    GrantedGroup.objects.bulk_create(
        GrantedGroup(request=request, group=group, name_th=names[group.code])
        for group in AccessGroup.objects.filter(code__in=codes)
    )
    record(
        change,
        "access_request.approved",
        request,
        asked=[names.get(code, code) for code in asked],
        granted=granted,
        **(
            {"namesake_of": queries.accounts_of_name(request.applicant, request.authority_id)}
            if opinion.is_namesake
            else {}
        ),
    )
    _issue_activation(actor, request, subject, at=at)
    _tell_applicant(request, "request_approved", at=at, granted=granted)


def _is_still_to_give(request: AccessRequest, asked: list[str], *, on: date) -> bool:
    """
    Tell whether a group was asked for that the applicant does not hold.

    A request that only gives up groups, or only renews a password, is approved without naming any.
    """
    if not asked or request.subject is None:
        return bool(asked)
    held = grants_of_subject(request.subject.pk, on=on).filter(authority_id=request.authority_id)
    return bool(set(asked) - set(held.values_list("group__code", flat=True)))


def _account_for(actor: Actor, request: AccessRequest, opinion: Opinion, *, at: datetime) -> Subject:
    if request.credential_wish != CredentialWish.NEW_USER:
        if request.subject is None:
            raise Denied("needs_account", {"organisation_id": request.authority_id})
        return request.subject
    if not opinion.username:
        raise Denied("new_user_id_missing", {"organisation_id": request.authority_id})
    policies.is_nobody_known(request, is_namesake=opinion.is_namesake).enforce()
    return open_account(
        actor=actor,
        username=opinion.username,
        person=request.applicant,
        authority=request.authority,
        email=request.email,
        email_confirmed_at=request.email_confirmed_at,
        mobile=request.mobile,
        mobile_confirmed_at=request.mobile_confirmed_at,
        case=request.case,
        at=at,
    )


def _issue_activation(actor: Actor, request: AccessRequest, subject: Subject, *, at: datetime) -> None:
    purposes = {
        CredentialWish.NEW_USER: Activation.Purpose.FIRST,
        CredentialWish.CANNOT_ENTER: Activation.Purpose.REPLACE,
    }
    purpose = purposes.get(CredentialWish(request.credential_wish))
    if purpose is not None:
        subject = Subject.objects.select_for_update(of=("self",)).select_related("person").get(pk=subject.pk)
        policies.may_activate(subject, request.authority_id).enforce()
        identity.issue_activation(actor=actor, subject=subject, purpose=purpose, case=request.case, at=at)


def _tell_applicant(request: AccessRequest, kind: str, *, at: datetime, **facts: object) -> None:
    if request.subject is not None:
        tell_owner(request.subject, kind, at=at, case=request.case, **facts)
    elif request.email and request.email_confirmed_at:
        messaging.queue(
            kind=kind,
            channel=Channel.MAIL,
            to_address=request.email,
            at=at,
            person=request.applicant,
            organisation_id=request.authority_id,
            case=request.case,
            facts={"person": request.applicant.full_name, "case": request.case, "username": "", **facts},
        )
