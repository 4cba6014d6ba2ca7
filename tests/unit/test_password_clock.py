"""The six-month clock: which day is asked for, and that no day bears a storm (clause 4(3), D3, L-43)."""

from collections import Counter
from datetime import date, timedelta

import pytest

from kunjae.core.clock import add_months
from kunjae.core.working_days import is_working_day
from kunjae.identity.password_clock import (
    ALWAYS_ROOM,
    LATER,
    SHARE_OF_A_DAY,
    asked_again_from,
    asked_from,
    last_overdue_day,
    may_be_asked,
)

SIX = 6
MANY = 30_000
"""The nation, let in within one week."""


def days_of(set_on: list[date], taken: Counter | None = None, **options: date) -> Counter:
    """Give each password its day, one after the other, as they are set."""
    taken = Counter() if taken is None else taken
    for day in set_on:
        taken[asked_from(day, SIX, taken=taken, **options)] += 1
    return taken


def assert_no_storm(days: Counter) -> None:
    assert max(days.values()) <= SHARE_OF_A_DAY * days.total()
    for day in days:
        assert is_working_day(day), day
        assert not (9, 20) <= (day.month, day.day) <= (10, 31), day


@pytest.mark.parametrize(
    ("set_on", "asked"),
    [
        (date(2026, 12, 1), date(2027, 6, 1)),
        (date(2024, 8, 31), date(2025, 2, 28)),  # the end of the shorter month
        (date(2026, 8, 31), date(2027, 3, 1)),  # 28 February is a Sunday: the Monday is nearer than the Friday
        (date(2027, 8, 31), date(2028, 2, 29)),  # a leap year
        (date(2026, 12, 5), date(2027, 6, 4)),  # 5 June is a Saturday: the Friday is nearer than the Monday
        (date(2026, 12, 6), date(2027, 6, 7)),  # 6 June is a Sunday: the Monday is nearer
        (date(2026, 10, 13), date(2027, 4, 12)),  # 13 April is a holiday
        (date(2026, 7, 1), date(2026, 12, 30)),  # 1 January and 31 December are holidays
        (date(2027, 3, 20), date(2027, 9, 17)),  # 20 September: the Friday before the rest
        (date(2027, 4, 30), date(2027, 11, 1)),  # 30 October: the Monday after it
    ],
)
def test_asked_from_is_the_working_day_nearest_to_six_calendar_months(set_on, asked):
    assert asked_from(set_on, SIX, taken={}) == asked


def test_asked_from_goes_to_the_next_day_with_room_the_earlier_first():
    full = {date(2027, 6, 2): ALWAYS_ROOM}
    assert asked_from(date(2026, 12, 2), SIX, taken=full) == date(2027, 6, 1)

    full[date(2027, 6, 1)] = ALWAYS_ROOM
    assert asked_from(date(2026, 12, 2), SIX, taken=full) == date(2027, 5, 31), "3 June is a holiday"


def test_asked_from_is_the_same_for_the_same_days_given():
    taken = {date(2027, 6, 1): 7}

    assert len({asked_from(date(2026, 12, 1), SIX, taken=taken) for _ in range(5)}) == 1


def test_asked_from_leaves_time_for_both_warnings():
    today = date(2027, 6, 1)

    assert asked_from(date(2025, 1, 1), SIX, taken={}, not_before=today) == date(2027, 6, 16)
    assert asked_from(today, 1, taken={date(2027, 7, 1): ALWAYS_ROOM}) > today + timedelta(days=14)


@pytest.mark.slow
@pytest.mark.parametrize("set_on", [date(2027, 1, 4), date(2027, 4, 5), date(2026, 11, 28), date(2027, 8, 31)])
def test_storm_of_one_day_is_spread(set_on):
    days = days_of([set_on] * MANY)

    assert_no_storm(days)
    assert min(days) > add_months(set_on, 3), "nobody is asked long before"
    assert max(days) < add_months(set_on, 9), "nor long after"


