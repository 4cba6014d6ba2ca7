"""Clause 2: the chief executive and the clerk, their read-only access, and who is in office."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django import forms as django_forms
from django.db.models import Exists, OuterRef, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from kunjae.access_requests import operations
from kunjae.access_requests.forms import executives as forms
from kunjae.access_requests.operations import offices
from kunjae.access_requests.operations.executives import GROUP_OF_OFFICE
from kunjae.access_requests.views.answering import add_refusal, status_of
from kunjae.core import phones
from kunjae.core.access import permitted, proved_lately
from kunjae.core.clock import thai_day
from kunjae.core.leading_on import see_other
from kunjae.core.saying_no import say_no
from kunjae.core.verdict import Denied
from kunjae.entitlements.models import Grant
from kunjae.entitlements.permissions import GRANT
from kunjae.entitlements.queries import edition_on, grants_in_force, with_group_names
from kunjae.identity.models import Activation, Subject, SubjectState
from kunjae.identity.queries import open_activation, suggest_user_id
from kunjae.organisations.models import ACTING_CAPACITIES, Appointment, Capacity, LocalAuthority, Office
from kunjae.organisations.queries import in_force

DRAFTS = "executive_access"
"""Under which key the session keeps a filled-in page, by office and person, until it is confirmed."""


@dataclass(slots=True)
class Holder:
    """Somebody in office, with the account and the access that he has."""

    post: Appointment
    subject: Subject | None = None
    grant: Grant | None = None
    activation: Activation | None = None
    is_own: bool = False
    is_leaving: bool = False

    @property
    def acting(self) -> str:
        """Name the capacity of somebody who holds another's post."""
        return Capacity(self.post.capacity).label if self.post.capacity in ACTING_CAPACITIES else ""


def _posts(authority: LocalAuthority, *, on: date) -> QuerySet[Appointment]:
    """List who is in the two offices on a day, in his own right or acting."""
    return (
        Appointment.objects.filter(in_force(on), authority=authority, office__in=GROUP_OF_OFFICE)
        .exclude(capacity=Capacity.DELEGATED)
        .select_related("person")
        .order_by("office", "capacity", "from_date", "pk")
    )


def post_or_404(request: HttpRequest, office: str, public_id: str) -> Appointment:
    """Find the post in the path; every other one does not exist (T-09)."""
    post = (
        _posts(request.organisation, on=thai_day(timezone.now()))
        .filter(office=office, person__public_id=public_id)
        .first()
    )
    if post is None:
        raise Http404
    post.authority = request.organisation
    return post


def _url(name: str, post: Appointment) -> str:
    return reverse(
        f"access_requests:{name}",
        args=[post.authority.code, post.office, post.person.public_id],
    )


def home_url(authority: LocalAuthority, done: str = "") -> str:
    """Give the address of the executives' page, with what has just been done."""
    url = reverse("access_requests:executives", args=[authority.code])
    return f"{url}?done={done}" if done else url


def crumbs_to(authority: LocalAuthority, *further: tuple[str, str | None]) -> list[tuple[str, str | None]]:
    """Give the way to a page about the executives."""
    people = reverse("revocation:people", args=[authority.code])
    here = (_("Executives"), home_url(authority) if further else None)
    return [(_("System administration"), None), (_("Managing user data"), people), here, *further]


# --- Who is in office, and who has access ----------------------------------------------------------------------


@permitted(GRANT)
@require_safe
def executives(request: HttpRequest, org_code: str) -> HttpResponse:
    """Show the chief executive and the clerk, and whether they can see the reports (L-20)."""
    authority, on = request.organisation, thai_day(timezone.now())
    holders = _holders(request, on=on)
    titles = titles_of(authority)
    context = {
        "authority": authority,
        "offices": [
            {"name": titles[office], "holders": [holder for holder in holders if holder.post.office == office]}
            for office in GROUP_OF_OFFICE
        ],
        "done": request.GET.get("done", ""),
        "crumbs": crumbs_to(authority),
    }
    return render(request, "access_requests/executives.html", context)


def titles_of(authority: LocalAuthority) -> dict[Office, str]:
    """Name the two offices as this authority does."""
    return {
        Office.CHIEF_EXECUTIVE: authority.chief_executive_title_th,
        Office.CHIEF_ADMINISTRATOR: authority.clerk_title_th,
    }


def _holders(request: HttpRequest, *, on: date) -> list[Holder]:
    authority = request.organisation
    posts = list(_posts(authority, on=on))
    person_ids = [post.person_id for post in posts]
    still_open = Activation.objects.filter(subject=OuterRef("pk"), used_at=None, ended_at=None)
    subjects = {
        subject.person_id: subject
        for subject in Subject.objects.filter(person_id__in=person_ids)
        .exclude(state=SubjectState.CLOSED)
        .annotate(awaits_activation=Exists(still_open))
    }
    held = grants_in_force(on).filter(
        authority=authority, person_id__in=person_ids, group__code__in=GROUP_OF_OFFICE.values()
    )
    grants = {
        (grant.person_id, grant.group.code): grant
        for grant in with_group_names(held, on=on, language=get_language() or "th").select_related("group")
    }
    return [
        Holder(
            post=post,
            subject=subjects.get(post.person_id),
            grant=grants.get((post.person_id, GROUP_OF_OFFICE[Office(post.office)])),
            is_own=post.person_id == request.actor.person_id,
            is_leaving=post.until_date == on,
        )
        for post in posts
    ]


# --- Giving the access -----------------------------------------------------------------------------------------


