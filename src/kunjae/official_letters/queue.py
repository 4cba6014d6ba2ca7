"""The department's queue: which letters wait, for whom, for how long (L-11)."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Case, Count, Exists, IntegerField, OuterRef, Q, QuerySet, Value, When

from kunjae.core.identifiers import case_number, parse_case_number
from kunjae.core.numerals import to_ascii_digits
from kunjae.core.text import canonical
from kunjae.core.unacceptable import Unacceptable
from kunjae.core.working_days import one_working_day_before
from kunjae.official_letters.models import CaseState, LetterCase, Objection, VerifiedPoint
from kunjae.official_letters.models.case import OPEN_STATES
from kunjae.organisations.queries import search_authorities

ROWS_A_PAGE = 25
AUTHORITIES_FOUND_MAX = 200

#: What the filter of states knows beside the states themselves.
OPEN, LATE, ALL = "open", "late", "all"
#: What the filter of owners knows beside the officers.
MINE, NOBODYS = "me", "nobody"


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What a reader of the queue asks for; `owner` is `me`, `nobody` or the public id of a person."""

    state: str = OPEN
    province: str = ""
    owner: str = ""
    words: str = ""


@dataclass(frozen=True, slots=True)
class Slice:
    """One page of the queue. How many there are in all is not counted: only whether more follow."""

    cases: list[LetterCase]
    number: int
    has_next: bool

    @property
    def has_previous(self) -> bool:
        """Tell whether a page precedes."""
        return self.number > 1


def queue(asked: Asked, *, person_id: int, page: int, at: datetime) -> Slice:
    """
    Read one page of the queue: what waits for this person first, then the longest wait.

    Of letters that are decided the newest come first. Rows are found by index first, and read whole after.
    """
    found = _filtered(asked, person_id=person_id, at=at)
    if asked.state in (OPEN, LATE, *OPEN_STATES):
        ordered = found.annotate(rank=_rank(person_id)).order_by("rank", "received_at", "id")
    else:
        ordered = found.order_by("-received_at", "-id")
    first = (page - 1) * ROWS_A_PAGE
    keys = list(ordered.values_list("pk", flat=True)[first : first + ROWS_A_PAGE + 1])
    rows = LetterCase.objects.select_related("authority__district", "authority__province", "owner").in_bulk(
        keys[:ROWS_A_PAGE]
    )
    return Slice([rows[key] for key in keys[:ROWS_A_PAGE]], page, len(keys) > ROWS_A_PAGE)


def _filtered(asked: Asked, *, person_id: int, at: datetime) -> QuerySet[LetterCase]:
    found = LetterCase.objects.all()
    if asked.state == LATE:
        found = found.filter(is_late(at))
    elif asked.state == OPEN:
        found = found.filter(state__in=OPEN_STATES)
    elif asked.state != ALL:
        found = found.filter(state=asked.state)
    if asked.province:
        found = found.filter(authority__province__code=asked.province)
    if asked.owner == MINE:
        found = found.filter(owner_id=person_id)
    elif asked.owner == NOBODYS:
        found = found.filter(owner=None)
    elif asked.owner:
        found = found.filter(owner__public_id=asked.owner)
    return found.filter(_named(asked.words)) if asked.words else found


def _named(words: str) -> Q:
    """Condition: the case's number, the letter's number, or an authority found by name, code or telephone."""
    try:
        return Q(case=case_number(*parse_case_number(words)))
    except Unacceptable:
        pass
    # Read before, so that the search runs over the authorities once, and not over them beside each letter.
    authorities = list(search_authorities(words).values_list("pk", flat=True)[:AUTHORITIES_FOUND_MAX])
    number = to_ascii_digits(canonical(words))
    return Q(authority__in=authorities) | Q(letter_number__icontains=number) | Q(received_number=number)


def _rank(person_id: int) -> Case:
    """Put first what waits for this person, then what nobody has taken, then the rest."""
    answered = VerifiedPoint.objects.filter(case=OuterRef("pk"), noted_by=person_id, version=OuterRef("version"))
    return Case(
        When(Q(owner_id=person_id) & Q(state=CaseState.RECEIVED), then=Value(0)),
        When(Q(state=CaseState.VERIFIED) & ~Q(verified_by=person_id) & ~Exists(answered), then=Value(0)),
        When(
            Q(state=CaseState.FROZEN) & ~Q(received_by=person_id) & ~Exists(answered),
            then=Value(0),
        ),
        When(Q(state=CaseState.RECEIVED) & Q(owner=None), then=Value(1)),
        default=Value(2),
        output_field=IntegerField(),
    )


def is_late(at: datetime) -> Q:
    """Condition: complete for more than one working day, and still not issued."""
    return Q(state__in=[CaseState.RECEIVED, CaseState.VERIFIED], complete_at__lt=one_working_day_before(at))


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """What waits at the desk, in numbers that each lead to their list."""

    received: int
    verified: int
    frozen: int
    late: int
    objections: int


def figures(*, at: datetime) -> Figures:
    """Count what is at work; of what is decided nothing is counted."""
    counted = LetterCase.objects.filter(state__in=OPEN_STATES).aggregate(
        received=Count("pk", filter=Q(state=CaseState.RECEIVED)),
        verified=Count("pk", filter=Q(state=CaseState.VERIFIED)),
        frozen=Count("pk", filter=Q(state=CaseState.FROZEN)),
        late=Count("pk", filter=is_late(at)),
    )
    # Those to an issued letter freeze nothing that the states would show.
    open_ones = Objection.objects.filter(resolved_at=None).count()
    return Figures(**counted, objections=open_ones)


def open_letters_count() -> int:
    """Count the letters that are open, for the menu; only the index is read."""
    return LetterCase.objects.filter(state__in=OPEN_STATES).count()


def open_objections_to_issued() -> QuerySet[LetterCase]:
    """Issued letters with an objection that nobody has resolved: their keys are taken away meanwhile."""
    return (
        LetterCase.objects.filter(state=CaseState.ISSUED, objections__resolved_at=None, objections__isnull=False)
        .select_related("authority__district", "authority__province")
        .distinct()
        .order_by("-received_at", "-id")
    )
