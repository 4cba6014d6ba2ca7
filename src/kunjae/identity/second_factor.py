"""
The proof by a second factor, at the door and inside: one way to judge a code, however many try at once.

The account is locked while a code is judged, so that guesses in parallel wait for each other (T-22).
"""

import json
import math
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import transaction
from django.http import HttpRequest
from django.views.decorators.debug import sensitive_variables

from kunjae.core.actor import Actor
from kunjae.core.verdict import Denied
from kunjae.identity import factor_codes, known_devices, operations, passkeys, queries, throttle
from kunjae.identity.models import FactorKind, FactorSource, SecondFactor, SignInAttempt, Subject, SubjectState


@dataclass(frozen=True, slots=True)
class Trier:
    """
    Who tries, and from where; `lane` is the known device or the session, if it is one.

    `wrong` is what a wrong code is kept as: behind a link no password was shown.
    """

    actor: Actor
    device: str = ""
    lane: str = ""
    wrong: SignInAttempt.Outcome = SignInAttempt.Outcome.WRONG_CODE


@sensitive_variables("typed", "cleaned")
def prove(trier: Trier, typed: str, *, at: datetime) -> SecondFactor:
    """
    Prove that somebody holds a second factor of his account, by an app's code or a recovery code; it is used up.

    :returns: the factor
    :raises Denied: `factor_code_wrong`, `factor_code_throttled` or `session_ended`
    """
    with transaction.atomic():
        subject = operations.locked_values(trier.actor.subject_id or 0)
        if subject.state != SubjectState.ACTIVE:
            denied = Denied("session_ended", {"organisation_id": subject.authority_id})
        elif wait := throttle.code_wait(subject, at=at, lane=trier.lane):
            denied = Denied("factor_code_throttled", {"minutes": math.ceil(wait.total_seconds() / 60)})
        elif factor := _matching(trier, subject, factor_codes.clean(typed), at=at):
            return factor
        else:
            throttle.note(
                throttle.code_key(subject),
                trier.actor.address or "",
                trier.device,
                trier.wrong,
                subject=subject,
                at=at,
                lane=trier.lane,
            )
            denied = Denied("factor_code_wrong", {"organisation_id": subject.authority_id})
    raise denied  # outside, so that the try is kept


@sensitive_variables("typed")
def prove_anew(trier: Trier, typed: str, *, at: datetime) -> str:
    """
    Prove that whoever is signed in is still the same: by a factor, or by the password where there is none.

    :returns: the kind of factor, or `password`
    :raises Denied: as `prove` says, or `wrong_password`, `sign_in_throttled`
    """
    subject = Subject.objects.get(pk=trier.actor.subject_id)
    if queries.has_second_factor(subject):
        return str(prove(trier, typed, at=at).kind)
    operations.refuse_wrong_present_password(trier.actor, typed, at=at)
    return "password"


@sensitive_variables("cleaned")
def _matching(trier: Trier, subject: Subject, cleaned: str, *, at: datetime) -> SecondFactor | None:
    if factor_codes.is_app_code(cleaned):
        app = queries.app_of(subject.pk)
        return app if app is not None and operations.use_app_code(factor=app, code=cleaned, at=at) else None
    if found := factor_codes.of_sheet(cleaned):
        number, code = found
        return operations.use_recovery_code(actor=trier.actor, subject=subject, number=number, code=code, at=at)
    return None


def proved_by_passkey(state: dict[str, Any] | None, typed: str, *, at: datetime, of: int | None = None) -> SecondFactor:
    """
    Prove who somebody is by a passkey, which is two factors in one; `of` names the one account that it may be.

    Unknown, ended, copied and wrong are one answer (T-19).

    :returns: the passkey, with its account
    :raises Denied: `passkey_failed`
    """
    try:
        answer = json.loads(typed) if len(typed) <= passkeys.CREDENTIAL_LENGTH_MAX else None
        if state is None or not isinstance(answer, dict):
            raise Denied("passkey_failed")
        factor = (
            SecondFactor.objects.filter(
                credential_id=passkeys.credential_id_of(answer),
                ended_at=None,
                kind=FactorKind.PASSKEY,
                subject__state=SubjectState.ACTIVE,
            )
            .select_related("subject__person")
            .first()
        )
        if factor is None or (of is not None and factor.subject_id != of):
            raise Denied("passkey_failed")
        sign_count = passkeys.signed(state, answer, factor)
    except (ValueError, RecursionError, passkeys.NotProved) as fault:
        raise Denied("passkey_failed") from fault
    if not operations.use_passkey(factor=factor, sign_count=sign_count, at=at):
        raise Denied("passkey_failed")
    return factor


def trier_at_the_door(
    request: HttpRequest,
    subject: Subject,
    *,
    address: str,
    device: str,
    wrong: SignInAttempt.Outcome = SignInAttempt.Outcome.WRONG_CODE,
    lane: str | None = None,
) -> Trier:
    """
    Say who tries at the door: whoever showed the password, or holds a link, on a device that is known or not.

    `lane` is that of the device, where the caller has asked for it already.
    """
    actor = Actor(subject.username, subject.person_id, subject.pk, address=address)
    lane = known_devices.known(request, subject.username) if lane is None else lane
    return Trier(actor, device, lane=lane, wrong=wrong)


def shown_by_the_demo(subject: Subject, *, at: datetime) -> str | None:
    """
    Compute the code that the app of one of the demo's invented persons would show; nothing for everybody else.

    Empty where the last one was used a moment ago and the next is not in reach yet.

    Only where mail stays in the demo's mailbox, which production cannot choose, and only for what the demo bound.
    """
    if getattr(settings, "KUNJAE_MESSAGE_TRANSPORT", "") != "mailbox":
        return None
    demos: SecondFactor | None = (
        queries.open_factors(subject.pk).filter(kind=FactorKind.APP, source=FactorSource.DEMO).first()
    )
    if demos is None:
        return None
    return factor_codes.unused_code(factor_codes.unseal(demos.sealed), at=at, after=demos.last_step)
