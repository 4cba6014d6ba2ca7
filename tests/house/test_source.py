"""Rules of the house that can be read off the source (CONTRIBUTING.md)."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

SOURCE = Path(__file__).resolve().parents[2] / "src" / "kunjae"
FILES = [file for file in sorted(SOURCE.rglob("*.py")) if "migrations" not in file.parts]
FORBIDDEN_NAMES = {"utils", "helpers", "services", "managers", "signals", "common", "misc"}
FORBIDDEN_IMPORTS = {
    "django.forms.ModelForm",
    "django.forms.models",
    "django.dispatch",
    "django.db.models.signals",
    "django.contrib.auth.signals",
    "django.contrib.admin",
}
# Who may look at a clock: what stands between the world and the domain.
READS_THE_CLOCK = {"views", "middleware", "tasks", "commands", "site", "browser_session"}
CLOCKS = {
    "timezone.now",
    "datetime.now",
    "datetime.utcnow",
    "datetime.today",
    "date.today",
    "time.time",
    "timezone.localdate",
}


def _imports(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def _where(file: Path) -> str:
    return str(file.relative_to(SOURCE))


def test_no_file_is_named_after_nothing():
    named = [_where(path) for path in SOURCE.rglob("*") if path.stem in FORBIDDEN_NAMES and "static" not in path.parts]

    assert named == []


def test_no_model_forms_signals_or_admin():
    found = [
        f"{_where(file)}: {name}"
        for file in FILES
        for name in _imports(ast.parse(file.read_text(encoding="utf-8")))
        if name in FORBIDDEN_IMPORTS
    ]

    assert found == []


def test_no_import_hides_in_a_function():
    found = [
        f"{_where(file)}:{node.lineno}"
        for file in FILES
        for function in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef)
        # An AppConfig may only import its models once every app is known.
        and not (file.name == "apps.py" and function.name == "ready")
        for node in ast.walk(function)
        if isinstance(node, ast.Import | ast.ImportFrom)
    ]

    assert found == []


def _calls_of_the_domain(tree: ast.AST) -> Iterator[ast.Call]:
    """Yield every call outside of tasks: a task is an interface, as a page is."""
    for child in ast.iter_child_nodes(tree):
        if isinstance(child, ast.FunctionDef) and any("task" in ast.unparse(mark) for mark in child.decorator_list):
            continue
        if isinstance(child, ast.Call):
            yield child
        yield from _calls_of_the_domain(child)


def test_the_domain_reads_no_clock():
    found = [
        f"{_where(file)}:{call.lineno}"
        for file in FILES
        if not READS_THE_CLOCK & {*file.relative_to(SOURCE).parts, file.stem}
        for call in _calls_of_the_domain(ast.parse(file.read_text(encoding="utf-8")))
        if ".".join(ast.unparse(call.func).split(".")[-2:]) in CLOCKS
    ]

    assert found == []


@pytest.mark.parametrize("method", ["isdigit", "isnumeric"])
def test_digits_are_read_through_numerals(method):
    # Python's own take the digits of every script (T-16).
    found = [
        f"{_where(file)}:{node.lineno}"
        for file in FILES
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(node, ast.Attribute) and node.attr == method
    ]

    assert found == []


def test_operations_take_actor_and_time_by_keyword():
    found = []
    for file in FILES:
        if "operations" not in {*file.relative_to(SOURCE).parts, file.stem}:
            continue
        for function in ast.parse(file.read_text(encoding="utf-8")).body:
            if not isinstance(function, ast.FunctionDef) or function.name.startswith("_"):
                continue
            calls = {ast.unparse(node.func) for node in ast.walk(function) if isinstance(node, ast.Call)}
            # Whoever signs in, or holds an invitation, becomes the actor only there.
            wanted = {"at"} if "Actor" in calls else {"actor", "at"}
            keywords = {argument.arg for argument in function.args.kwonlyargs}
            if "state_change" in calls and (function.args.args or not wanted <= keywords):
                found.append(f"{_where(file)}:{function.lineno} {function.name}")

    assert found == []
