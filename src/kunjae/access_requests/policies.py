"""May they ask, correct, withdraw, decide? (clause 1(2); D7, L-13)"""

from collections.abc import Iterable
from datetime import datetime

from django.db.models import Exists, OuterRef

from kunjae.access_requests import queries
from kunjae.access_requests.content import Content
from kunjae.access_requests.models import AccessRequest, CredentialWish, RequestState, WayIn
from kunjae.access_requests.queries import name_key
from kunjae.core.actor import Actor
from kunjae.core.clock import thai_day
from kunjae.core.phones import mailbox_key
from kunjae.core.verdict import ALLOWED, Verdict
from kunjae.entitlements import permissions
from kunjae.entitlements.models import Tenure
from kunjae.entitlements.policies import EXECUTIVE_OFFICES, may
from kunjae.entitlements.queries import open_at, tenures_of
from kunjae.identity.models import Activation, Subject, SubjectState
from kunjae.identity.queries import open_activation, open_subject_of
from kunjae.organisations.models import Person
from kunjae.organisations.queries import office_holders


def _is_author(actor: Actor, request: AccessRequest) -> bool:
    """The applicant himself, signed in or by his invitation; or the head who keyed the paper."""
    if request.way_in == WayIn.PAPER:
        return actor.is_person and actor.person_id == request.keyed_by_id
    return actor.person_id is not None and actor.person_id == request.applicant_id


def may_see(actor: Actor, request: AccessRequest, *, at: datetime, permitted: Verdict | None = None) -> Verdict:
    """
    Test if the actor may see a request: its author, its applicant, and the head of its authority.

    `permitted` is what `may` says about `DECIDE_REQUEST` there, for a page that knows it already; likewise below.
    """
    if _is_author(actor, request) or (actor.person_id is not None and actor.person_id == request.applicant_id):
        return ALLOWED
    if not request.case:
        # A draft, or one withdrawn before the head ever saw it, is the author's own affair.
        return Verdict("not_permitted", {"organisation_id": request.authority_id})
    if permitted is not None:
        return permitted
    return may(actor, permissions.DECIDE_REQUEST, request.authority_id, at=at)


def may_edit(actor: Actor, request: AccessRequest, *, at: datetime, permitted: Verdict | None = None) -> Verdict:
    """
    Test if the actor may correct or withdraw a request: its author, until it is decided.

    `permitted` is what `may` says about `KEY_REQUEST` there.
    """
    about = {"organisation_id": request.authority_id}
    if not _is_author(actor, request):
        return Verdict("not_applicant", about)
    if request.state in (RequestState.APPROVED, RequestState.REFUSED):
        return Verdict("already_decided", about)
    if request.state in (RequestState.WITHDRAWN, RequestState.SELF_SERVED):
        return Verdict("not_waiting", about)
    if request.way_in == WayIn.PAPER:
        return may(actor, permissions.KEY_REQUEST, request.authority_id, at=at) if permitted is None else permitted
    return ALLOWED


def may_ask_for(applicant_id: int, organisation_id: int, content: Content, *, at: datetime) -> Verdict:
    """Test if a person may ask for this on form 2 (A2-03, A2-04, N-01)."""
    about = {"organisation_id": organisation_id}
    wish = content.credential_wish
    if wish == CredentialWish.NONE and not content.wants_groups:
        return Verdict("asks_for_nothing", about)
    if wish == CredentialWish.CANNOT_ENTER and not content.cannot_enter_reason:
        return Verdict("cannot_enter_reason_missing", about)
    if content.wants_groups and not content.duty:
        return Verdict("duty_missing", about)
    subject = open_subject_of(applicant_id)
    if wish == CredentialWish.NEW_USER and subject is not None:
        return Verdict("has_account_already", about)
    if wish != CredentialWish.NEW_USER and subject is None:
        return Verdict("needs_account", about)
    if wish == CredentialWish.CANNOT_ENTER and subject is not None and subject.authority_id != organisation_id:
        return Verdict("account_of_another_authority", about)
    if wish != CredentialWish.NONE and tenures_of(applicant_id, at=at).exists():
        return Verdict("head_uses_form_1", about)
    return ALLOWED


