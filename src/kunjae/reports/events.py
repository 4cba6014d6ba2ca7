"""What the record can say about reports that left the system."""

from django.utils.translation import gettext_lazy as _

from kunjae.audit.events import declare, declare_words

declare(
    "report.exported",
    _("The {report} was taken out as {format}: {rows} entries, as of {as_of}"),
    "report",
    "format",
    "rows",
    "as_of",
)
declare_words(
    "report.exported.report",
    {
        "membership": _("report of users in user groups"),
        "register": _("register of requests and cancellations"),
    },
)
declare_words("report.exported.format", {"pdf": "PDF", "xlsx": "Excel", "csv": "CSV"})
