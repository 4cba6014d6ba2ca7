"""Circulars: prepared, sent by the worker in batches, opened, acknowledged, followed up (L-02, L-07)."""

from datetime import date, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django_tasks_db.models import DBTaskResult

from kunjae.audit import chain
from kunjae.audit.change import state_change
from kunjae.audit.models import AuditEvent, chain_of
from kunjae.circulars import operations, queries, spreading
from kunjae.circulars.content import CircularContent
from kunjae.circulars.models import Audience, Circular, DatePrecision, Receipt
from kunjae.circulars.queries import Selection
from kunjae.core.verdict import Denied
from kunjae.messaging import delivery as delivery_module
from kunjae.messaging.models import Message
from kunjae.organisations.models import Desk, Kind, LocalAuthority, Province
from tests import factories
from tests.browser.journeys import a_scan
from tests.factories import NOW, PASSWORD, TEST, actor_of

pytestmark = pytest.mark.django_db

WEEK = timedelta(days=7)


def content(**others) -> CircularContent:
    return CircularContent(**{
        "subject": "แนวทางปฏิบัติการควบคุมดูแลการใช้รหัสผู้ใช้งาน",
        "mark": "มท 0808.4/ว",
        "dated": date(2019, 7, 1),
        "date_precision": DatePrecision.MONTH,
        "body": "จึงเรียนมาเพื่อโปรดทราบ",
        **others,
    })  # fmt: skip


def signed_in(subject) -> Client:
    client = Client()
    answer = client.post(reverse("identity:sign_in"), {"username": subject.username, "password": PASSWORD})
    assert answer.status_code in {302, 303}
    return client


@pytest.fixture
def town():
    town = factories.a_town()
    with state_change(actor=TEST, at=NOW) as change:
        town.authority.change_to(central_email="saraban@rawai.example")
        change.record("authority.changed", town.authority, organisation_id=None, name="", code="", former="")
    return town


@pytest.fixture
def department():
    return factories.a_desk_officer(Desk.DEPARTMENT)


@pytest.fixture
def province(town):
    return factories.a_desk_officer(Desk.PROVINCE, town.authority.province)


def sent(department, *, at=NOW, **others) -> Circular:
    """A circular that every recipient has got."""
    circular = operations.prepare(actor=actor_of(department), content=content(**others), at=at)
    operations.send(actor=actor_of(department), public_id=circular.public_id, version=1, at=at)
    while not spreading.spread_batch(circular.pk, at=at):
        pass
    return Circular.objects.get(pk=circular.pk)


def receipt_of(circular: Circular, authority: LocalAuthority) -> Receipt:
    return Receipt.objects.get(circular=circular, authority=authority)


def events(name: str, organisation_id: int | None) -> int:
    return AuditEvent.objects.filter(name=name, chain=chain_of(organisation_id)).count()


# --- Prepared and sent ------------------------------------------------------------------------------------------


def test_prepare_reaches_nobody_and_invents_no_number(department, town):
    circular = operations.prepare(actor=actor_of(department), content=content(dated=date(2019, 7, 15)), at=NOW)

    assert (circular.number, circular.dated, circular.is_sent) == ("", date(2019, 7, 1), False)
    assert not Receipt.objects.exists()
    assert events("circular.prepared", None) == 1


def test_prepare_by_anybody_but_the_department_is_refused(town, province):
    for subject in (town.head, town.officer, province):
        with pytest.raises(Denied, match="circulars_are_the_departments"):
            operations.prepare(actor=actor_of(subject), content=content(), at=NOW)

    assert not Circular.objects.exists()


@pytest.mark.parametrize(
    ("others", "reason"),
    [({"body": ""}, "circular_says_nothing"), ({"audience": Audience.PROVINCES}, "circular_has_no_limits")],
)
def test_prepare_what_says_nothing_or_goes_nowhere_is_refused(department, others, reason):
    with pytest.raises(Denied, match=reason):
        operations.prepare(actor=actor_of(department), content=content(**others), at=NOW)


def test_prepare_the_same_page_twice_is_one_circular(department):
    for _time in range(2):
        operations.prepare(actor=actor_of(department), content=content(), public_id="bcdfghjkmnpq", at=NOW)

    assert Circular.objects.count() == 1


