"""The words in which a report speaks: of a status, of what a right rests on, of a file's name."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext, pgettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from kunjae.access_requests.models import CredentialWish
from kunjae.core.clock import short_date
from kunjae.entitlements.models import Basis
from kunjae.organisations.models import Capacity
from kunjae.reports.queries.members import Member, Status
from kunjae.reports.queries.register import Entry, Outcome, Sort
from kunjae.revocation.models import ClosureReason

STATUSES: Mapping[Status, Promise | str] = {
    Status.ACTIVE: _("In use"),
    Status.PENDING: _("Not yet activated"),
    Status.SUSPENDED: _("Suspended"),
    Status.NEVER: pgettext_lazy("status", "Never used"),
    Status.OVER: pgettext_lazy("status", "Ended"),
}
_STATUS_TAGS = {
    Status.ACTIVE: "ok",
    Status.PENDING: "wait",
    Status.SUSPENDED: "wait",
    Status.NEVER: "due",
    Status.OVER: "over",
}

_CAPACITIES: Mapping[str, Promise | str] = {
    Capacity.ACTING_FOR: _("Acting for the holder"),
    Capacity.ACTING_IN: _("Acting in the vacancy"),
}

OUTCOMES: Mapping[Outcome, Promise | str] = {
    Outcome.SUBMITTED: _("Waiting for an opinion"),
    Outcome.APPROVED: _("Approved"),
    Outcome.REFUSED: _("Not approved"),
    Outcome.WITHDRAWN: _("Withdrawn"),
    Outcome.SELF_SERVED: _("Settled by the applicant, with a second factor"),
    Outcome.OFFICE: _("Given (clause 2)"),
    Outcome.CLOSED: _("Account closed (part 2)"),
}
_OUTCOME_TAGS = {
    Outcome.SUBMITTED: "wait",
    Outcome.APPROVED: "ok",
    Outcome.REFUSED: "stop",
    Outcome.WITHDRAWN: "over",
    Outcome.SELF_SERVED: "ok",
    Outcome.OFFICE: "ok",
    Outcome.CLOSED: "over",
}

#: The areas of the record, as `queries.record.NOUNS` names them.
AREAS: Mapping[str, Promise | str] = {
    "requests": pgettext_lazy("record", "Requests"),
    "letters": pgettext_lazy("record", "Letters of form 1"),
    "rights": pgettext_lazy("record", "Rights and groups"),
    "accounts": pgettext_lazy("record", "Accounts and passwords"),
    "sessions": pgettext_lazy("record", "Signing in and out"),
    "persons": pgettext_lazy("record", "Persons and posts"),
    "papers": pgettext_lazy("record", "Documents and reports"),
    "messages": pgettext_lazy("record", "Messages"),
    "refusals": pgettext_lazy("record", "Refused attempts"),
    "others": pgettext_lazy("record", "Others"),
}


def status_of(member: Member, language: str) -> tuple[str, str]:
    """Return how a membership stands: the kind of its tag, and the words."""
    if member.status == Status.OVER and member.over_on is not None:
        return "over", gettext("Ended %(day)s") % {"day": short_date(member.over_on, language)}
    if member.is_acting and member.status in (Status.ACTIVE, Status.NEVER):
        return "acting", str(_CAPACITIES[member.capacity])
    return _STATUS_TAGS[member.status], str(STATUSES[member.status])


def sheet_of(member: Member) -> str:
    """Name the sheet on which a membership rests: its request no., or clause 2 for an office."""
    return gettext("Clause 2") if member.is_by_office else member.case


def order_of(member: Member) -> str:
    """Name the order or other ground on which a membership rests without a sheet; so the head's own right."""
    if sheet_of(member):
        return ""
    if member.order_number:
        return gettext("Order %(number)s") % {"number": member.order_number}
    grounds = {Basis.POSITION: gettext("By position"), Basis.TO_FOLLOW: gettext("Order to follow")}
    return grounds.get(Basis(member.basis), "") if member.basis else ""


def wish_of(entry: Entry) -> list[str]:
    """Say what an entry of the register asked for, in the words of the form."""
    if entry.sort == Sort.OFFICE:
        return [gettext("Access of an executive")]
    if entry.sort == Sort.CLOSURE:
        return [gettext("Account without a request here")]
    wishes = {
        CredentialWish.NEW_USER: gettext("New user"),
        CredentialWish.CANNOT_ENTER: gettext("Cannot get in"),
    }
    wish = wishes.get(CredentialWish(entry.wish)) if entry.wish else None
    groups = pgettext("wish", "More groups") if entry.wants_groups else None
    return [words for words in (wish, groups) if words]


def outcome_of(entry: Entry) -> tuple[str, str]:
    """Return how an entry of the register stands: the kind of its tag, and the words."""
    outcome = Outcome(entry.state)
    return _OUTCOME_TAGS[outcome], str(OUTCOMES[outcome])


def closing_of(entry: Entry) -> str:
    """Say why an account was closed; empty if it was not."""
    if not entry.closed_for:
        return ""
    return entry.closed_words or str(ClosureReason(entry.closed_for).label)
