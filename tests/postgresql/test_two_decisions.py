"""Many hands at one request: one decision wins, the others are told, and nothing happens twice (T-10, F9)."""

import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from kunjae.access_requests import operations as form_2
from kunjae.access_requests.models import AccessRequest, CredentialWish, GrantedGroup, RequestState
from kunjae.access_requests.operations import writing
from kunjae.audit import chain
from kunjae.audit.models import AuditEvent
from kunjae.core.verdict import Denied
from kunjae.entitlements.models import Grant
from kunjae.identity.models import Activation, Subject
from kunjae.identity.operations import accounts
from kunjae.messaging.models import Message
from kunjae.revocation import operations as revocation
from tests import factories
from tests.factories import NOW, actor_of, content

pytestmark = pytest.mark.django_db(transaction=True)

THREADS = 10


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
def town():
    return factories.a_town()


def approval(**others) -> form_2.Opinion:
    return form_2.Opinion(**{"version": 1, "approve": True, "group_codes": ("finance_officer",), **others})


def test_decisions_at_once_one_wins_and_the_others_are_told(town):
    request = factories.a_request(town)
    refusal = form_2.Opinion(version=1, approve=False, refusal_reason="ไม่ตรงกับหน้าที่")

    def act(number: int) -> None:
        form_2.decide(
            actor=actor_of(town.head),
            request_public_id=request.public_id,
            opinion=approval() if number % 2 else refusal,
            at=NOW,
        )

    assert at_once(act) == {"done": 1, "already_decided": THREADS - 1}
    request.refresh_from_db()
    approved = request.state == RequestState.APPROVED
    assert Grant.objects.count() == GrantedGroup.objects.count() == int(approved)
    names = ["access_request.approved", "access_request.refused"]
    assert AuditEvent.objects.filter(name__in=names).count() == 1
    assert Message.objects.filter(kind__in=["request_approved", "request_refused"]).count() == 1
    assert chain.verify().faults == ()


def test_approvals_at_once_open_one_account_with_one_activation(town):
    request = factories.a_request(town, wish=CredentialWish.NEW_USER)

    def act(number: int) -> None:
        form_2.decide(
            actor=actor_of(town.head),
            request_public_id=request.public_id,
            opinion=approval(username=f"rawai.{number:03d}"),
            at=NOW,
        )

    assert at_once(act) == {"done": 1, "already_decided": THREADS - 1}
    assert Subject.objects.filter(person=request.applicant).count() == 1
    assert Activation.objects.filter(subject__person=request.applicant).count() == 1


def test_approvals_at_once_in_two_authorities_open_one_account_for_one_mailbox(town):
    towns = [town, factories.a_town("กะรน", "karon")]
    addresses = ["newcomer@example.go.th", "Newcomer+kunjae@example.go.th"]
    requests = [
        factories.a_request(each, wish=CredentialWish.NEW_USER, email=address)
        for each, address in zip(towns, addresses, strict=True)
    ]

    def act(number: int) -> None:
        form_2.decide(
            actor=actor_of(towns[number].head),
            request_public_id=requests[number].public_id,
            opinion=approval(username=f"new.comer.{number}x"),
            at=NOW,
        )

    for turn in range(2):
        outcomes = at_once(act, threads=2)
        assert outcomes == (
            {"done": 1, "contact_is_anothers": 1} if not turn else {"already_decided": 1, "contact_is_anothers": 1}
        )
    assert Subject.objects.filter(mailbox_key="newcomer@example.go.th").count() == 1
    assert chain.verify().faults == ()


def test_approvals_at_once_give_one_user_id_once(town):
    towns = [town, factories.a_town("กะรน", "karon")]
    requests = [
        factories.a_request(each, wish=CredentialWish.NEW_USER, email=f"newcomer{number}@example.go.th")
        for number, each in enumerate(towns)
    ]

    def act(number: int) -> None:
        form_2.decide(
            actor=actor_of(towns[number].head),
            request_public_id=requests[number].public_id,
            opinion=approval(username="new.comer"),
            at=NOW,
        )

    assert at_once(act, threads=2) == {"done": 1, "user_id_taken": 1}


