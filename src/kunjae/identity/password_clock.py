"""
The six-month clock of clause 4(3): from which day on a sign-in asks for a new password, and how those days are spread.

Nobody sets all his passwords anew on one morning, but a nation that was let in within one week would be asked within
one week too. So the day asked for is the one nearest to six calendar months that still has room (D3, L-43). It depends
on nothing but the day of setting and the days given so far, and is kept with the account.
"""

from collections.abc import Callable, Iterator, Mapping
from datetime import date, timedelta
from itertools import count

from kunjae.core.clock import add_months
from kunjae.core.working_days import is_working_day

SHARE_OF_A_DAY = 0.015
"""No working day is given more than this share of all days; if very many accounts close afterwards, it may come to bear more."""

FIRST_SHARE_OF_A_DAY, _SHARE_WITH_AGAIN = 0.012, 0.014
"""
A day is full for first questions, and for those asked again after “later”.

The first leave room for the others, so that a nation let in within one week does not push “later” into the next half
year, and for accounts that close. Those who are given a day at the same moment do not see each other's: what is left
up to the share of a day is for them.
"""

ALWAYS_ROOM = 20
"""So many a day are no storm for any help desk, however few accounts there are."""

WARNED_DAYS = (14, 3)
"""So many days before, the owner is told by mail, each once."""

LATER = timedelta(days=14)
_REST_FROM, _REST_UNTIL = (9, 20), (10, 31)
_REST = timedelta(weeks=6)


def is_at_rest(day: date) -> bool:
    """Test if a day lies at the turn of the fiscal year, when no day asked for falls."""
    return _REST_FROM <= (day.month, day.day) <= _REST_UNTIL


def may_be_asked(day: date) -> bool:
    """Test if a day may be one asked for: a working day, and not at the turn of the fiscal year."""
    return is_working_day(day) and not is_at_rest(day)


def asked_from(set_on: date, months: int, *, taken: Mapping[date, int], not_before: date | None = None) -> date:
    """
    Give the day from which a sign-in asks to change a password that was set on a day.

    `taken` counts the days given so far. The day is the one with room that lies nearest to the wanted calendar months
    after the setting (the end of a shorter month for a day that it lacks), the earlier of two; never before
    `not_before`, and never so soon that the first warning would come late.
    """
    earliest = max(set_on, not_before or set_on) + timedelta(days=max(WARNED_DAYS) + 1)
    wanted = max(add_months(set_on, months), earliest)
    has_room = _has_room(taken, FIRST_SHARE_OF_A_DAY * (sum(taken.values()) + 1))
    return next(day for day in _nearest_first(wanted) if day >= earliest and may_be_asked(day) and has_room(day))


def _nearest_first(wanted: date) -> Iterator[date]:
    yield wanted
    for distance in count(1):
        yield wanted - timedelta(days=distance)
        yield wanted + timedelta(days=distance)


def asked_again_from(answered_on: date, *, taken: Mapping[date, int]) -> date:
    """
    Give the day from which somebody is asked again who answered “later”: fourteen days on, or the next day with room.

    `taken` counts the days given so far, his own among them. What would fall at the turn of the fiscal year comes six
    weeks later, so that the first days after it are not filled with everybody who answered in the weeks before.
    """
    wanted = answered_on + LATER
    if is_at_rest(wanted):
        wanted += _REST
    has_room = _has_room(taken, _SHARE_WITH_AGAIN * sum(taken.values()))
    days = (wanted + timedelta(days=distance) for distance in count())
    return next(day for day in days if may_be_asked(day) and has_room(day))


def _has_room(taken: Mapping[date, int], at_most: float) -> Callable[[date], bool]:
    room = max(ALWAYS_ROOM, int(at_most))
    return lambda day: taken.get(day, 0) < room


def last_overdue_day(today: date, months: int) -> date:
    """Return the last day on which a password may have been set to be so many calendar months old today (L-43)."""
    day = add_months(today, -months)
    while add_months(day + timedelta(days=1), months) <= today:
        day += timedelta(days=1)
    return day
