"""Where a signed-in person stands: what he administers, what he is in, at which desk he sits."""

from dataclasses import dataclass
from datetime import date, datetime

from kunjae.access_requests.operations.executives import GROUP_OF_OFFICE
from kunjae.core.actor import Actor
from kunjae.entitlements import queries
from kunjae.entitlements.models import Grant, Tenure
from kunjae.identity.models import Subject
from kunjae.organisations import queries as organisations
from kunjae.organisations.models import Desk, LocalAuthority, Posting

EXECUTIVE_GROUPS = frozenset(GROUP_OF_OFFICE.values())


@dataclass(frozen=True, slots=True)
class Standing:
    """A person's relations to authorities on a day, for the frame of each page and the gate."""

    subject: Subject
    tenures: tuple[Tenure, ...]
    grants: tuple[Grant, ...]
    posting: Posting | None

    def belongs_to(self, authority: LocalAuthority) -> bool:
        """Test if the person has anything to do with an authority."""
        if authority.pk == self.subject.authority_id:
            return True
        if any(held.authority_id == authority.pk for held in (*self.tenures, *self.grants)):
            return True
        if self.posting is None:
            return False
        return self.posting.desk == Desk.DEPARTMENT or self.posting.province_id == authority.province_id

    def known_authority(self, code: str) -> LocalAuthority | None:
        """The authority of this code among those that were read already."""
        known = [self.subject.authority, *(held.authority for held in (*self.tenures, *self.grants))]
        return next((authority for authority in known if authority is not None and authority.code == code), None)

    def tenure_in(self, authority_id: int | None) -> Tenure | None:
        """The tenure that the person holds in an authority."""
        return next((tenure for tenure in self.tenures if tenure.authority_id == authority_id), None)

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


def standing_of(actor: Actor, subject: Subject, *, on: date, at: datetime) -> Standing:
    """Read where a signed-in person stands, in three queries; `subject` comes with person and authority."""
    return Standing(
        subject=subject,
        tenures=tuple(queries.tenures_of(actor.person_id, at=at).filter(subject_id=actor.subject_id)),
        grants=tuple(queries.grants_of_subject(subject.pk, on=on)),
        posting=organisations.posting_of(subject.person_id, on=on),
    )
