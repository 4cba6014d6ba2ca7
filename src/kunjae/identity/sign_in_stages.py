"""
What stands between a right password and a session: each stage lets pass, or asks on a page of its own.

A sign-in that waits holds who it is and what was proved, never the password; it waits for fifteen minutes.
"""

from datetime import datetime, timedelta
from typing import Self

from allauth.account.internal import stagekit
from allauth.account.stages import LoginStage, LoginStageController
from allauth.core.exceptions import ImmediateHttpResponse
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from kunjae.core.clock import thai_day
from kunjae.core.verdict import Denied, Verdict
from kunjae.identity import door, due_passwords, factor_duty, hashing, known_devices, policies, second_factor, throttle
from kunjae.identity.browser_session import SessionStore
from kunjae.identity.models import SecondFactor, SignInAttempt, Subject
from kunjae.identity.places import place_of
from kunjae.identity.proofs import Proved

Answer = tuple[HttpResponse | None, bool]


def changed_meanwhile(request: HttpRequest) -> ImmediateHttpResponse:
    """End the sign-in of this browser that is on its way, and lead to the door, which says why."""
    stagekit.clear_login(request)
    where = f"{reverse('identity:sign_in')}?ended=changed_meanwhile"
    return ImmediateHttpResponse(HttpResponseRedirect(where, status=303))


def comer_of(request: HttpRequest, subject: Subject) -> door.Comer:
    """
    How the account stands whose sign-in this request moves on; asked once.

    At the first step the door has asked already; at a later one it is asked when what was typed there has been written.
    """
    comer: door.Comer | None = getattr(request, "comer", None)
    if comer is None:
        device, on = known_devices.digest_of(request), thai_day(request.signed_in_at)
        comer = request.comer = door.who_goes_on(subject.pk, device=device, on=on)
    return comer


class _Asking(LoginStage):
    """A stage that may ask something."""

    urlname: str

    @property
    def proved(self) -> Proved:
        """What the sign-in has proved so far; every operation at the door asks anew whether it holds."""
        return Proved.kept_in(self.login.state)

    def note_factor(self, factor: SecondFactor) -> None:
        """Keep that a second factor was shown, or has just been bound by whoever stands here."""
        self.login.state |= {"factor": str(factor.kind), "factor_id": factor.pk}

    def note_password_shown(self) -> None:
        """Keep, once, that somebody knows the password; it becomes the sign-in to which it leads, if it leads to one."""
        if self.login.state.get("shown"):
            return
        place, subject = place_of(self.request), self.login.user
        self.login.state["shown"] = throttle.note(
            subject.username,
            place.address,
            place.device,
            SignInAttempt.Outcome.PASSWORD_SHOWN,
            subject=subject,
            at=self.request.signed_in_at,
            lane=self.lane(),
        )

    def lane(self) -> str:
        """Give the lane of the throttle in which this browser tries."""
        is_known_here = comer_of(self.request, self.login.user).is_known_here
        return known_devices.digest_of(self.request) if is_known_here else ""

    def note_password(self, subject: Subject) -> None:
        """Keep that the password is the one that has just been set."""
        self.login.state["stamp"] = Proved.now(subject).stamp

    @classmethod
    def entered(cls, request: HttpRequest) -> Self | None:
        """
        Find the sign-in of this browser that waits at this stage.

        :raises ImmediateHttpResponse: if what it had proved holds no more; it ends, and the door says so
        """
        stage = LoginStageController.enter(request, cls.key)
        if not isinstance(stage, cls) or stage.login.user is None:
            return None
        if not cls.holds(stage.login.user, stage.proved):
            raise changed_meanwhile(request)
        return stage

    @staticmethod
    def holds(subject: Subject, proved: Proved) -> Verdict:
        """Ask if what was proved holds."""
        return policies.proof_holds(subject, proved)

    def ask(self) -> Answer:
        """
        Lead to the page of the stage, under a new key: whoever planted the former one shall not have this (T-18).

        A right password with its second factor, of a sign-in that is not yet over, is kept: should it get no further,
        the owner of both can see that somebody has them.
        """
        if self.login.state.get("by_password") and self.login.state.get("factor"):
            self.note_password_shown()
        self.request.session = SessionStore.after(self.request.session)
        return HttpResponseRedirect(reverse(self.urlname), status=303), True


SAID_FOR = timedelta(minutes=1)
"""So long the page of the second factor says why a code that was typed with the password was refused."""


