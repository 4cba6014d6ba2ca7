"""Work after the answer has gone out."""

from django.utils import timezone
from django_tasks import task

from kunjae.access_requests import operations
from kunjae.core.actor import system


@task()
def help_by_mail(subject_id: int) -> None:
    """
    Send a link to form 2 to the mailbox of an account that cannot be entered, if there is one.

    It takes the account's number, 0 for none: what somebody typed, perhaps a password, is not kept.
    """
    operations.help_by_mail(actor=system("help-by-mail"), subject_id=subject_id, at=timezone.now())
