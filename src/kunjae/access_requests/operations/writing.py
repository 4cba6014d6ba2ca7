"""Part 1 is written, corrected, submitted and withdrawn by its author (A2-01 … A2-05)."""

from dataclasses import dataclass
from datetime import date, datetime

from kunjae.access_requests import policies
from kunjae.access_requests.models import (
    AccessRequest,
    CredentialWish,
    Invitation,
    RequestedGroup,
    RequestState,
    WayIn,
)
from kunjae.access_requests.operations.numbering import next_case
from kunjae.audit.change import Change, state_change
from kunjae.core import identifiers
from kunjae.core.actor import Actor
from kunjae.core.clock import thai_day
from kunjae.core.verdict import Denied
from kunjae.documents.models import StoredFile
from kunjae.entitlements.queries import groups_for_officers, tenure_of
from kunjae.identity import operations as identity
from kunjae.identity.models import Subject
from kunjae.identity.operations.accounts import tell_owner
from kunjae.identity.queries import open_subject_of
from kunjae.organisations import operations as organisations
from kunjae.organisations.models import LocalAuthority, Person


@dataclass(frozen=True, slots=True)
class Content:
    """What the applicant fills in: the boxes and lines of part 1."""

    position_th: str
    form_date: date
    credential_wish: CredentialWish
    cannot_enter_reason: str = ""
    secret_may_be_known: bool = False
    wants_groups: bool = False
    duty: str = ""
    group_codes: tuple[str, ...] = ()

    def as_columns(self) -> dict:
        """Give the columns of `AccessRequest` that hold this content."""
        return {
            "position_th": self.position_th,
            "form_date": self.form_date,
            "credential_wish": self.credential_wish,
            "cannot_enter_reason": self.cannot_enter_reason,
            "secret_may_be_known": self.secret_may_be_known,
            "wants_groups": self.wants_groups,
            "duty": self.duty,
        }


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

    A draft is kept on the server, so that a time-out loses nothing; the head does not see it.

    :raises Denied: as `policies.may_ask_here` says, `invitation_ended`, `mobile_not_confirmed`, or
        `group_not_in_force`
    """
    with state_change(actor=actor, at=at) as change:
        if invitation is None:
            policies.may_ask_here(actor, authority.pk, at=at).enforce()
            subject = Subject.objects.select_related("person").get(pk=actor.subject_id)
            person, way_in = subject.person, WayIn.SIGNED_IN
            contact = _contact_of(subject)
        else:
            invitation = Invitation.objects.select_for_update().get(pk=invitation.pk)
            if invitation.ended_at is not None or invitation.expires_at <= at or invitation.opened_at is None:
                raise Denied("invitation_ended")
            if invitation.mobile_confirmed_at is None:
                raise Denied("mobile_not_confirmed", {"organisation_id": authority.pk})
            person, subject, way_in = _invited(actor, invitation, at=at), invitation.subject, WayIn.INVITATION
            contact = {
                "email": invitation.email,
                "email_confirmed_at": invitation.opened_at,
                "mobile": invitation.mobile,
                "mobile_confirmed_at": invitation.mobile_confirmed_at,
            }
        request = AccessRequest.objects.create(
            public_id=identifiers.public_id(),
            authority=authority,
            applicant=person,
            subject=subject,
            invitation=invitation,
            way_in=way_in,
            created_at=at,
            **contact,
            **content.as_columns(),
        )
        _set_groups(request, content, on=thai_day(at))
        _record(change, "access_request.drafted", request)
    return request


def _contact_of(subject: Subject) -> dict:
    return {
        "email": subject.email,
        "email_confirmed_at": subject.email_confirmed_at,
        "mobile": subject.mobile,
        "mobile_confirmed_at": subject.mobile_confirmed_at,
    }


def _invited(actor: Actor, invitation: Invitation, *, at: datetime) -> Person:
    """The person behind an invitation: known by his account or an earlier draft, or new."""
    if invitation.subject_id:
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


def _set_groups(request: AccessRequest, content: Content, *, on: date) -> None:
    """Keep the groups asked for; only those that a head may hand to officers on that day."""
    known = {edition.group.code: edition.group for edition in groups_for_officers(on)}
    for code in content.group_codes:
        if code not in known:
            raise Denied("group_not_in_force", {"organisation_id": request.authority_id, "group": code})
    RequestedGroup.objects.filter(request=request).delete()
    if content.wants_groups:
        RequestedGroup.objects.bulk_create(
            RequestedGroup(request=request, group=known[code]) for code in dict.fromkeys(content.group_codes)
        )


def _record(change: Change, name: str, request: AccessRequest, **facts: object) -> None:
    change.record(
        name,
        request,
        organisation_id=request.authority_id,
        subject_person_id=request.applicant_id,
        case=request.case,
        person=request.applicant.full_name,
        **facts,
    )


def _locked(public_id: str) -> AccessRequest:
    return (
        AccessRequest.objects.select_for_update(of=("self",))
        .select_related("applicant", "authority", "subject__person", "invitation")
        .get(public_id=public_id)
    )


def correct(*, actor: Actor, request_public_id: str, content: Content, at: datetime) -> AccessRequest:
    """
    Correct a draft or a request that still waits; a decision on the former version is refused.

    :raises Denied: as `policies.may_edit` says, or `group_not_in_force`, or `asks_for_nothing`
    """
    with state_change(actor=actor, at=at) as change:
        request = _locked(request_public_id)
        policies.may_edit(actor, request, at=at).enforce()
        if content.credential_wish == CredentialWish.NONE and not content.wants_groups:
            raise Denied("asks_for_nothing", {"organisation_id": request.authority_id})
        request.change_to(version=request.version + 1, **content.as_columns())
        _set_groups(request, content, on=thai_day(at))
        _record(change, "access_request.corrected", request, version=request.version)
    return request


def submit(*, actor: Actor, request_public_id: str, at: datetime) -> AccessRequest:
    """
    Send a draft to the head of finance: it gets its number, the head is told (L-12).

    Where somebody else may know the password, it is revoked now and not when the head has time
    (D11: lost means revoke first); the mailbox or the sign-in has proven who asks.

    :raises Denied: as `policies.may_submit` says
    """
    with state_change(actor=actor, at=at) as change:
        request = _locked(request_public_id)
        policies.may_submit(actor, request, at=at).enforce()
        case, year = next_case(request.authority, at=at)
        request.change_to(
            state=RequestState.SUBMITTED,
            submitted_at=at,
            case=case,
            fiscal_year=year,
            subject=open_subject_of(request.applicant_id),
        )
        _record(change, "access_request.submitted", request, way_in=request.way_in, form_date=request.form_date)
        if request.credential_wish == CredentialWish.CANNOT_ENTER and request.secret_may_be_known and request.subject:
            identity.revoke_password(
                actor=actor, subject_id=request.subject_id, why="may_be_known", case=request.case, at=at
            )
        _tell_the_head(request, at=at)
    return request


def _tell_the_head(request: AccessRequest, *, at: datetime) -> None:
    tenure = tenure_of(request.authority_id, at=at)
    if tenure is not None:
        tell_owner(
            tenure.subject, "request_waits", at=at, case=request.case, applicant=request.applicant.full_name
        )


def withdraw(*, actor: Actor, request_public_id: str, at: datetime) -> AccessRequest:
    """
    Take a request back before it is decided.

    :raises Denied: as `policies.may_edit` says
    """
    with state_change(actor=actor, at=at) as change:
        request = _locked(request_public_id)
        policies.may_edit(actor, request, at=at).enforce()
        request.change_to(state=RequestState.WITHDRAWN, withdrawn_at=at)
        _record(change, "access_request.withdrawn", request)
    return request


def key_from_paper(
    *,
    actor: Actor,
    authority: LocalAuthority,
    applicant: Person | None,
    title: str,
    given_name: str,
    family_name: str,
    email: str,
    mobile: str,
    content: Content,
    scan: StoredFile,
    at: datetime,
) -> AccessRequest:
    """
    Key a signed paper form with its scan; it waits for the opinion like any other (D12).

    `content.form_date` is the day on the paper. The contact counts as confirmed only when the
    person activates with it: nothing is held by an account before that.

    :raises Denied: as `policies.may_key` and `may_submit` say, or `own_case`
    """
    with state_change(actor=actor, at=at) as change:
        policies.may_key(actor, authority.pk, at=at).enforce()
        if applicant is not None and applicant.pk == actor.person_id:
            raise Denied("own_case", {"organisation_id": authority.pk})
        if applicant is None:
            applicant = organisations.register_person(
                actor=actor,
                title=title,
                given_name=given_name,
                family_name=family_name,
                organisation_id=authority.pk,
                at=at,
            )
        subject = open_subject_of(applicant.pk)
        request = AccessRequest.objects.create(
            public_id=identifiers.public_id(),
            authority=authority,
            applicant=applicant,
            subject=subject,
            way_in=WayIn.PAPER,
            keyed_by_id=actor.person_id,
            scan=scan,
            email=email,
            mobile=mobile,
            created_at=at,
            **content.as_columns(),
        )
        _set_groups(request, content, on=thai_day(at))
        _record(change, "access_request.drafted", request)
        submit(actor=actor, request_public_id=request.public_id, at=at)
    return AccessRequest.objects.get(pk=request.pk)
