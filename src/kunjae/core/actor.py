"""Who acts: a signed-in person, a named job of the system, or (later) a machine client."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Actor:
    """
    Who does something, as the record will name it.

    `name` is the user id of a signed-in person, `system:<job>` of a job, or `visitor:<flow>` of
    somebody who proves himself by a link and a code and has no account yet.
    """

    name: str
    person_id: int | None = None
    subject_id: int | None = None
    session_id: int | None = None
    address: str | None = None

    @property
    def is_person(self) -> bool:
        """Tell a human with an account from a job or a visitor."""
        return self.subject_id is not None


def system(job: str) -> Actor:
    """Name a job of the system as the actor."""
    return Actor(name=f"system:{job}")


def visitor(flow: str, *, person_id: int | None = None, address: str | None = None) -> Actor:
    """Name somebody who is not signed in: an invited officer, or one who activates an account."""
    return Actor(name=f"visitor:{flow}", person_id=person_id, address=address)


NOBODY = Actor(name="visitor")
