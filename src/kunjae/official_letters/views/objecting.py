"""Somebody who was told of a letter says that it is false: one button stops it (T-01, T-03)."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from kunjae.core import phones, reasons
from kunjae.core.access import public
from kunjae.core.leading_on import see_other
from kunjae.core.saying_no import say_no
from kunjae.core.verdict import Denied
from kunjae.official_letters import queries, wording
from kunjae.official_letters.forms.objecting import ObjectionForm
from kunjae.official_letters.models import CaseState, LetterCase
from kunjae.official_letters.operations.objecting import object_by_notice
from kunjae.official_letters.policies.objecting import may_object_by
from kunjae.official_letters.views.visiting import acting, unseen


@public
@require_http_methods(["GET", "HEAD", "POST"])
def objection(request: HttpRequest, secret: str) -> HttpResponse:
    """
    Show the least that is needed to judge: whose letter, for whom, to which masked address. The button stops it.

    Pressed again it shows what was done. A link that leads nowhere says so with status 200.
    """
    now = timezone.now()
    notice = queries.notice_by_secret(secret)
    verdict = may_object_by(notice, at=now)
    if notice is None or not verdict:
        sentence = reasons.sentence(verdict.reason, verdict.facts)
        return unseen(render(request, "official_letters/objection_over.html", {"sentence": sentence}))
    case = notice.case
    if any(standing.notice_id == notice.pk for standing in queries.open_objections(case)):
        context = {"case": case, "is_issued": case.state == CaseState.ISSUED}
        return unseen(render(request, "official_letters/objection_made.html", context))
    form = ObjectionForm(request.POST if request.method == "POST" else None)
    # What is said may be left out; what cannot be read is no reason to let a false letter go on.
    if form.is_bound:
        said = form.cleaned_data if form.is_valid() else {}
        try:
            object_by_notice(
                actor=acting(request, "form-1-objection"),
                secret=secret,
                name=said.get("name", ""),
                text=said.get("text", ""),
                at=now,
            )
        except Denied as denied:
            say_no(form, denied)
        else:
            return unseen(see_other(request.path))
    context = {"form": form, "case": case, "facts": _facts(case), "is_issued": case.state == CaseState.ISSUED}
    return unseen(render(request, "official_letters/objection.html", context, status=422 if form.errors else 200))


def _facts(case: LetterCase) -> list[tuple[str, str]]:
    return [
        (_("Authority"), f"{case.authority.full_name} {case.authority.place}"),
        (_("Case no."), case.case),
        (_("Reasons"), wording.reasons_of(case)),
        (_("The user id is asked for"), case.recipient_name),
        (_("To be sent to"), phones.mask_email(case.email) if case.email else _("none")),
    ]
