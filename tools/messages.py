"""
Texts and their Thai: `extract` brings new ones into the catalogues, `compile` makes them
readable to the program, `check` fails where a text lacks its Thai.

Each app has its own catalogue; a text belongs to the app whose file uses it.
"""

import os
import re
import string
import sys
from collections.abc import Iterator, Sequence
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract as babel_extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.conf import settings
from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parents[1]
APPS = ROOT / "src" / "kunjae"
LANGUAGE = "th"
KEYWORDS = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
    "npgettext_lazy": ((1, "c"), 2, 3),
}
TEMPLATES = {".html", ".txt", ".svg", ".typ"}
HEADER = """\
msgid ""
msgstr ""
"Language: th\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"Plural-Forms: nplurals=1; plural=0;\\n"

"""
PERCENT = re.compile(r"%(?:\((\w+)\))?[sdifr%]")


def main(arguments: list[str]) -> int:
    """Run one of the three; exit code 1 if `check` finds a fault."""
    acts = {"extract": extract, "compile": compile_all, "check": check}
    if len(arguments) != 1 or arguments[0] not in acts:
        print("usage: tools/messages.py extract | compile | check", file=sys.stderr)
        return 2
    settings.configure()
    return acts[arguments[0]]()


def apps() -> list[Path]:
    """List the folders of the apps."""
    return sorted(path.parent for path in APPS.glob("*/__init__.py"))


def catalogue_of(app: Path) -> Path:
    """Name the file that holds an app's Thai."""
    return app / "locale" / LANGUAGE / "LC_MESSAGES" / "django.po"


def texts_of(app: Path) -> Catalog:
    """Read every text that the files of an app show."""
    catalogue = Catalog(locale=LANGUAGE)
    for file in sorted(app.rglob("*")):
        if not file.is_file() or {"locale", "static", "collected", "migrations"} & set(file.relative_to(app).parts):
            continue
        for text, context in _texts_in(file):
            catalogue.add(text, context=context)
    return catalogue


def _texts_in(file: Path) -> Iterator[tuple[str | tuple[str, ...], str | None]]:
    if file.suffix == ".py":
        source = file.read_bytes()
    elif file.suffix in TEMPLATES:
        text = templatize(file.read_text(encoding="utf-8"), origin=str(file))
        # What remains are calls on lines of their own; the indentation of a page is none of Python's.
        source = "\n".join(line.strip() for line in text.splitlines()).encode()
    else:
        return
    options = {"encoding": "utf-8"}
    for _line, text, _comments, context in babel_extract("python", BytesIO(source), KEYWORDS, (), options):
        yield text, context


def read(file: Path) -> Catalog:
    """Read a catalogue; an absent one is empty."""
    if not file.exists():
        return Catalog(locale=LANGUAGE)
    with file.open("rb") as stream:
        return read_po(stream, locale=LANGUAGE, abort_invalid=True)


def extract() -> int:
    """Bring each catalogue to the texts of its app: new ones empty, old ones kept, unused ones gone."""
    for app in apps():
        file = catalogue_of(app)
        texts, known = texts_of(app), read(file)
        wanted = Catalog(locale=LANGUAGE)
        for message in _messages(texts):
            old = known.get(message.id, message.context) or _as_singular(known, message)
            wanted.add(
                message.id,
                string=old.string if old else "",
                context=message.context,
                user_comments=old.user_comments if old else (),
                flags=(message.flags | (old.flags & {"fuzzy"} if old else set())),
            )
        if not len(wanted):
            file.unlink(missing_ok=True)
        elif _write_if_different(file, _as_text(wanted)):
            print(f"{file.relative_to(ROOT)}: {len(wanted)} texts, {_count_untranslated(wanted)} without Thai")
    return 0


def _as_singular(known: Catalog, message: Message) -> Message | None:
    """Find a text that was plain before and has a plural now, or the reverse."""
    return known.get(message.id[0] if message.pluralizable else message.id, message.context)


