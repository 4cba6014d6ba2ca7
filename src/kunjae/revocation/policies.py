"""May they take access away? Reducing is for the head, in an emergency for more; nobody does it to himself (D7, N-02)."""

from dataclasses import dataclass
from datetime import date, datetime

from kunjae.core.actor import Actor
from kunjae.core.clock import thai_day
from kunjae.core.text import search_key
from kunjae.core.verdict import ALLOWED, Verdict
from kunjae.entitlements import permissions, queries
from kunjae.entitlements.models import Tenure
from kunjae.entitlements.policies import may, may_each
from kunjae.identity.models import Session, Subject, SubjectState
from kunjae.identity.queries import open_factors
from kunjae.organisations.models import Desk, Office, Person
from kunjae.organisations.queries import holds_office, is_namesake, posting_of
from kunjae.revocation import dormancy
from kunjae.revocation.models import ClosureReason


def _may_touch(actor: Actor, subject: Subject, permission: str, *, at: datetime, permitted: Verdict | None) -> Verdict:
    """Test what every act on an account asks: it is of the actor's authority, and not his own."""
    if subject.authority_id is None:
        return _may_touch_desk_account(actor, subject, permission, at=at)
    if permitted is None:
        permitted = may(actor, permission, subject.authority_id, at=at)
        if not permitted:
            permitted = _of_another_authority(actor, permitted, at=at)
    if not permitted:
        return permitted
    if actor.person_id == subject.person_id:
        return Verdict("own_case", {"organisation_id": subject.authority_id})
    return ALLOWED


def _may_touch_desk_account(actor: Actor, subject: Subject, permission: str, *, at: datetime) -> Verdict:
    """
    Test the one act on the account of an officer of the department or a province: a colleague at the department suspends it.

    Nobody heads these accounts. Whatever gives a way in is the operator's, on an order: a colleague who knew another's
    password and ended his factors would become the second person of whom the letters of form 1 want two (T-07).
    """
    if permission != permissions.SUSPEND or not _is_at_department(actor.person_id, at=at):
        return Verdict("not_permitted")
    return Verdict("own_desk_account") if _is_himself(actor, subject.person) else ALLOWED


def _is_himself(actor: Actor, person: Person | None) -> bool:
    """Test if a person is the actor, or bears his name: under a second account he would decide on himself (D7)."""
    return person is not None and (actor.person_id == person.pk or is_namesake(actor.person_id, person))


def _of_another_authority(actor: Actor, refused: Verdict, *, at: datetime) -> Verdict:
    """Say to the head of another authority that the account is not of his."""
    heads_another = queries.tenures_of(actor.person_id, at=at).exists()
    return Verdict("not_of_your_authority", refused.facts) if heads_another else refused


def may_suspend(
    actor: Actor,
    subject: Subject,
    *,
    at: datetime,
    permitted: Verdict | None = None,
    heads: bool | None = None,
) -> Verdict:
    """
    Test if the actor may suspend an account: the head, the clerk, the department (requirements 1.9.2).

    A head of finance only by the clerk of all that he administers, or by the department: otherwise a tenure
    would silently be without a holder who can act (D6). An officer of a desk by a colleague at the department.
    """
    if not (verdict := _may_touch(actor, subject, permissions.SUSPEND, at=at, permitted=permitted)):
        return verdict
    about = {"organisation_id": subject.authority_id}
    if subject.state not in (SubjectState.ACTIVE, SubjectState.PENDING):
        return Verdict("subject_not_active", about)
    heads = queries.holds_tenure(subject.person_id, at=at) if heads is None else heads
    if heads and not _is_above_head(actor, subject.person_id, at=at):
        return Verdict("holds_tenure", about)
    return ALLOWED


def _is_above_head(actor: Actor, person_id: int, *, at: datetime) -> bool:
    """Test if the actor may stop a holder of tenures: at the department, or clerk wherever they hold."""
    if _is_at_department(actor.person_id, at=at):
        return True
    held = Tenure.objects.filter(queries.open_at(at), person_id=person_id).values_list("authority_id", flat=True)
    return all(
        holds_office(
            person_id=actor.person_id,
            organisation_id=authority_id,
            office=Office.CHIEF_ADMINISTRATOR,
            on=thai_day(at),
        )
        for authority_id in held
    )


def _is_at_department(person_id: int | None, *, at: datetime) -> bool:
    posting = posting_of(person_id, on=thai_day(at))
    return posting is not None and posting.desk == Desk.DEPARTMENT


