"""The pages of docs/reference/ that are drawn from the code: `write` them, or `check` that none is stale."""

import dataclasses
import os
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
FOLDER = ROOT / "docs" / "reference"
NOTE = "<!-- Drawn from the code by `make reference`; do not edit. -->"


def main(arguments: list[str]) -> int:
    """Write or check; exit code 1 if a page is stale."""
    if arguments not in (["write"], ["check"]):
        print("usage: tools/reference.py write | check", file=sys.stderr)
        return 2
    _set_up()
    stale = 0
    for name, draw in PAGES.items():
        file, text = FOLDER / name, draw()
        if file.exists() and file.read_text(encoding="utf-8") == text:
            continue
        if arguments == ["write"]:
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text, encoding="utf-8")
            print(f"wrote {file.relative_to(ROOT)}")
        else:
            print(f"{file.relative_to(ROOT)} is stale (make reference)")
            stale = 1
    return stale


def _set_up() -> None:
    import django

    for name in [name for name in os.environ if name.startswith("KUNJAE_")]:
        del os.environ[name]
    os.environ["DJANGO_SETTINGS_MODULE"] = "kunjae.site.settings"
    with tempfile.TemporaryDirectory() as folder:
        os.environ["KUNJAE_DATA"] = folder
        django.setup()


def _settings() -> str:
    from kunjae.site.environment import Environment, variable_name

    rows = []
    for field in dataclasses.fields(Environment):
        default, production = field.metadata["default"], field.metadata["production_default"]
        rows.append(
            f"| `{variable_name(field)}` | {field.metadata['meaning']} | {_default(default)} "
            f"| {_default(production) if production is None or isinstance(production, str) else '**must be set**'} |"
        )
    head = ["| Variable | What it says | Embedded | Production |", "|---|---|---|---|"]
    return "\n".join([NOTE, "# Settings", "", "Read from the environment, once, at the start.", "", *head, *rows, ""])


def _default(value: str | None) -> str:
    return f"`{value}`" if value else "–"


def _events() -> str:
    from kunjae.audit import reference

    return reference.events_page()


def _reasons() -> str:
    from kunjae.audit import reference

    return reference.reasons_page()


def _permissions() -> str:
    from kunjae.entitlements import catalogue, permissions

    rows = [f"| `{permission}` | tenure of the head of finance |" for permission in permissions.OF_TENURE]
    for office, held in permissions.OF_OFFICE.items():
        rows += [f"| `{permission}` | office: {office} |" for permission in held]
    for desk, held in permissions.OF_DESK.items():
        rows += [f"| `{permission}` | posting: {desk} |" for permission in held]
    for group in catalogue.read().groups:
        rows += [f"| `{permission}` | group `{group['code']}` |" for permission in group["permissions"]]
    head = ["| Permission | Held by |", "|---|---|"]
    return "\n".join([NOTE, "# Permissions", "", *head, *sorted(rows), ""])


def _states() -> str:
    from kunjae.access_requests.models import TRANSITIONS

    lines = [f"    {before} --> {after}" for before, afters in TRANSITIONS.items() for after in sorted(afters)]
    return "\n".join([NOTE, "# States of a request", "", "```mermaid", "stateDiagram-v2", *lines, "```", ""])


PAGES: dict[str, Callable[[], str]] = {
    "settings.md": _settings,
    "events.md": _events,
    "reasons.md": _reasons,
    "permissions.md": _permissions,
    "states.md": _states,
}

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
