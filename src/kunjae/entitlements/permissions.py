"""
What may be done here, and by which right.

Permissions are strings `area:resource:action`. A head's come from the tenure, a desk's from the
posting, everybody else's from the groups in force (`GroupPermission`).
"""

from kunjae.organisations.models import Desk, Office

DECIDE_REQUEST = "access:request:decide"
KEY_REQUEST = "access:request:key"
INVITE = "access:invitation:send"
GRANT = "access:grant:give"
END_GRANT = "access:grant:end"
SUSPEND = "access:account:suspend"
CLOSE = "access:account:close"
END_SESSIONS = "access:session:end"
RECORD_POST = "access:post:record"
RENAME_PERSON = "access:person:rename"
KEEP_UNITS = "access:unit:keep"
SEE_ACCOUNTS = "access:account:view"
WATCH_USE = "access:use:watch"
SEE_MEMBERSHIP_REPORT = "report:membership:view"
SEE_RECORD = "audit:event:view"

OF_TENURE = frozenset({
    DECIDE_REQUEST,
    KEY_REQUEST,
    INVITE,
    GRANT,
    END_GRANT,
    SUSPEND,
    CLOSE,
    END_SESSIONS,
    RECORD_POST,
    RENAME_PERSON,
    KEEP_UNITS,
    SEE_ACCOUNTS,
    WATCH_USE,
    SEE_MEMBERSHIP_REPORT,
    SEE_RECORD,
})  # fmt: skip
"""What the head of finance may do in the authority of his tenure (letter: การบริหารระบบ)."""

OF_OFFICE: dict[Office, frozenset[str]] = {
    Office.CHIEF_ADMINISTRATOR: frozenset({SUSPEND}),
}
"""What an office gives by itself, with or without a tenure: the clerk may suspend, never grant (requirements 1.9.1, 6)."""

OF_DESK: dict[Desk, frozenset[str]] = {
    Desk.DEPARTMENT: frozenset({SEE_MEMBERSHIP_REPORT, SUSPEND}),
    Desk.PROVINCE: frozenset({SEE_MEMBERSHIP_REPORT}),
}
"""What a desk above the authorities may do: it looks (L-02), and in an emergency the department suspends (1.9.2)."""
