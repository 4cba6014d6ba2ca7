"""
Clause 2 of the circular.

"ให้หัวหน้าหน่วยงานคลังกำหนดรหัสผู้ใช้งาน รหัสผ่าน และสิทธิการใช้งานผู้บริหารท้องถิ่น ปลัดองค์กรปกครองส่วนท้องถิ่น
เพื่อดูรายงานต่าง ๆ และข้อมูลที่เกี่ยวข้องกับการบริหารการเงินการคลัง"
"""

from datetime import date, timedelta
from html import unescape

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from kunjae.access_requests import operations as form_2
from kunjae.access_requests.operations import offices
from kunjae.audit import chain
from kunjae.audit.change import state_change
from kunjae.audit.models import AuditEvent
from kunjae.core import reasons
from kunjae.core.verdict import Denied
from kunjae.entitlements import permissions, policies
from kunjae.entitlements.models import Grant, GroupEdition, GroupPermission, Holders
from kunjae.identity import operations as identity
from kunjae.identity.models import Activation, Subject, SubjectState
from kunjae.messaging.models import Message
from kunjae.organisations import operations as organisations
from kunjae.organisations.models import Appointment, Capacity, Office, Person
from kunjae.organisations.queries import office_holder
from tests import factories
from tests.factories import NOW, TEST, TODAY, Town, actor_of, sign_in_client

pytestmark = pytest.mark.django_db


@pytest.fixture
def town() -> Town:
    return factories.a_town()


@pytest.fixture
def head(town, monkeypatch) -> Client:
    """The head of finance at a browser, five minutes after the town was made."""
    monkeypatch.setattr(timezone, "now", lambda: NOW + timedelta(minutes=5))
    return sign_in_client(Client(), town.head)


def give(town: Town, **changed: object) -> Grant:
    options = {
        "actor": actor_of(town.head),
        "appointment_id": town.executive_post.pk,
        "username": "rawai.nayok",
        "email": "nayok@example.go.th",
        "mobile": "0812345678",
        "at": NOW,
    } | changed
    return form_2.give_executive_access(**options)


def url(town: Town, name: str, *parts: str) -> str:
    return reverse(f"access_requests:{name}", args=[town.authority.code, *parts])


def of_executive(town: Town, name: str) -> str:
    return url(town, name, "chief_executive", town.executive_post.person.public_id)


def text_of(answer) -> str:
    return unescape(answer.content.decode())


# --- "ให้หัวหน้าหน่วยงานคลังกำหนดรหัสผู้ใช้งาน … และสิทธิการใช้งาน" [L-20] ------------------------------------------


def test_the_head_gives_user_id_and_right_to_the_chief_executive_and_the_clerk(town):
    executive = give(town)
    clerk = give(
        town,
        appointment_id=town.clerk_post.pk,
        username="rawai.palat",
        email="palat@example.go.th",
        mobile="0812345679",
    )

    assert (executive.group.code, executive.basis) == ("executive", "office")
    assert (clerk.group.code, clerk.position_th) == ("clerk", town.authority.clerk_title_th)
    assert Subject.objects.get(username="rawai.nayok").state == SubjectState.PENDING
    # Neither of the two secrets passes through the head's hands.
    assert Activation.objects.get(subject=clerk.subject).second_way == "sms"


def test_nobody_else_gives_it(town):
    other = factories.a_town("กะรน", "karon")

    for actor in (town.officer, other.head, factories.a_desk_officer()):
        with pytest.raises(Denied, match="not_head"):
            give(town, actor=actor_of(actor))

    assert not Subject.objects.filter(username="rawai.nayok").exists()


def test_the_page_flags_executives_without_access_and_gives_it(town, head):
    page = text_of(head.get(url(town, "executives")))
    assert page.count("ยังไม่มีสิทธิดูรายงาน") == 2

    form = head.get(of_executive(town, "executive_access"))
    username = form.context["form"].initial["username"]
    filled = head.post(
        of_executive(town, "executive_access"),
        {"username": username, "email": "nayok@example.go.th", "mobile": "๐๘๑ ๒๓๔ ๕๖๗๘"},
    )
    assert (filled.status_code, filled["Location"]) == (303, of_executive(town, "executive_access_check"))
    assert not Grant.objects.exists()
    assert "081-234-5678" in text_of(head.get(filled["Location"]))

    done = head.post(filled["Location"], {"username": username, "email": "nayok@example.go.th", "mobile": "0812345678"})

    assert (done.status_code, done["Location"]) == (303, url(town, "executives") + "?done=access")
    assert Grant.objects.get().subject.username == username
    assert text_of(head.get(done["Location"])).count("ยังไม่มีสิทธิดูรายงาน") == 1
    again = head.post(of_executive(town, "executive_access_check"), {})
    assert again.status_code == 422
    assert Grant.objects.count() == 1


