"""Which password profile holds: one person of the department proposes, another confirms (D2, L-40)."""

import json
from datetime import date, datetime
from typing import Any

from kunjae.audit.change import Change, canonical_json, state_change
from kunjae.core import identifiers, text
from kunjae.core.actor import Actor
from kunjae.core.clock import thai_day
from kunjae.core.verdict import Denied
from kunjae.identity import policies, queries
from kunjae.identity.models import PasswordPolicyEdition, PasswordPolicyProposal
from kunjae.identity.password_profiles import SHIPPED, PasswordProfile

INSTRUMENT_LENGTH_MAX = 300


def adopt_password_policy(
    *, actor: Actor, profile: PasswordProfile, effective_date: date, at: datetime
) -> PasswordPolicyEdition:
    """
    Put the first password policy into force, as an installation does; adopting the same one again changes nothing.

    :raises Denied: `password_policy_is_the_departments` once another one holds or is decided
    """
    if (standing := PasswordPolicyEdition.objects.order_by("-pk").first()) is not None:
        if (standing.code, standing.version) == (profile.code, profile.version):
            return standing
        raise Denied("password_policy_is_the_departments")
    with state_change(actor=actor, at=at) as change:
        edition = PasswordPolicyEdition.objects.create(
            code=profile.code,
            version=profile.version,
            facts_json=canonical_json(profile.as_facts()),
            source=profile.source,
            effective_date=effective_date,
        )
        change.record(
            "password_policy.adopted", edition, organisation_id=None, code=profile.code, version=profile.version
        )
    return edition


def propose_password_policy(
    *, actor: Actor, code: str, instrument: str, effective_date: date, at: datetime
) -> PasswordPolicyProposal:
    """
    Propose that a shipped profile shall hold from a day on, by a paper of the department; nothing changes yet.

    :raises Denied: `password_policy_is_the_departments`, `password_policy_waits`, `password_policy_unknown`,
        `password_policy_day_past`, `password_policy_instrument_missing`, `password_policy_unchanged`
    :raises Unacceptable: if the name of the paper cannot be printed
    """
    instrument = text.clean_line(instrument, length_max=INSTRUMENT_LENGTH_MAX)
    with state_change(actor=actor, at=at) as change:
        # Of two who propose at once one waits here, and then sees the other's.
        list(PasswordPolicyEdition.objects.select_for_update())
        policies.may_propose_password_policy(actor, at=at).enforce()
        if (profile := SHIPPED.get(code)) is None:
            raise Denied("password_policy_unknown")
        policies.may_hold_from(effective_date, at=at).enforce()
        if not instrument:
            raise Denied("password_policy_instrument_missing")
        if queries.password_policy_on(effective_date)[1] == profile:
            raise Denied("password_policy_unchanged")
        proposed = PasswordPolicyProposal.objects.create(
            public_id=identifiers.public_id(),
            code=profile.code,
            version=profile.version,
            facts_json=canonical_json(profile.as_facts()),
            instrument=instrument,
            effective_date=effective_date,
            proposed_at=at,
            proposed_by_id=actor.person_id or 0,
        )
        _record(change, "password_policy.proposed", proposed, instrument=instrument)
    return proposed


def confirm_password_policy(*, actor: Actor, public_id: str, at: datetime) -> PasswordPolicyEdition:
    """
    Confirm what somebody else proposed: from its day on it holds, for old passwords at their next use.

    :raises Denied: `password_policy_is_the_departments`, `password_policy_settled`, `password_policy_own`,
        `password_policy_day_past`
    """
    with state_change(actor=actor, at=at) as change:
        proposed = _locked(public_id)
        policies.may_confirm_password_policy(actor, proposed, at=at).enforce()
        policies.may_act_gravely(actor, at=at).enforce()
        profile = PasswordProfile.from_facts(json.loads(proposed.facts_json))
        proposed.change_to(confirmed_at=at, confirmed_by_id=actor.person_id, is_waiting=False)
        edition = PasswordPolicyEdition.objects.create(
            code=profile.code,
            version=profile.version,
            facts_json=proposed.facts_json,
            source=profile.source,
            effective_date=proposed.effective_date,
            proposal=proposed,
            decided_date=thai_day(at),
        )
        _record(change, "password_policy.confirmed", proposed, instrument=proposed.instrument)
    return edition


def withdraw_password_policy(*, actor: Actor, public_id: str, at: datetime) -> PasswordPolicyProposal:
    """
    Withdraw a proposal, one's own or a colleague's; what holds goes on holding.

    :raises Denied: `password_policy_is_the_departments`, `password_policy_settled`
    """
    with state_change(actor=actor, at=at) as change:
        proposed = _locked(public_id)
        policies.may_withdraw_password_policy(actor, proposed, at=at).enforce()
        proposed.change_to(withdrawn_at=at, withdrawn_by_id=actor.person_id, is_waiting=False)
        _record(change, "password_policy.withdrawn", proposed)
    return proposed


def _locked(public_id: str) -> PasswordPolicyProposal:
    proposed: PasswordPolicyProposal = (
        PasswordPolicyProposal.objects.select_for_update(of=("self",))
        .select_related("proposed_by")
        .get(public_id=public_id)
    )
    return proposed


def _record(change: Change, name: str, proposed: PasswordPolicyProposal, **facts: Any) -> None:
    change.record(
        name,
        proposed,
        organisation_id=None,
        code=proposed.code,
        version=proposed.version,
        effective_date=proposed.effective_date.isoformat(),
        **facts,
    )
