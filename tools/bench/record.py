"""How fast the record is verified, whole."""

import json

from tools.bench.ground import Ground, run
from tools.bench.table import Figure, at_least, plain

EVENTS_A_SECOND_GOAL = 100_000


def measure(place: Ground, database: str) -> list[Figure]:
    """Verify every chain by `kunjae verify-audit`, which fails if a seal is wrong."""
    done = run("verify-audit", "--json", environment=place.environment(database), folder=place.folder)
    report = json.loads(done.output)
    note = f"{report['events']:,} events in {report['chains']:,} chains, whole, {report['seconds']:.1f} s"
    return [
        at_least("verify-audit", report["events_per_second"], EVENTS_A_SECOND_GOAL, " events/s", note=note),
        plain("– its peak memory", done.peak_mb, " MB"),
    ]
