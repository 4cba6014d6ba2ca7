"""The demonstration: what a visitor finds on record when he comes."""

from io import StringIO
from itertools import pairwise

import pytest
from django.core.management import call_command

from kunjae.access_requests.models import AccessRequest, RequestState
from kunjae.audit.models import AuditEvent, chain_of
from kunjae.identity.models import Subject, SubjectState
from kunjae.organisations.queries import authority_by_code

pytestmark = pytest.mark.django_db

RAWAI = "5830107"


@pytest.fixture
def demo(settings) -> None:
    """An empty database, filled with the demonstration."""
    settings.KUNJAE_MESSAGE_TRANSPORT = "mailbox"
    call_command("seed_demo", stdout=StringIO())


def test_demo_is_on_record_in_the_order_of_its_days(demo):
    for chain in (chain_of(authority_by_code(RAWAI).pk), chain_of(None)):
        told = list(AuditEvent.objects.filter(chain=chain).order_by("sequence").values_list("at", "name"))

        late = [(before, after) for before, after in pairwise(told) if before[0] > after[0]]
        assert len(told) > 5
        assert not late


def test_demo_leaves_requests_to_decide_and_an_account_to_activate(demo):
    waiting = AccessRequest.objects.filter(state=RequestState.SUBMITTED)

    assert {request.applicant.given_name for request in waiting} == {"ญาณิศา", "วีรภัทร"}
    assert Subject.objects.get(username="rawai015").state == SubjectState.PENDING
