"""Short spoken case numbers, per authority and fiscal year: 0147/2570."""

from datetime import datetime

from kunjae.access_requests.models import CaseCounter
from kunjae.core.clock import fiscal_year, thai_day
from kunjae.core.identifiers import case_number
from kunjae.organisations.models import LocalAuthority


def next_case(authority: LocalAuthority, *, at: datetime) -> tuple[str, int]:
    """Take the next case number of an authority; the counter stays locked until the commit."""
    year = fiscal_year(thai_day(at))
    CaseCounter.objects.bulk_create([CaseCounter(authority=authority, fiscal_year=year)], ignore_conflicts=True)
    counter = CaseCounter.objects.select_for_update().get(authority=authority, fiscal_year=year)
    counter.change_to(last=counter.last + 1)
    return case_number(counter.last, year), year
