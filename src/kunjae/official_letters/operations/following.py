"""What follows the issue: a new activation, a slip, the announcement, and the clearing away of drafts."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet

from kunjae.audit.change import state_change
from kunjae.core.actor import Actor
from kunjae.documents import activation_slip
from kunjae.documents import operations as documents
from kunjae.documents.models import DocumentKind
from kunjae.identity import operations as identity
from kunjae.identity.models import Activation, Subject
from kunjae.identity.queries import open_activation
from kunjae.official_letters import papers
from kunjae.official_letters.models import CaseState, LetterCase
from kunjae.official_letters.operations.intake import remove_abandoned_intakes
from kunjae.official_letters.operations.preparing import remove_abandoned
from kunjae.official_letters.operations.recording import locked_case, record
from kunjae.official_letters.operations.telling import tell_parties_again
from kunjae.official_letters.policies import deciding as policies


@dataclass(frozen=True, slots=True)
class Slip:
    """What is printed once. `code` is the second secret; the first one stays with the mailbox."""

    case: LetterCase
    subject: Subject
    activation: Activation
    code: str
    ends_at: datetime


def reissue(*, actor: Actor, public_id: str, at: datetime) -> LetterCase:
    """
    Issue the activation of an issued case anew, to the same addresses; the older link is dead (T-02).

    :raises Denied: as `policies.deciding.may_reissue` says
    """
    with state_change(actor=actor, at=at) as change:
        case = locked_case(public_id)
        policies.may_reissue(actor, case, at=at).enforce()
        subject = _locked_account(case)
        purpose = Activation.Purpose.REPLACE if subject.activated_at else Activation.Purpose.FIRST
        issued = identity.issue_activation(actor=actor, subject=subject, purpose=purpose, case=case.case, at=at)
        record(
            change,
            "letter.reissued",
            case,
            username=subject.username,
            second_way=issued.activation.second_way,
        )
    return case


def print_head_slip(*, actor: Actor, public_id: str, at: datetime) -> Slip:
    """
    Make the second code of a head's activation anew and give it out on paper, this once.

    A code that went by SMS opens nothing from now on, and its owner is told. The paper is entered into the
    register, without its code.

    :raises Denied: as `policies.deciding.may_print_head_slip` says
    """
    with state_change(actor=actor, at=at) as change:
        case = locked_case(public_id)
        policies.may_print_head_slip(actor, case, at=at).enforce()
        subject = _locked_account(case)
        opened = open_activation(subject.pk)
        code = identity.print_slip(actor=actor, activation_id=opened.pk if opened else 0, at=at)
        activation = Activation.objects.select_related("subject__person", "mail").get(pk=opened.pk if opened else 0)
        slip = Slip(case=case, subject=subject, activation=activation, code=code, ends_at=activation.expires_at)
        paper = papers.slip_of(case, activation, code=code, ends_at=slip.ends_at, at=at)
        documents.issue_document(
            actor=actor,
            kind=DocumentKind.ACTIVATION_SLIP,
            authority=case.authority,
            case=case.case,
            content_hash=activation_slip.content_hash(paper),
            issued_to=subject.person,
            at=at,
        )
        record(change, "letter.slip_printed", case, username=subject.username)
    return slip


def _locked_account(case: LetterCase) -> Subject:
    subject: Subject = (
        Subject.objects.select_for_update(of=("self",)).select_related("person", "authority").get(pk=case.subject_id)
    )
    return subject


def follow_up(*, actor: Actor, at: datetime) -> int:
    """
    Tell all parties, once per case, that the keys came into use (T-02); remove drafts and intakes that nobody goes on with.

    Each case is a change of its own: one that fails keeps no other back.

    :returns: how many activations were announced
    """
    announced = 0
    for public_id in list(_to_announce().values_list("public_id", flat=True)):
        announced += _announce(actor, public_id, at=at)
    remove_abandoned(actor=actor, at=at)
    remove_abandoned_intakes(actor=actor, at=at)
    return announced


def _to_announce() -> QuerySet[LetterCase]:
    """Issued cases whose activation was used, and nobody was told yet."""
    used = Activation.objects.filter(subject=OuterRef("subject"), case=OuterRef("case"), used_at__isnull=False)
    return LetterCase.objects.filter(Exists(used), state=CaseState.ISSUED, activation_told_at=None).order_by(
        "decided_at", "pk"
    )


def _announce(actor: Actor, public_id: str, *, at: datetime) -> bool:
    with transaction.atomic():
        case = locked_case(public_id)
        # Another worker may have been here meanwhile.
        if case.activation_told_at is not None:
            return False
        with state_change(actor=actor, at=at) as change:
            subject = case.subject
            used_at = (
                Activation.objects.filter(subject=subject, case=case.case, used_at__isnull=False)
                .order_by("-used_at")
                .values_list("used_at", flat=True)
                .first()
            )
            case.change_to(activation_told_at=at)
            tell_parties_again(
                case, "letter_activated", at=at, username=subject.username if subject else "", used_at=used_at
            )
            record(change, "letter.activation_announced", case, used_at=used_at)
    return True
