"""One attempt to hand a message over, and what follows from how it went."""

from datetime import datetime


def attempt(message_id: int, *, at: datetime) -> None:
    """Hand the message over unless that was done already; on failure wait and try again."""
    raise NotImplementedError
