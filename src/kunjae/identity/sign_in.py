"""
Signing in, through django-allauth: its authentication, its stages, our session registry.

The adapter is where allauth calls us; the stages of `sign_in_stages` stand between its two calls.
"""

from datetime import datetime

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal import stagekit
from allauth.account.internal.flows.login import perform_login
from allauth.account.models import Login
from django.contrib.auth import login as django_login
from django.contrib.auth.hashers import identify_hasher
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.debug import sensitive_variables

from kunjae.core.actor import NOBODY, Actor
from kunjae.core.clock import thai_day
from kunjae.core.verdict import Denied
from kunjae.identity import door, known_devices, operations, password_policy, queries, throttle
from kunjae.identity.browser_session import SessionStore
from kunjae.identity.models import EndReason, SecondFactor, SignInAttempt, Subject, SubjectState
from kunjae.identity.places import Place, place_of
from kunjae.identity.proofs import Proved
from kunjae.identity.sign_in_stages import STAGES, changed_meanwhile, comer_of

PASSWORD_LENGTH_MAX = 1024
"""Longer input is never hashed: a password has 256 characters at most, each up to four as typed."""

WAY_BACK_LENGTH_MAX = 4096
"""An address with a search in Thai has 9 characters for one."""

_STAGE_PATHS = [f"{stage.__module__}.{stage.__name__}" for stage in STAGES]


class Adapter(DefaultAccountAdapter):
    """What allauth asks of us; accounts are opened by form 2 only, never here."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def get_login_stages(self) -> list[str]:
        """Ask every proof first, then what hangs on them; allauth's own stages ask for what no account has here."""
        return _STAGE_PATHS

    def login(self, request: HttpRequest, user: Subject) -> None:
        """
        Begin the session: a new key (T-18), our own row for it, and the try that succeeded, in one transaction.

        :raises ImmediateHttpResponse: if the account or its password is no longer what was proved; nothing begins
        """
        place, at = place_of(request), request.signed_in_at

        def begin() -> operations.Begun:
            if not operations.holds_until_commit(user.pk, request.proved):
                raise changed_meanwhile(request)
            request.session = SessionStore.in_place_of(request.session)
            django_login(request, user, backend="allauth.account.auth_backends.AuthenticationBackend")
            request.session["signed_in"] = True
            comer = comer_of(request, user)
            remembered = known_devices.about_to_be_known(request, user, at=at, known_before=comer.known_devices)
            request.device_secret = remembered.secret
            attempt = _attempt(request, user, place, at=at, is_known_here=comer.is_known_here)
            rows = (request.session.new_row(), attempt, remembered.row)
            return operations.Begun(request.session.session_key, tuple(row for row in rows if row is not None))

        operations.start_session(
            subject=user,
            session_key=begin,
            address=place.address,
            device=place.device,
            at=at,
            factor=request.factor_proved,
        )

    def post_login(self, request: HttpRequest, user: Subject, **others: object) -> HttpResponse:
        """Go on to where the person wanted to be; no message, no signal."""
        response = HttpResponseRedirect(str(others.get("redirect_url") or "/"), status=303)
        known_devices.set_cookie(request, response, request.device_secret)
        return response

    def respond_user_inactive(self, request: HttpRequest, user: Subject) -> HttpResponse:
        return HttpResponseRedirect(reverse("identity:sign_in"), status=303)

    def get_client_ip(self, request: HttpRequest) -> str:
        return place_of(request).address


@sensitive_variables("password", "code", "typed")
def sign_in(
    request: HttpRequest, *, username: str, password: str, next_url: str, at: datetime, code: str = ""
) -> HttpResponse:
    """
    Sign somebody in, or refuse: unknown, wrong and closed are one answer after one and the same work (T-19).

    `code` is that of a second factor, if it was typed with the password; it is looked at only after a right one.

    :raises Denied: `sign_in_failed`, `sign_in_throttled`, `sign_in_slowed`, or `sign_in_suspended` to who knew the
        password
    """
    place = place_of(request)
    device = known_devices.digest_of(request)
    comer = request.comer = door.who_comes(username, device=device, on=thai_day(at))
    lane = device if comer.is_known_here else ""
    # Nothing is cut (ASVS 6.2.8): what is too long for any password is compared as one that nobody has.
    typed = password_policy.normalise(password) if len(password) <= PASSWORD_LENGTH_MAX else ""
    with throttle.in_turn(username, lane=lane):
        throttle.refuse_while_waiting(username, place.address, device=place.device, at=at, lane=lane)
        has_key, subject = door.has_key(comer, typed or "-"), comer.subject
        if not has_key or subject is None or subject.state in (SubjectState.CLOSED, SubjectState.PENDING):
            throttle.note(username, *_place(place), SignInAttempt.Outcome.REFUSED, subject=subject, at=at, lane=lane)
            raise Denied("sign_in_failed")
    if subject.state == SubjectState.SUSPENDED:
        throttle.note(username, *_place(place), SignInAttempt.Outcome.SUSPENDED, subject=subject, at=at, lane=lane)
        raise Denied("sign_in_suspended")
    if identify_hasher(subject.password).must_update(subject.password):
        actor = Actor(subject.username, subject.person_id, subject.pk, address=place.address)
        subject = operations.upgrade_hash(
            actor=actor, subject_id=subject.pk, proved=Proved.now(subject), password=typed, at=at
        )
    login = _begin(request, subject, next_url=next_url, at=at)
    login.state |= {"stamp": Proved.now(subject).stamp, "by_password": True}
    if faults := _faults_of(comer, subject, typed, address=place.address, at=at):
        login.state["password_faults"] = faults
    request.code_typed = code  # for its stage; what waits in the browser's session never holds it
    return perform_login(request, login)


