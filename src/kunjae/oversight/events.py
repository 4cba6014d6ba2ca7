"""What the record can say about this floor."""

from django.utils.translation import gettext_lazy as _

from kunjae.audit.events import declare
from kunjae.messaging.events import name_kinds

declare("authority.reminded", _("{name} was reminded that nobody holds the right to administer it"), "name")

name_kinds({"vacancy_reminder": _("reminder of a vacancy")})
