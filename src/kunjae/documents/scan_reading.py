"""What a scan of signed paper says it is: the QR code that the print carried, read back and compared (D12, T-33)."""

from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import parse_qs, urlsplit

from kunjae.core.identifiers import parse_short_code
from kunjae.core.unacceptable import Unacceptable
from kunjae.core.uploads import CheckedUpload, read_codes
from kunjae.core.verdict import ALLOWED, Verdict
from kunjae.documents import queries
from kunjae.documents.models import DocumentKind, IssuedDocument
from kunjae.documents.qr import SHORT_HASH_LENGTH

_CLAIMS_MAX = 20
_CLAIM_LENGTH_MAX = 500


@dataclass(frozen=True, slots=True)
class Claim:
    """What one QR code claims: the code of an issued document, the case on it, the first digits of its content hash."""

    code: str
    case: str
    short_hash: str


@dataclass(frozen=True, slots=True)
class Paper:
    """A print of ours that a scan shows, and whether the QR code agrees with what was issued."""

    claim: Claim
    document: IssuedDocument | None

    @property
    def is_as_issued(self) -> bool:
        """Tell whether the claim is word for word what the register holds."""
        return (
            self.document is not None
            and self.claim.short_hash == self.document.content_hash[:SHORT_HASH_LENGTH]
            and self.claim.case == self.document.case
        )


def claim_of(text: str) -> Claim | None:
    """
    Read the text of one QR code; None if it is not one of ours.

    The host is not looked at: it may change, and what counts is the register.
    """
    if len(text) > _CLAIM_LENGTH_MAX:
        return None
    try:
        address = urlsplit(text)
        code = parse_short_code(address.path.rstrip("/").rpartition("/")[2])
    except (ValueError, Unacceptable):
        return None
    claimed = parse_qs(address.query, max_num_fields=_CLAIMS_MAX)
    case, short_hash = (claimed.get(name, [""])[0] for name in ("n", "h"))
    return Claim(code=code, case=case, short_hash=short_hash.lower())


def papers_on(upload: CheckedUpload) -> list[Paper]:
    """
    Read every page of a scan and look its prints up in the register of issued documents, each once.

    A blank form filled in by hand, or a photograph too poor to read, gives none.

    :raises UploadRefused: if the scan cannot be drawn
    """
    return papers_of(read_codes(upload))


def papers_of(texts: Iterable[str]) -> list[Paper]:
    """Look up what the QR codes of a scan claim."""
    claims = dict.fromkeys(claim for text in texts if (claim := claim_of(text)))
    return [Paper(claim, queries.document_by_code(claim.code)) for claim in claims]


def belongs_to(papers: list[Paper], *, kind: DocumentKind, organisation_id: int, case: str) -> Verdict:
    """
    Test if the prints that a scan shows are of this case, and as they were issued.

    A scan without any is allowed: paper may be written by hand. A print of an earlier state is too, since the
    sheet that an officer signed comes back with the head's opinion on it. What a hand changed beside the code, a
    machine does not see; the officer compares the picture.
    """
    about = {"organisation_id": organisation_id}
    for paper in papers:
        document = paper.document
        if document is None:
            return Verdict("scan_is_not_ours", about)
        if document.kind != kind or document.organisation_id != organisation_id:
            return Verdict("scan_of_other_paper", about)
        if document.case != case:
            return Verdict("scan_of_other_case", {**about, "case": document.case})
        if not paper.is_as_issued:
            return Verdict("scan_was_altered", about)
    return ALLOWED
