"""
The cookie by which a browser is known to an account that has signed in from it before (T-21).

It is random, says nothing, and opens nothing: whoever holds it may try passwords in a lane of its own, as slowly as
anybody, and needs the password and every second factor as anybody does (L-33).
"""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse

from kunjae.core import identifiers
from kunjae.core.written_once import insert
from kunjae.identity.models import KnownDevice, Subject

LIFE = timedelta(days=365)
PER_SUBJECT_MAX = 20
SEEN_EVERY = timedelta(days=1)
_SECRET = re.compile(r"[A-Za-z0-9_-]{43}")


def known(request: HttpRequest, typed: str) -> str:
    """Give the digest of this browser's cookie if the account typed has signed in from it before; else nothing."""
    digest = digest_of(request)
    if not digest:
        return ""
    is_known = KnownDevice.objects.filter(digest=digest, subject__username=typed.strip().lower()).exists()
    return digest if is_known else ""


@dataclass(frozen=True, slots=True)
class Remembered:
    """The secret that the browser's cookie shall hold, and the row of a browser that is new, yet to be written."""

    secret: str
    row: KnownDevice | None = None


def remember(request: HttpRequest, subject: Subject, *, at: datetime) -> str:
    """Note that an account has proved itself in this browser; returns the secret that its cookie shall hold."""
    remembered = about_to_be_known(request, subject, at=at)
    if remembered.row is not None:
        insert(remembered.row)
    return remembered.secret


def about_to_be_known(
    request: HttpRequest, subject: Subject, *, at: datetime, known_before: int = PER_SUBJECT_MAX
) -> Remembered:
    """
    Note that an account has proved itself in this browser, but for the row of a browser that is new to it.

    `known_before` is how many browsers it knew, if the caller has counted; of too many the oldest are forgotten. A
    secret that we did not give out ourselves is not taken over: nobody plants his own in another's browser.
    """
    secret, digest = _secret(request), digest_of(request)
    known_to = dict(_known_by(digest).values_list("subject_id", "seen_at")) if digest else {}
    if subject.pk in known_to:
        if at - known_to[subject.pk] >= SEEN_EVERY:
            _known_by(digest).filter(subject=subject).update(seen_at=at)
        return Remembered(secret)
    if not known_to:
        secret = identifiers.new_link_secret()
        digest = identifiers.digest_secret(secret)
    if known_before >= PER_SUBJECT_MAX:
        _drop_oldest(subject)
    return Remembered(secret, KnownDevice(subject=subject, digest=digest, first_seen_at=at, seen_at=at))


def _known_by(digest: str) -> "QuerySet[KnownDevice]":
    return QuerySet(KnownDevice).filter(digest=digest)


def set_cookie(request: HttpRequest, response: HttpResponse, secret: str) -> None:
    """Give the browser its cookie, for a year from now on."""
    response.set_cookie(
        settings.KUNJAE_DEVICE_COOKIE,
        secret,
        max_age=int(LIFE.total_seconds()),
        secure=request.is_secure(),
        httponly=True,
        samesite="Strict",
    )


def forget(subject: Subject) -> None:
    """Know no browser of this account any more: it is closed, or somebody else may have had its password."""
    QuerySet(KnownDevice).filter(subject=subject).delete()


def _secret(request: HttpRequest) -> str:
    secret = request.COOKIES.get(settings.KUNJAE_DEVICE_COOKIE, "")
    return secret if _SECRET.fullmatch(secret) else ""


def digest_of(request: HttpRequest) -> str:
    """Give the digest of this browser's cookie, whomever it is known to; empty without one."""
    secret = _secret(request)
    return identifiers.digest_secret(secret) if secret else ""


def _drop_oldest(subject: Subject) -> None:
    """Make room for one more."""
    devices = QuerySet(KnownDevice).filter(subject=subject).order_by("-seen_at", "-pk")
    devices.filter(pk__in=list(devices.values_list("pk", flat=True)[PER_SUBJECT_MAX - 1 :])).delete()
