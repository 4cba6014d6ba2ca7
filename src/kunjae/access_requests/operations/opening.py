"""An account is opened for somebody whose contact is nobody else's."""

from datetime import datetime

from django.db import IntegrityError

from kunjae.access_requests.policies import reaches_nobody_else
from kunjae.core.actor import Actor
from kunjae.identity import operations as identity
from kunjae.identity.models import Subject
from kunjae.organisations.models import LocalAuthority, Person


def open_account(
    *,
    actor: Actor,
    username: str,
    person: Person,
    authority: LocalAuthority,
    email: str,
    mobile: str,
    case: str,
    at: datetime,
    email_confirmed_at: datetime | None = None,
    mobile_confirmed_at: datetime | None = None,
) -> Subject:
    """
    Open an account, after the policies have allowed it; of two at once for one mailbox, or one user id, one is opened.

    :raises Denied: as `identity.operations.open_subject` says; `contact_is_anothers`
    """

    def opened() -> Subject:
        return identity.open_subject(
            actor=actor,
            username=username,
            person=person,
            authority=authority,
            email=email,
            email_confirmed_at=email_confirmed_at,
            mobile=mobile,
            mobile_confirmed_at=mobile_confirmed_at,
            case=case,
            at=at,
        )

    try:
        return opened()
    except IntegrityError:
        # Somebody was a moment faster, in another authority perhaps. Now the rules see what he did, and say it.
        reaches_nobody_else(person.pk, authority.pk, email=email, mobile=mobile).enforce()
        return opened()