def test_the_page_refuses_what_is_not_well_formed_and_keeps_it(town, head):
    for typed, reason in (
        ({"username": "rawai.nayok"}, "email_missing"),
        ({"username": "rawai.nayok", "email": "a@b.go.th"}, "mobile_missing"),
        ({"username": "นายก", "email": "a@b.go.th"}, "user_id_characters"),
        ({"username": town.head.username, "email": "a@b.go.th", "mobile": "0812345678"}, "user_id_taken"),
    ):
        answer = head.post(of_executive(town, "executive_access"), typed)
        if answer.status_code == 303:
            answer = head.post(answer["Location"], typed)
        assert answer.status_code == 422
        assert reasons.sentence(reason) in text_of(answer)
        assert typed["username"] in text_of(answer)
    assert not Grant.objects.exists()


def test_of_an_older_account_without_a_mobile_the_slip_is_shown_once_and_only_to_a_press(town, head):
    with state_change(actor=factories.TEST, at=NOW):
        identity.open_subject(
            actor=factories.TEST,
            username="rawai.nayok",
            person=town.executive_post.person,
            authority=town.authority,
            email="nayok@example.go.th",
            at=NOW,
        )

    done = head.post(of_executive(town, "executive_activation"))

    assert done["Location"] == of_executive(town, "executive_slip")
    asked = head.get(done["Location"])
    assert "slip" not in asked.context or asked.context.get("slip") is None
    shown = head.post(done["Location"])
    code = shown.context["slip"].code
    assert f"{code[:4]} {code[4:]}" in text_of(shown)
    assert shown["Cache-Control"] == "no-store"
    assert code not in text_of(head.get(done["Location"]))


# --- "รหัสผ่าน": the head issues an activation, and never learns the password [L-21, T-06] -------------------------


def test_the_head_never_holds_a_key_of_the_executive(town, head):
    given = give(town)
    secrets = factories.secrets_sent(given.subject)

    pages = [
        head.get(url(town, "executives")),
        head.get(of_executive(town, "executive_activation")),
        head.get(reverse("revocation:person", args=[town.authority.code, given.subject.public_id])),
    ]

    for page in pages:
        for secret in secrets.values():
            assert str(secret) not in text_of(page)
    keys = Message.objects.filter(kind__startswith="activation", person=given.person)
    assert set(keys.values_list("to_address", flat=True)) == {"nayok@example.go.th", "0812345678"}


def test_the_keys_do_not_go_to_the_head(town):
    for own in ({"email": town.head.email.upper()}, {"mobile": town.head.mobile}):
        with pytest.raises(Denied, match="contact_is_yours"):
            give(town, **own)

    assert not Subject.objects.filter(username="rawai.nayok").exists()


def test_the_head_cannot_put_another_address_into_an_executives_account(town):
    executive = factories.activate(give(town).subject)
    with state_change(actor=factories.TEST, at=NOW) as change:
        Grant.objects.filter(subject=executive).update(ended_at=NOW, end_reason="left_duty")
        change.record("unit.added", organisation_id=town.authority.pk, unit="x")

    give(town, email="thief@example.com", mobile="0899999999")

    executive.refresh_from_db()
    assert (executive.email, executive.mobile) == ("nayok@example.go.th", "0812345678")
    assert not Message.objects.filter(to_address__in=["thief@example.com", "0899999999"]).exists()


def test_a_new_activation_goes_to_the_contact_on_record_and_ends_the_old_one(town, head):
    given = give(town)
    first = Activation.objects.get(subject=given.subject)

    answer = head.post(of_executive(town, "executive_activation"))

    assert (answer.status_code, answer["Location"]) == (303, url(town, "executives") + "?done=activation")
    first.refresh_from_db()
    assert first.ended_at is not None
    newest = Activation.objects.order_by("-pk").first()
    assert (newest.subject, newest.purpose) == (given.subject, "first")
    assert newest.case != first.case


@pytest.mark.parametrize("who", ["officer", "other_head"])
def test_a_new_activation_is_issued_by_the_head_alone(town, who):
    give(town)
    actor = town.officer if who == "officer" else factories.a_town("กะรน", "karon").head

    with pytest.raises(Denied, match="not_head"):
        offices.renew_executive_activation(
            actor=actor_of(actor), appointment_id=town.executive_post.pk, at=NOW + timedelta(minutes=1)
        )

    assert Activation.objects.filter(subject__username="rawai.nayok").count() == 1


