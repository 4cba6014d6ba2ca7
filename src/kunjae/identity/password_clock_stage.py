"""The stage of a sign-in that asks, at six months, what shall become of the password (clause 4(3), D3)."""

from datetime import datetime

from allauth.account.stages import LoginStage, LoginStageController
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from kunjae.core.clock import thai_day
from kunjae.identity import queries


class PasswordClockStage(LoginStage):
    """Whoever comes with a password whose day has come changes it, or says why later; then the way goes on."""

    key = "kunjae_password_clock"
    urlname = "identity:due_password"

    @classmethod
    def entered(cls, request: HttpRequest) -> "PasswordClockStage | None":
        """Find the sign-in of this browser that waits for the answer; it waits for fifteen minutes."""
        stage = LoginStageController.enter(request, cls.key)
        return stage if isinstance(stage, cls) else None

    @property
    def password_set_at(self) -> datetime | None:
        """When the password that was proved right had been set: once it is another, the proof is worth nothing."""
        set_at = self.login.state.get("password_set_at")
        return datetime.fromisoformat(set_at) if set_at else None

    def handle(self) -> tuple[HttpResponse | None, bool]:
        # Read anew: a stage before this one may have set the password.
        if queries.password_question(self.login.user.pk, on=thai_day(self.request.signed_in_at)) is None:
            return None, True
        # Whoever planted the key of this browser shall not have what stands behind it (T-18).
        self.request.session.cycle_key()
        return HttpResponseRedirect(reverse(self.urlname), status=303), True
