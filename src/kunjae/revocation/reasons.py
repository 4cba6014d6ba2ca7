"""Refusals of this floor."""

from django.utils.translation import gettext_lazy as _

from kunjae.core import reasons

reasons.add({
    "holds_tenure": _("This person holds the right to administer the system. Hand it over first, so that the authority is never without a head."),
    "not_of_your_authority": _("This account belongs to another authority, whose head of finance must close it."),
    "closing_in_the_future": _("The closing takes effect at once, so its date cannot lie in the future. To plan an end, set an end date of the group instead."),
    "left_after_closing": _("The day on which the person left cannot lie after the day of closing."),
})  # fmt: skip
