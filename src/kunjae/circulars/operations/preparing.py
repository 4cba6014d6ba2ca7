"""A circular comes to be, and goes out (L-07)."""

from contextlib import AbstractContextManager, nullcontext
from datetime import date, datetime

from kunjae.audit.change import state_change
from kunjae.circulars import policies, queries, spreading
from kunjae.circulars.content import CircularContent
from kunjae.circulars.models import Audience, Circular, DatePrecision
from kunjae.core import identifiers
from kunjae.core.actor import Actor
from kunjae.core.uploads import CheckedUpload
from kunjae.core.verdict import Denied
from kunjae.documents import operations as documents
from kunjae.documents import storage
from kunjae.documents.models import StoredFile
from kunjae.documents.storage import LaidDown


def prepare(
    *, actor: Actor, content: CircularContent, at: datetime, upload: CheckedUpload | None = None, public_id: str = ""
) -> Circular:
    """
    Begin a circular; nobody gets it before it is sent. `public_id` names one filled-in page: sent twice, it is one.

    :raises Denied: as `policies.at_department_desk` says; `circular_says_nothing`, `circular_has_no_limits`
    """
    if public_id and (standing := Circular.objects.filter(public_id=public_id).first()) is not None:
        policies.at_department_desk(actor, at=at).enforce()
        return standing
    with _laid_down(upload) as scan, state_change(actor=actor, at=at) as change:
        policies.at_department_desk(actor, at=at).enforce()
        _refuse_emptiness(content, has_file=scan is not None)
        circular = Circular.objects.create(
            public_id=public_id or identifiers.public_id(),
            prepared_at=at,
            prepared_by_id=actor.person_id or 0,
            file=_kept(actor, scan, at=at),
            **content.as_columns(),
        )
        change.record("circular.prepared", circular, organisation_id=None, subject=circular.subject)
    return circular


def correct(
    *,
    actor: Actor,
    public_id: str,
    content: CircularContent,
    version: int,
    at: datetime,
    upload: CheckedUpload | None = None,
) -> Circular:
    """
    Change the draft that was shown as `version`; a new file takes the place of the former one.

    :raises Denied: as `policies.may_change` says; `circular_changed_since_shown`, `circular_says_nothing`,
        `circular_has_no_limits`
    """
    with _laid_down(upload) as scan, state_change(actor=actor, at=at) as change:
        circular = _locked(public_id)
        policies.may_change(actor, circular, at=at).enforce()
        if circular.version != version:
            raise Denied("circular_changed_since_shown")
        _refuse_emptiness(content, has_file=scan is not None or circular.file_id is not None)
        kept = _kept(actor, scan, at=at)
        circular.change_to(version=version + 1, **({"file": kept} if kept is not None else {}), **content.as_columns())
        change.record(
            "circular.corrected", circular, organisation_id=None, subject=circular.subject, version=circular.version
        )
    return circular


def fill_in_reference(*, actor: Actor, public_id: str, number: str, dated: date | None, at: datetime) -> Circular:
    """
    Fill in the number, or the day, of a circular that went out without: what is known stays as it is (L-01).

    :raises Denied: as `policies.may_fill_in_reference` says; `circular_reference_known` if nothing new is given
    """
    with state_change(actor=actor, at=at) as change:
        circular = _locked(public_id)
        policies.may_fill_in_reference(actor, circular, at=at).enforce()
        new: dict[str, object] = {}
        if number and not circular.number:
            new["number"] = number
        if dated is not None and circular.date_precision == DatePrecision.MONTH:
            if (dated.year, dated.month) != (circular.dated.year, circular.dated.month):
                raise Denied("circular_day_of_another_month")
            new |= {"dated": dated, "date_precision": DatePrecision.DAY}
        if not new:
            raise Denied("circular_reference_known")
        circular.change_to(**new)
        change.record(
            "circular.referenced", circular, organisation_id=None, number=circular.number, dated=circular.dated
        )
    return circular


def send(*, actor: Actor, public_id: str, version: int, at: datetime) -> Circular:
    """
    Send the circular that was shown as `version`; the worker then writes a receipt and a notice for each recipient.

    :raises Denied: as `policies.may_change` says; `circular_changed_since_shown`, `circular_reaches_nobody`
    """
    with state_change(actor=actor, at=at) as change:
        circular = _locked(public_id)
        policies.may_change(actor, circular, at=at).enforce()
        if circular.version != version:
            raise Denied("circular_changed_since_shown")
        authorities = queries.authorities_addressed(circular).count()
        if not authorities:
            raise Denied("circular_reaches_nobody")
        recipients = authorities + queries.provinces_addressed(circular).count()
        circular.change_to(sent_at=at, sent_by_id=actor.person_id, recipients_count=recipients)
        change.record("circular.sent", circular, organisation_id=None, subject=circular.subject, recipients=recipients)
        spreading.begin(circular)
    return circular


def _locked(public_id: str) -> Circular:
    return Circular.objects.select_for_update().get(public_id=public_id)


def _refuse_emptiness(content: CircularContent, *, has_file: bool) -> None:
    if not content.body and not has_file:
        raise Denied("circular_says_nothing")
    if content.audience != Audience.ALL and not content.limits:
        raise Denied("circular_has_no_limits")


def _laid_down(upload: CheckedUpload | None) -> AbstractContextManager[LaidDown | None]:
    return nullcontext() if upload is None else storage.laid_down(upload)


def _kept(actor: Actor, scan: LaidDown | None, *, at: datetime) -> StoredFile | None:
    return None if scan is None else documents.keep_scan(actor=actor, scan=scan, authority=None, at=at)
