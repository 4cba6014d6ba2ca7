"""What the record can say about messages: that they went, never what was in them."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from kunjae.audit.events import declare, declare_words

declare("message.sent", _("A message ({kind}) was handed over by {channel}"), "kind", "channel")
declare("message.failed", _("A message ({kind}) could not be sent by {channel} and was given up"), "kind", "channel")
declare_words("channel", {"mail": _("e-mail"), "sms": _("SMS")})


def name_kinds(names: Mapping[str, Promise | str]) -> None:
    """
    Say what the kinds of message that an app sends are called in the record.

    :raises ValueError: if one of them already has another name
    """
    for event in ("message.sent", "message.failed"):
        declare_words(f"{event}.kind", names)
