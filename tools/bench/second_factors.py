"""
People with an authenticator app, and their way in: the password, the page that asks for the code, the code.

Each comes once, so nobody shows the code of a step twice.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils import timezone

from kunjae.core.actor import Actor
from kunjae.identity import factor_codes
from kunjae.identity import operations as identity
from kunjae.identity.models import FactorSource, Subject
from tools.bench.wire import Door, Wire, WrongAnswer, session_of, status_of

PAGE = "/sign-in/second-factor/"


@dataclass(frozen=True, slots=True)
class Person:
    """Whoever signs in: with a user id, and with an app where there is a secret, its code typed with the password or not."""

    username: str
    secret: str = ""
    types_all_at_once: bool = False


def bind_apps(usernames: Sequence[str], *, types_all_at_once: bool = False) -> list[Person]:
    """Bind an app to each of these accounts, an hour ago: the code that binds it is then long used up."""
    at = timezone.now() - timedelta(hours=1)
    subjects = {subject.username: subject for subject in Subject.objects.filter(username__in=usernames)}
    return [Person(name, _bind_app(subjects[name], at=at), types_all_at_once) for name in usernames]


def _bind_app(subject: Subject, *, at: datetime) -> str:
    secret = factor_codes.new_secret()
    identity.bind_app(
        actor=Actor(subject.username, subject.person_id, subject.pk),
        secret=secret,
        code=factor_codes.app_code(secret, at=at),
        source=FactorSource.FIRST_SIGN_IN,
        at=at,
    )
    return secret


def enter(door: Door, wire: Wire, person: Person) -> bytes:
    """
    Go all the way in, as a browser does; returns the cookie of the session.

    :raises WrongAnswer: at the first step that does not lead on
    """
    if person.types_all_at_once:
        return session_of(wire.ask(door.sign_in(person.username, code=_code_of(person))))
    answer = wire.ask(door.sign_in(person.username))
    if not person.secret:
        return session_of(answer)
    waiting = session_of(answer, leads_to=PAGE)
    if status_of(wire.get(PAGE, session=waiting)) != 200:
        raise WrongAnswer(f"{PAGE} asks {person.username} for no code")
    return session_of(wire.ask(door.post(PAGE, session=waiting, code=_code_of(person))))


def _code_of(person: Person) -> str:
    return factor_codes.app_code(person.secret, at=timezone.now())