def _messages(catalogue: Catalog) -> list[Message]:
    return [message for message in catalogue if message.id]


def _count_untranslated(catalogue: Catalog) -> int:
    return sum(1 for message in _messages(catalogue) if not _is_translated(message))


def _is_translated(message: Message) -> bool:
    return bool(message.string) and all(_forms(message.string))


def _forms(text: str | Sequence[str] | None) -> tuple[str, ...]:
    """List the forms of a text: one, or one per plural."""
    return (text,) if isinstance(text, str) else tuple(text or ())


def _as_text(catalogue: Catalog) -> bytes:
    stream = BytesIO()
    write_po(stream, catalogue, no_location=True, omit_header=True, sort_output=True, width=0)
    return (HEADER + stream.getvalue().decode().strip() + "\n").encode()


def _write_if_different(file: Path, content: bytes) -> bool:
    if file.exists() and file.read_bytes() == content:
        return False
    file.parent.mkdir(parents=True, exist_ok=True)
    temporary = file.with_suffix(f".{os.getpid()}")
    temporary.write_bytes(content)
    temporary.replace(file)
    return True


def compile_all() -> int:
    """Compile each catalogue beside itself."""
    for app in apps():
        file = catalogue_of(app)
        target = file.with_suffix(".mo")
        if not file.exists():
            target.unlink(missing_ok=True)
            continue
        stream = BytesIO()
        write_mo(stream, read(file))
        _write_if_different(target, stream.getvalue())
    return 0


def check() -> int:
    """Print each fault; none is good."""
    faults = [fault for app in apps() for fault in _faults_of(app)] + list(_contradictions())
    for fault in faults:
        print(fault)
    if not faults:
        print(f"Thai is complete: {sum(len(read(catalogue_of(app))) for app in apps())} texts")
    return 1 if faults else 0


def _faults_of(app: Path) -> Iterator[str]:
    texts, known = texts_of(app), read(catalogue_of(app))
    for message in _messages(texts):
        translated = known.get(message.id, message.context)
        where = f"{app.name}: {_shown(message)}"
        if translated is None:
            yield f"{where} is missing (make messages)"
        elif translated.fuzzy:
            yield f"{where} is marked fuzzy"
        elif not _is_translated(translated):
            yield f"{where} has no Thai"
        elif message.pluralizable != translated.pluralizable:
            yield f"{where} differs in its plural (make messages)"
        elif not _same_placeholders(translated):
            yield f"{where} has other placeholders in its Thai"
    for message in _messages(known):
        if texts.get(message.id, message.context) is None:
            yield f"{app.name}: {_shown(message)} is used nowhere (make messages)"
    if known.obsolete:
        yield f"{app.name}: the catalogue holds obsolete texts (make messages)"


def _shown(message: Message) -> str:
    text = _forms(message.id)[0]
    return repr(text if len(text) < 80 else f"{text[:77]}…")


def _same_placeholders(message: Message) -> bool:
    # A singular may leave the number out ("one person"); Thai has the plural's form only.
    wanted = _placeholders(_forms(message.id)[-1])
    return all(_placeholders(text) == wanted for text in _forms(message.string))


def _placeholders(text: str) -> list[str]:
    percent = [match.group(0) for match in PERCENT.finditer(text) if match.group(0) != "%%"]
    try:
        braces = [f"{{{name}}}" for _, name, _, _ in string.Formatter().parse(text) if name is not None]
    except ValueError:
        braces = []
    return sorted(percent + braces)


def _contradictions() -> Iterator[str]:
    """Yield texts that two apps translate differently: Django would show one of the two everywhere."""
    seen: dict[tuple[object, str | None], tuple[str, object]] = {}
    for app in apps():
        for message in _messages(read(catalogue_of(app))):
            key = (message.id, message.context)
            first_app, first = seen.setdefault(key, (app.name, message.string))
            if first != message.string:
                yield f"{app.name}: {_shown(message)} has other Thai than in {first_app}"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
