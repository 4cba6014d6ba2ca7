"""Reads about accounts, their policy, sessions and sign-ins."""

import json
import logging
from collections import defaultdict, deque
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import NamedTuple

from django.conf import settings
from django.db.models import Count, IntegerField, QuerySet
from django.views.decorators.debug import sensitive_variables

from kunjae.core import identifiers
from kunjae.core.addresses import neighbourhood
from kunjae.core.phones import mailbox_key
from kunjae.core.written_once import Blank, Question
from kunjae.identity import breached, honeytokens, password_policy, throttle
from kunjae.identity.models import (
    Activation,
    BreachedList,
    FactorKind,
    PasswordPolicyEdition,
    PasswordPolicyProposal,
    PasswordReset,
    RecoveryCode,
    SecondFactor,
    Session,
    SignInAttempt,
    Subject,
    SubjectState,
    Undertaking,
)
from kunjae.identity.password_policy import Judgement, PasswordContext
from kunjae.identity.password_profiles import LETTER_2562, PasswordProfile
from kunjae.identity.password_words import romanised
from kunjae.organisations.models import Desk, LocalAuthority
from kunjae.organisations.queries import persons_at_desk

_log = logging.getLogger(__name__)


def password_policy_on(day: date) -> tuple[PasswordPolicyEdition | None, PasswordProfile]:
    """The password policy in force on a day; the letter's own when none was ever adopted."""
    edition = PasswordPolicyEdition.objects.filter(effective_date__lte=day).order_by("-effective_date", "-pk").first()
    return (edition, profile_of(edition)) if edition else (None, LETTER_2562)


def password_policy_history() -> QuerySet[PasswordPolicyEdition]:
    """Every decision on the password policy, the last to hold first; one that holds from a later day is among them."""
    return PasswordPolicyEdition.objects.select_related("proposal__proposed_by", "proposal__confirmed_by").order_by(
        "-effective_date", "-pk"
    )


def waiting_password_policy() -> PasswordPolicyProposal | None:
    """The proposal that waits for another person of the department, if one does."""
    return PasswordPolicyProposal.objects.select_related("proposed_by").filter(is_waiting=True).first()


def withdrawn_password_policies() -> QuerySet[PasswordPolicyProposal]:
    """Proposals that came to nothing, the last first."""
    return (
        PasswordPolicyProposal.objects.select_related("proposed_by", "withdrawn_by")
        .exclude(withdrawn_at=None)
        .order_by("-withdrawn_at", "-pk")
    )


def profile_of(decided: PasswordPolicyEdition | PasswordPolicyProposal) -> PasswordProfile:
    """The profile as it was decided, or proposed."""
    return PasswordProfile.from_facts(json.loads(decided.facts_json))


def password_context(subject: Subject) -> PasswordContext:
    """What a password of this person must not be made of (L-41)."""
    person, authority = subject.person, subject.authority
    places = (authority.district.name_th, authority.province.name_th) if authority else ()
    return PasswordContext(
        user_id=subject.username,
        names=(person.given_name, person.family_name),
        emails=(subject.email,),
        phones=(subject.mobile, authority.phone if authority else ""),
        authority_names=(authority.name_th, authority.full_name, authority.user_id_stem, *romanised(authority.name_th))
        if authority
        else (),
        place_names=(*places, *(spelling for place in places for spelling in romanised(place))),
    )


def subject_with_places(subject_id: int) -> Subject:
    """An account with its person and authority, and where that lies: what a password is judged against."""
    return Subject.objects.select_related("person", "authority__district", "authority__province").get(pk=subject_id)


@sensitive_variables()
def judge_password(subject: Subject, password: str, *, profile: PasswordProfile) -> Judgement:
    """Judge a password for an account by a profile: the one way in which every page and every sign-in asks."""
    return password_policy.judge(
        password,
        profile=profile,
        context=password_context(subject),
        has_second_factor=has_second_factor(subject),
        is_breached=is_breached,
    )


def has_second_factor(subject: Subject) -> bool:
    """Test if an account has a second factor, by which the profile `modern` asks less of the password."""
    return open_factors(subject.pk).exclude(kind=FactorKind.CODES).exists()


