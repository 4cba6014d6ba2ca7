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
declare("sign_in.disowned", _("The owner of {username} said that somebody else had signed in with it"), "username")
name_kinds({
    "group_ended": _("notice of a group that ended"),
    "name_changed": _("notice of a changed name"),
    "password_guessed": _("notice that a password is being guessed at"),
    "heads_use_disowned": _("notice to clerk and department that somebody else used a head's account"),
    "officers_use_disowned": _("notice to the head that somebody else used an account"),
    "officers_password_guessed": _("notice to the head that a password is being guessed at"),
})  # fmt: skip
