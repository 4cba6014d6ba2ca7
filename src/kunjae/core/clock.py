"""Dates of the law are days in Thailand, in the Buddhist era; instants in the database are UTC (D14).

Nothing here reads the clock: the instant is always passed in.
"""

import calendar
from datetime import UTC, date, datetime, time, timedelta, timezone

from kunjae.core.numerals import parse_whole_number, to_ascii_digits
from kunjae.core.unacceptable import Unacceptable

#: Thailand has kept UTC+7 without summer time since 1920: a fixed offset needs no time zone files.
BANGKOK = timezone(timedelta(hours=7), "Asia/Bangkok")

#: The Buddhist era counts 543 years more than the common era.
BE_OFFSET = 543

MONTHS_TH = (
    "มกราคม", "กุมภาพันธ์", "มีนาคม", "เมษายน", "พฤษภาคม", "มิถุนายน",
    "กรกฎาคม", "สิงหาคม", "กันยายน", "ตุลาคม", "พฤศจิกายน", "ธันวาคม",
)  # fmt: skip
MONTHS_TH_SHORT = (
    "ม.ค.", "ก.พ.", "มี.ค.", "เม.ย.", "พ.ค.", "มิ.ย.", "ก.ค.", "ส.ค.", "ก.ย.", "ต.ค.", "พ.ย.", "ธ.ค.",
)  # fmt: skip
MONTHS_EN = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
MONTHS_EN_SHORT = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")

_NBSP = "\u00a0"
_FISCAL_YEAR_STARTS_IN_MONTH = 10


def thai_day(at: datetime) -> date:
    """Return the day in Thailand at this instant.

    :raises ValueError: if the instant has no time zone
    """
    return _in_thailand(at).date()


def start_of_thai_day(day: date) -> datetime:
    """Return the instant, in UTC, at which the day begins in Thailand."""
    return datetime.combine(day, time.min, BANGKOK).astimezone(UTC)


def be_year(day: date) -> int:
    """Return the year of the Buddhist era that the day falls in."""
    return day.year + BE_OFFSET


def fiscal_year(day: date) -> int:
    """Return the fiscal year (Buddhist era) of the day: 1 October to 30 September, named by the year it ends in."""
    return be_year(day) + (day.month >= _FISCAL_YEAR_STARTS_IN_MONTH)


def add_months(day: date, months: int) -> date:
    """Return the same day of the month so many months later, or that month's last day if it is shorter."""
    year, month_index = divmod(day.year * 12 + day.month - 1 + months, 12)
    last = calendar.monthrange(year, month_index + 1)[1]
    return date(year, month_index + 1, min(day.day, last))


#: Years of the Buddhist era that a day may be typed with: 1900 to 2100 of the common era.
BE_YEAR_MIN, BE_YEAR_MAX = 1900 + BE_OFFSET, 2100 + BE_OFFSET

_CE_YEARS = range(1900, 2101)
_FULL_YEAR_MIN = 1000


def parse_day(day: str, month: str, year: str) -> date:
    """Read a day as officers type it: three parts, Thai or Arabic digits, the month also by its name, the year BE.

    A year of the common era is never turned into another one silently; the refusal names the year that it would
    be. Nor is a year of two digits completed.

    :raises Unacceptable: `date_missing`, `date_incomplete`, `date_day_unreadable`, `date_month_unreadable`,
        `date_year_unreadable`, `date_year_short`, `date_year_ce` with `year` and `be_year`,
        `date_year_out_of_range` with `low` and `high`, `date_no_such_day` with `days` and `year`
    """
    parts = (day.strip(), month.strip(), year.strip())
    if not any(parts):
        raise Unacceptable("date_missing")
    if not all(parts):
        raise Unacceptable("date_incomplete")
    day_number = _number(parts[0], "date_day_unreadable")
    month_number = parse_month(parts[1])
    be_year = _be_year(_number(parts[2], "date_year_unreadable"))
    days = calendar.monthrange(be_year - BE_OFFSET, month_number)[1]
    if not 1 <= day_number <= days:
        raise Unacceptable("date_no_such_day", days=days, year=be_year)
    return date(be_year - BE_OFFSET, month_number, day_number)


