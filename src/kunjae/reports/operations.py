"""
Reports leave the system as files: each leaves a line in the record, since it carries away personal data (D16).

The file is made after the change is committed: a long report keeps no other change waiting.
"""

import dataclasses
from dataclasses import dataclass
from datetime import date, datetime

from django.conf import settings
from django.utils import translation

from kunjae.audit.change import Change, state_change
from kunjae.core.actor import Actor
from kunjae.core.clock import be_year, thai_day
from kunjae.core.verdict import Denied, Verdict
from kunjae.documents import membership_report, tables
from kunjae.documents import operations as documents
from kunjae.documents.membership_report import Language, MembershipReport
from kunjae.documents.models import DocumentKind
from kunjae.documents.official_wording import REPORT_TITLE
from kunjae.entitlements.queries import tenure_of
from kunjae.organisations.models import LocalAuthority
from kunjae.reports import paper, policies
from kunjae.reports.queries import membership, register

CONTENT_TYPES = {
    "pdf": "application/pdf",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv; charset=utf-8",
}


@dataclass(frozen=True, slots=True)
class File:
    """A file on its way to the browser; `name` is in Thai, `plain_name` for those that cannot read it."""

    content: bytes
    content_type: str
    name: str
    plain_name: str


def export_membership(
    *,
    actor: Actor,
    authority: LocalAuthority,
    selection: membership.Selection,
    file_format: str,
    language: Language,
    at: datetime,
) -> File:
    """
    Take out the report of users in groups as pdf, xlsx or csv (L-51); the PDF enters the register of documents.

    :raises Denied: as `policies.may_see_membership` says, `report_too_long`
    """
    with translation.override(language), state_change(actor=actor, at=at) as change:
        policies.may_see_membership(actor, authority.pk, at=at).enforce()
        found = membership.membership(authority.pk, selection, at=at)
        _enforce(policies.fits_a_file(len(found.lines), file_format), authority)
        report = paper.membership_report(
            authority, selection, found, tenure=tenure_of(authority.pk, at=at), language=language, at=at
        )
        if file_format == "pdf":
            report = _registered(actor, authority, report, at=at)
        _record(change, authority, "membership", file_format, rows=len(found.lines), as_of=selection.on)
    makers = {
        "pdf": membership_report.render_report_pdf,
        "xlsx": membership_report.render_report_xlsx,
        "csv": membership_report.render_report_csv,
    }
    return _file(
        makers[file_format](report),
        file_format,
        f"{REPORT_TITLE}_{authority.full_name}_{be_year(selection.on)}-{selection.on:%m-%d}",
        f"users-in-groups-{authority.code}-{selection.on.isoformat()}",
    )


def export_register(
    *,
    actor: Actor,
    authority: LocalAuthority,
    year: int | None,
    outcome: str,
    file_format: str,
    language: Language,
    at: datetime,
) -> File:
    """
    Take out the register of requests and cancellations as xlsx or csv (N-02).

    :raises Denied: as `policies.may_see_register` says, `report_too_long`
    """
    today = thai_day(at)
    with translation.override(language), state_change(actor=actor, at=at) as change:
        policies.may_see_register(actor, authority.pk, at=at).enforce()
        entries = register.register(authority.pk, year=year, outcome=outcome, language=language, on=today)
        _enforce(policies.fits_a_file(entries.total, file_format), authority)
        table = paper.register_table(authority, entries.rows, year=year, outcome=outcome, language=language, at=at)
        _record(change, authority, "register", file_format, rows=entries.total, as_of=today)
    content = tables.write_xlsx(table, at=at) if file_format == "xlsx" else tables.write_csv(table)
    return _file(
        content,
        file_format,
        "_".join(filter(None, [paper.REGISTER_TITLE, authority.full_name, str(year or "")])),
        f"requests-{authority.code}-{year or 'all'}",
    )


def _registered(actor: Actor, authority: LocalAuthority, report: MembershipReport, *, at: datetime) -> MembershipReport:
    """Enter the report's content under a code, and print the code on it."""
    document = documents.issue_document(
        actor=actor,
        kind=DocumentKind.MEMBERSHIP_REPORT,
        authority=authority,
        case="",
        content_hash=membership_report.report_content_hash(report),
        at=at,
    )
    return dataclasses.replace(
        report, verification_base=f"{settings.KUNJAE_BASE_URL}/verify", verification_code=document.code
    )


def _enforce(verdict: Verdict, authority: LocalAuthority) -> None:
    if not verdict:
        raise Denied(verdict.reason, {**verdict.facts, "organisation_id": authority.pk})


def _record(
    change: Change, authority: LocalAuthority, report: str, file_format: str, *, rows: int, as_of: date
) -> None:
    change.record(
        "report.exported",
        authority,
        organisation_id=authority.pk,
        report=report,
        format=file_format,
        rows=rows,
        as_of=as_of,
    )


def _file(content: bytes, file_format: str, name: str, plain_name: str) -> File:
    return File(content, CONTENT_TYPES[file_format], f"{name}.{file_format}", f"{plain_name}.{file_format}")
