"""Refusals of this floor."""

from django.utils.translation import gettext_lazy as _

from kunjae.core import reasons

reasons.add({
    "report_too_long": _("The list has %(rows)s entries, a file takes %(rows_max)s at most. Choose one group or one year, then take each out on its own."),
    "days_reversed": _("The last day lies before the first. Exchange the two days."),
    "day_unreadable": _("Type the day as in 16 October 2569 or 16/10/2569."),
})  # fmt: skip
