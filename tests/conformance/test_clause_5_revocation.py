"""
Clause 5(2) of the circular, and note 2 of the form's explanation.

"(2) ควรยกเลิกผู้ใช้งานในกลุ่มผู้ใช้งานทันที เมื่อผู้ใช้งานพ้นจากหน้าที่และความรับผิดชอบที่ได้รับมอบหมาย"

"2. เมื่อมีการยกเลิกการเป็นผู้ใช้งาน ให้ผู้อำนวยการสำนักการคลัง/ผู้อำนวยการกองคลัง/หัวหน้าหน่วยงานคลังเป็นผู้ยกเลิกผู้ใช้งาน
และบันทึกข้อมูลในส่วนที่ 2 เพื่อควบคุมกำกับการขอใช้และยกเลิกผู้ใช้งานในระบบ"
"""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from kunjae.access_requests import sheet
from kunjae.access_requests.models import CredentialWish
from kunjae.access_requests.queries import groups_of, requests
from kunjae.audit import chain
from kunjae.audit.models import AuditEvent
from kunjae.core.verdict import Denied
from kunjae.documents import official_wording
from kunjae.documents.form_2 import render_form_2
from kunjae.entitlements import policies
from kunjae.entitlements.models import EndOfGrant, Grant
from kunjae.identity.models import Subject, SubjectState
from kunjae.messaging.models import Message
from kunjae.revocation import operations as revocation
from kunjae.revocation.models import Closure, ClosureReason
from kunjae.revocation.queries import sheet_case
from tests import factories
from tests.factories import NOW, TODAY, Town, actor_of, sign_in_client
from tests.unit.documents_text import pages_of, plain

pytestmark = pytest.mark.django_db


@pytest.fixture
def town() -> Town:
    return factories.a_town()


def take_out(town: Town, grant: Grant, *, at=NOW) -> Grant:
    return revocation.remove_from_group(
        actor=actor_of(town.head), grant_id=grant.pk, reason=EndOfGrant.LEFT_DUTY, note="", at=at
    )


def close(town: Town, subject: Subject, *, actor=None, reason=ClosureReason.RESIGNED) -> Closure:
    return revocation.close_account(
        actor=actor or actor_of(town.head),
        subject_public_id=subject.public_id,
        reason=reason,
        other_text="",
        effective_date=TODAY,
        left_date=None,
        case=sheet_case(subject),
        at=NOW,
    )


# --- Clause 5(2): out of the group, at once [L-53] -------------------------------------------------------------


def test_clause_5_2_taken_out_at_once_what_the_group_opened_is_closed_at_the_next_request(town, monkeypatch):
    """ทันที: the same browser, one request later."""
    given = factories.form_2.give_executive_access(
        actor=actor_of(town.head),
        appointment_id=town.executive_post.pk,
        username="rawai.nayok",
        email="nayok@example.go.th",
        mobile="0812345678",
        at=NOW,
    )
    executive = factories.activate(given.subject)
    monkeypatch.setattr(timezone, "now", lambda: NOW + timedelta(minutes=1))
    client = sign_in_client(Client(), executive)
    report = reverse("reports:membership", args=[town.authority.code])
    assert client.get(report).status_code == 200

    take_out(town, given, at=NOW + timedelta(minutes=1))

    assert client.get(report).status_code == 403
    assert client.get(reverse("site:me")).status_code == 200, "the account lives on for other duties"


def test_clause_5_2_other_groups_stay_and_the_person_is_told(town):
    factories.approve(
        town,
        factories.a_request(town, groups=("finance_officer", "accounting_officer")),
        groups=("finance_officer", "accounting_officer"),
    )

    take_out(town, Grant.objects.get(group__code="finance_officer"))

    assert Grant.objects.get(ended_at=None).group.code == "accounting_officer"
    assert Message.objects.order_by("-pk").first().kind == "group_ended"


