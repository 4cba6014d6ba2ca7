"""Reads of the register of issued documents."""

from kunjae.documents.models import DocumentKind, IssuedDocument


def issued(*, kind: DocumentKind, organisation_id: int, case: str, content_hash: str) -> IssuedDocument | None:
    """The registered state of a document with exactly this content."""
    return IssuedDocument.objects.filter(
        kind=kind, organisation_id=organisation_id, case=case, content_hash=content_hash
    ).first()


def document_by_code(code: str) -> IssuedDocument | None:
    """The document behind the code of a QR, with its authority."""
    return (
        IssuedDocument.objects.select_related("organisation__district", "organisation__province")
        .filter(code=code)
        .first()
    )


def latest_of_case(kind: DocumentKind, organisation_id: int, case: str) -> IssuedDocument | None:
    """The newest registered state of a case's document: what an older paper is compared with."""
    return (
        IssuedDocument.objects.filter(kind=kind, organisation_id=organisation_id, case=case)
        .order_by("-issued_at", "-pk")
        .first()
    )
