"""Whoever is told of a letter can stop it at once, in every state, also after the issue (T-01)."""

from datetime import timedelta

import pytest
from django.urls import reverse

from kunjae.audit import chain
from kunjae.audit.change import state_change
from kunjae.audit.models import AuditEvent
from kunjae.core.actor import visitor
from kunjae.core.verdict import Denied
from kunjae.documents.models import DocumentKind, IssuedDocument
from kunjae.entitlements.models import Tenure
from kunjae.identity import operations as identity
from kunjae.identity.models import Activation, Session, Subject, SubjectState
from kunjae.messaging import operations as messaging
from kunjae.messaging.models import Message
from kunjae.official_letters import queries
from kunjae.official_letters.models import (
    CaseState,
    LetterCase,
    NoticeParty,
    Objection,
    ProofChannel,
    VerifiedPoint,
)
from kunjae.official_letters.operations import deciding, objecting, proving, receiving, verifying
from kunjae.official_letters.policies.objecting import may_resolve
from tests import factories
from tests.factories import HOLD_OVER, RECEIVED_AT, TOLD_AT, actor_of, letter_content, secrets_sent

pytestmark = pytest.mark.django_db

ANYBODY = visitor("objection", address="203.0.113.7")
SAID = {"name": "นางสมหมาย ใจดี", "text": "เทศบาลไม่ได้ออกหนังสือฉบับนี้"}
WHY = "โทรสอบถามปลัดเทศบาลแล้ว"


@pytest.fixture
def town():
    return factories.a_town_with_contacts()


@pytest.fixture
def desk():
    return factories.a_letter_desk()


@pytest.fixture
def case(town, desk):
    return factories.a_letter(town.authority, desk.verifier)


def fresh(case: LetterCase) -> LetterCase:
    return LetterCase.objects.get(pk=case.pk)


def refusal(act, **arguments) -> str:
    with pytest.raises(Denied) as denied:
        act(**arguments)
    return denied.value.reason


def object_by(secret: str, *, at=TOLD_AT, actor=ANYBODY) -> Objection:
    return objecting.object_by_notice(actor=actor, secret=secret, at=at, **SAID)


def object_at_desk(case: LetterCase, officer: Subject, *, at=TOLD_AT, **said) -> Objection:
    return objecting.object_by_desk(actor=actor_of(officer), public_id=case.public_id, at=at, **SAID | said)


def resolve(objection: Objection, officer: Subject, *, upheld: bool, resolution: str = WHY, at=HOLD_OVER) -> Objection:
    return objecting.resolve(
        actor=actor_of(officer), objection_id=objection.pk, upheld=upheld, resolution=resolution, at=at
    )


def an_issued_letter(town, desk) -> tuple[LetterCase, dict[str, str]]:
    """A letter that was issued, with the links of objection that had gone out before."""
    case = factories.a_letter(town.authority, desk.verifier)
    links = factories.objection_secrets(case)
    case = factories.verify_letter(case, desk.verifier)
    return factories.approve_letter(case, desk.approver, user_id="rawai.head2"), links


# --- The forged letter ------------------------------------------------------------------------------------------


def test_a_perfect_forgery_with_a_new_address_obtains_nothing_before_a_party_can_object(town, desk):
    """T-01: whoever forges everything, and answers both addresses himself, waits a day in the sight of four."""
    case = factories.a_letter(town.authority, desk.verifier)
    links = factories.objection_secrets(case)
    assert {notice.party for notice in queries.notices_of(case)} == set(NoticeParty) - {NoticeParty.FORMER}
    case = factories.verify_letter(case, desk.verifier)
    for at in (TOLD_AT, TOLD_AT + timedelta(hours=12), HOLD_OVER - timedelta(seconds=1)):
        with pytest.raises(Denied):
            factories.approve_letter(case, desk.approver, user_id="rawai.head2", at=at)

    object_by(links[NoticeParty.PRESENT_HEAD], at=HOLD_OVER - timedelta(seconds=1))

    with pytest.raises(Denied):
        factories.approve_letter(case, desk.approver, user_id="rawai.head2", at=HOLD_OVER)
    assert fresh(case).state == CaseState.FROZEN
    assert Tenure.objects.get(authority=town.authority, until_at=None) == town.tenure
    assert not Subject.objects.filter(username="rawai.head2").exists()