def may_resume(
    actor: Actor,
    subject: Subject,
    *,
    at: datetime,
    permitted: Verdict | None = None,
    heads: bool | None = None,
) -> Verdict:
    """
    Test if the actor may put a suspended account back into use.

    It gives rights back, so it asks for more than the suspension: the clerk, who never grants, does not; what the
    department suspended, and every head of finance, the department takes up again, by another person.
    """
    if not (verdict := _may_touch(actor, subject, permissions.SUSPEND, at=at, permitted=permitted)):
        return verdict
    about = {"organisation_id": subject.authority_id}
    if subject.state != SubjectState.SUSPENDED:
        return Verdict("subject_not_suspended", about)
    # Whoever let a forged letter through would otherwise undo the objection to it here (T-01, T-07).
    if queries.is_contested(subject.person_id):
        return Verdict("tenure_is_contested", about)
    if _is_at_department(actor.person_id, at=at):
        return Verdict("resumed_by_another", about) if _is_himself(actor, subject.suspended_by) else ALLOWED
    heads = queries.holds_tenure(subject.person_id, at=at) if heads is None else heads
    if heads or _was_suspended_by_department(subject):
        return Verdict("resumed_by_department", about)
    if not queries.tenures_of(actor.person_id, at=at).filter(authority_id=subject.authority_id).exists():
        return Verdict("clerk_does_not_resume", about)
    return ALLOWED


def _was_suspended_by_department(subject: Subject) -> bool:
    suspended_at = subject.suspended_at
    return suspended_at is not None and _is_at_department(subject.suspended_by_id, at=suspended_at)


def may_close(
    actor: Actor,
    subject: Subject,
    *,
    at: datetime,
    permitted: Verdict | None = None,
    heads: bool | None = None,
) -> Verdict:
    """Test if the actor may close an account with part 2 of the form (N-02, A2-09)."""
    if not (verdict := _may_touch(actor, subject, permissions.CLOSE, at=at, permitted=permitted)):
        return verdict
    about = {"organisation_id": subject.authority_id}
    if subject.state == SubjectState.CLOSED:
        return Verdict("subject_closed", about)
    if queries.holds_tenure(subject.person_id, at=at) if heads is None else heads:
        return Verdict("holds_tenure", about)
    return ALLOWED


def may_end_sessions(
    actor: Actor,
    subject: Subject,
    *,
    at: datetime,
    permitted: Verdict | None = None,
    is_signed_in: bool | None = None,
) -> Verdict:
    """Test if the actor may sign somebody out everywhere (L-30)."""
    verdict = _may_touch(actor, subject, permissions.END_SESSIONS, at=at, permitted=permitted)
    if verdict.reason == "own_case":
        return Verdict("own_sessions", verdict.facts)
    if not verdict:
        return verdict
    if is_signed_in is None:
        is_signed_in = Session.objects.filter(subject=subject, ended_at=None).exists()
    if not is_signed_in:
        return Verdict("no_open_session", {"organisation_id": subject.authority_id})
    return ALLOWED


def may_end_factors(
    actor: Actor,
    subject: Subject,
    *,
    at: datetime,
    permitted: Verdict | None = None,
    heads: bool | None = None,
    has_factor: bool | None = None,
) -> Verdict:
    """
    Test if the actor may end the second factors of somebody who lost them all: the head, of his officers.

    A head of finance comes back by form 1 only (ASVS 6.4.4).
    """
    verdict = _may_touch(actor, subject, permissions.END_SESSIONS, at=at, permitted=permitted)
    if not verdict:
        return verdict
    about = {"organisation_id": subject.authority_id}
    heads = queries.holds_tenure(subject.person_id, at=at) if heads is None else heads
    if heads:
        return Verdict("factors_of_a_head", about)
    if has_factor is None:
        has_factor = open_factors(subject.pk).exists()
    return ALLOWED if has_factor else Verdict("no_factor", about)


def acts_for_himself(actor: Actor) -> Verdict:
    """Test if somebody signed in acts, and not a job."""
    return ALLOWED if actor.is_person and actor.subject_id else Verdict("not_permitted")


def may_disown_use(actor: Actor, subject: Subject) -> Verdict:
    """Test if the actor may say that a sign-in was somebody else's: of his own account, while it is in use."""
    if actor.subject_id != subject.pk or subject.state != SubjectState.ACTIVE:
        return Verdict("not_permitted", {"organisation_id": subject.authority_id})
    return ALLOWED


def may_keep_in_use(actor: Actor, subject: Subject, *, at: datetime, permitted: Verdict | None = None) -> Verdict:
    """Test if the actor may say of an account that it stays in use, though nobody uses it: the head, of another's."""
    if not (verdict := _may_touch(actor, subject, permissions.WATCH_USE, at=at, permitted=permitted)):
        return verdict
    about = {"organisation_id": subject.authority_id}
    asked_of = Subject.objects.filter(pk=subject.pk)
    if asked_of.filter(dormancy.proposed(at)).exists():
        return ALLOWED
    return Verdict("kept_already" if asked_of.filter(dormancy.kept(at)).exists() else "account_is_used", about)


