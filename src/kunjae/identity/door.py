"""
Who stands at the door: an account with all that a sign-in must know of it, in one question; and whether he has the key.

Unknown and known cost the same (T-19): one question, one row in hand, one hash.
"""

from dataclasses import dataclass
from datetime import date
from functools import cache

from django.contrib.auth.hashers import identify_hasher, make_password
from django.db.models import (
    Case,
    CharField,
    Count,
    DateField,
    Exists,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    When,
)
from django.utils.crypto import get_random_string
from django.views.decorators.debug import sensitive_variables

from kunjae.core.written_once import Blank, Question
from kunjae.identity import undertaking
from kunjae.identity.factor_days import has_factor
from kunjae.identity.models import (
    BreachedList,
    KnownDevice,
    PasswordPolicyEdition,
    Subject,
    Undertaking,
)


@dataclass(frozen=True, slots=True)
class Comer:
    """
    An account as it stands at the door; `subject` is empty if there is none of that name.

    `edition_in_force` is the key of the password policy's edition that holds on the day, `leaks` the digest of the list
    of leaked passwords; `known_devices` says how many browsers the account knows, `is_known_here` whether this is one.
    """

    subject: Subject | None
    has_factor: bool
    has_undertaken: bool
    edition_in_force: int | None
    leaks: str | None
    known_devices: int
    is_known_here: bool


_COLUMNS = (
    "pk",
    "username",
    "person_id",
    "authority_id",
    "state",
    "password",
    "password_policy_id",
    "password_due_date",
)
"""What a sign-in reads of an account; the instants of its life, which tell kinds apart by a hair, are not among them."""


def _asked_of(subjects: QuerySet[Subject]) -> QuerySet[Subject]:
    this = OuterRef("pk")
    in_force = PasswordPolicyEdition.objects.filter(effective_date__lte=Blank("on", DateField()))
    counted = KnownDevice.objects.filter(subject=this).order_by().values("subject").annotate(number=Count("pk"))
    here = KnownDevice.objects.filter(subject=this, digest=Blank("device", CharField()))
    accepted = Undertaking.objects.filter(subject=this, version=Blank("version", IntegerField()))
    return subjects.only(*_COLUMNS).annotate(
        at_door_factor=has_factor(),
        at_door_undertaken=Exists(accepted),
        at_door_edition=Subquery(in_force.order_by("-effective_date", "-pk").values("pk")[:1]),
        at_door_leaks=Subquery(BreachedList.objects.order_by("-pk").values("digest")[:1]),
        at_door_devices=Subquery(counted.values("number")),
        at_door_here=Exists(here),
    )


def _or_somebody(subjects: QuerySet[Subject]) -> QuerySet[Subject]:
    """Find the account of a name; where there is none, the first of all in its place, so that one row comes out always."""
    is_meant = Q(username=Blank("username", CharField()))
    first = Subject.objects.order_by("pk").values("pk")[:1]
    found = subjects.filter(is_meant | Q(pk=Subquery(first)))
    return found.annotate(at_door_meant=Case(When(is_meant, then=1), default=0)).order_by("-at_door_meant")[:1]


_BY_NAME = Question(lambda: _asked_of(_or_somebody(Subject.objects.all())))
_BY_KEY = Question(lambda: _asked_of(Subject.objects.filter(pk=Blank("pk", IntegerField()))))


def who_comes(typed: str, *, device: str, on: date) -> Comer:
    """Find the account of a user id as somebody typed it; `device` is the digest of the browser's cookie, or empty."""
    name = typed.strip().lower()
    found = _BY_NAME.first(username=name, device=device, on=on, version=undertaking.VERSION)
    comer = _comer(found)
    return comer if found is not None and found.__dict__["at_door_meant"] else NOBODY


def who_goes_on(subject_id: int, *, device: str, on: date) -> Comer:
    """Find how an account stands now, whose sign-in has waited."""
    return _comer(_BY_KEY.first(pk=subject_id, device=device, on=on, version=undertaking.VERSION))


def _comer(found: Subject | None) -> Comer:
    of = found.__dict__.get if found is not None else {}.get
    return Comer(
        subject=found,
        has_factor=bool(of("at_door_factor")),
        has_undertaken=bool(of("at_door_undertaken")),
        edition_in_force=of("at_door_edition"),
        leaks=of("at_door_leaks"),
        known_devices=of("at_door_devices") or 0,
        is_known_here=bool(of("at_door_here")),
    )


NOBODY = _comer(None)


@sensitive_variables()
def has_key(comer: Comer, typed: str) -> bool:
    """Compare what was typed with the password of an account, or with nobody's: one hash in every case (T-19)."""
    subject = comer.subject
    has_one = subject is not None and subject.has_usable_password()
    encoded = subject.password if subject is not None and has_one else _nobodys_password()
    try:
        hasher = identify_hasher(encoded)
    except ValueError:  # a row that we did not write: it opens nothing, and looks like any other
        encoded, has_one = _nobodys_password(), False
        hasher = identify_hasher(encoded)
    return hasher.verify(typed, encoded) and has_one


@cache
def _nobodys_password() -> str:
    return make_password(get_random_string(43))
