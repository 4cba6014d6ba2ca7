"""The group catalogue as data: our own file, with what is inferred marked so (D8, L-03)."""

import json
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from importlib.resources import files
from typing import Any

LATEST = "catalogue-1.json"


@dataclass(frozen=True, slots=True)
class CatalogueData:
    """One version of the catalogue, read from its file."""

    number: int
    effective_date: date
    source: str
    groups: tuple[dict[str, Any], ...]
    digest: str


def read(name: str = LATEST) -> CatalogueData:
    """Read a catalogue file that the package ships."""
    raw = files("kunjae.entitlements").joinpath("data", name).read_bytes()
    content = json.loads(raw)
    return CatalogueData(
        number=content["number"],
        effective_date=date.fromisoformat(content["effective_date"]),
        source=content["source"],
        groups=tuple(content["groups"]),
        digest=sha256(raw).hexdigest(),
    )
