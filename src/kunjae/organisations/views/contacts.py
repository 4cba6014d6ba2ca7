"""Addresses of record at the department's desk: what they are, who proposes others, who confirms (T-01)."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from kunjae.core import phones, reasons
from kunjae.core.access import desk, proved_lately
from kunjae.core.clock import thai_day
from kunjae.core.unacceptable import Unacceptable
from kunjae.core.verdict import Denied
from kunjae.organisations import forms, operations, policies, queries
from kunjae.organisations.models import ContactChange, Desk, LocalAuthority, Province

Place = LocalAuthority | Province

_FIELD_OF = {"contact_empty": "email", "contact_unchanged": "email", "contact_source_missing": "source"}


def contact_facts(place: Place) -> list[tuple[str, str]]:
    """List the addresses of record of a place as facts; a dash where there is none."""
    email, phone = queries.contact_of(place)
    return _facts(email, phone)


def _facts(email: str, phone: str) -> list[tuple[str, str]]:
    shown = phones.display(phone, get_language() or "th") if phone else "–"
    return [(_("Central e-mail address"), email or "–"), (_("Telephone of the office"), shown)]


@desk(Desk.DEPARTMENT)
@require_safe
def overview(request: HttpRequest) -> HttpResponse:
    """List the proposals that wait for another person, and the provinces' offices."""
    now = timezone.now()
    waiting = [
        {"item": item, "url": _url_of(item), "name": _name_of(_place_of(item)), "may_confirm": may_confirm}
        for item in queries.contact_changes_that_wait()
        for may_confirm in [policies.may_confirm_contact(request.actor, item, at=now)]
    ]
    offices = [(province, contact_facts(province)) for province in queries.provinces()]
    return render(request, "organisations/addresses.html", {"waiting": waiting, "offices": offices})


@desk(Desk.DEPARTMENT)
@require_http_methods(["GET", "HEAD", "POST"])
def of_authority(request: HttpRequest, code: str) -> HttpResponse:
    """Show an authority's addresses of record; by POST, propose others. That somebody looked is noted (D16)."""
    now, found = timezone.now(), queries.authority_by_code(code)
    if found is None or not policies.may_look_at(request.actor, found, on=thai_day(now)):
        raise Http404
    if request.method != "POST":
        operations.look_at(actor=request.actor, authority=found, at=now)
    return _of_place(request, found, at=now)


@desk(Desk.DEPARTMENT)
@require_http_methods(["GET", "HEAD", "POST"])
def of_province(request: HttpRequest, code: str) -> HttpResponse:
    """Show the addresses of record of a province's office; by POST, propose others."""
    found = Province.objects.filter(code=code).first()
    if found is None:
        raise Http404
    return _of_place(request, found, at=timezone.now())


def _of_place(request: HttpRequest, place: Place, *, at: datetime) -> HttpResponse:
    email, phone = queries.contact_of(place)
    posted = request.method == "POST"
    form = forms.Contact(request.POST if posted else None, initial={"email": email, "phone": phone})
    if posted and form.is_valid() and _propose(request, place, form, at=at):
        return _see_other(_url_of(place))
    return _page(request, place, form, at=at)


def _propose(request: HttpRequest, place: Place, form: forms.Contact, *, at: datetime) -> bool:
    cleaned = form.cleaned_data
    try:
        operations.propose_contact(
            actor=request.actor,
            authority=place if isinstance(place, LocalAuthority) else None,
            province=place if isinstance(place, Province) else None,
            email=cleaned["email"],
            phone=cleaned["phone"],
            source=cleaned["source"],
            at=at,
        )
    except Denied as denied:
        waiting = queries.open_contact_change(place)
        if waiting is not None and _is_the_same(waiting, cleaned, request.actor.person_id):
            return True  # Sent twice from one page.
        form.add_error(_FIELD_OF.get(denied.reason), reasons.sentence(denied.reason, denied.facts))
    except Unacceptable as refused:
        form.add_error(None, reasons.sentence(refused.reason, refused.facts))
    return not form.errors


def _is_the_same(waiting: ContactChange, cleaned: dict[str, Any], person_id: int | None) -> bool:
    typed = (cleaned["email"], cleaned["phone"], cleaned["source"], person_id)
    return (waiting.email, waiting.phone, waiting.source, waiting.proposed_by_id) == typed


def _page(request: HttpRequest, place: Place, form: forms.Contact, *, at: datetime, refused: str = "") -> HttpResponse:
    history = list(queries.contact_changes(place))
    waiting = next((item for item in history if item.confirmed_at is None and item.withdrawn_at is None), None)
    context = {
        "place": place,
        "name": _name_of(place),
        "present": contact_facts(place),
        "form": form,
        "may_propose": policies.may_propose_contact(request.actor, place, at=at),
        "waiting": waiting,
        "waiting_facts": _facts(waiting.email, waiting.phone) if waiting else [],
        "may_confirm": policies.may_confirm_contact(request.actor, waiting, at=at) if waiting else None,
        "history": [(item, _facts(item.email, item.phone)) for item in history if item is not waiting],
        "refused": refused,
        "crumbs": _crumbs(place),
    }
    status = 422 if form.errors or refused else 200
    return render(request, "organisations/contacts.html", context, status=status)


@proved_lately
@desk(Desk.DEPARTMENT)
@require_POST
def confirmation(request: HttpRequest, public_id: str) -> HttpResponse:
    """Confirm what another person proposed."""
    return _settle(request, public_id, operations.confirm_contact)


@desk(Desk.DEPARTMENT)
@require_POST
def withdrawal(request: HttpRequest, public_id: str) -> HttpResponse:
    """Withdraw a proposal."""
    return _settle(request, public_id, operations.withdraw_contact)


def _settle(request: HttpRequest, public_id: str, act: Callable[..., ContactChange]) -> HttpResponse:
    now = timezone.now()
    try:
        act(actor=request.actor, public_id=public_id, at=now)
    except ContactChange.DoesNotExist as missing:
        raise Http404 from missing
    except Denied as denied:
        place = _place_of(queries.contact_change(public_id))
        email, phone = queries.contact_of(place)
        form = forms.Contact(initial={"email": email, "phone": phone})
        return _page(request, place, form, at=now, refused=reasons.sentence(denied.reason, denied.facts))
    return _see_other(_url_of(queries.contact_change(public_id)))


# --- Where things stand -----------------------------------------------------------------------------------------


def _place_of(item: ContactChange) -> Place:
    return item.authority or item.province


def _name_of(place: Place) -> str:
    return place.full_name if isinstance(place, LocalAuthority) else office_name(place)


def office_name(province: Province) -> str:
    """Name the provincial office of local administration in full."""
    return f"สำนักงานส่งเสริมการปกครองท้องถิ่นจังหวัด{province.name_th}"


def _url_of(place: Place | ContactChange) -> str:
    if isinstance(place, ContactChange):
        place = _place_of(place)
    name = "contacts" if isinstance(place, LocalAuthority) else "province_contacts"
    return reverse(f"organisations:{name}", args=[place.code])


def _crumbs(place: Place) -> list[tuple[str, str | None]]:
    if isinstance(place, LocalAuthority):
        return [
            (_("Find an authority"), reverse("organisations:search")),
            (place.full_name, reverse("organisations:authority", args=[place.code])),
            (_("Addresses of record"), None),
        ]
    return [(_("Addresses of record"), reverse("organisations:addresses")), (_name_of(place), None)]


def _see_other(url: str) -> HttpResponseRedirect:
    response = HttpResponseRedirect(url)
    response.status_code = 303
    return response
