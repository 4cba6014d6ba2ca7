"""The nation that the benchmarks are taken in: whole by every rule that its fast way in does not ask."""

import csv
import io
from itertools import islice

import pytest
from django.apps import apps
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from tools.bench.ground import PASSWORD
from tools.bench.history import write_history
from tools.bench.pages import PAGES
from tools.bench.population import Nation, populate

from kunjae.access_requests.models import AccessRequest, RequestState
from kunjae.audit import chain
from kunjae.audit.models import AuditEvent
from kunjae.entitlements.models import Tenure
from kunjae.identity.models import Subject
from kunjae.organisations import operations as organisations
from kunjae.organisations.models import LocalAuthority
from kunjae.organisations.register.generator import rows
from kunjae.organisations.register.reading import COLUMNS
from tests import factories
from tests.factories import TEST

pytestmark = pytest.mark.django_db

AUTHORITIES, ACCOUNTS, EVENTS, SIZES = 40, 150, 1_000, (13, 13, 30)


@pytest.fixture
def nation() -> Nation:
    """Some authorities of the made register, with accounts and a record of their acts."""
    at = timezone.now()
    file = io.StringIO(newline="")
    csv.writer(file).writerows([COLUMNS, *islice(rows(), AUTHORITIES)])
    factories.the_catalogue()
    organisations.import_register(actor=TEST, file=file.getvalue().encode(), at=at)
    nation = populate(ACCOUNTS, sizes=SIZES, at=at)
    assert write_history(nation, EVENTS, at=at) == EVENTS
    return nation


def _orphans() -> list[str]:
    """Name every foreign key of the product that points at nothing."""
    found = []
    for model in apps.get_models():
        if not model.__module__.startswith("kunjae."):
            continue
        for field in model._meta.concrete_fields:
            if not field.is_relation:
                continue
            targets = field.related_model._base_manager.values("pk")
            lost = model._base_manager.exclude(**{field.attname: None}).exclude(**{f"{field.attname}__in": targets})
            if lost.exists():
                found.append(f"{model.__name__}.{field.name}")
    return found


def test_made_nation_has_its_accounts_and_no_row_that_points_at_nothing(nation):
    assert Subject.objects.count() == nation.accounts_count == ACCOUNTS
    assert [len(town.accounts) for town in nation.looked_at] == list(SIZES)
    assert Tenure.objects.count() == LocalAuthority.objects.count() == AUTHORITIES
    assert AccessRequest.objects.filter(state=RequestState.SUBMITTED).exists()
    assert _orphans() == []


def test_made_record_verifies_and_goes_on(nation):
    before = AuditEvent.objects.count()
    head = nation.looked_at[0].accounts[0]

    Client().post(reverse("identity:sign_in"), {"username": head.username, "password": PASSWORD})
    finding = chain.verify()

    assert finding.faults == ()
    # The session began; the password was set under the policy in force, and is not judged anew.
    assert finding.events == AuditEvent.objects.count() == before + 1


def test_every_page_that_is_measured_can_be_opened(nation):
    browsers: dict[str, Client] = {}
    answers = {}
    for page in PAGES:
        for visit in page.visits(nation):
            if visit.account.username not in browsers:
                browser = browsers[visit.account.username] = Client()
                browser.post(reverse("identity:sign_in"), {"username": visit.account.username, "password": PASSWORD})
            answers[visit.path] = browsers[visit.account.username].get(visit.path).status_code

    assert {path: status for path, status in answers.items() if status != 200} == {}
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")  # No page has spoilt the transaction.
