"""Reads for the pages of การจัดการข้อมูลผู้ใช้ and การจัดการกลุ่มผู้ใช้; each page asks little (see its test)."""

from collections.abc import Collection
from datetime import date, timedelta

from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.db.models import Case, Count, Exists, F, Max, OuterRef, Q, QuerySet, Subquery, Value, When, Window
from django.db.models.functions import Coalesce, NullIf

from kunjae.audit.models import AuditEvent, chain_of
from kunjae.core.clock import start_of_thai_day
from kunjae.core.text import search_key
from kunjae.entitlements.models import Grant, GroupEdition
from kunjae.entitlements.queries import grants_in_force, with_group_names
from kunjae.identity.models import SecondFactor, Session, SignInAttempt, Subject, SubjectState
from kunjae.identity.password_clock import last_overdue_day
from kunjae.organisations.models import Appointment, Capacity, Office, Posting
from kunjae.organisations.queries import in_force

SIGN_INS_SHOWN = 10
STORY_SHOWN = 30
STORY_NOUNS = ("account", "activation", "appointment", "credential", "grant", "person", "subject", "tenure")
WORDS_MAX = 8


def _post_of(person: OuterRef, authority_id: int, *, on: date) -> QuerySet[Appointment]:
    """Find the post by which a person is known at an authority on a day: an office before a position."""
    return (
        Appointment.objects.filter(in_force(on), person=person, authority_id=authority_id)
        .annotate(
            is_no_office=Case(When(office=Office.NONE, then=Value(1)), default=Value(0)),
            is_held_for_another=Case(When(capacity=Capacity.SUBSTANTIVE, then=Value(0)), default=Value(1)),
        )
        .order_by("is_no_office", "is_held_for_another", "-from_date", "pk")
    )


def _named_in_a_grant(subject: OuterRef, authority_id: int) -> QuerySet[Grant]:
    return Grant.objects.filter(subject=subject, authority_id=authority_id).order_by("-granted_at", "-pk")


def with_position(
    subjects: QuerySet[Subject], authority_id: int, *, on: date, person: str = "person"
) -> QuerySet[Subject]:
    """
    Add `position` and `position_capacity`: a post on record, else what form 2 said of the person.

    Form 2 is the only source for most officers, whose posts no register holds.
    """
    post = _post_of(OuterRef(person), authority_id, on=on)
    return subjects.annotate(
        position=Coalesce(
            Subquery(post.values("position_th")[:1]),
            NullIf(Subquery(_named_in_a_grant(OuterRef("pk"), authority_id).values("position_th")[:1]), Value("")),
            Value(""),
        ),
        position_capacity=Coalesce(Subquery(post.values("capacity")[:1]), Value("")),
    )


def accounts_here(authority_id: int) -> Q:
    """
    Condition: the authority's own accounts, and those of others that are or were in a group of it.

    A union, not an OR: both halves then go by their index, however many accounts the nation has.
    """
    own = Subject.objects.filter(authority_id=authority_id).order_by().values("pk")
    guests = Grant.objects.filter(authority_id=authority_id).order_by().values("subject_id")
    return Q(pk__in=own.union(guests))


def people(authority_id: int, *, on: date, state: str = "", words: str = "") -> QuerySet[Subject]:
    """
    List the accounts of an authority in the order of names, with position and last sign-in.

    Each word typed must be found in the name or the user id. `found` and the counts by state are those of the whole
    list, on each of its rows, so that no other query need count.
    """
    found = Subject.objects.filter(accounts_here(authority_id)).select_related("person", "authority")
    if state:
        found = found.filter(state=state)
    found = named(found, words)
    last = Session.objects.filter(subject=OuterRef("pk")).order_by("-started_at").values("started_at")[:1]
    counts = {
        f"{name}_count": Window(Count("pk", filter=Q(state=name)))
        for name in (SubjectState.PENDING, SubjectState.ACTIVE, SubjectState.SUSPENDED, SubjectState.CLOSED)
    }
    return (
        with_position(found, authority_id, on=on)
        .annotate(last_sign_in=Subquery(last), found=Window(Count("pk")), **counts)
        .order_by("person__sort_key", "pk")
    )