@pytest.mark.parametrize("party", [NoticeParty.CENTRAL, NoticeParty.PRESENT_HEAD, NoticeParty.PROVINCE])
def test_each_party_freezes_the_letter(case, party):
    objection = object_by(factories.objection_secrets(case)[party])

    assert objection.notice.party == party
    assert (objection.objector_name, objection.text) == (SAID["name"], SAID["text"])
    assert fresh(case).state == CaseState.FROZEN
    assert queries.open_objections(case) == [objection]


def test_link_of_objection_read_by_robots_freezes_nothing_and_then_works_for_a_person(client, case):
    secret = factories.objection_secrets(case)[NoticeParty.CENTRAL]
    page = reverse("official_letters:objection", args=[secret])
    events = AuditEvent.objects.count()
    for number in range(20):
        look = client.head if number % 2 else client.get
        assert look(page, headers={"user-agent": "facebookexternalhit/1.1;line-poker/1.0"}).status_code == 200

    assert fresh(case).state == CaseState.RECEIVED
    assert AuditEvent.objects.count() == events
    assert client.post(page, {"name": "", "text": ""}).status_code == 303
    assert fresh(case).state == CaseState.FROZEN


def test_objection_pressed_twice_is_one(case):
    secret = factories.objection_secrets(case)[NoticeParty.CENTRAL]

    assert object_by(secret) == object_by(secret)
    assert Objection.objects.count() == 1


def test_objection_with_an_unknown_link_leaves_no_event(case):
    events = AuditEvent.objects.count()

    assert refusal(object_by, secret="x" * 43) == "objection_link_unknown"
    assert AuditEvent.objects.count() == events


def test_a_frozen_letter_does_not_move(town, desk):
    case = factories.a_letter_in(CaseState.VERIFIED, town, desk)
    object_at_desk(case, desk.third)
    about = {"public_id": case.public_id, "at": HOLD_OVER}
    officer = actor_of(desk.verifier)

    for act, arguments in (
        (deciding.approve, {"actor": actor_of(desk.approver), "version": 1, "user_id": "rawai.head2"}),
        (deciding.return_for_correction, {"actor": actor_of(desk.approver), "version": 1, "note": "x"}),
        (deciding.refuse, {"actor": actor_of(desk.approver), "version": 1, "note": "x"}),
        (verifying.complete_verification, {"actor": officer, "version": 1}),
        (receiving.correct, {"actor": officer, "version": 1, "content": letter_content(email="n@example.go.th")}),
        (receiving.take, {"actor": officer}),
        (proving.send_proofs, {"actor": officer}),
    ):
        with pytest.raises(Denied):
            act(**about, **arguments)
    assert fresh(case).state == CaseState.FROZEN


def test_a_frozen_letter_keeps_the_true_one_not_out(town, desk, case):
    object_at_desk(case, desk.third)

    assert factories.a_letter(town.authority, desk.verifier).state == CaseState.RECEIVED


def test_links_of_an_earlier_version_still_freeze(desk, case):
    secret = factories.objection_secrets(case)[NoticeParty.CENTRAL]
    receiving.correct(
        actor=actor_of(desk.verifier),
        public_id=case.public_id,
        content=letter_content(email="other@example.go.th"),
        version=1,
        at=TOLD_AT,
    )

    object_by(secret)

    assert fresh(case).state == CaseState.FROZEN


