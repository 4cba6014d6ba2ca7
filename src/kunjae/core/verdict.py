"""The answer of a policy: allowed, or refused for one named reason."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from kunjae.core import reasons


class Denied(Exception):
    """
    The actor may not do this.

    `reason` is a key of the sentences in `kunjae.core.reasons`; `facts` fill its blanks.
    """

    def __init__(self, reason: str, facts: Mapping[str, Any] | None = None) -> None:
        super().__init__(reason)
        self.reason = reason
        self.facts = dict(facts or {})


@dataclass(frozen=True, slots=True)
class Verdict:
    """A policy's answer; true when the act is allowed."""

    reason: str = ""
    facts: Mapping[str, Any] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return not self.reason

    def enforce(self) -> None:
        """
        Do nothing when allowed.

        :raises Denied: with the reason, when refused
        """
        if self.reason:
            raise Denied(self.reason, self.facts)

    @property
    def sentence(self) -> str:
        """Say the refusal in the reader's language, with the next step."""
        return reasons.sentence(self.reason, self.facts)


ALLOWED = Verdict()
