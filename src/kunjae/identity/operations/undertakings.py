"""A person accepts the duties of clause 3 before he is let in."""

from datetime import datetime

from kunjae.audit.change import state_change
from kunjae.core.actor import Actor
from kunjae.core.verdict import Denied
from kunjae.identity import policies, undertaking
from kunjae.identity.models import Subject, SubjectState, Undertaking
from kunjae.identity.proofs import Proved


def accept_undertaking(*, actor: Actor, version: int, at: datetime, proved: Proved | None = None) -> None:
    """
    Keep that the owner of the account accepts the duties as shown, with version and time (clause 3).

    A second acceptance of the same version changes nothing. `proved` is what the sign-in on its way has shown.

    :raises Denied: `undertaking_changed` where other words were shown, `not_permitted`, or as `policies.proof_holds`
        says
    """
    subject = Subject.objects.filter(pk=actor.subject_id, person_id=actor.person_id).first()
    is_asked = version == undertaking.VERSION  # an older one that was accepted says nothing of today's words
    if is_asked and subject is not None and Undertaking.objects.filter(subject=subject, version=version).exists():
        return
    with state_change(actor=actor, at=at) as change:
        if subject is None:
            raise Denied("not_permitted")
        subject = Subject.objects.select_for_update(of=("self",)).get(pk=subject.pk)
        if subject.state != SubjectState.ACTIVE:
            raise Denied("not_permitted", {"organisation_id": subject.authority_id})
        if proved is not None:
            policies.proof_holds(subject, proved).enforce()
        if version != undertaking.VERSION:
            raise Denied("undertaking_changed", {"organisation_id": subject.authority_id})
        if Undertaking.objects.filter(subject=subject, version=version).exists():
            raise Denied("undertaking_accepted", {"organisation_id": subject.authority_id})
        accepted = Undertaking.objects.create(
            subject=subject, version=version, text_digest=undertaking.digest(), accepted_at=at
        )
        change.record(
            "undertaking.accepted",
            accepted,
            organisation_id=subject.authority_id,
            subject_person_id=subject.person_id,
            username=subject.username,
            version=version,
            digest=accepted.text_digest,
        )