def test_proofs_are_dead_while_a_letter_is_frozen(desk, case):
    proving.send_proofs(actor=actor_of(desk.verifier), public_id=case.public_id, at=TOLD_AT)
    link = secrets_sent(case.email)["link_secret"]
    object_at_desk(case, desk.third)

    assert refusal(proving.prove_by_link, actor=ANYBODY, link_secret=link, at=TOLD_AT) == "proof_ended"


def test_objection_at_the_desk_names_who_took_it_down(town, desk, case):
    assert refusal(object_at_desk, case=case, officer=town.officer) == "only_department_desk"
    assert refusal(object_at_desk, case=case, officer=desk.third, name="") == "objector_missing"
    assert refusal(object_at_desk, case=case, officer=desk.third, text="") == "objector_missing"

    assert object_at_desk(case, desk.third).taken_by == desk.third.person


@pytest.mark.parametrize("state", [CaseState.RETURNED, CaseState.REFUSED])
def test_objection_to_a_letter_that_came_to_nothing_stops_nothing(town, desk, state):
    case = factories.a_letter(town.authority, desk.verifier)
    secret = factories.objection_secrets(case)[NoticeParty.CENTRAL]
    act = deciding.return_for_correction if state == CaseState.RETURNED else deciding.refuse
    act(actor=actor_of(desk.approver), public_id=case.public_id, version=1, note="ไม่ได้แนบคำสั่ง", at=TOLD_AT)

    assert refusal(object_by, secret=secret) == "letter_came_to_nothing"
    assert refusal(object_at_desk, case=case, officer=desk.third) == "letter_came_to_nothing"


# --- After the issue --------------------------------------------------------------------------------------------


def test_objection_after_the_issue_takes_the_keys_away_at_once(town, desk):
    case, links = an_issued_letter(town, desk)
    assert Activation.objects.filter(subject=case.subject, used_at=None, ended_at=None).exists()

    object_by(links[NoticeParty.CENTRAL], at=HOLD_OVER + timedelta(minutes=1))

    subject = Subject.objects.get(pk=case.subject_id)
    assert subject.state == SubjectState.SUSPENDED
    assert not Activation.objects.filter(subject=subject, used_at=None, ended_at=None).exists()
    assert fresh(case).state == CaseState.ISSUED


def test_objection_after_the_activation_ends_the_sessions(town, desk):
    case, _ = an_issued_letter(town, desk)
    at = HOLD_OVER + timedelta(minutes=1)
    subject = factories.activate(case.subject, at=at)
    session = identity.start_session(subject=subject, session_key="k" * 40, address="127.0.0.1", device="", at=at)

    object_at_desk(case, desk.third, at=at)

    assert Session.objects.get(pk=session.pk).ended_at == at
    assert Subject.objects.get(pk=subject.pk).suspended_by == desk.third.person


def test_objection_by_the_new_head_himself_suspends_all_the_same(town, desk):
    case, links = an_issued_letter(town, desk)
    subject = factories.activate(case.subject, at=HOLD_OVER)

    object_by(links[NoticeParty.CENTRAL], at=HOLD_OVER, actor=actor_of(subject))

    assert Subject.objects.get(pk=subject.pk).state == SubjectState.SUSPENDED


def test_link_of_objection_ends_thirty_days_after_the_issue(town, desk):
    case, links = an_issued_letter(town, desk)
    late = HOLD_OVER + timedelta(days=30, seconds=1)

    assert refusal(object_by, secret=links[NoticeParty.CENTRAL], at=late) == "objection_too_late"
    assert object_at_desk(case, desk.third, at=late), "the desk still hears"


def test_upheld_after_the_issue_ends_the_tenure(town, desk):
    case, links = an_issued_letter(town, desk)
    objection = object_by(links[NoticeParty.CENTRAL], at=HOLD_OVER)

    resolve(objection, desk.third, upheld=True, at=HOLD_OVER + timedelta(hours=1))

    assert not Tenure.objects.filter(authority=town.authority, until_at=None).exists()
    assert Subject.objects.get(pk=case.subject_id).state == SubjectState.SUSPENDED


