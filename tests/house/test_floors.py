"""The floors of the house hold, and a wall that is broken is seen."""

import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
LINT_IMPORTS = Path(sys.executable).with_name("lint-imports")


def _lint(folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [LINT_IMPORTS, "--no-logo", "--no-cache", "--config", "pyproject.toml"],
        cwd=folder,
        env={"PYTHONPATH": str(folder / "src"), "PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8"},
        capture_output=True,
        text=True,
        check=False,
    )


def _copy(target: Path) -> Path:
    shutil.copy(ROOT / "pyproject.toml", target)
    shutil.copytree(ROOT / "src", target / "src", ignore=shutil.ignore_patterns("static", "collected", "__pycache__"))
    return target


def test_floors_hold():
    done = _lint(ROOT)

    assert done.returncode == 0, done.stdout + done.stderr


def test_floors_see_an_import_from_above(tmp_path):
    folder = _copy(tmp_path)
    (folder / "src/kunjae/core/planted.py").write_text("import kunjae.identity\n")

    done = _lint(folder)

    assert done.returncode == 1
    assert "kunjae.core is not allowed to import kunjae.identity" in done.stdout


def test_floors_see_a_folder_that_no_floor_names(tmp_path):
    folder = _copy(tmp_path)
    (folder / "src/kunjae/planted").mkdir()
    (folder / "src/kunjae/planted/__init__.py").touch()

    done = _lint(folder)

    assert done.returncode == 1
    assert "planted" in done.stdout + done.stderr
