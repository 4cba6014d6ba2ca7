"""Plain data in, PDF out. No query, no clock, no network.

A layout is a function in a typst file beside this one. Everything that comes from people reaches it as one JSON
value, written into the call as the numbers of its bytes: digits and commas, so that no name can be read as a command.
(Through `sys_inputs` it would be as safe and three times slower: typst then forgets all that it has set before.)
"""

import json
import threading
from collections.abc import Mapping
from datetime import UTC, datetime
from importlib.resources import files
from pathlib import Path

import typst

from kunjae.documents import fonts

_LAYOUTS = Path(str(files("kunjae.documents").joinpath("layouts")))

#: A compiler keeps its fonts and parsed layouts warm, and serves one thread at a time: each thread has its own.
_warm = threading.local()


def render_pdf(layout: str, facts: Mapping[str, object], *, at: datetime) -> bytes:
    """Set the layout `layouts/<layout>.typ` with these facts, for an archive (PDF/A-2a) and a screen reader (PDF/UA-1).

    `at` becomes the document's date; the same facts and date yield the same bytes. Each text must have
    passed `fonts.printable`.

    :raises FontsMissing: if the document fonts have not been built
    """
    return _compiler(fonts.font_directory()).compile(  # type: ignore[return-value]
        input=_call(layout, facts),
        format="pdf",
        pdf_standards=["a-2a", "ua-1"],
        timestamp=int(at.astimezone(UTC).timestamp()),
    )


def _call(layout: str, facts: Mapping[str, object]) -> bytes:
    data = json.dumps(facts, ensure_ascii=False, allow_nan=False).encode()
    numbers = ",".join(map(str, data))
    return f'#import "{layout}.typ": sheet\n#show: _ => sheet(json(bytes(({numbers},))))\n'.encode()


def _compiler(folder: Path) -> typst.Compiler:
    kept: dict[Path, typst.Compiler] = _warm.__dict__.setdefault("compilers", {})
    if folder not in kept:
        family = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(folder)])
        kept[folder] = typst.Compiler(root=str(_LAYOUTS), font_paths=family)
    return kept[folder]
