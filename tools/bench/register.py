"""How long the import of the national register takes on SQLite, and how much memory its process holds."""

import os
from pathlib import Path

from tools.bench import ground
from tools.bench.table import Figure, at_most, plain

SECONDS_GOAL, PEAK_MB_GOAL = 3, 200


def measure(folder: Path, register: Path) -> list[Figure]:
    """Import the register into an empty database, then once more, each as `kunjae import-register` from start to end."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("KUNJAE_", "DJANGO_"))}
    environment = {**kept, "KUNJAE_MODE": "embedded", "KUNJAE_DATA": str(folder / "sqlite")}
    ground.run("migrate", "--verbosity=0", environment=environment, folder=folder)
    first = ground.run("import-register", str(register), environment=environment, folder=folder)
    again = ground.run("import-register", str(register), environment=environment, folder=folder)
    count = register.read_text(encoding="utf-8").count("\n") - 1
    return [
        at_most(
            f"Register of {count:,} authorities, import on SQLite, whole process",
            first.seconds,
            SECONDS_GOAL,
            " s",
            digits=1,
        ),
        at_most("– its peak memory", first.peak_mb, PEAK_MB_GOAL, " MB"),
        plain("– the same file once more, nothing to change", again.seconds, " s", digits=1),
    ]
