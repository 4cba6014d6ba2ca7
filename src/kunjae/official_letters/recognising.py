"""
The same human in two accounts: known by person, name, mailbox or mobile (D7, T-07).

It would rather take two for one than one for two: whoever is wrongly recognised asks a colleague.
"""

from django.db.models import Q, QuerySet

from kunjae.core.phones import mailbox_key
from kunjae.core.text import search_key
from kunjae.identity.models import Subject, SubjectState
from kunjae.organisations.models import Person, PersonName


def name_key(given_name: str, family_name: str) -> str:
    """Return what two spellings of one full name share; a title typed into it does not matter."""
    return search_key(f"{given_name} {family_name}", drop_title=True)


def names_of(person_id: int | None) -> frozenset[str]:
    """List the keys of every name that a person bears or bore."""
    if person_id is None:
        return frozenset()
    borne = {*PersonName.objects.filter(person_id=person_id).values_list("given_name", "family_name")}
    borne |= {*Person.objects.filter(pk=person_id).values_list("given_name", "family_name")}
    return frozenset(name_key(given, family) for given, family in borne)


def bears_name(person_id: int | None, given_name: str, family_name: str) -> bool:
    """Test if a person bears, or bore, this full name."""
    return name_key(given_name, family_name) in names_of(person_id)


def open_accounts() -> QuerySet[Subject]:
    """Accounts that are not closed."""
    accounts: QuerySet[Subject] = Subject.objects.exclude(state=SubjectState.CLOSED)
    return accounts


def reached_at(*, email: str, mobile: str) -> Q:
    """Condition on accounts: their mailbox or mobile is this one."""
    found = Q(pk__in=[])
    if email:
        found |= Q(mailbox_key=mailbox_key(email))
    if mobile:
        found |= Q(mobile=mobile)
    return found


def is_reached_at(person_id: int | None, *, email: str, mobile: str) -> bool:
    """Test if an open account of a person has this mailbox or mobile."""
    if person_id is None:
        return False
    return open_accounts().filter(reached_at(email=email, mobile=mobile), person_id=person_id).exists()


def accounts_of_others_reached_at(person_id: int | None, *, email: str, mobile: str) -> QuerySet[Subject]:
    """Open accounts of anybody else that have this mailbox or mobile."""
    others = open_accounts() if person_id is None else open_accounts().exclude(person_id=person_id)
    return others.filter(reached_at(email=email, mobile=mobile))


def is_same_human(one: int | None, other: int | None) -> bool:
    """Test if two persons on record are one human: by row, by any name, by mailbox, by mobile."""
    if one is None or other is None:
        return False
    if one == other or names_of(one) & names_of(other):
        return True
    contacts = open_accounts().filter(person_id=one).values_list("email", "mobile")
    return any(is_reached_at(other, email=email, mobile=mobile) for email, mobile in contacts)
