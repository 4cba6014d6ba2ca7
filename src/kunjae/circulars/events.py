"""What the record can say about circulars."""

from django.utils.translation import gettext_lazy as _

from kunjae.audit.events import declare, declare_words
from kunjae.messaging.events import name_kinds

declare("circular.prepared", _("A circular was prepared: {subject}"), "subject")
declare("circular.corrected", _("The draft of a circular was corrected: {subject}"), "subject", "version")
declare("circular.referenced", _("Number {number} and date {dated} of a circular were filled in"), "number", "dated")
declare("circular.sent", _("A circular was sent to {recipients} recipients: {subject}"), "subject", "recipients")
declare("circular.delivered", _("A circular reached {count} recipients ({done} of {recipients})"),
        "count", "done", "recipients")  # fmt: skip
declare("circular.opened", _("{person} opened the circular {subject}"), "person", "subject")
declare("circular.acknowledged", _("{person} acknowledged the circular {subject} for {recipient}"),
        "person", "subject", "recipient")  # fmt: skip
declare("circular.reminded", _("{recipient} was reminded of the circular {subject}"), "recipient", "subject")
declare("circular.all_reminded", _("Whoever has not acknowledged the circular {subject} is being reminded"), "subject")
declare("circular.follow_up_exported", _("The follow-up of a circular was taken out as {format}: {rows} recipients"),
        "format", "rows")  # fmt: skip
declare_words("circular.follow_up_exported.format", {"xlsx": "Excel", "csv": "CSV"})

name_kinds({
    "circular": _("notice of a circular"),
    "circular_reminder": _("reminder of a circular"),
})  # fmt: skip
