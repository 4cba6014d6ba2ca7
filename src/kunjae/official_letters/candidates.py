"""Who the recipient of a letter may be: persons on record under his name (A1-12)."""

from dataclasses import dataclass
from datetime import date

from kunjae.identity.models import Subject
from kunjae.official_letters.content import content_of
from kunjae.official_letters.models import LetterCase
from kunjae.official_letters.recognising import open_accounts
from kunjae.organisations.models import Person
from kunjae.organisations.queries import appointments_of

CANDIDATES_MAX = 12


@dataclass(frozen=True, slots=True)
class Candidate:
    """A person on record under the recipient's name, with what tells namesakes apart."""

    person: Person
    accounts: tuple[Subject, ...]
    posts: tuple[str, ...]

    @property
    def where(self) -> str:
        """Say the accounts and posts in one line."""
        return " · ".join([*(account.username for account in self.accounts), *self.posts])


def candidates(case: LetterCase, *, on: date) -> list[Candidate]:
    """List the persons on record who bear the recipient's name, those with an account at the authority first."""
    key = content_of(case).recipient_key
    persons = list(Person.objects.filter(search_key=key).order_by("pk")[:CANDIDATES_MAX]) if key else []
    found = []
    for person in persons:
        posts = appointments_of(person.pk, on=on).select_related("authority")
        found.append(
            Candidate(
                person=person,
                accounts=tuple(open_accounts().filter(person=person).order_by("pk")),
                posts=tuple(f"{post.position_th} {post.authority.full_name}" for post in posts),
            )
        )
    here = case.authority_id
    return sorted(found, key=lambda one: not any(account.authority_id == here for account in one.accounts))
