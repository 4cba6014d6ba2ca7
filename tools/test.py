"""
Run every suite, each in a process of its own, and end with the closing line of each.

The suites of a round run side by side: each has a folder, a database and, where it needs one, a cluster of its own.
What the first prints is shown as it comes, what another prints is kept and shown whole when its turn comes. The
browser has the machine to itself: its pages are given seconds, not minutes, to answer.
"""

import os
import re
import signal
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryFile
from types import FrameType
from typing import BinaryIO

ROOT = Path(__file__).resolve().parents[1]
SUITES = {
    "sqlite": ("sqlite", ["house", "unit", "integration", "conformance"]),
    "postgresql": ("postgresql", ["integration", "conformance", "postgresql"]),
    "browser": ("sqlite", ["browser"]),
}
ROUNDS = [["postgresql", "sqlite"], ["browser"]]
CLOSING_LINE = re.compile(r"=+ .* in [0-9.]+s.*=+")
INTERRUPTED = 130
SECONDS_TO_END = 30
SECONDS_BETWEEN_LOOKS = 0.2


@dataclass
class Run:
    """One suite under way: what it prints goes to a file, so that two of them never mix."""

    name: str
    process: "subprocess.Popen[bytes]"
    output: BinaryIO
    began: float
    shown: int = 0
    closing: str = ""
    words: list[str] = field(default_factory=list)

    def show(self) -> None:
        """Print what came since the last look."""
        self.output.seek(self.shown)
        new = self.output.read()
        self.shown += len(new)
        sys.stdout.buffer.write(new)
        sys.stdout.flush()

    def finish(self) -> int:
        """Note the closing line; return the exit code."""
        code = self.process.wait()
        self.output.seek(0)
        lines = self.output.read().decode(errors="replace").splitlines()
        closing = [line.strip() for line in lines if CLOSING_LINE.fullmatch(line.strip())]
        seconds = time.monotonic() - self.began
        self.closing = closing[-1] if closing else f"ended with {code} after {seconds:.0f} s, without a closing line"
        return code


def main(names: list[str]) -> int:
    """Run the named suites, or all; exit code 1 if one fails, 130 if somebody stopped them."""
    unknown = [name for name in names if name not in SUITES]
    if unknown:
        print(f"There is no suite {unknown[0]}: {', '.join(SUITES)}", file=sys.stderr)
        return 2
    signal.signal(signal.SIGTERM, _stop)
    # A shell lets what it starts in the background ignore Ctrl-C, and the suites would inherit that.
    signal.signal(signal.SIGINT, _stop)
    results: list[tuple[str, int, str]] = []
    try:
        for suites in ROUNDS:
            results += _side_by_side([name for name in suites if name in names or not names])
    except KeyboardInterrupt:
        return INTERRUPTED
    print()
    for name, _code, line in sorted(results, key=lambda result: list(SUITES).index(result[0])):
        print(f"{name:10} {line}")
    return 1 if any(code for _name, code, _line in results) else 0


def _stop(_number: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt


def _side_by_side(names: list[str]) -> list[tuple[str, int, str]]:
    runs = [run for name in names if (run := _started(name))]
    results = []
    try:
        for run in runs:
            print(f"\n--- {' '.join(run.words)}", flush=True)
            while run.process.poll() is None:
                run.show()
                time.sleep(SECONDS_BETWEEN_LOOKS)
            run.show()
            results.append((run.name, run.finish(), run.closing))
    finally:
        _end(runs)
    return results


def _started(name: str) -> Run | None:
    database, folders = SUITES[name]
    paths = [f"tests/{folder}" for folder in folders if any((ROOT / "tests" / folder).glob("test_*.py"))]
    if not paths:
        return None
    output = TemporaryFile()  # noqa: SIM115 open as long as the run
    process = subprocess.Popen(
        [sys.executable, "-m", "pytest", *paths],
        cwd=ROOT,
        env={**os.environ, "KUNJAE_TEST_DATABASE": database},
        stdin=subprocess.DEVNULL,
        stdout=output,
        stderr=subprocess.STDOUT,
        # In a session of its own, so that Ctrl-C reaches it once: through us.
        start_new_session=True,
    )
    return Run(name, process, output, time.monotonic(), words=[f"{name}:", *paths])


def _end(runs: list[Run]) -> None:
    """Stop what still runs, as Ctrl-C would: pytest then takes its cluster and folders away."""
    for run in runs:
        if run.process.poll() is None:
            run.process.send_signal(signal.SIGINT)
    deadline = time.monotonic() + SECONDS_TO_END
    for run in runs:
        try:
            run.process.wait(timeout=max(0.1, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            os.killpg(run.process.pid, signal.SIGKILL)
        run.output.close()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
