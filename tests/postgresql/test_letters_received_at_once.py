"""Many hands at one letter before it is verified: one receipt wins, tries are counted, objections add up (T-10)."""

import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from kunjae.audit import chain
from kunjae.core.actor import visitor
from kunjae.core.verdict import Denied
from kunjae.official_letters import queries
from kunjae.official_letters.content import LetterContent, content_of
from kunjae.official_letters.models import CaseState, ContactProof, LetterCase, Objection, ProofChannel
from kunjae.official_letters.operations import objecting, proving, receiving
from tests import factories
from tests.factories import TOLD_AT, actor_of, secrets_sent

pytestmark = pytest.mark.django_db(transaction=True)

THREADS = 8


def at_once(act, *, threads: int = THREADS) -> Counter:
    """Run the act in threads that begin together; count what each came to: "done", or why it was refused."""
    gate = threading.Barrier(threads)

    def run(number: int) -> str:
        try:
            gate.wait(timeout=30)
            act(number)
        except Denied as denied:
            return denied.reason
        finally:
            connection.close()
        return "done"

    with ThreadPoolExecutor(threads) as pool:
        return Counter(pool.map(run, range(threads)))


@pytest.fixture
def desk():
    return factories.a_letter_desk()


@pytest.mark.parametrize("is_vacant", [False, True])
def test_receipts_at_once_make_one_case(desk, is_vacant):
    authority = (
        factories.contacts_of_record(factories.a_local_authority("กะรน", stem="karon"))
        if is_vacant
        else factories.a_town_with_contacts().authority
    )
    officers = [desk.verifier, desk.approver, desk.third]

    def act(number: int) -> None:
        factories.a_letter(authority, officers[number % 3])

    assert at_once(act) == {"done": 1, "letter_is_at_work": THREADS - 1}
    assert LetterCase.objects.get().case == "10001/2570"
    assert len(queries.notices_of(LetterCase.objects.get())) == 3 + (not is_vacant)
    assert chain.verify().faults == ()


def test_receipts_of_one_letter_at_once_name_the_case_that_won(desk):
    authority = factories.a_town_with_contacts().authority

    def act(_: int) -> None:
        factories.a_letter(authority, desk.verifier, number="ภก 52001/77")

    assert at_once(act) == {"done": 1, "letter_number_is_used": THREADS - 1}


def test_receipts_of_many_authorities_at_once_are_numbered_without_a_gap(desk):
    authorities = [factories.a_local_authority(f"ตำบล{'กขคงจฉชซ'[number]}") for number in range(THREADS)]

    def act(number: int) -> None:
        factories.a_letter(authorities[number], desk.verifier)

    assert at_once(act) == {"done": THREADS}
    assert sorted(LetterCase.objects.values_list("case", flat=True)) == [
        f"{10001 + number}/2570" for number in range(THREADS)
    ]


def test_corrections_at_once_one_wins(desk):
    case = factories.a_letter(factories.a_town_with_contacts().authority, desk.verifier)
    said = content_of(case).as_columns()

    def act(number: int) -> None:
        receiving.correct(
            actor=actor_of(desk.verifier),
            public_id=case.public_id,
            content=LetterContent(**said | {"email": f"r{number}@example.go.th"}),
            version=1,
            at=TOLD_AT,
        )

    assert at_once(act) == {"done": 1, "letter_changed": THREADS - 1}
    assert len(queries.notices_of(LetterCase.objects.get())) == 4


def test_wrong_codes_at_once_are_counted_one_by_one(desk):
    case = factories.a_letter(factories.a_town_with_contacts().authority, desk.verifier)
    proving.send_proofs(actor=actor_of(desk.verifier), public_id=case.public_id, at=TOLD_AT)
    link = secrets_sent(case.email)["link_secret"]

    def act(_: int) -> None:
        proving.prove_by_code(
            actor=visitor("letter"), link_secret=link, channel=ProofChannel.MOBILE, code="12", at=TOLD_AT
        )

    assert at_once(act) == {"proof_code_wrong": 5, "proof_ended": THREADS - 5}
    assert ContactProof.objects.get(channel=ProofChannel.MOBILE).tries_count == 5


def test_objections_at_once_freeze_one_letter(desk):
    case = factories.a_letter(factories.a_town_with_contacts().authority, desk.verifier)
    links = list(factories.objection_secrets(case).values())

    def act(number: int) -> None:
        objecting.object_by_notice(
            actor=visitor("objection"), secret=links[number % len(links)], name="", text="", at=TOLD_AT
        )

    assert at_once(act) == {"done": THREADS}
    assert Objection.objects.count() == len(links)
    assert LetterCase.objects.get().state == CaseState.FROZEN
    assert chain.verify().faults == ()


def test_objection_and_receipt_of_the_true_letter_at_once(desk):
    authority = factories.a_town_with_contacts().authority
    case = factories.a_letter(authority, desk.verifier)
    secret = next(iter(factories.objection_secrets(case).values()))

    def act(number: int) -> None:
        if number % 2:
            objecting.object_by_notice(actor=visitor("objection"), secret=secret, name="", text="", at=TOLD_AT)
        else:
            factories.a_letter(authority, desk.approver)

    outcome = at_once(act)

    assert set(outcome) <= {"done", "letter_is_at_work"}
    assert LetterCase.objects.get(pk=case.pk).state == CaseState.FROZEN
    assert LetterCase.objects.filter(state=CaseState.RECEIVED).count() <= 1