@permitted(GRANT)
@require_http_methods(["GET", "HEAD", "POST"])
def executive_access(request: HttpRequest, org_code: str, office: str, public_id: str) -> HttpResponse:
    """Ask how an executive without an account is reached; who has an account goes straight to the check."""
    post = post_or_404(request, office, public_id)
    if _subject_of(post) is not None:
        return see_other(_url("executive_access_check", post))
    form = forms.ExecutiveAccess(
        request.POST if request.method == "POST" else None,
        initial=_draft(request, post) or {"username": suggest_user_id(post.authority)},
    )
    if form.is_valid():
        drafts = request.session.get(DRAFTS, {})
        drafts[_draft_key(post)] = form.cleaned_data
        request.session[DRAFTS] = drafts
        return see_other(_url("executive_access_check", post))
    context = {
        "form": form,
        "post": post,
        "back_url": home_url(post.authority),
        "crumbs": crumbs_to(post.authority, (_("Give access"), None)),
    }
    return render(request, "access_requests/executive_access.html", context, status=status_of(form))


@proved_lately
@permitted(GRANT)
@require_http_methods(["GET", "HEAD", "POST"])
def executive_access_check(request: HttpRequest, org_code: str, office: str, public_id: str) -> HttpResponse:
    """Show what will be opened and where the keys go; the press gives the access."""
    post, now = post_or_404(request, office, public_id), timezone.now()
    subject = _subject_of(post)
    form: django_forms.Form
    if subject is not None:
        form = django_forms.Form(request.POST if request.method == "POST" else None)
        shown = {"username": subject.username, "email": subject.email, "mobile": subject.mobile}
    else:
        draft = _draft(request, post)
        form = forms.ExecutiveAccess(request.POST if request.method == "POST" else None)
        shown = dict(form.cleaned_data) if form.is_valid() else draft
        if not shown:
            return see_other(_url("executive_access", post))
    if form.is_valid():
        try:
            given = operations.give_executive_access(
                actor=request.actor,
                appointment_id=post.pk,
                username=shown["username"],
                email=shown["email"],
                mobile=shown["mobile"],
                at=now,
            )
        except Denied as denied:
            say_no(form, denied)
        else:
            request.session.get(DRAFTS, {}).pop(_draft_key(post), None)
            request.session.modified = True
            return see_other(_after(post, given.subject))
    edition = edition_on(GROUP_OF_OFFICE[Office(post.office)], on=thai_day(now))
    language = get_language() or "th"
    context = {
        "form": form if form.is_bound else None,
        "post": post,
        "subject": subject,
        "shown": shown,
        "mobile": phones.display(shown["mobile"], language) if shown["mobile"] else "",
        "group": edition.name(language) if edition else "",
        "opens": edition.opens(language) if edition else "",
        "back_url": _url("executive_access", post) if subject is None else home_url(post.authority),
        "crumbs": crumbs_to(post.authority, (_("Give access"), None)),
    }
    return render(request, "access_requests/executive_access_check.html", context, status=status_of(form))


def _after(post: Appointment, subject: Subject) -> str:
    """Lead to the slip where the second code must be handed over, else back to the list."""
    activation = open_activation(subject.pk)
    if activation is not None and activation.second_way == Activation.SecondWay.SLIP:
        return _url("executive_slip", post)
    return home_url(post.authority, "access")


def _subject_of(post: Appointment) -> Subject | None:
    return Subject.objects.filter(person_id=post.person_id).exclude(state=SubjectState.CLOSED).first()


def _draft_key(post: Appointment) -> str:
    return f"{post.office}:{post.person.public_id}"


def _draft(request: HttpRequest, post: Appointment) -> dict[str, Any] | None:
    return request.session.get(DRAFTS, {}).get(_draft_key(post))


# --- Activation: anew, and the slip ----------------------------------------------------------------------------


@proved_lately
@permitted(GRANT)
@require_http_methods(["GET", "HEAD", "POST"])
def executive_activation(request: HttpRequest, org_code: str, office: str, public_id: str) -> HttpResponse:
    """Issue a new activation, to the contact on record (D4)."""
    post, now = post_or_404(request, office, public_id), timezone.now()
    subject = _subject_of(post)
    form = django_forms.Form(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            issued = offices.renew_executive_activation(actor=request.actor, appointment_id=post.pk, at=now)
        except Denied as denied:
            add_refusal(form, denied)
        else:
            return see_other(
                _url("executive_slip", post) if issued.needs_slip else home_url(post.authority, "activation")
            )
    context = {
        "form": form,
        "post": post,
        "subject": subject,
        "email": phones.mask_email(subject.email) if subject and subject.email else "",
        "mobile": phones.mask(subject.mobile) if subject and subject.mobile else "",
        "back_url": home_url(post.authority),
        "crumbs": crumbs_to(post.authority, (_("New activation"), None)),
    }
    return render(request, "access_requests/executive_activation.html", context, status=status_of(form))


@proved_lately
@permitted(GRANT)
@require_http_methods(["GET", "HEAD", "POST"])
def executive_slip(request: HttpRequest, org_code: str, office: str, public_id: str) -> HttpResponse:
    """Print the second code on a slip, this once: only the answer to a POST ever holds it."""
    post, now = post_or_404(request, office, public_id), timezone.now()
    subject = _subject_of(post)
    if subject is None:
        raise Http404
    form = django_forms.Form(request.POST if request.method == "POST" else None)
    context = {"form": form, "post": post, "subject": subject, "back_url": home_url(post.authority)}
    if form.is_valid():
        try:
            slip = operations.print_activation_slip(actor=request.actor, subject_public_id=subject.public_id, at=now)
        except Denied as denied:
            add_refusal(form, denied)
        else:
            return render(request, "access_requests/executive_slip.html", context | {"slip": slip})
    context["crumbs"] = crumbs_to(post.authority, (_("Slip with the code"), None))
    return render(request, "access_requests/executive_slip_ask.html", context, status=status_of(form))