def test_correct_takes_only_what_was_shown(department):
    who = actor_of(department)
    circular = operations.prepare(actor=who, content=content(), at=NOW)
    operations.correct(actor=who, public_id=circular.public_id, content=content(subject="ใหม่"), version=1, at=NOW)

    with pytest.raises(Denied, match="circular_changed_since_shown"):
        operations.correct(actor=who, public_id=circular.public_id, content=content(), version=1, at=NOW)
    with pytest.raises(Denied, match="circular_changed_since_shown"):
        operations.send(actor=who, public_id=circular.public_id, version=1, at=NOW)

    assert Circular.objects.get().subject == "ใหม่"


def test_send_writes_nothing_itself_and_leaves_the_rest_to_the_worker(department, town):
    circular = operations.prepare(actor=actor_of(department), content=content(), at=NOW)

    operations.send(actor=actor_of(department), public_id=circular.public_id, version=1, at=NOW)

    circular.refresh_from_db()
    assert (circular.recipients_count, circular.spread_at) == (2, None)
    assert not Receipt.objects.exists()
    assert DBTaskResult.objects.filter(task_path="kunjae.circulars.spreading.spread").count() == 1
    assert events("circular.sent", None) == 1


def test_send_twice_is_refused(department, town):
    circular = sent(department)

    with pytest.raises(Denied, match="circular_sent"):
        operations.send(actor=actor_of(department), public_id=circular.public_id, version=1, at=NOW)


def test_send_to_nobody_is_refused(department):
    circular = operations.prepare(actor=actor_of(department), content=content(), at=NOW)

    with pytest.raises(Denied, match="circular_reaches_nobody"):
        operations.send(actor=actor_of(department), public_id=circular.public_id, version=1, at=NOW)


def test_spread_batch_reaches_each_recipient_once_and_tells_it(department, town, province):
    circular = sent(department, due_date=date(2026, 11, 30))

    assert Receipt.objects.filter(circular=circular).count() == circular.recipients_count == 2
    told = Message.objects.filter(kind="circular")
    assert set(told.values_list("to_address", flat=True)) == {
        "saraban@rawai.example",
        town.head.email,
        province.email,
    }
    assert chain.verify().faults == ()


def test_notices_of_a_circular_wait_behind_every_other_message(department, town):
    sent(department)

    deliveries = DBTaskResult.objects.filter(task_path="kunjae.messaging.delivery.deliver").order_by("-enqueued_at")
    assert {delivery.priority for delivery in deliveries[:2]} == {delivery_module.BULK}
    assert delivery_module.BULK < 0


def test_spread_batch_again_changes_nothing(department, town):
    circular = sent(department)
    before = (Receipt.objects.count(), Message.objects.count(), AuditEvent.objects.count())

    assert spreading.spread_batch(circular.pk, at=NOW + WEEK)

    assert (Receipt.objects.count(), Message.objects.count(), AuditEvent.objects.count()) == before


def test_spread_batch_killed_midway_goes_on_from_the_mark(department, monkeypatch):
    authorities = [factories.a_local_authority(f"ตำบล{number}") for number in range(7)]
    circular = operations.prepare(actor=actor_of(department), content=content(), at=NOW)
    operations.send(actor=actor_of(department), public_id=circular.public_id, version=1, at=NOW)
    assert not spreading.spread_batch(circular.pk, at=NOW, size=3)

    class Killed(Exception):
        pass

    def killed(*_args, **_kwargs):
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(spreading, "_tell", killed)
        with pytest.raises(Killed):
            spreading.spread_batch(circular.pk, at=NOW, size=3)
    assert Receipt.objects.filter(authority__isnull=False).count() == 3
    while not spreading.spread_batch(circular.pk, at=NOW, size=3):
        pass

    assert Receipt.objects.filter(authority__in=authorities).count() == 7
    assert Receipt.objects.filter(province__isnull=False).count() == 1
    circular.refresh_from_db()
    assert circular.spread_at == NOW


