"""
A person comes to a password by two secrets on two ways (D4; T-02, T-03).

Nobody who issues an activation learns both secrets: one goes to the person's mailbox (or, without
one, to the mobile), the other to the mobile or onto a slip that is handed over in person.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.auth.hashers import check_password, make_password
from django.db import transaction

from kunjae.audit.change import require_open_change, state_change
from kunjae.core import identifiers
from kunjae.core.actor import Actor
from kunjae.core.verdict import Denied
from kunjae.identity import policies
from kunjae.identity.models import Activation, Subject, SubjectState
from kunjae.identity.models.activation import TRIES_MAX
from kunjae.identity.operations.accounts import end_activations, tell_owner
from kunjae.messaging import operations as messaging
from kunjae.messaging.models import Channel

NOT_YET_PRINTED = "!not-yet-printed"
CODE_DIGITS = 8


@dataclass(frozen=True, slots=True)
class Issued:
    """An activation that was issued; `needs_slip` when its second code must be printed."""

    activation: Activation
    needs_slip: bool


def issue_activation(*, actor: Actor, subject: Subject, purpose: Activation.Purpose, case: str, at: datetime) -> Issued:
    """
    Issue an activation and send its secrets; an older one dies (T-02).

    :raises Denied: `no_way_to_reach`, `subject_closed`, or as `policies.may_act_gravely` says
    """
    require_open_change("identity.Activation")
    policies.may_act_gravely(actor, at=at).enforce()
    if subject.state in (SubjectState.CLOSED, SubjectState.SUSPENDED):
        raise Denied("subject_closed", {"organisation_id": subject.authority_id})
    if not subject.email and not subject.mobile:
        raise Denied("no_way_to_reach", {"organisation_id": subject.authority_id})
    by_sms = bool(subject.email and subject.mobile)
    link_secret = identifiers.new_link_secret()
    mail_code, second_code = identifiers.new_code(CODE_DIGITS), identifiers.new_code(CODE_DIGITS)
    with state_change(actor=actor, at=at) as change:
        end_activations(actor=actor, subject=subject, why="replaced", at=at)
        facts = {"username": subject.username, "person": subject.person.full_name, "case": case, "purpose": purpose}
        shared: dict[str, Any] = {
            "at": at,
            "person": subject.person,
            "organisation_id": subject.authority_id,
            "case": case,
            "language": subject.language,
            "facts": facts | {"second_way": "sms" if by_sms else "slip"},
        }
        first = messaging.queue(
            kind="activation",
            channel=Channel.MAIL if subject.email else Channel.SMS,
            to_address=subject.email or subject.mobile,
            secrets={"link_secret": link_secret, "mail_code": mail_code},
            **shared,
        )
        if by_sms:
            messaging.queue(
                kind="activation_code",
                channel=Channel.SMS,
                to_address=subject.mobile,
                secrets={"second_code": second_code},
                **shared,
            )
        activation = Activation.objects.create(
            subject=subject,
            purpose=purpose,
            case=case,
            link_digest=identifiers.digest_secret(link_secret),
            mail_code_hash=make_password(mail_code),
            second_code_hash=make_password(second_code) if by_sms else NOT_YET_PRINTED,
            second_way=Activation.SecondWay.SMS if by_sms else Activation.SecondWay.SLIP,
            mail=first,
            issued_at=at,
            issued_by_id=actor.person_id,
        )
        change.record(
            "activation.issued",
            activation,
            organisation_id=subject.authority_id,
            subject_person_id=subject.person_id,
            case=case,
            username=subject.username,
            purpose=purpose,
            second_way=activation.second_way,
        )
    return Issued(activation, needs_slip=not by_sms)


def print_slip(*, actor: Actor, activation_id: int, at: datetime) -> str:
    """
    Make the second code anew for a printed slip and give it out, this once.

    The first secret stays with the mailbox or mobile, so the slip alone opens nothing. A code that
    had gone by SMS is dead from now on, and its owner is told. Tries are not forgiven. The caller
    has checked that the actor administers the authority and is not the person.

    :returns: the code, eight digits
    :raises Denied: `activation_ended`, or as `policies.may_act_gravely` says
    """
    require_open_change("identity.Activation")
    policies.may_act_gravely(actor, at=at).enforce()
    with state_change(actor=actor, at=at) as change:
        activation = (
            Activation.objects.select_for_update(of=("self",))
            .select_related("subject__person", "mail")
            .get(pk=activation_id)
        )
        subject = activation.subject
        if activation.used_at or activation.ended_at or activation.expires_at <= at:
            raise Denied("activation_ended", {"organisation_id": subject.authority_id})
        code = identifiers.new_code(CODE_DIGITS)
        took_the_sms_way = activation.second_way == Activation.SecondWay.SMS
        activation.change_to(second_code_hash=make_password(code), second_way=Activation.SecondWay.SLIP)
        if took_the_sms_way:
            tell_owner(subject, "slip_printed", at=at, case=activation.case)
        change.record(
            "activation.issued",
            activation,
            organisation_id=subject.authority_id,
            subject_person_id=subject.person_id,
            case=activation.case,
            username=subject.username,
            purpose=activation.purpose,
            second_way=activation.second_way,
        )
    return code


def prove_activation(
    *,
    actor: Actor,
    second_code: str,
    at: datetime,
    link_secret: str = "",
    username: str = "",
    case: str = "",
    mail_code: str = "",
) -> Activation:
    """
    Check both secrets: the link, or user id, case number and mailed code; and the second code.

    Nothing is consumed: `set_password_by_activation` does that. Whatever is wrong, the answer and
    the work are the same (T-19); five wrong second codes beside a right first secret end the
    activation (T-22).

    :raises Denied: `activation_failed`
    """
    found = _find(link_secret=link_secret, username=username, case=case)
    with transaction.atomic():
        # Locked first, so that guesses at once are counted one after the other (T-10).
        activation = _locked(found.pk) if found is not None else None
        usable = activation is not None and activation.expires_at > at and _may_activate(activation.subject)
        first_is_right = bool(link_secret) or _matches(mail_code, activation.mail_code_hash if activation else "")
        second_is_right = _matches(second_code, activation.second_code_hash if activation else "")
        if activation is not None and usable and first_is_right and second_is_right:
            return activation
        if activation is not None and usable and first_is_right:
            # Who lacks the first secret must not be able to end somebody else's activation (T-21).
            _count_a_wrong_try(actor=actor, activation=activation, at=at)
    raise Denied("activation_failed")


def _locked(activation_id: int) -> Activation | None:
    return (
        Activation.objects.select_for_update(of=("self",))
        .select_related("subject__person", "subject__authority", "mail")
        .filter(pk=activation_id, used_at=None, ended_at=None)
        .first()
    )


def _find(*, link_secret: str, username: str, case: str) -> Activation | None:
    still_open = Activation.objects.select_related("subject__person", "subject__authority", "mail").filter(
        used_at=None, ended_at=None
    )
    if link_secret:
        return still_open.filter(link_digest=identifiers.digest_secret(link_secret)).first()
    return still_open.filter(subject__username=username.strip().lower(), case=case).first()


def _may_activate(subject: Subject) -> bool:
    return subject.state in (SubjectState.PENDING, SubjectState.ACTIVE)


def _matches(code: str, hashed: str) -> bool:
    """Compare a code with its hash; an absent hash costs the same work and matches nothing."""
    if not hashed or hashed == NOT_YET_PRINTED:
        make_password(code or "0")
        return False
    return check_password(code, hashed)


def _count_a_wrong_try(*, actor: Actor, activation: Activation, at: datetime) -> None:
    with state_change(actor=actor, at=at) as change:
        tries = activation.tries_count + 1
        activation.change_to(tries_count=tries)
        about: dict[str, Any] = {
            "organisation_id": activation.subject.authority_id,
            "subject_person_id": activation.subject.person_id,
            "case": activation.case,
            "username": activation.subject.username,
        }
        change.record("activation.refused", activation, **about)
        if tries >= TRIES_MAX:
            activation.change_to(ended_at=at)
            change.record("activation.ended", activation, why="too_many_tries", **about)
