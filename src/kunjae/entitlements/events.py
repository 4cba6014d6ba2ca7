"""What the record can say about tenures, the catalogue and grants."""

from django.utils.translation import gettext_lazy as _

from kunjae.audit.events import declare, declare_words
from kunjae.entitlements.models import Basis, EndOfGrant
from kunjae.organisations.models import Capacity

declare("tenure.opened", _("{person} took up the right to administer the system ({capacity})"), "person", "capacity")
declare("tenure.closed", _("{person} gave up the right to administer the system"), "person")
declare("tenure.contested", _("The right of {person} to administer the system is contested and rests"), "person")
declare("tenure.cleared", _("The right of {person} to administer the system is contested no longer"), "person")
declare("catalogue.published", _("The group catalogue, version {number}, was published"), "number", "data_digest")
declare("grant.given", _("{person} was put into the group {group}"), "person", "group", "basis")
declare(
    "grant.shortened", _("{person} is in the group {group} until {until_date} only"), "person", "group", "until_date"
)
declare("grant.ended", _("{person} was taken out of the group {group} ({reason})"), "person", "group", "reason")

declare_words("tenure.opened.capacity", dict(Capacity.choices))
declare_words("basis", dict(Basis.choices))
declare_words("grant.ended.reason", dict(EndOfGrant.choices))
