"""Following a circular up: reminders, at most one in seven days for each recipient, and the list as a file (L-07)."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from django.utils import translation

from kunjae.audit.change import state_change
from kunjae.circulars import policies, queries, spreading
from kunjae.circulars.follow_up_table import follow_up_table
from kunjae.circulars.models import Circular, Receipt
from kunjae.circulars.queries import Selection
from kunjae.core.actor import Actor
from kunjae.core.clock import thai_day
from kunjae.core.verdict import Denied
from kunjae.documents import tables
from kunjae.organisations.models import Desk
from kunjae.organisations.queries import posting_of

CONTENT_TYPES = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv; charset=utf-8",
}


@dataclass(frozen=True, slots=True)
class File:
    """A file on its way to the browser; `name` is in Thai, `plain_name` for those that cannot read it."""

    content: bytes
    content_type: str
    name: str
    plain_name: str


def remind(*, actor: Actor, receipt_public_id: str, at: datetime) -> Receipt:
    """
    Remind one recipient of a circular by mail: the authority's central address and its head, or its clerk.

    :raises Denied: as `policies.may_remind` says; `nobody_to_remind` if no address is on record
    """
    with state_change(actor=actor, at=at) as change:
        receipt = (
            Receipt.objects.select_for_update(of=("self",))
            .select_related("circular", "authority", "province")
            .get(public_id=receipt_public_id)
        )
        policies.may_remind(actor, receipt, at=at).enforce()
        if not spreading.remind_each(change, receipt.circular, [receipt], at=at):
            raise Denied("nobody_to_remind", {"organisation_id": receipt.authority_id} if receipt.authority_id else {})
    return receipt


def remind_all(*, actor: Actor, public_id: str, at: datetime) -> Circular:
    """
    Have the worker remind all who have not acknowledged, but for those reminded within seven days.

    :raises Denied: as `policies.at_department_desk` says; `circular_not_sent`, `nobody_left_to_remind`
    """
    with state_change(actor=actor, at=at) as change:
        circular = Circular.objects.select_for_update().get(public_id=public_id)
        policies.at_department_desk(actor, at=at).enforce()
        if not circular.is_sent:
            raise Denied("circular_not_sent")
        if not queries.to_be_reminded(circular.pk, at=at).exists():
            raise Denied("nobody_left_to_remind")
        change.record("circular.all_reminded", circular, organisation_id=None, subject=circular.subject)
        spreading.begin_reminding(circular)
    return circular


def export_follow_up(
    *,
    actor: Actor,
    circular: Circular,
    selection: Selection,
    file_format: str,
    language: Literal["th", "en"],
    at: datetime,
) -> File:
    """
    Take out how far a circular got with each recipient, as xlsx or csv; a province gets its own authorities.

    :raises Denied: as `policies.may_follow` says; `follow_up_too_long`
    """
    with translation.override(language), state_change(actor=actor, at=at) as change:
        policies.may_follow(actor, at=at).enforce()
        posting = posting_of(actor.person_id, on=thai_day(at))
        province_id = posting.province_id if posting is not None and posting.desk == Desk.PROVINCE else None
        rows = queries.follow_up(circular.pk, selection, province_id=province_id)
        policies.fits_a_file(rows.count()).enforce()
        table = follow_up_table(circular, rows, language=language, at=at)
        change.record(
            "circular.follow_up_exported", circular, organisation_id=None, format=file_format, rows=len(table.rows)
        )
    content = tables.write_xlsx(table, at=at) if file_format == "xlsx" else tables.write_csv(table)
    day = thai_day(at).isoformat()
    return File(
        content,
        CONTENT_TYPES[file_format],
        f"{table.sheet_name}_{day}.{file_format}",
        f"circular-{circular.public_id}-{day}.{file_format}",
    )