def has_passkey(subject_id: int) -> bool:
    """Test if a passkey is bound to an account."""
    return open_factors(subject_id).filter(kind=FactorKind.PASSKEY).exists()


def open_factors(subject_id: int | Blank) -> QuerySet[SecondFactor]:
    """The second factors of an account that are in use, in the order of their binding."""
    return SecondFactor.objects.filter(subject_id=subject_id, ended_at=None).order_by("bound_at", "pk")


_KINDS = Question(lambda: open_factors(Blank("subject", IntegerField())).only("pk", "kind"))
_APP = Question(lambda: open_factors(Blank("subject", IntegerField())).filter(kind=FactorKind.APP)[:1])


def app_of(subject_id: int) -> SecondFactor | None:
    """The authenticator app that is bound to an account, if there is one."""
    return _APP.first(subject=subject_id)


def kinds_of_factors(subject_id: int) -> dict[int, str]:
    """The kinds of the second factors of an account that are in use, by their keys."""
    return {factor.pk: factor.kind for factor in _KINDS.ask(subject=subject_id)}


def password_stamp(subject: Subject, purpose: str) -> str:
    """Tell one password of an account from the next, without saying anything of it; each purpose has its own."""
    return identifiers.digest_secret(f"{purpose} {subject.pk} {subject.password}")


def reset_stamp(subject: Subject) -> str:
    """
    Tell an account as it is from what it was, for the link of a forgotten password, which rests on all of it.

    Its password, its mailbox, its second factors, and that it was not suspended in between.
    """
    rests_on = (subject.pk, subject.password, subject.mailbox_key, subject.resumed_at, *kinds_of_factors(subject.pk))
    return identifiers.digest_secret(" ".join(map(str, ("reset", *rests_on))))


def reset_by_link(secret: str) -> PasswordReset | None:
    """Find the link by which a forgotten password is set anew, if it can still be used as far as it says itself."""
    found = PasswordReset.objects.select_related(
        "mail", "subject__person", "subject__authority__district", "subject__authority__province"
    )
    return found.filter(link_digest=identifiers.digest_secret(secret), used_at=None, ended_at=None).first()


def is_reset_open(reset: PasswordReset, subject: Subject, *, at: datetime) -> bool:
    """Test if a link still speaks of the account as it is, and its hour is not over."""
    is_spent = reset.used_at is not None or reset.ended_at is not None
    return not is_spent and reset.expires_at > at and reset.stamp == reset_stamp(subject)


def owner_of_mailbox(email: str) -> int:
    """The account whose mailbox an address reaches; 0 if there is none. No two open accounts share one."""
    found = Subject.objects.filter(mailbox_key=mailbox_key(email)).exclude(state=SubjectState.CLOSED)
    return found.values_list("pk", flat=True).first() or 0


def recovery_codes_left(subject_id: int) -> int:
    """How many recovery codes of an account are still unused."""
    return RecoveryCode.objects.filter(sheet__subject_id=subject_id, sheet__ended_at=None, used_at=None).count()


def proved_at(session_id: int | None) -> datetime | None:
    """When whoever is in a session proved himself last; nothing where there is no session."""
    return Session.objects.filter(pk=session_id).values_list("proved_at", flat=True).first() if session_id else None


@sensitive_variables()
def is_breached(password: str) -> bool:
    """Test if a password is in the operator's list of leaked ones, as `is_leaked` says."""
    return is_leaked(password, BreachedList.objects.order_by("-pk").values_list("digest", flat=True).first())


@sensitive_variables()
def is_leaked(password: str, digest: str | None) -> bool:
    """
    Test if a password is in the list of leaked ones that has this digest; in none, where there is no list (ASVS 6.2.12).

    A list that is missing or not the one imported is an alarm for the operator, no wall for everybody: it is logged,
    `kunjae doctor` fails, and every other rule goes on holding.
    """
    if digest is None:
        return False
    try:
        found = breached.load_filter(digest, settings.KUNJAE_DATA)
    except breached.Unsealed as fault:
        _log.error("%s", fault)
        return False
    return breached.sha_1(password_policy.normalise(password)) in found


