"""The one way in which an account is loaded for a change."""

from django.db.models import IntegerField

from kunjae.core.written_once import Blank, Question
from kunjae.identity import policies
from kunjae.identity.models import Subject
from kunjae.identity.proofs import Proved

# Another's row may go on pointing here: only its values wait.
_VALUES = Question(
    lambda: (
        Subject.objects.filter(pk=Blank("pk", IntegerField()))
        .only("pk", "authority_id", "state", "password")
        .select_for_update(no_key=True)
    )
)


def locked(subject_id: int | None) -> Subject:
    """
    Lock an account, and load it with its person and where its authority lies, until the commit.

    :raises Subject.DoesNotExist: if there is none of this number
    """
    subject: Subject = (
        Subject.objects.select_for_update(of=("self",))
        .select_related("person", "authority__district", "authority__province")
        .get(pk=subject_id)
    )
    return subject


def locked_as_proved(subject_id: int | None, proved: Proved) -> Subject:
    """
    Lock an account whose owner a sign-in on its way has proved, if what it has proved still holds.

    :raises Subject.DoesNotExist: if there is none of this number
    :raises Denied: as `policies.proof_holds` says
    """
    subject = locked(subject_id)
    policies.proof_holds(subject, proved).enforce()
    return subject


def holds_until_commit(subject_id: int, proved: Proved) -> bool:
    """
    Test, in an open change, if what a sign-in has proved holds at its very end; it stays so until the commit.

    Whoever revokes, closes or binds at that moment waits, and then ends the session that begins here; or was quicker,
    and none begins.
    """
    return bool(policies.proof_holds(locked_values(subject_id), proved))


def locked_values(subject_id: int) -> Subject:
    """
    Lock an account for the many who sign in: what a proof rests on is read, the rest when it is asked for.

    :raises Subject.DoesNotExist: if there is none of this number
    """
    subject: Subject | None = _VALUES.first(pk=subject_id)
    if subject is None:
        raise Subject.DoesNotExist
    return subject
