"""Why a message did not go: words that may stand on a page. No address, no secret, nothing that a server said."""

from django.utils.translation import gettext_noop as _

MAIL_SILENT = _("the mail server does not answer")
MAIL_SIGN_IN = _("the mail server refused our sign-in")
MAIL_DECLINED = _("the mail server did not take the message")
MAIL_ADDRESS_UNKNOWN = _("the mail server does not know this address")
SMS_MISSING = _("no SMS gateway is set up")
SMS_SILENT = _("the SMS gateway does not answer")
SMS_DECLINED = _("the SMS gateway did not take the message")
TEXT = _("its text could not be made")
SECRET = _("its secret can no longer be read")
PROGRAM = _("the program has a fault")
BROKEN_OFF = _("the program stopped while sending it")


class Undelivered(Exception):
    """One attempt failed. `why` is a sentence of this module; `is_final` tells that no later one can succeed."""

    def __init__(self, why: str, *, is_final: bool = False) -> None:
        super().__init__(why)
        self.why = why
        self.is_final = is_final
