"""Turn a message into the letter that is handed over: its template, its facts, its secret, our own address (T-17)."""

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from cryptography.fernet import InvalidToken
from django.conf import settings
from django.template import Context, Engine, TemplateDoesNotExist, TemplateSyntaxError
from django.utils import translation

from kunjae.audit.sentences import in_words
from kunjae.messaging.faults import SECRET, TEXT, Undelivered
from kunjae.messaging.models import Channel, Message
from kunjae.messaging.sealing import unseal

_SUBJECT = "Subject:"
#: Without the stop or bracket that closes the sentence around it.
_LINK = re.compile(r"\b(?:https?|ftp)://[^\s<>\"]*[^\s<>\".,;:!?)'\]]", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Letter:
    """What a transport hands over. `public_id` stays the same over all attempts, so that a copy is known as one."""

    public_id: str
    channel: Channel
    to_address: str
    subject: str
    text: str
    at: datetime


def render(message: Message, *, at: datetime) -> Letter:
    """
    Write the letter of a message in the message's language.

    The template is `messages/<kind>.<channel>.txt`; of mail its first line is `Subject: …`. It sees the facts (days
    and instants in words), the secrets, `case`, `help_phone` and `base_url`, which comes from the settings alone.

    :raises Undelivered: if there is no such text, if it holds a link that is not ours, or if the secret is unreadable
    """
    try:
        secrets = unseal(message.sealed)
    except InvalidToken as fault:
        raise Undelivered(SECRET) from fault
    facts = {name: _shown(value, message.language) for name, value in message.facts.items()}
    values = {
        "case": message.case,
        **facts,
        **secrets,
        "help_phone": settings.KUNJAE_HELP_PHONE,
        "base_url": settings.KUNJAE_BASE_URL,
    }
    text = _filled_in(f"messages/{message.kind}.{message.channel}.txt", values, message.language)
    subject = ""
    if message.channel == Channel.MAIL:
        subject, text = _parted(text)
    if any(not _is_ours(link) for link in _LINK.findall(f"{subject}\n{text}")):
        raise Undelivered(TEXT)
    return Letter(message.public_id, Channel(message.channel), message.to_address, subject, text, at)


def _filled_in(name: str, values: dict[str, Any], language: str) -> str:
    try:
        with translation.override(language):
            # Plain text: an ampersand in a name stays one.
            filled_in = Engine.get_default().get_template(name).render(Context(values, autoescape=False))
    except (TemplateDoesNotExist, TemplateSyntaxError) as fault:
        raise Undelivered(TEXT) from fault
    lines = [line.rstrip() for line in filled_in.strip().splitlines()]
    return re.sub("\n{3,}", "\n\n", "\n".join(lines)) + "\n"


def _parted(text: str) -> tuple[str, str]:
    first, _, rest = text.partition("\n")
    subject = " ".join(first.removeprefix(_SUBJECT).split())
    if not first.startswith(_SUBJECT) or not subject:
        raise Undelivered(TEXT)
    return subject, rest.lstrip("\n")


def _shown(value: Any, language: str) -> Any:
    """Word a fact; what somebody typed must not become a link in a mail that bears our name (T-28)."""
    words = in_words(value, language)
    if not isinstance(words, str):
        return words
    return _LINK.sub(lambda link: link[0] if _is_ours(link[0]) else link[0].replace("://", "[:]//"), words)


def _is_ours(link: str) -> bool:
    return link == settings.KUNJAE_BASE_URL or link.startswith(f"{settings.KUNJAE_BASE_URL}/")
