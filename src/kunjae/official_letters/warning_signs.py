"""What should give the officer pause before a letter becomes a case; it refuses nothing (A1-03, A1-14, A1-15)."""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from kunjae.core import reasons
from kunjae.core.clock import long_date, thai_day
from kunjae.core.phones import mailbox_key
from kunjae.official_letters.content import LetterContent, missing_from, name_key
from kunjae.official_letters.models import OtherReason
from kunjae.official_letters.recognising import open_accounts
from kunjae.organisations.models import LocalAuthority

OLD_AFTER = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Sign:
    """One warning; `reason` names it, so that the page can say which of them were read."""

    reason: str
    facts: dict[str, Any] = field(default_factory=dict)

    @property
    def sentence(self) -> str:
        """Say it in the reader's language."""
        return reasons.sentence(self.reason, self.facts)


def signs(
    authority: LocalAuthority, content: LetterContent, *, letter_date: date, at: datetime, language: str
) -> list[Sign]:
    """List the warnings about a letter that is being keyed."""
    found = []
    if missing := missing_from(content):
        found.append(Sign("warns_incomplete", {"missing": " ".join(map(reasons.sentence, missing))}))
    if thai_day(at) - letter_date > OLD_AFTER:
        found.append(Sign("warns_letter_is_old", {"day": long_date(letter_date, language)}))
    if content.mobile and content.mobile == content.contact_mobile and content.contact_key != content.recipient_key:
        found.append(Sign("warns_mobile_is_contacts"))
    if not _addresses_are_known(authority, content):
        found.append(Sign("warns_address_is_new"))
    if content.is_lost or content.other_reason == OtherReason.COMPROMISED:
        found.append(Sign("warns_head_is_suspended"))
    return found


def _addresses_are_known(authority: LocalAuthority, content: LetterContent) -> bool:
    """Test if an account of this name at the authority has both addresses; the true answer is given at the receipt."""
    here = open_accounts().filter(
        authority=authority, mailbox_key=mailbox_key(content.email), mobile=content.mobile
    ).select_related("person")  # fmt: skip
    key = content.recipient_key
    return any(name_key(one.person.given_name, one.person.family_name) == key for one in here)