def test_spread_queues_its_watch_before_it_begins(department, town):
    circular = operations.prepare(actor=actor_of(department), content=content(), at=NOW)
    operations.send(actor=actor_of(department), public_id=circular.public_id, version=1, at=NOW)

    spreading.spread.func(circular.pk)
    spreading.spread.func(circular.pk)

    waiting = DBTaskResult.objects.filter(task_path="kunjae.circulars.spreading.spread")
    assert waiting.filter(run_after__isnull=False).count() >= 1
    assert waiting.count() == 2  # The first, and its watch; a run after the last batch queues nothing.


def test_send_to_some_reaches_those_and_their_province(department, town):
    city = factories.a_local_authority("ภูเก็ต", Kind.CITY)

    circular = sent(department, audience=Audience.KINDS, limits=(Kind.CITY.value,))

    reached = Receipt.objects.filter(circular=circular)
    assert [receipt.authority_id for receipt in reached if receipt.authority_id] == [city.pk]
    assert reached.filter(province=city.province).count() == 1


def test_circular_with_a_day_but_only_its_month_known_is_refused_by_the_database(department):
    circular = operations.prepare(actor=actor_of(department), content=content(), at=NOW)

    with pytest.raises(IntegrityError), transaction.atomic(), state_change(actor=TEST, at=NOW):
        circular.change_to(dated=date(2019, 7, 15))


def test_fill_in_reference_adds_what_was_unknown_and_nothing_else(department, town):
    circular, who = sent(department), actor_of(department)

    with pytest.raises(Denied, match="circular_day_of_another_month"):
        operations.fill_in_reference(actor=who, public_id=circular.public_id, number="", dated=date(2019, 8, 1), at=NOW)
    operations.fill_in_reference(
        actor=who, public_id=circular.public_id, number="2000", dated=date(2019, 7, 15), at=NOW
    )
    with pytest.raises(Denied, match="circular_reference_known"):
        operations.fill_in_reference(actor=who, public_id=circular.public_id, number="1", dated=None, at=NOW)

    circular.refresh_from_db()
    assert (circular.number, circular.dated) == ("2000", date(2019, 7, 15))


# --- Opened and acknowledged ------------------------------------------------------------------------------------


def test_open_circular_notes_the_first_reader(department, town):
    receipt = receipt_of(sent(department), town.authority)

    operations.open_circular(actor=actor_of(town.officer), receipt_public_id=receipt.public_id, at=NOW)
    operations.open_circular(actor=actor_of(town.head), receipt_public_id=receipt.public_id, at=NOW + WEEK)

    receipt.refresh_from_db()
    assert (receipt.opened_by, receipt.opened_at) == (town.officer.person, NOW)
    assert events("circular.opened", town.authority.pk) == 1


def test_acknowledge_by_the_acting_head_stands_in_the_authoritys_record(department, town):
    receipt = receipt_of(sent(department), town.authority)

    operations.acknowledge(actor=actor_of(town.head), receipt_public_id=receipt.public_id, at=NOW)

    receipt.refresh_from_db()
    assert receipt.acknowledged_by == town.head.person
    assert "รักษาราชการแทน" in receipt.acknowledged_as
    assert receipt.opened_at == NOW
    assert events("circular.acknowledged", town.authority.pk) == 1
    assert chain.verify().faults == ()


def test_acknowledge_twice_is_refused(department, town):
    receipt = receipt_of(sent(department), town.authority)
    operations.acknowledge(actor=actor_of(town.head), receipt_public_id=receipt.public_id, at=NOW)

    with pytest.raises(Denied, match="circular_acknowledged"):
        operations.acknowledge(actor=actor_of(town.head), receipt_public_id=receipt.public_id, at=NOW)


def test_acknowledge_by_anybody_but_the_head_is_refused_and_remembered(department, town, province):
    receipt = receipt_of(sent(department), town.authority)
    other = factories.a_town("กะรน", "karon").head

    for subject in (town.officer, other, province, department):
        with pytest.raises(Denied, match="not_head"):
            operations.acknowledge(actor=actor_of(subject), receipt_public_id=receipt.public_id, at=NOW)

    receipt.refresh_from_db()
    assert receipt.acknowledged_at is None
    assert events("attempt.denied", town.authority.pk) == 4