def _own_accounts(authority_id: int, *, on: date) -> QuerySet[Subject]:
    own = Subject.objects.filter(authority_id=authority_id).select_related("person", "authority", "suspended_by")
    return with_position(own, authority_id, on=on).order_by("person__sort_key", "pk")


def accounts_to_suspend(authority_id: int, *, on: date, words: str = "") -> QuerySet[Subject]:
    """List the authority's own accounts that are in use or wait for activation, in the order of names."""
    found = _own_accounts(authority_id, on=on).filter(state__in=[SubjectState.ACTIVE, SubjectState.PENDING])
    return named(found, words)


def named(found: QuerySet[Subject], words: str) -> QuerySet[Subject]:
    """Keep the accounts whose name or user id has every one of these words."""
    for word in words.split()[:WORDS_MAX]:
        found = found.filter(_matches(word))
    return found


def suspended_accounts(authority_id: int, *, on: date) -> list[Subject]:
    """List the authority's suspended accounts, the longest suspended first."""
    return list(_own_accounts(authority_id, on=on).filter(state=SubjectState.SUSPENDED).order_by("suspended_at", "pk"))


def desk_accounts(*, on: date) -> QuerySet[Subject]:
    """
    List the accounts of the officers of the department and the provinces that are not closed, in the order of names.

    Each with `position`, `desk` and `province_name` of the posting of the day (empty, if he is posted nowhere any more),
    its last sign-in, and whether it has a second factor.
    """
    posting = Posting.objects.filter(in_force(on), person=OuterRef("person")).order_by("desk", "from_date", "pk")
    sessions = Session.objects.filter(subject=OuterRef("pk")).order_by("-started_at")
    return (
        Subject.objects.filter(authority=None)
        .exclude(state=SubjectState.CLOSED)
        .select_related("person", "suspended_by")
        .annotate(
            position=Coalesce(Subquery(posting.values("position_th")[:1]), Value("")),
            desk=Coalesce(Subquery(posting.values("desk")[:1]), Value("")),
            province_name=Coalesce(Subquery(posting.values("province__name_th")[:1]), Value("")),
            last_sign_in=Subquery(sessions.values("started_at")[:1]),
            has_factor=Exists(SecondFactor.objects.filter(subject=OuterRef("pk"), ended_at=None)),
        )
        .order_by("person__sort_key", "pk")
    )


def has_old_password(*, on: date, months: int | None) -> Q:
    """
    Condition on `Subject`: the password is so many calendar months old, or asked for; none is without a clock.

    The day asked for is spread, so it may come some weeks before or after (clause 4(3)).
    """
    if months is None:
        return Q(pk__in=[])
    is_old = Q(password_changed_at__lt=start_of_thai_day(last_overdue_day(on, months) + timedelta(days=1)))
    return (
        (is_old | Q(password_due_date__lte=on))
        & Q(password_changed_at__isnull=False, state__in=[SubjectState.ACTIVE, SubjectState.SUSPENDED])
        & ~Q(password__startswith=UNUSABLE_PASSWORD_PREFIX)
    )


def old_passwords(authority_id: int, *, on: date, months: int | None) -> QuerySet[Subject]:
    """List the authority's own accounts of `has_old_password`, the oldest password first."""
    found = _own_accounts(authority_id, on=on).filter(has_old_password(on=on, months=months))
    return found.order_by("password_changed_at", "person__sort_key", "pk")


def _matches(word: str) -> Q:
    key, user_id = search_key(word, drop_title=True), word.lower()
    matches = Q(username__contains=user_id) if user_id.isascii() else Q(pk__in=[])
    return matches | Q(person__search_key__contains=key) if key else matches


