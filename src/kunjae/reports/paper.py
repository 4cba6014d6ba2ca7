"""The lists as plain data for paper and spreadsheets: what `documents` sets and writes."""

from collections.abc import Iterable
from datetime import date, datetime
from itertools import groupby

from django.utils.translation import gettext, pgettext

from kunjae.core.clock import long_date, short_date, thai_day
from kunjae.documents.membership_report import Language, MembershipReport, ReportGroup, ReportRow
from kunjae.documents.sheets import Signature
from kunjae.documents.tables import Table
from kunjae.entitlements.models import Tenure
from kunjae.organisations.models import LocalAuthority
from kunjae.organisations.queries import signing_title
from kunjae.reports import wording
from kunjae.reports.queries.members import Member, Status
from kunjae.reports.queries.membership import Membership, Selection
from kunjae.reports.queries.register import Entry, Outcome

REGISTER_TITLE = "ทะเบียนคุมคำขอและการยกเลิก"


def membership_report(
    authority: LocalAuthority,
    selection: Selection,
    found: Membership,
    *,
    tenure: Tenure | None,
    language: Language,
    at: datetime,
) -> MembershipReport:
    """Read every line of the report as selected, with the head's place to sign at its end."""
    return MembershipReport(
        authority_name=authority.full_name,
        district=f"อำเภอ{authority.district.name_th}",
        province=f"จังหวัด{authority.province.name_th}",
        as_of=selection.on,
        groups=tuple(
            ReportGroup(
                name=found.by_code[code].name(language),
                note=found.by_code[code].opens(language),
                rows=tuple(_row(member, selection, language) for member in members),
            )
            for code, members in groupby(found.lines, key=lambda member: member.group_code)
        ),
        made_at=at,
        filter_note=filter_note(selection, found, language),
        head=_signer(tenure, on=thai_day(at)),
        numerals="thai" if language == "th" else "arabic",
        language=language,
    )


def filter_note(selection: Selection, found: Membership, language: str) -> str:
    """Say which memberships the list shows, if not all."""
    parts = []
    if selection.group in found.by_code:
        parts.append(gettext("Group: %(name)s") % {"name": found.by_code[selection.group].name(language)})
    if selection.status:
        parts.append(gettext("Status: %(word)s") % {"word": wording.STATUSES[Status(selection.status)]})
    if selection.words:
        parts.append(gettext("Name or user id: %(words)s") % {"words": selection.words})
    return " · ".join(parts)


def _row(member: Member, selection: Selection, language: str) -> ReportRow:
    return ReportRow(
        name=member.name,
        position=member.position_th,
        user_id=member.user_id,
        status=wording.status_of(member, language)[1],
        since=member.since,
        last_sign_in=member.signed_in_at,
        granted_by=" ".join(filter(None, [member.granted_by, wording.order_of(member)])),
        case_number=wording.sheet_of(member),
        # In a list of those who left, they are what is counted.
        is_over=member.status == Status.OVER and selection.status != Status.OVER,
    )


def _signer(tenure: Tenure | None, *, on: date) -> Signature:
    """The head's name and title with the place for the pen; left open while there is no head."""
    if tenure is None:
        return Signature()
    return Signature(name=tenure.person.full_name, position=signing_title(tenure.person_id, tenure.authority_id, on=on))


def register_table(
    authority: LocalAuthority, entries: Iterable[Entry], *, year: int | None, outcome: str, language: str, at: datetime
) -> Table:
    """Put the register into a table of text, one entry a row."""
    lead = [REGISTER_TITLE, f"{authority.full_name} {authority.place}"]
    lead.append(gettext("Fiscal year %(year)s") % {"year": year} if year else gettext("All years"))
    if outcome:
        lead.append(gettext("Result: %(word)s") % {"word": wording.OUTCOMES[Outcome(outcome)]})
    lead.append(gettext("Made from the system on %(day)s") % {"day": long_date(thai_day(at), language)})
    return Table(
        sheet_name=REGISTER_TITLE,
        lead=tuple(str(line) for line in lead),
        heads=(
            gettext("Request no."),
            gettext("Received"),
            gettext("Applicant"),
            gettext("Position"),
            gettext("User id"),
            gettext("Asks for"),
            gettext("Groups asked for"),
            gettext("Groups granted"),
            gettext("Result"),
            gettext("Reason"),
            gettext("Decided on"),
            gettext("Decided by"),
            gettext("Closed on (part 2)"),
            pgettext("part 2", "Why closed"),
            gettext("Closed by"),
        ),
        rows=[_register_row(entry, language) for entry in entries],
    )


def _register_row(entry: Entry, language: str) -> tuple[str, ...]:
    return (
        entry.case,
        short_date(thai_day(entry.received_at), language),
        entry.name,
        entry.position_th,
        entry.user_id,
        ", ".join(wording.wish_of(entry)),
        ", ".join(entry.asked),
        ", ".join(entry.granted),
        wording.outcome_of(entry)[1],
        entry.refusal_reason,
        short_date(thai_day(entry.decided_at), language) if entry.decided_at else "",
        entry.decided_by,
        short_date(entry.closed_on, language) if entry.closed_on else "",
        wording.closing_of(entry),
        entry.closed_by,
    )
