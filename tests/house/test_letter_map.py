"""docs/letter.md and docs/threat-model.md tell the truth: every address, function, file and test in them exists."""

import ast
import re
from functools import cache
from importlib import import_module
from pathlib import Path

import pytest

from tests.house.routes import routes

ROOT = Path(__file__).resolve().parents[2]
CODE = re.compile(r"`([^`]+)`")
TEST = re.compile(r"tests/[\w/]+\.py::\w+")
FUNCTION = re.compile(r"[a-z_]+(?:\.[a-z_0-9]+)+")
#: Every id of the requirements.
IDS = [
    *(f"L-{number:02}" for number in (*range(1, 9), *range(10, 14), 20, 21, 22, *range(30, 35), *range(40, 44))),
    *(f"L-{number}" for number in range(50, 54)),
    *(f"A1-{number:02}" for number in range(1, 20)),
    *(f"A2-{number:02}" for number in range(1, 12)),
    *(f"N-{number:02}" for number in range(1, 6)),
]


def _rows() -> list[tuple[str, str, str, str, str]]:
    rows = []
    for line in (ROOT / "docs" / "letter.md").read_text(encoding="utf-8").splitlines():
        cells = tuple(cell.strip() for cell in line.strip().strip("|").split("|"))
        if line.startswith("|") and cells[0] not in {"Id", "---"}:
            assert len(cells) == 5, line
            rows.append(cells)
    return rows


ROWS = _rows()
by_clause = pytest.mark.parametrize(
    ("screen", "functions", "tests"), [row[2:] for row in ROWS], ids=[row[0] for row in ROWS]
)


@cache
def _tests_in(file: str) -> set[str]:
    path = ROOT / file
    tree = ast.parse(path.read_text(encoding="utf-8")) if path.is_file() else ast.Module([], [])
    return {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}


@cache
def _addresses() -> set[str]:
    return {_blank(f"/{route.pattern}") for route in routes()}


def _blank(address: str) -> str:
    return re.sub(r"<[^>]+>", "<>", address)


def test_every_clause_stands_in_the_map_once():
    assert [row[0] for row in ROWS] == IDS


@by_clause
def test_a_clause_is_kept_by_a_function_and_a_test_or_says_why_not(screen, functions, tests):
    if not screen.startswith("not yet: "):
        assert screen
        assert CODE.findall(functions)
        assert CODE.findall(tests)


@by_clause
def test_named_addresses_exist(screen, functions, tests):
    unknown = [address for address in CODE.findall(screen) if _blank(address) not in _addresses()]

    assert unknown == []


@by_clause
def test_named_functions_exist(screen, functions, tests):
    for name in CODE.findall(functions):
        assert FUNCTION.fullmatch(name), name
        module, _, function = name.rpartition(".")
        assert callable(getattr(import_module(f"kunjae.{module}"), function, None)), name


@by_clause
def test_named_tests_exist(screen, functions, tests):
    for name in CODE.findall(tests):
        assert TEST.fullmatch(name), name
        file, _, test = name.partition("::")
        assert test in _tests_in(file), name


# --- The threat model -------------------------------------------------------------------------------------------

THREATS = [
    [cell.strip() for cell in line.strip("|").split("|")]
    for line in (ROOT / "docs" / "threat-model.md").read_text(encoding="utf-8").splitlines()
    if line.startswith("| T-")
]
by_threat = pytest.mark.parametrize(
    ("stopped_by", "proved_by"), [row[3:] for row in THREATS], ids=[r[0] for r in THREATS]
)


def test_every_threat_stands_in_the_model_once():
    assert [row[0][:4] for row in THREATS] == [f"T-{number:02}" for number in range(1, 36)]


@by_threat
def test_a_threat_is_stopped_and_proved_or_is_said_to_be_open(stopped_by, proved_by):
    assert CODE.findall(proved_by) or stopped_by.startswith(("not yet", "partly"))


@by_threat
def test_files_against_a_threat_exist(stopped_by, proved_by):
    files = [name for name in CODE.findall(stopped_by) if name.endswith(".py")]

    assert [name for name in files if not (ROOT / "src" / "kunjae" / name).is_file()] == []


@by_threat
def test_tests_against_a_threat_exist(stopped_by, proved_by):
    for name in CODE.findall(proved_by):
        file, _, test = name.partition("::")
        assert _tests_in(file) if not test else test in _tests_in(file), name
