"""Reads of the register of issued documents."""

from django.db.models import Q, QuerySet

from kunjae.core.identifiers import case_number, parse_case_number, parse_short_code
from kunjae.core.unacceptable import Unacceptable
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


def register(*, organisation_id: int | None = None, kind: str = "", number: str = "") -> QuerySet[IssuedDocument]:
    """
    List the issued documents, newest first: of one authority, or of all.

    `number` is the code of a document or the number of its case, as people type them; what is neither finds nothing.
    """
    found = IssuedDocument.objects.select_related(
        "organisation__district", "organisation__province", "issued_by"
    ).order_by("-issued_at", "-pk")
    if organisation_id is not None:
        found = found.filter(organisation_id=organisation_id)
    if kind:
        found = found.filter(kind=kind)
    return found.filter(_numbered(number)) if number else found


def _numbered(number: str) -> Q:
    try:
        return Q(case=case_number(*parse_case_number(number)))
    except Unacceptable:
        pass
    try:
        return Q(code=parse_short_code(number))
    except Unacceptable:
        return Q(pk__in=[])
