"""
Build the wheel in dist/: assets collected, hashed and compressed, catalogues compiled, guides inside.

It is put together in build/tree, so that the checkout itself stays as it is.
"""

import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
TREE = ROOT / "build" / "tree"
DIST = ROOT / "dist"
# Made by set-up and by this program, ignored by git, needed by who installs.
MUST_HOLD = ["kunjae/site/collected/staticfiles.json", "kunjae/site/locale/th/LC_MESSAGES/django.mo"]


def main() -> int:
    """Build, look inside, and say what there is."""
    shutil.rmtree(TREE, ignore_errors=True)
    ignored = shutil.ignore_patterns("__pycache__", "*.pyc", "collected")
    shutil.copytree(ROOT / "src", TREE / "src", ignore=ignored)
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy2(ROOT / name, TREE)
    if (ROOT / "docs" / "guides").is_dir():
        shutil.copytree(ROOT / "docs" / "guides", TREE / "src" / "kunjae" / "site" / "guides")
    _run(sys.executable, __file__, "collect", PYTHONPATH=str(TREE / "src"), KUNJAE_DATA=str(TREE / "var"))
    shutil.rmtree(DIST, ignore_errors=True)
    _run(sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(DIST), str(TREE))
    wheel = next(DIST.glob("*.whl"))
    names = set(zipfile.ZipFile(wheel).namelist())
    missing = [name for name in MUST_HOLD if name not in names]
    if missing:
        print(f"The wheel lacks {', '.join(missing)}.", file=sys.stderr)
        return 1
    print(f"{wheel.relative_to(ROOT)}: {len(names)} files, {wheel.stat().st_size / 1e6:.1f} MB")
    return 0


def _collect() -> None:
    """Collect with the storage that hashes and compresses; the settings choose it once a manifest exists."""
    import django
    from django.conf import settings
    from django.core.management import call_command

    os.environ["DJANGO_SETTINGS_MODULE"] = "kunjae.site.settings"
    storages: dict[str, dict[str, str]] = settings.STORAGES
    storages["staticfiles"]["BACKEND"] = "whitenoise.storage.CompressedManifestStaticFilesStorage"
    django.setup()
    call_command("collectstatic", interactive=False, verbosity=0)


def _run(*words: str, **environment: str) -> None:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("KUNJAE_")}
    done = subprocess.run(words, cwd=TREE, env={**kept, **environment}, capture_output=True, text=True, check=False)
    if done.returncode:
        print(done.stdout + done.stderr, file=sys.stderr)
        raise SystemExit(f"make build: {Path(words[1]).name} failed")


if __name__ == "__main__":
    if sys.argv[1:] == ["collect"]:
        _collect()
    else:
        sys.exit(main())
