"""The menu: the letter's own names, and a count of what waits."""

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from kunjae.access_requests.queries import waiting_in
from kunjae.entitlements.permissions import SUSPEND
from kunjae.entitlements.policies import may
from kunjae.official_letters.queue import open_letters_count
from kunjae.organisations.models import Desk, LocalAuthority
from kunjae.site.standing import Standing

Item = dict[str, Any]


def navigation_for(request: HttpRequest, standing: Standing, authority: LocalAuthority | None) -> list[dict[str, Any]]:
    """List the sections of the menu for a person in an authority (or at a desk)."""
    sections: list[dict[str, Any]] = []
    if authority is not None and standing.tenure_in(authority.pk):
        waiting = waiting_in(authority.pk).count()
        sections += [
            _section("", [_item(_("What waits for you"), "site:home", count=waiting)]),
            _section(_("System administration"), _administration(authority)),
            _section(
                _("Duties under the circular"),
                [
                    _item(_("Officers' requests"), "access_requests:waiting", authority, count=waiting),
                    _item(_("Use of the accounts"), "revocation:use", authority),
                    _item(_("Circulars of the department"), "circulars:inbox"),
                ],
            ),
        ]
    else:
        sections.append(_section("", [_item(_("What waits for you"), "site:home")]))
        if standing.posting is not None and standing.posting.desk == Desk.DEPARTMENT:
            sections += _department()
        elif standing.posting is not None:
            sections.append(_section(_("Authorities"), _of_province()))
        if authority is not None and _sees_report(standing, authority):
            sections.append(
                _section(_("System administration"), [_reports(authority), *_emergency(request, standing, authority)])
            )
    own = [_item(_("My account and rights"), "site:me")]
    works_here = authority is not None and authority.pk == standing.subject.authority_id
    if works_here and not standing.tenure_in(authority.pk) and not standing.sees_report_only:
        own.insert(0, _item(_("My requests"), "access_requests:mine", authority))
    if works_here and not standing.tenure_in(authority.pk):
        own.append(_item(_("Circulars of the department"), "circulars:inbox"))
    own.append(_item(_("Manuals and documents"), "site:guides"))
    sections.append(_section(_("Yours"), own))
    _mark_current(sections, request.path)
    return sections


def _administration(authority: LocalAuthority) -> list[Item]:
    return [
        _item(_("Managing user data"), "revocation:people", authority),
        _item(_("Managing user groups"), "revocation:groups", authority),
        _reports(authority, register=True),
        _item(_("The record"), "reports:record", authority),
    ]


def _emergency(request: HttpRequest, standing: Standing, authority: LocalAuthority) -> list[Item]:
    """The clerk's one act (requirements 1.9.1, 6); only who sees reports alone may be a clerk with an account."""
    if not (standing.sees_report_only and may(request.actor, SUSPEND, authority.pk, at=timezone.now())):
        return []
    return [_item(_("Suspend an account at once"), "revocation:suspensions", authority)]


def _reports(authority: LocalAuthority, *, register: bool = False) -> Item:
    children = [_item(_("Report of names and data of users in user groups"), "reports:membership", authority)]
    if register:
        children.append(_item(_("Register of requests and cancellations"), "reports:register", authority))
    return _item(_("Reports"), "reports:index", authority) | {"children": children}


def _department() -> list[dict[str, Any]]:
    letters = _item(_("Letters of form 1"), "official_letters:letters", count=open_letters_count())
    letters["children"] = [_item(_("Receive a letter"), "official_letters:intake")]
    return [
        _section(_("Duties under the circular"), [letters, _item(_("Circulars"), "circulars:index")]),
        _section(
            _("Authorities"),
            [
                _item(_("Find an authority"), "organisations:search"),
                _item(_("Vacancies"), "oversight:vacancies"),
                _item(_("Addresses of record"), "organisations:addresses"),
            ],
        ),
        _section(
            _("The department's own"), [_item(_("Officers of department and provinces"), "revocation:desk_officers")]
        ),
        _section(
            _("Passwords"),
            [
                _item(_("Password policy"), "identity:password_policy"),
                _item(_("Second factor for everybody"), "identity:factor_days"),
                _item(_("Departures from password standards"), "identity:deviations_for_department"),
                _item(_("Decoy user ids"), "identity:honeytokens"),
            ],
        ),
    ]


def _of_province() -> list[Item]:
    return [
        _item(_("State of the authorities"), "oversight:province"),
        _item(_("Circulars"), "circulars:province_inbox"),
        _item(_("Authorities of the province"), "organisations:search"),
    ]


def _sees_report(standing: Standing, authority: LocalAuthority) -> bool:
    here = [grant for grant in standing.grants if grant.authority_id == authority.pk]
    return standing.posting is not None or any(grant.sees_report for grant in here)


def _section(title: str, items: list[Item]) -> dict[str, Any]:
    return {"title": title, "items": items}


def _item(title: str, name: str, authority: LocalAuthority | None = None, *, count: int | None = None) -> Item:
    url = reverse(name, args=[authority.code] if authority else [])
    return {"title": title, "url": url, "count": count, "current": False, "children": []}


def _mark_current(sections: list[dict[str, Any]], here: str) -> None:
    """Mark the one entry that leads nearest to the page shown."""
    items = [item for section in sections for entry in section["items"] for item in (entry, *entry["children"])]
    leading = [item for item in items if here == item["url"] or (item["url"] != "/" and here.startswith(item["url"]))]
    if leading:
        max(leading, key=lambda item: len(item["url"]))["current"] = True
