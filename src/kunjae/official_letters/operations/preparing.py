"""A letter is prepared on the public page, without an account; it changes no right."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from kunjae.audit.change import state_change
from kunjae.core import identifiers
from kunjae.core.actor import Actor
from kunjae.core.verdict import Denied
from kunjae.documents import operations as documents
from kunjae.documents.models import DocumentKind, IssuedDocument
from kunjae.official_letters.content import LetterContent, content_of, hash_of
from kunjae.official_letters.models import LetterDraft
from kunjae.official_letters.policies import preparing as policy
from kunjae.organisations.models import LocalAuthority

LIFE = timedelta(days=14)
LIFE_AFTER_PRINT = timedelta(days=60)
CHANGES_MAX = 200
"""A letter has some thirty lines; whoever saves more often than this fills the record with nothing."""

_SUMMARY_TH = "หนังสือขอรหัสผู้ใช้และรหัสผ่าน จัดเตรียมเพื่อลงนาม"


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
    # Outside of any change: whoever is slowed down leaves no event, and fills no record.
    policy.may_begin(authority, address_key, at=at).enforce()
    key = identifiers.new_link_secret()
    with state_change(actor=actor, at=at) as change:
        draft = LetterDraft.objects.create(
            public_id=identifiers.public_id(),
            key_digest=identifiers.digest_secret(key),
            authority=authority,
            address_key=address_key,
            created_at=at,
            changed_at=at,
            expires_at=at + LIFE,
        )
        change.record("letter_draft.begun", draft, organisation_id=authority.pk)
    return Begun(draft, key)


def _locked(draft_id: int, *, at: datetime) -> LetterDraft:
    draft = (
        LetterDraft.objects.select_for_update(of=("self",))
        .select_related("authority__district", "authority__province")
        .filter(pk=draft_id, expires_at__gt=at)
        .first()
    )
    if draft is None:
        raise Denied("draft_is_gone")
    return draft


def write(*, actor: Actor, draft_id: int, content: LetterContent, version: int, at: datetime) -> LetterDraft:
    """
    Write what the letter says; it may be half done. The caller holds the key (`queries.draft_by_key`).

    A content that changes nothing leaves the draft as it is.

    :raises Denied: `draft_is_gone`, `draft_changed_elsewhere`, `draft_changed_too_often`
    """
    standing = LetterDraft.objects.select_related("authority").filter(pk=draft_id, expires_at__gt=at).first()
    if standing is not None and standing.version == version and content_of(standing) == content:
        return standing
    with state_change(actor=actor, at=at) as change:
        draft = _locked(draft_id, at=at)
        about = {"organisation_id": draft.authority_id}
        if draft.version != version:
            raise Denied("draft_changed_elsewhere", about)
        if draft.version >= CHANGES_MAX:
            raise Denied("draft_changed_too_often", about)
        draft.change_to(
            version=draft.version + 1,
            content_hash=hash_of(draft.authority, content),
            changed_at=at,
            expires_at=max(draft.expires_at, at + LIFE),
            **content.as_columns(),
        )
        change.record("letter_draft.written", draft, organisation_id=draft.authority_id, version=draft.version)
    return draft


def register_print(*, actor: Actor, draft_id: int, at: datetime) -> IssuedDocument:
    """
    Enter the letter as it reads now into the register of documents, for its QR (T-33); the draft stays 60 days more.

    Printed again unchanged, it is the document that stands.

    :raises Denied: `draft_is_gone`, or as `policies.preparing.may_print` says
    """
    with state_change(actor=actor, at=at) as change:
        draft = _locked(draft_id, at=at)
        content = content_of(draft).settled()
        policy.may_print(content).enforce()
        content_hash = hash_of(draft.authority, content)
        document = documents.issue_document(
            actor=actor,
            kind=DocumentKind.FORM_1,
            authority=draft.authority,
            # A letter has no case before it came in.
            case="",
            content_hash=content_hash,
            summary=_SUMMARY_TH,
            at=at,
        )
        draft.change_to(
            code=document.code,
            content_hash=content_hash,
            printed_at=at,
            expires_at=max(draft.expires_at, at + LIFE_AFTER_PRINT),
        )
        change.record("letter_draft.printed", draft, organisation_id=draft.authority_id, code=document.code)
    return document


def remove_abandoned(*, actor: Actor, at: datetime) -> int:
    """
    Remove drafts whose days are over: 14 after the last change, 60 after the print.

    :returns: how many
    """
    over = list(LetterDraft.objects.filter(expires_at__lte=at).order_by("pk").values_list("pk", flat=True))
    for draft_id in over:
        with state_change(actor=actor, at=at) as change:
            draft = LetterDraft.objects.select_for_update(of=("self",)).get(pk=draft_id)
            change.record("letter_draft.removed", draft, organisation_id=draft.authority_id)
            draft.delete()
    return len(over)
