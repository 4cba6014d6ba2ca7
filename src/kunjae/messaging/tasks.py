"""Hand messages over after the commit: at least once, with back-off (F7)."""

from django.utils import timezone
from django_tasks import task

from kunjae.messaging import delivery


@task()
def deliver(message_id: int) -> None:
    """Try to hand one message over; a failed try queues the next one."""
    delivery.attempt(message_id, at=timezone.now())
