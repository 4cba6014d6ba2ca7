"""That the e-mail and the mobile in a letter work: proven by link, by code, or by the code told on the telephone."""

from datetime import datetime

from kunjae.core.actor import Actor
from kunjae.official_letters.models import ContactProof, ProofChannel


def send_proofs(*, actor: Actor, public_id: str, at: datetime) -> list[ContactProof]:
    """
    Send what proves each address that is not proven yet; what was sent before is dead.

    An address that the recipient's own account has confirmed needs none and is proven by that.

    :raises Denied: as `policies.receiving.may_send_proofs` says; `too_many_codes_letter`, `too_many_codes_authority`
    """
    raise NotImplementedError


def prove_by_link(*, actor: Actor, link_secret: str, at: datetime) -> ContactProof:
    """
    Take the button behind the mailed link as proof of the mailbox; a GET proves nothing (T-03).

    Once proven, the same link changes nothing more and leaves no event.

    :raises Denied: `proof_ended`
    """
    raise NotImplementedError


def prove_by_code(
    *, actor: Actor, channel: ProofChannel, code: str, at: datetime, link_secret: str = "", case: str = ""
) -> ContactProof:
    """
    Take a code typed on the public page; the letter is named by the mailed link or by the case number.

    Five wrong tries end it (T-22). Whatever is wrong, the answer is the same.

    :raises Denied: `proof_code_wrong`, `proof_ended`
    """
    raise NotImplementedError


def note_told_code(*, actor: Actor, public_id: str, channel: ProofChannel, code: str, at: datetime) -> ContactProof:
    """
    Take a code that the recipient told an officer of the desk on the telephone.

    :raises Denied: as `policies.receiving.may_send_proofs` says; `proof_code_wrong`, `proof_ended`
    """
    raise NotImplementedError
