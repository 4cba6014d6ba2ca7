# ruff: noqa: PT012 (a change is a block, so what raises stands in one)
"""The record: written with each change or not at all, refused to be changed, and found out if it was."""

import io
import json
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import DatabaseError, connection, transaction
from django.template.loader import render_to_string
from django.test import RequestFactory
from django.utils import translation

from kunjae.audit import chain, queries, sentences
from kunjae.audit.change import (
    UnknownEvent,
    UnrecordedChange,
    WriteOutsideOperation,
    canonical_json,
    in_change,
    require_open_change,
    state_change,
)
from kunjae.audit.events import CATALOGUE, WORDS, blanks_of, declare, declare_words
from kunjae.audit.models import AuditEvent, ChainHead
from kunjae.core.actor import Actor, system, visitor
from kunjae.core.verdict import Denied, Verdict
from kunjae.organisations.models import Province

pytestmark = pytest.mark.django_db

AT = datetime(2026, 10, 5, 3, 31, tzinfo=UTC)
SOMCHAI = Actor("somchai", person_id=7, subject_id=7, address="10.0.0.7")
ONE, OTHER = 11, 12


def happened(*, organisation_id: int | None = ONE, at: datetime = AT, actor: Actor = SOMCHAI, **options) -> None:
    """Record one event that changes nothing."""
    with state_change(actor=actor, at=at) as change:
        change.record("unit.added", organisation_id=organisation_id, **{"unit": "กองคลัง"} | options)


def make_province(code: str = "83") -> Province:
    return Province.objects.create(code=code, name_th="ภูเก็ต", sort_key="ภูเก็ต")


