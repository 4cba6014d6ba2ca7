"""Clause 2: who takes the office of chief executive or clerk, and who leaves it."""

from datetime import date

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from kunjae.access_requests.forms import executives as forms
from kunjae.access_requests.operations import offices
from kunjae.access_requests.views.answering import add_refusal, status_of
from kunjae.access_requests.views.executives import crumbs_to, home_url, post_or_404, titles_of
from kunjae.core.access import permitted
from kunjae.core.clock import thai_day
from kunjae.core.leading_on import see_other
from kunjae.core.text import search_key
from kunjae.core.verdict import Denied
from kunjae.entitlements.permissions import RECORD_POST
from kunjae.identity.models import Subject
from kunjae.organisations.models import Capacity, LocalAuthority, Office, Person
from kunjae.organisations.queries import position_of


@permitted(RECORD_POST)
@require_http_methods(["GET", "HEAD", "POST"])
def executive_new(request: HttpRequest, org_code: str) -> HttpResponse:
    """Record who took office; of somebody with a known name the page asks whether it is the same person (D7)."""
    authority, now = request.organisation, timezone.now()
    titles = titles_of(authority)
    wanted = request.GET.get("office", "")
    form = forms.NewExecutive(
        request.POST if request.method == "POST" else None,
        offices=list(titles.items()),
        today=thai_day(now),
        initial={"office": wanted if wanted in titles else None},
    )
    namesakes = _namesakes(request) if request.method == "POST" else {}
    form.ask_which(
        [
            (public_id, person.full_name, _known_as(person, authority, on=thai_day(now)))
            for public_id, person in namesakes.items()
        ]
    )
    if form.is_valid():
        cleaned, office = form.cleaned_data, Office(form.cleaned_data["office"])
        try:
            offices.record_executive(
                actor=request.actor,
                authority=authority,
                office=office,
                capacity=Capacity(cleaned["capacity"]),
                position_th=titles[office],
                person=namesakes.get(cleaned.get("namesake", "")),
                title=cleaned["title"],
                given_name=cleaned["given_name"],
                family_name=cleaned["family_name"],
                from_date=cleaned["from_date"],
                order_number=cleaned["order_number"],
                order_date=cleaned["order_date"],
                at=now,
            )
        except Denied as denied:
            add_refusal(form, denied, field="office" if denied.reason == "post_is_held" else None)
        else:
            return see_other(home_url(authority, "office"))
    context = {
        "form": form,
        "asks_which": bool(namesakes),
        "back_url": home_url(authority),
        "crumbs": crumbs_to(authority, (_("Somebody took office"), None)),
    }
    return render(request, "access_requests/executive_new.html", context, status=status_of(form))


def _namesakes(request: HttpRequest) -> dict[str, Person]:
    """Find persons of this authority with the name that was typed."""
    key = search_key(f"{request.POST.get('given_name', '')[:200]} {request.POST.get('family_name', '')[:200]}")
    if not key:
        return {}
    known_here = Q(subjects__authority=request.organisation) | Q(appointments__authority=request.organisation)
    found = Person.objects.filter(known_here, search_key=key).distinct().order_by("sort_key", "pk")[:10]
    return {person.public_id: person for person in found}


def _known_as(person: Person, authority: LocalAuthority, *, on: date) -> str:
    post = position_of(person.pk, authority.pk, on=on)
    subject = Subject.objects.filter(person=person, authority=authority).order_by("-opened_at").first()
    return " ".join(filter(None, [post.position_th if post else "", subject.username if subject else ""]))


@permitted(RECORD_POST)
@require_http_methods(["GET", "HEAD", "POST"])
def executive_leaving(request: HttpRequest, org_code: str, office: str, public_id: str) -> HttpResponse:
    """Record that somebody left office, or will earlier than planned; the access that went with it ends then (L-22)."""
    post, now = post_or_404(request, office, public_id), timezone.now()
    planned = post.until_date
    form = forms.Leaving(
        request.POST if request.method == "POST" else None,
        today=thai_day(now),
        planned=planned,
        initial={"until_date": thai_day(now)},
    )
    if form.is_valid():
        try:
            offices.record_leaving(
                actor=request.actor, appointment_id=post.pk, until_date=form.cleaned_data["until_date"], at=now
            )
        except Denied as denied:
            of_the_day = denied.reason in {"left_before_taking_office", "end_not_earlier"}
            add_refusal(form, denied, field="until_date" if of_the_day else None)
        else:
            has_left = form.cleaned_data["until_date"] <= thai_day(now)
            return see_other(home_url(post.authority, "leaving" if has_left else "shortened"))
    context = {
        "form": form,
        "post": post,
        "planned": planned,
        "back_url": home_url(post.authority),
        "crumbs": crumbs_to(post.authority, (_("Somebody left office"), None)),
    }
    return render(request, "access_requests/executive_leaving.html", context, status=status_of(form))
