"""No main page asks the database more than twelve questions, whoever opens it and however much there is to show."""

from dataclasses import dataclass

import pytest
from django.test import Client
from django.urls import reverse

from kunjae.access_requests import operations as form_2
from kunjae.access_requests.models import AccessRequest, CredentialWish
from kunjae.entitlements import operations as entitlements
from kunjae.entitlements.models import Basis
from kunjae.identity.models import Subject
from kunjae.organisations.models import Desk
from tests import factories
from tests.factories import NOW, Town, actor_of

pytestmark = pytest.mark.django_db

QUERIES_MAX = 12


@dataclass(frozen=True)
class World:
    """A town with work in every state, seen by its people and from the desks."""

    town: Town
    newcomers: AccessRequest
    officers: AccessRequest
    approved: AccessRequest
    readers: dict[str, Subject]

    def path(self, name: str, *words: str) -> str:
        return reverse(name, args=[self.town.authority.code, *words])


@pytest.fixture
def world() -> World:
    town = factories.a_town()
    code = town.authority.code
    # First, for the accounts of a town were opened under the number of the first case.
    factories.approve(town, factories.a_request(town, groups=("finance_officer", "budget_officer")))
    approved = factories.approve(
        town,
        factories.a_request(town, wish=CredentialWish.NEW_USER, email="earlier@example.go.th"),
        username=f"stem{code}.001",
    )
    form_2.give_executive_access(
        actor=actor_of(town.head),
        appointment_id=town.executive_post.pk,
        username="town.nayok",
        email="nayok@example.go.th",
        mobile="0812345678",
        at=NOW,
    )
    officers = factories.a_request(town, groups=("budget_officer",))
    newcomers = factories.a_request(town, wish=CredentialWish.NEW_USER, groups=("finance_officer", "budget_officer"))
    return World(
        town,
        newcomers,
        officers,
        approved,
        {
            "head": town.head,
            "officer": town.officer,
            "executive": factories.activate(Subject.objects.get(username="town.nayok")),
            "department": factories.a_desk_officer(Desk.DEPARTMENT),
            "province": factories.a_desk_officer(Desk.PROVINCE, town.authority.province),
        },
    )


PAGES = {
    "home of a head": ("head", lambda _world: reverse("site:home")),
    "home of an officer": ("officer", lambda _world: reverse("site:home")),
    "home of an executive": ("executive", lambda _world: reverse("site:home")),
    "home of the department": ("department", lambda _world: reverse("site:home")),
    "home of a province": ("province", lambda _world: reverse("site:home")),
    "own account": ("officer", lambda _world: reverse("site:me")),
    "requests that wait": ("head", lambda world: world.path("access_requests:waiting")),
    "own requests": ("officer", lambda world: world.path("access_requests:mine")),
    "case, waiting": ("head", lambda world: world.path("access_requests:request", world.officers.public_id)),
    "case, approved": ("head", lambda world: world.path("access_requests:request", world.approved.public_id)),
    "case, one's own": ("officer", lambda world: world.path("access_requests:request", world.officers.public_id)),
    "decision, a newcomer's": (
        "head", lambda world: world.path("access_requests:decision", world.newcomers.public_id)),
    "decision, an officer's": (
        "head", lambda world: world.path("access_requests:decision", world.officers.public_id)),
    "people": ("head", lambda world: world.path("revocation:people")),
    "person": ("head", lambda world: world.path("revocation:person", world.town.officer.public_id)),
    "person, not activated": (
        "head", lambda world: world.path("revocation:person", world.approved.subject.public_id)),
    "person, oneself": ("head", lambda world: world.path("revocation:person", world.town.head.public_id)),
    "groups": ("head", lambda world: world.path("revocation:groups")),
    "report of users in groups": ("head", lambda world: world.path("reports:membership")),
    "report, for an executive": ("executive", lambda world: world.path("reports:membership")),
    "report, from the desk": ("department", lambda world: world.path("reports:membership")),
    "register of requests": ("head", lambda world: world.path("reports:register")),
    "record": ("head", lambda world: world.path("reports:record")),
    "search of authorities": ("department", lambda _world: reverse("organisations:search") + "?words=ราไวย์"),
}  # fmt: skip


@pytest.mark.parametrize("page", PAGES)
def test_page_asks_at_most_twelve_questions(world, page, django_assert_max_num_queries):
    who, address = PAGES[page]
    path, client = address(world), factories.sign_in_client(Client(), world.readers[who])

    with django_assert_max_num_queries(QUERIES_MAX):
        answer = client.get(path)

    assert answer.status_code == 200


@pytest.mark.parametrize("who", ["head", "officer", "executive", "department", "province"])
def test_page_of_nothing_but_oneself_asks_at_most_eight(world, who, django_assert_max_num_queries):
    client = factories.sign_in_client(Client(), world.readers[who])

    with django_assert_max_num_queries(8):
        answer = client.get(reverse("site:me"))

    assert answer.status_code == 200


def test_page_of_a_guest_asks_no_more(world, django_assert_max_num_queries):
    other = factories.a_town("กะรน", "karon")
    entitlements.grant(
        actor=actor_of(other.head),
        subject=world.town.officer,
        authority=other.authority,
        group_code="accounting_officer",
        basis=Basis.TO_FOLLOW,
        at=NOW,
    )
    client = factories.sign_in_client(Client(), other.head)
    path = reverse("revocation:person", args=[other.authority.code, world.town.officer.public_id])

    with django_assert_max_num_queries(QUERIES_MAX):
        answer = client.get(path)

    assert answer.status_code == 200