def test_a_new_activation_needs_an_account(town):
    with pytest.raises(Denied, match="no_account_to_activate"):
        offices.renew_executive_activation(actor=actor_of(town.head), appointment_id=town.executive_post.pk, at=NOW)


# --- "เพื่อดูรายงานต่าง ๆ และข้อมูล…": to see, and nothing else [D10] ----------------------------------------------


def test_executive_groups_open_reports_and_write_nothing(town):
    for edition in GroupEdition.objects.filter(holders=Holders.EXECUTIVES):
        opened = GroupPermission.objects.filter(edition=edition).values_list("permission", flat=True)
        assert {permission.rpartition(":")[2] for permission in opened} == {"view"}
        assert edition.is_view_only


def test_the_database_refuses_an_executive_group_that_writes(town):
    with pytest.raises(IntegrityError), transaction.atomic(), state_change(actor=factories.TEST, at=NOW):
        GroupEdition.objects.filter(holders=Holders.EXECUTIVES).update(is_view_only=False)


def test_an_executive_sees_the_report_and_may_do_nothing_of_a_head(town, monkeypatch):
    executive = factories.activate(give(town).subject)
    monkeypatch.setattr(timezone, "now", lambda: NOW + timedelta(minutes=5))
    client = sign_in_client(Client(), executive)

    assert client.get(reverse("reports:membership", args=[town.authority.code])).status_code == 200
    for name in ("revocation:people", "revocation:groups", "access_requests:executives", "access_requests:waiting"):
        assert client.get(reverse(name, args=[town.authority.code])).status_code == 403
    # The clerk may suspend in an emergency, by his office and not by his account (requirements 1.9.1, 6).
    for permission in permissions.OF_TENURE - {permissions.SEE_MEMBERSHIP_REPORT, permissions.SUSPEND}:
        assert not policies.may(actor_of(executive), permission, town.authority.pk, at=NOW)


def test_executives_are_put_into_no_other_group_and_officers_not_into_theirs(town):
    executive = factories.activate(give(town).subject)
    on = policies.queries.editions_on(TODAY)

    for edition in on:
        verdict = policies.may_grant(actor_of(town.head), executive, town.authority.pk, edition, at=NOW)
        assert bool(verdict) == edition.is_view_only
        officers = policies.may_grant(actor_of(town.head), town.officer, town.authority.pk, edition, at=NOW)
        assert bool(officers) == (edition.holders == Holders.OFFICERS)


# --- Taking and leaving office [L-22] --------------------------------------------------------------------------


def record(town: Town, **changed: object) -> Appointment:
    options = {
        "actor": actor_of(town.head),
        "authority": town.authority,
        "office": Office.CHIEF_EXECUTIVE,
        "capacity": Capacity.ACTING_FOR,
        "position_th": town.authority.chief_executive_title_th,
        "person": None,
        "title": "นาย",
        "given_name": "ธนกฤต",
        "family_name": "วงศ์สว่าง",
        "from_date": TODAY,
        "order_number": "340/2569",
        "order_date": TODAY,
        "at": NOW,
    } | changed
    return offices.record_executive(**options)


def leave(town: Town, **changed: object) -> Appointment:
    options = {
        "actor": actor_of(town.head),
        "appointment_id": town.executive_post.pk,
        "until_date": TODAY,
        "at": NOW + timedelta(minutes=1),
    } | changed
    return offices.record_leaving(**options)


def test_the_access_ends_with_the_office(town):
    grant = give(town)

    post = leave(town)

    grant.refresh_from_db()
    assert (post.until_date, grant.end_reason) == (TODAY, "left_duty")
    assert Message.objects.order_by("-pk").first().kind == "group_ended"
    # The account stays until part 2 of the form closes it.
    assert grant.subject.state == SubjectState.PENDING
    assert chain.verify().faults == ()


def test_the_access_stays_where_the_person_holds_the_office_by_another_post(town):
    give(town)
    record(town, person=town.clerk_post.person, capacity=Capacity.ACTING_IN)
    acting = give(
        town,
        appointment_id=town.clerk_post.pk,
        username="rawai.palat",
        email="palat@example.go.th",
        mobile="0812345679",
    )

    leave(town)

    assert Grant.objects.filter(ended_at=None).get() == acting


