"""Refusals of this floor."""

from django.utils.translation import gettext_lazy as _

from kunjae.core import reasons

reasons.add({
    "scan_is_not_ours": _("The code on this paper is not in the register. Look whether it is a print of this system, and compare it with the page of the case."),
    "scan_of_other_paper": _("This is the scan of another document, not of the one that is expected here. Choose the right file."),
    "scan_of_other_case": _("This is the scan of another case, no. %(case)s. Choose the right file, or open that case."),
    "scan_was_altered": _("The code on this paper does not agree with what was issued under it: the print was altered. Print the form anew and have it signed."),
})  # fmt: skip
