"""May somebody without an account prepare a letter here, and is it complete? (A1-07 … A1-19)"""

from datetime import datetime

from kunjae.core.verdict import Verdict
from kunjae.official_letters.content import LetterContent
from kunjae.organisations.models import LocalAuthority


def place_key(address: str | None) -> str:
    """Give a keyed digest of the place that somebody comes from: the address itself is not kept."""
    raise NotImplementedError


def may_begin(authority: LocalAuthority, address_key: str, *, at: datetime) -> Verdict:
    """Test if a letter may be begun from this place."""
    raise NotImplementedError


def missing_from(content: LetterContent) -> list[str]:
    """List why a letter is incomplete, as reasons, in the order of the form; empty if nothing is missing."""
    raise NotImplementedError


def may_print(content: LetterContent) -> Verdict:
    """Test if a letter is complete and says nothing that the desk would have to send back."""
    raise NotImplementedError
