"""What the public page says about a printed paper: that it stands in the register, and nobody's name (T-33)."""

from dataclasses import dataclass
from datetime import date

from kunjae.core.clock import thai_day
from kunjae.core.identifiers import parse_short_code
from kunjae.core.unacceptable import Unacceptable
from kunjae.documents import queries as documents
from kunjae.documents.models import DocumentKind, IssuedDocument
from kunjae.documents.qr import SHORT_HASH_LENGTH, short_hash


@dataclass(frozen=True, slots=True, kw_only=True)
class Registered:
    """The minimal facts of a paper. `has_newer`: its case has changed since; `fits`: what the QR claims agrees."""

    kind: str
    authority: str
    place: str
    case: str
    issued_on: date
    hash_shown: str
    has_newer: bool
    fits: bool


def look_up(typed: str, *, claimed_case: str = "", claimed_hash: str = "") -> Registered | None:
    """Find the paper behind a code; a code that cannot be one is as unknown as one that was never given."""
    try:
        document = documents.document_by_code(parse_short_code(typed))
    except Unacceptable:
        return None
    if document is None:
        return None
    organisation = document.organisation
    return Registered(
        kind=DocumentKind(document.kind).value,
        authority=organisation.full_name,
        place=organisation.place,
        case=document.case,
        issued_on=thai_day(document.issued_at),
        hash_shown=short_hash(document.content_hash),
        has_newer=_has_newer(document),
        fits=_fits(document, claimed_case, claimed_hash),
    )


def _has_newer(document: IssuedDocument) -> bool:
    # A report stands for its day alone; only a case has a newest state.
    if not document.case:
        return False
    newest = documents.latest_of_case(DocumentKind(document.kind), document.organisation_id, document.case)
    return newest is not None and newest.pk != document.pk


def _fits(document: IssuedDocument, claimed_case: str, claimed_hash: str) -> bool:
    if claimed_case and claimed_case != document.case:
        return False
    return not claimed_hash or document.content_hash[:SHORT_HASH_LENGTH] == claimed_hash[:SHORT_HASH_LENGTH].lower()