def test_clause_5_2_the_time_between_leaving_and_removal_is_on_record(town):
    factories.approve(town, factories.a_request(town))

    take_out(town, Grant.objects.get())

    event = AuditEvent.objects.order_by("-pk").first()
    assert (event.name, event.at, event.facts["reason"]) == ("grant.ended", NOW, "left_duty")
    assert chain.verify().faults == ()


def test_clause_5_2_coming_back_takes_a_new_request(town):
    factories.approve(town, factories.a_request(town))
    take_out(town, Grant.objects.get())

    factories.approve(town, factories.a_request(town, at=NOW + timedelta(days=1)), at=NOW + timedelta(days=1))

    assert Grant.objects.filter(ended_at=None).count() == 1
    assert len(set(Grant.objects.values_list("case", flat=True))) == 2


# --- Note 2: the head closes, and records part 2 [N-02, A2-09 … A2-11] ------------------------------------------


def test_note_2_only_the_head_of_finance_closes_an_account(town):
    """ให้ … หัวหน้าหน่วยงานคลังเป็นผู้ยกเลิกผู้ใช้งาน."""
    for stranger in (town.officer, factories.a_town("กะรน", "karon").head, factories.a_desk_officer()):
        with pytest.raises(Denied):
            close(town, town.officer, actor=actor_of(stranger))

    assert Subject.objects.get(pk=town.officer.pk).state == SubjectState.ACTIVE


def test_note_2_no_account_is_closed_without_part_2_nor_part_2_recorded_without_closing(town):
    """และบันทึกข้อมูลในส่วนที่ 2: one act, so that neither stands alone."""
    factories.fill_the_next_place(town.authority.pk)

    with pytest.raises(IntegrityError), transaction.atomic():
        close(town, town.officer)

    assert Subject.objects.get(pk=town.officer.pk).state == SubjectState.ACTIVE
    assert not Closure.objects.exists()


def test_note_2_part_2_prints_on_the_sheet_of_part_1(town):
    """The same sheet of paper: ส่วนที่ 2 ใช้เมื่อมีการยกเลิกรหัสผู้ใช้และรหัสผ่าน."""
    request = factories.approve(town, factories.a_request(town, wish=CredentialWish.NEW_USER), username="rawai.new")
    newcomer = factories.activate(Subject.objects.get(username="rawai.new"))

    closure = close(town, newcomer, reason=ClosureReason.TRANSFERRED)

    assert closure.case == request.case
    item = requests().get(pk=request.pk)
    printed = sheet.sheet_of(item, groups_of(item))
    assert printed.part1.is_new_user
    assert (printed.part2.moved_or_resigned, printed.part2.detail) == (True, "โอน")
    assert printed.part2.effective_date == TODAY
    [page] = pages_of(render_form_2(printed))
    assert plain(f"{official_wording.MOVED_OR_RESIGNED} โอน") in page
    assert plain(official_wording.PART_1) in page or plain("ส่วนที่ ๑") in page


def test_note_2_after_closing_nobody_gets_in_and_the_user_id_is_never_given_again(town, monkeypatch):
    monkeypatch.setattr(timezone, "now", lambda: NOW + timedelta(minutes=1))
    client = sign_in_client(Client(), town.officer)
    close(town, town.officer)

    assert client.get(reverse("site:me")).status_code == 302
    answer = Client().post(
        reverse("identity:sign_in"), {"username": town.officer.username, "password": factories.PASSWORD}
    )
    assert answer.status_code == 422
    with pytest.raises(Denied, match="user_id_taken"):
        factories.approve(
            town,
            factories.a_request(town, wish=CredentialWish.NEW_USER),
            username=town.officer.username,
        )


def test_note_2_the_head_does_not_close_himself_and_leave_a_vacancy(town):
    with pytest.raises(Denied, match="own_case"):
        close(town, town.head)

    assert policies.queries.tenure_of(town.authority.pk, at=NOW) == town.tenure
