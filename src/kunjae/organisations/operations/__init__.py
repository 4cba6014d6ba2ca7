"""Changes of persons, posts and authorities."""

from kunjae.organisations.operations.contacts import confirm_contact, propose_contact, withdraw_contact
from kunjae.organisations.operations.looking import look_at
from kunjae.organisations.operations.persons import (
    add_unit,
    appoint,
    close_unit,
    end_appointment,
    end_posting,
    post_to_desk,
    register_person,
    rename_person,
)
from kunjae.organisations.operations.register import Entry, Outcome, import_register

__all__ = [
    "Entry",
    "Outcome",
    "add_unit",
    "appoint",
    "close_unit",
    "confirm_contact",
    "end_appointment",
    "end_posting",
    "import_register",
    "look_at",
    "post_to_desk",
    "propose_contact",
    "register_person",
    "rename_person",
    "withdraw_contact",
]
