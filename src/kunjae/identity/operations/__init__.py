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
from kunjae.identity.operations.desks import NewOfficer, post_officer, release_officer, restore_officer, tell_desk_of
from kunjae.identity.operations.factor_days import (
    confirm_factor_day,
    propose_factor_day,
    tell_of_factor_day,
    withdraw_factor_day,
)
from kunjae.identity.operations.factors import (
    bind_app,
    bind_passkey,
    draw_recovery_codes,
    end_factors_of,
    note_proof,
    remove_factor,
    use_app_code,
    use_passkey,
    use_recovery_code,
)
from kunjae.identity.operations.honeytokens import alert_of_honeytokens, lay_honeytoken, lift_honeytoken
from kunjae.identity.operations.locking import holds_until_commit, locked_values
from kunjae.identity.operations.password_clock import (
    change_due_password,
    keep_password_days,
    put_off_password_change,
    use_passkey_instead,
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
    refuse_wrong_present_password,
    renew_password,
    set_password_by_activation,
    upgrade_hash,
)
from kunjae.identity.operations.resets import (
    PROOF_HOLDS,
    note_reset_proved,
    send_reset,
    set_password_by_reset,
    tell_user_ids,
)
from kunjae.identity.operations.sessions import (
    Begun,
    end_overdue_sessions,
    end_session,
    end_sessions_of,
    start_session,
)
from kunjae.identity.operations.undertakings import accept_undertaking

__all__ = [
    "PROOF_HOLDS",
    "Begun",
    "Issued",
    "NewOfficer",
    "PasswordRefused",
    "accept_undertaking",
    "adopt_password_policy",
    "alert_of_honeytokens",
    "bind_app",
    "bind_passkey",
    "change_contact",
    "change_due_password",
    "change_password",
    "close_subject",
    "confirm_factor_day",
    "confirm_password_policy",
    "draw_recovery_codes",
    "end_factors_of",
    "end_overdue_sessions",
    "end_session",
    "end_sessions_of",
    "holds_until_commit",
    "import_breached",
    "issue_activation",
    "keep_password_days",
    "lay_honeytoken",
    "lift_honeytoken",
    "locked_values",
    "note_policy_met",
    "note_proof",
    "note_reset_proved",
    "open_subject",
    "post_officer",
    "print_slip",
    "propose_factor_day",
    "propose_password_policy",
    "prove_activation",
    "put_off_password_change",
    "refuse_wrong_present_password",
    "release_officer",
    "remove_factor",
    "renew_password",
    "restore_officer",
    "resume_subject",
    "revoke_password",
    "send_reset",
    "set_password_by_activation",
    "set_password_by_reset",
    "start_session",
    "suspend_subject",
    "tell_desk_of",
    "tell_of_factor_day",
    "tell_user_ids",
    "upgrade_hash",
    "use_app_code",
    "use_passkey",
    "use_passkey_instead",
    "use_recovery_code",
    "warn_of_due_passwords",
    "withdraw_factor_day",
    "withdraw_password_policy",
]
