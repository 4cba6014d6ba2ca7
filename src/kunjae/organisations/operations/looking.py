"""Looking across authorities leaves a note (D16)."""

from datetime import datetime

from kunjae.core.actor import Actor
from kunjae.core.clock import thai_day
from kunjae.organisations import policies, queries
from kunjae.organisations.models import LocalAuthority, LookUp


def look_at(*, actor: Actor, authority: LocalAuthority, at: datetime) -> LookUp:
    """
    Note that somebody at a desk looks at an authority; call it before the page is shown.

    It changes no state, so it is no event of the record and needs no `state_change`: see
    docs/decisions/0007-looking-across.md.

    :raises Denied: `not_at_a_desk`, `not_in_this_province`
    """
    posting = queries.posting_of(actor.person_id, on=thai_day(at))
    policies.desk_looks_after(posting, authority).enforce()
    assert posting is not None  # noqa: S101 (the policy has just said so)
    return LookUp.objects.create(
        at=at,
        person_id=posting.person_id,
        actor=actor.name,
        address=actor.address or "",
        desk=posting.desk,
        authority=authority,
    )
