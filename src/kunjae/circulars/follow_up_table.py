"""The follow-up of a circular as a table of text, for spreadsheets."""

from collections.abc import Iterable
from datetime import datetime

from django.utils.translation import gettext as _

from kunjae.circulars import wording
from kunjae.circulars.models import Circular, Receipt
from kunjae.core.clock import short_date, thai_day
from kunjae.documents.tables import Table


def follow_up_table(circular: Circular, receipts: Iterable[Receipt], *, language: str, at: datetime) -> Table:
    """Put the recipients of a circular into a table, one a row."""
    return Table(
        sheet_name=_("Follow-up of a circular"),
        lead=(
            circular.subject,
            wording.reference(circular, language),
            _("Made from the system on %(day)s") % {"day": short_date(thai_day(at), language)},
        ),
        heads=(
            _("Province"),
            _("District"),
            _("Recipient"),
            _("Code"),
            _("State"),
            _("Opened on"),
            _("Acknowledged on"),
            _("Acknowledged by"),
            _("Position"),
            _("Reminded on"),
        ),
        rows=[_row(receipt, language) for receipt in receipts],
    )


def _row(receipt: Receipt, language: str) -> tuple[str, ...]:
    def day(instant: datetime | None) -> str:
        return short_date(thai_day(instant), language) if instant else ""

    authority, province = receipt.authority, receipt.province
    return (
        authority.province.name_th if authority else (province.name_th if province else ""),
        authority.district.name_th if authority else "",
        receipt.recipient_name,
        authority.code if authority else "",
        wording.state_of(receipt)[1],
        day(receipt.opened_at),
        day(receipt.acknowledged_at),
        receipt.acknowledged_by.full_name if receipt.acknowledged_by else "",
        receipt.acknowledged_as,
        day(receipt.reminded_at),
    )
