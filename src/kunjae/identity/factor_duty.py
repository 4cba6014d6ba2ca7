"""
Who must have a second factor (D5): floors above add the duties that they know, this one knows the desks.

Asked at the sign-in of somebody who has none.
"""

from collections.abc import Callable
from datetime import datetime

from django.conf import settings

from kunjae.core.clock import thai_day
from kunjae.identity.models import Subject
from kunjae.organisations.queries import posting_of

Duty = Callable[[Subject, datetime], bool]

_duties: list[Duty] = []


def add(duty: Duty) -> None:
    """Let a floor above say of whom it asks a second factor."""
    _duties.append(duty)


def must(subject: Subject, *, at: datetime) -> bool:
    """Test if the owner of an account is let in with a second factor only; nobody while the setting is off."""
    if settings.KUNJAE_SECOND_FACTORS == "off":
        return False
    return posting_of(subject.person_id, on=thai_day(at)) is not None or any(duty(subject, at) for duty in _duties)
