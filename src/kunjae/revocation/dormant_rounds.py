"""
What the worker does about accounts that nobody uses (T-08, L-30): the head is told after 90 days, the rule acts at 180.

One change for each authority: what fails in one keeps no other back.
"""

from collections.abc import Callable, Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet
from django.utils import translation
from django.utils.translation import gettext as _

from kunjae.audit.change import state_change
from kunjae.core.actor import Actor
from kunjae.entitlements.models import Tenure
from kunjae.entitlements.policies import lock_tenure
from kunjae.identity import operations as identity
from kunjae.identity.models import Subject, SubjectState
from kunjae.identity.operations.accounts import tell_owner
from kunjae.revocation import dormancy, policies
from kunjae.revocation.models import Dormancy

NAMED_IN_A_MESSAGE = 10


def propose_dormant(*, actor: Actor, at: datetime) -> int:
    """
    Tell each head, in one mail, which accounts have not been used for 90 days; a second round tells nobody.

    :returns: how many accounts were proposed for suspension
    """
    return _by_authority(dormancy.to_propose(at=at), _propose, actor=actor, at=at)


def suspend_dormant(*, actor: Actor, at: datetime) -> int:
    """
    Suspend by rule what nobody used for 180 days; owner and head are told, and the head puts it back into use.

    By mail only: an SMS costs money, and whom no mail reaches reads it at the door.

    Whoever holds the right to administer is passed by, or an authority would be without a head (D6): the record says
    so, and he is told by mail.

    :returns: how many accounts were suspended
    """
    return _by_authority(dormancy.to_suspend(at=at), _suspend, actor=actor, at=at)


def _by_authority(due: QuerySet[Subject], act: Callable[..., int], *, actor: Actor, at: datetime) -> int:
    authority_ids = list(due.order_by("authority_id").values_list("authority_id", flat=True).distinct())
    done = 0
    for authority_id in authority_ids:
        with transaction.atomic():
            # Of two workers one waits here, and then finds nothing left; then the accounts, as everybody locks them.
            tenure = lock_tenure(authority_id)
            subjects = list(
                due.filter(authority_id=authority_id).select_related("person").select_for_update(of=("self",))
            )
            if subjects:
                done += act(actor, authority_id, tenure, subjects, at=at)
    return done


def _propose(
    actor: Actor, authority_id: int, tenure: Tenure | None, subjects: Sequence[Subject], *, at: datetime
) -> int:
    with state_change(actor=actor, at=at) as change:
        _note(subjects, "proposed_at", at=at)
        for subject in subjects:
            change.record(
                "account.proposed",
                subject,
                organisation_id=authority_id,
                subject_person_id=subject.person_id,
                username=subject.username,
                days=dormancy.PROPOSED_AFTER.days,
            )
        _tell_head(tenure, "accounts_unused", subjects, at=at)
    return len(subjects)


def _suspend(
    actor: Actor, authority_id: int, tenure: Tenure | None, subjects: Sequence[Subject], *, at: datetime
) -> int:
    held = set(
        Tenure.objects.filter(until_at=None, person_id__in=[subject.person_id for subject in subjects]).values_list(
            "person_id", flat=True
        )
    )
    verdicts = [
        (subject, policies.may_suspend_by_rule(subject, heads=subject.person_id in held, at=at)) for subject in subjects
    ]
    suspended = [subject for subject, verdict in verdicts if verdict]
    spared = [subject for subject, verdict in verdicts if verdict.reason == "holds_tenure"]
    if not suspended and not spared:
        return 0
    with state_change(actor=actor, at=at) as change:
        for subject in suspended:
            with translation.override(subject.language):
                reason = _("Not used for %(days)s days; suspended by rule") % {"days": dormancy.SUSPENDED_AFTER.days}
            identity.suspend_subject(actor=actor, subject_id=subject.pk, reason=reason, at=at, by_sms=False)
        if suspended:
            _tell_head(tenure, "accounts_suspended_unused", suspended, at=at)
        _note(spared, "spared_at", at=at)
        for subject in spared:
            change.record(
                "account.spared",
                subject,
                organisation_id=authority_id,
                subject_person_id=subject.person_id,
                username=subject.username,
                days=dormancy.SUSPENDED_AFTER.days,
            )
            if subject.email:
                tell_owner(subject, "head_unused", at=at, days=dormancy.SUSPENDED_AFTER.days)
    return len(suspended)


def _note(subjects: Sequence[Subject], field: str, *, at: datetime) -> None:
    """Note an instant for each account, in one statement."""
    rows = [Dormancy(subject=subject, person_id=subject.person_id, **{field: at}) for subject in subjects]
    Dormancy.objects.bulk_create(rows, update_conflicts=True, unique_fields=["subject"], update_fields=[field])


def _tell_head(tenure: Tenure | None, kind: str, subjects: Sequence[Subject], *, at: datetime) -> None:
    """Queue one mail that names the accounts, to the head who answers for them; an SMS costs money, none goes."""
    if tenure is None or tenure.contested_at is not None:
        return
    head = tenure.subject
    if head.state != SubjectState.ACTIVE or not head.email:
        return
    named = [f"{subject.person.full_name} ({subject.username})" for subject in subjects]
    tell_owner(
        head,
        kind,
        at=at,
        count=len(named),
        accounts=", ".join(named[:NAMED_IN_A_MESSAGE]),
        more=max(0, len(named) - NAMED_IN_A_MESSAGE),
        code=tenure.authority.code,
    )
