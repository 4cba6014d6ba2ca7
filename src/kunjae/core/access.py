"""
Who may open a page: a rule on every view, enforced in one place before the view runs.

A view without a rule is never served (deny by default, ASVS 8.2.1). The rule opens the page; what
may be done there is asked of the policies again, inside the operation.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

View = TypeVar("View", bound=Callable[..., Any])


@dataclass(frozen=True, slots=True)
class Rule:
    """
    One access rule. `kind` is public, signed_in, member, permitted or desk.

    `member` and `permitted` speak of the authority in the path; to a stranger it does not exist.
    """

    kind: str
    permission: str = ""
    desks: tuple[str, ...] = ()

    def __str__(self) -> str:
        return " ".join(filter(None, [self.kind, self.permission, *self.desks]))


def rule_of(view: Callable[..., Any]) -> Rule | None:
    """Read the rule of a view, if it has one."""
    return getattr(view, "access_rule", None)


def _ruled(rule: Rule) -> Callable[[View], View]:
    def attach(view: View) -> View:
        view.access_rule = rule  # type: ignore[attr-defined]
        return view

    return attach


public = _ruled(Rule("public"))
"""Anybody, signed in or not."""

signed_in = _ruled(Rule("signed_in"))
"""Anybody who is signed in; the view shows only what is his own."""

member = _ruled(Rule("member"))
"""Anybody who has an account, a right or a desk over the authority in the path."""


def permitted(permission: str) -> Callable[[View], View]:
    """Whoever has the permission in the authority of the path."""
    return _ruled(Rule("permitted", permission))


def desk(*desks: str) -> Callable[[View], View]:
    """Whoever sits at one of these desks above the authorities."""
    return _ruled(Rule("desk", desks=desks))


def proved_lately(view: View) -> View:
    """Let a grave act be done only by who has proved himself within twenty minutes (ASVS 7.5.3); beside a rule."""
    view.asks_fresh_proof = True  # type: ignore[attr-defined]
    return view


def asks_fresh_proof(view: Callable[..., Any]) -> bool:
    """Tell whether a view is for a grave act."""
    return getattr(view, "asks_fresh_proof", False)
