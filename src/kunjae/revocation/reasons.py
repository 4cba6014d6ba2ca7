"""Refusals of this floor."""

from django.utils.translation import gettext_lazy as _

from kunjae.core import reasons

reasons.add({
    "factors_of_a_head": _("This person is head of finance. Whoever lost every second factor asks the department by form 1."),
    "no_factor": _("No second factor is bound to this account, so there is nothing to end."),
    "name_is_yours": _("This is your own name. Give the name of the person whom the account belongs to."),
    "holds_tenure": _("This person holds the right to administer a system. It must be handed over first, so that no authority is without a head."),
    "not_of_your_authority": _("This account belongs to another authority. Its head of finance must do this; you can take the person out of your own groups."),
    "own_sessions": _("End your own sessions on the page “Where I am signed in”."),
    "no_open_session": _("This person is not signed in anywhere, so there is nothing to end."),
    "suspension_reason_missing": _("Write why the account is suspended. The person will be told."),
    "account_is_used": _("This account has been used within 90 days, so nothing is to be decided about it."),
    "kept_already": _("It has been said already why this account stays in use. It comes back to the list when 90 days are over."),
    "keeping_reason_missing": _("Write why the account stays in use though nobody uses it. It stays on record."),
    "account_missing": _("Choose whose account is to be suspended."),
    "resumed_by_another": _("You suspended this account yourself. Another officer of the department must put it back into use."),
    "own_desk_account": _("This is your own account, or that of somebody of your name. Another colleague at the department must do this."),
    "tenure_is_contested": _("Somebody objected to the letter by which this person became head of finance. The account goes back into use when the department has resolved the objection in the case of the letter."),
    "resumed_by_department": _("The department puts this account back into use, since it suspended it or its owner is head of finance. Telephone the department's desk."),
    "clerk_does_not_resume": _("A clerk suspends, but gives nothing back. The head of finance puts this account back into use."),
    "closing_reason_untold": _("For “other”, write the reason as it shall stand on the form."),
    "closing_in_the_future": _("The closing takes effect at once, so its day cannot lie in the future. Until then suspend the account, or take the person out of the groups."),
    "closing_in_the_past": _("The day of closing is today. If the person left before, give that day below as well."),
    "left_after_closing": _("The day on which the person left cannot lie after the day of closing."),
})  # fmt: skip
