"""The first page: what waits for the person who is signed in, and nothing else before it."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Case, Count, IntegerField, OuterRef, Q, Subquery, Value, When, Window
from django.db.models.functions import JSONObject
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from kunjae.access_requests.models import AccessRequest, RequestState
from kunjae.access_requests.queries import names_asked, requests_by, waiting_in
from kunjae.audit.models import AuditEvent, chain_of
from kunjae.audit.sentences import lines
from kunjae.circulars.queries import not_acknowledged
from kunjae.core.access import signed_in
from kunjae.core.clock import thai_day
from kunjae.entitlements.models import Tenure
from kunjae.entitlements.queries import grants_in_force, group_names, tenure_of
from kunjae.identity.models import Subject, SubjectState
from kunjae.organisations.models import Appointment, Desk, LocalAuthority, Office, Person
from kunjae.organisations.queries import authorities, office_holders
from kunjae.revocation.dormancy import proposed
from kunjae.site.standing import EXECUTIVE_GROUPS, Standing
from kunjae.site.views.home_department import for_department

RECENT = 6
RECENT_LOOKED_AT = 80
QUIET = (
    "message.", "session.", "document.", "activation.", "mobile_code.", "contact.", "person.", "invitation.",
    "access_request.drafted", "attempt.",
)  # fmt: skip
"""What happens by itself around an act: in the whole record, not among the news."""

WAITING_SHOWN = 20
NOT_ACTIVATED_SHOWN = 5
CIRCULARS_SHOWN = 5
EXECUTIVES = (Office.CHIEF_EXECUTIVE, Office.CHIEF_ADMINISTRATOR)
LATE_AFTER_DAYS = 3


@signed_in
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Show what waits: for a head the requests, for an officer his own, for a desk its authorities."""
    now = timezone.now()
    standing: Standing = request.standing
    context: dict[str, Any] = {"today": thai_day(now), "language": get_language()}
    if standing.tenures:
        return render(request, "site/home_head.html", context | _for_head(standing.tenures[0], at=now))
    if standing.posting is not None and standing.posting.desk == Desk.DEPARTMENT:
        return render(request, "site/home_department.html", context | for_department(request.actor, at=now))
    if standing.posting is not None:
        return render(request, "site/home_desk.html", context | _for_desk(standing, at=now))
    if standing.sees_report_only and standing.home is not None:
        return render(request, "site/home_executive.html", context | _for_executive(standing, standing.home, at=now))
    return render(request, "site/home_officer.html", context | _for_officer(standing, at=now))


@dataclass(frozen=True, slots=True)
class Waiting:
    """One request in the list of work."""

    request: AccessRequest
    days: int
    groups: list[str]

    @property
    def is_late(self) -> bool:
        """Tell a request that has waited for long."""
        return self.days >= LATE_AFTER_DAYS


def waiting_list(authority_id: int, *, at: datetime) -> list[Waiting]:
    """The requests that wait in an authority, the longest wait first, with the groups asked for."""
    today = thai_day(at)
    waiting = list(waiting_in(authority_id)[:WAITING_SHOWN])
    names = names_asked([request.pk for request in waiting], on=today, language=get_language() or "th")
    return [
        Waiting(request, (today - thai_day(request.submitted_at)).days, names.get(request.pk, []))
        for request in waiting
    ]


def _for_head(tenure: Tenure, *, at: datetime) -> dict[str, Any]:
    authority, today = tenure.authority, thai_day(at)
    accounts = _accounts(authority, at=at)
    grants = list(
        grants_in_force(today).filter(authority=authority).values_list("group_id", "group__code", "person_id")
    )
    reading = {person_id for _group, code, person_id in grants if code in EXECUTIVE_GROUPS}
    return {
        "tenure": tenure,
        "authority": authority,
        "waiting": waiting_list(authority.pk, at=at),
        "not_activated": [account for account in accounts if account.state == SubjectState.PENDING],
        "executives_without": _executives_without_access(authority, reading, on=today),
        "subjects_count": accounts[0].open_count if accounts else 0,
        "suspended_count": accounts[0].suspended_count if accounts else 0,
        "grants_count": len(grants),
        "groups_count": len({group_id for group_id, _code, _person in grants}),
        "executives_count": len(reading),
        "unused_count": accounts[0].unused_count if accounts else 0,
        "recent": recent_events(authority.pk),
        "circulars": list(not_acknowledged(authority_ids=[authority.pk])[:CIRCULARS_SHOWN]),
    }


