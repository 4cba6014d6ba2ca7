"""การจัดการกลุ่มผู้ใช้: the groups of the catalogue, what they open, and who is in them."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from kunjae.core.access import permitted
from kunjae.core.clock import thai_day
from kunjae.entitlements import permissions
from kunjae.entitlements.models import GroupEdition, Tenure
from kunjae.revocation import queries
from kunjae.revocation.views.people import acting_label

GROUP_OF_THE_HEAD = "finance_head"
"""The group of the catalogue that nobody is put into: its right is the tenure."""


@dataclass(slots=True)
class Shown:
    """One group with its members, in the reader's language."""

    edition: GroupEdition
    name: str
    opens: str
    is_in_force: bool
    holder: Tenure | None = None
    members: list[dict[str, Any]] = field(default_factory=list)

    @property
    def count(self) -> int:
        """Count who is in the group; the head of finance is in his by the tenure."""
        return len(self.members) + (self.holder is not None)


@permitted(permissions.SEE_ACCOUNTS)
@require_safe
def groups(request: HttpRequest, org_code: str) -> HttpResponse:
    """Show every group in force with its members, and the abolished ones."""
    authority, on = request.organisation, thai_day(timezone.now())
    shown = _shown(on)
    for grant in queries.members_of_groups(authority.pk, on=on):
        shown[grant.group_id].members.append(
            {
                "grant": grant,
                "acting": acting_label(grant.position_capacity),
                "is_own": grant.person_id == request.actor.person_id,
            }
        )
    tenure = request.standing.tenure_in(authority.pk)
    for group in shown.values():
        if group.edition.group.code == GROUP_OF_THE_HEAD:
            group.holder = tenure
    in_force = [group for group in shown.values() if group.is_in_force]
    context = {
        "authority": authority,
        "in_force": in_force,
        "abolished": [group for group in shown.values() if not group.is_in_force],
        "inferred": any(group.edition.is_inferred for group in in_force),
        "members_count": sum(group.count for group in in_force),
        "head": request.standing.subject,
        "today": on,
        "crumbs": [(_("System administration"), None), (_("Managing user groups"), None)],
    }
    return render(request, "revocation/groups.html", context)


def _shown(on: date) -> dict[int, Shown]:
    """Give each group as it is on a day, or as it was when it was abolished, by its id."""
    language, shown = get_language() or "th", {}
    for edition in queries.editions_ever(on):
        shown[edition.group_id] = Shown(
            edition=edition,
            name=edition.name(language),
            opens=edition.opens(language),
            is_in_force=edition.until_date is None or edition.until_date >= on,
        )
    return shown
