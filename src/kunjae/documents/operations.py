"""The register of issued documents grows, and scans of signed paper are kept."""

from datetime import datetime

from django.db import IntegrityError

from kunjae.audit.change import require_open_change, state_change
from kunjae.core import identifiers
from kunjae.core.actor import Actor
from kunjae.documents import drawing, queries
from kunjae.documents.models import DocumentKind, IssuedDocument, StoredFile
from kunjae.documents.storage import LaidDown
from kunjae.organisations.models import LocalAuthority, Person


def issue_document(
    *,
    actor: Actor,
    kind: DocumentKind,
    authority: LocalAuthority,
    case: str,
    content_hash: str,
    at: datetime,
    summary: str = "",
    issued_to: Person | None = None,
) -> IssuedDocument:
    """
    Register one state of a document, so that its QR code can be verified (T-33).

    The same content is registered once: issued again, it is the row that stands, with its code.
    Whether the actor may see the content is the caller's question. `summary` is what the public page
    shows; it names nobody.
    """
    if standing := queries.issued(kind=kind, organisation_id=authority.pk, case=case, content_hash=content_hash):
        return standing
    try:
        with state_change(actor=actor, at=at) as change:
            document = IssuedDocument.objects.create(
                code=identifiers.short_code(),
                kind=kind,
                organisation=authority,
                case=case,
                content_hash=content_hash,
                summary=summary,
                issued_at=at,
                issued_to=issued_to,
                issued_by_id=actor.person_id,
            )
            change.record(
                "document.issued",
                document,
                organisation_id=authority.pk,
                subject_person_id=issued_to.pk if issued_to else None,
                case=case,
                kind=kind,
                code=document.code,
                content_hash=content_hash,
            )
    except IntegrityError:
        # Somebody else registered the same content at the same moment.
        if standing := queries.issued(kind=kind, organisation_id=authority.pk, case=case, content_hash=content_hash):
            return standing
        raise
    return document


def keep_scan(
    *, actor: Actor, scan: LaidDown, authority: LocalAuthority | None, at: datetime, case: str = ""
) -> StoredFile:
    """
    Keep the scan of a signed paper, which `storage.laid_down` laid down around this change; the worker draws its pages.

    Who may hand it in is the caller's question.
    """
    require_open_change("documents.StoredFile")
    with state_change(actor=actor, at=at) as change:
        kept = StoredFile.objects.create(
            public_id=scan.public_id,
            organisation=authority,
            case=case,
            kind=scan.upload.kind,
            size=len(scan.upload.data),
            pages_count=scan.upload.page_count,
            content_hash=scan.upload.sha256,
            kept_by_id=actor.person_id,
            kept_at=at,
        )
        change.record(
            "scan.kept",
            kept,
            organisation_id=authority.pk if authority else None,
            case=case,
            kind=scan.upload.kind,
            size=kept.size,
            content_hash=kept.content_hash,
        )
        drawing.enqueue(kept)
    return kept


def file_under(kept: StoredFile, *, case: str) -> None:
    """Note the case that a scan belongs to, once it has its number; part of the change that gives the number."""
    require_open_change("documents.StoredFile")
    kept.change_to(case=case)
