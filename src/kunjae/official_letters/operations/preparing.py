"""A letter is prepared on the public page, without an account; it changes no right."""

from dataclasses import dataclass
from datetime import datetime

from kunjae.core.actor import Actor
from kunjae.documents.models import IssuedDocument
from kunjae.official_letters.content import LetterContent
from kunjae.official_letters.models import LetterDraft
from kunjae.organisations.models import LocalAuthority


@dataclass(frozen=True, slots=True)
class Begun:
    """A draft that was begun, and its key: the browser session keeps it, the database only its digest."""

    draft: LetterDraft
    key: str


def begin(*, actor: Actor, authority: LocalAuthority, address_key: str, at: datetime) -> Begun:
    """
    Begin a letter of an authority; `address_key` is `policies.preparing.place_key` of whoever begins it.

    :raises Denied: as `policies.preparing.may_begin` says (`drafts_too_often`)
    """
    raise NotImplementedError


def write(*, actor: Actor, draft_id: int, content: LetterContent, version: int, at: datetime) -> LetterDraft:
    """
    Write what the letter says; it may be half done. The caller holds the key (`queries.draft_by_key`).

    :raises Denied: `draft_is_gone`, `changed_elsewhere_letter`, `draft_changed_too_often`
    """
    raise NotImplementedError


def register_print(*, actor: Actor, draft_id: int, at: datetime) -> IssuedDocument:
    """
    Enter the letter as it reads now into the register of documents, for its QR (T-33); the draft stays 60 days more.

    :raises Denied: `draft_is_gone`, or as `policies.preparing.may_print` says
    """
    raise NotImplementedError


def remove_abandoned(*, actor: Actor, at: datetime) -> int:
    """
    Remove drafts whose days are over: 14 after the last change, 60 after the print.

    :returns: how many
    """
    raise NotImplementedError