def test_acknowledge_for_the_province_is_its_officers_alone(department, town, province):
    receipt = Receipt.objects.get(circular=sent(department), province=town.authority.province)

    for subject in (town.head, department):
        with pytest.raises(Denied, match="circular_not_for_you"):
            operations.acknowledge(actor=actor_of(subject), receipt_public_id=receipt.public_id, at=NOW)
    operations.acknowledge(actor=actor_of(province), receipt_public_id=receipt.public_id, at=NOW)

    receipt.refresh_from_db()
    assert receipt.acknowledged_by == province.person


def test_not_acknowledged_names_what_waits_for_authorities_and_for_a_province(department, town):
    circular = sent(department)

    assert [r.circular for r in queries.not_acknowledged(authority_ids=[town.authority.pk])] == [circular]
    assert [r.circular for r in queries.not_acknowledged(province_id=town.authority.province_id)] == [circular]
    operations.acknowledge(
        actor=actor_of(town.head), receipt_public_id=receipt_of(circular, town.authority).public_id, at=NOW
    )
    assert not queries.not_acknowledged(authority_ids=[town.authority.pk])


# --- Reminded ---------------------------------------------------------------------------------------------------


def test_remind_goes_to_the_head_and_the_central_address_once_in_seven_days(department, town, province):
    receipt = receipt_of(sent(department), town.authority)

    operations.remind(actor=actor_of(department), receipt_public_id=receipt.public_id, at=NOW)
    with pytest.raises(Denied, match="reminded_recently"):
        operations.remind(actor=actor_of(province), receipt_public_id=receipt.public_id, at=NOW + WEEK - timedelta(1))
    operations.remind(actor=actor_of(province), receipt_public_id=receipt.public_id, at=NOW + WEEK)

    told = Message.objects.filter(kind="circular_reminder").values_list("to_address", flat=True)
    assert sorted(told) == sorted(["saraban@rawai.example", town.head.email] * 2)
    assert events("circular.reminded", town.authority.pk) == 2


def test_remind_by_another_province_or_an_authority_is_refused(department, town):
    receipt = receipt_of(sent(department), town.authority)
    with state_change(actor=TEST, at=NOW) as change:
        elsewhere = Province.objects.create(code="82", name_th="พังงา", sort_key="x")
        change.record("register.imported", organisation_id=None, rows=0, added=0, changed=0, file_digest="")

    for subject in (factories.a_desk_officer(Desk.PROVINCE, elsewhere), town.head):
        with pytest.raises(Denied, match="circular_not_for_this_desk"):
            operations.remind(actor=actor_of(subject), receipt_public_id=receipt.public_id, at=NOW)


def test_remind_who_has_acknowledged_or_no_address_is_refused(department, town):
    silent = factories.a_local_authority("ไม้ขาว")
    circular = sent(department)
    receipt = receipt_of(circular, town.authority)
    operations.acknowledge(actor=actor_of(town.head), receipt_public_id=receipt.public_id, at=NOW)

    with pytest.raises(Denied, match="circular_acknowledged"):
        operations.remind(actor=actor_of(department), receipt_public_id=receipt.public_id, at=NOW)
    with pytest.raises(Denied, match="nobody_to_remind"):
        operations.remind(actor=actor_of(department), receipt_public_id=receipt_of(circular, silent).public_id, at=NOW)

    assert receipt_of(circular, silent).reminded_at is None


def test_remind_goes_to_the_clerk_where_there_is_no_head(department, town):
    clerk = factories.an_account(town.clerk_post.person, town.authority)
    with state_change(actor=TEST, at=NOW) as change:
        town.tenure.change_to(until_at=NOW + timedelta(hours=1))
        change.record("authority.changed", town.authority, organisation_id=None, name="", code="", former="")
    receipt = receipt_of(sent(department, at=NOW + WEEK), town.authority)

    operations.remind(actor=actor_of(department), receipt_public_id=receipt.public_id, at=NOW + WEEK)

    told = Message.objects.filter(kind="circular_reminder").values_list("to_address", flat=True)
    assert set(told) == {"saraban@rawai.example", clerk.email}


