"""May somebody without an account prepare a letter here, and is it complete? (A1-07 … A1-19)"""

from datetime import datetime, timedelta
from hashlib import sha256
from hmac import digest as hmac_digest

from django.conf import settings

from kunjae.core.addresses import neighbourhood
from kunjae.core.clock import thai_day
from kunjae.core.verdict import ALLOWED, Verdict
from kunjae.official_letters.content import LetterContent, missing_from
from kunjae.official_letters.models import LetterDraft
from kunjae.organisations.models import LocalAuthority

__all__ = ["may_begin", "may_print", "missing_from", "place_key"]

PER_PLACE_AND_HOUR_MAX = 20
"""Modest on purpose: a whole office stands behind one address (T-20)."""

PER_PLACE_AUTHORITY_AND_DAY_MAX = 40
PER_AUTHORITY_AND_DAY_MAX = 100
"""So that nobody fills the record of an authority with letters that were only begun."""


def place_key(address: str | None) -> str:
    """Give a keyed digest of the place that somebody comes from: the address itself is not kept."""
    key = sha256(b"kunjae.official_letters.place" + str(settings.SECRET_KEY).encode()).digest()
    return hmac_digest(key, neighbourhood(address or "").encode(), "sha256").hex()[:32]


def may_begin(authority: LocalAuthority, address_key: str, *, at: datetime) -> Verdict:
    """Test if a letter may be begun from this place."""
    about = {"organisation_id": authority.pk}
    if authority.closed_date is not None and authority.closed_date <= thai_day(at):
        return Verdict("authority_is_closed", about)
    here = LetterDraft.objects.filter(address_key=address_key, created_at__gt=at - timedelta(hours=1))
    of_authority = LetterDraft.objects.filter(authority=authority, created_at__gt=at - timedelta(days=1))
    from_here = of_authority.filter(address_key=address_key).count()
    # Whoever begins letters of an authority all day keeps nobody out who comes from elsewhere (T-21).
    is_full = from_here > 0 and of_authority.count() >= PER_AUTHORITY_AND_DAY_MAX
    if here.count() >= PER_PLACE_AND_HOUR_MAX or from_here >= PER_PLACE_AUTHORITY_AND_DAY_MAX or is_full:
        return Verdict("drafts_too_often", about)
    return ALLOWED


def may_print(content: LetterContent) -> Verdict:
    """Test if a letter is complete and says nothing that the desk would have to send back."""
    for reason in missing_from(content):
        return Verdict(reason)
    if content.recipient_key == content.signer_key:
        return Verdict("letter_recipient_is_signer")
    return ALLOWED
