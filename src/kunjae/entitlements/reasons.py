"""Refusals of this floor."""

from django.utils.translation import gettext_lazy as _

from kunjae.core import reasons

reasons.add({
    "not_permitted": _("Your account has no right to do this here. If it belongs to your duty, ask your head of finance for the group."),
    "not_head": _("Only the person who holds the right to administer this authority's system may do this, and at this moment that is not you."),
    "own_case": _("This concerns yourself, so another person must decide it. Ask the department, or wait for the next head of finance."),
    "authority_has_a_head": _("Another person holds the right to administer this authority. One must end before the other begins."),
    "tenure_is_closed": _("This right has already ended."),
    "tenure_by_delegation": _("ปฏิบัติราชการแทน (delegated duty) does not by itself give the right to administer the system. Name an acting or substantive appointment."),
    "group_not_in_force": _("The group %(group)s is not in the catalogue in force today. Choose another one."),
    "group_not_for_heads": _("The group %(group)s is not handed out by a head of finance."),
    "group_not_for_executives": _("The chief executive and the clerk only see reports, so they cannot be put into %(group)s (clause 2 of the letter)."),
    "group_for_executives_only": _("The group %(group)s is for the chief executive and the clerk only (clause 2 of the letter)."),
    "already_in_group": _("This person is in the group %(group)s already."),
    "grant_has_ended": _("This person has already left the group. Open the page again to see who is in it now."),
    "subject_is_closed": _("This account is closed. A new account needs a new request."),
    "reason_missing": _("Choose a reason."),
    "reason_untold": _("For “other”, write the reason in words."),
    "order_missing": _("Name the number of the assignment order, or say that it will follow within 30 days."),
})  # fmt: skip
