"""
How somebody without a usable account comes to form 2: by a link to the mailbox.

The link proves the mailbox when a human presses the button behind it (T-03); a code by SMS proves
the mobile (A2-08). Digests only are kept.
"""

from datetime import datetime, timedelta

from django.contrib.auth.hashers import check_password, make_password
from django.db.models import Q

from kunjae.access_requests import policies
from kunjae.access_requests.models import Invitation
from kunjae.audit.change import Change, state_change
from kunjae.core import identifiers
from kunjae.core.actor import Actor
from kunjae.core.verdict import Denied
from kunjae.entitlements.policies import lock_tenure
from kunjae.entitlements.queries import tenures_of
from kunjae.identity.models import Subject, SubjectState
from kunjae.messaging import limits
from kunjae.messaging import operations as messaging
from kunjae.messaging.models import Channel
from kunjae.organisations.models import LocalAuthority

LIFE = timedelta(days=7)
HELP_LIFE = timedelta(hours=24)
HELP_PER_DAY_MAX = 3
CODE_LIFE = timedelta(minutes=10)
CODE_TRIES_MAX = 5
NUMBERS_PER_INVITATION_MAX = 3


def invite(
    *,
    actor: Actor,
    authority: LocalAuthority,
    title: str,
    given_name: str,
    family_name: str,
    email: str,
    at: datetime,
    public_id: str = "",
) -> Invitation:
    """
    Invite an officer without an account to fill in form 2; the link goes to the mailbox named.

    `public_id` names one filled-in page, so that the same page sent twice is one invitation.

    :raises Denied: as `policies.may_invite` says, `contact_is_yours`, `own_name`, or `sent_already`
    """
    with state_change(actor=actor, at=at):
        lock_tenure(authority.pk)
        policies.may_invite(actor, authority.pk, at=at).enforce()
        if public_id and Invitation.objects.filter(public_id=public_id).exists():
            raise Denied("sent_already", {"organisation_id": authority.pk})
        policies.reaches_another(actor, authority.pk, [(email, "")]).enforce()
        policies.bears_another_name(actor, authority.pk, given_name, family_name).enforce()
        return _send(
            actor=actor,
            authority=authority,
            subject=None,
            names={"title": title, "given_name": given_name, "family_name": family_name},
            email=email,
            life=LIFE,
            public_id=public_id,
            at=at,
        )


def end_invitation(*, actor: Actor, invitation_public_id: str, organisation_id: int, at: datetime) -> Invitation:
    """
    End an invitation, so that its link opens nothing any more; one that has ended stays as it is.

    :raises Denied: as `policies.may_invite` says
    """
    with state_change(actor=actor, at=at) as change:
        lock_tenure(organisation_id)
        policies.may_invite(actor, organisation_id, at=at).enforce()
        invitation = Invitation.objects.select_for_update().get(
            public_id=invitation_public_id, authority_id=organisation_id
        )
        _end(change, invitation, at=invitation.ended_at or at)
    return invitation


def help_by_mail(*, actor: Actor, subject_id: int, at: datetime, is_lost: bool = False) -> Invitation | None:
    """
    Send the person who cannot get in a link to form 2, to the proven mailbox only (N-01, T-19).

    Behind a link of who lost the password (`is_lost`) the first button makes it invalid (D11); so a head gets one, too,
    and nothing else stands behind his: new keys come to him by form 1.

    A mobile that the account has confirmed is the one whose code opens the form; another is not asked for.

    Runs as a job, so that whoever asked learns nothing from the answer or its time. None when there
    is nobody to write to: no such account, no proven mailbox, a head who forgot (he uses form 1), or too many.
    """
    subject = (
        Subject.objects.select_related("person", "authority")
        .filter(pk=subject_id, state__in=[SubjectState.ACTIVE, SubjectState.PENDING])
        .exclude(Q(email="") | Q(authority=None))
        .first()
    )
    if subject is None or subject.email_confirmed_at is None:
        return None
    is_head = tenures_of(subject.person_id, at=at).exists()
    if is_head and not is_lost:
        return None
    # Each for itself: whoever asks for help in another's name must not keep him from making his password invalid.
    same = Invitation.objects.filter(subject=subject, is_lost=is_lost, invited_at__gt=at - timedelta(days=1))
    if same.count() >= HELP_PER_DAY_MAX:
        return None
    person = subject.person
    names = {"title": person.title, "given_name": person.given_name, "family_name": person.family_name}
    return _send(
        actor=actor,
        authority=subject.authority,
        subject=subject,
        names=names,
        email=subject.email,
        life=HELP_LIFE,
        is_lost=is_lost,
        is_head=is_head,
        at=at,
    )


