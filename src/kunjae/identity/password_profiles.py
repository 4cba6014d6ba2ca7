"""The password profiles we ship; the department sets which one is in force and from when (decision D2)."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields, replace
from typing import Any

# Refused before it is looked at: nothing a person types is longer, and each step below costs time per character.
LENGTH_CEILING = 256
_LENGTH_FLOOR = 8
_STRENGTHS = range(3, 5)


@dataclass(frozen=True, slots=True, kw_only=True)
class PasswordProfile:
    """
    One version of the rules a password must meet.

    Lengths are in code points after NFC; `length_min_single_factor` holds for somebody without a second factor.
    `strength_min` is a zxcvbn score: 3 means 10^8 guesses, 4 means 10^10. `change_months` are calendar months, None for
    no clock; a change is only reminded of unless `change_is_forced` (clause 4(3) says ควร).
    `source` names the clause or standard the profile follows.

    :raises ValueError: if the values contradict each other or weaken clause 4(1) or the length of clause 4(2)
    """

    code: str
    version: int
    source: str
    length_min: int
    length_min_single_factor: int
    needs_letter: bool
    needs_digit: bool
    length_max: int = LENGTH_CEILING
    strength_min: int = 3
    change_months: int | None = None
    change_is_forced: bool = False

    def __post_init__(self) -> None:
        if not self.code or not self.source or self.version < 1:
            raise ValueError("a profile has a code, a source and a version from 1")
        if not _LENGTH_FLOOR <= self.length_min <= self.length_min_single_factor:
            raise ValueError("the least length is 8 or more, and not shorter without a second factor")
        # Standards ask that 64 characters be allowed (NIST SP 800-63B-4).
        if not max(64, self.length_min_single_factor) <= self.length_max <= LENGTH_CEILING:
            raise ValueError("the greatest length is 64 to 256")
        if self.strength_min not in _STRENGTHS:
            raise ValueError("the least strength is 3 or 4")
        if self.change_months is not None and self.change_months < 1:
            raise ValueError("months to a change are 1 or more, or none")
        if self.change_is_forced and self.change_months is None:
            raise ValueError("a change cannot be forced without a clock")

    def least_length(self, *, has_second_factor: bool) -> int:
        """Return the least length in code points for somebody with or without a second factor."""
        return self.length_min if has_second_factor else self.length_min_single_factor

    def as_facts(self) -> dict[str, Any]:
        """Return the profile as plain JSON values, for a policy row or an audit event."""
        return asdict(self)

    @classmethod
    def from_facts(cls, facts: Mapping[str, Any]) -> "PasswordProfile":
        """
        Build a profile from the values of `as_facts`.

        :raises ValueError: if a value is missing, unknown, of the wrong type or out of bounds
        """
        expected = {field.name: field.type for field in fields(cls)}
        if set(facts) != set(expected):
            raise ValueError(f"a profile has exactly the values {', '.join(sorted(expected))}")
        for name, kind in expected.items():
            # Type by identity: JSON's true would otherwise pass as the number 1.
            allowed = (int, type(None)) if name == "change_months" else (kind,)
            if type(facts[name]) not in allowed:
                raise ValueError(f"{name} is of the wrong type")
        return cls(**facts)


LETTER_2562 = PasswordProfile(
    code="letter-2562",
    version=1,
    source="Clause 4(1)–(3) of the letter of July 2562 (L-41, L-42, L-43)",
    length_min=8,
    length_min_single_factor=8,
    needs_letter=True,
    needs_digit=True,
    change_months=6,
)

# The switch of D3: the same rules, and a sign-in at six months goes on only with a new password, or with a passkey.
LETTER_2562_FORCED = replace(
    LETTER_2562,
    code="letter-2562-forced",
    source="Clause 4(1)–(3) of the letter of July 2562 (L-41, L-42, L-43); the department makes a duty of the advice of 4(3)",
    change_is_forced=True,
)

MODERN = PasswordProfile(
    code="modern",
    version=1,
    source="NIST SP 800-63B-4; OWASP ASVS 5.0.0, V6.2",
    length_min=8,
    length_min_single_factor=15,
    needs_letter=False,
    needs_digit=False,
)

SHIPPED = {profile.code: profile for profile in (LETTER_2562, LETTER_2562_FORCED, MODERN)}
DEFAULT = LETTER_2562
