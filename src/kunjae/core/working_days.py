"""
Working days of the offices of state: not Saturday, not Sunday, not a holiday that falls on the same day every year.

Holidays that follow the moon, substitutes and single days given by the cabinet are not known here
(`data/holidays.json` says so): on such a day a term looks a day shorter than it is, never longer.
"""

import json
from datetime import date, datetime, time, timedelta
from functools import cache
from importlib.resources import files

from kunjae.core.clock import BANGKOK, start_of_thai_day, thai_day

_SATURDAY = 5


def is_working_day(day: date) -> bool:
    """Test if the offices of state are open on a day in Thailand."""
    since = _fixed_holidays().get((day.month, day.day))
    return day.weekday() < _SATURDAY and (since is None or day.year < since)


def one_working_day_after(at: datetime) -> datetime:
    """
    Return the instant by which one working day has passed: the same time of the next one.

    What comes on a free day counts from the beginning of the next working day.
    """
    day = thai_day(at)
    if not is_working_day(day):
        return start_of_thai_day(_next(_next(day)))
    return _at_time_of(at, _next(day))


def one_working_day_before(at: datetime) -> datetime:
    """Return the instant before which a term of one working day must have begun to be over now."""
    day = thai_day(at)
    if not is_working_day(day):
        # Nothing becomes late on a free day that was not late at the end of the last working one.
        return start_of_thai_day(_last(_last(day)) + timedelta(days=1))
    return _at_time_of(at, _last(day))


def _at_time_of(at: datetime, day: date) -> datetime:
    local: time = at.astimezone(BANGKOK).time()
    return datetime.combine(day, local, BANGKOK).astimezone(at.tzinfo)


def _next(day: date) -> date:
    day += timedelta(days=1)
    while not is_working_day(day):
        day += timedelta(days=1)
    return day


def _last(day: date) -> date:
    day -= timedelta(days=1)
    while not is_working_day(day):
        day -= timedelta(days=1)
    return day


@cache
def _fixed_holidays() -> dict[tuple[int, int], int]:
    """Read which days of the year are free, and since which year (of the common era)."""
    content = json.loads(files("kunjae.core").joinpath("data", "holidays.json").read_text(encoding="utf-8"))
    return {(row["month"], row["day"]): row["from_year"] for row in content["days"]}
