"""Reads about requests and invitations."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from operator import itemgetter

from django.db.models import CharField, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from kunjae.access_requests.content import Content
from kunjae.access_requests.models import (
    AccessRequest,
    GrantedGroup,
    Invitation,
    RequestedGroup,
    RequestState,
    SignedScan,
)
from kunjae.core.identifiers import digest_secret, skeleton
from kunjae.core.phones import mailbox_key
from kunjae.core.text import search_key
from kunjae.entitlements.models import GroupEdition
from kunjae.entitlements.queries import editions_on, grants_in_force
from kunjae.identity.honeytokens import decoys_like
from kunjae.identity.models import Subject, SubjectState
from kunjae.organisations.models import Appointment, LocalAuthority, Person
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


_SHOWN_WITH_A_REQUEST = ("applicant", "subject", "decided_by", "keyed_by", "scan", "opened_subject__closure")


def requests() -> QuerySet[AccessRequest]:
    """Requests with what their page and their sheet show, part 2 included."""
    return AccessRequest.objects.select_related(*_SHOWN_WITH_A_REQUEST, "authority__district", "authority__province")


def request_in(authority: LocalAuthority, public_id: str) -> AccessRequest | None:
    """
    One of `requests()`, in an authority that was read already with its place.

    Each table less to join is a millisecond less to plan.
    """
    found = (
        AccessRequest.objects.select_related(*_SHOWN_WITH_A_REQUEST)
        .filter(authority=authority, public_id=public_id)
        .first()
    )
    if found is not None:
        found.authority = authority
    return found


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
    own = in_lists().select_related("authority").filter(applicant_id=person_id)
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


def names_asked(request_ids: Iterable[int], *, on: date, language: str) -> dict[int, list[str]]:
    """What the groups asked for are called on a day, by request, in the order of the catalogue."""
    editions = GroupEdition.objects.filter(group=OuterRef("group"), from_date__lte=on).order_by("-from_date")
    name = Subquery(editions.values("name_en" if language == "en" else "name_th")[:1])
    asked = (
        RequestedGroup.objects.filter(request_id__in=list(request_ids))
        .order_by("group__sort_order", "pk")
        .values_list("request_id", Coalesce(name, "group__code"))
    )
    found: dict[int, list[str]] = {}
    for request_id, named in asked:
        found.setdefault(request_id, []).append(named)
    return found


def signed_scans_of(request: AccessRequest) -> list[tuple[SignedScan, range]]:
    """List the signed papers that came back to a request, oldest first, each with the numbers of its pages."""
    found = request.signed_scans.select_related("scan", "document", "attached_by").order_by("attached_at", "pk")
    return [(attached, range(1, attached.scan.pages_count + 1)) for attached in found]


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
    accounts = Subject.objects.filter(authority_id=authority_id).order_by("person__sort_key", "pk")
    return _of_the_same_name(person, accounts.values_list(*_OF_AN_ACCOUNT))


_OF_AN_ACCOUNT = ("username", "state", "person_id", "person__given_name", "person__family_name")


def _of_the_same_name(person: Person, accounts: Iterable[tuple[str, str, int, str, str]]) -> list[str]:
    key = name_key(person.given_name, person.family_name)
    return [
        username
        for username, state, person_id, given_name, family_name in accounts
        if state != SubjectState.CLOSED and person_id != person.pk and name_key(given_name, family_name) == key
    ]


@dataclass(frozen=True, slots=True)
class BesideNewcomer:
    """What the accounts that are there mean for a new one: those of the same name, and the next user id that is free."""

    namesakes: list[str]
    username: str


def beside_newcomer(person: Person, authority: LocalAuthority) -> BesideNewcomer:
    """
    Read at once what `accounts_of_name` and `identity.queries.suggest_user_id` say of a new user.

    Beside the authority's own accounts, those of others whose user id begins alike: no user id is given twice (T-14).
    """
    stem = authority.user_id_stem or f"laa{authority.code}"
    own = Subject.objects.filter(authority=authority).order_by().values("pk")
    alike = Subject.objects.filter(skeleton__startswith=skeleton(stem)).order_by().values("pk")
    accounts = Subject.objects.filter(pk__in=own.union(alike)).order_by()
    nobody = [Value(0), Value(""), Value(""), Value(""), Value(0), Value(""), Value("")]
    found = list(
        accounts.values_list("skeleton", "authority_id", "person__sort_key", *_OF_AN_ACCOUNT).union(
            decoys_like(stem).order_by().values_list("skeleton", *nobody)
        )
    )
    here = [account[3:] for account in sorted(found, key=itemgetter(2, 3)) if account[1] == authority.pk]
    taken = {account[0] for account in found}
    number = len(here) + 1
    while skeleton(username := f"{stem}{number:03d}") in taken:
        number += 1
    return BesideNewcomer(_of_the_same_name(person, here), username)


def is_contact_of_another(person_id: int, authority_id: int, *, email: str, mobile: str) -> bool:
    """
    Test if an address or number belongs to another person's account, wherever that is, or waiting request here.

    An address is another's too if it reaches the same mailbox.
    """
    key = mailbox_key(email) if email else ""
    reached = (Q(mobile=mobile) if mobile else Q()) | (Q(mailbox_key=key) if key else Q())
    if not reached:
        return False
    accounts = Subject.objects.filter(reached).exclude(state=SubjectState.CLOSED).exclude(person_id=person_id)
    waiting = AccessRequest.objects.filter(authority_id=authority_id, state=RequestState.SUBMITTED).exclude(
        applicant_id=person_id
    )
    # Few wait in one authority: their addresses can be compared here.
    contacts = ("email", "mobile")
    found = accounts.order_by().values_list(*contacts).union(waiting.order_by().values_list(*contacts))
    return any(
        (mobile and number == mobile) or (key and address and mailbox_key(address) == key) for address, number in found
    )


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
