"""Reads about letters: drafts, cases, what was proven and told, when a hold ends."""

from datetime import datetime

from kunjae.identity.models import SignInAttempt, Subject
from kunjae.official_letters.models import ContactProof, LetterCase, LetterDraft, Notice, Objection


def draft_by_key(public_id: str, key: str, *, at: datetime) -> LetterDraft | None:
    """The draft of this name, for whoever holds its key; None if there is none, the key is another or time is up."""
    raise NotImplementedError


def draft_by_code(code: str) -> LetterDraft | None:
    """The draft whose print carries this code of an issued document: the scan's QR fills the desk's form."""
    raise NotImplementedError


def case_by_public_id(public_id: str) -> LetterCase | None:
    """A case with what its page shows."""
    raise NotImplementedError


def case_by_number(case: str) -> LetterCase | None:
    """A case by its number, as in 10012/2570."""
    raise NotImplementedError


def open_case_of(authority_id: int) -> LetterCase | None:
    """The letter of an authority that is at work (received or verified)."""
    raise NotImplementedError


def open_objections(case: LetterCase) -> list[Objection]:
    """Objections that nobody has resolved, oldest first."""
    raise NotImplementedError


def notices_of(case: LetterCase) -> list[Notice]:
    """The notices of the present version, with their messages, in the order of the parties."""
    raise NotImplementedError


def notice_by_secret(secret: str) -> Notice | None:
    """The notice behind a link of objection, of whichever version, with its case and authority."""
    raise NotImplementedError


def proofs_of(case: LetterCase) -> dict[str, ContactProof]:
    """What was sent or proven for the present version, by channel; what has ended is left out."""
    raise NotImplementedError


def proof_by_link(link_secret: str) -> ContactProof | None:
    """The proof behind a mailed link, with its case and authority; whatever its state."""
    raise NotImplementedError


def is_proven(case: LetterCase, channel: str) -> bool:
    """Test if an address of the present version was proven to work."""
    raise NotImplementedError


def hold_ends_at(case: LetterCase) -> datetime | None:
    """
    When the hold of the present version ends; None while it cannot be said.

    24 hours after the last notice was handed over or told. It cannot be said while a message still waits, nor
    before two parties were told of whom one is the province or the central e-mail. Without a hold it is the receipt.
    """
    raise NotImplementedError


def hold_is_over(case: LetterCase, *, at: datetime) -> bool:
    """Test if nothing of a hold is left at an instant."""
    raise NotImplementedError


def own_account_of_recipient(case: LetterCase) -> Subject | None:
    """The open account of who the recipient is, or, until that is found out, of the one of that name here."""
    raise NotImplementedError


def mobile_is_shared(case: LetterCase) -> bool:
    """Test if the recipient's mobile is that of a contact who is somebody else: then a slip takes the place of SMS."""
    raise NotImplementedError


def is_as_prepared(case: LetterCase) -> bool | None:
    """Test if what was keyed is what the QR of the scan claims; None if no QR was read."""
    raise NotImplementedError


def missing_in(case: LetterCase) -> list[str]:
    """Reasons, as keys of sentences, why the letter is incomplete; the clock of one working day runs once there is none."""
    raise NotImplementedError


def look_back(case: LetterCase) -> list[SignInAttempt]:
    """Tries to sign in to the present head's account in the thirty days before the receipt, newest first (A1-07)."""
    raise NotImplementedError
