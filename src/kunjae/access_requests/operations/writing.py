"""Part 1 is written, corrected, submitted and withdrawn by its author (A2-01 … A2-05)."""

from datetime import date, datetime

from kunjae.access_requests import policies, queries
from kunjae.access_requests.content import Content
from kunjae.access_requests.models import (
    AccessRequest,
    CredentialWish,
    Invitation,
    RequestedGroup,
    RequestState,
    WayIn,
)
from kunjae.access_requests.operations.numbering import next_case
from kunjae.access_requests.operations.recording import record, register_sheet
from kunjae.audit.change import Change, state_change
from kunjae.core import identifiers
from kunjae.core.actor import Actor
from kunjae.core.clock import thai_day
from kunjae.core.verdict import Denied
from kunjae.entitlements.policies import lock_tenure
from kunjae.entitlements.queries import groups_for_officers, tenure_of
from kunjae.identity import operations as identity
from kunjae.identity.models import Subject
from kunjae.identity.operations.accounts import tell_owner
from kunjae.identity.queries import open_subject_of
from kunjae.organisations import operations as organisations
from kunjae.organisations.models import LocalAuthority, Person


class _StandsAlready(Exception):
    """The person has a draft; nothing is written."""

    def __init__(self, request: AccessRequest) -> None:
        super().__init__()
        self.request = request


def draft(
    *,
    actor: Actor,
    authority: LocalAuthority,
    content: Content,
    at: datetime,
    invitation: Invitation | None = None,
) -> AccessRequest:
    """
    Begin a request: by a signed-in officer, or by one who was invited.

    A draft is kept on the server, so that a time-out loses nothing; the head does not see it. A
    person writes one at a time: the same content sent twice is one draft.

    :raises Denied: as `policies.may_ask_here` says, `invitation_ended`, `mobile_not_confirmed`,
        `draft_is_open` or `group_not_in_force`
    """
    try:
        with state_change(actor=actor, at=at) as change:
            if invitation is None:
                policies.may_ask_here(actor, authority.pk, at=at).enforce()
                begun = _by_officer(actor)
            else:
                begun = _by_invitation(actor, invitation, at=at)
                authority = invitation.authority
            _refuse_a_second_draft(change, begun, authority, at=at)
            request = AccessRequest.objects.create(
                public_id=identifiers.public_id(),
                authority=authority,
                created_at=at,
                **begun,
                **content.as_columns(),
            )
            set_groups(request, content, on=thai_day(at))
            record(change, "access_request.drafted", request)
    except _StandsAlready as stands:
        if content.says_the_same_as(queries.content_of(stands.request)):
            return stands.request
        raise Denied("draft_is_open", {"organisation_id": authority.pk}) from stands
    return request


def _by_officer(actor: Actor) -> dict:
    subject = Subject.objects.select_for_update(of=("self",)).select_related("person").get(pk=actor.subject_id)
    return {
        "applicant": subject.person,
        "subject": subject,
        "way_in": WayIn.SIGNED_IN,
        "email": subject.email,
        "email_confirmed_at": subject.email_confirmed_at,
        "mobile": subject.mobile,
        "mobile_confirmed_at": subject.mobile_confirmed_at,
    }


def _by_invitation(actor: Actor, invitation: Invitation, *, at: datetime) -> dict:
    invitation = (
        Invitation.objects.select_for_update(of=("self",))
        .select_related("mail", "subject__person", "authority")
        .get(pk=invitation.pk)
    )
    about = {"organisation_id": invitation.authority_id}
    if not invitation.is_open_at(at) or invitation.opened_at is None:
        raise Denied("invitation_ended", about)
    if invitation.mobile_confirmed_at is None:
        raise Denied("mobile_not_confirmed", about)
    return {
        "applicant": _invited(actor, invitation, at=at),
        "subject": invitation.subject,
        "invitation": invitation,
        "way_in": WayIn.INVITATION,
        "email": invitation.email,
        "email_confirmed_at": invitation.opened_at,
        "mobile": invitation.mobile,
        "mobile_confirmed_at": invitation.mobile_confirmed_at,
    }


def _invited(actor: Actor, invitation: Invitation, *, at: datetime) -> Person:
    """The person behind an invitation: known by his account or an earlier draft, or new."""
    if invitation.subject is not None:
        return invitation.subject.person
    earlier = AccessRequest.objects.filter(invitation=invitation).select_related("applicant").first()
    if earlier is not None:
        return earlier.applicant
    return organisations.register_person(
        actor=actor,
        title=invitation.title,
        given_name=invitation.given_name,
        family_name=invitation.family_name,
        organisation_id=invitation.authority_id,
        at=at,
    )


def _refuse_a_second_draft(change: Change, begun: dict, authority: LocalAuthority, *, at: datetime) -> None:
    """
    Let one draft stand; but behind a newly proven link the draft that was begun elsewhere gives way.

    Who cannot get in can neither finish nor withdraw that one (N-01).
    """
    standing = (
        AccessRequest.objects.select_for_update(of=("self",))
        .select_related("applicant")
        .filter(applicant=begun["applicant"], authority=authority, state=RequestState.DRAFT)
        .exclude(way_in=WayIn.PAPER)
        .first()
    )
    if standing is None:
        return
    if "invitation" not in begun or begun["invitation"].pk == standing.invitation_id:
        raise _StandsAlready(standing)
    standing.change_to(state=RequestState.WITHDRAWN, withdrawn_at=at)
    record(change, "access_request.withdrawn", standing)


