"""What the record can say about taking access away."""

from django.utils.translation import gettext_lazy as _

from kunjae.audit.events import declare, declare_words
from kunjae.messaging.events import name_kinds
from kunjae.revocation.models import ClosureReason

declare("account.closed", _("Part 2 of the form was recorded for {person} ({reason})"), "person", "reason", "username")
declare_words("account.closed.reason", dict(ClosureReason.choices))
name_kinds({"group_ended": _("notice of a group that ended"), "name_changed": _("notice of a changed name")})
