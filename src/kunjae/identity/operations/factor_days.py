"""From which day on everybody needs a second factor: one of the department proposes, another confirms (D5)."""

from datetime import date, datetime
from typing import Any

from django.db import transaction

from kunjae.audit.change import Change, state_change
from kunjae.core import identifiers, text
from kunjae.core.actor import Actor
from kunjae.core.verdict import Denied
from kunjae.identity import factor_days, policies
from kunjae.identity.models import SecondFactorDay, Subject
from kunjae.identity.operations.password_policy import INSTRUMENT_LENGTH_MAX
from kunjae.messaging import operations as messaging
from kunjae.messaging.models import Channel

PIECE = 100
PIECES_A_ROUND = 20


def propose_factor_day(*, actor: Actor, effective_date: date, instrument: str, at: datetime) -> SecondFactorDay:
    """
    Propose a day from which everybody needs a second factor, by a paper of the department; nothing changes yet.

    :raises Denied: `factor_day_is_the_departments`, `factor_day_waits`, `factor_day_past`,
        `factor_day_instrument_missing`, `factor_day_unchanged`
    :raises Unacceptable: if the name of the paper cannot be printed
    """
    instrument = text.clean_line(instrument, length_max=INSTRUMENT_LENGTH_MAX)
    with state_change(actor=actor, at=at) as change:
        policies.may_propose_factor_day(actor, at=at).enforce()
        policies.may_ask_everybody_from(effective_date, at=at).enforce()
        if not instrument:
            raise Denied("factor_day_instrument_missing")
        if factor_days.decided_day() == effective_date:
            raise Denied("factor_day_unchanged")
        # Of two who propose at once, the second waits here, and finds the other's.
        proposed, is_new = SecondFactorDay.objects.get_or_create(
            is_waiting=True,
            defaults={
                "public_id": identifiers.public_id(),
                "effective_date": effective_date,
                "instrument": instrument,
                "proposed_at": at,
                "proposed_by_id": actor.person_id or 0,
            },
        )
        if not is_new:
            raise Denied("factor_day_waits")
        _record(change, "second_factor_day.proposed", proposed, instrument=instrument)
    return proposed


def confirm_factor_day(*, actor: Actor, public_id: str, at: datetime) -> SecondFactorDay:
    """
    Confirm the day that somebody else proposed: it holds in place of any day decided before.

    :raises Denied: `factor_day_is_the_departments`, `factor_day_settled`, `factor_day_own`, `factor_day_past`,
        `proof_not_fresh`
    """
    with state_change(actor=actor, at=at) as change:
        proposed = _locked(public_id)
        policies.may_confirm_factor_day(actor, proposed, at=at).enforce()
        policies.may_act_gravely(actor, at=at).enforce()
        proposed.change_to(confirmed_at=at, confirmed_by_id=actor.person_id, is_waiting=False)
        _record(change, "second_factor_day.confirmed", proposed, instrument=proposed.instrument)
    return proposed


def withdraw_factor_day(*, actor: Actor, public_id: str, at: datetime) -> SecondFactorDay:
    """
    Withdraw a proposal, one's own or a colleague's; the day that holds goes on holding.

    :raises Denied: `factor_day_is_the_departments`, `factor_day_settled`
    """
    with state_change(actor=actor, at=at) as change:
        proposed = _locked(public_id)
        policies.may_withdraw_factor_day(actor, proposed, at=at).enforce()
        proposed.change_to(withdrawn_at=at, withdrawn_by_id=actor.person_id, is_waiting=False)
        _record(change, "second_factor_day.withdrawn", proposed)
    return proposed


def tell_of_factor_day(*, actor: Actor, at: datetime) -> int:
    """
    Tell who has no second factor, by mail, fourteen days before the day: each once for each decision.

    A hundred in one change, which moves the mark up to which it is done, and so many changes in one round; the next
    round goes on from the mark. An SMS costs money, none goes: whoever has no mailbox reads it on the first page.

    :returns: how many were told
    """
    told = 0
    for _piece in range(PIECES_A_ROUND):
        if (count := _tell_piece(actor, at=at)) is None:
            break
        told += count
    return told


def _tell_piece(actor: Actor, *, at: datetime) -> int | None:
    if (due := factor_days.to_be_told(at=at)) is None:
        return None
    with transaction.atomic():
        # Of two workers one waits here, and then goes on from where the other came to.
        day = SecondFactorDay.objects.select_for_update().get(pk=due.pk)
        if factor_days.to_be_told(at=at) != day:
            return None
        left = factor_days.without_factor().filter(pk__gt=day.told_up_to).exclude(email="")
        subjects = list(left.select_related("person").order_by("pk")[:PIECE])
        with state_change(actor=actor, at=at) as change:
            day.change_to(
                told_up_to=subjects[-1].pk if subjects else day.told_up_to,
                told_at=at if len(subjects) < PIECE else None,
            )
            for subject in subjects:
                _tell(subject, day, at=at)
            _record(change, "second_factor_day.told", day, count=len(subjects))
    return len(subjects)


def _tell(subject: Subject, day: SecondFactorDay, *, at: datetime) -> None:
    messaging.queue(
        kind="factor_day",
        channel=Channel.MAIL,
        to_address=subject.email,
        at=at,
        person=subject.person,
        organisation_id=subject.authority_id,
        language=subject.language,
        facts={"username": subject.username, "person": subject.person.full_name, "day": day.effective_date},
        is_bulk=True,
    )


def _locked(public_id: str) -> SecondFactorDay:
    proposed: SecondFactorDay = (
        SecondFactorDay.objects.select_for_update(of=("self",)).select_related("proposed_by").get(public_id=public_id)
    )
    return proposed


def _record(change: Change, name: str, day: SecondFactorDay, **facts: Any) -> None:
    change.record(name, day, organisation_id=None, effective_date=day.effective_date.isoformat(), **facts)
