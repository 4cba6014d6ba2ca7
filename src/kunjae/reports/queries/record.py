"""The record of one authority, narrowed down as its head asks (issue point 8)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import OuterRef, Q, QuerySet, Subquery

from kunjae.access_requests.models import AccessRequest
from kunjae.audit.events import CATALOGUE
from kunjae.audit.models import AuditEvent, ChainHead, chain_of
from kunjae.core.clock import start_of_thai_day
from kunjae.core.numerals import to_ascii_digits
from kunjae.core.text import search_key, without_title
from kunjae.entitlements.models import Grant, Tenure
from kunjae.identity.models import Subject
from kunjae.organisations.models import Appointment, Person

EVENTS_A_PAGE = 25

#: What an event is about, by the noun it begins with. A noun that stands nowhere is found under `others`.
NOUNS: Mapping[str, tuple[str, ...]] = {
    "requests": ("access_request", "invitation", "contact", "mobile_code", "help", "executive_access"),
    "letters": ("letter", "letter_draft", "letter_intake", "letter_notice", "letter_proof"),
    "rights": ("grant", "tenure"),
    "accounts": (
        "subject",
        "account",
        "activation",
        "reset",
        "user_id",
        "credential",
        "undertaking",
        "second_factor",
        "recovery_code",
    ),
    "sessions": ("session", "sign_in"),
    "persons": ("person", "appointment", "unit", "authority", "contact_of_record"),
    "papers": ("document", "scan", "signed_scan", "report", "circular"),
    "messages": ("message",),
    "refusals": ("attempt",),
}
OTHERS = "others"

#: Acts of the whole nation, which no authority's record holds.
_OF_THE_NATION = (
    "register.",
    "catalogue.",
    "password_policy.",
    "second_factor_day.",
    "breached_list.",
    "honeytoken.",
    "password_clock.",
    "desk_officer.",
    "posting.",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Narrowing:
    """What of the record is asked for; `kind` is an area of `NOUNS` or the name of one event."""

    kind: str = ""
    person: str = ""
    case: str = ""
    first_day: date | None = None
    last_day: date | None = None


@dataclass(frozen=True, slots=True)
class RecordPage:
    """Events, newest first; `before` asks for the next, older page. `end_sequence` and `end_seal` close the chain."""

    events: Sequence[AuditEvent]
    before: int | None
    end_sequence: int
    end_seal: str


def names_by_area() -> dict[str, list[str]]:
    """List the events that an authority's record may hold, by what they are about."""
    area_of = {noun: area for area, nouns in NOUNS.items() for noun in nouns}
    areas: dict[str, list[str]] = {area: [] for area in (*NOUNS, OTHERS)}
    for name in CATALOGUE:
        if not name.startswith(_OF_THE_NATION):
            areas[area_of.get(name.partition(".")[0], OTHERS)].append(name)
    return {area: names for area, names in areas.items() if names}


def record_of(
    authority_id: int, asked: Narrowing, *, before: int | None = None, limit: int = EVENTS_A_PAGE
) -> RecordPage:
    """Read one page of an authority's record, and where its chain ends, in one query."""
    chain = chain_of(authority_id)
    head = ChainHead.objects.filter(chain=OuterRef("chain"))
    events = _narrowed(AuditEvent.objects.filter(chain=chain), authority_id, asked)
    if before is not None:
        events = events.filter(sequence__lt=before)
    with_end = events.annotate(
        end_sequence=Subquery(head.values("sequence")[:1]), end_seal=Subquery(head.values("seal")[:1])
    )
    found = list(with_end.order_by("-sequence")[: limit + 1])
    shown = found[:limit]
    if found:
        end_sequence, end_seal = found[0].end_sequence, found[0].end_seal
    else:
        end_sequence, end_seal = ChainHead.objects.filter(chain=chain).values_list("sequence", "seal").first() or (
            0,
            "",
        )
    return RecordPage(shown, shown[-1].sequence if len(found) > limit else None, end_sequence, end_seal)


def _narrowed(events: QuerySet[AuditEvent], authority_id: int, asked: Narrowing) -> QuerySet[AuditEvent]:
    if asked.kind:
        events = events.filter(name__in=names_by_area().get(asked.kind, [asked.kind]))
    if asked.case:
        events = events.filter(case=asked.case)
    if asked.first_day is not None:
        events = events.filter(at__gte=start_of_thai_day(asked.first_day))
    if asked.last_day is not None:
        events = events.filter(at__lt=start_of_thai_day(asked.last_day + timedelta(days=1)))
    if asked.person:
        events = events.filter(_about(asked.person, authority_id))
    return events


def _about(words: str, authority_id: int) -> Q:
    """What a person did, or what was done about the person; found by name or user id among those known here."""
    persons = Person.objects.filter(pk__in=_known_here(authority_id))
    for word in without_title(words).split()[:6]:
        key = search_key(word)
        by_name = Q(search_key__contains=key) if key else Q()
        persons = persons.filter(by_name | Q(subjects__username__contains=to_ascii_digits(word).lower()))
    ids = persons.values("pk")
    return Q(subject_person_id__in=ids) | Q(actor_person_id__in=ids)


def _known_here(authority_id: int) -> QuerySet:
    """Persons whom the authority has to do with: nobody else's name can be tried out here (T-31)."""
    ties = [
        Subject.objects.filter(authority_id=authority_id).values("person_id"),
        Grant.objects.filter(authority_id=authority_id).values("person_id"),
        Tenure.objects.filter(authority_id=authority_id).values("person_id"),
        Appointment.objects.filter(authority_id=authority_id).values("person_id"),
        AccessRequest.objects.filter(authority_id=authority_id).values("applicant_id"),
    ]
    known: QuerySet = ties[0].union(*ties[1:])
    return known
