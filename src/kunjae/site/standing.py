"""Where a signed-in person stands: what he administers, what he is in, at which desk he sits."""

from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property

from django.db.models import Exists, OuterRef

from kunjae.access_requests.operations.executives import GROUP_OF_OFFICE
from kunjae.entitlements import queries
from kunjae.entitlements.models import Grant, GroupPermission, Tenure
from kunjae.entitlements.permissions import SEE_MEMBERSHIP_REPORT
from kunjae.entitlements.queries import open_at
from kunjae.identity.models import Session, Subject
from kunjae.organisations import queries as organisations
from kunjae.organisations.models import Appointment, Desk, LocalAuthority, Posting
from kunjae.organisations.queries import in_force

_SEES_REPORT = Exists(
    GroupPermission.objects.filter(
        edition__group=OuterRef("group"), edition__until_date=None, permission=SEE_MEMBERSHIP_REPORT
    )
)
EXECUTIVE_GROUPS = frozenset(GROUP_OF_OFFICE.values())


@dataclass(frozen=True)
class Standing:
    """A person's relations to authorities on a day, for the frame of each page and the gate."""

    subject: Subject
    tenures: tuple[Tenure, ...]
    posting: Posting | None
    on: date

    @cached_property
    def grants(self) -> tuple[Grant, ...]:
        """The groups that the account is in; read when they are first asked for, which most pages of a head never do."""
        return tuple(queries.grants_of_subject(self.subject.pk, on=self.on).annotate(sees_report=_SEES_REPORT))

    @cached_property
    def posts(self) -> tuple[Appointment, ...]:
        """The posts that the person holds on the day, offices first: for the frame, and for who looks at himself."""
        return tuple(organisations.appointments_of(self.subject.person_id, on=self.on).select_related("authority"))

    def belongs_to(self, authority: LocalAuthority) -> bool:
        """Test if the person has anything to do with an authority."""
        if authority.pk == self.subject.authority_id:
            return True
        if self.tenure_in(authority.pk):
            return True
        if self.posting is not None and (
            self.posting.desk == Desk.DEPARTMENT or self.posting.province_id == authority.province_id
        ):
            return True
        return any(grant.authority_id == authority.pk for grant in self.grants)

    def known_authority(self, code: str) -> LocalAuthority | None:
        """The authority of this code among those that were read already."""
        for held in (self.subject, *self.tenures):
            if held.authority is not None and held.authority.code == code:
                return held.authority
        return next((grant.authority for grant in self.grants if grant.authority.code == code), None)

    def tenure_in(self, authority_id: int | None) -> Tenure | None:
        """The tenure that the person holds in an authority."""
        return next((tenure for tenure in self.tenures if tenure.authority_id == authority_id), None)

    @property
    def asks_second_factor(self) -> bool:
        """Tell whose duties may be done with a second factor only (D5): as `factor_duty` asks at the door."""
        return bool(self.tenures) or self.posting is not None

    @property
    def sees_report_only(self) -> bool:
        """Tell somebody whose every group is one for executives: he looks, and asks for nothing (D10)."""
        return bool(self.grants) and all(grant.group.code in EXECUTIVE_GROUPS for grant in self.grants)

    @property
    def home(self) -> LocalAuthority | None:
        """The authority to show when the path names none: where he heads, else where he works."""
        if self.tenures:
            return self.tenures[0].authority
        return self.subject.authority or (self.grants[0].authority if self.grants else None)


def asked_with_the_session(*, on: date, at: datetime) -> dict[str, Exists]:
    """Ask with a session if its owner has what most have not, a tenure or a desk: only then it is read."""
    person, subject = OuterRef("subject__person_id"), OuterRef("subject_id")
    return {
        "holds_a_tenure": Exists(Tenure.objects.filter(open_at(at), person_id=person, subject_id=subject)),
        "sits_at_a_desk": Exists(Posting.objects.filter(in_force(on), person_id=person)),
    }


def standing_of(session: Session, *, on: date, at: datetime) -> Standing:
    """
    Read where a signed-in person stands: who heads an authority in one query, whoever does not in none.

    The session comes with the account, its person and authority, and with what was `asked_with_the_session`.
    """
    subject = session.subject
    return Standing(
        subject=subject,
        tenures=tuple(queries.tenures_of(subject.person_id, at=at).filter(subject_id=subject.pk))
        if session.holds_a_tenure
        else (),
        posting=organisations.posting_of(subject.person_id, on=on) if session.sits_at_a_desk else None,
        on=on,
    )
