"""Form 2: invited, written, submitted, corrected, withdrawn, keyed from paper, decided."""

from kunjae.access_requests.operations.deciding import Opinion, decide
from kunjae.access_requests.operations.executives import give_executive_access
from kunjae.access_requests.operations.inviting import (
    confirm_mobile,
    help_by_mail,
    invite,
    open_invitation,
    send_mobile_code,
)
from kunjae.access_requests.operations.writing import Content, correct, draft, key_from_paper, submit, withdraw

__all__ = [
    "Content",
    "Opinion",
    "confirm_mobile",
    "correct",
    "decide",
    "draft",
    "give_executive_access",
    "help_by_mail",
    "invite",
    "key_from_paper",
    "open_invitation",
    "send_mobile_code",
    "submit",
    "withdraw",
]
