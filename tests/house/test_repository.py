"""What is committed: locked requirements, licences, and nothing of the machine it was written on."""

import json
import re
import subprocess
import tomllib
from importlib.metadata import distribution
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
LINE = re.compile(r"^(?P<name>[a-z0-9][a-z0-9._-]*)(\[[a-z0-9,_-]+\])?==(?P<version>[^\s;]+)(\s*;[^\\]+)?$")
LINK = re.compile(r"\]\(([^)\s]+)\)")
HASH = re.compile(r"^--hash=sha256:[0-9a-f]{64}$")
OF_A_MACHINE = re.compile(r"(?<![\w.~-])/(?:work|root|home/\w+|Users/\w+)/[\w.]")
PERMISSIVE = (
    "MIT", "BSD", "Apache", "ISC", "PSF", "Python Software Foundation", "HPND", "CMU", "MPL", "Mozilla", "LGPL", "Unlicense",
)  # fmt: skip


def _tracked() -> list[Path]:
    try:
        listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, check=True, capture_output=True, text=True)
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("not a checkout")
    return [ROOT / name for name in listed.stdout.split("\0") if name and (ROOT / name).is_file()]


def _locked(name: str) -> dict[str, str]:
    text = (ROOT / "requirements" / name).read_text(encoding="utf-8")
    versions = {}
    for entry in re.sub(r"#.*", "", text).replace("\\\n", "\n\t").split("\n"):
        line = entry.strip()
        if not line:
            continue
        match = LINE.match(line)
        if match:
            versions[_normal(match["name"])] = match["version"]
        else:
            assert HASH.match(line), f"requirements/{name}: {line!r} is neither a pinned release nor its hash"
    return versions


def _normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name.partition("[")[0]).lower()


def _named(requirements: list[str]) -> set[str]:
    return {_normal(re.split(r"[<>=~!;\s\[]", line)[0]) for line in requirements}


def test_requirements_are_pinned_hashed_and_name_no_host():
    for name in ("base.txt", "dev.txt"):
        assert _locked(name)
        assert "://" not in (ROOT / "requirements" / name).read_text(encoding="utf-8")


def test_requirements_hold_what_the_project_asks_for():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    base, dev = _locked("base.txt"), _locked("dev.txt")

    assert _named(project["project"]["dependencies"]) <= base.keys()
    assert _named(project["dependency-groups"]["dev"]) <= dev.keys()
    assert base.items() <= dev.items()


def test_package_lock_names_no_host_and_has_checksums():
    lock = json.loads((ROOT / "package-lock.json").read_text(encoding="utf-8"))

    packages = {name: package for name, package in lock["packages"].items() if name}
    assert all("integrity" in package for package in packages.values())
    assert not any("resolved" in package for package in packages.values())


def test_nothing_of_a_machine_is_committed():
    found = []
    for file in _tracked():
        try:
            text = file.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue
        found += [
            f"{file.relative_to(ROOT)}: {match.group(0)}"
            for match in OF_A_MACHINE.finditer(text)
            if file != Path(__file__)
        ]

    assert found == []


def test_every_link_and_picture_of_the_documents_leads_to_a_file():
    dead = []
    for document in [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]:
        for target in LINK.findall(document.read_text(encoding="utf-8")):
            path = target.partition("#")[0]
            if path and "://" not in path and not path.startswith(("/", "mailto:")):
                dead += [f"{document.name}: {path}"] * (not (document.parent / path).exists())

    assert not dead


def test_no_made_file_is_committed():
    made = (".mo", ".pyc", ".sqlite3", ".whl", ".woff2", ".ttf", ".otf")

    assert [str(file) for file in _tracked() if file.name.endswith(made)] == []


def test_licence_is_apache_2():
    text = (ROOT / "LICENSE").read_text(encoding="utf-8")

    assert "Apache License" in text
    assert "Version 2.0, January 2004" in text


@pytest.mark.parametrize("name", sorted(_locked("base.txt")))
def test_a_dependency_allows_us_to_ship_with_it(name):
    metadata = distribution(name).metadata
    said = " ".join(
        [metadata.get("License-Expression") or "", metadata.get("License") or ""]
        + [line for line in metadata.get_all("Classifier") or [] if line.startswith("License")]
    )

    assert any(word in said for word in PERMISSIVE), said
    assert not re.search(r"(?<!L)GPL|GNU General Public", said), said
