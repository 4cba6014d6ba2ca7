"""Run every suite, each in a process of its own, and end with the closing line of each."""

import os
import re
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
SUITES = {
    "sqlite": ("sqlite", ["house", "unit", "integration", "conformance"]),
    "postgresql": ("postgresql", ["integration", "conformance", "postgresql"]),
    "browser": ("sqlite", ["browser"]),
}
CLOSING_LINE = re.compile(r"^=+ .* in [0-9.]+s.*=+$")


def main(names: list[str]) -> int:
    """Run the named suites, or all; exit code 1 if one fails."""
    unknown = [name for name in names if name not in SUITES]
    if unknown:
        print(f"There is no suite {unknown[0]}: {', '.join(SUITES)}", file=sys.stderr)
        return 2
    results = [(name, *_run(name)) for name in names or SUITES]
    print()
    for name, _code, line in results:
        print(f"{name:10} {line}")
    return 1 if any(code for _name, code, _line in results) else 0


def _run(name: str) -> tuple[int, str]:
    database, folders = SUITES[name]
    paths = [f"tests/{folder}" for folder in folders if any((ROOT / "tests" / folder).glob("test_*.py"))]
    if not paths:
        return 0, "no tests yet"
    print(f"\n--- {name}: {' '.join(paths)}", flush=True)
    began = time.monotonic()
    process = subprocess.Popen(
        [sys.executable, "-m", "pytest", *paths],
        cwd=ROOT,
        env={**os.environ, "KUNJAE_TEST_DATABASE": database},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        text=True,
    )
    closing = ""
    for line in process.stdout or ():
        print(line, end="", flush=True)
        if CLOSING_LINE.match(line.strip()):
            closing = line.strip()
    code = process.wait()
    return code, closing or f"ended with {code} after {time.monotonic() - began:.0f} s, without a closing line"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
