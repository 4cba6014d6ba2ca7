"""
What stands between a right password and a session: each stage lets pass, or asks on a page of its own.

A sign-in that waits holds who it is and what was proved, never the password; it waits for fifteen minutes.
"""

from datetime import datetime
from typing import Self

from allauth.account.stages import LoginStage, LoginStageController
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from kunjae.core.clock import thai_day
from kunjae.identity import due_passwords, factor_duty, queries
from kunjae.identity.models import Subject, SubjectState

Answer = tuple[HttpResponse | None, bool]


def stamp(subject: Subject) -> str:
    """Tell one password of an account from the next, without saying anything of it."""
    return queries.password_stamp(subject, "sign-in")


class _Asking(LoginStage):
    """A stage that may ask something."""

    urlname: str

    @property
    def password_set_at(self) -> datetime | None:
        """When the password that was proved right had been set: once it is another, the proof is worth nothing."""
        set_at = self.login.state.get("password_set_at")
        return datetime.fromisoformat(set_at) if set_at else None

    @classmethod
    def entered(cls, request: HttpRequest) -> Self | None:
        """Find the sign-in of this browser that waits at this stage."""
        stage = LoginStageController.enter(request, cls.key)
        return stage if isinstance(stage, cls) and stage.login.user is not None else None

    def ask(self) -> Answer:
        """Lead to the page of the stage, under a new key: whoever planted the former one shall not have this (T-18)."""
        self.login.state["waited"] = True
        self.request.session.cycle_key()
        return HttpResponseRedirect(reverse(self.urlname), status=303), True


class SecondFactorStage(_Asking):
    """Whoever has a second factor shows it, always (D5; L-33: no device spares it)."""

    key = "kunjae_second_factor"
    urlname = "identity:second_factor"

    def handle(self) -> Answer:
        if self.login.state.get("factor") or not queries.has_second_factor(self.login.user):
            return None, True
        return self.ask()


class NewPasswordStage(_Asking):
    """
    A right password that does not meet the rules in force leads to a new one, and then on (D2).

    What the rules find fault with, and when the password was set, wait with the sign-in; the password does not.
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
        # Read anew: the stage before this one may have set the password.
        if self.password_set_at is None or not due_passwords.password_question(
            self.login.user.pk, on=thai_day(self.request.signed_in_at)
        ):
            return None, True
        return self.ask()


class UndertakingStage(_Asking):
    """Whoever signs in for the first time reads the duties of clause 3 and accepts them; then the way goes on."""

    key = "kunjae_undertaking"
    urlname = "identity:undertaking"

    def handle(self) -> Answer:
        if queries.has_undertaken(self.login.user.pk):
            return None, True
        return self.ask()


class EnrolmentStage(_Asking):
    """Of whom a second factor is asked, and who has none, binds one before he is let in (D5)."""

    key = "kunjae_enrolment"
    urlname = "identity:enrolment"

    def handle(self) -> Answer:
        if self.login.state.get("factor") or not factor_duty.must(self.login.user, at=self.request.signed_in_at):
            return None, True
        return self.ask()


class LastLookStage(LoginStage):
    """A sign-in that waited ends here if the account or its password is no longer what it was (T-18)."""

    key = "kunjae_last_look"

    def handle(self) -> Answer:
        self.request.factor_proved = self.login.state.get("factor", "")
        if not self.login.state.get("waited"):
            return None, True
        subject = Subject.objects.filter(pk=self.login.user.pk, state=SubjectState.ACTIVE).first()
        if subject is not None and stamp(subject) == self.login.state.get("stamp"):
            return None, True
        return HttpResponseRedirect(f"{reverse('identity:sign_in')}?ended=changed_meanwhile", status=303), False


STAGES = (
    SecondFactorStage,
    NewPasswordStage,
    PasswordClockStage,
    UndertakingStage,
    EnrolmentStage,
    LastLookStage,
)