def may_suspend_by_rule(subject: Subject, *, heads: bool, at: datetime) -> Verdict:
    """
    Test if the rule suspends an account: in use, of an authority, and not used for 180 days.

    Nobody who heads (`heads`) is suspended by rule, whether or not a head has said that the account stays in use.
    """
    about = {"organisation_id": subject.authority_id}
    if subject.authority_id is None:
        return Verdict("not_permitted")
    if not Subject.objects.filter(dormancy.unused_since(at - dormancy.SUSPENDED_AFTER), pk=subject.pk).exists():
        return Verdict("account_is_used", about)
    return Verdict("holds_tenure", about) if heads else ALLOWED


def may_rename(actor: Actor, subject: Subject, *, at: datetime, permitted: Verdict | None = None) -> Verdict:
    """Test if the actor may give the person behind an account another name (marriage); nobody does so to himself."""
    if not (verdict := _may_touch(actor, subject, permissions.RENAME_PERSON, at=at, permitted=permitted)):
        return verdict
    if subject.state == SubjectState.CLOSED:
        return Verdict("subject_closed", {"organisation_id": subject.authority_id})
    return ALLOWED


def name_is_anothers(actor: Actor, given_name: str, family_name: str, *, organisation_id: int | None) -> Verdict:
    """Test that a new name is not the actor's own: under a second name a head would decide on himself (D7)."""
    key = search_key(f"{given_name} {family_name}")
    if Person.objects.filter(pk=actor.person_id or 0, search_key=key).exists():
        return Verdict("name_is_yours", {"organisation_id": organisation_id})
    return ALLOWED


def may_keep_units(actor: Actor, organisation_id: int, *, at: datetime) -> Verdict:
    """Test if the actor may enter and close the units of an authority."""
    return may(actor, permissions.KEEP_UNITS, organisation_id, at=at)


@dataclass(frozen=True, slots=True)
class Acts:
    """What the actor may do with one account, each with its refusal."""

    rename: Verdict
    suspend: Verdict
    resume: Verdict
    close: Verdict
    end_sessions: Verdict
    end_factors: Verdict


def acts_on(
    actor: Actor,
    subject: Subject,
    *,
    at: datetime,
    permitted: Verdict | None = None,
    is_signed_in: bool | None = None,
    has_factor: bool | None = None,
) -> Acts:
    """
    Ask every policy of this module about one account, as its page shows them, with what they share asked once.

    What the page knows already need not be asked: `permitted`, what `may` says about a head's permissions in the
    authority of the account; `is_signed_in` and `has_factor`, whether it has an
    open session or a second factor.
    """
    heads = queries.holds_tenure(subject.person_id, at=at)
    acts = (permissions.RENAME_PERSON, permissions.SUSPEND, permissions.CLOSE, permissions.END_SESSIONS)
    if permitted is not None:
        held = dict.fromkeys(acts, permitted)
    else:
        held = may_each(actor, acts, subject.authority_id or 0, at=at)
        refused = [verdict for verdict in held.values() if not verdict]
        if refused:
            said = _of_another_authority(actor, refused[0], at=at)
            held = {act: verdict or said for act, verdict in held.items()}
    return Acts(
        rename=may_rename(actor, subject, at=at, permitted=held[permissions.RENAME_PERSON]),
        suspend=may_suspend(actor, subject, at=at, permitted=held[permissions.SUSPEND], heads=heads),
        resume=may_resume(actor, subject, at=at, permitted=held[permissions.SUSPEND], heads=heads),
        close=may_close(actor, subject, at=at, permitted=held[permissions.CLOSE], heads=heads),
        end_sessions=may_end_sessions(
            actor, subject, at=at, permitted=held[permissions.END_SESSIONS], is_signed_in=is_signed_in
        ),
        end_factors=may_end_factors(
            actor, subject, at=at, permitted=held[permissions.END_SESSIONS], heads=heads, has_factor=has_factor
        ),
    )


def part_2_fits(
    *,
    reason: ClosureReason,
    other_text: str,
    effective_date: date,
    left_date: date | None,
    organisation_id: int | None,
    at: datetime,
) -> Verdict:
    """
    Test if part 2 is complete, and its days make sense together (A2-10, A2-11).

    The day on the form is today, or an earlier one where the person had left before; then both are kept.
    """
    about, today = {"organisation_id": organisation_id}, thai_day(at)
    if reason == ClosureReason.OTHER and not other_text:
        return Verdict("closing_reason_untold", about)
    if effective_date > today:
        return Verdict("closing_in_the_future", about)
    if effective_date < today and left_date is None:
        return Verdict("closing_in_the_past", about)
    if left_date is not None and left_date > effective_date:
        return Verdict("left_after_closing", about)
    return ALLOWED
