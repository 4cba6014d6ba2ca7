"""May they ask, correct, withdraw, decide? (clause 1(2); D7, L-13)"""

from datetime import datetime

from kunjae.access_requests.models import AccessRequest, CredentialWish, RequestState, WayIn
from kunjae.core.actor import Actor
from kunjae.core.verdict import ALLOWED, Verdict
from kunjae.entitlements import permissions
from kunjae.entitlements.policies import may
from kunjae.entitlements.queries import tenure_of, tenures_of
from kunjae.identity.models import Subject
from kunjae.identity.queries import open_subject_of


def _is_author(actor: Actor, request: AccessRequest) -> bool:
    """The applicant himself, signed in or by his invitation; or the head who keyed the paper."""
    if request.way_in == WayIn.PAPER:
        return actor.is_person and actor.person_id == request.keyed_by_id
    return actor.person_id is not None and actor.person_id == request.applicant_id


def may_see(actor: Actor, request: AccessRequest, *, at: datetime) -> Verdict:
    """Test if the actor may see a request: its author, its applicant, and the head of its authority."""
    if _is_author(actor, request) or (actor.person_id is not None and actor.person_id == request.applicant_id):
        return ALLOWED
    if request.state == RequestState.DRAFT:
        return Verdict("not_permitted", {"organisation_id": request.authority_id})
    return may(actor, permissions.DECIDE_REQUEST, request.authority_id, at=at)


def may_edit(actor: Actor, request: AccessRequest, *, at: datetime) -> Verdict:
    """Test if the actor may correct or withdraw a request: its author, until it is decided."""
    about = {"organisation_id": request.authority_id}
    if not _is_author(actor, request):
        return Verdict("not_applicant", about)
    if request.way_in == WayIn.PAPER and not (
        verdict := may(actor, permissions.KEY_REQUEST, request.authority_id, at=at)
    ):
        return verdict
    if request.state in (RequestState.APPROVED, RequestState.REFUSED):
        return Verdict("already_decided", about)
    if request.state == RequestState.WITHDRAWN:
        return Verdict("not_waiting", about)
    return ALLOWED


def may_submit(actor: Actor, request: AccessRequest, *, at: datetime) -> Verdict:
    """Test if a draft may go to the head, as its author wrote it (A2-03, N-01)."""
    about = {"organisation_id": request.authority_id}
    if not _is_author(actor, request):
        return Verdict("not_applicant", about)
    if request.state != RequestState.DRAFT:
        return Verdict("not_draft", about)
    if request.credential_wish == CredentialWish.NONE and not request.wants_groups:
        return Verdict("asks_for_nothing", about)
    subject = open_subject_of(request.applicant_id)
    if request.credential_wish == CredentialWish.NEW_USER and subject is not None:
        return Verdict("has_account_already", about)
    if request.credential_wish != CredentialWish.NEW_USER and subject is None:
        return Verdict("needs_account", about)
    if request.credential_wish != CredentialWish.NONE and tenures_of(request.applicant_id, at=at).exists():
        return Verdict("head_uses_form_1", about)
    waiting = AccessRequest.objects.filter(
        applicant_id=request.applicant_id, authority_id=request.authority_id, state=RequestState.SUBMITTED
    ).first()
    if waiting is not None:
        return Verdict("request_is_open", {**about, "case": waiting.case})
    return ALLOWED


def may_decide(actor: Actor, request: AccessRequest, *, at: datetime) -> Verdict:
    """
    Test if the actor may give the opinion on a request (clause 1(2), A2-06, A2-07).

    Nobody decides on himself (D7), and nobody's keys go to the decider's own mailbox or mobile.
    """
    about = {"organisation_id": request.authority_id}
    if request.state in (RequestState.APPROVED, RequestState.REFUSED):
        return Verdict("already_decided", about)
    if request.state != RequestState.SUBMITTED:
        return Verdict("not_waiting", about)
    if actor.person_id is not None and actor.person_id == request.applicant_id:
        return Verdict("own_request", about)
    if not (verdict := may(actor, permissions.DECIDE_REQUEST, request.authority_id, at=at)):
        return verdict
    return ALLOWED


def may_approve(actor: Actor, request: AccessRequest, *, at: datetime) -> Verdict:
    """Test if the actor may approve: what `may_decide` asks, and that the keys reach the applicant."""
    if not (verdict := may_decide(actor, request, at=at)):
        return verdict
    about = {"organisation_id": request.authority_id}
    if _shares_contact(actor, request):
        return Verdict("contact_is_yours", about)
    if (
        request.credential_wish == CredentialWish.NEW_USER
        and request.way_in == WayIn.INVITATION
        and not request.email_confirmed_at
    ):
        return Verdict("contact_not_confirmed", about)
    return ALLOWED


def _shares_contact(actor: Actor, request: AccessRequest) -> bool:
    own = Subject.objects.filter(pk=actor.subject_id).values_list("email", "mobile").first() or ("", "")
    asked = request.subject or request
    return bool(
        (own[0] and own[0].lower() in (request.email.lower(), asked.email.lower()))
        or (own[1] and own[1] in (request.mobile, asked.mobile))
    )


def may_invite(actor: Actor, organisation_id: int, *, at: datetime) -> Verdict:
    """Test if the actor may invite somebody to fill in form 2."""
    return may(actor, permissions.INVITE, organisation_id, at=at)


def may_key(actor: Actor, organisation_id: int, *, at: datetime) -> Verdict:
    """Test if the actor may key a signed paper form (D12)."""
    return may(actor, permissions.KEY_REQUEST, organisation_id, at=at)


def may_ask_here(actor: Actor, organisation_id: int, *, at: datetime) -> Verdict:
    """Test if a signed-in officer may ask this authority's head for something."""
    subject = Subject.objects.filter(pk=actor.subject_id).first() if actor.is_person else None
    if subject is None or subject.authority_id != organisation_id:
        return Verdict("not_permitted", {"organisation_id": organisation_id})
    tenure = tenure_of(organisation_id, at=at)
    if tenure is not None and tenure.person_id == actor.person_id:
        return Verdict("head_uses_form_1", {"organisation_id": organisation_id})
    return ALLOWED