def _send(
    *,
    actor: Actor,
    authority: LocalAuthority,
    subject: Subject | None,
    names: dict[str, str],
    email: str,
    life: timedelta,
    at: datetime,
    public_id: str = "",
    is_lost: bool = False,
    is_head: bool = False,
) -> Invitation:
    secret = identifiers.new_link_secret()
    with state_change(actor=actor, at=at) as change:
        _end_older_ones(change, authority, subject, email, is_lost=is_lost, at=at)
        name = f"{names['title']}{names['given_name']} {names['family_name']}".strip()
        mail = messaging.queue(
            kind="help" if subject else "invitation",
            channel=Channel.MAIL,
            to_address=email,
            at=at,
            person=subject.person if subject else None,
            organisation_id=authority.pk,
            language=subject.language if subject else "th",
            facts={"person": name, "authority": authority.full_name, "is_lost": is_lost, "is_head": is_head},
            secrets={"link_secret": secret},
        )
        invitation = Invitation.objects.create(
            public_id=public_id or identifiers.public_id(),
            authority=authority,
            subject=subject,
            is_lost=is_lost,
            email=email,
            link_digest=identifiers.digest_secret(secret),
            mail=mail,
            invited_by_id=actor.person_id,
            invited_at=at,
            expires_at=at + life,
            **_proven_mobile(subject),
            **names,
        )
        change.record(
            "invitation.sent",
            invitation,
            organisation_id=authority.pk,
            subject_person_id=subject.person_id if subject else None,
            person=name,
        )
    return invitation


def _proven_mobile(subject: Subject | None) -> dict[str, object]:
    """Name the mobile that an account's owner has proven: whoever opens the link must hold that one (T-02, T-19)."""
    if subject is None or not subject.mobile or subject.mobile_confirmed_at is None:
        return {}
    return {"mobile": subject.mobile, "mobile_confirmed_at": subject.mobile_confirmed_at}


def _end_older_ones(
    change: Change, authority: LocalAuthority, subject: Subject | None, email: str, *, is_lost: bool, at: datetime
) -> None:
    """
    Let a newer link kill the older ones (T-02): of an account every one, opened or not.

    One behind which a password can be made invalid dies by another of its kind only: any stranger can have help sent. Who was invited without an account may still be writing behind the link that he opened.
    """
    same = Q(email=email, opened_at=None)
    if subject is not None:
        same |= Q(subject=subject)
    if not is_lost:
        same &= Q(is_lost=False)
    older = (
        Invitation.objects.select_for_update(of=("self",))
        .select_related("mail", "subject")
        .filter(same, authority=authority, ended_at=None)
    )
    for invitation in older.order_by("pk"):
        if invitation.is_open_at(at):
            _end(change, invitation, at=at)


def _end(change: Change, invitation: Invitation, *, at: datetime) -> None:
    invitation.change_to(ended_at=at)
    change.record("invitation.ended", invitation, organisation_id=invitation.authority_id, person=invitation.full_name)


def usable(at: datetime, **which: object) -> Invitation:
    """
    Load an invitation for a change, if it can still be used.

    :raises Denied: `invitation_ended`
    """
    invitation = (
        Invitation.objects.select_for_update(of=("self",))
        .select_related("mail", "authority", "subject")
        .filter(**which)
        .first()
    )
    if invitation is None or not invitation.is_open_at(at):
        raise Denied("invitation_ended")
    return invitation


