"""One table of figures, each with its goal and whether it holds."""

from dataclasses import dataclass

MET, MISSED, NO_GOAL, NOT_MEASURED = "met", "MISSED", "–", "not measured"
FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Figure:
    """One line of the table: what was measured, what came out, what was wished for."""

    what: str
    measured: str
    goal: str = ""
    is_met: bool | None = None
    misses: str = ""

    @property
    def verdict(self) -> str:
        if self.is_met is not None:
            return MET if self.is_met else MISSED + (f" ({self.misses})" if self.misses else "")
        return NOT_MEASURED if self.goal else NO_GOAL


def at_most(what: str, number: float, goal: float, unit: str = "", *, digits: int = 0, note: str = "") -> Figure:
    """A figure that should stay below its goal."""
    return Figure(what, _measured(number, unit, digits, note), f"≤ {goal:,.{digits}f}{unit}", number <= goal)


def at_least(what: str, number: float, goal: float, unit: str = "", *, digits: int = 0, note: str = "") -> Figure:
    """A figure that should reach its goal."""
    return Figure(what, _measured(number, unit, digits, note), f"≥ {goal:,.{digits}f}{unit}", number >= goal)


def plain(what: str, number: float, unit: str = "", *, digits: int = 0, note: str = "") -> Figure:
    """A figure without a goal, beside one that has it."""
    return Figure(what, _measured(number, unit, digits, note))


def missing(what: str, why: str, goal: str = "") -> Figure:
    """Something that could not be measured, and why."""
    return Figure(what, why, goal or "–")


def failed(what: str, fault: Exception) -> Figure:
    """Something that did not work at all."""
    return Figure(what, str(fault).partition("\n")[0][:200], "–", is_met=False, misses=FAILED)


def _measured(number: float, unit: str, digits: int, note: str) -> str:
    return f"{number:,.{digits}f}{unit}" + (f" ({note})" if note else "")


def as_text(figures: list[Figure]) -> str:
    """Draw the table for a terminal."""
    rows = [("what", "measured", "goal", ""), *((f.what, f.measured, f.goal, f.verdict) for f in figures)]
    widths = [max(len(row[column]) for row in rows) for column in range(3)]
    lines = [
        "  ".join([*(cell.ljust(width) for cell, width in zip(row, widths, strict=False)), row[3]]).rstrip()
        for row in rows
    ]
    return "\n".join([lines[0], "-" * len(lines[0]), *lines[1:]])


def as_markdown(figures: list[Figure]) -> str:
    """Draw the table for a page of the documentation."""
    head = ["| What | Measured | Goal | |", "|---|---|---|---|"]
    return "\n".join([*head, *(f"| {f.what} | {f.measured} | {f.goal or '–'} | {f.verdict} |" for f in figures)])


def closing_line(figures: list[Figure]) -> str:
    """Count what holds and what does not."""
    counted = [figure.verdict for figure in figures]
    missed = sum(verdict.startswith(MISSED) for verdict in counted)
    return f"{counted.count(MET)} goals met, {missed} missed, {counted.count(NOT_MEASURED)} not measured"
