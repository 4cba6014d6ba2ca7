"""What the record can say about taking access away."""

from django.utils.translation import gettext_lazy as _

from kunjae.audit.events import declare, declare_words
from kunjae.messaging.events import name_kinds
from kunjae.revocation.models import ClosureReason

declare("account.closed", _("Part 2 of the form was recorded for {person} ({reason})"), "person", "reason", "username")
declare_words("account.closed.reason", dict(ClosureReason.choices))
declare(
    "sign_in.guessed_at",
    _("Somebody is guessing at the password of {username}: {tries} wrong tries within a day"),
    "username",
    "tries",
)
declare(
    "sign_in.codes_guessed_at",
    _("Somebody knows the password of {username}: {tries} times within a day the second factor was missing or wrong"),
    "username",
    "tries",
)
declare(
    "account.proposed",
    _("{username} has not been used for {days} days; the head of finance was told"),
    "username",
    "days",
)
declare("account.kept", _("{username} stays in use though nobody uses it: {reason}"), "username", "reason")
declare(
    "account.spared",
    _("{username} has not been used for {days} days, and is not suspended by rule: its owner is head of finance"),
    "username",
    "days",
)
declare("sign_in.disowned", _("The owner of {username} said that somebody else had signed in with it"), "username")
name_kinds({
    "group_ended": _("notice of a group that ended"),
    "name_changed": _("notice of a changed name"),
    "password_guessed": _("notice that a password is being guessed at"),
    "codes_guessed": _("notice that somebody knows the password and guesses at codes"),
    "officers_codes_guessed": _("notice to the head that somebody knows a password and guesses at codes"),
    "accounts_unused": _("notice to the head of accounts that nobody uses"),
    "accounts_suspended_unused": _("notice to the head of accounts suspended by rule"),
    "head_unused": _("notice to a head that his account is not used"),
    "heads_codes_guessed": _("notice to clerk and department that somebody knows a head's password and guesses at codes"),
    "heads_use_disowned": _("notice to clerk and department that somebody else used a head's account"),
    "officers_use_disowned": _("notice to the head that somebody else used an account"),
    "officers_password_guessed": _("notice to the head that a password is being guessed at"),
})  # fmt: skip