def subjects_of(authority_id: int) -> QuerySet[Subject]:
    """Accounts for which an authority's head answers, in the order of names."""
    return Subject.objects.filter(authority_id=authority_id).select_related("person").order_by("person__sort_key", "pk")


def open_activation(subject_id: int) -> Activation | None:
    """The activation that an account waits for, if there is one."""
    return Activation.objects.filter(subject_id=subject_id, used_at=None, ended_at=None).select_related("mail").first()


def sessions_of(subject_id: int) -> QuerySet[Session]:
    """A person's sessions, newest first."""
    return Session.objects.filter(subject_id=subject_id).order_by("-started_at", "-pk")


@dataclass(frozen=True, slots=True)
class SimultaneousUse:
    """One account in use from two places at one time: `later` began while `earlier` was still in use."""

    subject: Subject
    earlier: Session
    later: Session


SIMULTANEOUS_USES_MAX = 500
"""So many are given, the newest: nobody reads more, and an account opened thousands of times holds no page up."""


class _Stay(NamedTuple):
    """A session as far as it matters for use from two places: where, and until when it was seen."""

    session_id: int
    place: str
    seen_at: datetime


def simultaneous_use(authority_id: int, *, since: datetime) -> list[SimultaneousUse]:
    """
    Uses of one account from two addresses at the same time since an instant, newest first (L-30, L-34).

    For the head's overview: it may be two devices of one person, or a password that two people use. A session counts
    as in use until its last sign of life; addresses of one IPv6 network are one place. Each session that began while
    the account was in use elsewhere is named once, with the session that stayed there longest.
    """
    in_use = Session.objects.filter(subject__authority_id=authority_id, seen_at__gt=since).order_by("started_at", "pk")
    found: deque[tuple[int, int]] = deque(maxlen=SIMULTANEOUS_USES_MAX)
    stays: dict[int, list[_Stay]] = defaultdict(list)
    columns = in_use.values_list("subject_id", "pk", "address", "started_at", "seen_at")
    for subject_id, session_id, address, started_at, seen_at in columns.iterator():
        later, before = _Stay(session_id, neighbourhood(address), seen_at), stays[subject_id]
        earlier = next((stay for stay in before if stay.place != later.place), None)
        if earlier is not None and started_at < earlier.seen_at:
            found.append((earlier.session_id, session_id))
        stays[subject_id] = _longest_at_two_places([*before, later])
    named = Session.objects.select_related("subject__person").in_bulk({one for both in found for one in both})
    return [SimultaneousUse(named[later].subject, named[earlier], named[later]) for earlier, later in reversed(found)]


def _longest_at_two_places(stays: list[_Stay]) -> list[_Stay]:
    """Keep the stay seen last, and the one seen last anywhere else: whatever begins next, one of them was elsewhere."""
    longest = max(stays, key=lambda stay: stay.seen_at)
    elsewhere = [stay for stay in stays if stay.place != longest.place]
    return [longest, max(elsewhere, key=lambda stay: stay.seen_at)] if elsewhere else [longest]


GUESSES_A_DAY_TOLD_OF = 20


def guessed_at(*, at: datetime) -> list[tuple[int, int]]:
    """
    Accounts in use whose passwords were tried wrongly at the door at least twenty times within a day, and how often.

    Tries on a device that the account knows count too: it may stand in an office that many share. Those inside the
    account's own session do not: whoever tries there is in already.
    """
    refused = SignInAttempt.objects.filter(
        outcome=SignInAttempt.Outcome.REFUSED,
        at__gt=at - timedelta(days=1),
        at__lte=at,
        subject__state=SubjectState.ACTIVE,
    ).exclude(lane__startswith=throttle.SESSION_LANES)
    counted = refused.values_list("subject_id").annotate(tries=Count("pk")).filter(tries__gte=GUESSES_A_DAY_TOLD_OF)
    return list(counted.order_by("subject_id"))


PASSWORDS_SHOWN_A_DAY_TOLD_OF = 5