def may_submit(actor: Actor, request: AccessRequest, content: Content, *, at: datetime) -> Verdict:
    """Test if a draft with this content may go to the head, as its author wrote it."""
    about = {"organisation_id": request.authority_id}
    if not _is_author(actor, request):
        return Verdict("not_applicant", about)
    if request.state != RequestState.DRAFT:
        return Verdict("not_draft", about)
    if not (verdict := may_ask_for(request.applicant_id, request.authority_id, content, at=at)):
        return verdict
    waiting = AccessRequest.objects.filter(
        applicant_id=request.applicant_id, authority_id=request.authority_id, state=RequestState.SUBMITTED
    ).first()
    if waiting is not None:
        return Verdict("request_is_open", {**about, "case": waiting.case})
    return ALLOWED


def may_decide(
    actor: Actor,
    request: AccessRequest,
    *,
    at: datetime,
    permitted: Verdict | None = None,
    himself: Subject | None = None,
) -> Verdict:
    """
    Test if the actor may give the opinion on a request (clause 1(2), A2-06, A2-07).

    Nobody decides on himself, as a person (D7), nor on somebody entered under his own name. `himself` is the actor's
    account with its person, for a page that has read it already.
    """
    about = {"organisation_id": request.authority_id}
    if request.state in (RequestState.APPROVED, RequestState.REFUSED):
        return Verdict("already_decided", about)
    if request.state != RequestState.SUBMITTED:
        return Verdict("not_waiting", about)
    if actor.person_id is not None and actor.person_id == request.applicant_id:
        return Verdict("own_request", about)
    if permitted is None:
        permitted = may(actor, permissions.DECIDE_REQUEST, request.authority_id, at=at)
    if not permitted:
        return permitted
    named = (request.applicant.given_name, request.applicant.family_name)
    return bears_another_name(actor, request.authority_id, *named, himself=himself)


def may_approve(
    actor: Actor,
    request: AccessRequest,
    *,
    at: datetime,
    permitted: Verdict | None = None,
    himself: Subject | None = None,
) -> Verdict:
    """Test if the actor may approve: what `may_decide` asks, and that the keys reach the applicant alone."""
    if not (verdict := may_decide(actor, request, at=at, permitted=permitted, himself=himself)):
        return verdict
    about = {"organisation_id": request.authority_id}
    contacts = [(reached.email, reached.mobile) for reached in (request, request.subject) if reached is not None]
    if not (verdict := reaches_another(actor, request.authority_id, contacts, himself=himself)):
        return verdict
    if (
        request.credential_wish == CredentialWish.NEW_USER
        and request.way_in == WayIn.INVITATION
        and not (request.email_confirmed_at and request.mobile_confirmed_at)
    ):
        return Verdict("contact_not_confirmed", about)
    if request.credential_wish == CredentialWish.NEW_USER and not (
        verdict := reaches_nobody_else(
            request.applicant_id, request.authority_id, email=request.email, mobile=request.mobile
        )
    ):
        return verdict
    if request.subject is None:
        return ALLOWED
    if request.credential_wish == CredentialWish.CANNOT_ENTER:
        return may_activate(request.subject, request.authority_id)
    if request.subject.state == SubjectState.CLOSED:
        return Verdict("subject_is_closed", about)
    return ALLOWED


def may_activate(subject: Subject, organisation_id: int) -> Verdict:
    """Test if an account stands so that an activation may be issued to it."""
    about = {"organisation_id": organisation_id}
    if subject.state == SubjectState.CLOSED:
        return Verdict("subject_is_closed", about)
    if subject.state == SubjectState.SUSPENDED:
        return Verdict("account_is_suspended", about)
    return ALLOWED