def test_decision_and_withdrawal_at_once_one_wins(town):
    request = factories.a_request(town)

    def act(number: int) -> None:
        if number % 2:
            form_2.withdraw(actor=actor_of(town.officer), request_public_id=request.public_id, at=NOW)
        else:
            form_2.decide(actor=actor_of(town.head), request_public_id=request.public_id, opinion=approval(), at=NOW)

    outcomes = at_once(act)

    assert outcomes["done"] == 1
    assert outcomes.keys() <= {"done", "already_decided", "not_waiting"}
    request.refresh_from_db()
    assert Grant.objects.exists() == (request.state == RequestState.APPROVED)


def test_decision_and_correction_at_once_never_decide_what_was_not_read(town):
    request = factories.a_request(town)

    def act(number: int) -> None:
        if number:
            form_2.correct(
                actor=actor_of(town.officer),
                request_public_id=request.public_id,
                content=content(groups=("budget_officer",)),
                version=1,
                at=NOW,
            )
        else:
            form_2.decide(actor=actor_of(town.head), request_public_id=request.public_id, opinion=approval(), at=NOW)

    outcomes = at_once(act, threads=2)

    request.refresh_from_db()
    assert outcomes["done"] == 1
    assert (request.state, request.version) in {(RequestState.APPROVED, 1), (RequestState.SUBMITTED, 2)}
    assert outcomes.keys() <= {"done", "already_decided", "changed_since_shown"}


def test_drafts_at_once_are_one_draft(town):
    def act(number: int) -> None:
        form_2.draft(actor=actor_of(town.officer), authority=town.authority, content=content(), at=NOW)

    assert at_once(act) == {"done": THREADS}
    assert AccessRequest.objects.count() == 1


def test_submissions_at_once_take_one_number(town):
    draft = factories.a_request(town, submitted=False)

    def act(number: int) -> None:
        form_2.submit(actor=actor_of(town.officer), request_public_id=draft.public_id, at=NOW)

    assert at_once(act) == {"done": 1, "not_draft": THREADS - 1}
    draft.refresh_from_db()
    assert draft.case == "0001/2570"
    assert Message.objects.filter(kind="request_waits").count() == 1


def test_submissions_of_many_officers_at_once_take_numbers_without_a_gap(town):
    officers = [
        factories.an_account(factories.a_person(f"เจ้าหน้าที่{'กขคงจฉชซฌญ'[number]}"), town.authority)
        for number in range(THREADS)
    ]
    drafts = [
        form_2.draft(actor=actor_of(officer), authority=town.authority, content=content(), at=NOW)
        for officer in officers
    ]

    def act(number: int) -> None:
        form_2.submit(actor=actor_of(officers[number]), request_public_id=drafts[number].public_id, at=NOW)

    assert at_once(act) == {"done": THREADS}
    cases = sorted(AccessRequest.objects.values_list("case", flat=True))
    assert cases == [f"{number:04d}/2570" for number in range(1, THREADS + 1)]
    assert chain.verify().faults == ()


def test_invitations_from_one_page_at_once_are_one_invitation(town):
    def act(number: int) -> None:
        form_2.invite(
            actor=actor_of(town.head),
            authority=town.authority,
            title="นาย",
            given_name="วีรภัทร",
            family_name="แซ่ลิ้ม",
            email="newcomer@example.go.th",
            public_id="bcdfghjkmnpq",
            at=NOW,
        )

    assert at_once(act) == {"done": 1, "sent_already": THREADS - 1}
    assert Message.objects.filter(kind="invitation").count() == 1


def test_a_request_about_a_lost_password_and_a_suspension_at_once_are_both_done(town, monkeypatch):
    lost = content(wish=CredentialWish.CANNOT_ENTER, groups=(), cannot_enter_reason="สูญหาย", secret_may_be_known=True)
    draft = form_2.draft(actor=actor_of(town.officer), authority=town.authority, content=lost, at=NOW)
    gate, waited = threading.Barrier(2), set()

    def in_step(act):
        def after_the_other(*arguments, **options):
            if (me := threading.get_ident()) not in waited:
                waited.add(me)
                gate.wait(timeout=30)  # here each holds what he locks first
            return act(*arguments, **options)

        return after_the_other

    monkeypatch.setattr(writing, "next_case", in_step(writing.next_case))
    monkeypatch.setattr(accounts, "end_activations", in_step(accounts.end_activations))

    def act(number: int) -> None:
        if number:
            form_2.submit(actor=actor_of(town.officer), request_public_id=draft.public_id, at=NOW)
        else:
            revocation.suspend(
                actor=actor_of(town.head), subject_public_id=town.officer.public_id, reason="รหัสผ่านหาย", at=NOW
            )

    assert at_once(act, threads=2) == {"done": 2}
