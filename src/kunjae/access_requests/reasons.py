"""Refusals of this floor."""

from django.utils.translation import gettext_lazy as _

from kunjae.core import reasons

reasons.add({
    "already_decided": _("This request has been decided already. Open its page to see by whom and how."),
    "not_waiting": _("This request is not waiting for an opinion: it was withdrawn, or it has not been submitted."),
    "own_request": _("This is your own request, so another person must give the opinion."),
    "changed_since_shown": _("The applicant has corrected the request since you opened this page. Read it again, then decide."),
    "contact_is_yours": _("The e-mail address or mobile number on this request is your own. The keys must go to the applicant; have the contact corrected first."),
    "contact_not_confirmed": _("The applicant's e-mail address has not been confirmed yet, so nothing can be sent there."),
    "nothing_granted": _("Choose at least one group to grant, or refuse the request and say why."),
    "user_id_missing": _("Give the new user its user id."),
    "not_applicant": _("Only the person who wrote this request may change or withdraw it."),
    "not_draft": _("This request has been submitted. Correct it or withdraw it from its page."),
    "request_is_open": _("You already have a request that waits for an opinion (no. %(case)s). Correct that one, or withdraw it first."),
    "asks_for_nothing": _("Tick at least one of the two boxes: a user id or password, or a group."),
    "has_account_already": _("This person already has an account, so tick “cannot get in” or “add groups” instead of “new user”."),
    "needs_account": _("Without an account only “new user” can be asked for."),
    "head_uses_form_1": _("The head of finance asks the department by official letter (form 1), not by form 2."),
    "invitation_ended": _("This invitation can no longer be used. Ask your head of finance for a new one."),
    "mobile_code_wrong": _("The code is not right. Look at the newest message and type its six digits."),
    "mobile_code_spent": _("The code was tried too often or is older than ten minutes. Ask for a new one."),
    "too_many_codes": _("No more codes can be sent to this number today. Try again tomorrow, or hand in the form on paper."),
    "mobile_not_confirmed": _("Confirm the mobile number first: type the code that was sent to it."),
})  # fmt: skip
