from kunjae.organisations.models.authority import (
    KIND_PREFIX_TH,
    USUAL_FINANCE_HEAD_TITLE,
    AuthorityEdition,
    District,
    FinanceHeadTitle,
    Kind,
    LocalAuthority,
    Province,
    Unit,
    full_name_th,
)
from kunjae.organisations.models.contact import ContactChange
from kunjae.organisations.models.look_up import LookUp, LookUpIsFinal
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
    "KIND_PREFIX_TH",
    "USUAL_FINANCE_HEAD_TITLE",
    "Appointment",
    "AuthorityEdition",
    "Capacity",
    "ContactChange",
    "Desk",
    "District",
    "FinanceHeadTitle",
    "Kind",
    "LocalAuthority",
    "LookUp",
    "LookUpIsFinal",
    "Office",
    "Person",
    "PersonName",
    "Posting",
    "Province",
    "Unit",
    "full_name_th",
]
