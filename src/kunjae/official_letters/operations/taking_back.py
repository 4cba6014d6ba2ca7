"""What a false head did with the keys does not outlast them: part of upholding an objection, never alone (T-01)."""

from datetime import datetime

from django.db.models import QuerySet

from kunjae.audit.change import require_open_change
from kunjae.core.actor import Actor
from kunjae.core.clock import thai_day
from kunjae.entitlements import operations as entitlements
from kunjae.entitlements import queries as rights
from kunjae.entitlements.models import Tenure
from kunjae.identity import operations as identity
from kunjae.identity.models import Subject, SubjectState
from kunjae.identity.operations.accounts import tell_owner
from kunjae.official_letters import queries
from kunjae.official_letters.models import LetterCase
from kunjae.organisations import operations as organisations
from kunjae.organisations.models import Appointment, Office
from kunjae.organisations.queries import in_force

_NOTE_TH = "ผู้ให้สิทธิได้รหัสมาโดยหนังสือที่มีผู้คัดค้านและคำคัดค้านฟังขึ้น (เลขที่เรื่อง {case})"
_SUSPENDED_TH = "เปิดโดยผู้ที่ได้รหัสมาโดยหนังสือที่มีผู้คัดค้านและคำคัดค้านฟังขึ้น (เลขที่เรื่อง {case})"


def take_back(actor: Actor, case: LetterCase, *, at: datetime) -> None:
    """
    End the right that a false letter gave, what its holder gave by it, and take out of use the accounts he opened.

    His own account stays suspended; the authority is VACANT until a true letter comes (D6). The memberships are
    ended and not suspended: the next head gives what is right anew. An account may be somebody's honest one, so
    it is only suspended.
    """
    require_open_change("entitlements.Tenure")
    tenure: Tenure | None = case.tenure
    if tenure is None:
        return
    # A later letter, which nobody objected to, may have given him or another the right anew: that stays.
    if tenure.until_at is None:
        tenure = entitlements.close_tenure(actor=actor, tenure_id=tenure.pk, at=at)
        _end_post(actor, tenure, at=at)
    for ended in entitlements.end_grants_given_in(
        actor=actor, tenure=tenure, note=_NOTE_TH.format(case=case.case), at=at
    ):
        names = rights.group_names(thai_day(at), ended.subject.language, codes=[ended.group.code])
        name = names.get(ended.group.code, ended.group.code)
        tell_owner(ended.subject, "group_ended", at=at, case=ended.case, group=name)
    in_use = queries.accounts_opened_under(case).filter(state__in=(SubjectState.ACTIVE, SubjectState.PENDING))
    # Nobody suspends himself (D7).
    for subject_id in _locked(in_use.exclude(person_id=actor.person_id or 0)):
        identity.suspend_subject(actor=actor, subject_id=subject_id, reason=_SUSPENDED_TH.format(case=case.case), at=at)


def _locked(accounts: QuerySet[Subject]) -> list[int]:
    return list(accounts.order_by("pk").select_for_update(of=("self",)).values_list("pk", flat=True))


def _end_post(actor: Actor, tenure: Tenure, *, at: datetime) -> None:
    """Record that he is head of finance no longer; the day itself is his last, since days are not halved."""
    today = thai_day(at)
    held = Appointment.objects.filter(
        in_force(today),
        authority_id=tenure.authority_id,
        person_id=tenure.person_id,
        office=Office.HEAD_OF_FINANCE,
    ).select_for_update()
    for post in held:
        if post.until_date != today:
            organisations.end_appointment(actor=actor, appointment_id=post.pk, until_date=today, at=at)
