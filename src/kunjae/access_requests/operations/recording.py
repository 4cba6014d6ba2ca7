"""What every act on a request leaves behind: its event, and the sheet as it now reads in the register."""

from datetime import datetime

from kunjae.access_requests import policies, queries, sheet
from kunjae.access_requests.models import AccessRequest
from kunjae.audit.change import Change
from kunjae.core.actor import Actor
from kunjae.documents import form_2
from kunjae.documents import operations as documents
from kunjae.documents.models import DocumentKind, IssuedDocument


def record(change: Change, name: str, request: AccessRequest, **facts: object) -> None:
    """Record one event about a request in its authority's chain."""
    change.record(
        name,
        request,
        organisation_id=request.authority_id,
        subject_person_id=request.applicant_id,
        case=request.case,
        person=request.applicant.full_name,
        **facts,
    )


def register_sheet(*, actor: Actor, request: AccessRequest, at: datetime) -> IssuedDocument:
    """Enter the sheet as it reads now, so that its QR code can be verified; a known content stands (T-33)."""
    current = queries.requests().get(pk=request.pk)
    return documents.issue_document(
        actor=actor,
        kind=DocumentKind.FORM_2,
        authority=current.authority,
        case=current.case,
        content_hash=form_2.content_hash(sheet.sheet_of(current, queries.groups_of(current))),
        summary=sheet.summary_of(current),
        issued_to=current.applicant,
        at=at,
    )


def register(*, actor: Actor, request_public_id: str, at: datetime) -> IssuedDocument:
    """
    Register the sheet as it reads now, for a print: part 2 or a new name may have changed it meanwhile.

    :raises Denied: as `policies.may_see` says
    """
    request = queries.requests().get(public_id=request_public_id)
    policies.may_see(actor, request, at=at).enforce()
    return register_sheet(actor=actor, request=request, at=at)
