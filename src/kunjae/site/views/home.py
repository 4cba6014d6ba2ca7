"""The first page: what waits for the person who is signed in, and nothing else before it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from kunjae.access_requests.models import AccessRequest, RequestState
from kunjae.access_requests.queries import requests_by, waiting_in
from kunjae.audit.queries import events_of
from kunjae.audit.sentences import lines
from kunjae.core.access import signed_in
from kunjae.core.clock import thai_day
from kunjae.entitlements.models import Tenure
from kunjae.entitlements.queries import grants_in_force, group_names, tenure_of
from kunjae.identity.models import Subject, SubjectState
from kunjae.organisations.models import Desk, LocalAuthority, Office
from kunjae.organisations.queries import authorities, names_of_persons, office_holder
from kunjae.site.standing import Standing

RECENT = 6
RECENT_LOOKED_AT = 80
QUIET = (
    "message.", "session.", "document.", "activation.", "mobile_code.", "contact.", "person.", "invitation.opened",
    "access_request.drafted", "attempt.",
)  # fmt: skip
"""What happens by itself around an act: in the whole record, not among the news."""

WAITING_SHOWN = 20
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
    names = group_names(today, get_language() or "th")
    waiting = waiting_in(authority_id).prefetch_related("requested_groups__group")[:WAITING_SHOWN]
    return [
        Waiting(
            request,
            (today - thai_day(request.submitted_at)).days,
            [names.get(asked.group.code, asked.group.code) for asked in request.requested_groups.all()],
        )
        for request in waiting
    ]


def _for_head(tenure: Tenure, *, at: datetime) -> dict[str, Any]:
    authority, today = tenure.authority, thai_day(at)
    subjects = Subject.objects.filter(authority=authority).exclude(state=SubjectState.CLOSED)
    states = list(subjects.values_list("state", flat=True))
    grants = grants_in_force(today).filter(authority=authority)
    return {
        "tenure": tenure,
        "authority": authority,
        "waiting": waiting_list(authority.pk, at=at),
        "not_activated": list(
            subjects.filter(state=SubjectState.PENDING).select_related("person").order_by("opened_at")[:5]
        ),
        "executives_without": _executives_without_access(authority, at=at),
        "subjects_count": len(states),
        "suspended_count": states.count(SubjectState.SUSPENDED),
        "grants_count": grants.count(),
        "groups_count": grants.values("group").distinct().count(),
        "executives_count": grants.filter(group__code__in=["executive", "clerk"]).values("person").distinct().count(),
        "recent": recent_events(authority.pk),
    }


def _executives_without_access(authority: LocalAuthority, *, at: datetime) -> list[Any]:
    """Who holds an executive office but cannot see the reports yet (L-20)."""
    today = thai_day(at)
    posts = [
        office_holder(authority.pk, office, on=today) for office in (Office.CHIEF_EXECUTIVE, Office.CHIEF_ADMINISTRATOR)
    ]
    reading = set(
        grants_in_force(today)
        .filter(authority=authority, group__code__in=["executive", "clerk"])
        .values_list("person_id", flat=True)
    )
    return [post for post in posts if post is not None and post.person_id not in reading]


def recent_events(authority_id: int) -> list[Any]:
    """The newest lines of an authority's record, for a timeline (oldest first)."""
    looked_at = events_of(authority_id, limit=RECENT_LOOKED_AT).events
    news = [event for event in looked_at if not event.name.startswith(QUIET)][:RECENT]
    return lines(reversed(news), language=get_language() or "th", names_of=names_of_persons)


def _for_officer(standing: Standing, *, at: datetime) -> dict[str, Any]:
    authority = standing.home
    own = list(requests_by(standing.subject.person_id)[:10])
    return {
        "subject": standing.subject,
        "authority": authority,
        "tenure": tenure_of(authority.pk, at=at) if authority else None,
        "grants": standing.grants,
        "names": group_names(thai_day(at), get_language() or "th"),
        "open_requests": [r for r in own if r.state in (RequestState.DRAFT, RequestState.SUBMITTED)],
        "decided_requests": [r for r in own if r.state in (RequestState.APPROVED, RequestState.REFUSED)][:3],
    }


def _for_executive(standing: Standing, authority: LocalAuthority, *, at: datetime) -> dict[str, Any]:
    """What a chief executive or clerk comes for: who holds the keys, and the report (clause 2)."""
    today = thai_day(at)
    states = list(
        Subject.objects.filter(authority=authority).exclude(state=SubjectState.CLOSED).values_list("state", flat=True)
    )
    grants = grants_in_force(today).filter(authority=authority)
    return {
        "subject": standing.subject,
        "authority": authority,
        "tenure": tenure_of(authority.pk, at=at),
        "subjects_count": len(states),
        "suspended_count": states.count(SubjectState.SUSPENDED),
        "grants_count": grants.count(),
        "groups_count": grants.values("group").distinct().count(),
        "waiting_count": waiting_in(authority.pk).count(),
    }


def _for_desk(standing: Standing, *, at: datetime) -> dict[str, Any]:
    posting = standing.posting
    overseen = authorities().filter(closed_date=None)
    if posting.desk == Desk.PROVINCE:
        overseen = overseen.filter(province=posting.province)
    held = Tenure.objects.filter(until_at=None).values("authority_id")
    return {
        "posting": posting,
        "authorities_count": overseen.count(),
        "headed_count": overseen.filter(pk__in=held).count(),
        "vacant_count": overseen.exclude(pk__in=held).count(),
        "vacant": list(overseen.exclude(pk__in=held).order_by("sort_key", "pk")[:10]),
    }
