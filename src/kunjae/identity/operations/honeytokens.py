"""The department lays decoy user ids, lifts them, and is told when one is tried."""

from datetime import datetime
from typing import Any

from django.db import transaction

from kunjae.audit.change import state_change
from kunjae.core import identifiers, text
from kunjae.core.actor import Actor
from kunjae.core.clock import thai_day
from kunjae.core.verdict import Denied
from kunjae.identity import honeytokens, policies, queries
from kunjae.identity.honeytokens import Tries
from kunjae.identity.models import Honeytoken
from kunjae.identity.operations.accounts import tell_owner

NOTE_LENGTH_MAX = 300


def lay_honeytoken(*, actor: Actor, username: str, note: str, at: datetime) -> Honeytoken:
    """
    Lay a decoy: a user id that belongs to nobody, with a note of where it is left.

    :raises Denied: as `policies.may_keep_honeytokens` says, `user_id_taken` or `honeytoken_note_missing`
    :raises Unacceptable: if the user id is not well formed (T-14), or the note cannot be printed
    """
    username, note = identifiers.clean_user_id(username), text.clean_line(note, length_max=NOTE_LENGTH_MAX)
    with state_change(actor=actor, at=at) as change:
        policies.may_keep_honeytokens(actor, at=at).enforce()
        if not note:
            raise Denied("honeytoken_note_missing")
        if not queries.user_id_is_free(username):
            raise Denied("user_id_taken")
        # Of two who lay one and the same at once, the second waits here, and finds it laid.
        laid, is_new = Honeytoken.objects.get_or_create(
            skeleton=identifiers.skeleton(username),
            defaults={
                "public_id": identifiers.public_id(),
                "username": username,
                "note": note,
                "laid_at": at,
                "laid_by_id": actor.person_id or 0,
            },
        )
        if not is_new:
            raise Denied("user_id_taken")
        change.record("honeytoken.laid", laid, organisation_id=None, username=username, note=note)
    return laid


def lift_honeytoken(*, actor: Actor, public_id: str, at: datetime) -> Honeytoken:
    """
    Lift a decoy: tries with it alert nobody from now on; its user id stays taken.

    :raises Honeytoken.DoesNotExist: if there is none of this id
    :raises Denied: as `policies.may_keep_honeytokens` says, or `honeytoken_lifted`
    """
    with state_change(actor=actor, at=at) as change:
        lifted: Honeytoken = Honeytoken.objects.select_for_update().get(public_id=public_id)
        policies.may_keep_honeytokens(actor, at=at).enforce()
        if lifted.lifted_at is not None:
            raise Denied("honeytoken_lifted")
        lifted.change_to(lifted_at=at, lifted_by_id=actor.person_id)
        change.record("honeytoken.lifted", lifted, organisation_id=None, username=lifted.username)
    return lifted


def alert_of_honeytokens(*, actor: Actor, at: datetime) -> int:
    """
    Record which decoys were tried, and tell the department's desk by mail: of each once an hour at most.

    :returns: of how many decoys
    """
    return sum(_alert(actor, tried, at=at) for tried in honeytokens.tried_since_told(at=at))


def _alert(actor: Actor, tried: Tries, *, at: datetime) -> bool:
    with transaction.atomic():
        lies = Honeytoken.objects.select_for_update().filter(
            pk=tried.honeytoken.pk, lifted_at=None, alerted_at=tried.honeytoken.alerted_at
        )
        # Another worker may have been here meanwhile.
        if (honeytoken := lies.first()) is None:
            return False
        with state_change(actor=actor, at=at) as change:
            honeytoken.change_to(alerted_at=at)
            facts: dict[str, Any] = {"tries": tried.tries, "places": tried.places}
            change.record("honeytoken.tried", honeytoken, organisation_id=None, username=honeytoken.username, **facts)
            for officer in queries.accounts_at_department(on=thai_day(at)):
                tell_owner(officer, "honeytoken_tried", at=at, decoy=honeytoken.username, note=honeytoken.note, **facts)
    return True
