"""Terms of working days: over weekends, over the fixed holidays of Thailand, across midnight there."""

from datetime import UTC, date, datetime, timedelta

import pytest

from kunjae.core.clock import BANGKOK
from kunjae.core.working_days import is_working_day, one_working_day_after, one_working_day_before


def there(day: int, hour: int = 9, minute: int = 0, *, month: int = 10) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=BANGKOK)


@pytest.mark.parametrize(("day", "expected"), [
    (date(2026, 10, 16), True),
    (date(2026, 10, 17), False),
    (date(2026, 10, 23), False),
    (date(2016, 10, 13), True),
    (date(2026, 12, 31), False),
])  # fmt: skip
def test_is_working_day(day, expected):
    assert is_working_day(day) == expected


@pytest.mark.parametrize(("began", "ends"), [
    (there(15), there(16)),
    (there(16, 15), there(19, 15)),
    (there(17, 10), there(20, 0)),
    (there(22, 11), there(26, 11)),
    (there(30, 9, month=12), datetime(2027, 1, 4, 9, tzinfo=BANGKOK)),
])  # fmt: skip
def test_one_working_day_after_is_the_same_time_of_the_next_one(began, ends):
    assert one_working_day_after(began) == ends


def test_one_working_day_after_counts_days_of_thailand():
    late_on_thursday = datetime(2026, 10, 15, 16, 59, tzinfo=UTC)

    assert one_working_day_after(late_on_thursday) == late_on_thursday + timedelta(days=1)
    assert one_working_day_after(late_on_thursday + timedelta(minutes=1)) == datetime(2026, 10, 18, 17, 0, tzinfo=UTC)


@pytest.mark.parametrize("now", [there(16, 9), there(18, 12), there(19, 8), there(20, 23), there(23, 9), there(26, 1)])
def test_one_working_day_before_finds_what_is_over_now(now):
    edge = one_working_day_before(now)

    for minutes in range(-60 * 24 * 9, 0, 37):
        began = now + timedelta(minutes=minutes)
        assert (one_working_day_after(began) < now) == (began < edge), began
