"""The second code of an activation on paper, handed over in person (D4, C5)."""

from dataclasses import dataclass
from datetime import datetime

from kunjae.access_requests import policies
from kunjae.audit.change import state_change
from kunjae.core.actor import Actor
from kunjae.core.verdict import Denied
from kunjae.entitlements.policies import lock_tenure
from kunjae.identity import operations as identity
from kunjae.identity.models import Activation, Subject
from kunjae.identity.queries import open_activation


@dataclass(frozen=True, slots=True)
class Slip:
    """What is printed once. `code` is the second secret; the first one stays with mailbox or mobile."""

    subject: Subject
    activation: Activation
    code: str
    ends_at: datetime


def print_activation_slip(*, actor: Actor, subject_public_id: str, at: datetime) -> Slip:
    """
    Make the second code of an account's open activation anew and give it out, this once.

    A slip or text message that was sent before opens nothing from now on.

    :raises Denied: as `policies.may_print_slip` says, or `activation_ended`
    """
    with state_change(actor=actor, at=at):
        authority_id = Subject.objects.values_list("authority_id", flat=True).get(public_id=subject_public_id)
        if authority_id is not None:
            lock_tenure(authority_id)
        subject = (
            Subject.objects.select_for_update(of=("self",))
            .select_related("person", "authority__district", "authority__province")
            .get(public_id=subject_public_id)
        )
        policies.may_print_slip(actor, subject, at=at).enforce()
        activation = open_activation(subject.pk)
        if activation is None:
            raise Denied("activation_ended", {"organisation_id": subject.authority_id})
        code = identity.print_slip(actor=actor, activation_id=activation.pk, at=at)
        activation.refresh_from_db()
    return Slip(subject=subject, activation=activation, code=code, ends_at=activation.expires_at)
