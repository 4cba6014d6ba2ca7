"""What a password rule would cost, tried at the department's desk before anybody proposes it."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from kunjae.core.access import desk
from kunjae.identity import forms
from kunjae.identity.password_clock import SHARE_OF_A_DAY
from kunjae.identity.password_simulation import ProposedRule, cost_of
from kunjae.organisations.models import Desk

_DEMANDS = {
    "length": gettext_lazy("Least length"),
    "letter": gettext_lazy("At least one letter"),
    "digit": gettext_lazy("At least one digit"),
    "content": gettext_lazy("Length, letter and digit together"),
    "clock": gettext_lazy("Set within the months of the clock"),
    "second_factor": gettext_lazy("A second factor"),
}
# What is asked at first: the profile of the standards, of which the department will want to know before all.
_AT_FIRST = {"length_min": 15, "minutes_each": 10}


@desk(Desk.DEPARTMENT)
@require_safe
def simulation(request: HttpRequest) -> HttpResponse:
    """Show the form, and what the rule in the address would cost; nothing is written."""
    form = forms.Simulation(request.GET or _AT_FIRST)
    cost = cost_of(ProposedRule(**form.cleaned_data), at=timezone.now()) if form.is_valid() else None
    context = {
        "form": form,
        "cost": cost,
        "demands": [(_DEMANDS[demand], share) for demand, share in cost.demands] if cost else [],
        "reached": list(
            zip(
                (
                    _("within 30 days"),
                    _("31 to 90 days ago"),
                    _("91 to 180 days ago"),
                    _("longer ago, or never"),
                ),
                cost.reached,
                strict=True,
            )
        )
        if cost
        else [],
        "share": f"{SHARE_OF_A_DAY * 100:g}",
        "crumbs": [(_("Password policy"), reverse("identity:password_policy")), (_("What a rule would cost"), None)],
    }
    return render(request, "identity/password_simulation.html", context, status=200 if form.is_valid() else 422)
