"""Many hands at one letter: one approval wins, one tenure opens, and nothing is issued after a freeze (T-10)."""

import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection

from kunjae.audit import chain
from kunjae.audit.models import AuditEvent
from kunjae.core.actor import system, visitor
from kunjae.core.verdict import Denied
from kunjae.documents.models import IssuedDocument
from kunjae.entitlements import operations as entitlements
from kunjae.entitlements.models import Basis, Grant, Tenure
from kunjae.identity.models import Activation, Subject, SubjectState
from kunjae.messaging.models import Message
from kunjae.official_letters.models import CaseState, LetterCase, NoticeParty
from kunjae.official_letters.operations import deciding, following, objecting, receiving
from kunjae.revocation import operations as revocation
from tests import factories
from tests.factories import HOLD_OVER, LetterDesk, Town, a_letter, a_letter_in, actor_of, letter_content, verify_letter

pytestmark = pytest.mark.django_db(transaction=True)

THREADS = 10
APPROVALS = 50


def at_once(act, *, runs: int = THREADS, threads: int = THREADS) -> Counter:
    """Run the act so many times, in threads that begin together; count what each came to."""
    gate = threading.Barrier(threads)

    def run(number: int) -> str:
        try:
            if number < threads:
                gate.wait(timeout=30)
            act(number)
        except Denied as denied:
            return denied.reason
        finally:
            connection.close()
        return "done"

    with ThreadPoolExecutor(threads) as pool:
        return Counter(pool.map(run, range(runs)))


@pytest.fixture
def town() -> Town:
    return factories.a_town_with_contacts()


@pytest.fixture
def desk() -> LetterDesk:
    return factories.a_letter_desk()


def approve(case: LetterCase, officer: Subject, number: int = 0) -> None:
    deciding.approve(
        actor=actor_of(officer), public_id=case.public_id, version=case.version, user_id=f"rawai.n{number:03d}",
        at=HOLD_OVER,
    )  # fmt: skip


def test_fifty_approvals_at_once_are_one_issue(town, desk):
    case = a_letter_in(CaseState.VERIFIED, town, desk)

    outcomes = at_once(
        lambda number: approve(case, (desk.approver, desk.third)[number % 2], number), runs=APPROVALS, threads=25
    )

    assert outcomes == {"done": 1, "letter_already_decided": APPROVALS - 1}
    assert Tenure.objects.filter(until_at=None).count() == 1
    assert Tenure.objects.count() == 2
    assert AuditEvent.objects.filter(name="letter.issued").count() == 1
    assert AuditEvent.objects.filter(name="tenure.opened").count() == 2
    assert Activation.objects.filter(case=case.case).count() == 1
    assert Subject.objects.filter(username__startswith="rawai.n").count() == 1
    assert Message.objects.filter(kind="letter_issued").count() == 3
    assert IssuedDocument.objects.count() == 1
    assert chain.verify().faults == ()


def test_approval_refusal_and_return_at_once_one_wins(town, desk):
    case = a_letter_in(CaseState.VERIFIED, town, desk)

    def act(number: int) -> None:
        if number % 3 == 0:
            approve(case, desk.approver, number)
            return
        send_back = deciding.refuse if number % 3 == 1 else deciding.return_for_correction
        send_back(
            actor=actor_of(desk.third), public_id=case.public_id, version=case.version, note="ไม่ครบ", at=HOLD_OVER
        )

    assert at_once(act) == {"done": 1, "letter_already_decided": THREADS - 1}
    case.refresh_from_db()
    assert Tenure.objects.filter(until_at=None).count() == 1
    assert (Tenure.objects.count() == 2) == (case.state == CaseState.ISSUED)


@pytest.mark.parametrize("round_", range(3))
def test_objection_and_issue_in_the_same_second_end_safely(town, desk, round_):
    case = a_letter(town.authority, desk.verifier)
    secret = factories.objection_secrets(case)[NoticeParty.PROVINCE]
    case = verify_letter(case, desk.verifier)

    def act(number: int) -> None:
        if number % 2:
            approve(case, desk.approver, number)
        else:
            objecting.object_by_notice(actor=visitor("objection"), secret=secret, name="", text="", at=HOLD_OVER)

    outcomes = at_once(act, runs=4, threads=4)

    case = LetterCase.objects.select_related("subject").get()
    assert outcomes.keys() <= {"done", "letter_is_frozen", "letter_already_decided"}
    assert case.objections.count() == 1
    if case.state == CaseState.ISSUED:
        assert case.subject.state == SubjectState.SUSPENDED
        assert not Activation.objects.filter(subject=case.subject, ended_at=None).exists()
    else:
        assert case.state == CaseState.FROZEN
        assert not Activation.objects.filter(case=case.case).exists()
        assert Tenure.objects.get().until_at is None
    assert chain.verify().faults == ()


