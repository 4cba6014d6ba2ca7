"""Refusals of this floor."""

from django.utils.translation import gettext_lazy as _

from kunjae.core import reasons

reasons.add({
    "name_unchanged": _("This is the name already on record. Change it, or leave this page."),
    "appointment_ended": _("This post has already ended. Open the person's page again to see what holds now."),
    "post_is_held": _("Somebody else holds this office. End that appointment first, or record an acting one."),
})  # fmt: skip
