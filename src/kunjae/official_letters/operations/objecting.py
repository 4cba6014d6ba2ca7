"""Somebody says that a letter is false: at once nothing moves any more, or the keys are taken away again (T-01)."""

from datetime import datetime

from kunjae.core.actor import Actor
from kunjae.official_letters.models import Objection


def object_by_notice(*, actor: Actor, secret: str, name: str, text: str, at: datetime) -> Objection:
    """
    Object by the link of a notice, of whichever version: the letter is frozen, or what it issued is suspended.

    Pressed twice it is one objection. A GET does nothing (T-03).

    :raises Denied: as `policies.objecting.may_object_by` says
    """
    raise NotImplementedError


def object_by_desk(*, actor: Actor, public_id: str, name: str, text: str, at: datetime) -> Objection:
    """
    Take an objection down that somebody made to the desk, on the telephone or by letter; it acts at once.

    :raises Denied: as `policies.objecting.may_take_down` says; `objector_missing`
    """
    raise NotImplementedError


def resolve(*, actor: Actor, objection_id: int, upheld: bool, resolution: str, at: datetime) -> Objection:
    """
    Resolve an objection, with the reason in writing.

    Upheld: a frozen letter is refused; of an issued one the tenure ends. Dismissed, and no other open:
    a frozen letter is received anew, everything is verified again and the parties are told again; the
    account that an objection to an issued letter suspended is put back into use.

    :raises Denied: as `policies.objecting.may_resolve` says; `resolution_missing`
    """
    raise NotImplementedError
