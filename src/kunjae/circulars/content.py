"""What a circular says, as its page gives it."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from kunjae.circulars.models import Audience, DatePrecision


@dataclass(frozen=True, slots=True, kw_only=True)
class CircularContent:
    """
    What somebody at the department's desk writes; `limits` are codes of provinces or kinds, by the audience.

    Number and day may be unknown: then `number` is empty, and `dated` is the first of its month (L-01).
    """

    subject: str
    dated: date
    date_precision: DatePrecision = DatePrecision.DAY
    mark: str = ""
    number: str = ""
    body: str = ""
    clauses: str = ""
    audience: Audience = Audience.ALL
    limits: tuple[str, ...] = ()
    due_date: date | None = None

    def as_columns(self) -> dict[str, Any]:
        """Give the columns of `Circular` that hold it."""
        is_month = self.date_precision == DatePrecision.MONTH
        return {
            "subject": self.subject,
            "dated": self.dated.replace(day=1) if is_month else self.dated,
            "date_precision": self.date_precision,
            "mark": self.mark,
            "number": self.number,
            "body": self.body,
            "clauses": self.clauses,
            "audience": self.audience,
            "limits": "" if self.audience == Audience.ALL else ",".join(sorted(set(self.limits))),
            "due_date": self.due_date,
        }