def test_dismissed_after_the_issue_puts_the_account_back(town, desk):
    case, links = an_issued_letter(town, desk)
    first = object_by(links[NoticeParty.CENTRAL], at=HOLD_OVER)
    second = object_by(links[NoticeParty.PROVINCE], at=HOLD_OVER + timedelta(hours=1))

    resolve(first, desk.third, upheld=False)
    assert Subject.objects.get(pk=case.subject_id).state == SubjectState.SUSPENDED, "another one is open"
    resolve(second, desk.third, upheld=False)

    assert Subject.objects.get(pk=case.subject_id).state == SubjectState.PENDING
    assert Tenure.objects.filter(authority=town.authority, until_at=None, subject=case.subject_id).exists()
    assert refusal(object_by, secret=links[NoticeParty.CENTRAL], at=HOLD_OVER) == "objection_was_heard"


def test_dismissed_leaves_suspended_what_something_else_suspended(town, desk):
    case, links = an_issued_letter(town, desk)
    with state_change(actor=factories.TEST, at=HOLD_OVER):
        identity.suspend_subject(actor=factories.TEST, subject_id=case.subject_id, reason="ลาออก", at=HOLD_OVER)
    objection = object_by(links[NoticeParty.CENTRAL], at=HOLD_OVER + timedelta(hours=1))

    resolve(objection, desk.third, upheld=False, at=HOLD_OVER + timedelta(hours=2))

    assert Subject.objects.get(pk=case.subject_id).state == SubjectState.SUSPENDED


# --- Resolving --------------------------------------------------------------------------------------------------


def test_resolve_upheld_refuses_the_letter_and_every_objection_with_it(desk, case):
    links = factories.objection_secrets(case)
    first, second = object_by(links[NoticeParty.CENTRAL]), object_by(links[NoticeParty.PROVINCE])

    resolve(first, desk.third, upheld=True)

    refused = fresh(case)
    assert (refused.state, refused.decided_by, refused.decision_note) == (CaseState.REFUSED, desk.third.person, WHY)
    mails = Message.objects.filter(kind="letter_refused", case=case.case)
    assert [mail.to_address for mail in mails] == [case.authority.central_email]
    assert IssuedDocument.objects.filter(kind=DocumentKind.LETTER_REPLY, case=case.case).exists()
    second.refresh_from_db()
    assert second.resolved_by == desk.third.person
    assert queries.open_objections(refused) == []


def test_resolve_dismissed_begins_everything_anew(town, desk):
    case = factories.a_letter(town.authority, desk.verifier)
    links = factories.objection_secrets(case)
    case = factories.verify_letter(case, desk.verifier)
    objection = object_by(links[NoticeParty.CENTRAL])

    resolve(objection, desk.third, upheld=False)

    anew = fresh(case)
    assert (anew.state, anew.version, anew.verified_by_id, anew.recipient_is_new) == (
        CaseState.RECEIVED, 2, None, False,
    )  # fmt: skip
    assert not VerifiedPoint.objects.filter(case=case, version=2).exists()
    assert not any(queries.is_proven(anew, channel) for channel in ProofChannel)
    assert (anew.address_is_new, anew.hold_began_at) == (True, HOLD_OVER)
    assert queries.hold_ends_at(anew) is None
    assert len(queries.notices_of(anew)) == 4
    assert refusal(object_by, secret=links[NoticeParty.CENTRAL], at=HOLD_OVER) == "objection_was_heard"
    assert object_by(links[NoticeParty.PROVINCE], at=HOLD_OVER), "who did not speak yet still may"
    assert chain.verify().faults == ()


def test_resolve_dismissed_while_another_is_open_stays_frozen(desk, case):
    links = factories.objection_secrets(case)
    first, _ = object_by(links[NoticeParty.CENTRAL]), object_by(links[NoticeParty.PROVINCE])

    resolve(first, desk.third, upheld=False)

    assert fresh(case).state == CaseState.FROZEN


