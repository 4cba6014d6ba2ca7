"""Reads about requests."""

from django.db.models import QuerySet

from kunjae.access_requests.models import AccessRequest, Invitation, RequestState
from kunjae.core.identifiers import digest_secret


def requests() -> QuerySet[AccessRequest]:
    """Requests with what every list and page of them shows."""
    return AccessRequest.objects.select_related(
        "applicant", "authority__district", "authority__province", "subject", "decided_by"
    )


def waiting_in(authority_id: int) -> QuerySet[AccessRequest]:
    """Requests that wait for the head's opinion, the longest wait first."""
    return requests().filter(authority_id=authority_id, state=RequestState.SUBMITTED).order_by("submitted_at", "pk")


def register_of(authority_id: int) -> QuerySet[AccessRequest]:
    """ทะเบียนคุมคำขอ: every request that was submitted, newest first (N-02)."""
    return requests().filter(authority_id=authority_id).exclude(case="").order_by("-submitted_at", "-pk")


def requests_by(person_id: int) -> QuerySet[AccessRequest]:
    """A person's own requests, drafts too, newest first."""
    return requests().filter(applicant_id=person_id).order_by("-created_at", "-pk")


def sheet_of_subject(subject_id: int) -> AccessRequest | None:
    """The request by which an account was opened: the sheet on which part 2 is recorded (A2-09)."""
    return requests().filter(opened_subject_id=subject_id).order_by("-decided_at").first()


def invitation_by_link(link_secret: str) -> Invitation | None:
    """The invitation behind a link, whatever its state."""
    return (
        Invitation.objects.select_related("authority__district", "authority__province", "subject__person")
        .filter(link_digest=digest_secret(link_secret))
        .first()
    )
