"""The national register: what it brings in, what it changes, and every way in which a file is refused."""

import csv
import io
import json
import os
from collections import Counter
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.utils import translation

from kunjae.audit.chain import UnsealableText
from kunjae.audit.models import AuditEvent
from kunjae.core import reasons
from kunjae.core.actor import Actor, system
from kunjae.core.unacceptable import Unacceptable
from kunjae.core.verdict import Denied
from kunjae.organisations import operations, queries
from kunjae.organisations.models import (
    AuthorityEdition,
    Desk,
    District,
    FinanceHeadTitle,
    Kind,
    LocalAuthority,
    Province,
)
from kunjae.organisations.register import demo_province, generator, reading
from tests import factories
from tests.factories import NOW, TEST, TODAY

pytestmark = pytest.mark.django_db

HEADS = list(reading.COLUMNS)
RAWAI = ["5830107", "เทศบาลตำบล", "ราไวย์", "83", "ภูเก็ต", "8301", "เมืองภูเก็ต"]
KARON = ["5830104", "เทศบาลตำบล", "กะรน", "83", "ภูเก็ต", "8301", "เมืองภูเก็ต"]
KAMALA = ["6830203", "อบต.", "กมลา", "83", "ภูเก็ต", "8302", "กะทู้"]
PATTAYA = ["3200408", "เมืองพัทยา", "เมืองพัทยา", "20", "ชลบุรี", "2004", "บางละมุง"]
LATER = NOW + timedelta(days=30)


def a_file(*rows: list[str], heads: list[str] = HEADS, encoding: str = "utf-8", end: str = "\r\n") -> bytes:
    """A register of these rows."""
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator=end).writerows([heads, *rows])
    return text.getvalue().encode(encoding)


def but(row: list[str], **values: str) -> list[str]:
    """The row with other values in some columns."""
    return [values.get(column, value) for column, value in zip(HEADS, row, strict=True)]


def bring_in(file: bytes, at=NOW, **options):
    return operations.import_register(actor=TEST, file=file, at=at, **options)


def everything() -> list:
    """All that an import may write."""
    tables = (Province, District, LocalAuthority, AuthorityEdition, AuditEvent)
    return [list(table.objects.order_by("pk").values()) for table in tables]


def authority(code: str) -> LocalAuthority:
    return queries.authorities().get(code=code)


def events(name: str) -> list[AuditEvent]:
    return list(AuditEvent.objects.filter(name=name).order_by("pk"))


# --- What comes in ----------------------------------------------------------------------------------------------


def test_import_register_brings_in_the_demo_province():
    outcome = bring_in(demo_province.phuket())

    assert (outcome.rows, outcome.added, outcome.changed, outcome.unchanged) == (19, 19, 0, 0)
    rawai = authority("5830107")
    assert (rawai.full_name, rawai.place) == ("เทศบาลตำบลราไวย์", "อำเภอเมืองภูเก็ต จังหวัดภูเก็ต")
    edition = rawai.editions.get()
    assert (edition.code, edition.from_date, edition.until_date) == ("5830107", TODAY, None)
    assert outcome.digest in edition.source
    assert rawai.user_id_stem == ""


def test_import_register_is_one_event_that_names_the_file():
    outcome = bring_in(demo_province.phuket())

    (event,) = AuditEvent.objects.all()
    assert (event.name, event.chain) == ("register.imported", "nation")
    assert event.facts["file_digest"] == outcome.digest
    assert (event.facts["rows"], event.facts["added"], event.facts["changed"]) == (19, 19, 0)


def test_import_register_twice_changes_nothing():
    bring_in(demo_province.phuket())
    before = everything()

    again = bring_in(demo_province.phuket(), at=LATER)

    assert (again.added, again.changed, again.unchanged) == (0, 0, 19)
    assert everything() == before


def test_import_register_dry_writes_nothing_and_tells_all():
    before = everything()

    outcome = bring_in(demo_province.phuket(), dry_run=True)

    assert (outcome.added, outcome.dry_run) == (19, True)
    assert everything() == before


def test_import_register_reads_the_kind_from_its_text_and_never_from_the_code():
    bring_in(a_file(but(RAWAI, lao_code7="6830107"), PATTAYA))

    assert authority("6830107").kind == Kind.SUBDISTRICT_MUNICIPALITY
    assert authority("3200408").full_name == "เมืองพัทยา"


