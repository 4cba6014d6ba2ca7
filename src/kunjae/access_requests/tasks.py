"""
Work after the answer has gone out.

Each takes an account's number, 0 for none: what somebody typed, perhaps a password, is not kept.
"""

from django.utils import timezone
from django_tasks import task

from kunjae.access_requests import operations
from kunjae.core.actor import system
from kunjae.identity.operations import tell_user_ids


@task()
def lost_by_mail(subject_id: int) -> None:
    """Send who lost the password a link behind which it becomes invalid at once; then form 2."""
    operations.help_by_mail(actor=system("help-by-mail"), subject_id=subject_id, at=timezone.now(), is_lost=True)


@task()
def diagnosis_by_mail(subject_id: int) -> None:
    """Send how an account stands that cannot be entered."""
    operations.diagnose_by_mail(actor=system("help-by-mail"), subject_id=subject_id, at=timezone.now())


@task()
def reset_by_mail(subject_id: int) -> None:
    """Send who forgot the password a link to set it anew, or to form 2."""
    operations.forgotten_password(actor=system("help-by-mail"), subject_id=subject_id, at=timezone.now())


@task()
def user_id_by_mail(subject_id: int) -> None:
    """Send a forgotten user id to its mailbox."""
    if subject_id:
        tell_user_ids(actor=system("help-by-mail"), subject_id=subject_id, at=timezone.now())