def set_groups(request: AccessRequest, content: Content, *, on: date) -> None:
    """
    Keep the groups asked for; only those that a head may hand to officers on that day.

    :raises Denied: `group_not_in_force`
    """
    known = {edition.group.code: edition for edition in groups_for_officers(on)}
    for code in content.group_codes:
        if code not in known:
            raise Denied("group_not_in_force", {"organisation_id": request.authority_id, "group": code})
    RequestedGroup.objects.filter(request=request).delete()
    if content.wants_groups:
        RequestedGroup.objects.bulk_create(
            RequestedGroup(request=request, group=known[code].group, name_th=known[code].name_th)
            for code in dict.fromkeys(content.group_codes)
        )


def locked(public_id: str) -> AccessRequest:
    """
    Load a request for a change, and keep everybody else from changing it until the commit.

    Paper is keyed by the right to administer, so that its tenure is locked before (T-04).
    """
    way_in, authority_id = AccessRequest.objects.values_list("way_in", "authority_id").get(public_id=public_id)
    if way_in == WayIn.PAPER:
        lock_tenure(authority_id)
    return (
        AccessRequest.objects.select_for_update(of=("self",))
        .select_related("applicant", "authority", "subject__person", "invitation")
        .get(public_id=public_id)
    )


def correct(
    *, actor: Actor, request_public_id: str, content: Content, at: datetime, version: int | None = None
) -> AccessRequest:
    """
    Correct a draft or a request that still waits; a decision on the former version is refused.

    With `version`, what another window changed meanwhile is not overwritten. A content that changes
    nothing leaves the request as it is.

    :raises Denied: as `policies.may_edit` says, `changed_elsewhere`, `group_not_in_force`; of a
        request that waits also as `policies.may_ask_for` says
    """
    standing = AccessRequest.objects.get(public_id=request_public_id)
    is_unchanged = content.says_the_same_as(queries.content_of(standing))
    if is_unchanged and version in (None, standing.version) and policies.may_edit(actor, standing, at=at):
        return standing
    with state_change(actor=actor, at=at) as change:
        request = locked(request_public_id)
        about = {"organisation_id": request.authority_id}
        policies.may_edit(actor, request, at=at).enforce()
        if version is not None and version != request.version:
            raise Denied("changed_elsewhere", about)
        if request.state == RequestState.SUBMITTED:
            policies.may_ask_for(request.applicant_id, request.authority_id, content, at=at).enforce()
        may_be_known_already = request.secret_may_be_known
        request.change_to(version=request.version + 1, **content.as_columns())
        set_groups(request, content, on=thai_day(at))
        record(change, "access_request.corrected", request, version=request.version)
        if request.state == RequestState.SUBMITTED:
            if not may_be_known_already:
                _revoke_what_may_be_known(actor, request, at=at)
            register_sheet(actor=actor, request=request, at=at)
    return request


def submit(*, actor: Actor, request_public_id: str, at: datetime) -> AccessRequest:
    """
    Send a draft to the head of finance: it gets its number, the head is told (L-12).

    The day on the form is that of the sending; on paper it is the paper's own.

    :raises Denied: as `policies.may_submit` says
    """
    with state_change(actor=actor, at=at) as change:
        request = locked(request_public_id)
        # Two drafts of one person (one of them on paper) must not both get through. The key itself stays free: who
        # suspends the account meanwhile holds its row and writes a message that names the person.
        Person.objects.select_for_update(no_key=True).get(pk=request.applicant_id)
        policies.may_submit(actor, request, queries.content_of(request), at=at).enforce()
        case, year = next_case(request.authority, at=at)
        request.change_to(
            state=RequestState.SUBMITTED,
            submitted_at=at,
            case=case,
            fiscal_year=year,
            subject=open_subject_of(request.applicant_id),
            applicant_name=request.applicant.full_name,
            form_date=request.form_date if request.way_in == WayIn.PAPER else thai_day(at),
        )
        record(change, "access_request.submitted", request, way_in=request.way_in, form_date=request.form_date)
        _revoke_what_may_be_known(actor, request, at=at)
        register_sheet(actor=actor, request=request, at=at)
        _tell_the_head(actor, request, at=at)
    return request


def _revoke_what_may_be_known(actor: Actor, request: AccessRequest, *, at: datetime) -> None:
    """
    Revoke a password that somebody else may know: now, and not when the head has time (D11).

    The mailbox or the sign-in has proven who asks; on paper the head himself keyed it.
    """
    if (
        request.credential_wish == CredentialWish.CANNOT_ENTER
        and request.secret_may_be_known
        and request.subject_id is not None
    ):
        identity.revoke_password(
            actor=actor, subject_id=request.subject_id, why="may_be_known", case=request.case, at=at
        )


def _tell_the_head(actor: Actor, request: AccessRequest, *, at: datetime) -> None:
    tenure = tenure_of(request.authority_id, at=at)
    if tenure is not None and tenure.person_id != actor.person_id:
        tell_owner(
            tenure.subject,
            "request_waits",
            at=at,
            case=request.case,
            applicant=request.applicant_name,
            authority=request.authority.full_name,
        )


def withdraw(*, actor: Actor, request_public_id: str, at: datetime) -> AccessRequest:
    """
    Take a request back before it is decided.

    :raises Denied: as `policies.may_edit` says
    """
    with state_change(actor=actor, at=at) as change:
        request = locked(request_public_id)
        policies.may_edit(actor, request, at=at).enforce()
        request.change_to(state=RequestState.WITHDRAWN, withdrawn_at=at)
        record(change, "access_request.withdrawn", request)
    return request
