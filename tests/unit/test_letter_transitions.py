"""The table of a letter's states, and that no sequence of the desk's acts and objections leaves it."""

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kunjae.core.actor import visitor
from kunjae.core.verdict import Denied
from kunjae.entitlements.models import Tenure
from kunjae.identity.models import Subject, SubjectState
from kunjae.official_letters.content import content_of
from kunjae.official_letters.models import TRANSITIONS, CaseState, LetterCase
from kunjae.official_letters.operations import deciding, objecting, receiving
from kunjae.official_letters.queries import hands_on, open_objections
from tests import factories
from tests.factories import HOLD_OVER, LetterDesk, Town, actor_of

ENDS = {CaseState.ISSUED, CaseState.RETURNED, CaseState.REFUSED}
AT_WORK = {CaseState.RECEIVED, CaseState.VERIFIED}
ACTS = ("verify", "approve", "return", "refuse", "correct", "object", "uphold", "dismiss")
ROLES = ("verifier", "approver", "third", "stranger")

steps = st.tuples(st.sampled_from(ACTS), st.sampled_from(ROLES), st.booleans())


def test_table_names_every_state_and_ends_stay_ends():
    assert set(TRANSITIONS) == set(CaseState)
    assert {state for state, after in TRANSITIONS.items() if not after} == ENDS


def test_table_leads_to_an_issue_from_verified_alone_and_never_from_a_frozen_letter():
    assert {state for state, after in TRANSITIONS.items() if CaseState.ISSUED in after} == {CaseState.VERIFIED}
    assert TRANSITIONS[CaseState.FROZEN] == {CaseState.RECEIVED, CaseState.REFUSED}
    assert all(CaseState.FROZEN in TRANSITIONS[state] for state in AT_WORK)


@given(st.lists(st.sampled_from(list(CaseState)), min_size=1, max_size=10))
def test_table_leads_from_a_receipt_to_one_end_at_most(wanted):
    state, ends_met = CaseState.RECEIVED, 0
    for step in wanted:
        if step in TRANSITIONS[state]:
            state = step
            ends_met += state in ENDS

    assert ends_met <= 1


@pytest.fixture
def town() -> Town:
    return factories.a_town_with_contacts()


@pytest.fixture
def desk() -> LetterDesk:
    return factories.a_letter_desk()


def may_lead(act: str, role: str, officer: Subject, case: LetterCase, *, is_stale: bool) -> set[CaseState]:
    """The states to which the act may lead; none where it must be refused."""
    state = CaseState(case.state)
    had_hands_in_it = officer.person_id in hands_on(case)
    if role == "stranger":
        return {CaseState.FROZEN} if act == "object" and state in AT_WORK else {state} if act == "object" else set()
    if act == "object":
        return {CaseState.FROZEN} if state in AT_WORK else {state}
    if act in {"uphold", "dismiss"}:
        if had_hands_in_it or not open_objections(case):
            return set()
        if state != CaseState.FROZEN:
            return {state}
        return {CaseState.REFUSED} if act == "uphold" else {CaseState.FROZEN, CaseState.RECEIVED}
    if is_stale:
        return set()
    if act == "verify":
        return {CaseState.VERIFIED} if state == CaseState.RECEIVED else set()
    if act == "approve":
        is_his_own = officer.person_id == case.verified_by_id
        return {CaseState.ISSUED} if state == CaseState.VERIFIED and not is_his_own else set()
    if state not in AT_WORK:
        return set()
    return {{"return": CaseState.RETURNED, "refuse": CaseState.REFUSED, "correct": CaseState.RECEIVED}[act]}


def perform(act: str, officer: Subject, case: LetterCase, *, version: int) -> None:
    at = HOLD_OVER
    about = {"actor": actor_of(officer), "public_id": case.public_id, "version": version, "at": at}
    if act == "verify":
        case.version = version
        factories.verify_letter(case, officer)
    elif act == "approve":
        deciding.approve(user_id="rawai.head2", **about)
    elif act == "return":
        deciding.return_for_correction(note="ไม่ครบ", **about)
    elif act == "refuse":
        deciding.refuse(note="ไม่จริง", **about)
    elif act == "correct":
        said = content_of(case).as_columns()
        other = "076381235" if said["office_phone"] != "076381235" else "076381236"
        receiving.correct(content=factories.LetterContent(**said | {"office_phone": other}), **about)
    elif act in {"uphold", "dismiss"}:
        objections = open_objections(case)
        if not objections:
            raise Denied("nothing_to_resolve")
        objecting.resolve(
            actor=actor_of(officer),
            objection_id=objections[0].pk,
            upheld=act == "uphold",
            resolution="ตรวจสอบแล้ว",
            at=at.replace(minute=30),
        )


def object_to(links: dict[str, str]) -> None:
    """Object by the next notice that was not used yet."""
    if not links:
        raise Denied("no_notice_left")
    _, secret = links.popitem()
    objecting.object_by_notice(actor=visitor("objection"), secret=secret, name="", text="", at=HOLD_OVER)


@pytest.mark.slow
@pytest.mark.django_db
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(steps, min_size=1, max_size=7))
def test_no_sequence_of_acts_leaves_the_table(town, desk, sequence):
    officers = {
        "verifier": desk.verifier, "approver": desk.approver, "third": desk.third, "stranger": town.officer,
    }  # fmt: skip
    with transaction.atomic():
        case = factories.a_letter(town.authority, desk.verifier)
        links = factories.objection_secrets(case)
        for act, role, is_stale in sequence:
            case = LetterCase.objects.get(pk=case.pk)
            before = CaseState(case.state)
            aims = may_lead(act, role, officers[role], case, is_stale=is_stale)
            try:
                if act == "object":
                    object_to(links)
                else:
                    perform(act, officers[role], case, version=case.version - is_stale)
            except Denied:
                assert CaseState(LetterCase.objects.get(pk=case.pk).state) == before
            else:
                after = CaseState(LetterCase.objects.get(pk=case.pk).state)
                assert after in aims, (act, role, before, after)
                assert after == before or after in TRANSITIONS[before]
            case = LetterCase.objects.get(pk=case.pk)
            nothing_was_issued_against_an_objection(case, town)
        transaction.set_rollback(True)


def nothing_was_issued_against_an_objection(case: LetterCase, town: Town) -> None:
    """Whatever was done: keys are out only by an issue, and not in use while somebody objects (T-01)."""
    subject = Subject.objects.filter(username="rawai.head2").first()
    assert (subject is not None) == (case.state == CaseState.ISSUED)
    assert Tenure.objects.filter(authority=town.authority, until_at=None).count() <= 1
    if open_objections(case):
        assert case.state in {CaseState.FROZEN, CaseState.ISSUED}
        assert subject is None or subject.state == SubjectState.SUSPENDED