def codes_guessed_at(*, at: datetime) -> list[tuple[int, int]]:
    """
    Accounts in use for which a stranger showed the right password and not the second factor, and how often within a day.

    Each right password that led no further counts, and each wrong code behind it, from five on. Whoever stands there
    knows the password. On a device that the account knows, it is the owner and his clock.
    """
    tried = SignInAttempt.objects.filter(
        lane="",
        outcome__in=[SignInAttempt.Outcome.PASSWORD_SHOWN, SignInAttempt.Outcome.WRONG_CODE],
        at__gt=at - timedelta(days=1),
        at__lte=at,
        subject__state=SubjectState.ACTIVE,
    )
    counted = tried.values_list("subject_id").annotate(tries=Count("pk"))
    return list(counted.filter(tries__gte=PASSWORDS_SHOWN_A_DAY_TOLD_OF).order_by("subject_id"))


def undertakings_of(subject_id: int) -> QuerySet[Undertaking]:
    """What the owner of an account has accepted, the latest first."""
    return Undertaking.objects.filter(subject_id=subject_id).order_by("-version")


def sign_ins_of(subject_id: int) -> QuerySet[SignInAttempt]:
    """A person's tries to sign in, newest first."""
    return SignInAttempt.objects.filter(subject_id=subject_id).order_by("-at", "-pk")


LOOKED_BACK = timedelta(days=30)
LOOKED_BACK_MAX = 20


def looked_back_over(subject_id: int, *, at: datetime) -> QuerySet[SignInAttempt]:
    """The sign-ins of the last thirty days before an instant, the latest first: who lost a password reads them (D11)."""
    signed_in = sign_ins_of(subject_id).filter(outcome=SignInAttempt.Outcome.SIGNED_IN)
    return signed_in.filter(at__gt=at - LOOKED_BACK, at__lte=at)[:LOOKED_BACK_MAX]


@dataclass(frozen=True, slots=True)
class RecentTries:
    """How often a sign-in to an account went well, and how often not."""

    signed_in: int
    refused: int


def recent_tries(subject_id: int, *, since: datetime) -> RecentTries:
    """Count the tries to sign in to an account since an instant."""
    outcomes = sign_ins_of(subject_id).order_by().filter(at__gt=since).values_list("outcome").annotate(n=Count("pk"))
    counted = dict(outcomes)
    signed_in = counted.pop(SignInAttempt.Outcome.SIGNED_IN, 0)
    counted.pop(SignInAttempt.Outcome.PASSWORD_SHOWN, None)  # on the way to either
    return RecentTries(signed_in=signed_in, refused=sum(counted.values()))


def user_id_is_free(username: str) -> bool:
    """Test if nobody has or had this user id, or one that looks like it (T-14), and no decoy lies under it."""
    taken = Subject.objects.filter(skeleton=identifiers.skeleton(username)).exists()
    return not taken and not honeytokens.takes_user_id(username)


def suggest_user_id(authority: LocalAuthority) -> str:
    """Suggest the next free user id of an authority: its stem and a running number of three digits."""
    stem = authority.user_id_stem or f"laa{authority.code}"
    number = Subject.objects.filter(authority=authority).count() + 1
    while not user_id_is_free(candidate := f"{stem}{number:03d}"):
        number += 1
    return candidate


def open_subject_of(person_id: int) -> Subject | None:
    """The account of a person that is not closed, if there is one."""
    return Subject.objects.filter(person_id=person_id).exclude(state=SubjectState.CLOSED).first()


def accounts_at_department(*, on: date) -> list[Subject]:
    """Accounts in use of who sits at the department's desk on a day: whom a mail about a danger goes to."""
    seated = persons_at_desk(Desk.DEPARTMENT, province_id=None, on=on)
    found = Subject.objects.filter(state=SubjectState.ACTIVE, person__in=seated).exclude(email="")
    return list(found.select_related("person").order_by("pk"))


def note_seen(session: Session, *, at: datetime) -> None:
    """
    Move the last sign of life of a session: bookkeeping, at most once a minute, outside any change.

    See docs/decisions/0008-session-bookkeeping.md.
    """
    QuerySet(Session).filter(pk=session.pk, ended_at=None).update(seen_at=at)
