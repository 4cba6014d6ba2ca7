"""Every check that needs no database: run all, say which failed."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
BIN = Path(sys.executable).parent
# Where the house wants annotations to hold: what decides, what writes, what is recorded.
STRICTLY_TYPED = [
    "src/kunjae/core",
    "src/kunjae/audit",
    *sorted(
        str(path.relative_to(ROOT))
        for name in ("policies", "operations")
        for path in [*ROOT.glob(f"src/kunjae/*/{name}.py"), *ROOT.glob(f"src/kunjae/*/{name}")]
    ),
    "src/kunjae/site/environment.py",
]
CHECKS = {
    "format": ["ruff", "format", "--check", "--quiet", "."],
    "lint": ["ruff", "check", "--quiet", "."],
    "types": ["mypy", "--no-error-summary", *STRICTLY_TYPED],
    "floors": ["lint-imports", "--no-logo"],
    "templates": ["djlint", "--lint", "--quiet", "src/kunjae"],
    "Thai": ["python", "tools/messages.py", "check"],
    "migrations": ["kunjae", "makemigrations", "--check", "--dry-run"],
    "reference": ["python", "tools/reference.py", "check"],
}


def main(names: list[str]) -> int:
    """Run the named checks, or all; exit code 1 if one fails."""
    failed = []
    for name in names or CHECKS:
        command = [str(BIN / CHECKS[name][0]), *CHECKS[name][1:]]
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
        print(f"{'ok    ' if done.returncode == 0 else 'FAILED'} {name}", flush=True)
        if done.returncode:
            failed.append(name)
            print((done.stdout + done.stderr).strip(), flush=True)
    if failed:
        print(f"make check: {', '.join(failed)} failed", file=sys.stderr)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