@pytest.mark.parametrize(
    ("kind", "title"),
    [
        ("อบจ.", FinanceHeadTitle.BUREAU),
        ("เทศบาลนคร", FinanceHeadTitle.BUREAU),
        ("เทศบาลเมือง", FinanceHeadTitle.DIVISION),
        ("เทศบาลตำบล", FinanceHeadTitle.DIVISION),
        ("อบต.", FinanceHeadTitle.DIVISION),
    ],
)
def test_import_register_gives_a_new_authority_the_usual_title(kind, title):
    bring_in(a_file(but(RAWAI, type_th=kind)))

    assert authority("5830107").finance_head_title == title


def test_import_register_knows_a_district_by_its_name():
    # As in life: one row of another district carries the code of the provincial capital's.
    bring_in(a_file(RAWAI, KAMALA, but(KARON, amphoe_th="กะทู้")))

    assert authority("5830104").district == authority("6830203").district
    assert District.objects.count() == 2


@pytest.mark.parametrize(
    ("encoding", "told"), [("utf-8", "UTF-8"), ("utf-8-sig", "UTF-8"), ("cp874", "TIS-620"), ("tis-620", "TIS-620")]
)
@pytest.mark.parametrize("end", ["\r\n", "\n"])
def test_import_register_takes_what_thai_offices_save(encoding, told, end):
    outcome = bring_in(a_file(RAWAI, KAMALA, encoding=encoding, end=end))

    assert (outcome.added, outcome.encoding) == (2, told)
    assert authority("5830107").name_th == "ราไวย์"


def test_import_register_says_windows_874_of_a_file_with_its_signs():
    outcome = bring_in(a_file([*RAWAI, "…"], heads=[*HEADS, "note"], encoding="cp874"))

    assert (outcome.added, outcome.encoding) == (1, "Windows-874")


def test_import_register_takes_thai_digits_a_leading_zero_quotes_and_other_orders():
    row = but(RAWAI, lao_code7="๐๕๘๓๐๑๐๗", province_code="๘๓")
    order = [3, 0, 1, 2, 4, 5, 6]
    file = a_file([row[i] for i in order], heads=[HEADS[i] for i in order]).replace(
        "ภูเก็ต,".encode(), '"ภูเก็ต",'.encode(), 1
    )

    bring_in(file + b",,,,,,\r\n\r\n")

    assert authority("5830107").province.code == "83"


def test_import_register_writes_a_name_in_its_one_spelling():
    bring_in(a_file(but(RAWAI, name_th=" เเม่น\u0e4d\u0e32  ")))

    assert authority("5830107").name_th == "แม่นำ"


# --- Renames and upgrades ---------------------------------------------------------------------------------------


def test_import_register_makes_a_rename_history():
    bring_in(a_file(RAWAI, KARON))

    outcome = bring_in(a_file(but(RAWAI, name_th="หาดราไวย์"), KARON), at=LATER)

    assert (outcome.added, outcome.changed, outcome.unchanged) == (0, 1, 1)
    rawai = authority("5830107")
    former, present = rawai.editions.order_by("from_date")
    assert (former.name_th, former.until_date) == ("ราไวย์", present.from_date)
    assert (present.name_th, present.until_date) == ("หาดราไวย์", None)
    (event,) = events("authority.changed")
    assert event.chain == f"o{rawai.pk}"
    assert event.facts["former"] == "เทศบาลตำบลราไวย์"
    assert list(queries.search_authorities("ราไวย์")) == [rawai]


def test_import_register_makes_a_new_kind_and_a_new_district_history():
    bring_in(a_file(RAWAI))

    bring_in(a_file(but(RAWAI, type_th="เทศบาลเมือง", amphoe_th="ราไวย์")), at=LATER)

    rawai = authority("5830107")
    assert (rawai.full_name, rawai.district.name_th) == ("เทศบาลเมืองราไวย์", "ราไวย์")
    assert [edition.full_name for edition in queries.editions_of(rawai.pk)] == ["เทศบาลเมืองราไวย์", "เทศบาลตำบลราไวย์"]
    assert events("authority.changed")[0].facts["former"] == "เทศบาลตำบลราไวย์ อำเภอเมืองภูเก็ต"


