"""What the department says about a letter once it was decided: its reply on paper, and mail to whom it concerns."""

from datetime import datetime

from kunjae.core.actor import Actor
from kunjae.documents import letter_reply
from kunjae.documents import operations as documents
from kunjae.documents.models import DocumentKind, IssuedDocument
from kunjae.messaging import operations as messaging
from kunjae.messaging.models import Channel
from kunjae.official_letters import papers, queries
from kunjae.official_letters.models import LetterCase, ProofChannel


def register_reply(*, actor: Actor, case: LetterCase, at: datetime) -> IssuedDocument:
    """Enter the department's reply into the register of documents, so that its QR code can be verified (T-33)."""
    return documents.issue_document(
        actor=actor,
        kind=DocumentKind.LETTER_REPLY,
        authority=case.authority,
        case=case.case,
        content_hash=letter_reply.content_hash(papers.reply_of(case)),
        summary=str(case.get_state_display()),
        issued_to=case.recipient if case.tenure_id else None,
        at=at,
    )


def tell_parties_again(case: LetterCase, kind: str, *, at: datetime, **facts: object) -> None:
    """Mail to everybody who was told of the letter, once each; part of an open change."""
    addresses = dict.fromkeys(notice.address for notice in queries.notices_of(case) if notice.address)
    for address in addresses:
        _mail(case, kind, address, at=at, **facts)


def tell_authority(case: LetterCase, kind: str, *, at: datetime, **facts: object) -> None:
    """
    Mail to who wrote: to the address of the letter once it was proven, and to the central e-mail on record.

    An address that a forged letter names learns nothing before that (T-28).
    """
    proven = case.email if queries.is_proven(case, ProofChannel.EMAIL) else ""
    for address in dict.fromkeys(filter(None, [proven, case.authority.central_email])):
        _mail(case, kind, address, at=at, **facts)


def _mail(case: LetterCase, kind: str, address: str, *, at: datetime, **facts: object) -> None:
    messaging.queue(
        kind=kind,
        channel=Channel.MAIL,
        to_address=address,
        at=at,
        organisation_id=case.authority_id,
        case=case.case,
        facts={
            "person": case.recipient_name,
            "authority": papers.name_with_former(case),
            "letter_number": case.letter_number,
            "letter_date": case.letter_date,
            **facts,
        },
    )
