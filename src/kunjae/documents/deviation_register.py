"""The register of where the password policy departs from standards, on paper: plain data in, PDF out."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from kunjae.core.clock import long_datetime
from kunjae.documents.render import render_pdf
from kunjae.documents.sheets import LINE_LENGTH, Numerals, PaperText

Language = Literal["th", "en"]

_WORDS: dict[Language, dict[str, str]] = {
    "th": {"page": "หน้า", "made": "จัดทำจากระบบเมื่อ {instant}"},
    "en": {"page": "Page", "made": "Made from the system on {instant}"},
}


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisterEntry:
    """One clause: its heading ("OWASP ASVS 5.0.0, 6.2.5"), where it stands in words, and its lines."""

    heading: str
    standing: str
    lines: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class DeviationRegister:
    """The whole register as of an instant; texts are in the reader's language already."""

    title: str
    lead: str
    profile: str
    entries: tuple[RegisterEntry, ...]
    made_at: datetime
    numerals: Numerals = "arabic"
    language: Language = "th"


def render_deviation_register(register: DeviationRegister) -> bytes:
    """Set the register as PDF/A on A4, a block for each clause.

    :raises FontsMissing: if the document fonts have not been built
    """
    return render_pdf("deviation_register", _facts(register), at=register.made_at)


def _facts(register: DeviationRegister) -> dict[str, object]:
    paper = PaperText(register.numerals)
    words = _WORDS[register.language]
    return {
        "language": register.language,
        "title": paper.line(register.title),
        "lead": paper.line(register.lead),
        "profile": paper.line(register.profile),
        "made": paper.line(words["made"].format(instant=long_datetime(register.made_at, register.language))),
        "entries": [
            {
                "heading": paper.line(entry.heading),
                "standing": paper.line(entry.standing),
                "lines": [[paper.line(about), paper.line(said)] for about, said in entry.lines],
            }
            for entry in register.entries
        ],
        "seal": None,
        "running": {
            "text": paper.short(register.title, "", LINE_LENGTH),
            "page": words["page"],
            "digits": paper.digits(),
        },
    }