def test_import_register_follows_an_upgrade_by_its_former_code():
    bring_in(a_file(RAWAI))
    person = factories.a_person()
    before = authority("5830107")
    post = factories.a_post(person, before, "นักวิชาการเงินและบัญชี")
    upgraded = [*but(RAWAI, lao_code7="4830107", type_th="เทศบาลเมือง"), "5830107"]

    outcome = bring_in(a_file(upgraded, heads=[*HEADS, "former_code"]), at=LATER)

    after = authority("4830107")
    assert (outcome.changed, outcome.missing) == (1, ())
    assert after.pk == before.pk
    assert queries.authority_by_code("05830107") == after
    assert post.authority_id == after.pk
    assert outcome.changes[0].former == "เทศบาลตำบลราไวย์ (5830107)"
    assert list(queries.search_authorities("5830107")) == [after]
    assert bring_in(a_file(upgraded, heads=[*HEADS, "former_code"]), at=LATER).unchanged == 1


def test_import_register_takes_another_code_for_another_authority_unless_told():
    bring_in(a_file(RAWAI))

    outcome = bring_in(a_file(but(RAWAI, lao_code7="4830107", type_th="เทศบาลเมือง")), at=LATER)

    assert (outcome.added, outcome.changed) == (1, 0)
    assert [entry.code for entry in outcome.missing] == ["5830107"]


def test_import_register_reports_who_is_missing_and_removes_nobody():
    bring_in(a_file(RAWAI, KARON))

    outcome = bring_in(a_file(RAWAI), at=LATER)

    assert (outcome.unchanged, [entry.name for entry in outcome.missing]) == (1, ["เทศบาลตำบลกะรน"])
    assert authority("5830104").closed_date is None


def test_import_register_twice_on_one_day_keeps_the_second_name():
    bring_in(a_file(RAWAI))

    bring_in(a_file(but(RAWAI, name_th="หาดราไวย์")))

    assert authority("5830107").editions.get().name_th == "หาดราไวย์"
    assert events("authority.changed")[0].facts["former"] == "เทศบาลตำบลราไวย์"


def test_import_register_tells_a_newcomer_to_a_province_by_an_event_of_its_own():
    bring_in(a_file(RAWAI))

    bring_in(a_file(RAWAI, KARON, PATTAYA), at=LATER)

    # ชลบุรี is loaded for the first time: its one authority is told by the import.
    (event,) = events("authority.added")
    assert (event.facts["code"], event.chain) == ("5830104", f"o{authority('5830104').pk}")
    assert len(events("register.imported")) == 2


def test_import_register_keeps_the_title_that_an_authority_has():
    bring_in(a_file(KAMALA))

    bring_in(a_file(but(KAMALA, type_th="เทศบาลนคร")), at=LATER)

    assert authority("6830203").finance_head_title == FinanceHeadTitle.DIVISION


# --- Who may ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("dry_run", [False, True])
def test_import_register_is_refused_to_a_person_without_the_departments_desk(dry_run):
    person = factories.a_person()
    before = [table.objects.count() for table in (Province, LocalAuthority, AuthorityEdition)]

    with pytest.raises(Denied) as denied:
        operations.import_register(
            actor=Actor("rawai.0001", person_id=person.pk, subject_id=1), file=a_file(RAWAI), at=NOW, dry_run=dry_run
        )

    assert denied.value.reason == "not_at_department_desk"
    assert [table.objects.count() for table in (Province, LocalAuthority, AuthorityEdition)] == before


def test_import_register_is_open_to_the_departments_desk():
    officer = factories.a_desk_officer(Desk.DEPARTMENT)

    outcome = operations.import_register(actor=factories.actor_of(officer), file=a_file(RAWAI), at=NOW)

    assert outcome.added == 1


# --- What is refused --------------------------------------------------------------------------------------------

