"""Reads about requests and invitations."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import CharField, OuterRef, Q, QuerySet, Subquery, Value

from kunjae.access_requests.content import Content
from kunjae.access_requests.models import AccessRequest, GrantedGroup, Invitation, RequestedGroup, RequestState
from kunjae.core.identifiers import digest_secret
from kunjae.core.phones import mailbox_key
from kunjae.core.text import search_key
from kunjae.entitlements.models import GroupEdition
from kunjae.entitlements.queries import editions_on, grants_in_force
from kunjae.identity.models import Subject, SubjectState
from kunjae.identity.queries import subjects_of
from kunjae.organisations.models import Appointment, Person
from kunjae.organisations.queries import in_force


@dataclass(frozen=True, slots=True)
class NamedGroup:
    """A group on a request, under the name it had when it was written there."""

    code: str
    name_th: str


@dataclass(frozen=True, slots=True)
class Groups:
    """The groups on a request: as asked for, and as granted, each in the order of the catalogue."""

    asked: tuple[NamedGroup, ...] = ()
    granted: tuple[NamedGroup, ...] = ()

    @property
    def not_granted(self) -> tuple[NamedGroup, ...]:
        """Groups asked for and not given."""
        given = {group.code for group in self.granted}
        return tuple(group for group in self.asked if group.code not in given)

    @property
    def unasked(self) -> tuple[NamedGroup, ...]:
        """Groups given without being asked for."""
        wanted = {group.code for group in self.asked}
        return tuple(group for group in self.granted if group.code not in wanted)


def requests() -> QuerySet[AccessRequest]:
    """Requests with what their page and their sheet show, part 2 included."""
    return AccessRequest.objects.select_related(
        "applicant",
        "authority__district",
        "authority__province",
        "subject",
        "decided_by",
        "keyed_by",
        "scan",
        "opened_subject__closure",
    )


def in_lists() -> QuerySet[AccessRequest]:
    """Requests with what lists of them show."""
    return AccessRequest.objects.select_related("applicant", "decided_by")


def waiting_in(authority_id: int) -> QuerySet[AccessRequest]:
    """Requests that wait for the head's opinion, the longest wait first."""
    return in_lists().filter(authority_id=authority_id, state=RequestState.SUBMITTED).order_by("submitted_at", "pk")


def register_of(authority_id: int) -> QuerySet[AccessRequest]:
    """ทะเบียนคุมคำขอ: every request that was submitted, newest first (N-02)."""
    return in_lists().filter(authority_id=authority_id).exclude(case="").order_by("-submitted_at", "-pk")


def done_in(authority_id: int, *, words: str = "", state: str = "") -> QuerySet[AccessRequest]:
    """Requests that no longer wait, newest first; of those, the ones whose person or number holds the words."""
    done = register_of(authority_id).exclude(state=RequestState.SUBMITTED)
    if state:
        done = done.filter(state=state)
    for word in words.split()[:8]:
        key = search_key(word)
        found = Q(case__contains=word)
        if key:
            found |= Q(applicant__search_key__contains=key)
        done = done.filter(found)
    return done


def requests_by(person_id: int, authority_id: int | None = None) -> QuerySet[AccessRequest]:
    """A person's own requests, drafts too, newest first; of one authority or of all."""
    own = in_lists().filter(applicant_id=person_id)
    if authority_id is not None:
        own = own.filter(authority_id=authority_id)
    return own.order_by("-created_at", "-pk")


def draft_of(person_id: int, authority_id: int) -> AccessRequest | None:
    """The request that a person is writing in an authority, if there is one."""
    return requests_by(person_id, authority_id).filter(state=RequestState.DRAFT).exclude(way_in="paper").first()


def request_by_invitation(invitation_id: int) -> AccessRequest | None:
    """The newest request that was written on an invitation."""
    return requests().filter(invitation_id=invitation_id).order_by("-created_at", "-pk").first()


def sheet_of_subject(subject_id: int) -> AccessRequest | None:
    """The request by which an account was opened: the sheet on which part 2 is recorded (A2-09)."""
    return requests().filter(opened_subject_id=subject_id).order_by("-decided_at").first()


def groups_of(request: AccessRequest) -> Groups:
    """The groups on one request."""
    return groups_on([request.pk]).get(request.pk, Groups())


def groups_on(request_ids: Iterable[int]) -> dict[int, Groups]:
    """The groups on several requests, by request, in one query."""
    request_ids = list(request_ids)
    if not request_ids:
        return {}
    rows = _rows_of(RequestedGroup, "asked", request_ids).union(_rows_of(GrantedGroup, "granted", request_ids))
    found: dict[int, dict[str, list[NamedGroup]]] = {}
    for request_id, _order, code, name_th, kind in sorted(rows):
        found.setdefault(request_id, {"asked": [], "granted": []})[kind].append(NamedGroup(code, name_th))
    return {
        request_id: Groups(asked=tuple(kinds["asked"]), granted=tuple(kinds["granted"]))
        for request_id, kinds in found.items()
    }


