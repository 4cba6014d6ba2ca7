"""Whose password is six months old, and what its owner answered when he was asked (clause 4(3), L-43)."""

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from kunjae.core.access import permitted
from kunjae.core.clock import thai_day
from kunjae.entitlements import permissions
from kunjae.identity.due_passwords import last_password_answers
from kunjae.identity.queries import password_policy_on
from kunjae.revocation import queries
from kunjae.revocation.views.people import PER_PAGE, acting_label, crumbs_of


@permitted(permissions.SEE_ACCOUNTS)
@require_safe
def old_passwords(request: HttpRequest, org_code: str) -> HttpResponse:
    """List the old passwords of an authority; without a clock in the policy in force there are none."""
    authority, on = request.organisation, thai_day(timezone.now())
    _edition, profile = password_policy_on(on)
    months = profile.change_months
    page = Paginator(queries.old_passwords(authority.pk, on=on, months=months), PER_PAGE).get_page(
        request.GET.get("page")
    )
    answers = last_password_answers([subject.pk for subject in page])
    context = {
        "authority": authority,
        "page": page,
        "rows": [
            {
                "subject": subject,
                "acting": acting_label(subject.position_capacity),
                "answer": answers.get(subject.pk),
                "is_own": subject.pk == request.actor.subject_id,
            }
            for subject in page
        ],
        "months": months,
        "is_forced": profile.change_is_forced,
        "today": on,
        "crumbs": crumbs_of(authority, (_("Old passwords"), None)),
    }
    return render(request, "revocation/old_passwords.html", context)