class SecondFactorStage(_Asking):
    """Whoever has a second factor shows it, always (D5; L-33: no device spares it)."""

    key = "kunjae_second_factor"
    urlname = "identity:second_factor"

    @staticmethod
    def holds(subject: Subject, proved: Proved) -> Verdict:
        """Ask for the password only: the factor is what is shown here."""
        return policies.password_holds(subject, proved)

    def refusal(self, *, at: datetime) -> Denied | None:
        """Say why a code that was typed with the password a moment ago did not let in."""
        refused = self.login.state.get("code_refused")
        if not refused or at - datetime.fromisoformat(refused["at"]) > SAID_FOR:
            return None
        return Denied(refused["reason"], refused["facts"])

    def forget_refusal(self) -> None:
        """Say it no more: another code was typed."""
        if self.login.state.pop("code_refused", None):
            stagekit.stash_login(self.request, self.login)

    def handle(self) -> Answer:
        comer = comer_of(self.request, self.login.user)
        if self.login.state.get("factor") or not comer.has_factor:
            return None, True
        if self._has_shown_it_already():
            return None, True
        self.note_password_shown()
        return self.ask()

    def _has_shown_it_already(self) -> bool:
        """Judge the code that was typed with the password, if one was, as it would be on its own page."""
        code, subject, place = getattr(self.request, "code_typed", ""), self.login.user, place_of(self.request)
        if not code:
            return False
        trier = second_factor.trier_at_the_door(
            self.request, subject, address=place.address, device=place.device, lane=self.lane()
        )
        try:
            self.note_factor(second_factor.prove(trier, code, at=self.request.signed_in_at))
        except Denied as denied:
            self._note_refusal(denied)
            return False
        except hashing.QueueFull:  # a recovery code is hashed; it can be typed again on its page
            self._note_refusal(Denied("code_too_many_at_once"))
            return False
        return True

    def _note_refusal(self, denied: Denied) -> None:
        at = self.request.signed_in_at.isoformat()
        self.login.state["code_refused"] = {"reason": denied.reason, "facts": denied.facts, "at": at}


class NewPasswordStage(_Asking):
    """
    A right password that does not meet the rules in force leads to a new one, and then on (D2).

    What the rules find fault with waits with the sign-in; the password does not.
    """

    key = "kunjae_new_password"
    urlname = "identity:renew_password"

    @property
    def faults(self) -> tuple[str, ...]:
        return tuple(self.login.state.get("password_faults", ()))

    @classmethod
    def entered(cls, request: HttpRequest) -> Self | None:
        """Find the sign-in of this browser that waits for a new password."""
        stage = super().entered(request)
        return stage if stage is not None and stage.faults else None

    def handle(self) -> Answer:
        if not self.faults:
            return None, True
        return self.ask()


class PasswordClockStage(_Asking):
    """
    Whoever comes with a password whose day has come says what shall become of it; then the way goes on (4(3), D3).

    Who came by a passkey used no password, and is not asked.
    """

    key = "kunjae_password_clock"
    urlname = "identity:due_password"

    def handle(self) -> Answer:
        subject, today = comer_of(self.request, self.login.user).subject, thai_day(self.request.signed_in_at)
        has_come = subject is not None and subject.password_due_date is not None and subject.password_due_date <= today
        if not self.login.state.get("by_password") or not has_come:
            return None, True
        if not due_passwords.password_question(self.login.user.pk, on=today):
            return None, True
        return self.ask()


class UndertakingStage(_Asking):
    """Whoever signs in for the first time reads the duties of clause 3 and accepts them; then the way goes on."""

    key = "kunjae_undertaking"
    urlname = "identity:undertaking"

    def handle(self) -> Answer:
        if comer_of(self.request, self.login.user).has_undertaken:
            return None, True
        return self.ask()


class EnrolmentStage(_Asking):
    """Of whom a second factor is asked, and who has none, binds one before he is let in (D5)."""

    key = "kunjae_enrolment"
    urlname = "identity:enrolment"

    @property
    def has_bound(self) -> bool:
        """Whether this sign-in has bound a factor here, and is about to draw its recovery codes."""
        return bool(self.proved.factor_id)

    def note_bound(self, factor: SecondFactor) -> None:
        """Keep that a factor was bound here, while the sign-in goes on waiting."""
        self.note_factor(factor)
        stagekit.stash_login(self.request, self.login)

    def handle(self) -> Answer:
        if self.login.state.get("factor") or not factor_duty.must(self.login.user, at=self.request.signed_in_at):
            return None, True
        return self.ask()


class ProvedStage(LoginStage):
    """Hand on what was proved, to who begins the session."""

    key = "kunjae_proved"

    def handle(self) -> Answer:
        self.request.factor_proved = self.login.state.get("factor", "")
        self.request.proved = Proved.kept_in(self.login.state)
        self.request.password_shown = self.login.state.get("shown", 0)
        return None, True


STAGES = (
    SecondFactorStage,
    NewPasswordStage,
    PasswordClockStage,
    UndertakingStage,
    EnrolmentStage,
    ProvedStage,
)
