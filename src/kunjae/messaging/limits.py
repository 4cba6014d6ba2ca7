"""How many codes go out within a day: the one place of these figures (T-22). An SMS costs money, and floods annoy."""

from collections.abc import Collection
from datetime import datetime, timedelta
from enum import StrEnum

from kunjae.messaging.models import Channel
from kunjae.messaging.queries import sent_for_authority_since, sent_to_since

PER_ADDRESS_AND_DAY_MAX = 10
"""To one number or mailbox, whoever asked: so a person, who has one of each, gets no more."""
LETTERS_PER_AUTHORITY_AND_DAY_MAX = 30
"""Codes of form 1: two letters a day that are corrected some times over."""
FORM_2_PER_AUTHORITY_AND_DAY_MAX = 200
"""Codes of form 2: a city that invites a whole division in a day, and each asks for a second code."""


class Limit(StrEnum):
    """Which limit was reached."""

    ADDRESS = "address"
    AUTHORITY = "authority"


def reached(
    *,
    channel: Channel,
    to_address: str,
    organisation_id: int | None,
    kinds: Collection[str],
    per_authority_max: int,
    at: datetime,
) -> Limit | None:
    """
    Say which limit stands in the way of one code more, if one does.

    To a number whatever goes there is counted, to a mailbox the codes of these kinds; on behalf of an authority, these
    kinds by either way.
    """
    since = at - timedelta(days=1)
    if sent_to_since(to_address, since, kinds=None if channel == Channel.SMS else kinds) >= PER_ADDRESS_AND_DAY_MAX:
        return Limit.ADDRESS
    if organisation_id and sent_for_authority_since(organisation_id, since, kinds=kinds) >= per_authority_max:
        return Limit.AUTHORITY
    return None
