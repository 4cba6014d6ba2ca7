"""Form 2: invited, written, submitted, corrected, withdrawn, keyed from paper, decided."""

from kunjae.access_requests.content import Content
from kunjae.access_requests.operations.deciding import Opinion, decide
from kunjae.access_requests.operations.executives import give_executive_access
from kunjae.access_requests.operations.inviting import (
    confirm_mobile,
    end_invitation,
    help_by_mail,
    invite,
    open_invitation,
    send_mobile_code,
)
from kunjae.access_requests.operations.keying import key_from_paper
from kunjae.access_requests.operations.recording import register
from kunjae.access_requests.operations.scanning import attach_signed_scan, request_of_scan
from kunjae.access_requests.operations.slips import Slip, print_activation_slip
from kunjae.access_requests.operations.troubles import (
    diagnose_by_mail,
    forgotten_password,
    reset_password,
    revoke_lost,
)
from kunjae.access_requests.operations.writing import correct, draft, submit, withdraw

__all__ = [
    "Content",
    "Opinion",
    "Slip",
    "attach_signed_scan",
    "confirm_mobile",
    "correct",
    "decide",
    "diagnose_by_mail",
    "draft",
    "end_invitation",
    "forgotten_password",
    "give_executive_access",
    "help_by_mail",
    "invite",
    "key_from_paper",
    "open_invitation",
    "print_activation_slip",
    "register",
    "request_of_scan",
    "reset_password",
    "revoke_lost",
    "send_mobile_code",
    "submit",
    "withdraw",
]
