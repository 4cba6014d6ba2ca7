"""The demonstration: what a visitor finds on record when he comes."""

from io import StringIO
from itertools import pairwise

import pytest
from django.core.management import call_command
from django.utils import timezone

from kunjae.access_requests.models import AccessRequest, RequestState
from kunjae.audit.models import AuditEvent, chain_of
from kunjae.entitlements.queries import tenure_of
from kunjae.identity.models import Subject, SubjectState
from kunjae.official_letters.models import CaseState, LetterCase
from kunjae.official_letters.policies.deciding import may_approve
from kunjae.organisations.models import LocalAuthority
from kunjae.organisations.queries import authority_by_code
from kunjae.site.demo.cast import actor_of
from kunjae.site.demo.letters import AUTHORITIES

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


def test_demo_has_letters_in_every_state_and_two_officers_who_can_approve(demo):
    states = set(LetterCase.objects.values_list("state", flat=True))

    assert states == set(CaseState)
    now = timezone.now()
    waiting = LetterCase.objects.filter(state=CaseState.VERIFIED).select_related("authority", "recipient")
    approvers = {
        username
        for username in ("dla.orathai", "dla.siriporn")
        for case in waiting
        if may_approve(actor_of(Subject.objects.get(username=username)), case, at=now)
    }
    assert approvers == {"dla.orathai", "dla.siriporn"}


def test_demo_letters_keep_every_record_in_order_and_every_head_in_place(demo):
    for authority in LocalAuthority.objects.filter(code__in=[code for code, _ in AUTHORITIES.values()]):
        told = AuditEvent.objects.filter(chain=chain_of(authority.pk)).order_by("sequence").values_list("at", flat=True)
        assert list(told) == sorted(told), authority
    now = timezone.now()
    for code in (RAWAI, "5830104"):
        assert tenure_of(authority_by_code(code).pk, at=now) is not None
    assert tenure_of(authority_by_code("6830203").pk, at=now) is None