def person_here(authority_id: int, public_id: str, *, on: date) -> Subject | None:
    """Find one account of `accounts_here`, with position, last sign-in and open sessions."""
    sessions = Session.objects.filter(subject=OuterRef("pk"))
    still_open = sessions.filter(ended_at=None).order_by().values("subject")
    found = Subject.objects.filter(accounts_here(authority_id), public_id=public_id).select_related(
        "person", "authority__district", "authority__province", "suspended_by", "closure"
    )
    return (
        with_position(found, authority_id, on=on)
        .annotate(
            last_sign_in=Subquery(sessions.order_by("-started_at").values("started_at")[:1]),
            has_factor=Exists(SecondFactor.objects.filter(subject=OuterRef("pk"), ended_at=None)),
            open_sessions_count=Coalesce(Subquery(still_open.annotate(n=Count("pk")).values("n")), Value(0)),
            last_seen=Subquery(still_open.annotate(seen=Max("seen_at")).values("seen")),
        )
        .first()
    )


def keys_of(subject_ids: Collection[int], authority_id: int, *, on: date, language: str) -> QuerySet[Grant]:
    """List the memberships of several accounts on a day, with the names of the groups."""
    held = grants_in_force(on).filter(subject_id__in=subject_ids, authority_id=authority_id)
    return with_group_names(held, on=on, language=language).order_by("group__sort_order")


def grants_ever(subject_id: int, authority_id: int, *, on: date, language: str) -> QuerySet[Grant]:
    """List every membership that an account has or had in an authority, in the order of the catalogue."""
    grants = Grant.objects.filter(subject_id=subject_id, authority_id=authority_id)
    return (
        with_group_names(grants, on=on, language=language)
        .select_related("group", "granted_by", "ended_by")
        .order_by("group__sort_order", "-granted_at")
    )


def sheet_case(subject: Subject) -> str:
    """
    Name the sheet on which part 2 of an account belongs: the request that opened it (A2-09).

    It stands on the account's first activation; an account that was never asked for here has none.
    """
    return subject.activations.order_by("issued_at", "pk").values_list("case", flat=True).first() or ""


def last_sign_ins(subject_id: int) -> list[SignInAttempt]:
    """List the last tries to sign in: when, from where, with what outcome; never what was done (L-30)."""
    return list(SignInAttempt.objects.filter(subject_id=subject_id).order_by("-at", "-pk")[:SIGN_INS_SHOWN])


def story_of(person_id: int, authority_id: int) -> list[AuditEvent]:
    """Read what an authority's record tells about a person's access, oldest first; sign-ins have their own list."""
    told = Q()
    for noun in STORY_NOUNS:
        told |= Q(name__startswith=f"{noun}.")
    events = AuditEvent.objects.filter(told, subject_person_id=person_id, chain=chain_of(authority_id)).order_by(
        "-sequence"
    )
    return list(reversed(events[:STORY_SHOWN]))


def editions_ever(on: date) -> list[GroupEdition]:
    """Read every edition of every group that has begun by a day, in the order of the catalogue, the newest last."""
    return list(
        GroupEdition.objects.filter(from_date__lte=on)
        .select_related("group")
        .order_by("group__sort_order", "from_date", "pk")
    )


def members_of_groups(authority_id: int, *, on: date) -> QuerySet[Grant]:
    """List who is in the groups of an authority on a day, with position, in the order of names."""
    post = _post_of(OuterRef("person"), authority_id, on=on)
    return (
        grants_in_force(on)
        .filter(authority_id=authority_id)
        .select_related("subject", "person", "granted_by")
        .annotate(
            position=Coalesce(Subquery(post.values("position_th")[:1]), F("position_th")),
            position_capacity=Coalesce(Subquery(post.values("capacity")[:1]), Value("")),
        )
        .order_by("person__sort_key", "pk")
    )