@contextmanager
def as_a_forger():
    """Work on the table as its owner may, with the triggers off."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("ALTER TABLE audit_auditevent DISABLE TRIGGER USER")
            yield cursor
            cursor.execute("ALTER TABLE audit_auditevent ENABLE TRIGGER USER")
            return
        cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'audit_auditevent'")
        triggers = cursor.fetchall()
        for name, _sql in triggers:
            cursor.execute(f"DROP TRIGGER {name}")
        yield cursor
        for _name, sql in triggers:
            cursor.execute(sql)


def faults(**options) -> list[tuple[str, int, str]]:
    return [(fault.chain, fault.sequence, fault.what) for fault in chain.verify(**options).faults]


# --- The one way of writing -------------------------------------------------------------------------------------


def test_a_change_writes_its_rows_and_its_event_together():
    with state_change(actor=SOMCHAI, at=AT) as change:
        province = make_province()
        change.record("unit.added", province, organisation_id=ONE, subject_person_id=9, case="0001/2570", unit="กองคลัง")

    event = AuditEvent.objects.get()
    assert (event.chain, event.sequence, event.name, event.at) == ("o11", 1, "unit.added", AT)
    assert (event.actor, event.actor_person_id, event.address) == ("somchai", 7, "10.0.0.7")
    assert (event.target, event.subject_person_id, event.case) == (
        f"organisations.province:{province.pk}",
        9,
        "0001/2570",
    )
    assert event.facts == {"unit": "กองคลัง"}
    assert ChainHead.objects.get().seal == event.seal


def test_a_change_that_fails_leaves_neither_row_nor_event():
    with pytest.raises(ZeroDivisionError), state_change(actor=SOMCHAI, at=AT) as change:
        make_province()
        change.record("unit.added", organisation_id=ONE, unit="กองคลัง")
        raise ZeroDivisionError

    assert not Province.objects.exists()
    assert not AuditEvent.objects.exists()
    assert not in_change()


def test_a_change_whose_event_cannot_be_written_is_undone():
    with pytest.raises(chain.UnsealableText), state_change(actor=SOMCHAI, at=AT) as change:
        make_province()
        change.record("unit.added", organisation_id=ONE, case="a\x1fb", unit="กองคลัง")

    assert not Province.objects.exists()
    assert not AuditEvent.objects.exists()


def test_a_change_without_an_event_is_undone():
    with pytest.raises(UnrecordedChange), state_change(actor=SOMCHAI, at=AT):
        make_province()

    assert not Province.objects.exists()


def test_an_event_that_is_not_in_the_catalogue_is_refused():
    with pytest.raises(UnknownEvent), state_change(actor=SOMCHAI, at=AT) as change:
        change.record("unit.exploded", organisation_id=ONE)

    assert not AuditEvent.objects.exists()


def test_an_event_that_lacks_a_fact_of_its_sentence_is_refused():
    with pytest.raises(UnknownEvent, match="unit"), state_change(actor=SOMCHAI, at=AT) as change:
        change.record("unit.added", organisation_id=ONE)


def test_changes_within_changes_are_one():
    with state_change(actor=SOMCHAI, at=AT) as outer:
        happened(unit="inner")
        outer.record("unit.added", organisation_id=OTHER, unit="outer")
        happened(unit="last")
        assert not AuditEvent.objects.exists()

    recorded = AuditEvent.objects.order_by("pk").values_list("chain", "sequence", "facts_json")
    assert list(recorded) == [
        ("o11", 1, '{"unit":"inner"}'),
        ("o12", 1, '{"unit":"outer"}'),
        ("o11", 2, '{"unit":"last"}'),
    ]
    assert chain.verify().faults == ()


def test_an_inner_change_that_failed_leaves_no_event_in_the_outer_one():
    with state_change(actor=SOMCHAI, at=AT) as outer:
        with pytest.raises(ZeroDivisionError), state_change(actor=SOMCHAI, at=AT) as inner:
            make_province()
            inner.record("unit.added", organisation_id=ONE, unit="inner")
            raise ZeroDivisionError
        outer.record("unit.added", organisation_id=ONE, unit="outer")

    assert [event.facts["unit"] for event in AuditEvent.objects.all()] == ["outer"]
    assert not Province.objects.exists()


def test_an_inner_change_must_record_too():
    with pytest.raises(UnrecordedChange), state_change(actor=SOMCHAI, at=AT) as outer:
        outer.record("unit.added", organisation_id=ONE, unit="outer")
        with state_change(actor=SOMCHAI, at=AT):
            make_province()


def test_a_refused_attempt_changes_nothing_but_is_remembered():
    with pytest.raises(Denied, match="own_request"), state_change(actor=SOMCHAI, at=AT) as change:
        make_province()
        change.record("unit.added", organisation_id=ONE, unit="กองคลัง")
        Verdict("own_request").enforce()

    event = AuditEvent.objects.get()
    assert (event.name, event.chain, event.actor) == ("attempt.denied", "nation", "somchai")
    assert event.facts["reason"] == "own_request"
    assert not Province.objects.exists()


def test_a_refused_attempt_is_remembered_where_the_refusal_says_and_once():
    denied = Denied("group_not_in_force", {"organisation_id": ONE, "group": "เจ้าหน้าที่การเงิน"})
    with pytest.raises(Denied), state_change(actor=SOMCHAI, at=AT), state_change(actor=SOMCHAI, at=AT):
        raise denied

    event = AuditEvent.objects.get()
    assert event.chain == "o11"
    assert event.facts == {"reason": "group_not_in_force", "reason_facts": {"group": "เจ้าหน้าที่การเงิน"}}


# --- The guard --------------------------------------------------------------------------------------------------


def test_rows_are_not_written_outside_a_change():
    with state_change(actor=SOMCHAI, at=AT) as change:
        province = make_province()
        change.record("unit.added", organisation_id=ONE, unit="กองคลัง")

    attempts = [
        make_province,
        lambda: Province.objects.bulk_create([Province(code="84")]),
        lambda: Province.objects.update(name_th="ระนอง"),
        lambda: Province.objects.bulk_update([province], ["name_th"]),
        lambda: Province.objects.get_or_create(code="85"),
        lambda: Province.objects.update_or_create(code="83", defaults={"name_th": "ระนอง"}),
        lambda: Province.objects.all().delete(),
        province.save,
        province.delete,
        lambda: province.change_to(name_th="ระนอง"),
        lambda: require_open_change("anything"),
    ]
    for attempt in attempts:
        with pytest.raises(WriteOutsideOperation):
            attempt()

    assert list(Province.objects.values_list("code", "name_th")) == [("83", "ภูเก็ต")]


# --- Append-only ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("statement", ["UPDATE audit_auditevent SET actor = 'x'", "DELETE FROM audit_auditevent"])
def test_the_database_refuses_to_change_the_record(statement):
    happened()

    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)

    assert AuditEvent.objects.get().actor == "somchai"


# --- The seal ---------------------------------------------------------------------------------------------------


def test_the_seal_can_be_recomputed_by_anybody():
    happened(case="0001/2570")

    event = AuditEvent.objects.get()
    assert event.seal == chain.seal_of(
        "kunjae",
        ("o11", 1, "2026-10-05T03:31:00.000000", "unit.added", "somchai", 7, "10.0.0.7", "", None, "0001/2570",
         '{"unit":"กองคลัง"}'),
    )  # fmt: skip


def test_chains_of_every_kind_of_value_verify():
    bangkok = datetime.fromisoformat("2026-10-05T10:31:00.000001+07:00")
    for at in (
        AT,
        AT + timedelta(microseconds=120_000),
        bangkok,
        datetime(1999, 12, 31, 23, 59, 59, 999_999, tzinfo=UTC),
    ):
        happened(at=at)
        happened(at=at, organisation_id=None, actor=system("import"))
        happened(at=at, organisation_id=OTHER, actor=visitor("activation", address="2001:db8::1"), subject_person_id=0)
    happened(unit='แปลก\n\t\x00\x1f"\\{}%s 😀', day=date(2026, 10, 5), at=AT, nothing=None, number=1.5)

    finding = chain.verify()
    assert finding == chain.Finding(events=13, chains=3, faults=())


def test_an_empty_record_verifies():
    assert chain.verify() == chain.Finding(events=0, chains=0, faults=())


COLUMNS = [
    ("at", "2026-10-05 03:31:00.000001+00"),
    ("name", "unit.removed"),
    ("actor", "somchaj"),
    ("actor_person_id", 8),
    ("actor_person_id", None),
    ("address", "10.0.0.8"),
    ("target", "x"),
    ("subject_person_id", 8),
    ("case", "0002/2570"),
    ("facts_json", '{"unit":"กองช่าง"}'),
    ("seal", "0" * 64),
]


@pytest.mark.parametrize(("column", "value"), COLUMNS)
def test_verify_names_the_row_in_which_one_column_was_altered(column, value):
    for number in range(3):
        happened(unit=str(number))
    happened(organisation_id=OTHER)
    row = AuditEvent.objects.get(chain="o11", sequence=2).pk
    value = value.removesuffix("+00") if connection.vendor == "sqlite" and isinstance(value, str) else value

    with as_a_forger() as cursor:
        cursor.execute(f'UPDATE audit_auditevent SET "{column}" = %s WHERE id = %s', [value, row])  # noqa: S608

    assert chain.verify().faults == (chain.Fault("o11", 2, row, chain.ALTERED),)


def test_verify_finds_a_value_moved_over_the_border_of_two_columns():
    happened(case="0001/2570")
    row = AuditEvent.objects.get().pk

    with as_a_forger() as cursor:
        cursor.execute("""UPDATE audit_auditevent SET address = %s, target = '' WHERE id = %s""", ["10.0.0.7\x1f", row])
    assert faults() == [("o11", 1, chain.ALTERED)]


def test_verify_finds_a_row_altered_together_with_its_own_seal():
    for number in range(3):
        happened(unit=str(number))
    first, second = AuditEvent.objects.filter(sequence__lte=2).order_by("sequence")
    forged = chain.seal_of(
        first.seal,
        (
            "o11",
            2,
            chain.instant_text(second.at),
            second.name,
            "mallory",
            7,
            second.address,
            "",
            None,
            "",
            second.facts_json,
        ),
    )

    with as_a_forger() as cursor:
        cursor.execute("UPDATE audit_auditevent SET actor = 'mallory', seal = %s WHERE id = %s", [forged, second.pk])

    assert faults() == [("o11", 3, chain.ALTERED)]


@pytest.mark.parametrize(("gone", "number"), [([1], 1), ([2], 2), ([2, 3], 2)])
def test_verify_names_the_number_of_a_missing_row(gone, number):
    for _ in range(4):
        happened()

    with as_a_forger():
        AuditEvent.objects.filter(sequence__in=gone).delete()

    assert faults() == [("o11", number, chain.MISSING)]


@pytest.mark.parametrize(("gone", "number"), [([4], 4), ([3, 4], 3), ([1, 2, 3, 4], 1)])
def test_verify_tells_where_the_tail_was_cut(gone, number):
    for _ in range(4):
        happened()
    happened(organisation_id=OTHER)

    with as_a_forger():
        AuditEvent.objects.filter(chain="o11", sequence__in=gone).delete()

    assert faults() == [("o11", number, chain.CUT)]
    assert faults(since=AT + timedelta(days=1)) == [("o11", number, chain.CUT)]


def test_verify_finds_a_row_that_nobody_appended():
    happened()
    event = AuditEvent.objects.get()
    values = ("o11", 2, chain.instant_text(AT), "unit.added", "mallory", None, "", "", None, "", "{}")
    seal = chain.seal_of(event.seal, values)

    forged = AuditEvent.objects.create(
        chain="o11", sequence=2, at=AT, name="unit.added", actor="mallory", facts_json="{}", seal=seal
    )

    assert chain.verify().faults == (chain.Fault("o11", 2, forged.pk, chain.ADDED),)


def test_verify_finds_a_recorded_end_that_is_not_the_end():
    happened()
    ChainHead.objects.update(seal="0" * 64)

    assert faults() == [("o11", 1, chain.END_ALTERED)]


def test_verify_names_the_first_fault_of_each_chain_only():
    for organisation_id in (ONE, OTHER, None):
        for _ in range(5):
            happened(organisation_id=organisation_id)

    with as_a_forger() as cursor:
        cursor.execute("UPDATE audit_auditevent SET actor = 'x' WHERE chain = 'o11' AND sequence IN (2, 4)")
        cursor.execute("DELETE FROM audit_auditevent WHERE chain = 'o12' AND sequence IN (3, 5)")

    finding = chain.verify()
    assert (finding.events, finding.chains) == (13, 3)
    assert [(fault.chain, fault.sequence, fault.what) for fault in finding.faults] == [
        ("o11", 2, chain.ALTERED),
        ("o12", 3, chain.MISSING),
    ]


def test_verify_since_a_day_sees_what_was_done_from_then_on():
    for day in range(5):
        happened(at=AT + timedelta(days=day))
    since = AT + timedelta(days=2)
    assert chain.verify(since=since) == chain.Finding(events=3, chains=1, faults=())

    with as_a_forger() as cursor:
        cursor.execute("UPDATE audit_auditevent SET actor = 'x' WHERE sequence = 1")
    assert faults(since=since) == []
    assert faults() == [("o11", 1, chain.ALTERED)]

    with as_a_forger() as cursor:
        cursor.execute("UPDATE audit_auditevent SET actor = 'x' WHERE sequence = 3")
    assert faults(since=since) == [("o11", 3, chain.ALTERED)]


def test_verify_since_a_day_goes_by_number_where_instants_crossed():
    happened(at=AT)
    happened(at=AT + timedelta(seconds=2))
    happened(at=AT + timedelta(seconds=1))
    happened(at=AT + timedelta(seconds=3))

    assert chain.verify(since=AT + timedelta(seconds=2)) == chain.Finding(events=3, chains=1, faults=())


# --- verify-audit -----------------------------------------------------------------------------------------------


def verify_audit(*words: str) -> str:
    output = io.StringIO()
    call_command("verify_audit", *words, stdout=output)
    return output.getvalue()


def test_verify_audit_counts_and_says_that_the_record_is_whole():
    happened()
    happened(organisation_id=OTHER)

    first, second = verify_audit().splitlines()
    assert first.startswith("2 events in 2 chains, ")
    assert first.endswith(" events/s")
    assert second == "The record is whole."


def test_verify_audit_names_the_row_after_one_byte_was_changed():
    happened()
    row = AuditEvent.objects.get().pk
    with as_a_forger() as cursor:
        cursor.execute("UPDATE audit_auditevent SET facts_json = replace(facts_json, 'ก', 'ข')")

    output = io.StringIO()
    with pytest.raises(SystemExit) as ended:
        call_command("verify_audit", stdout=output)

    assert ended.value.code == 1
    assert f"o11, event 1 (row {row}): altered" in output.getvalue()


def test_verify_audit_speaks_json():
    happened()
    with as_a_forger():
        AuditEvent.objects.all().delete()

    output = io.StringIO()
    with pytest.raises(SystemExit):
        call_command("verify_audit", "--json", stdout=output)

    report = json.loads(output.getvalue())
    assert report["events"] == 0
    assert report["faults"] == [{"chain": "o11", "number": 1, "row": None, "what": "tail cut"}]


@pytest.mark.parametrize("day", ["2026-10-07", "7/10/2569", "๗/๑๐/๒๕๖๙", "07/10/2569", "2569-10-07"])
def test_verify_audit_takes_the_day_as_people_write_it(day):
    happened(at=datetime(2026, 10, 6, 16, 59, tzinfo=UTC))
    happened(at=datetime(2026, 10, 6, 17, 0, tzinfo=UTC))

    assert verify_audit("--since", day).startswith("1 events since 2026-10-07 in 1 chains")


@pytest.mark.parametrize(("day", "sentence"), [
    ("7/10/2026", "Buddhist era: 7/10/2569"), ("31/2/2569", "no day"), ("yesterday", "Write the day"), ("", "Write the day"),
    ("9999-12-32", "no day"),
])  # fmt: skip
def test_verify_audit_refuses_a_day_that_is_none(day, sentence):
    with pytest.raises(CommandError, match=sentence):
        verify_audit("--since", day)


# --- Sentences --------------------------------------------------------------------------------------------------


def the_line(language: str = "en", names=None) -> sentences.Line:
    (line,) = sentences.lines([AuditEvent.objects.latest("pk")], language=language, names_of=names)
    return line


def test_a_sentence_names_the_facts_in_both_languages():
    with state_change(actor=SOMCHAI, at=AT) as change:
        change.record("message.sent", organisation_id=ONE, kind="หนังสือแจ้ง", channel="mail")

    assert the_line("en").text == "A message (หนังสือแจ้ง) was handed over by e-mail"
    assert the_line("th").text == "ส่งอีเมล (หนังสือแจ้ง) แล้ว"


def test_the_actors_of_a_page_are_named_by_one_question():
    asked = []

    def names_of(person_ids):
        asked.append(set(person_ids))
        return {7: "นายสมชาย ใจดี"}

    happened()
    happened(actor=Actor("malee", person_id=8, subject_id=8))
    happened(actor=system("deliver-messages"))
    happened(actor=visitor("activation"))
    with translation.override("th"):
        lines = sentences.lines(AuditEvent.objects.order_by("pk"), language="en", names_of=names_of)

    assert [line.actor for line in lines] == ["นายสมชาย ใจดี", "malee", "The system", "Somebody not signed in"]
    assert asked == [{7, 8}]


def test_days_instants_lists_and_words_are_said_as_people_say_them(monkeypatch):
    monkeypatch.setitem(CATALOGUE, "test.said", CATALOGUE["unit.added"].__class__(
        "test.said", "{day} | {at} | {groups} | {channel} | {nothing} | {number} | {actor}", frozenset()))  # fmt: skip
    with state_change(actor=SOMCHAI, at=AT) as change:
        change.record("test.said", organisation_id=ONE, day=date(2026, 10, 5), at=AT, groups=["การเงิน", "บัญชี"],
                      channel="mail", nothing=None, number=3)  # fmt: skip

    said = the_line("en").text.replace("\u00a0", " ")
    assert said == "5 October 2569 BE | 5 October 2569 BE 10:31 | การเงิน, บัญชี | e-mail | – | 3 | somchai"
    assert the_line("th").text.replace("\u00a0", " ").startswith("5 ตุลาคม 2569 | 5 ตุลาคม 2569 เวลา 10:31 น. | ")


def test_a_refusal_is_said_as_its_sentence_even_without_its_facts():
    with pytest.raises(Denied), state_change(actor=SOMCHAI, at=AT):
        raise Denied("group_not_in_force", {"group": "เจ้าหน้าที่การเงิน"})
    assert "The group เจ้าหน้าที่การเงิน is not in the catalogue" in the_line().text

    happened(unit="x")
    with state_change(actor=SOMCHAI, at=AT) as change:
        change.record("attempt.denied", organisation_id=ONE, reason="group_not_in_force")
    assert "The group … is not in the catalogue" in the_line().text

    with state_change(actor=SOMCHAI, at=AT) as change:
        change.record("attempt.denied", organisation_id=ONE, reason="typed by %(hand)s {somebody}")
    assert the_line().text == "An attempt was refused: typed by %(hand)s {somebody}"


@pytest.mark.parametrize(("name", "facts_json", "said"), [
    ("unit.added", "{}", "The unit … was entered"),
    ("unit.added", "not json", "The unit … was entered"),
    ("unit.added", "[1]", "The unit … was entered"),
    ("unit.added", '{"unit":"{actor} {0} %s"}', "The unit {actor} {0} %s was entered"),
    ("unit.added", '{"unit":{"a":1}}', "The unit {'a': 1} was entered"),
    ("unit.added", '{"unit":"2026-13-45"}', "The unit 2026-13-45 was entered"),
    ("gone.for_good", "{}", "gone.for_good"),
])  # fmt: skip
def test_no_event_is_unsayable(name, facts_json, said):
    event = AuditEvent(chain="o11", sequence=1, at=AT, name=name, actor="x", facts_json=facts_json)

    assert sentences.sentence(event, "en") == said


def test_every_sentence_of_the_catalogue_shows_only_facts_that_its_event_carries():
    for kind in CATALOGUE.values():
        for language in ("en", "th"):
            with translation.override(language):
                assert blanks_of(str(kind.sentence)) <= kind.facts | {"actor"}, kind.name


def test_events_and_words_are_declared_once(monkeypatch):
    with pytest.raises(ValueError, match="twice"):
        declare("unit.added", "again")
    with pytest.raises(ValueError, match="twice"):
        declare_words("channel", {"mail": "letter"})
    declare_words("channel", {"mail": WORDS["channel"]["mail"]})


def test_facts_are_stored_in_one_spelling():
    assert canonical_json({"b": AT, "a": date(2026, 1, 2), "ก": "ข", "c": 1}) == (
        '{"a":"2026-01-02","b":"2026-10-05T03:31:00+00:00","c":1,"ก":"ข"}'
    )


# --- Reading ----------------------------------------------------------------------------------------------------


def test_events_of_an_authority_come_in_pages_newest_first():
    for number in range(7):
        happened(unit=str(number))
        happened(organisation_id=OTHER)

    seen, before = [], None
    while True:
        page = queries.events_of(ONE, before=before, limit=3)
        seen.append([event.sequence for event in page.events])
        before = page.before
        if before is None:
            break
        happened(unit="later")

    assert seen == [[7, 6, 5], [4, 3, 2], [1]]


def test_events_of_an_authority_are_found_by_case_person_and_name():
    happened(case="0001/2570")
    happened(subject_person_id=9)
    with state_change(actor=Actor("malee", person_id=9), at=AT) as change:
        change.record("person.registered", organisation_id=ONE, person="นางมาลี")
    happened(organisation_id=OTHER, case="0001/2570", subject_person_id=9)

    def numbers(**filters):
        return [event.sequence for event in queries.events_of(ONE, **filters).events]

    assert numbers(case="0001/2570") == [1]
    assert numbers(person_id=9) == [3, 2]
    assert numbers(name="person.registered") == [3]
    assert numbers(name="person.registered", person_id=7) == []
    assert queries.events_of(99).events == []


def test_the_timeline_of_a_case_is_in_the_order_of_things():
    happened(case="0001/2570", unit="first")
    happened(case="0002/2570")
    happened(case="0001/2570", unit="second")

    assert [event.facts["unit"] for event in queries.timeline(ONE, "0001/2570")] == ["first", "second"]


def test_the_partial_shows_a_page_and_leads_to_the_next_one():
    happened(unit="<b>กองคลัง</b>")
    request = RequestFactory().get("/record/?name=unit.added")
    lines = sentences.lines(AuditEvent.objects.all(), language="en")

    with translation.override("en"):
        page = render_to_string("audit/_events.html", {"lines": lines, "before": 17}, request)
        nothing = render_to_string("audit/_events.html", {"lines": []}, request)

    assert "The unit &lt;b&gt;กองคลัง&lt;/b&gt; was entered" in page
    assert "?name=unit.added&amp;before=17" in page
    assert "Nothing is on record here" in nothing


# --- The written reference --------------------------------------------------------------------------------------


def test_write_reference_writes_both_pages_and_knows_when_they_are_stale(tmp_path):
    call_command("write_reference", folder=tmp_path, stdout=io.StringIO())
    events, reasons = (tmp_path / "events.md").read_text(), (tmp_path / "reasons.md").read_text()
    assert "| `unit.added` | " in events
    assert "The unit {unit} was entered | unit |" in events
    assert "| `group_not_in_force` | " in reasons
    assert "The group {group} is not in the catalogue" in reasons
    call_command("write_reference", folder=tmp_path, check=True)

    (tmp_path / "events.md").write_text(events.replace("unit.added", "unit.addled"))

    with pytest.raises(CommandError, match=r"events\.md"):
        call_command("write_reference", folder=tmp_path, check=True)


# --- The role of the program ------------------------------------------------------------------------------------


@pytest.mark.skipif(connection.vendor != "sqlite", reason="says so on SQLite only")
def test_prepare_database_has_nothing_to_do_on_sqlite():
    output = io.StringIO()
    call_command("prepare_database", stdout=output)

    assert output.getvalue().startswith("Nothing to do: SQLite has no roles.")