UPGRADE_HEADS = [*HEADS, "former_code"]
GOOD = a_file(RAWAI, KARON, KAMALA)
HALF = len(GOOD) // 2
BAD = {
    "nothing": (b"", "register_empty", None),
    "blanks": (b" \r\n \n", "register_empty", None),
    "a spreadsheet": (b"PK\x03\x04 and more", "register_spreadsheet", None),
    "an old spreadsheet": (b"\xd0\xcf\x11\xe0 and more", "register_spreadsheet", None),
    "far too much": (b"x" * (reading.SIZE_MAX_MB * 1024 * 1024 + 1), "register_too_large", None),
    "heads only": (a_file(), "register_no_rows", None),
    "half of it": (GOOD[:HALF], "register_cut", 2),
    "half a letter": (GOOD.rstrip()[:-1], "register_cut", 4),
    "all but the last line end": (GOOD.rstrip(), "register_cut", 4),
    "half a line end": (GOOD[:-1], "register_cut", 4),
    "half of it in TIS-620": (a_file(RAWAI, KARON, encoding="tis-620")[:-9], "register_cut", 3),
    "UTF-16": (GOOD.decode().encode("utf-16"), "register_encoding", 1),
    "a byte of something else": (GOOD.replace("กมลา".encode(), b"\xff\xfe", 1), "register_encoding", 4),
    "a UTF-8 letter torn": (GOOD.replace("ก".encode(), b"\xe0\xb8", 1), "register_encoding", 2),
    "a column less": (a_file(RAWAI[:-1], heads=HEADS[:-1]), "register_columns", None),
    "semicolons": (GOOD.replace(b",", b";"), "register_columns", None),
    "no heads": (GOOD.split(b"\r\n", 1)[1], "register_columns", None),
    "a column twice": (a_file([*RAWAI, "x"], heads=[*HEADS, "name_th"]), "register_column_twice", None),
    "a value less": (a_file(RAWAI, KARON[:-1]), "register_cells", 3),
    "a value more": (a_file(RAWAI, [*KARON, "x"]), "register_cells", 3),
    "an open quotation mark": (GOOD.replace(",กะรน".encode(), ',"กะรน'.encode()), "register_quotes", 3),
    "a quotation mark within": (GOOD.replace("กะรน".encode(), 'กะ"รน'.encode()), "register_quotes", 3),
    "text after a quotation": (GOOD.replace("กะรน".encode(), '"กะ"รน'.encode()), "register_quotes", 3),
    "a quotation of quotations": (a_file(RAWAI, but(KARON, name_th='"กะรน"')), "register_quotes", 3),
    "a code twice": (a_file(RAWAI, KARON, RAWAI), "register_code_twice", 4),
    "a code twice, once with a zero": (a_file(RAWAI, but(RAWAI, lao_code7="05830107")), "register_code_twice", 3),
    "no code": (a_file(RAWAI, but(KARON, lao_code7="")), "register_value_missing", 3),
    "a short code": (a_file(RAWAI, but(KARON, lao_code7="583010")), "register_code", 3),
    "a code of letters": (a_file(but(RAWAI, lao_code7="58301O7")), "register_code", 2),
    "a code in Devanagari digits": (a_file(but(RAWAI, lao_code7="५८३०१०७")), "register_code", 2),
    "an unknown kind": (a_file(RAWAI, but(KARON, type_th="เทศบาลหมู่บ้าน")), "register_kind", 3),
    "no kind": (a_file(but(RAWAI, type_th="  ")), "register_value_missing", 2),
    "no name": (a_file(RAWAI, but(KARON, name_th="")), "register_value_missing", 3),
    "a name of marks": (a_file(but(RAWAI, name_th="---")), "register_name", 2),
    "a name of two scripts": (a_file(but(RAWAI, name_th="ราiวย์")), "register_name", 2),
    "a name in Roman letters": (a_file(but(RAWAI, name_th="Rawai")), "register_name", 2),
    "a name in another script": (a_file(but(RAWAI, name_th="ราไวย์ 拉威")), "register_name", 2),
    "a name with markup": (a_file(but(RAWAI, name_th="<b>ราไวย์")), "register_name", 2),
    "a flood of tone marks": (a_file(but(RAWAI, name_th="ราไวย" + "์" * 9)), "register_name", 2),
    "a name of 10,000 letters": (a_file(but(RAWAI, name_th="ก" * 10_000)), "register_too_long", 2),
    "a long district": (a_file(but(RAWAI, amphoe_th="ก" * 81)), "register_too_long", 2),
    "another province's code": (a_file(RAWAI, but(KARON, province_code="82")), "register_province_code", 3),
    "no province's code": (a_file(but(RAWAI, province_code="8x")), "register_province_code", 2),
    "another district's code": (a_file(but(RAWAI, amphoe_code_from_lao_code="8302")), "register_district_code", 2),
    "two names of a province": (a_file(RAWAI, but(KARON, province_th="ภูเกต")), "register_province_name", 3),
    "a zero-width space": (a_file(RAWAI, but(KARON, name_th="กะ\u200bรน")), "register_unprintable", 3),
    "a zero-width joiner in a code": (a_file(but(RAWAI, lao_code7="5830107\u200d")), "register_unprintable", 2),
    "a byte order mark within": (a_file(but(RAWAI, name_th="\ufeffราไวย์")), "register_unprintable", 2),
    "a bidi override": (a_file(but(RAWAI, name_th="\u202eราไวย์\u202c")), "register_unprintable", 2),
    "a bidi isolate in a kind": (a_file(but(RAWAI, type_th="\u2067เทศบาลตำบล")), "register_unprintable", 2),
    "a null": (a_file(but(RAWAI, name_th="ราไวย์\0")), "register_unprintable", 2),
    "a line separator": (a_file(but(RAWAI, name_th="รา\u2028ไวย์")), "register_unprintable", 2),
    "a code and its former code": (
        a_file([*KARON, "5830107"], [*RAWAI, ""], heads=UPGRADE_HEADS), "register_former_listed", 2,
    ),
    "a former code twice": (
        a_file([*RAWAI, "5830199"], [*KARON, "5830199"], heads=UPGRADE_HEADS), "register_former_twice", 3,
    ),
    "a former code that is none": (a_file([*RAWAI, "5830"], heads=UPGRADE_HEADS), "register_code", 2),
}  # fmt: skip


