"""Dates of the law are days in Thailand, in the Buddhist era; instants in the database are UTC (D14).

Nothing here reads the clock: the instant is always passed in.
"""

import calendar
from datetime import UTC, date, datetime, time, timedelta, timezone

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
