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
    from django.utils import translation

    from kunjae.audit.events import CATALOGUE

    rows = []
    for name, kind in sorted(CATALOGUE.items()):
        with translation.override("th"):
            thai = str(kind.sentence)
        with translation.override("en"):
            english = str(kind.sentence)
        rows.append(f"| `{name}` | {thai} | {english} | {', '.join(sorted(kind.facts)) or '–'} |")
    head = ["| Event | Thai | English | Facts |", "|---|---|---|---|"]
    return "\n".join([NOTE, "# Events of the record", "", *head, *rows, ""])


PAGES: dict[str, Callable[[], str]] = {"settings.md": _settings, "events.md": _events}

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
