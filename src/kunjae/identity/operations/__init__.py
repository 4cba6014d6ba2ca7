"""Changes of accounts, passwords, activations and sessions."""

from kunjae.identity.operations.accounts import (
    change_contact,
    close_subject,
    open_subject,
    resume_subject,
    revoke_password,
    suspend_subject,
)
from kunjae.identity.operations.activating import Issued, issue_activation, print_slip, prove_activation
from kunjae.identity.operations.breached import import_breached
from kunjae.identity.operations.desks import NewOfficer, post_officer
from kunjae.identity.operations.password_clock import (
    change_due_password,
    keep_password_days,
    put_off_password_change,
    warn_of_due_passwords,
)
from kunjae.identity.operations.password_policy import (
    adopt_password_policy,
    confirm_password_policy,
    propose_password_policy,
    withdraw_password_policy,
)
from kunjae.identity.operations.passwords import (
    PasswordRefused,
    change_password,
    note_policy_met,
    renew_password,
    set_password_by_activation,
    upgrade_hash,
)
from kunjae.identity.operations.sessions import end_overdue_sessions, end_session, end_sessions_of, start_session
from kunjae.identity.operations.undertakings import accept_undertaking

__all__ = [
    "Issued",
    "NewOfficer",
    "PasswordRefused",
    "accept_undertaking",
    "adopt_password_policy",
    "change_contact",
    "change_due_password",
    "change_password",
    "close_subject",
    "confirm_password_policy",
    "end_overdue_sessions",
    "end_session",
    "end_sessions_of",
    "import_breached",
    "issue_activation",
    "keep_password_days",
    "note_policy_met",
    "open_subject",
    "post_officer",
    "print_slip",
    "propose_password_policy",
    "prove_activation",
    "put_off_password_change",
    "renew_password",
    "resume_subject",
    "revoke_password",
    "set_password_by_activation",
    "start_session",
    "suspend_subject",
    "upgrade_hash",
    "warn_of_due_passwords",
    "withdraw_password_policy",
]
