"""Who may remind an authority, and of what. A desk above the authorities changes nothing else there (L-02)."""

from datetime import datetime

from kunjae.circulars.policies import days_of_reminder
from kunjae.core.actor import Actor
from kunjae.core.clock import thai_day
from kunjae.core.verdict import ALLOWED, Verdict
from kunjae.entitlements.queries import tenure_of
from kunjae.organisations.models import LocalAuthority
from kunjae.organisations.policies import may_look_at
from kunjae.oversight.models import REMINDED_AGAIN_AFTER, VacancyReminder


def may_remind_of_vacancy(actor: Actor, authority: LocalAuthority, *, at: datetime) -> Verdict:
    """Test if the actor's desk may remind an authority that nobody holds its right to administer."""
    if not (verdict := may_look_at(actor, authority, on=thai_day(at))):
        return verdict
    return is_due(authority, at=at)


def is_due(authority: LocalAuthority, *, at: datetime) -> Verdict:
    """Test if a reminder is due: the authority is vacant, and was not reminded within seven days."""
    about = {"organisation_id": authority.pk}
    if tenure_of(authority.pk, at=at) is not None:
        return Verdict("authority_not_vacant", about)
    last = VacancyReminder.objects.filter(authority=authority).order_by("-reminded_at").first()
    if last is not None and last.reminded_at > at - REMINDED_AGAIN_AFTER:
        return Verdict("reminded_recently", {**about, **days_of_reminder(last.reminded_at)})
    return ALLOWED
