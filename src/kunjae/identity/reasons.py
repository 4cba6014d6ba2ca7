"""Refusals of this floor."""

from django.utils.translation import gettext_lazy as _

from kunjae.core import reasons

reasons.add({
    "user_id_taken": _("This user id, or one that looks like it, is or was somebody else's. Choose another one."),
    "person_has_account": _("This person already has an account. Ask for a group, or for a new password, instead."),
    "mailbox_taken": _("This e-mail address belongs to another account. Each person needs an address of his own."),
    "posting_order_missing": _("Name the order that posts the officer."),
    "operator_missing": _("Name yourself: who runs the command stands in the record."),
    "subject_not_active": _("This account is not in use, so it cannot be suspended."),
    "subject_not_suspended": _("This account is not suspended."),
    "subject_closed": _("This account has been closed and stays closed. A new account needs a new request."),
    "no_way_to_reach": _("There is neither an e-mail address nor a mobile number to send the activation to. Enter one first."),
    "activation_failed": _("The user id, the case number or a code is not right, or the time has run out. Check them, or ask whoever issued your user id for a new activation."),
    "activation_ended": _("This activation can no longer be used: it was used, replaced by a newer one, or its time has run out. Ask your head of finance for a new one."),
    "wrong_password": _("This is not your present password. Type it again; look first whether the keyboard is set to Thai or English."),
    "same_password": _("The new password is the same as the present one. Choose another one."),
    "renewal_over": _("The password was changed meanwhile, or the account is not in use. Sign in again with the password that holds now."),
    "sign_in_failed": _("The user id or the password is not right. Look whether the keyboard is set to Thai or English, then try again."),
    "sign_in_throttled": _("There were too many tries. Wait %(minutes)s minutes, then try again, or ask your head of finance for help."),
    "sign_in_slowed": _("Somebody is trying many passwords, so sign-ins from unknown places wait. Sign in on a device, or in an office, where you have signed in before; or wait %(minutes)s minutes and try again."),
    "too_many_at_once": _("Very many people are signing in at this moment. Wait ten seconds, type the password again and sign in."),
    "sign_in_suspended": _("Your account is suspended. Ask the head of finance of your authority."),
    "password_policy_is_the_departments": _("The password policy is decided by two persons of the department. Ask its desk."),
    "password_policy_waits": _("A proposal for the password policy waits already. Let a colleague confirm it, or withdraw it first."),
    "password_policy_unknown": _("Choose one of the profiles on this page."),
    "password_policy_day_past": _("A profile holds from today or a later day. Choose another day."),
    "password_policy_instrument_missing": _("Name the paper that it rests on, as in: memorandum no. … of …"),
    "password_policy_unchanged": _("This profile already holds on that day. Choose another profile, or another day."),
    "password_policy_settled": _("This proposal has been confirmed or withdrawn already. Open the page again to see what holds now."),
    "password_policy_own": _("Another person of the department confirms what you proposed. Ask a colleague at the desk."),
    "password_not_asked": _("You have answered this already. Sign in again."),
    "password_change_forced": _("The password policy in force makes the change a duty. Set a new password."),
    "password_reason_missing": _("Write in a few words why the password is changed later."),
    "undertaking_changed": _("The duties were worded anew meanwhile. Read them as they stand now, and accept them again."),
    "undertaking_accepted": _("You have accepted the duties already. Go on."),
    "session_ended": _("You have been signed out. Sign in again to go on."),
})  # fmt: skip
