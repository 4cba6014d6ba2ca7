from kunjae.organisations.models.authority import (
    AuthorityEdition,
    District,
    FinanceHeadTitle,
    Kind,
    LocalAuthority,
    Province,
    Unit,
)
from kunjae.organisations.models.person import (
    ACTING_CAPACITIES,
    Appointment,
    Capacity,
    Desk,
    Office,
    Person,
    PersonName,
    Posting,
)

__all__ = [
    "ACTING_CAPACITIES",
    "Appointment",
    "AuthorityEdition",
    "Capacity",
    "Desk",
    "District",
    "FinanceHeadTitle",
    "Kind",
    "LocalAuthority",
    "Office",
    "Person",
    "PersonName",
    "Posting",
    "Province",
    "Unit",
]
