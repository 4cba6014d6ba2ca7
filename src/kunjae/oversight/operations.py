"""The one thing that a desk above the authorities does there: it reminds, at most once in seven days of a matter."""

from datetime import datetime

from kunjae.audit.change import state_change
from kunjae.circulars import operations as circulars
from kunjae.circulars.models import Receipt
from kunjae.circulars.queries import Address, clerks_of
from kunjae.core.actor import Actor
from kunjae.core.clock import thai_day
from kunjae.core.verdict import Denied
from kunjae.messaging.models import Channel
from kunjae.messaging.operations import queue
from kunjae.organisations.models import LocalAuthority
from kunjae.oversight import policies
from kunjae.oversight.models import Matter, VacancyReminder


def remind(
    *, actor: Actor, authority: LocalAuthority, about: Matter, at: datetime, receipt_public_id: str = ""
) -> None:
    """
    Remind an authority of a vacancy, or of the circular that `receipt_public_id` names.

    The mail goes to the central address and to the clerk; of a circular also to the head, where there is one.

    :raises Denied: as `policies.may_remind_of_vacancy` or `circulars.policies.may_remind` says; `nobody_to_remind`,
        or `matter_unknown` if no such circular came to the authority
    """
    if about == Matter.VACANCY:
        _remind_of_vacancy(actor=actor, authority=authority, at=at)
        return
    if not Receipt.objects.filter(public_id=receipt_public_id, authority=authority).exists():
        raise Denied("matter_unknown", {"organisation_id": authority.pk})
    circulars.remind(actor=actor, receipt_public_id=receipt_public_id, at=at)


def _remind_of_vacancy(*, actor: Actor, authority: LocalAuthority, at: datetime) -> None:
    with state_change(actor=actor, at=at) as change:
        # Two at once take turns, and the second is told of the first.
        authority = LocalAuthority.objects.select_for_update().get(pk=authority.pk)
        policies.may_remind_of_vacancy(actor, authority, at=at).enforce()
        addresses = _addresses(authority, at=at)
        if not addresses:
            raise Denied("nobody_to_remind", {"organisation_id": authority.pk})
        VacancyReminder.objects.create(authority=authority, reminded_at=at, reminded_by_id=actor.person_id or 0)
        for address in addresses:
            queue(
                kind="vacancy_reminder",
                channel=Channel.MAIL,
                to_address=address.email,
                at=at,
                person=address.person,
                organisation_id=authority.pk,
                language=address.language,
                facts={"authority": authority.full_name},
            )
        change.record("authority.reminded", authority, organisation_id=authority.pk, name=authority.full_name)


def _addresses(authority: LocalAuthority, *, at: datetime) -> list[Address]:
    found = [Address(authority.central_email)] if authority.central_email else []
    clerk = clerks_of([authority.pk], on=thai_day(at)).get(authority.pk)
    if clerk is not None and clerk.email and clerk.email.lower() != authority.central_email.lower():
        found.append(Address(clerk.email, clerk.language, clerk.person))
    return found
