"""Who may see and take out reports. One function for the page and for the operation."""

from datetime import datetime

from kunjae.core.actor import Actor
from kunjae.core.verdict import ALLOWED, Verdict
from kunjae.entitlements import permissions
from kunjae.entitlements.policies import may

#: Of a table as many entries as an authority of 10,000 officers has; of paper what a head can still sign.
ROWS_MAX = {"pdf": 2_000, "xlsx": 50_000, "csv": 50_000}


def may_see_membership(actor: Actor, organisation_id: int, *, at: datetime) -> Verdict:
    """Test if the actor may see who is in which group: head, executives, department, own province (L-51)."""
    return may(actor, permissions.SEE_MEMBERSHIP_REPORT, organisation_id, at=at)


def may_see_register(actor: Actor, organisation_id: int, *, at: datetime) -> Verdict:
    """Test if the actor may see the register of requests and cancellations: the head (N-02)."""
    return may(actor, permissions.SEE_ACCOUNTS, organisation_id, at=at)


def fits_a_file(rows: int, file_format: str) -> Verdict:
    """Test if so many entries go into one file."""
    rows_max = ROWS_MAX[file_format]
    if rows > rows_max:
        return Verdict("report_too_long", {"rows": f"{rows:,}", "rows_max": f"{rows_max:,}"})
    return ALLOWED