def test_resolve_dismissed_while_another_letter_is_at_work_is_refused(town, desk, case):
    objection = object_at_desk(case, desk.approver)
    factories.a_letter(town.authority, desk.verifier)

    assert refusal(resolve, objection=objection, officer=desk.third, upheld=False) == "letter_is_at_work"
    assert fresh(case).state == CaseState.FROZEN


def test_resolve_by_hands_that_had_to_do_with_it_is_refused(town, desk):
    case = factories.a_letter(town.authority, desk.third)
    case = factories.verify_letter(case, desk.verifier)
    objection = object_at_desk(case, desk.approver)

    for officer in (desk.third, desk.verifier, desk.approver):
        assert refusal(resolve, objection=objection, officer=officer, upheld=False) == "objection_by_other_hands"
    other = factories.a_desk_officer(given_name="นภา", family_name="ทองดี")
    assert resolve(objection, other, upheld=False).resolved_by == other.person


def test_resolve_by_the_same_human_in_another_account_is_refused(desk, case):
    objection = object_by(factories.objection_secrets(case)[NoticeParty.CENTRAL])
    again = factories.a_desk_officer(
        given_name=desk.verifier.person.given_name, family_name=desk.verifier.person.family_name
    )

    assert may_resolve(actor_of(again), objection, at=TOLD_AT).reason == "objection_by_other_hands"


def test_resolve_after_the_issue_by_who_approved_is_refused(town, desk):
    _, links = an_issued_letter(town, desk)
    objection = object_by(links[NoticeParty.CENTRAL], at=HOLD_OVER)

    assert refusal(resolve, objection=objection, officer=desk.approver, upheld=False) == "objection_by_other_hands"


def test_resolve_needs_a_reason_and_comes_once(town, desk, case):
    objection = object_by(factories.objection_secrets(case)[NoticeParty.CENTRAL])

    assert refusal(resolve, objection=objection, officer=desk.third, upheld=True, resolution="") == "resolution_missing"
    assert refusal(resolve, objection=objection, officer=town.head, upheld=True) == "only_department_desk"
    resolve(objection, desk.third, upheld=True)
    assert refusal(resolve, objection=objection, officer=desk.third, upheld=False) == "objection_is_resolved"


def test_every_act_of_an_objection_is_in_the_authoritys_chain(desk, case):
    objection = object_by(factories.objection_secrets(case)[NoticeParty.CENTRAL])
    resolve(objection, desk.third, upheld=True)

    names = list(AuditEvent.objects.filter(case=case.case).order_by("sequence").values_list("name", flat=True))
    assert [name for name in names if "object" in name] == ["letter.objected", "letter.objection_upheld"]
    facts = "\n".join(AuditEvent.objects.values_list("facts_json", flat=True))
    assert SAID["text"] not in facts
    assert chain.verify().faults == ()


def test_a_mail_that_left_after_the_objection_stretches_no_hold(case):
    """An outage on top: the notice that goes out late can still be used, on what the letter has become since."""
    links = factories.objection_secrets(case)
    object_by(links[NoticeParty.CENTRAL], at=RECEIVED_AT)
    for notice in queries.notices_of(case):
        if notice.message is not None:
            messaging.mark_sent(actor=factories.TEST, message_id=notice.message_id, at=TOLD_AT + timedelta(days=1))

    assert object_by(links[NoticeParty.PROVINCE], at=TOLD_AT + timedelta(days=2)).case_id == case.pk
    assert fresh(case).state == CaseState.FROZEN


def test_upheld_objection_to_a_letter_of_danger_leaves_it_to_another_to_resume_the_head(town, desk):
    case = factories.a_letter(town.authority, desk.verifier, letter_content(is_lost=True))
    objection = object_by(factories.objection_secrets(case)[NoticeParty.CENTRAL])

    resolve(objection, desk.third, upheld=True)

    assert Subject.objects.get(pk=town.head.pk).state == SubjectState.SUSPENDED
