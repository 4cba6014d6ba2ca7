"""What an applicant fills in on part 1 of the form."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Self

from kunjae.access_requests.models import AccessRequest, CredentialWish


@dataclass(frozen=True, slots=True)
class Content:
    """
    The boxes and lines of part 1 (A2-02 … A2-04).

    What stands under a box that is not ticked is no part of it. A wish to give up or to change
    groups is written in `duty`, since the form offers "add" only (L-12).
    """

    position_th: str
    form_date: date
    credential_wish: CredentialWish
    cannot_enter_reason: str = ""
    secret_may_be_known: bool = False
    wants_groups: bool = False
    duty: str = ""
    group_codes: tuple[str, ...] = field(default=())

    @classmethod
    def of(cls, request: AccessRequest, group_codes: Iterable[str]) -> Self:
        """Read the content of a request that was written, with the codes of the groups it asks for."""
        return cls(
            position_th=request.position_th,
            form_date=request.form_date,
            credential_wish=CredentialWish(request.credential_wish),
            cannot_enter_reason=request.cannot_enter_reason,
            secret_may_be_known=request.secret_may_be_known,
            wants_groups=request.wants_groups,
            duty=request.duty,
            group_codes=tuple(group_codes),
        )

    def as_columns(self) -> dict[str, Any]:
        """Give the columns of `AccessRequest` that hold this content."""
        return {
            "position_th": self.position_th,
            "form_date": self.form_date,
            "credential_wish": self.credential_wish,
            "cannot_enter_reason": self.cannot_enter_reason,
            "secret_may_be_known": self.secret_may_be_known,
            "wants_groups": self.wants_groups,
            "duty": self.duty,
        }

    def says_the_same_as(self, other: Self) -> bool:
        """Test if two contents say the same, in whichever order they name the groups."""
        return self.as_columns() == other.as_columns() and set(self.group_codes) == set(other.group_codes)
