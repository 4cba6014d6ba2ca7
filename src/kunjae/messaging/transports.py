"""The ways out of this house: a mail server, an SMS gateway, or the mailbox page of the demo."""

import json
import smtplib
import urllib.request
from email.utils import format_datetime
from http.client import HTTPException
from typing import Any, Protocol
from urllib.error import HTTPError
from urllib.parse import urlsplit

from anymail.exceptions import (  # type: ignore[import-untyped]
    AnymailAPIError,
    AnymailError,
    AnymailRecipientsRefused,
)
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.mail import EmailMessage, get_connection

from kunjae.messaging import faults
from kunjae.messaging.faults import Undelivered
from kunjae.messaging.models import Channel, DeliveredCopy
from kunjae.messaging.rendering import Letter

MAILBOX = "mailbox"
SMS_SECONDS_MAX = 20


class Transport(Protocol):
    """A way on which letters leave. It either took the letter, or it raises."""

    def send(self, letter: Letter) -> None:
        """
        Hand one letter over; the same letter twice should arrive once.

        :raises Undelivered: if it was not taken
        """


def is_mailbox() -> bool:
    """
    Tell whether letters stay in the demo's mailbox.

    :raises ImproperlyConfigured: if that is asked for in production
    """
    if settings.KUNJAE_MESSAGE_TRANSPORT != MAILBOX:
        return False
    if settings.KUNJAE_MODE == "production":
        raise ImproperlyConfigured("In production messages cannot stay in the demo's mailbox.")
    return True


def transport_for(channel: str) -> Transport:
    """Choose the way on which this installation sends such letters."""
    if is_mailbox():
        return MailboxTransport()
    return MailTransport() if channel == Channel.MAIL else SmsTransport()


class MailboxTransport:
    """Keep the letter for the mailbox page of the demo."""

    def send(self, letter: Letter) -> None:
        """Keep one letter; a second copy of it is dropped, as mail servers do."""
        DeliveredCopy.objects.get_or_create(
            public_id=letter.public_id,
            defaults={
                "channel": letter.channel,
                "to_address": letter.to_address,
                "subject": letter.subject[:300],
                "text": letter.text,
                "delivered_at": letter.at,
            },
        )


class MailTransport:
    """Mail by SMTP or by a provider's interface, whichever Django's mail settings name."""

    def send(self, letter: Letter) -> None:
        """Hand one mail to the server, under a Message-ID that stays the same over all attempts."""
        mail = EmailMessage(
            letter.subject,
            letter.text,
            to=[letter.to_address],
            headers={
                "Message-ID": f"<{letter.public_id}@{urlsplit(str(settings.KUNJAE_BASE_URL)).hostname}>",
                "Date": format_datetime(letter.at),
                "Auto-Submitted": "auto-generated",
            },
        )
        try:
            with get_connection() as mail.connection:
                mail.send()
        except smtplib.SMTPRecipientsRefused as refused:
            if _is_address_unknown(refused):
                raise Undelivered(faults.MAIL_ADDRESS_UNKNOWN, is_final=True) from refused
            raise Undelivered(faults.MAIL_DECLINED) from refused
        except smtplib.SMTPAuthenticationError as refused:
            raise Undelivered(faults.MAIL_SIGN_IN) from refused
        except (smtplib.SMTPConnectError, smtplib.SMTPServerDisconnected) as silence:
            raise Undelivered(faults.MAIL_SILENT) from silence
        except smtplib.SMTPException as refused:
            raise Undelivered(faults.MAIL_DECLINED) from refused
        except AnymailRecipientsRefused as refused:
            raise Undelivered(faults.MAIL_ADDRESS_UNKNOWN, is_final=True) from refused
        except AnymailAPIError as fault:
            raise Undelivered(faults.MAIL_DECLINED if fault.status_code else faults.MAIL_SILENT) from fault
        except AnymailError as refused:
            raise Undelivered(faults.MAIL_DECLINED) from refused
        except OSError as silence:
            raise Undelivered(faults.MAIL_SILENT) from silence


def _is_address_unknown(refused: smtplib.SMTPRecipientsRefused) -> bool:
    """
    Tell a wrong address from a server that is wrongly set up: only the former is final.

    RFC 3463: x.1.x speaks of the address. A bare 550 is also what a relay says that does not know us.
    """
    return all(code >= 500 and reply.startswith(b"5.1.") for code, reply in refused.recipients.values())


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """Our token goes to the gateway that was named, and nowhere else."""

    def redirect_request(self, *arguments: Any, **options: Any) -> None:
        return None


class SmsTransport:
    """
    SMS by one POST of JSON: `to`, `text`, `sender`, `reference`; any 2xx answer means that it was taken.

    `reference`, also sent as `Idempotency-Key`, stays the same over all attempts.
    """

    def send(self, letter: Letter) -> None:
        """Hand one SMS to the gateway."""
        if not settings.KUNJAE_SMS_URL:
            raise Undelivered(faults.SMS_MISSING, is_final=True)
        content = {
            "to": letter.to_address,
            "text": letter.text.strip(),
            "sender": settings.KUNJAE_SMS_SENDER,
            "reference": letter.public_id,
        }
        headers = {"Content-Type": "application/json", "Idempotency-Key": letter.public_id}
        if settings.KUNJAE_SMS_TOKEN:
            headers["Authorization"] = f"Bearer {settings.KUNJAE_SMS_TOKEN}"
        # The scheme was checked when the environment was read: http or https.
        request = urllib.request.Request(  # noqa: S310
            settings.KUNJAE_SMS_URL, data=json.dumps(content, ensure_ascii=False).encode(), headers=headers
        )
        try:
            with urllib.request.build_opener(_NoRedirect).open(request, timeout=SMS_SECONDS_MAX):
                pass
        except HTTPError as refused:
            refused.close()
            raise Undelivered(faults.SMS_DECLINED) from refused
        except (OSError, HTTPException) as silence:
            raise Undelivered(faults.SMS_SILENT) from silence
