"""Both languages are complete, and the pages drawn from the code are fresh."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize("program", ["messages.py", "reference.py"])
def test_nothing_is_missing(program):
    done = subprocess.run(
        [sys.executable, f"tools/{program}", "check"], cwd=ROOT, capture_output=True, text=True, check=False
    )

    assert done.returncode == 0, done.stdout + done.stderr
