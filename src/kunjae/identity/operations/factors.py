"""Second factors are bound, drawn, used up and ended; each binding is recorded and told to the owner (D5)."""

from datetime import datetime

from django.contrib.auth.hashers import check_password, make_password
from django.db.models import BigIntegerField, DateTimeField, QuerySet
from django.views.decorators.debug import sensitive_variables

from kunjae.audit.change import state_change
from kunjae.core import identifiers
from kunjae.core.actor import Actor
from kunjae.core.verdict import Denied
from kunjae.core.written_once import Blank, Update
from kunjae.identity import factor_codes, policies, queries
from kunjae.identity.models import FactorEnd, FactorKind, FactorSource, RecoveryCode, SecondFactor, Session, Subject
from kunjae.identity.operations.accounts import tell_owner
from kunjae.identity.operations.factor_rows import bind_row, end_row, end_rows
from kunjae.identity.operations.locking import locked, locked_as_proved
from kunjae.identity.passkeys import Made
from kunjae.identity.proofs import Proved

PASSKEYS_MAX = 10


def _locked_for(actor: Actor, proved: Proved | None) -> Subject:
    """Lock the actor's account: as somebody who is signed in, or as a sign-in on its way has proved him."""
    return locked(actor.subject_id) if proved is None else locked_as_proved(actor.subject_id, proved)


@sensitive_variables("secret", "code")
def bind_app(
    *, actor: Actor, secret: str, code: str, source: FactorSource, at: datetime, proved: Proved | None = None
) -> SecondFactor:
    """
    Bind an authenticator app whose owner has shown that it works; a former one is replaced, the owner is told.

    The code that was shown is used up by it. `proved` is what a sign-in on its way has shown, at the door.

    :raises Denied: as `policies.proof_holds` and `policies.may_bind_factor` says, or `factor_code_wrong`
    """
    with state_change(actor=actor, at=at) as change:
        subject = _locked_for(actor, proved)
        policies.may_bind_factor(actor, subject, at=at).enforce()
        step = factor_codes.step_of(secret, code, at=at, after=0)
        if step is None:
            raise Denied("factor_code_wrong", {"organisation_id": subject.authority_id})
        end_rows(change, subject, kinds=[FactorKind.APP], why=FactorEnd.REPLACED, at=at)
        factor = bind_row(
            change,
            subject,
            FactorKind.APP,
            source,
            address=actor.address or "",
            sealed=factor_codes.seal(secret),
            last_step=step,
            at=at,
        )
        tell_owner(subject, "factor_bound", at=at)
    return factor


def bind_passkey(
    *,
    actor: Actor,
    passkey: Made,
    name: str,
    source: FactorSource,
    at: datetime,
    proved: Proved | None = None,
) -> SecondFactor:
    """
    Bind a passkey that a browser has just made; a person may have several, each under a name of his own.

    `proved` is what a sign-in on its way has shown, at the door.

    :raises Denied: as `policies.proof_holds` and `policies.may_bind_factor` says; `passkey_known`, `passkeys_too_many`
    """
    with state_change(actor=actor, at=at) as change:
        subject = _locked_for(actor, proved)
        about = {"organisation_id": subject.authority_id}
        policies.may_bind_factor(actor, subject, at=at).enforce()
        if SecondFactor.objects.filter(credential_id=passkey.credential_id).exists():
            raise Denied("passkey_known", about)
        if queries.open_factors(subject.pk).filter(kind=FactorKind.PASSKEY).count() >= PASSKEYS_MAX:
            raise Denied("passkeys_too_many", about)
        factor = bind_row(
            change,
            subject,
            FactorKind.PASSKEY,
            source,
            address=actor.address or "",
            at=at,
            name=name,
            credential_id=passkey.credential_id,
            public_key=passkey.public_key,
            sign_count=passkey.sign_count,
        )
        tell_owner(subject, "factor_bound", at=at)
    return factor


def use_passkey(*, factor: SecondFactor, sign_count: int, at: datetime) -> bool:
    """
    Move the counter of a passkey on; bookkeeping, which decides no right (docs/decisions/0008).

    :returns: whether it has moved: one that stands still, where the device counts, is a copy
    """
    current: QuerySet[SecondFactor] = QuerySet(SecondFactor).filter(pk=factor.pk, ended_at=None)
    counts: QuerySet[SecondFactor] = (
        current.filter(sign_count__lt=sign_count) if sign_count else current.filter(sign_count=0)
    )
    return counts.update(sign_count=sign_count, used_at=at) == 1


