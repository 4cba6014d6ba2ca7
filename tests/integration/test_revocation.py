"""Access is taken away: done, recorded, told; and every refusal changes nothing (clause 5(2), N-02, D6, D7)."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial

import pytest
from django.db import IntegrityError, transaction

from kunjae.access_requests import sheet
from kunjae.access_requests.models import CredentialWish
from kunjae.access_requests.queries import groups_of, requests
from kunjae.audit import chain
from kunjae.audit.change import state_change
from kunjae.audit.models import AuditEvent
from kunjae.core.verdict import Denied
from kunjae.documents.form_2 import Form2Part2
from kunjae.entitlements import operations as entitlements
from kunjae.entitlements import permissions, policies
from kunjae.entitlements.models import Basis, EndOfGrant, Grant, GroupEdition
from kunjae.entitlements.queries import holds_tenure
from kunjae.identity import operations as identity
from kunjae.identity.models import Activation, Session, Subject, SubjectState
from kunjae.messaging.models import Message
from kunjae.organisations.models import Capacity
from kunjae.revocation import on_paper, queries
from kunjae.revocation import operations as revocation
from kunjae.revocation import policies as revocation_policies
from kunjae.revocation.models import MOVED_OR_RESIGNED, Closure, ClosureReason
from tests import factories
from tests.factories import NOW, TODAY, Town, actor_of

pytestmark = pytest.mark.django_db


@dataclass(frozen=True)
class World:
    """A town whose officer is in two groups and signed in once."""

    town: Town
    officer: Subject
    grant: Grant
    other_grant: Grant
    case: str


def signed_in_once(subject: Subject, key: str = "k" * 32) -> Session:
    return identity.start_session(
        subject=subject, session_key=key, address="127.0.0.1", device="Firefox Windows", at=NOW
    )


@pytest.fixture
def world() -> World:
    town = factories.a_town()
    request = factories.approve(
        town,
        factories.a_request(town, groups=("finance_officer", "accounting_officer")),
        groups=("finance_officer", "accounting_officer"),
    )
    signed_in_once(town.officer)
    held = {grant.group.code: grant for grant in Grant.objects.filter(subject=town.officer)}
    return World(town, town.officer, held["finance_officer"], held["accounting_officer"], request.case)


# --- The acts, each as it should be called ----------------------------------------------------------------------

Act = Callable[..., object]


def remove(world: World, **changed: object) -> object:
    options = {"reason": EndOfGrant.LEFT_DUTY, "note": "", "at": NOW, "actor": actor_of(world.town.head)} | changed
    return revocation.remove_from_group(grant_id=world.grant.pk, **options)


def suspend(world: World, **changed: object) -> object:
    options = {"reason": "ลาศึกษาต่อ", "at": NOW, "actor": actor_of(world.town.head)} | changed
    return revocation.suspend(subject_public_id=world.officer.public_id, **options)


def resume(world: World, **changed: object) -> object:
    options = {"at": NOW, "actor": actor_of(world.town.head)} | changed
    return revocation.resume(subject_public_id=world.officer.public_id, **options)


def end_sessions(world: World, **changed: object) -> object:
    options = {"at": NOW, "actor": actor_of(world.town.head)} | changed
    return revocation.end_sessions(subject_public_id=world.officer.public_id, **options)


def close(world: World, **changed: object) -> Closure:
    options = {
        "reason": ClosureReason.MOVED,
        "other_text": "",
        "effective_date": TODAY,
        "left_date": None,
        "case": world.case,
        "at": NOW,
        "actor": actor_of(world.town.head),
    } | changed
    return revocation.close_account(subject_public_id=world.officer.public_id, **options)


ACTS: list[Act] = [remove, suspend, resume, end_sessions, close]


def make_ready(world: World, act: Act) -> None:
    """Bring the account to where the act can be done."""
    if act is resume:
        suspend(world)


def state_of(world: World) -> tuple:
    """All that an act could have changed."""
    return (
        list(Subject.objects.order_by("pk").values_list("pk", "state", "password", "suspended_reason")),
        list(Grant.objects.order_by("pk").values_list("pk", "ended_at", "end_reason")),
        list(Session.objects.order_by("pk").values_list("pk", "ended_at")),
        list(Activation.objects.order_by("pk").values_list("pk", "ended_at")),
        Closure.objects.count(),
        Message.objects.count(),
    )


def names_since(count: int) -> list[str]:
    return list(AuditEvent.objects.order_by("pk").values_list("name", flat=True)[count:])


# --- What each does ---------------------------------------------------------------------------------------------


def test_remove_from_group_ends_one_membership_records_it_and_tells_the_person(world):
    before = AuditEvent.objects.count()

    remove(world, reason=EndOfGrant.OTHER, note="ย้ายงานไปกองช่าง")

    world.grant.refresh_from_db()
    assert (world.grant.ended_at, world.grant.end_reason, world.grant.end_note) == (NOW, "other", "ย้ายงานไปกองช่าง")
    assert world.grant.ended_by_id == world.town.head.person_id
    assert Grant.objects.get(pk=world.other_grant.pk).ended_at is None
    assert names_since(before) == ["grant.ended"]
    event = AuditEvent.objects.order_by("-pk").first()
    assert event.facts["note"] == "ย้ายงานไปกองช่าง"
    assert (event.case, event.subject_person_id) == (world.case, world.officer.person_id)
    told = Message.objects.order_by("-pk").first()
    assert (told.kind, told.to_address) == ("group_ended", world.officer.email)
    assert Subject.objects.get(pk=world.officer.pk).state == SubjectState.ACTIVE


def test_remove_from_group_names_the_group_in_the_persons_language(world):
    with state_change(actor=factories.TEST, at=NOW) as change:
        Subject.objects.filter(pk=world.officer.pk).update(language="en")
        change.record("unit.added", organisation_id=world.town.authority.pk, unit="x")

    remove(world)

    assert Message.objects.order_by("-pk").first().facts["group"] == "Finance officer"


def test_suspend_ends_sessions_and_activation_and_resume_gives_the_account_back(world):
    suspend(world)

    subject = Subject.objects.get(pk=world.officer.pk)
    assert (subject.state, subject.suspended_reason) == (SubjectState.SUSPENDED, "ลาศึกษาต่อ")
    assert Session.objects.get(subject=subject).end_reason == "suspended"
    assert not policies.may(actor_of(subject), permissions.SEE_MEMBERSHIP_REPORT, world.town.authority.pk, at=NOW)
    assert Grant.objects.filter(subject=subject, ended_at=None).count() == 2

    resume(world)

    subject.refresh_from_db()
    assert (subject.state, subject.suspended_reason, subject.suspended_at) == (SubjectState.ACTIVE, "", None)
    kinds = list(Message.objects.order_by("-pk").values_list("kind", flat=True)[:2])
    assert kinds == ["account_resumed", "account_suspended"]


def test_end_sessions_signs_out_everywhere_and_leaves_the_account_in_use(world):
    signed_in_once(world.officer, key="m" * 32)
    before = AuditEvent.objects.count()

    ended = end_sessions(world)

    assert ended == 2
    assert set(Session.objects.filter(subject=world.officer).values_list("end_reason", flat=True)) == {"ended_by_head"}
    assert names_since(before) == ["session.ended", "session.ended"]
    assert Subject.objects.get(pk=world.officer.pk).state == SubjectState.ACTIVE


def test_close_account_ends_everything_and_records_part_2_in_one_act(world):
    before = AuditEvent.objects.count()

    closure = close(world, reason=ClosureReason.OTHER, other_text="ยุบเลิกตำแหน่ง", left_date=date(2026, 10, 1))

    subject = Subject.objects.get(pk=world.officer.pk)
    assert (subject.state, subject.closed_at) == (SubjectState.CLOSED, NOW)
    assert not subject.has_usable_password()
    assert not Grant.objects.filter(subject=subject, ended_at=None).exists()
    assert not Session.objects.filter(subject=subject, ended_at=None).exists()
    assert (closure.case, closure.effective_date, closure.left_date) == (world.case, TODAY, date(2026, 10, 1))
    assert closure.closer_name == world.town.head.person.full_name
    assert closure.closer_position_th == "นักวิชาการเงินและบัญชีชำนาญการ รักษาราชการแทน ผู้อำนวยการกองคลัง"
    assert names_since(before) == ["grant.ended", "grant.ended", "subject.closed", "session.ended", "account.closed"]
    assert AuditEvent.objects.order_by("-pk").first().facts["other_text"] == "ยุบเลิกตำแหน่ง"
    assert chain.verify().faults == ()


def test_close_account_frees_the_person_but_never_the_user_id(world):
    close(world)

    with pytest.raises(Denied, match="user_id_taken"), state_change(actor=factories.TEST, at=NOW):
        identity.open_subject(
            actor=factories.TEST,
            username=world.officer.username,
            person=world.officer.person,
            authority=world.town.authority,
            at=NOW,
        )
    again = factories.an_account(world.officer.person, world.town.authority)
    assert again.username != world.officer.username


def test_close_account_ends_memberships_in_other_authorities_too(world):
    other = factories.a_town("กะรน", "karon")
    entitlements.grant(
        actor=actor_of(other.head),
        subject=world.officer,
        authority=other.authority,
        group_code="finance_officer",
        basis=Basis.TO_FOLLOW,
        at=NOW,
    )

    close(world)

    assert not Grant.objects.filter(subject=world.officer, ended_at=None).exists()


def test_close_account_of_somebody_suspended(world):
    suspend(world)

    close(world)

    assert Subject.objects.get(pk=world.officer.pk).state == SubjectState.CLOSED


# --- Refusals change nothing ------------------------------------------------------------------------------------


@pytest.mark.parametrize("act", ACTS)
def test_an_act_by_an_officer_is_refused_and_remembered(world, act):
    make_ready(world, act)
    colleague = factories.an_account(factories.a_person("สมชาย", "ใจกว้าง", "นาย"), world.town.authority)
    before, events = state_of(world), AuditEvent.objects.count()

    with pytest.raises(Denied, match="not_head"):
        act(world, actor=actor_of(colleague))

    assert state_of(world) == before
    assert names_since(events) == ["attempt.denied"]


@pytest.mark.parametrize("act", ACTS)
def test_an_act_by_another_authoritys_head_is_refused(world, act):
    make_ready(world, act)
    other = factories.a_town("กะรน", "karon")
    before = state_of(world)

    with pytest.raises(Denied) as denied:
        act(world, actor=actor_of(other.head))

    assert denied.value.reason == ("not_head" if act is remove else "not_of_your_authority")
    assert state_of(world) == before


@pytest.mark.parametrize("act", ACTS)
def test_an_act_on_oneself_is_refused(world, act):
    # The head has become an officer's equal: the account that he acts on is his own.
    own = World(world.town, world.town.head, world.grant, world.other_grant, world.case)
    if act is remove:
        with state_change(actor=factories.TEST, at=NOW) as change:
            Grant.objects.filter(pk=world.grant.pk).update(
                person=world.town.head.person, subject=world.town.head, granted_by=None
            )
            change.record("unit.added", organisation_id=world.town.authority.pk, unit="x")
    signed_in_once(world.town.head, key="h" * 32)
    before = state_of(world)

    with pytest.raises(Denied) as denied:
        act(own)

    assert denied.value.reason == ("own_sessions" if act is end_sessions else "own_case")
    assert state_of(world) == before


@pytest.mark.parametrize(
    ("act", "reason"),
    [
        (remove, "grant_has_ended"),
        (suspend, "subject_not_active"),
        (resume, "subject_not_suspended"),
        (end_sessions, "no_open_session"),
        (close, "subject_closed"),
    ],
)
def test_an_act_a_second_time_is_refused(world, act, reason):
    make_ready(world, act)
    act(world)
    before = state_of(world)

    with pytest.raises(Denied, match=reason):
        act(world)

    assert state_of(world) == before


@pytest.mark.parametrize("act", ACTS)
def test_an_act_that_cannot_be_recorded_is_undone(world, act):
    make_ready(world, act)
    before = state_of(world)
    factories.fill_the_next_place(world.town.authority.pk)

    with pytest.raises(IntegrityError), transaction.atomic():
        act(world)

    assert state_of(world) == before


@pytest.mark.parametrize(
    ("act", "reason"),
    [
        (partial(remove, reason=EndOfGrant.OTHER), "reason_untold"),
        (partial(remove, reason=EndOfGrant.ACCOUNT_CLOSED), "reason_missing"),
        (partial(remove, reason=EndOfGrant.RAN_OUT), "reason_missing"),
        (partial(suspend, reason=""), "suspension_reason_missing"),
        (partial(close, reason=ClosureReason.OTHER), "closing_reason_untold"),
        (partial(close, effective_date=TODAY + timedelta(1)), "closing_in_the_future"),
        (partial(close, effective_date=TODAY - timedelta(1)), "closing_in_the_past"),
        (partial(close, left_date=TODAY + timedelta(1)), "left_after_closing"),
    ],
)
def test_an_act_that_says_too_little_or_what_cannot_be_is_refused(world, act, reason):
    before = state_of(world)

    with pytest.raises(Denied, match=reason):
        act(world)

    assert state_of(world) == before


@pytest.mark.parametrize("act", [suspend, close])
def test_a_head_of_another_authority_is_not_silently_taken_away(world, act):
    # The officer of this authority administers another one (D6: never silently empty).
    other = factories.a_local_authority("วิชิต", stem="wichit")
    tenure = entitlements.open_tenure(
        actor=factories.TEST,
        authority=other,
        subject=world.officer,
        capacity=Capacity.ACTING_FOR,
        order_number="1/2570",
        order_date=None,
        at=NOW,
    )
    before = state_of(world)

    with pytest.raises(Denied, match="holds_tenure"):
        act(world, at=NOW + timedelta(hours=1))

    assert state_of(world) == before
    entitlements.close_tenure(actor=factories.TEST, tenure_id=tenure.pk, at=NOW + timedelta(hours=2))
    assert not holds_tenure(world.officer.person_id, at=NOW + timedelta(hours=3))
    act(world, at=NOW + timedelta(hours=3))


def test_acts_of_the_page_say_what_the_operations_say(world):
    acts = revocation_policies.acts_on(actor_of(world.town.head), world.officer, at=NOW)
    other = factories.a_town("กะรน", "karon")
    of_a_stranger = revocation_policies.acts_on(actor_of(other.head), world.officer, at=NOW)

    assert (bool(acts.suspend), bool(acts.close), bool(acts.end_sessions)) == (True, True, True)
    assert acts.resume.reason == "subject_not_suspended"
    assert {verdict.reason for verdict in (of_a_stranger.suspend, of_a_stranger.resume, of_a_stranger.close)} == {
        "not_of_your_authority"
    }


def test_a_vacant_authority_has_nobody_who_could_do_it(world):
    entitlements.close_tenure(actor=factories.TEST, tenure_id=world.town.tenure.pk, at=NOW + timedelta(minutes=1))

    for act in (remove, suspend, end_sessions, close):
        with pytest.raises(Denied, match="not_head"):
            act(world, at=NOW + timedelta(minutes=2))


# --- The database refuses too -----------------------------------------------------------------------------------


def test_the_database_refuses_a_closing_of_oneself_and_other_without_words(world):
    closure = close(world)

    for wrong in (
        {"closed_by": closure.person},
        {"reason": "other", "other_text": ""},
        {"left_date": TODAY + timedelta(1)},
    ):
        with pytest.raises(IntegrityError), transaction.atomic(), state_change(actor=factories.TEST, at=NOW):
            Closure.objects.filter(pk=closure.pk).update(**wrong)


def test_the_database_refuses_an_end_for_another_reason_without_words(world):
    with pytest.raises(IntegrityError), transaction.atomic(), state_change(actor=factories.TEST, at=NOW):
        Grant.objects.filter(pk=world.grant.pk).update(ended_at=NOW, end_reason="other", end_note="")


# --- Memberships that ran out, and the catalogue ----------------------------------------------------------------


def give(world: World, **changed: object) -> Grant:
    options = {"basis": Basis.TO_FOLLOW, "group_code": "procurement_officer", "at": NOW} | changed
    return entitlements.grant(
        actor=actor_of(world.town.head), subject=world.officer, authority=world.town.authority, **options
    )


def test_grant_again_after_its_last_day_ends_the_old_membership(world):
    first = give(world, until_date=TODAY + timedelta(10))
    with pytest.raises(Denied, match="already_in_group"):
        give(world, at=NOW + timedelta(days=10))

    again = give(world, at=NOW + timedelta(days=11))

    first.refresh_from_db()
    assert first.end_reason == EndOfGrant.RAN_OUT
    assert again.ended_at is None


def test_publish_catalogue_keeps_what_is_unchanged_and_ends_what_is_gone(world):
    first = factories.catalogue.read()
    groups = [dict(entry) for entry in first.groups if entry["code"] != "grants_link"]
    renamed = next(entry for entry in groups if entry["code"] == "procurement_officer")
    renamed["opens_th"] = "จัดซื้อจัดจ้าง"
    second = type(first)(
        number=2, effective_date=date(2026, 11, 1), source="test", groups=tuple(groups), digest="2" * 64
    )

    entitlements.publish_catalogue(actor=factories.TEST, data=second, at=NOW)

    def editions(code: str) -> list:
        found = GroupEdition.objects.filter(group__code=code).order_by("from_date")
        return list(found.values_list("from_date", "until_date"))

    assert editions("finance_officer") == [(date(2019, 1, 21), None)]
    assert editions("procurement_officer") == [(date(2019, 1, 21), date(2026, 10, 31)), (date(2026, 11, 1), None)]
    assert editions("grants_link")[-1][1] == date(2026, 10, 31)
    assert len(editions("finance_expense_former")) == 1


# --- Part 2 on paper --------------------------------------------------------------------------------------------


def part_2(**changed: object) -> Form2Part2:
    facts = {"reason": ClosureReason.MOVED, "other_text": "", "effective_date": TODAY, "left_date": None} | changed
    return on_paper.part_2(**facts)


@pytest.mark.parametrize("reason", list(ClosureReason))
def test_part_2_ticks_the_nearest_box_for_each_reason(reason):
    part = part_2(reason=reason, other_text="ยุบเลิก" if reason == ClosureReason.OTHER else "")

    assert part.moved_or_resigned == (reason in MOVED_OR_RESIGNED)
    assert bool(part.detail) != bool(part.other_text)


def test_part_2_says_both_days_where_the_person_had_left_before():
    part = part_2(reason=ClosureReason.TRANSFERRED, left_date=date(2026, 10, 1))

    assert (part.moved_or_resigned, part.detail) == (
        True,
        "โอน พ้นจากหน้าที่เมื่อ 1\N{NO-BREAK SPACE}ตุลาคม\N{NO-BREAK SPACE}2569",
    )
    assert part.effective_date == TODAY


def test_part_2_stands_on_the_sheet_of_the_request_that_opened_the_account(world):
    request = factories.approve(
        world.town, factories.a_request(world.town, wish=CredentialWish.NEW_USER), username="rawai.new"
    )
    newcomer = Subject.objects.get(username="rawai.new")

    closure = revocation.close_account(
        actor=actor_of(world.town.head),
        subject_public_id=newcomer.public_id,
        reason=ClosureReason.RETIRED,
        other_text="",
        effective_date=TODAY,
        left_date=None,
        case=queries.sheet_case(newcomer),
        at=NOW,
    )

    assert closure.case == request.case
    item = requests().get(pk=request.pk)
    printed = sheet.sheet_of(item, groups_of(item)).part2
    assert (printed.moved_or_resigned, printed.other_text) == (False, "เกษียณอายุราชการ")
    assert printed.signature.name == world.town.head.person.full_name