def test_a_successor_is_recorded_after_the_former_one_left(town):
    with pytest.raises(Denied, match="post_is_held"):
        record(town, capacity=Capacity.SUBSTANTIVE)
    leave(town)

    post = record(town, capacity=Capacity.SUBSTANTIVE, at=NOW + timedelta(hours=1))

    assert office_holder(town.authority.pk, Office.CHIEF_EXECUTIVE, on=TODAY + timedelta(1)) == post


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"office": Office.HEAD_OF_FINANCE}, "not_an_executive_office"),
        ({"capacity": Capacity.DELEGATED}, "not_an_executive_office"),
        ({"from_date": TODAY + timedelta(1)}, "office_begins_later"),
        ({"person": "head"}, "own_case"),
        ({"person": "executive"}, "in_office_already"),
        ({"actor": "officer"}, "not_head"),
    ],
)
def test_taking_office_is_refused_and_nothing_is_recorded(town, changed, reason):
    words = {
        "head": town.head.person,
        "executive": town.executive_post.person,
        "officer": actor_of(town.officer),
    }
    before = (Person.objects.count(), Appointment.objects.count())

    with pytest.raises(Denied, match=reason):
        record(town, **{name: words.get(value, value) for name, value in changed.items()})

    assert before == (Person.objects.count(), Appointment.objects.count())


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"until_date": TODAY + timedelta(1)}, "leaving_in_the_future"),
        ({"until_date": date(2026, 9, 30)}, "left_before_taking_office"),
        ({"actor": "officer"}, "not_head"),
    ],
)
def test_leaving_office_is_refused_and_the_access_stays(town, changed, reason):
    grant = give(town)

    with pytest.raises(Denied, match=reason):
        leave(
            town, **{name: actor_of(town.officer) if value == "officer" else value for name, value in changed.items()}
        )

    grant.refresh_from_db()
    assert grant.ended_at is None


def test_leaving_office_twice_is_refused(town):
    leave(town)

    with pytest.raises(Denied, match="appointment_ended"):
        leave(town)


def planned(town: Town) -> Appointment:
    """An executive whose order names the last day, thirty days from now."""
    leave(town, until_date=TODAY - timedelta(days=1))
    return organisations.appoint(
        actor=TEST,
        person=town.executive_post.person,
        authority=town.authority,
        office=Office.CHIEF_EXECUTIVE,
        capacity=Capacity.ACTING_FOR,
        position_th=town.authority.chief_executive_title_th,
        from_date=TODAY,
        until_date=TODAY + timedelta(days=30),
        at=NOW,
    )


def test_a_planned_end_is_brought_forward_and_the_access_ends_with_that_day(town):
    post = planned(town)
    grant = give(town, appointment_id=post.pk)
    earlier = TODAY + timedelta(days=10)

    leave(town, appointment_id=post.pk, until_date=earlier, at=NOW + timedelta(minutes=2))

    grant.refresh_from_db()
    post.refresh_from_db()
    assert (post.until_date, grant.until_date, grant.ended_at) == (earlier, earlier, None)
    told = AuditEvent.objects.get(name="appointment.shortened")
    assert f'"planned_date":"{(TODAY + timedelta(days=30)).isoformat()}"' in told.facts_json
    assert AuditEvent.objects.filter(name="grant.shortened").count() == 1
    assert chain.verify().faults == ()


def test_a_planned_end_brought_forward_to_today_ends_the_access_at_once(town):
    post = planned(town)
    grant = give(town, appointment_id=post.pk)

    leave(town, appointment_id=post.pk, at=NOW + timedelta(minutes=2))

    grant.refresh_from_db()
    assert (grant.end_reason, grant.ended_at) == ("left_duty", NOW + timedelta(minutes=2))


@pytest.mark.parametrize("days", [30, 31])
def test_a_planned_end_is_not_put_off(town, days):
    post = planned(town)

    with pytest.raises(Denied, match="end_not_earlier"):
        leave(town, appointment_id=post.pk, until_date=TODAY + timedelta(days=days), at=NOW + timedelta(minutes=2))

    post.refresh_from_db()
    assert post.until_date == TODAY + timedelta(days=30)
    assert AuditEvent.objects.filter(name="attempt.denied").exists()


def test_the_page_brings_a_planned_end_forward(town, head):
    post = planned(town)
    give(town, appointment_id=post.pk)
    path = of_executive(town, "executive_leaving")
    assert "พ้นจากตำแหน่งก่อนกำหนด" in head.get(url(town, "executives")).content.decode()
    assert "กำหนดพ้นจากตำแหน่งไว้" in head.get(path).content.decode()

    late = head.post(path, {"until_date_day": "15", "until_date_month": "11", "until_date_year": "2569"})
    answer = head.post(path, {"until_date_day": "26", "until_date_month": "10", "until_date_year": "2569"})

    assert late.status_code == 422
    assert (answer.status_code, answer["Location"]) == (303, url(town, "executives") + "?done=shortened")
    post.refresh_from_db()
    assert post.until_date == TODAY + timedelta(days=10)


