"""Thai days, Buddhist years, fiscal years (D14)."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kunjae.core import clock
from kunjae.core.unacceptable import Unacceptable

DAYS = st.dates(date(1950, 1, 1), date(2090, 12, 31))
NBSP = "\u00a0"


def spaced(text: str) -> str:
    return text.replace(NBSP, " ")


@pytest.mark.parametrize(
    ("at", "day"),
    [
        (datetime(2026, 10, 9, 16, 59, 59, tzinfo=UTC), date(2026, 10, 9)),
        (datetime(2026, 10, 9, 17, 0, tzinfo=UTC), date(2026, 10, 10)),
        (datetime(2026, 12, 31, 17, 0, tzinfo=UTC), date(2027, 1, 1)),
        (datetime(2028, 2, 28, 17, 0, tzinfo=UTC), date(2028, 2, 29)),
    ],
)
def test_thai_day_begins_at_seventeen_hours_utc(at, day):
    assert clock.thai_day(at) == day


def test_thai_day_without_a_time_zone_is_refused():
    with pytest.raises(ValueError, match="time zone"):
        clock.thai_day(datetime(2026, 10, 9, 12, 0))


@given(DAYS)
def test_start_of_thai_day_is_the_first_instant_of_that_day(day):
    start = clock.start_of_thai_day(day)

    assert start.tzinfo is UTC
    assert clock.thai_day(start) == day
    assert clock.thai_day(start - timedelta(microseconds=1)) == day - timedelta(days=1)


@pytest.mark.parametrize(
    ("day", "year"),
    [
        (date(2026, 9, 30), 2569),
        (date(2026, 10, 1), 2570),
        (date(2026, 12, 31), 2570),
        (date(2027, 1, 1), 2570),
        (date(2027, 9, 30), 2570),
    ],
)
def test_fiscal_year_is_named_by_the_year_it_ends_in(day, year):
    assert clock.fiscal_year(day) == year


def test_be_year_counts_543_more():
    assert clock.be_year(date(2019, 7, 15)) == 2562


@pytest.mark.parametrize(
    ("day", "months", "later"),
    [
        (date(2026, 8, 31), 6, date(2027, 2, 28)),
        (date(2027, 8, 31), 6, date(2028, 2, 29)),
        (date(2026, 5, 15), 6, date(2026, 11, 15)),
        (date(2026, 12, 31), 1, date(2027, 1, 31)),
        (date(2026, 3, 31), -1, date(2026, 2, 28)),
        (date(2026, 1, 31), -13, date(2024, 12, 31)),
        (date(2028, 2, 29), 12, date(2029, 2, 28)),
        (date(2026, 1, 31), 0, date(2026, 1, 31)),
    ],
)
def test_add_months_stops_at_the_end_of_a_shorter_month(day, months, later):
    assert clock.add_months(day, months) == later


@given(DAYS, st.integers(-60, 60))
def test_add_months_moves_by_exactly_that_many_months(day, months):
    later = clock.add_months(day, months)

    assert (later.year * 12 + later.month) - (day.year * 12 + day.month) == months
    assert later.day <= day.day


@pytest.mark.parametrize(
    ("day", "thai", "thai_short", "english", "english_short"),
    [
        (date(2026, 1, 5), "5 มกราคม 2569", "5 ม.ค. 2569", "5 January 2569 BE", "5 Jan 2569 BE"),
        (date(2019, 7, 15), "15 กรกฎาคม 2562", "15 ก.ค. 2562", "15 July 2562 BE", "15 Jul 2562 BE"),
        (date(2028, 2, 29), "29 กุมภาพันธ์ 2571", "29 ก.พ. 2571", "29 February 2571 BE", "29 Feb 2571 BE"),
    ],
)
def test_dates_are_written_in_both_languages(day, thai, thai_short, english, english_short):
    assert spaced(clock.long_date(day, "th")) == thai
    assert spaced(clock.short_date(day, "th")) == thai_short
    assert spaced(clock.long_date(day, "en")) == english
    assert spaced(clock.short_date(day, "en-gb")) == english_short


def test_dates_never_break_over_lines():
    assert " " not in clock.long_date(date(2026, 1, 5), "th")
    assert " " not in clock.short_date(date(2026, 1, 5), "en")


def test_datetimes_are_written_in_thai_time_and_break_after_the_day_only():
    at = datetime(2026, 10, 10, 3, 31, 59, tzinfo=UTC)

    assert clock.short_datetime(at, "th") == f"10{NBSP}ต.ค.{NBSP}2569 10:31{NBSP}น."
    assert clock.long_datetime(at, "th") == f"10{NBSP}ตุลาคม{NBSP}2569 เวลา{NBSP}10:31{NBSP}น."
    assert spaced(clock.short_datetime(at, "en")) == "10 Oct 2569 BE 10:31"
    assert spaced(clock.long_datetime(at, "en")) == "10 October 2569 BE 10:31"


@pytest.mark.parametrize(
    ("typed", "day"),
    [
        (("15", "7", "2562"), date(2019, 7, 15)),
        (("๑๕", "กรกฎาคม", "๒๕๖๒"), date(2019, 7, 15)),
        (("15", "กรกฏาคม", "2562"), date(2019, 7, 15)),
        (("15", "ก.ค.", "2562"), date(2019, 7, 15)),
        (("15", "กค", "2562"), date(2019, 7, 15)),
        (("15", "ก. ค.", "2562"), date(2019, 7, 15)),
        ((" 05 ", "JULY", " 2562"), date(2019, 7, 5)),
        (("5", "jul", "2562"), date(2019, 7, 5)),
        (("5", "๐๗", "2562"), date(2019, 7, 5)),
        (("29", "2", "2571"), date(2028, 2, 29)),
        (("1", "1", "2443"), date(1900, 1, 1)),
        (("31", "12", "2643"), date(2100, 12, 31)),
    ],
)
def test_parse_day_reads_what_officers_type(typed, day):
    assert clock.parse_day(*typed) == day


@pytest.mark.parametrize(
    ("typed", "reason", "facts"),
    [
        (("", " ", ""), "date_missing", {}),
        (("15", "", "2562"), "date_incomplete", {}),
        (("", "7", "2562"), "date_incomplete", {}),
        (("15", "7", ""), "date_incomplete", {}),
        (("x", "7", "2562"), "date_day_unreadable", {}),
        (("१५", "7", "2562"), "date_day_unreadable", {}),
        (("15", "13", "2562"), "date_month_unreadable", {}),
        (("15", "0", "2562"), "date_month_unreadable", {}),
        (("15", "กุม", "2562"), "date_month_unreadable", {}),
        (("15", "7", "ปีนี้"), "date_year_unreadable", {}),
        (("15", "7", "25620"), "date_year_unreadable", {}),
        (("15", "7", "62"), "date_year_short", {}),
        (("15", "7", "๖๒"), "date_year_short", {}),
        (("15", "7", "2019"), "date_year_ce", {"year": 2019, "be_year": 2562}),
        (("15", "7", "๒๐๑๙"), "date_year_ce", {"year": 2019, "be_year": 2562}),
        (("15", "7", "1900"), "date_year_ce", {"year": 1900, "be_year": 2443}),
        (("15", "7", "2100"), "date_year_ce", {"year": 2100, "be_year": 2643}),
        (("15", "7", "2101"), "date_year_out_of_range", {"low": 2443, "high": 2643}),
        (("15", "7", "2442"), "date_year_out_of_range", {"low": 2443, "high": 2643}),
        (("15", "7", "2644"), "date_year_out_of_range", {"low": 2443, "high": 2643}),
        (("29", "2", "2569"), "date_no_such_day", {"days": 28, "year": 2569}),
        (("29", "2", "2643"), "date_no_such_day", {"days": 28, "year": 2643}),
        (("30", "2", "2571"), "date_no_such_day", {"days": 29, "year": 2571}),
        (("31", "เมษายน", "2569"), "date_no_such_day", {"days": 30, "year": 2569}),
        (("0", "7", "2562"), "date_no_such_day", {"days": 31, "year": 2562}),
    ],
)
def test_parse_day_refuses_with_what_to_do(typed, reason, facts):
    with pytest.raises(Unacceptable) as refused:
        clock.parse_day(*typed)

    assert (refused.value.reason, refused.value.facts) == (reason, facts)


@given(DAYS, st.sampled_from(["th", "en"]))
def test_parse_day_reads_every_date_that_is_written(day, language):
    written = clock.long_date(day, language).split(NBSP)
    shortly = clock.short_date(day, language).split(NBSP)

    assert clock.parse_day(*written[:3]) == clock.parse_day(*shortly[:3]) == day
