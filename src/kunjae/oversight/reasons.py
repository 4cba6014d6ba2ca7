"""Refusals of this floor."""

from django.utils.translation import gettext_lazy as _

from kunjae.core import reasons

reasons.add({
    "authority_not_vacant": _("Somebody holds the right to administer this authority now. Open its page again."),
    "matter_unknown": _("Choose what the authority is to be reminded of, on its page."),
})  # fmt: skip
