"""Paper first, keyed later: the head keys a signed form with its scan (D12, L-12)."""

from datetime import datetime

from kunjae.access_requests import policies
from kunjae.access_requests.content import Content
from kunjae.access_requests.models import AccessRequest, WayIn
from kunjae.access_requests.operations.recording import record
from kunjae.access_requests.operations.scanning import refuse_a_known_print
from kunjae.access_requests.operations.writing import set_groups, submit
from kunjae.audit.change import state_change
from kunjae.core import identifiers
from kunjae.core.actor import Actor
from kunjae.core.clock import thai_day
from kunjae.core.uploads import CheckedUpload
from kunjae.core.verdict import Denied
from kunjae.documents import operations as documents
from kunjae.documents import storage
from kunjae.entitlements.policies import lock_tenure
from kunjae.identity.queries import open_subject_of
from kunjae.organisations import operations as organisations
from kunjae.organisations.models import LocalAuthority, Person


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
    upload: CheckedUpload,
    at: datetime,
    public_id: str = "",
) -> AccessRequest:
    """
    Key a signed paper form with its scan; it waits for the opinion like any other (D12).

    `content.form_date` is the day on the paper. The contact counts as confirmed only when the
    person activates with it: nothing is held by an account before that. `public_id` names one
    filled-in page, so that the same page sent twice is one request.

    :raises Denied: as `policies.may_key` and `may_submit` say; `own_case`, `own_name`, `contact_is_yours`,
        `sent_already`, `scan_has_its_case`
    """
    refuse_a_known_print(authority, upload)
    with storage.laid_down(upload) as scan, state_change(actor=actor, at=at) as change:
        about = {"organisation_id": authority.pk}
        lock_tenure(authority.pk)
        policies.may_key(actor, authority.pk, at=at).enforce()
        if public_id and AccessRequest.objects.filter(public_id=public_id).exists():
            raise Denied("sent_already", about)
        if applicant is not None and applicant.pk == actor.person_id:
            raise Denied("own_case", about)
        policies.reaches_another(actor, authority.pk, [(email, mobile)]).enforce()
        if applicant is not None:
            given_name, family_name = applicant.given_name, applicant.family_name
        policies.bears_another_name(actor, authority.pk, given_name, family_name).enforce()
        if applicant is None:
            applicant = organisations.register_person(
                actor=actor,
                title=title,
                given_name=given_name,
                family_name=family_name,
                organisation_id=authority.pk,
                at=at,
            )
        kept = documents.keep_scan(actor=actor, scan=scan, authority=authority, at=at)
        request = AccessRequest.objects.create(
            public_id=public_id or identifiers.public_id(),
            authority=authority,
            applicant=applicant,
            subject=open_subject_of(applicant.pk),
            way_in=WayIn.PAPER,
            keyed_by_id=actor.person_id,
            scan=kept,
            email=email,
            mobile=mobile,
            created_at=at,
            **content.as_columns(),
        )
        set_groups(request, content, on=thai_day(at))
        record(change, "access_request.drafted", request)
        request = submit(actor=actor, request_public_id=request.public_id, at=at)
        documents.file_under(kept, case=request.case)
    return request
