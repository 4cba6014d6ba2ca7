"""The signed paper comes back as a scan, to the case that its QR code names (D12, T-33)."""

from datetime import datetime

from kunjae.access_requests import policies
from kunjae.access_requests.models import AccessRequest, SignedScan
from kunjae.audit.change import state_change
from kunjae.core import identifiers
from kunjae.core.actor import Actor
from kunjae.core.uploads import CheckedUpload
from kunjae.core.verdict import Denied
from kunjae.documents import operations as documents
from kunjae.documents import scan_reading, storage
from kunjae.documents.models import DocumentKind
from kunjae.entitlements.policies import lock_tenure
from kunjae.organisations.models import LocalAuthority


def attach_signed_scan(
    *, actor: Actor, request_public_id: str, upload: CheckedUpload, at: datetime, answers_for_it: bool = False
) -> SignedScan:
    """
    Keep the scan of a request's signed paper.

    Where no QR code can be read, the head has compared the paper with the case himself: `answers_for_it`.

    :raises Denied: as `policies.may_key` and `scan_reading.belongs_to` say; `scan_without_code`,
        `scan_is_kept`, `not_submitted`
    """
    papers = scan_reading.papers_on(upload)
    with storage.laid_down(upload) as laid, state_change(actor=actor, at=at) as change:
        authority_id = AccessRequest.objects.values_list("authority_id", flat=True).get(public_id=request_public_id)
        lock_tenure(authority_id)
        request = (
            AccessRequest.objects.select_for_update(of=("self",))
            .select_related("authority", "applicant")
            .get(public_id=request_public_id)
        )
        about = {"organisation_id": authority_id}
        policies.may_key(actor, authority_id, at=at).enforce()
        person_id = actor.person_id
        if person_id is None:
            raise Denied("not_head", about)
        if not request.case:
            raise Denied("not_submitted", about)
        scan_reading.belongs_to(
            papers, kind=DocumentKind.FORM_2, organisation_id=authority_id, case=request.case
        ).enforce()
        if not papers and not answers_for_it:
            raise Denied("scan_without_code", about)
        if request.signed_scans.filter(content_hash=upload.sha256).exists():
            raise Denied("scan_is_kept", about)
        kept = documents.keep_scan(actor=actor, scan=laid, authority=request.authority, case=request.case, at=at)
        attached = SignedScan.objects.create(
            public_id=identifiers.public_id(),
            request=request,
            scan=kept,
            content_hash=upload.sha256,
            document=papers[0].document if papers else None,
            attached_at=at,
            attached_by_id=person_id,
        )
        change.record(
            "signed_scan.attached",
            attached,
            organisation_id=authority_id,
            subject_person_id=request.applicant_id,
            case=request.case,
            person=request.applicant.full_name,
            by_code=bool(papers),
        )
    return attached


def request_of_scan(authority: LocalAuthority, upload: CheckedUpload) -> AccessRequest:
    """
    Find the request of an authority that the QR code of a scan names.

    :raises Denied: `scan_without_code_anywhere`, or as `scan_reading.belongs_to` says
    """
    about = {"organisation_id": authority.pk}
    papers = scan_reading.papers_on(upload)
    if not papers:
        raise Denied("scan_without_code_anywhere", about)
    case = papers[0].document.case if papers[0].document else ""
    scan_reading.belongs_to(papers, kind=DocumentKind.FORM_2, organisation_id=authority.pk, case=case).enforce()
    found = AccessRequest.objects.filter(authority=authority, case=case).first() if case else None
    if found is None:
        raise Denied("scan_is_not_ours", about)
    return found


def refuse_a_known_print(authority: LocalAuthority, upload: CheckedUpload) -> None:
    """
    Keep a print of a request that stands already from being keyed as a new one.

    :raises Denied: `scan_has_its_case`
    """
    for paper in scan_reading.papers_on(upload):
        document = paper.document
        if document is not None and document.organisation_id == authority.pk and document.case:
            raise Denied("scan_has_its_case", {"organisation_id": authority.pk, "case": document.case})