def may_print_slip(
    actor: Actor,
    subject: Subject,
    *,
    at: datetime,
    permitted: Verdict | None = None,
    activation: Activation | None = None,
) -> Verdict:
    """
    Test if the actor may print the second code of an account's activation on a slip (D4).

    Whoever administers the authority, and never for himself: the slip is handed over in person. `activation` is the
    open one of the account, for a page that has read it already.
    """
    if subject.authority_id is None:
        return Verdict("not_permitted")
    about = {"organisation_id": subject.authority_id}
    if actor.person_id == subject.person_id:
        return Verdict("own_case", about)
    if permitted is None:
        permitted = may(actor, permissions.DECIDE_REQUEST, subject.authority_id, at=at)
    if not permitted:
        return permitted
    activation = activation or open_activation(subject.pk)
    if activation is None:
        return Verdict("activation_ended", about)
    # Whoever could print it would hold half of the executive's keys without need (T-06).
    if activation.second_way == Activation.SecondWay.SMS and any(
        post.person_id == subject.person_id and post.office in EXECUTIVE_OFFICES
        for post in office_holders(subject.authority_id, on=thai_day(at))
    ):
        return Verdict("executive_gets_sms", about)
    return ALLOWED


def bears_another_name(
    actor: Actor, organisation_id: int, given_name: str, family_name: str, *, himself: Subject | None = None
) -> Verdict:
    """
    Test that somebody who is named has not the actor's own name.

    Entered once more as a person, a head would decide on himself (D7).
    """
    own = himself.person if himself else Person.objects.filter(pk=actor.person_id or 0).first()
    if own is not None and name_key(own.given_name, own.family_name) == name_key(given_name, family_name):
        return Verdict("own_name", {"organisation_id": organisation_id})
    return ALLOWED


def is_nobody_known(request: AccessRequest, *, is_namesake: bool) -> Verdict:
    """Test that nobody of the new user's name has an account here; the head may say that it is another person."""
    known = queries.accounts_of_name(request.applicant, request.authority_id)
    if known and not is_namesake:
        about = {"organisation_id": request.authority_id, "usernames": ", ".join(known)}
        return Verdict("same_name_has_account", about)
    return ALLOWED


def reaches_another(
    actor: Actor, organisation_id: int, contacts: Iterable[tuple[str, str]], *, himself: Subject | None = None
) -> Verdict:
    """Test that addresses and numbers named for somebody else are not the actor's own, however written (T-06)."""
    own = himself or Subject.objects.filter(pk=actor.subject_id).only("email", "mobile").first()
    own_email, own_mobile = (own.email, own.mobile) if own else ("", "")
    for email, mobile in contacts:
        is_own_mailbox = email and own_email and mailbox_key(email) == mailbox_key(own_email)
        if is_own_mailbox or (mobile and mobile == own_mobile):
            return Verdict("contact_is_yours", {"organisation_id": organisation_id})
    return ALLOWED


def reaches_nobody_else(person_id: int, organisation_id: int, *, email: str, mobile: str) -> Verdict:
    """
    Test that the contact of a new account is no other person's (T-06, D7).

    Otherwise one human could hold two accounts, or read the keys of another's.
    """
    if queries.is_contact_of_another(person_id, organisation_id, email=email, mobile=mobile):
        return Verdict("contact_is_anothers", {"organisation_id": organisation_id})
    return ALLOWED


def may_invite(actor: Actor, organisation_id: int, *, at: datetime) -> Verdict:
    """Test if the actor may invite somebody to fill in form 2, or end such an invitation."""
    return may(actor, permissions.INVITE, organisation_id, at=at)


def may_key(actor: Actor, organisation_id: int, *, at: datetime) -> Verdict:
    """Test if the actor may key a signed paper form (D12)."""
    return may(actor, permissions.KEY_REQUEST, organisation_id, at=at)


def may_ask_here(actor: Actor, organisation_id: int, *, at: datetime) -> Verdict:
    """Test if a signed-in officer may ask this authority's head for something."""
    about = {"organisation_id": organisation_id}
    heads = Tenure.objects.filter(open_at(at), authority_id=organisation_id, person_id=OuterRef("person_id"))
    account = Subject.objects.filter(pk=actor.subject_id, authority_id=organisation_id).annotate(is_head=Exists(heads))
    found = account.values_list("is_head", flat=True).first()
    if found is None:
        return Verdict("not_permitted", about)
    if found:
        return Verdict("head_uses_form_1", about)
    return ALLOWED
