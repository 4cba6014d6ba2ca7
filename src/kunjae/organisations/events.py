"""What the record can say about authorities, persons and posts."""

from django.utils.translation import gettext_lazy as _

from kunjae.audit.events import declare, declare_words

declare("register.imported", _("The national register was imported: {rows} rows, {added} new, {changed} changed"),
        "rows", "added", "changed", "file_digest")  # fmt: skip
declare("authority.added", _("{name} was entered with code {code}"), "name", "code")
declare("authority.changed", _("{name} (code {code}) was entered in place of {former}"), "name", "code", "former")
declare("person.registered", _("{person} was registered"), "person")
declare("person.renamed", _("{former} is now named {person} (document: {document})"), "person", "former", "document")
declare("appointment.made", _("{person} was appointed {position}"), "person", "position", "capacity")
declare("appointment.ended", _("{person} left the post {position}"), "person", "position")
declare("appointment.shortened", _("{person} leaves the post {position} on {until_date}, not on {planned_date}"),
        "person", "position", "until_date", "planned_date")  # fmt: skip
declare("posting.made", _("{person} was posted to {desk}"), "person", "desk")
declare("posting.ended", _("{person} left {desk}"), "person", "desk")
_DESKS = {"department": _("the department's desk"), "province": _("a provincial office")}
declare_words("posting.made.desk", _DESKS)
declare_words("posting.ended.desk", _DESKS)
declare("unit.added", _("The unit {unit} was entered"), "unit")
declare("unit.closed", _("The unit {unit} was closed"), "unit")
declare("contact_of_record.proposed", _("Other addresses of record were proposed for {place}; source: {source}"),
        "place", "source")  # fmt: skip
declare("contact_of_record.confirmed", _("The addresses of record of {place} were changed, as another person had proposed; source: {source}"),
        "place", "source")  # fmt: skip
declare("contact_of_record.withdrawn", _("A proposal for the addresses of record of {place} was withdrawn"), "place")
