"""What a sign-in on its way has proved of an account; it is worth as much as the account stays what it was (T-18)."""

from dataclasses import dataclass
from typing import Any, Self

from kunjae.identity import queries
from kunjae.identity.models import Subject


@dataclass(frozen=True, slots=True)
class Proved:
    """
    The password that was shown, or held when a passkey was, by its stamp; and the second factor, by its key.

    `factor_id` is 0 where none was shown: then the account had none.
    """

    stamp: str
    factor_id: int = 0

    @classmethod
    def now(cls, subject: Subject, *, factor_id: int = 0) -> Self:
        """Say that what an account has at this moment has been shown."""
        return cls(queries.password_stamp(subject, "sign-in"), factor_id)

    @classmethod
    def kept_in(cls, state: dict[str, Any]) -> Self:
        """Read what a sign-in that waits has kept of it."""
        return cls(str(state.get("stamp", "")), int(state.get("factor_id", 0)))
