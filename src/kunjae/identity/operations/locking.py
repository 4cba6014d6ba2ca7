"""The one way in which an account is loaded for a change."""

from kunjae.identity.models import Subject


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