def open_invitation(*, actor: Actor, link_secret: str, at: datetime) -> Invitation:
    """
    Take up an invitation: the mailbox is proven. The same link opens it again until it expires, so
    that a person may come back to what he wrote; the page then asks for the mobile again.

    :raises Denied: `invitation_ended`
    """
    link_digest = identifiers.digest_secret(link_secret)
    known = Invitation.objects.select_related("mail", "authority", "subject").filter(link_digest=link_digest).first()
    if known is not None and known.opened_at is not None and known.is_open_at(at):
        # Nothing changes: whoever presses again and again fills no record.
        return known
    with state_change(actor=actor, at=at) as change:
        invitation = usable(at, link_digest=link_digest)
        invitation.change_to(opened_at=invitation.opened_at or at)
        change.record(
            "invitation.opened",
            invitation,
            organisation_id=invitation.authority_id,
            person=invitation.full_name,
        )
    return invitation


def send_mobile_code(*, actor: Actor, invitation_id: int, mobile: str, at: datetime) -> None:
    """
    Send six digits to a mobile that the person names as his.

    Neither one number nor many can be flooded (T-22): ten messages a number and day, whoever asked for
    them, so many on behalf of one authority (`messaging.limits`), and three changes of the number an invitation.

    A number that was confirmed stays: whoever comes back by a forwarded link must hold the same
    mobile (T-02).

    :raises Denied: `invitation_ended`, `mobile_is_fixed`, `too_many_numbers`, `too_many_codes` or
        `too_many_codes_of_form_2`
    """
    code = identifiers.new_code(6)
    with state_change(actor=actor, at=at) as change:
        invitation = usable(at, pk=invitation_id)
        about = {"organisation_id": invitation.authority_id}
        if invitation.mobile_confirmed_at is not None and mobile != invitation.mobile:
            raise Denied("mobile_is_fixed", about)
        numbers_count = invitation.mobile_numbers_count + (mobile != invitation.mobile)
        if numbers_count > NUMBERS_PER_INVITATION_MAX:
            raise Denied("too_many_numbers", about)
        limit = limits.reached(
            channel=Channel.SMS,
            to_address=mobile,
            organisation_id=invitation.authority_id,
            kinds=["mobile_code"],
            per_authority_max=limits.FORM_2_PER_AUTHORITY_AND_DAY_MAX,
            at=at,
        )
        if limit is not None:
            raise Denied("too_many_codes" if limit == limits.Limit.ADDRESS else "too_many_codes_of_form_2", about)
        invitation.change_to(
            mobile=mobile,
            mobile_code_hash=make_password(code),
            mobile_code_sent_at=at,
            mobile_numbers_count=numbers_count,
            mobile_tries_count=0,
        )
        messaging.queue(
            kind="mobile_code",
            channel=Channel.SMS,
            to_address=mobile,
            at=at,
            organisation_id=invitation.authority_id,
            secrets={"code": code},
        )
        change.record("mobile_code.sent", invitation, organisation_id=invitation.authority_id)


def confirm_mobile(*, actor: Actor, invitation_id: int, code: str, at: datetime) -> Invitation:
    """
    Check the six digits: ten minutes, five tries (T-22).

    :raises Denied: `mobile_code_wrong` or `mobile_code_spent`
    """
    if _is_spent(Invitation.objects.get(pk=invitation_id), at=at):
        # Outside of any change: guesses at what is dead leave no event, and fill no record.
        raise Denied("mobile_code_spent")
    with state_change(actor=actor, at=at) as change:
        invitation = usable(at, pk=invitation_id)
        if _is_spent(invitation, at=at):
            raise Denied("mobile_code_spent", {"organisation_id": invitation.authority_id})
        right = check_password(code, invitation.mobile_code_hash)
        if right:
            invitation.change_to(mobile_confirmed_at=invitation.mobile_confirmed_at or at, mobile_code_hash="")
            change.record(
                "contact.confirmed", invitation, organisation_id=invitation.authority_id, person=invitation.full_name
            )
        else:
            invitation.change_to(mobile_tries_count=invitation.mobile_tries_count + 1)
            change.record("mobile_code.refused", invitation, organisation_id=invitation.authority_id)
    if not right:
        raise Denied("mobile_code_wrong")
    return invitation


def _is_spent(invitation: Invitation, *, at: datetime) -> bool:
    return (
        not invitation.mobile_code_hash
        or invitation.mobile_tries_count >= CODE_TRIES_MAX
        or invitation.mobile_code_sent_at is None
        or at - invitation.mobile_code_sent_at > CODE_LIFE
    )
