"""The register of departures from standards: a page for everybody, one for the department, and on paper."""

import re
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from kunjae.core.access import desk, public
from kunjae.core.clock import long_date, thai_day
from kunjae.documents.deviation_register import DeviationRegister, Language, RegisterEntry, render_deviation_register
from kunjae.identity import queries
from kunjae.identity.deviations import REGISTER, Deviation, Standing, standing_words
from kunjae.identity.password_profiles import SHIPPED, PasswordProfile
from kunjae.identity.password_sentences import profile_names
from kunjae.organisations.models import Desk

_PIECES = re.compile(r"[^/_:]+[/_:]*")
_TAGS = {Standing.DEPARTS: "due", Standing.ADVISES: "wait", Standing.MET: "ok"}


@public
@require_safe
def register(request: HttpRequest) -> HttpResponse:
    """Show the register as it stands under the profile in force; nothing in it is secret."""
    base = "page.html" if request.actor.is_person else "plain.html"
    return render(request, "identity/deviations.html", {**_stated(), "base": base, "for_desk": False})


@desk(Desk.DEPARTMENT)
@require_safe
def for_department(request: HttpRequest) -> HttpResponse:
    """Show the register with how each entry would stand under each profile, and what proves it."""
    return render(request, "identity/deviations.html", {**_stated(), "base": "page.html", "for_desk": True})


@public
@require_safe
def on_paper(request: HttpRequest) -> HttpResponse:
    """Print the register in the reader's language."""
    stated = _stated()
    pdf = render_deviation_register(
        DeviationRegister(
            title=_("Register of departures from password standards"),
            lead=lead(),
            profile=stated["holds"],
            entries=tuple(
                RegisterEntry(
                    heading=f"{one['item'].standard}, {one['item'].clause}",
                    standing=str(one["word"]),
                    lines=tuple(one["lines"]),
                )
                for one in stated["entries"]
            ),
            made_at=timezone.now(),
            language=_language(),
        )
    )
    return HttpResponse(
        pdf,
        content_type="application/pdf",
        headers={"Content-Disposition": 'inline; filename="password-departures.pdf"'},
    )


def lead() -> str:
    """Say what the register is."""
    return _(
        "The letter of July 2562 and the standards of security do not ask for the same. Each clause from which the"
        " password policy departs stands here, with its reason and with what is done instead."
    )


def lines_of(item: Deviation, profile: PasswordProfile) -> list[tuple[str, str]]:
    """List what the register says of one clause while a profile is in force."""
    return [
        (_("What it asks"), str(item.asks)),
        (_("What stands against it"), str(item.because)),
        (_("What is done instead"), str(item.instead_under(profile))),
        (_("When the departure ends"), str(item.ends)),
    ]


def _stated() -> dict[str, Any]:
    edition, profile = queries.password_policy_on(thai_day(timezone.now()))
    name = profile_names[profile.code]
    holds = _("Profile in force: %(name)s") % {"name": name}
    if edition is not None:
        holds = _("Profile in force: %(name)s, since %(day)s") % {
            "name": name,
            "day": long_date(edition.effective_date, _language()),
        }
    return {"lead": lead(), "holds": holds, "entries": [_entry(item, profile) for item in REGISTER]}


def _entry(item: Deviation, profile: PasswordProfile) -> dict[str, Any]:
    standing = item.standing(profile)
    return {
        "item": item,
        "word": standing_words[standing],
        "tag": _TAGS[standing],
        "lines": lines_of(item, profile),
        # In pieces, between which a narrow screen may break the line.
        "proofs": [_PIECES.findall(proof) for proof in item.proofs],
        "under": [(profile_names[one.code], standing_words[item.standing(one)]) for one in SHIPPED.values()],
    }


def _language() -> Language:
    return "en" if get_language() == "en" else "th"
