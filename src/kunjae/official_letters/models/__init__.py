from kunjae.official_letters.models.case import (
    TRANSITIONS,
    CaseState,
    LetterCase,
    LetterCounter,
    WayIn,
)
from kunjae.official_letters.models.draft import LetterDraft
from kunjae.official_letters.models.facts import (
    ACTING_SIGNERS,
    OTHER_REASONS_NEEDING_AN_ORDER,
    LeavingKind,
    LetterFacts,
    OtherReason,
    PositionBox,
    SignerCapacity,
)
from kunjae.official_letters.models.intake import LetterIntake
from kunjae.official_letters.models.verification import (
    CallBack,
    CallBackOutcome,
    ContactProof,
    Notice,
    NoticeParty,
    Objection,
    Point,
    ProofChannel,
    ProofMethod,
    VerifiedPoint,
)

__all__ = [
    "ACTING_SIGNERS",
    "OTHER_REASONS_NEEDING_AN_ORDER",
    "TRANSITIONS",
    "CallBack",
    "CallBackOutcome",
    "CaseState",
    "ContactProof",
    "LeavingKind",
    "LetterCase",
    "LetterCounter",
    "LetterDraft",
    "LetterFacts",
    "LetterIntake",
    "Notice",
    "NoticeParty",
    "Objection",
    "OtherReason",
    "Point",
    "PositionBox",
    "ProofChannel",
    "ProofMethod",
    "SignerCapacity",
    "VerifiedPoint",
    "WayIn",
]