def test_remind_all_reminds_each_once_however_often_it_runs(department, town, province):
    circular = sent(department)
    operations.remind_all(actor=actor_of(department), public_id=circular.public_id, at=NOW)

    for _time in range(3):
        spreading.remind_batch(circular.pk, at=NOW)

    assert Message.objects.filter(kind="circular_reminder").count() == 3
    with pytest.raises(Denied, match="nobody_left_to_remind"):
        operations.remind_all(actor=actor_of(department), public_id=circular.public_id, at=NOW)
    assert queries.to_be_reminded(circular.pk, at=NOW + WEEK).count() == 2


# --- Followed up ------------------------------------------------------------------------------------------------


def test_follow_up_narrows_down_by_province_kind_state_and_words(department, town):
    city = factories.a_local_authority("ภูเก็ต", Kind.CITY)
    circular = sent(department)
    operations.acknowledge(
        actor=actor_of(town.head), receipt_public_id=receipt_of(circular, town.authority).public_id, at=NOW
    )

    def found(**narrowed) -> set[int | None]:
        rows = queries.follow_up(circular.pk, Selection(**narrowed), province_id=None)
        return {row.authority_id for row in rows}

    assert found() == {town.authority.pk, city.pk, None}
    assert found(kind=Kind.CITY) == {city.pk}
    assert found(kind=queries.PROVINCES_ALONE) == {None}
    assert found(state="acknowledged") == {town.authority.pk}
    assert found(state="waiting") == {city.pk, None}
    assert found(words="ราไวย์") == {town.authority.pk}
    assert found(province="10") == set()
    assert queries.figures(circular.pk) == {"total": 3, "acknowledged": 1, "opened": 0, "unopened": 2, "waiting": 2}


@pytest.mark.parametrize("file_format", ["csv", "xlsx"])
def test_export_follow_up_gives_a_province_its_own_and_is_recorded(department, town, province, file_format):
    circular = sent(department)

    file = operations.export_follow_up(
        actor=actor_of(province), circular=circular, selection=Selection(), file_format=file_format, language="th",
        at=NOW,
    )  # fmt: skip

    assert file.plain_name.endswith(file_format)
    if file_format == "csv":
        lines = file.content.decode("utf-8-sig").splitlines()
        assert len(lines) == 2
        assert town.authority.full_name in lines[1]
    assert events("circular.follow_up_exported", None) == 1


# --- Pages ------------------------------------------------------------------------------------------------------


def test_pages_of_the_desk_take_a_circular_from_draft_to_follow_up(department, town):
    client = signed_in(department)
    form = {
        "subject": "เรื่องทดสอบ", "month": "7", "year": "๒๕๖๒", "body": "เนื้อความ", "audience": "all",
        "page": "bcdfghjkmnpq", "number": "", "day": "", "clauses": "", "mark": "มท 0808.4/ว",
    }  # fmt: skip

    refused = client.post(reverse("circulars:new"), {**form, "subject": "", "body": ""})
    prepared = client.post(reverse("circulars:new"), form)
    circular = Circular.objects.get()
    ask = client.get(reverse("circulars:sending", args=[circular.public_id]))
    going = client.post(reverse("circulars:sending", args=[circular.public_id]), {"version": "1"})

    assert refused.status_code == 422
    assert prepared.status_code == going.status_code == 303
    assert "<dd>1</dd>" in ask.content.decode()
    assert (circular.dated, circular.date_precision) == (date(2019, 7, 1), "month")
    shown = client.get(reverse("circulars:circular", args=[circular.public_id])).content.decode()
    assert "0 จาก 2" in shown
    spreading.spread_batch(circular.pk, at=NOW)
    page = client.get(reverse("circulars:follow_up", args=[circular.public_id])).content.decode()
    assert town.authority.full_name in page
    assert "กรกฎาคม\u00a02562" in page
    answer = client.post(reverse("circulars:csv", args=[circular.public_id]), {"state": "unopened"})
    assert answer.status_code == 200
    assert client.post(reverse("circulars:csv", args=[circular.public_id]), {"state": "x"}).status_code == 422