@pytest.mark.parametrize("what", BAD)
def test_import_register_refuses(what):
    file, reason, line = BAD[what]
    before = everything()

    with pytest.raises(Unacceptable) as refused:
        bring_in(file)

    assert refused.value.reason == reason
    assert refused.value.facts.get("line") == line
    assert everything() == before
    with translation.override("en"):
        english = reasons.sentence(refused.value.reason, refused.value.facts)
    with translation.override("th"):
        thai = reasons.sentence(refused.value.reason, refused.value.facts)
    assert thai != english
    assert line is None or (f"ine {line}" in english and f"บรรทัดที่ {line}" in thai)


def test_import_register_refuses_the_last_line_and_writes_none_of_those_before():
    rows = [but(RAWAI, lao_code7=f"58301{number:02d}") for number in range(1, 99)]
    before = everything()

    with pytest.raises(Unacceptable) as refused:
        bring_in(a_file(*rows, but(RAWAI, name_th="")))

    assert refused.value.facts == {"line": 100, "column": "name_th"}
    assert everything() == before


@pytest.mark.parametrize(
    ("row", "former_code", "reason"),
    [
        (but(RAWAI, lao_code7="4830107"), "5830199", "register_former_unknown"),
        (KARON, "5830107", "register_former_other"),
        (but(KAMALA, province_th="ภูเกต"), "", "register_province_known"),
    ],
)
def test_import_register_refuses_what_does_not_fit_what_is_on_record(row, former_code, reason):
    bring_in(a_file(RAWAI, KARON))
    before = everything()

    with pytest.raises(Unacceptable) as refused:
        bring_in(a_file([*row, former_code], heads=UPGRADE_HEADS), at=LATER)

    assert (refused.value.reason, refused.value.facts) == (reason, {"line": 2})
    assert everything() == before


def test_import_register_refuses_an_older_file_after_an_upgrade():
    bring_in(a_file(RAWAI))
    bring_in(a_file([*but(RAWAI, lao_code7="4830107"), "5830107"], heads=UPGRADE_HEADS), at=LATER)
    before = everything()

    with pytest.raises(Unacceptable) as refused:
        bring_in(a_file(RAWAI), at=LATER)

    assert refused.value.reason == "register_code_given_up"
    assert refused.value.facts == {"line": 2, "code": "4830107"}
    assert everything() == before


def test_import_register_takes_a_former_code_that_an_empty_register_cannot_know():
    outcome = bring_in(a_file([*RAWAI, "6830107"], heads=UPGRADE_HEADS))

    assert outcome.added == 1


def test_import_register_is_undone_whole_when_the_record_cannot_be_written():
    before = everything()

    with pytest.raises(UnsealableText):
        operations.import_register(actor=system("with a\x1fseparator"), file=GOOD, at=NOW)

    assert everything() == before


# --- The whole nation -------------------------------------------------------------------------------------------


@pytest.mark.slow
def test_import_register_takes_the_whole_nation():
    file = generator.national_register()

    outcome = bring_in(file)

    assert (outcome.rows, outcome.added) == (7849, 7849)
    assert (Province.objects.count(), LocalAuthority.objects.count()) == (76, 7849)
    assert AuthorityEdition.objects.filter(until_date=None).count() == 7849
    assert bring_in(file).unchanged == 7849
    assert AuditEvent.objects.count() == 1