def _rows_of(model: type[RequestedGroup] | type[GrantedGroup], kind: str, request_ids: list[int]) -> QuerySet:
    return (
        model.objects.filter(request_id__in=request_ids)
        .order_by()
        .values_list(
            "request_id",
            "group__sort_order",
            "group__code",
            "name_th",
            Value(kind, output_field=CharField()),
        )
    )


def content_of(request: AccessRequest) -> Content:
    """What a request says, as its author filled it in."""
    return Content.of(request, (group.code for group in groups_of(request).asked))


def subject_id_of(username: str) -> int:
    """The account of a user id, whatever its state; 0 if there is none."""
    return Subject.objects.filter(username=username).values_list("pk", flat=True).first() or 0


def name_key(given_name: str, family_name: str) -> str:
    """Return what two spellings of one full name share; a title typed into it does not matter."""
    return search_key(f"{given_name} {family_name}", drop_title=True)


def accounts_of_name(person: Person, authority_id: int) -> list[str]:
    """User ids of other persons of the same full name whose account in an authority is not closed."""
    others = subjects_of(authority_id).exclude(state=SubjectState.CLOSED).exclude(person=person)
    key = name_key(person.given_name, person.family_name)
    return [other.username for other in others if name_key(other.person.given_name, other.person.family_name) == key]


def is_contact_of_another(person_id: int, authority_id: int, *, email: str, mobile: str) -> bool:
    """
    Test if an address or number belongs to another person's account, wherever that is, or waiting request here.

    An address is another's too if it reaches the same mailbox.
    """
    accounts = Subject.objects.exclude(state=SubjectState.CLOSED).exclude(person_id=person_id)
    waiting = AccessRequest.objects.filter(authority_id=authority_id, state=RequestState.SUBMITTED).exclude(
        applicant_id=person_id
    )
    return any(_reach(rows, email=email, mobile=mobile) for rows in (accounts, waiting))


def _reach(rows: QuerySet, *, email: str, mobile: str) -> bool:
    if mobile and rows.filter(mobile=mobile).exists():
        return True
    if not email:
        return False
    # No full stop or tag stands before the first letter: so few are left that their keys can be compared here.
    alike = rows.filter(email__istartswith=email[0]).values_list("email", flat=True)
    return any(mailbox_key(other) == mailbox_key(email) for other in alike.iterator())


def invitation_by_link(link_secret: str) -> Invitation | None:
    """The invitation behind a link, whatever its state."""
    return _invitations().filter(link_digest=digest_secret(link_secret)).first()


def invitation_by_public_id(public_id: str) -> Invitation | None:
    """An invitation by its opaque name, whatever its state."""
    return _invitations().filter(public_id=public_id).first()


def _invitations() -> QuerySet[Invitation]:
    return Invitation.objects.select_related(
        "authority__district", "authority__province", "subject__person", "invited_by", "mail"
    )


SHOWN_FOR = timedelta(days=30)
INVITATIONS_SHOWN_MAX = 100


def invitations_of(authority_id: int, *, at: datetime) -> list[Invitation]:
    """
    An authority's invitations of new officers that wait for their form, newest first.

    An expired one stays for some weeks, so that it can be sent again.
    """
    recent = (
        _invitations()
        .filter(authority_id=authority_id, subject=None, ended_at=None, invited_at__gt=at - SHOWN_FOR)
        .exclude(access_requests__state__in=[RequestState.SUBMITTED, RequestState.APPROVED, RequestState.REFUSED])
    )
    return list(recent.order_by("-invited_at", "-pk")[:INVITATIONS_SHOWN_MAX])


def persons_of(authority_id: int, *, on: date) -> QuerySet[Person]:
    """Persons with an account or a post in an authority, in the order of names: who may have signed a form there."""
    posts = Appointment.objects.filter(in_force(on), authority_id=authority_id)
    return (
        Person.objects.filter(Q(pk__in=posts.values("person_id")) | Q(subjects__authority_id=authority_id))
        .distinct()
        .order_by("sort_key", "pk")
    )


def editions_beside(subject_id: int | None, authority_id: int, *, on: date) -> list[GroupEdition]:
    """
    The catalogue in force on a day, each group with `held_from`: since when an account is in it, if it is.

    One query where the catalogue and the memberships would be two.
    """
    held = grants_in_force(on).filter(group=OuterRef("group"), subject_id=subject_id, authority_id=authority_id)
    return list(editions_on(on).annotate(held_from=Subquery(held.values("from_date")[:1])))