def test_page_of_the_desk_takes_a_scan_and_shows_its_pages(department, town):
    client = signed_in(department)
    answer = client.post(
        reverse("circulars:new"),
        {
            "subject": "เรื่องทดสอบ", "month": "7", "year": "2562", "audience": "all",
            "file": SimpleUploadedFile("letter.pdf", a_scan("circular")),
        },
    )  # fmt: skip

    assert answer.status_code == 303, answer.content.decode()
    circular = Circular.objects.get()
    assert circular.file is not None
    page = client.get(reverse("circulars:desk_page", args=[circular.public_id, 1]))
    assert page.status_code == 200
    assert client.get(reverse("circulars:desk_page", args=[circular.public_id, 2])).status_code == 404


def test_get_of_a_letter_notes_nothing_and_hides_its_text(department, town):
    receipt = receipt_of(sent(department), town.authority)
    client = signed_in(town.head)
    url = reverse("circulars:letter", args=[receipt.public_id])

    closed = client.get(url).content.decode()
    receipt.refresh_from_db()
    assert receipt.opened_at is None
    assert "จึงเรียนมา" not in closed
    assert client.post(reverse("circulars:read", args=[receipt.public_id])).status_code == 303
    opened = client.get(url).content.decode()
    done = client.post(reverse("circulars:acknowledge", args=[receipt.public_id]))

    assert "จึงเรียนมา" in opened
    assert done.status_code == 303
    receipt.refresh_from_db()
    assert receipt.acknowledged_by == town.head.person
    assert client.post(reverse("circulars:acknowledge", args=[receipt.public_id])).status_code == 303


def test_officer_reads_but_is_refused_to_acknowledge(department, town):
    receipt = receipt_of(sent(department), town.authority)
    client = signed_in(town.officer)

    client.post(reverse("circulars:read", args=[receipt.public_id]))
    page = client.get(reverse("circulars:letter", args=[receipt.public_id]))
    answer = client.post(reverse("circulars:acknowledge", args=[receipt.public_id]))

    assert page.status_code == 200
    assert reverse("circulars:acknowledge", args=[receipt.public_id]) not in page.content.decode()
    assert answer.status_code == 422
    receipt.refresh_from_db()
    assert receipt.acknowledged_at is None


def test_letter_of_another_authority_does_not_exist(department, town):
    receipt = receipt_of(sent(department), town.authority)
    client = signed_in(factories.a_town("กะรน", "karon").head)

    for name in ("letter", "read", "acknowledge"):
        url = reverse(f"circulars:{name}", args=[receipt.public_id])
        assert (client.post if name != "letter" else client.get)(url).status_code == 404


def test_province_acknowledges_follows_its_own_and_reminds(department, town, province):
    circular = sent(department)
    own = Receipt.objects.get(circular=circular, province=town.authority.province)
    receipt, client = receipt_of(circular, town.authority), signed_in(province)

    client.post(reverse("circulars:province_read", args=[own.public_id]))
    client.post(reverse("circulars:province_acknowledge", args=[own.public_id]))
    reminded = client.post(reverse("circulars:province_remind", args=[own.public_id, receipt.public_id]))
    again = client.post(reverse("circulars:province_remind", args=[own.public_id, receipt.public_id]))
    page = client.get(reverse("circulars:province_follow_up", args=[own.public_id])).content.decode()

    own.refresh_from_db()
    assert own.acknowledged_by == province.person
    assert (reminded.status_code, again.status_code) == (303, 422)
    assert town.authority.full_name in page
    assert client.get(reverse("circulars:index")).status_code == 404


def test_follow_up_of_the_nation_asks_few_questions(department, town, django_assert_max_num_queries):
    with state_change(actor=TEST, at=NOW) as change:
        LocalAuthority.objects.bulk_create(
            LocalAuthority(
                code=f"{9000000 + number}", kind=Kind.TOWN, name_th=f"ทดสอบ{number}",
                district=town.authority.district, province=town.authority.province, search_key="x", sort_key="x",
            )
            for number in range(300)
        )  # fmt: skip
        change.record("register.imported", organisation_id=None, rows=0, added=0, changed=0, file_digest="")
    circular, client = sent(department), signed_in(department)
    client.get(reverse("circulars:index"))

    with django_assert_max_num_queries(12):
        answer = client.get(reverse("circulars:follow_up", args=[circular.public_id]) + "?state=waiting&page=3")

    assert answer.status_code == 200