@pytest.mark.parametrize("round_", range(2))
def test_a_false_head_who_gives_while_he_is_objected_to_and_taken_back_leaves_nothing(town, desk, round_):
    """He gives, somebody objects and a third upholds, a fourth puts him back; in whatever order, nothing stays."""
    case = a_letter(town.authority, desk.verifier)
    secret = factories.objection_secrets(case)[NoticeParty.PROVINCE]
    case = verify_letter(case, desk.verifier)
    approve(case, desk.approver)
    false = factories.activate(LetterCase.objects.select_related("subject").get().subject, at=HOLD_OVER)
    groups = ["finance_officer", "accounting_officer", "revenue_officer", "budget_officer"]
    at = HOLD_OVER + timedelta(hours=1)

    def act(number: int) -> None:
        if number == 0:
            objection = objecting.object_by_notice(actor=visitor("objection"), secret=secret, name="", text="", at=at)
            objecting.resolve(
                actor=actor_of(desk.third), objection_id=objection.pk, upheld=True, resolution="ปลอม", at=at
            )
        elif number == 1:
            revocation.resume(actor=actor_of(desk.approver), subject_public_id=false.public_id, at=at)
        else:
            entitlements.grant(
                actor=actor_of(false),
                subject=town.officer,
                authority=town.authority,
                group_code=groups[number - 2],
                basis=Basis.POSITION,
                position_th="นักวิชาการเงินและบัญชีปฏิบัติการ",
                at=at,
            )

    outcomes = at_once(act, runs=6, threads=6)

    assert outcomes["done"] >= 1
    assert not Grant.objects.filter(granted_by=false.person, ended_at=None).exists()
    assert not Tenure.objects.filter(until_at=None).exists()
    assert chain.verify().faults == ()


def test_correction_and_approval_at_once_never_issue_what_was_not_read(town, desk):
    case = a_letter_in(CaseState.VERIFIED, town, desk)

    def act(number: int) -> None:
        if number:
            receiving.correct(
                actor=actor_of(desk.verifier),
                public_id=case.public_id,
                content=letter_content(email="other@attacker.example"),
                version=case.version,
                at=HOLD_OVER,
            )
        else:
            approve(case, desk.approver)

    at_once(act, runs=2, threads=2)

    case.refresh_from_db()
    assert (case.state, case.version) in {(CaseState.ISSUED, 1), (CaseState.RECEIVED, 2)}
    assert not Message.objects.filter(kind="activation", to_address="other@attacker.example").exists()


def test_approvals_of_first_heads_of_many_authorities_do_not_wait_for_each_other(desk):
    factories.the_catalogue()
    cases = []
    for number in range(5):
        authority = factories.contacts_of_record(factories.a_local_authority(f"ตำบล{'กขคงจ'[number]}", stem="tambon"))
        content = factories.letter_of_a_new_authority(
            recipient_given_name=f"หัวหน้า{'กขคงจ'[number]}",
            email=f"head{number}@example.go.th",
            mobile=f"089123456{number}",
        )
        cases.append(verify_letter(a_letter(authority, desk.verifier, content), desk.verifier))

    outcomes = at_once(lambda number: approve(cases[number % 5], desk.approver, number))

    assert outcomes == {"done": 5, "letter_already_decided": 5}
    assert Tenure.objects.filter(until_at=None).count() == 5
    assert chain.verify().faults == ()


def test_activation_is_announced_once_by_many_workers(town, desk):
    case = a_letter_in(CaseState.ISSUED, town, desk)
    factories.activate(case.subject, at=HOLD_OVER)
    later = HOLD_OVER + timedelta(minutes=1)

    at_once(lambda number: following.follow_up(actor=system("follow-up"), at=later))

    assert Message.objects.filter(kind="letter_activated").count() == 3
    assert AuditEvent.objects.filter(name="letter.activation_announced").count() == 1


def test_reissues_at_once_leave_one_open_activation(town, desk):
    case = a_letter_in(CaseState.ISSUED, town, desk)

    at_once(lambda number: following.reissue(actor=actor_of(desk.third), public_id=case.public_id, at=HOLD_OVER))

    assert Activation.objects.filter(subject=case.subject, used_at=None, ended_at=None).count() == 1
