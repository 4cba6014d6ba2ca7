"""The rows of second factors, as a change that is already open writes them; each with its event."""

from datetime import datetime

from kunjae.audit.change import Change
from kunjae.core import identifiers
from kunjae.identity import queries
from kunjae.identity.models import FactorEnd, FactorKind, FactorSource, SecondFactor, Session, Subject


def bind_row(
    change: Change,
    subject: Subject,
    kind: FactorKind,
    source: FactorSource,
    *,
    address: str,
    at: datetime,
    **values: object,
) -> SecondFactor:
    """Enter a factor that was proved to work."""
    factor = SecondFactor.objects.create(
        public_id=identifiers.public_id(),
        subject=subject,
        kind=kind,
        source=source,
        address=address,
        bound_at=at,
        **values,
    )
    change.record(
        "second_factor.bound",
        factor,
        organisation_id=subject.authority_id,
        subject_person_id=subject.person_id,
        username=subject.username,
        kind=kind,
        source=source,
    )
    return factor


def end_rows(change: Change, subject: Subject, *, kinds: list[FactorKind], why: FactorEnd, at: datetime) -> int:
    """End the open factors of these kinds; returns how many."""
    still_open = list(SecondFactor.objects.select_for_update().filter(subject=subject, kind__in=kinds, ended_at=None))
    for factor in still_open:
        end_row(change, subject, factor, why=why, at=at)
    return len(still_open)


def end_row(change: Change, subject: Subject, factor: SecondFactor, *, why: FactorEnd, at: datetime) -> None:
    """
    End one factor; the secret of an app is not kept beyond its use.

    Where none is left, the password opens alone again: it is judged anew at its next use, for a profile may let it be
    shorter beside a second factor (ASVS 6.2.1), and no open session counts as one that has shown a factor (D5).
    """
    factor.change_to(ended_at=at, end_reason=why, sealed="")
    change.record(
        "second_factor.ended",
        factor,
        organisation_id=subject.authority_id,
        subject_person_id=subject.person_id,
        username=subject.username,
        kind=factor.kind,
        why=why,
    )
    if why != FactorEnd.REPLACED and not queries.has_second_factor(subject):
        subject.change_to(password_policy=None)
        for session in Session.objects.select_for_update().filter(subject=subject, ended_at=None).exclude(factor=""):
            session.change_to(factor="")
