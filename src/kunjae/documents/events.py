"""What the record can say about documents."""

from django.utils.translation import gettext_lazy as _

from kunjae.audit.events import declare, declare_words
from kunjae.documents.models import DocumentKind

declare("document.issued", _("{kind} was issued, verification no. {code}"), "kind", "code", "content_hash")
declare("scan.kept", _("A scan was kept ({kind}, {size} bytes)"), "kind", "size", "content_hash")
declare("scan.drawn", _("The pages of a scan were drawn to be shown ({drawn} of {pages})"), "drawn", "pages")

declare_words("document.issued.kind", dict(DocumentKind.choices))