def _accounts(authority: LocalAuthority, *, at: datetime) -> list[Any]:
    """Some accounts, those first that wait longest to be activated, each with the counts of all that are not closed."""
    is_waiting = Case(When(state=SubjectState.PENDING, then=Value(0)), default=Value(1), output_field=IntegerField())
    is_unused = Case(When(proposed(at), then=Value(1)), default=Value(0), output_field=IntegerField())
    return list(
        Subject.objects.filter(authority=authority)
        .exclude(state=SubjectState.CLOSED)
        .select_related("person")
        .annotate(is_unused=is_unused)
        .annotate(
            unused_count=Window(Count("pk", filter=Q(is_unused=1))),
            open_count=Window(Count("pk")),
            suspended_count=Window(Count("pk", filter=Q(state=SubjectState.SUSPENDED))),
        )
        .order_by(is_waiting, "opened_at", "pk")[:NOT_ACTIVATED_SHOWN]
    )


def _executives_without_access(authority: LocalAuthority, reading: set[int], *, on: date) -> list[Appointment]:
    """Who holds an executive office but is not among those who can see the reports (L-20)."""
    first: dict[str, Appointment] = {}
    for post in office_holders(authority.pk, on=on):
        first.setdefault(post.office, post)
    return [first[office] for office in EXECUTIVES if office in first and first[office].person_id not in reading]


def recent_events(authority_id: int) -> list[Any]:
    """The news of an authority's record, newest first, of each case the newest line alone; with the names of who acted."""
    actor = Person.objects.filter(pk=OuterRef("actor_person_id")).values(
        name=JSONObject(title="title", given_name="given_name", family_name="family_name")
    )
    looked_at = (
        AuditEvent.objects.filter(chain=chain_of(authority_id))
        .annotate(actor_names=Subquery(actor))
        .order_by("-sequence")[:RECENT_LOOKED_AT]
    )
    newest: dict[str | int, AuditEvent] = {}
    for event in looked_at:
        if not event.name.startswith(QUIET):
            newest.setdefault(event.case or event.pk, event)
    news = list(newest.values())[:RECENT]
    names = {event.actor_person_id: Person(**event.actor_names).full_name for event in news if event.actor_names}
    return lines(news, language=get_language() or "th", names_of=lambda _ids: names)


def _for_officer(standing: Standing, *, at: datetime) -> dict[str, Any]:
    authority = standing.home
    own = list(requests_by(standing.subject.person_id)[:10])
    return {
        "subject": standing.subject,
        "authority": authority,
        "tenure": tenure_of(authority.pk, at=at) if authority else None,
        "grants": standing.grants,
        "names": _names_of_groups(standing, on=thai_day(at)),
        "open_requests": [r for r in own if r.state in (RequestState.DRAFT, RequestState.SUBMITTED)],
        "decided_requests": [r for r in own if r.state in (RequestState.APPROVED, RequestState.REFUSED)][:3],
    }


def _names_of_groups(standing: Standing, *, on: date) -> dict[str, str]:
    codes = {grant.group.code for grant in standing.grants}
    return group_names(on, get_language() or "th", codes=codes) if codes else {}


def _for_executive(standing: Standing, authority: LocalAuthority, *, at: datetime) -> dict[str, Any]:
    """What a chief executive or clerk comes for: who holds the keys, and the report (clause 2)."""
    today = thai_day(at)
    accounts = Subject.objects.filter(authority=authority).exclude(state=SubjectState.CLOSED)
    grants = grants_in_force(today).filter(authority=authority)
    return {
        "subject": standing.subject,
        "authority": authority,
        "tenure": tenure_of(authority.pk, at=at),
        **accounts.aggregate(
            subjects_count=Count("pk"), suspended_count=Count("pk", filter=Q(state=SubjectState.SUSPENDED))
        ),
        **grants.aggregate(grants_count=Count("pk"), groups_count=Count("group", distinct=True)),
        "waiting_count": waiting_in(authority.pk).count(),
    }


def _for_desk(standing: Standing, *, at: datetime) -> dict[str, Any]:
    posting = standing.posting
    overseen = authorities().filter(closed_date=None)
    if posting.desk == Desk.PROVINCE:
        overseen = overseen.filter(province=posting.province)
    held = Tenure.objects.filter(until_at=None).values("authority_id")
    counts = overseen.aggregate(all=Count("pk"), headed=Count("pk", filter=Q(pk__in=held)))
    return {
        "posting": posting,
        "authorities_count": counts["all"],
        "headed_count": counts["headed"],
        "vacant_count": counts["all"] - counts["headed"],
        "vacant": list(overseen.exclude(pk__in=held).order_by("sort_key", "pk")[:10]),
        "circulars": list(not_acknowledged(province_id=posting.province_id)[:CIRCULARS_SHOWN]),
    }
