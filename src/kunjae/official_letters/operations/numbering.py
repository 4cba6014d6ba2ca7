"""Case numbers of letters: one counter for the whole country and fiscal year, as in 10012/2570."""

from datetime import datetime

from kunjae.core.clock import fiscal_year, thai_day
from kunjae.core.identifiers import case_number
from kunjae.official_letters.models import LetterCounter

FIRST = 10_000
"""Letters count from here: no authority counts its own requests so far, so a number names one case there."""


def next_case(*, at: datetime) -> str:
    """Take the next number of a letter; the counter stays locked until the commit, and the register with it."""
    counter = lock_register(at=at)
    counter.change_to(last=counter.last + 1)
    return case_number(FIRST + counter.last, counter.fiscal_year)


def lock_register(*, at: datetime) -> LetterCounter:
    """Let nobody else enter a letter or change a number until the commit, so that what is asked first still holds."""
    year = fiscal_year(thai_day(at))
    LetterCounter.objects.bulk_create([LetterCounter(fiscal_year=year)], ignore_conflicts=True)
    counter: LetterCounter = LetterCounter.objects.select_for_update().get(fiscal_year=year)
    return counter