@pytest.mark.slow
@pytest.mark.parametrize("monday", [date(2027, 1, 4), date(2027, 3, 15)])
def test_storm_of_one_week_is_spread_and_stays_so_half_a_year_later(monday):
    week = [monday + timedelta(days=day) for day in range(5) for _ in range(MANY // 5)]
    days = days_of(week)
    assert_no_storm(days)

    # Everybody changes on the day asked for, while the others' days stand.
    again = Counter(days)
    for day, people in sorted(days.items()):
        for _ in range(people):
            again[day] -= 1
            again[asked_from(day, SIX, taken=again)] += 1
    assert_no_storm(+again)


@pytest.mark.slow
def test_storm_of_old_passwords_is_spread_from_the_day_on_which_the_clock_starts():
    today = date(2027, 6, 1)
    days = days_of([date(2020 + number % 7, 1, 15) for number in range(MANY)], not_before=today)

    assert_no_storm(days)
    assert min(days) == date(2027, 6, 16)


def test_accounts_that_close_leave_no_storm_to_the_others():
    days = days_of([date(2026, 12, 1)] * 5_000)
    fullest = max(days, key=days.__getitem__)
    left = days.copy()
    for day in sorted(days, reverse=True):
        closing = min(days[day], max(0, 500 - (days.total() - left.total()))) if day != fullest else 0
        left[day] -= closing

    assert left.total() == 4_500, "one in ten has closed, none of them on the fullest day"
    assert_no_storm(+left)


def test_few_accounts_are_not_torn_apart():
    assert days_of([date(2026, 12, 1)] * ALWAYS_ROOM) == {date(2027, 6, 1): ALWAYS_ROOM}


@pytest.mark.parametrize(
    ("answered", "again"),
    [
        (date(2027, 6, 1), date(2027, 6, 15)),
        (date(2027, 5, 20), date(2027, 6, 4)),  # 3 June is a holiday
        (date(2027, 6, 5), date(2027, 6, 21)),  # on a Saturday: the Monday
        (date(2027, 9, 3), date(2027, 9, 17)),
        (date(2027, 9, 6), date(2027, 11, 1)),  # 20 September begins the rest
        (date(2027, 9, 17), date(2027, 11, 12)),
        (date(2027, 10, 15), date(2027, 12, 13)),  # 29 October and six weeks are 10 December, a holiday
    ],
)
def test_asked_again_from_is_fourteen_days_on_and_never_in_the_rest(answered, again):
    assert asked_again_from(answered, taken={}) == again
    assert may_be_asked(again)


def test_asked_again_from_goes_to_the_next_day_with_room_and_never_back():
    full = {date(2027, 6, 15): ALWAYS_ROOM, date(2027, 6, 16): ALWAYS_ROOM}

    assert asked_again_from(date(2027, 6, 1), taken=full) == date(2027, 6, 17)
    assert asked_again_from(date(2027, 9, 3), taken={date(2027, 9, 17): ALWAYS_ROOM}) == date(2027, 11, 1), (
        "over the rest"
    )


@pytest.mark.slow
@pytest.mark.parametrize("answered", [date(2027, 6, 1), date(2027, 9, 1), date(2027, 9, 30), date(2027, 10, 20)])
def test_storm_of_one_day_of_later_is_spread(answered):
    """Many whose day has passed come back on one day and answer “later” together."""
    taken = days_of([add_months(answered, -6)] * (MANY - 5_000))
    taken[answered] += 5_000
    for _ in range(5_000):
        again = asked_again_from(answered, taken=taken)
        assert again >= answered + LATER
        taken[answered] -= 1
        taken[again] += 1
    del taken[answered]

    assert_no_storm(taken)


@pytest.mark.slow
def test_storm_of_one_week_stays_spread_if_everybody_answers_later_once():
    taken = days_of([date(2027, 1, 4) + timedelta(days=day) for day in range(5) for _ in range(MANY // 5)])
    asked = Counter(taken)
    for day, people in sorted(Counter(taken).items()):
        for _ in range(people):
            again = asked_again_from(day, taken=taken)
            taken[day] -= 1
            taken[again] += 1
            asked[again] += 1

    assert max(asked.values()) <= SHARE_OF_A_DAY * MANY
    assert_no_storm(+taken)


@pytest.mark.parametrize(
    ("today", "last"),
    [(date(2027, 2, 28), date(2026, 8, 31)), (date(2027, 6, 1), date(2026, 12, 1)), (date(2027, 8, 30), date(2027, 2, 28))],
)  # fmt: skip
def test_last_overdue_day_counts_calendar_months(today, last):
    assert last_overdue_day(today, SIX) == last