def sign_in_by_passkey(request: HttpRequest, passkey: SecondFactor, *, next_url: str, at: datetime) -> HttpResponse:
    """Sign in whose passkey was proved; the stages go on as after a password, without asking for a factor."""
    shown = _password_shown(request, passkey.subject_id)
    login = _begin(request, passkey.subject, next_url=next_url, at=at)
    stamp = Proved.now(passkey.subject).stamp
    login.state |= {"stamp": stamp, "factor": str(passkey.kind), "factor_id": passkey.pk, "shown": shown}
    return perform_login(request, login)


def _password_shown(request: HttpRequest, subject_id: int) -> int:
    """The right password of the same account that waits in this browser for a second factor: a passkey is one."""
    waiting = stagekit.unstash_login(request, peek=True)
    is_the_same = waiting is not None and waiting.user is not None and waiting.user.pk == subject_id
    return int(waiting.state.get("shown", 0)) if is_the_same else 0


def _begin(request: HttpRequest, subject: Subject, *, next_url: str, at: datetime) -> Login:
    """
    Begin a sign-in on its way in a session of its own: nothing of whoever used this browser before goes over.

    What he had begun here, a secret or a factor about to be bound, would else be the next one's (T-18, L-34).
    """
    if request.kunjae_session is not None:  # whoever was signed in here is so no longer
        operations.end_session(
            actor=request.actor, session_id=request.kunjae_session.pk, reason=EndReason.SIGNED_OUT, at=at
        )
        request.kunjae_session, request.actor = None, Actor(name=NOBODY.name, address=request.actor.address)
    request.session = SessionStore.in_place_of(request.session)
    request.signed_in_at = at  # allauth hands the request on to `Adapter.login`, but no time
    return Login(user=subject, redirect_url=next_url)


@sensitive_variables()
def _faults_of(comer: door.Comer, subject: Subject, typed: str, *, address: str, at: datetime) -> tuple[str, ...]:
    """
    Judge a right password by the profile in force, once for each profile, and by the leaks each time.

    What meets a new profile is noted, so that it is not judged again; once the last second factor is gone, it is.
    """
    if comer.edition_in_force is None or subject.password_policy_id == comer.edition_in_force:
        return ("breached_password",) if queries.is_leaked(typed, comer.leaks) else ()
    _edition, profile = queries.password_policy_on(thai_day(at))
    found = queries.judge_password(queries.subject_with_places(subject.pk), typed, profile=profile)
    if found:
        actor = Actor(subject.username, subject.person_id, subject.pk, address=address)
        operations.note_policy_met(
            actor=actor,
            subject_id=subject.pk,
            edition_id=comer.edition_in_force,
            beside_factor=comer.has_factor,
            at=at,
        )
    return found.reasons


def _attempt(
    request: HttpRequest, user: Subject, place: Place, *, at: datetime, is_known_here: bool
) -> SignInAttempt | None:
    """Make the row of the try that has succeeded; none where the right password that waited becomes it."""
    if request.password_shown and throttle.note_led_on(request.password_shown, at=at):
        return None
    lane = known_devices.digest_of(request) if is_known_here else ""
    return throttle.attempt_of(
        user.username, *_place(place), SignInAttempt.Outcome.SIGNED_IN, subject=user, at=at, lane=lane
    )


def _place(place: Place) -> tuple[str, str]:
    return place.address, place.device


def safe_next(request: HttpRequest, url: str) -> str:
    """Take only a way back into this site (ASVS 3.7.2); one that is too long to be ours leads home."""
    if (
        url
        and len(url) <= WAY_BACK_LENGTH_MAX
        and url_has_allowed_host_and_scheme(url, allowed_hosts=None, require_https=request.is_secure())
    ):
        return url
    return "/"