@pytest.mark.slow
@pytest.mark.skipif("KUNJAE_TEST_REGISTER" not in os.environ, reason="KUNJAE_TEST_REGISTER names no register")
def test_import_register_takes_the_real_register():
    file = Path(os.environ["KUNJAE_TEST_REGISTER"]).read_bytes()
    bring_in(demo_province.phuket())

    outcome = bring_in(file, at=LATER)

    assert (outcome.rows, outcome.added, outcome.changed, outcome.unchanged) == (7849, 7830, 0, 19)
    assert events("authority.added") == []
    assert authority("6130408").kind == Kind.SUBDISTRICT_MUNICIPALITY


@pytest.mark.slow
def test_generator_makes_the_nations_shape_and_the_same_each_time():
    rows = reading.read(generator.national_register()).rows
    pairs = [(row.kind, row.name_th) for row in rows]

    assert generator.national_register() == generator.national_register()
    assert Counter(row.kind for row in rows) == {
        Kind.PROVINCIAL: 76, Kind.CITY: 30, Kind.TOWN: 195, Kind.SUBDISTRICT_MUNICIPALITY: 2247,
        Kind.SUBDISTRICT_ORGANISATION: 5300, Kind.PATTAYA: 1,
    }  # fmt: skip
    assert len({(row.province_code, row.district_th) for row in rows}) == 878
    # 658 in the real one: whoever shows a name must show its district and province too.
    assert 500 < sum(times > 1 for times in Counter(pairs).values()) < 800


# --- The command ------------------------------------------------------------------------------------------------


@pytest.fixture
def phuket_file(tmp_path):
    file = tmp_path / "phuket.csv"
    file.write_bytes(demo_province.phuket())
    return file


def test_command_says_in_plain_words_what_it_did(phuket_file, capsys):
    call_command("import_register", str(phuket_file))

    told = capsys.readouterr()
    assert told.out.splitlines() == ["19 authorities: 19 new, 0 changed, 0 unchanged"]
    assert "19 of 19 authorities written" in told.err
    assert events("register.imported")[0].actor == system("import-register").name


def test_command_says_what_changed_what_is_missing_and_in_which_encoding(tmp_path, phuket_file, capsys):
    call_command("import_register", str(phuket_file))
    file = tmp_path / "newer.csv"
    file.write_bytes(a_file(but(RAWAI, name_th="หาดราไวย์"), encoding="tis-620"))
    capsys.readouterr()

    call_command("import_register", str(file))

    lines = capsys.readouterr().out.splitlines()
    assert lines[:4] == [
        "1 authority: 0 new, 1 changed, 0 unchanged",
        "The file is in TIS-620; it was accepted so.",
        "  5830107 เทศบาลตำบลหาดราไวย์ ← เทศบาลตำบลราไวย์",
        "18 authorities on record are not in the file and stay as they are:",
    ]
    assert len(lines) == 4 + 18


def test_command_speaks_thai_when_asked(phuket_file, capsys):
    call_command("import_register", str(phuket_file), "--language", "th", "--dry-run")

    assert capsys.readouterr().out.splitlines() == [
        "อปท. 19 แห่ง: เพิ่มใหม่ 19 เปลี่ยนแปลง 0 คงเดิม 0",
        "ไม่ได้บันทึกข้อมูลใด เพราะเป็นการทดลองนำเข้า",
    ]
    assert not LocalAuthority.objects.exists()


def test_command_answers_a_program_in_json(phuket_file, capsys):
    call_command("import_register", str(phuket_file), "--json")

    answer = json.loads(capsys.readouterr().out)
    assert (answer["rows"], answer["added"], answer["encoding"], answer["missing"]) == (19, 19, "UTF-8", [])


def test_command_refuses_in_one_sentence(tmp_path, capsys):
    file = tmp_path / "cut.csv"
    file.write_bytes(GOOD[:HALF])

    with pytest.raises(
        CommandError, match=r"^The file breaks off in line 2, so it did not arrive whole\. Fetch it again\.$"
    ):
        call_command("import_register", str(file), "--json")

    assert json.loads(capsys.readouterr().out)["line"] == 2
    assert not LocalAuthority.objects.exists()


def test_command_refuses_a_file_that_is_not_there(tmp_path):
    with pytest.raises(CommandError, match=r"cannot be read"):
        call_command("import_register", str(tmp_path / "none.csv"))


def test_generate_command_writes_once_and_never_over_a_file(tmp_path, capsys):
    file = tmp_path / "nation.csv"
    call_command("generate_register", str(file))

    assert capsys.readouterr().out == f"7,849 made-up authorities were written to {file}\n"
    with pytest.raises(CommandError, match="exists already"):
        call_command("generate_register", str(file))
