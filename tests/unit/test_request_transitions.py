"""The table of a request's states, and that no sequence of operations leaves it."""

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kunjae.access_requests import operations as form_2
from kunjae.access_requests.models import TRANSITIONS, AccessRequest, RequestState
from kunjae.core.verdict import Denied
from tests import factories
from tests.factories import NOW, Town, actor_of, content

ENDS = {RequestState.WITHDRAWN, RequestState.APPROVED, RequestState.REFUSED, RequestState.SELF_SERVED}
ACTS = ("submit", "correct", "withdraw", "approve", "refuse")
ROLES = ("officer", "head", "stranger")

steps = st.tuples(st.sampled_from(ACTS), st.sampled_from(ROLES), st.booleans())


def test_table_names_every_state_and_ends_stay_ends():
    assert set(TRANSITIONS) == set(RequestState)
    assert {state for state, after in TRANSITIONS.items() if not after} == ENDS


@given(st.lists(st.sampled_from(list(RequestState)), min_size=1, max_size=8))
def test_table_leads_from_a_draft_to_one_end_at_most(wanted):
    state, ends_met = RequestState.DRAFT, 0
    for step in wanted:
        if step in TRANSITIONS[state]:
            state = step
            ends_met += state in ENDS

    assert ends_met <= 1
    assert RequestState.DRAFT not in set().union(*TRANSITIONS.values())


@pytest.fixture
def town() -> Town:
    return factories.a_town()


@pytest.fixture
def stranger():
    return factories.a_town("กะรน", stem="karon").head


def expected(act: str, role: str, request: AccessRequest, *, is_stale: bool) -> RequestState | None:
    """The state to which the act leads, or None where it must be refused."""
    state = RequestState(request.state)
    if act == "submit":
        return RequestState.SUBMITTED if (role, state) == ("officer", RequestState.DRAFT) else None
    if act in {"correct", "withdraw"}:
        if role != "officer" or state in ENDS or (act == "correct" and is_stale):
            return None
        return RequestState.WITHDRAWN if act == "withdraw" else state
    if role != "head" or state != RequestState.SUBMITTED or is_stale:
        return None
    return RequestState.APPROVED if act == "approve" else RequestState.REFUSED


def perform(act: str, actor, request: AccessRequest, *, version: int) -> None:
    about = {"actor": actor, "request_public_id": request.public_id, "at": NOW}
    if act == "submit":
        form_2.submit(**about)
    elif act == "correct":
        other = "budget_officer" if request.version % 2 else "finance_officer"
        form_2.correct(**about, content=content(groups=(other,)), version=version)
    elif act == "withdraw":
        form_2.withdraw(**about)
    else:
        opinion = form_2.Opinion(
            version=version, approve=act == "approve", group_codes=("finance_officer",), refusal_reason="ไม่ตรงหน้าที่"
        )
        form_2.decide(**about, opinion=opinion)


@pytest.mark.slow
@pytest.mark.django_db
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(steps, min_size=1, max_size=7))
def test_no_sequence_of_operations_leaves_the_table(town, stranger, sequence):
    actors = {"officer": actor_of(town.officer), "head": actor_of(town.head), "stranger": actor_of(stranger)}
    with transaction.atomic():
        request = factories.a_request(town, submitted=False)
        for act, role, is_stale in sequence:
            before = AccessRequest.objects.values().get(pk=request.pk)
            request.refresh_from_db()
            aim = expected(act, role, request, is_stale=is_stale)
            try:
                perform(act, actors[role], request, version=request.version - is_stale)
            except Denied:
                assert aim is None, (act, role, before["state"])
                assert AccessRequest.objects.values().get(pk=request.pk) == before
            else:
                after = RequestState(AccessRequest.objects.get(pk=request.pk).state)
                assert after == aim, (act, role, before["state"])
                assert after == before["state"] or after in TRANSITIONS[RequestState(before["state"])]
        transaction.set_rollback(True)