def parse_month(text: str) -> int:
    """Read a month: 1 to 12, or its Thai or English name, in full or abbreviated, with or without its dots.

    :raises Unacceptable: `date_month_unreadable`
    """
    name = _month_key(text)
    if name in _MONTHS:
        return _MONTHS[name]
    month = _number(text, "date_month_unreadable")
    if not 1 <= month <= len(MONTHS_TH):
        raise Unacceptable("date_month_unreadable")
    return month


def _month_key(text: str) -> str:
    # ฏ for ฎ is the commonest slip in กรกฎาคม.
    return to_ascii_digits(text).lower().replace(".", "").replace(" ", "").replace("ฏ", "ฎ")


_MONTHS = {
    _month_key(name): index
    for names in (MONTHS_TH, MONTHS_TH_SHORT, MONTHS_EN, MONTHS_EN_SHORT)
    for index, name in enumerate(names, start=1)
}


def _number(text: str, reason: str) -> int:
    try:
        return parse_whole_number(text, low=0, high=9999)
    except Unacceptable as refused:
        raise Unacceptable(reason) from refused


def _be_year(year: int) -> int:
    if year < _FULL_YEAR_MIN:
        raise Unacceptable("date_year_short")
    if year in _CE_YEARS:
        raise Unacceptable("date_year_ce", year=year, be_year=year + BE_OFFSET)
    if not BE_YEAR_MIN <= year <= BE_YEAR_MAX:
        raise Unacceptable("date_year_out_of_range", low=BE_YEAR_MIN, high=BE_YEAR_MAX)
    return year


def month_name(month: int, language: str) -> str:
    """Return the full name of a month, 1 to 12."""
    return (MONTHS_EN if _is_english(language) else MONTHS_TH)[month - 1]


def long_date(day: date, language: str) -> str:
    """Return the day with its month in full, as in 5 มกราคม 2569 or 5 January 2569 BE; it never breaks over lines."""
    if _is_english(language):
        return _NBSP.join((str(day.day), MONTHS_EN[day.month - 1], str(be_year(day)), "BE"))
    return _NBSP.join((str(day.day), MONTHS_TH[day.month - 1], str(be_year(day))))


def short_date(day: date, language: str) -> str:
    """Return the day with its month abbreviated, as in 15 ก.ค. 2562 or 15 Jul 2562 BE; it never breaks over lines."""
    if _is_english(language):
        return _NBSP.join((str(day.day), MONTHS_EN_SHORT[day.month - 1], str(be_year(day)), "BE"))
    return _NBSP.join((str(day.day), MONTHS_TH_SHORT[day.month - 1], str(be_year(day))))


def long_datetime(at: datetime, language: str) -> str:
    """Return the instant in Thailand, as in 10 ตุลาคม 2569 เวลา 10:31 น.; a line may end after the day only."""
    local = _in_thailand(at)
    lead_in = "" if _is_english(language) else f"เวลา{_NBSP}"
    return f"{long_date(local.date(), language)} {lead_in}{_time_of_day(local, language)}"


def short_datetime(at: datetime, language: str) -> str:
    """Return the instant in Thailand, as in 10 ต.ค. 2569 10:31 น.; a line may end after the day only."""
    local = _in_thailand(at)
    return f"{short_date(local.date(), language)} {_time_of_day(local, language)}"


def _in_thailand(at: datetime) -> datetime:
    if at.tzinfo is None:
        raise ValueError("An instant needs a time zone.")
    return at.astimezone(BANGKOK)


def _time_of_day(local: datetime, language: str) -> str:
    return f"{local:%H:%M}" if _is_english(language) else f"{local:%H:%M}{_NBSP}น."


def _is_english(language: str) -> bool:
    return language.lower().startswith("en")
