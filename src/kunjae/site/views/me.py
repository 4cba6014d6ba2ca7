"""My account and rights: who I am here, what I hold, since when and on whose order."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from kunjae.core.access import signed_in
from kunjae.core.clock import thai_day
from kunjae.core.phones import mask, mask_email
from kunjae.entitlements.queries import editions_on
from kunjae.identity.due_passwords import password_asked_from
from kunjae.identity.factor_days import day_for
from kunjae.identity.queries import sign_ins_of


@signed_in
@require_safe
def me(request: HttpRequest) -> HttpResponse:
    """Show one's own account, posts and rights."""
    today, standing = thai_day(timezone.now()), request.standing
    subject = standing.subject
    editions = {edition.group_id: edition for edition in editions_on(today)} if standing.grants else {}
    language = get_language() or "th"
    held = [
        {
            "grant": grant,
            "name": editions[grant.group_id].name(language) if grant.group_id in editions else grant.group.code,
            "opens": editions[grant.group_id].opens(language) if grant.group_id in editions else "",
        }
        for grant in standing.grants
    ]
    context = {
        "subject": subject,
        "held": held,
        "tenures": standing.tenures,
        "posting": standing.posting,
        "posts": standing.posts,
        "email": mask_email(subject.email) if subject.email else "",
        "mobile": mask(subject.mobile) if subject.mobile else "",
        "last_sign_ins": sign_ins_of(subject.pk)[:3],
        "factor_day": day_for(subject),
        "password_asked_from": password_asked_from(subject),
        "password_is_new": request.GET.get("done") == "password",
    }
    return render(request, "site/me.html", context)
