"""
Before a view runs: whose session is it, who acts, in which authority, and may this page be opened.

The order in the settings: `bounded_requests` first of all, then `reader_language`, `private_pages`, `session_guard`, `AccessGate`,
`QueueOfHashes`.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import quote

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.cache import patch_vary_headers
from django.utils.http import urlencode

from kunjae.core.access import Rule, asks_fresh_proof, rule_of
from kunjae.core.actor import NOBODY, Actor
from kunjae.core.addresses import clean_address
from kunjae.core.clock import thai_day
from kunjae.core.identifiers import digest_secret
from kunjae.entitlements import policies
from kunjae.entitlements.permissions import OF_TENURE
from kunjae.identity import hashing
from kunjae.identity import operations as identity
from kunjae.identity import queries as identities
from kunjae.identity.models import EndReason, Session, SubjectState
from kunjae.identity.policies import may_act_gravely
from kunjae.organisations import queries as organisations
from kunjae.organisations.models import LocalAuthority
from kunjae.site import errors
from kunjae.site.standing import Standing, asked_with_the_session, standing_of

BODY_MAX = 1024 * 1024
BODY_WITH_SCAN_MAX = 11 * 1024 * 1024
PAGES_WITH_SCAN = (
    "/requests/paper/",
    "/letters/receive/",
    "/keying/",
    "/order/",
    "/scans/",
    "/department/circulars/new/",
    "/change/",
)

SEEN_EVERY = timedelta(minutes=1)

Respond = Callable[[HttpRequest], HttpResponse]


def reader_language(get_response: Respond) -> Respond:
    """Thai until the reader chooses otherwise (D15); what the browser was sold with decides nothing."""

    def middleware(request: HttpRequest) -> HttpResponse:
        chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
        language = chosen if chosen in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE
        translation.activate(language)
        request.LANGUAGE_CODE = language
        response = get_response(request)
        response.headers.setdefault("Content-Language", language)
        return response

    return middleware


def address_of(request: HttpRequest) -> str:
    """The address of whoever asks, as the server (behind its trusted proxies) established it."""
    return clean_address(request.META.get("REMOTE_ADDR", ""))


def session_guard(get_response: Respond) -> Respond:
    """Know the session, or end it: idle 15 minutes, 12 hours in all, account no longer in use (L-32)."""

    def middleware(request: HttpRequest) -> HttpResponse:
        now = timezone.now()
        request.actor = Actor(name=NOBODY.name, address=address_of(request))
        request.kunjae_session = None
        request.session_end_reason = ""
        if request.session.get("signed_in"):
            _recognise(request, at=now)
        return get_response(request)

    return middleware


def _recognise(request: HttpRequest, *, at: datetime) -> None:
    session = (
        Session.objects.select_related(
            "subject__person", "subject__authority__district", "subject__authority__province"
        )
        .annotate(**asked_with_the_session(on=thai_day(at), at=at))
        .filter(key_digest=digest_secret(request.session.session_key or ""))
        .first()
    )
    reason = _end_of(session, at=at) if session else EndReason.SIGNED_OUT
    if session is None or reason:
        if session is not None and session.ended_at is None:
            actor = Actor(session.subject.username, session.subject.person_id, session.subject_id)
            identity.end_session(actor=actor, session_id=session.pk, reason=EndReason(reason), at=at)
        request.session.flush()
        request.session_end_reason = reason
        return
    request.kunjae_session = session
    request.actor = Actor(
        name=session.subject.username,
        person_id=session.subject.person_id,
        subject_id=session.subject_id,
        session_id=session.pk,
        address=address_of(request),
    )
    if at - session.seen_at >= SEEN_EVERY:
        identities.note_seen(session, at=at)


def _end_of(session: Session, *, at: datetime) -> str:
    if session.ended_at is not None:
        return session.end_reason
    if session.subject.state == SubjectState.CLOSED:
        return EndReason.CLOSED
    if session.subject.state != SubjectState.ACTIVE:
        return EndReason.SUSPENDED
    return session.overdue(at) or ""


class AccessGate:
    """Enforce the rule of each view; a view without one does not exist."""

    def __init__(self, get_response: Respond) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.organisation = None
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], args: list[Any], kwargs: dict[str, Any]
    ) -> HttpResponse | None:
        rule = rule_of(getattr(view, "view_class", view)) or rule_of(view)
        if rule is None:
            raise Http404
        if rule.kind == "public":
            return None
        if not request.actor.is_person:
            return _to_sign_in(request)
        now = timezone.now()
        request.standing = standing_of(request.kunjae_session, on=thai_day(now), at=now)
        if request.standing.asks_second_factor and not _has_shown_factor(request):
            return _end_for_want_of_factor(request, at=now)
        posting = request.standing.posting
        if rule.kind == "desk" and (posting is None or posting.desk not in rule.desks):
            raise Http404
        if "org_code" in kwargs:
            request.organisation = _tenant(request.standing, kwargs["org_code"])
            if request.organisation.code != kwargs["org_code"] and request.method in ("GET", "HEAD"):
                former, today = f"/o/{quote(kwargs['org_code'])}/", f"/o/{request.organisation.code}/"
                return HttpResponseRedirect(request.get_full_path().replace(former, today, 1))
        return _refusal(request, rule) or _to_proof(request, view, at=now)


def _has_shown_factor(request: HttpRequest) -> bool:
    return bool(request.kunjae_session.factor) or settings.KUNJAE_SECOND_FACTORS == "off"


def _end_for_want_of_factor(request: HttpRequest, *, at: datetime) -> HttpResponse:
    """A duty that begins while somebody is signed in with a password alone is done with a second factor, too (D5)."""
    identity.end_session(
        actor=request.actor, session_id=request.kunjae_session.pk, reason=EndReason.FACTOR_NEEDED, at=at
    )
    request.session.flush()
    request.session_end_reason = EndReason.FACTOR_NEEDED
    return _to_sign_in(request)


def _tenant(standing: Standing, code: str) -> LocalAuthority:
    """The authority in the path; to somebody who has nothing to do with it, it does not exist (T-09)."""
    authority = standing.known_authority(code) or organisations.authority_by_code(code)
    if authority is None or not standing.belongs_to(authority):
        raise Http404
    return authority


def _refusal(request: HttpRequest, rule: Rule) -> HttpResponse | None:
    if rule.kind != "permitted":
        return None
    if rule.permission in OF_TENURE and request.standing.tenure_in(request.organisation.pk):
        return None  # read a moment ago, by the same conditions; an operation asks anew under the lock
    verdict = policies.may(request.actor, rule.permission, request.organisation.pk, at=timezone.now())
    if verdict:
        return None
    return render(request, "refused.html", {"verdict": verdict}, status=403)


def _to_proof(request: HttpRequest, view: Callable[..., Any], *, at: datetime) -> HttpResponse | None:
    """
    Lead whoever means to act gravely over the proof that it is still he; 307 takes along what he has typed.

    The operation asks the same policy again.
    """
    if request.method != "POST" or not asks_fresh_proof(view) or may_act_gravely(request.actor, at=at):
        return None
    query = urlencode({"next": request.get_full_path()})
    return HttpResponseRedirect(f"{reverse('identity:proof')}?{query}", status=307)


def _to_sign_in(request: HttpRequest) -> HttpResponse:
    query = {"next": request.get_full_path()} if request.method == "GET" else {}
    if request.session_end_reason:
        query["ended"] = request.session_end_reason
    response = HttpResponseRedirect(
        f"{reverse('identity:sign_in')}?{urlencode(query)}" if query else reverse("identity:sign_in")
    )
    if request.headers.get("HX-Request"):
        response = HttpResponse(status=401)
        response["HX-Redirect"] = reverse("identity:sign_in")
    return response


def bounded_requests(get_response: Respond) -> Respond:
    """
    Refuse a body that no form of ours has, before any of it is read (ASVS 5.2.1).

    A few pages take a scan of 10 MB; all others take text.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        if request.method in ("GET", "HEAD", "OPTIONS"):
            return get_response(request)
        limit = BODY_WITH_SCAN_MAX if request.path_info.endswith(PAGES_WITH_SCAN) else BODY_MAX
        length = request.META.get("CONTENT_LENGTH") or ""
        if not (length.isascii() and length.isdecimal()):
            return errors.too_large(request, status=411)
        return errors.too_large(request, status=413) if int(length) > limit else get_response(request)

    return middleware


class QueueOfHashes:
    """Answer that it is too many at once, where a page has no better answer, and never hash more weakly (T-34)."""

    def __init__(self, get_response: Respond) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, fault: Exception) -> HttpResponse | None:
        return errors.busy(request, retry_after=hashing.RETRY_AFTER) if isinstance(fault, hashing.QueueFull) else None


def private_pages(get_response: Respond) -> Respond:
    """No page is kept by a browser or a proxy: Back after sign-out shows nothing (ASVS 14.3.2)."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        response.headers.setdefault("Cache-Control", "no-store")
        patch_vary_headers(response, ["Cookie"])
        return response

    return middleware