def test_what_cannot_be_recorded_does_not_happen(town):
    give(town)
    before = (Appointment.objects.filter(until_date=None).count(), Grant.objects.filter(ended_at=None).count())
    factories.fill_the_next_place(town.authority.pk)

    with pytest.raises(IntegrityError), transaction.atomic():
        leave(town)
    with pytest.raises(IntegrityError), transaction.atomic():
        record(town)

    assert before == (
        Appointment.objects.filter(until_date=None).count(),
        Grant.objects.filter(ended_at=None).count(),
    )


TYPED = {
    "office": "chief_executive",
    "capacity": "acting_for",
    "title_choice": "นาย",
    "title_other": "",
    "given_name": "ธนกฤต",
    "family_name": "วงศ์สว่าง",
    "from_date_day": "16",
    "from_date_month": "10",
    "from_date_year": "2569",
}


def test_the_page_records_somebody_new(town, head):
    answer = head.post(url(town, "executive_new"), TYPED)

    assert (answer.status_code, answer["Location"]) == (303, url(town, "executives") + "?done=office")
    post = Appointment.objects.order_by("-pk").first()
    assert (post.person.full_name, post.capacity, post.from_date) == ("นายธนกฤต วงศ์สว่าง", "acting_for", TODAY)
    page = text_of(head.get(answer["Location"]))
    assert "นายธนกฤต วงศ์สว่าง" in page


def test_the_page_asks_whether_a_namesake_is_the_same_person(town, head):
    # D7 speaks of persons: two rows for one human being would let him decide on himself.
    officer = town.officer.person
    typed = TYPED | {"title_choice": "นางสาว", "given_name": officer.given_name, "family_name": officer.family_name}

    asked = head.post(url(town, "executive_new"), typed)

    assert asked.status_code == 422
    assert town.officer.username in text_of(asked)
    assert not Appointment.objects.filter(person=officer, office="chief_executive").exists()
    assert "มีบุคคลชื่อนี้อยู่ในระบบแล้ว" in text_of(asked)
    forged = head.post(url(town, "executive_new"), typed | {"namesake": town.head.person.public_id})
    assert forged.status_code == 422
    head.post(url(town, "executive_new"), typed | {"namesake": officer.public_id})
    assert Appointment.objects.filter(person=officer, office="chief_executive").exists()
    count = Person.objects.count()
    head.post(url(town, "executive_new"), typed | {"namesake": "somebody_else"})
    assert Person.objects.count() == count + 1


@pytest.mark.parametrize(
    "changed", [{}, {"office": "head_of_finance"}, {"from_date_year": "2026"}, {"order_number": "1"}]
)
def test_the_page_refuses_what_is_not_well_formed(town, head, changed):
    before = Appointment.objects.count()

    answer = head.post(url(town, "executive_new"), TYPED | changed if changed else {})

    assert answer.status_code == 422
    assert Appointment.objects.count() == before


def test_the_page_records_that_somebody_left(town, head):
    grant = give(town)
    path = of_executive(town, "executive_leaving")
    assert head.get(path).status_code == 200

    answer = head.post(path, {"until_date_day": "16", "until_date_month": "10", "until_date_year": "2569"})

    assert (answer.status_code, answer["Location"]) == (303, url(town, "executives") + "?done=leaving")
    grant.refresh_from_db()
    assert grant.ended_at is not None


def test_the_pages_know_no_stranger_and_open_to_no_officer(town, head):
    other = factories.a_town("กะรน", "karon")
    officer = sign_in_client(Client(), town.officer)
    names = (
        "executive_access",
        "executive_access_check",
        "executive_activation",
        "executive_slip",
        "executive_leaving",
    )

    for name in names:
        strangers = url(town, name, "chief_executive", other.executive_post.person.public_id)
        elsewhere = url(other, name, "chief_executive", other.executive_post.person.public_id)
        wrong_office = url(town, name, "clerk", town.executive_post.person.public_id)
        for path in (strangers, elsewhere, wrong_office):
            assert head.get(path).status_code == 404, path
            assert head.post(path).status_code == 404, path
        assert officer.get(of_executive(town, name)).status_code == 403
        assert officer.post(of_executive(town, name)).status_code == 403
    assert not AuditEvent.objects.filter(name="executive_access.given").exists()