@sensitive_variables()
def draw_recovery_codes(*, actor: Actor, source: FactorSource, at: datetime, proved: Proved | None = None) -> list[str]:
    """
    Draw ten recovery codes; a former sheet is replaced. They are returned once and kept nowhere but as hashes.

    `proved` is what a sign-in on its way has shown, at the door.

    :raises Denied: as `policies.proof_holds` and `policies.may_draw_codes` says
    """
    codes = factor_codes.new_sheet()
    hashes = [make_password(factor_codes.letters_of(code)) for code in codes]  # before anything is locked
    with state_change(actor=actor, at=at) as change:
        subject = _locked_for(actor, proved)
        policies.may_draw_codes(actor, subject, at=at).enforce()
        end_rows(change, subject, kinds=[FactorKind.CODES], why=FactorEnd.REPLACED, at=at)
        sheet = bind_row(change, subject, FactorKind.CODES, source, address=actor.address or "", at=at)
        for number, code_hash in enumerate(hashes, start=1):
            RecoveryCode.objects.create(sheet=sheet, number=number, code_hash=code_hash)
        tell_owner(subject, "factor_bound", at=at)
    return codes


def remove_factor(*, actor: Actor, public_id: str, at: datetime) -> None:
    """
    Take away one of one's own factors, and tell the owner; recovery codes do not outlive the last of the others.

    :raises SecondFactor.DoesNotExist: if the actor has no such factor
    :raises Denied: as `policies.may_remove_factor` says
    """
    with state_change(actor=actor, at=at) as change:
        subject = locked(actor.subject_id)
        factor = SecondFactor.objects.get(subject=subject, public_id=public_id, ended_at=None)
        policies.may_remove_factor(actor, subject, factor, at=at).enforce()
        end_row(change, subject, factor, why=FactorEnd.REMOVED, at=at)
        if not queries.open_factors(subject.pk).exclude(kind=FactorKind.CODES).exists():
            end_rows(change, subject, kinds=[FactorKind.CODES], why=FactorEnd.REMOVED, at=at)
        tell_owner(subject, "factor_removed", at=at)


def end_factors_of(*, actor: Actor, subject: Subject, why: FactorEnd, at: datetime) -> int:
    """
    End every factor of an account, inside a change that a floor above has opened; returns how many.

    Whether somebody may is judged there: the head for officers, form 1 for heads (ASVS 6.4.4).
    """
    if not queries.open_factors(subject.pk).exists():
        return 0
    with state_change(actor=actor, at=at) as change:
        ended = end_rows(change, subject, kinds=list(FactorKind), why=why, at=at)
        tell_owner(subject, "factors_ended", at=at)
    return ended


@sensitive_variables("code")
def use_recovery_code(*, actor: Actor, subject: Subject, number: int, code: str, at: datetime) -> SecondFactor | None:
    """
    Use up one recovery code of an account whose row the caller has locked; tells the owner how many are left.

    :returns: its sheet, if it was right and still unused (ASVS 6.5.1)
    """
    found = RecoveryCode.objects.filter(
        sheet__subject=subject, sheet__ended_at=None, number=number, used_at=None
    ).select_for_update(of=("self",))
    recovery_code = found.select_related("sheet").first()
    if recovery_code is None:
        make_password(code)  # as long as a wrong one takes
        return None
    if not check_password(code, recovery_code.code_hash):
        return None
    sheet: SecondFactor = recovery_code.sheet
    with state_change(actor=actor, at=at) as change:
        recovery_code.change_to(used_at=at)
        left = RecoveryCode.objects.filter(sheet=sheet, used_at=None).count()
        change.record(
            "recovery_code.used",
            sheet,
            organisation_id=subject.authority_id,
            subject_person_id=subject.person_id,
            username=subject.username,
            number=number,
            left=left,
        )
        tell_owner(subject, "recovery_code_used", at=at, left=left)
    return sheet


def use_app_code(*, factor: SecondFactor, code: str, at: datetime) -> bool:
    """
    Use up the code of an app; bookkeeping, which decides no right (docs/decisions/0008).

    :returns: whether it was right and its step not used before; of two at once, one is
    """
    step = factor_codes.step_of(factor_codes.unseal(factor.sealed), code, at=at, after=factor.last_step)
    if step is None:
        return False
    return _USE_STEP.run(pk=factor.pk, step=step, at=at) == 1


_STEP = Blank("step", BigIntegerField())
_USE_STEP = Update(
    lambda: QuerySet(SecondFactor).filter(pk=Blank("pk", BigIntegerField()), ended_at=None, last_step__lt=_STEP),
    last_step=_STEP,
    used_at=Blank("at", DateTimeField()),
)


def note_proof(*, actor: Actor, kind: str, session_key: str, at: datetime) -> None:
    """
    Note that whoever is signed in has proved himself anew: for twenty minutes he need not again (ASVS 7.5.3).

    The session goes on under a new key, of which a digest is kept (T-18).
    """
    with state_change(actor=actor, at=at) as change:
        session = (
            Session.objects.select_for_update(of=("self",)).select_related("subject").get(pk=actor.session_id or 0)
        )
        session.change_to(proved_at=at, key_digest=identifiers.digest_secret(session_key))
        change.record(
            "session.proved",
            session,
            organisation_id=session.subject.authority_id,
            subject_person_id=session.subject.person_id,
            username=session.subject.username,
            factor=kind,
        )
