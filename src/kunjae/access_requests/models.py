"""Form 2 part 1: an officer asks the head of finance for an account or a group (clause 1(2))."""

from datetime import datetime

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from kunjae.audit.change import GuardedModel
from kunjae.documents.models import IssuedDocument, StoredFile
from kunjae.entitlements.models import AccessGroup
from kunjae.identity.models import Subject, SubjectState
from kunjae.messaging.models import Message
from kunjae.organisations.models import LocalAuthority, Person


class Invitation(GuardedModel):
    """
    A head's invitation to fill in form 2 without an account, or with one that cannot be entered.

    The link proves the mailbox, a code by SMS proves the mobile. Only digests are kept. `mail` is
    the message that carries the link. `is_lost`: somebody else may know the password of the account.
    """

    public_id = models.CharField(max_length=16, unique=True)
    authority = models.ForeignKey(LocalAuthority, on_delete=models.PROTECT, related_name="invitations")
    subject = models.ForeignKey(Subject, null=True, on_delete=models.PROTECT, related_name="invitations")
    title = models.CharField(max_length=40)
    given_name = models.CharField(max_length=100)
    family_name = models.CharField(max_length=100, blank=True)
    email = models.CharField(max_length=254)
    is_lost = models.BooleanField(default=False)
    link_digest = models.CharField(max_length=64, unique=True)
    mail = models.ForeignKey(Message, null=True, on_delete=models.PROTECT, related_name="+")
    invited_by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    invited_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    opened_at = models.DateTimeField(null=True)
    mobile = models.CharField(max_length=20, blank=True)
    mobile_code_hash = models.CharField(max_length=200, blank=True)
    mobile_code_sent_at = models.DateTimeField(null=True)
    mobile_numbers_count = models.PositiveSmallIntegerField(default=0)
    mobile_tries_count = models.PositiveSmallIntegerField(default=0)
    mobile_confirmed_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["authority", "-invited_at"], name="invitation_by_authority")]

    @property
    def full_name(self) -> str:
        """Name the person as forms do: the title glued to the first name."""
        return f"{self.title}{self.given_name} {self.family_name}".strip()

    @property
    def ends_at(self) -> datetime:
        """Say until when the link holds: the clock runs from the hand-over of the mail (F7)."""
        if self.mail_id and self.mail and self.mail.sent_at and self.mail.sent_at > self.invited_at:
            return self.expires_at + (self.mail.sent_at - self.invited_at)
        return self.expires_at

    def is_open_at(self, at: datetime) -> bool:
        """Tell whether the link can be used at an instant; while its mail still waits, it stays open."""
        waits = bool(self.mail_id and self.mail and self.mail.sent_at is None and self.mail.next_attempt_at)
        return self.ended_at is None and self._reaches_its_owner and (waits or self.ends_at > at)

    @property
    def _reaches_its_owner(self) -> bool:
        """
        Tell whether mailbox and mobile are still those of the account that the link is about (T-02).

        Who is given new ones, a head by form 1 perhaps, is so because others may hold the former.
        """
        subject = self.subject
        if subject is None:
            return True
        was_proven_before = self.mobile_confirmed_at is not None and self.mobile_confirmed_at <= self.invited_at
        has_same_mobile = not was_proven_before or subject.mobile == self.mobile
        return subject.state != SubjectState.CLOSED and subject.email == self.email and has_same_mobile


class RequestState(models.TextChoices):
    """Where a request stands."""

    DRAFT = "draft", _("Being written")
    SUBMITTED = "submitted", _("Waiting for an opinion")
    WITHDRAWN = "withdrawn", _("Withdrawn")
    APPROVED = "approved", _("Approved")
    REFUSED = "refused", _("Not approved")
    SELF_SERVED = "self", _("Settled by the applicant, with a second factor")


TRANSITIONS: dict[RequestState, frozenset[RequestState]] = {
    RequestState.DRAFT: frozenset({RequestState.SUBMITTED, RequestState.WITHDRAWN}),
    RequestState.SUBMITTED: frozenset({RequestState.APPROVED, RequestState.REFUSED, RequestState.WITHDRAWN}),
    RequestState.WITHDRAWN: frozenset(),
    RequestState.APPROVED: frozenset(),
    RequestState.REFUSED: frozenset(),
    RequestState.SELF_SERVED: frozenset(),
}


class CredentialWish(models.TextChoices):
    """The first main box of the form (A2-03)."""

    NONE = "none", _("Nothing about the user id or password")
    NEW_USER = "new_user", "ผู้ใช้งานใหม่"
    CANNOT_ENTER = "cannot_enter", "ไม่สามารถเข้าใช้งานได้เนื่องจาก"


class WayIn(models.TextChoices):
    """How the request came."""

    SIGNED_IN = "signed_in", _("filed by the officer, signed in")
    INVITATION = "invitation", _("filed by the officer on invitation")
    PAPER = "paper", _("keyed from signed paper")
    SELF_SERVICE = "self", _("by the officer alone, with mailbox and second factor")


class CaseCounter(GuardedModel):
    """The last case number given in an authority and fiscal year."""

    authority = models.ForeignKey(LocalAuthority, on_delete=models.PROTECT, related_name="+")
    fiscal_year = models.PositiveSmallIntegerField()
    last = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["authority", "fiscal_year"], name="case_counter_is_one")]


class AccessRequest(GuardedModel):
    """
    แบบคำขอเป็นผู้ใช้งาน, part 1.

    `version` counts corrections: a decision names the version that was read. Dates: `form_date` is
    the day on the form, `submitted_at` the instant it reached the head (paper first, keyed later
    keeps both). `applicant_name`, `position_th` and the decider's words are as they were signed.
    """

    public_id = models.CharField(max_length=16, unique=True)
    authority = models.ForeignKey(LocalAuthority, on_delete=models.PROTECT, related_name="access_requests")
    case = models.CharField(max_length=12, blank=True)
    fiscal_year = models.PositiveSmallIntegerField(null=True)
    applicant = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="access_requests")
    subject = models.ForeignKey(Subject, null=True, on_delete=models.PROTECT, related_name="access_requests")
    invitation = models.ForeignKey(Invitation, null=True, on_delete=models.PROTECT, related_name="access_requests")
    way_in = models.CharField(max_length=10, choices=WayIn.choices)
    keyed_by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    scan = models.ForeignKey(StoredFile, null=True, on_delete=models.PROTECT, related_name="+")
    applicant_name = models.CharField(max_length=250, blank=True)
    position_th = models.CharField(max_length=150)
    form_date = models.DateField()
    credential_wish = models.CharField(max_length=12, choices=CredentialWish.choices, default=CredentialWish.NONE)
    cannot_enter_reason = models.CharField(max_length=300, blank=True)
    secret_may_be_known = models.BooleanField(default=False)
    wants_groups = models.BooleanField(default=False)
    duty = models.CharField(max_length=500, blank=True)
    email = models.CharField(max_length=254, blank=True)
    email_confirmed_at = models.DateTimeField(null=True)
    mobile = models.CharField(max_length=20, blank=True)
    mobile_confirmed_at = models.DateTimeField(null=True)
    state = models.CharField(max_length=10, choices=RequestState.choices, default=RequestState.DRAFT)
    version = models.PositiveSmallIntegerField(default=1)
    created_at = models.DateTimeField()
    submitted_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    decider_name = models.CharField(max_length=250, blank=True)
    decider_position_th = models.CharField(max_length=400, blank=True)
    refusal_reason = models.CharField(max_length=500, blank=True)
    basis_order_number = models.CharField(max_length=60, blank=True)
    basis_order_date = models.DateField(null=True)
    opened_subject = models.ForeignKey(Subject, null=True, on_delete=models.PROTECT, related_name="opened_by_requests")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["authority", "case"], condition=~Q(case=""), name="case_is_numbered_once_in_its_authority"
            ),
            models.UniqueConstraint(
                fields=["authority", "applicant"],
                condition=Q(state="draft") & ~Q(way_in="paper"),
                name="person_writes_one_request_at_a_time",
            ),
            models.UniqueConstraint(
                fields=["authority", "applicant"],
                condition=Q(state="submitted"),
                name="person_has_one_request_that_waits",
            ),
            models.CheckConstraint(
                name="request_has_a_number_once_submitted",
                condition=Q(state="draft", case="", submitted_at=None)
                | Q(state="withdrawn")
                | (Q(state__in=["submitted", "approved", "refused", "self"], submitted_at__isnull=False) & ~Q(case="")),
            ),
            models.CheckConstraint(
                name="request_is_decided_by_somebody_at_an_instant",
                condition=Q(state__in=["draft", "submitted", "withdrawn", "self"], decided_by=None, decided_at=None)
                | Q(state__in=["approved", "refused"], decided_by__isnull=False, decided_at__isnull=False),
            ),
            models.CheckConstraint(
                name="request_is_not_decided_by_its_applicant",
                condition=Q(decided_by=None) | ~Q(decided_by=F("applicant")),
            ),
            models.CheckConstraint(
                name="request_refused_says_why", condition=~Q(state="refused") | ~Q(refusal_reason="")
            ),
            models.CheckConstraint(
                name="request_on_paper_has_its_scan",
                condition=~Q(way_in="paper") | Q(scan__isnull=False, keyed_by__isnull=False),
            ),
            models.CheckConstraint(
                name="request_settled_alone_is_a_forgotten_password",
                condition=(~Q(state="self") & ~Q(way_in="self"))
                | Q(state="self", way_in="self", credential_wish="cannot_enter", wants_groups=False),
            ),
            models.CheckConstraint(
                name="request_asks_for_something",
                condition=Q(state="draft") | ~Q(credential_wish="none") | Q(wants_groups=True) | Q(state="withdrawn"),
            ),
        ]
        indexes = [
            models.Index(fields=["authority", "state", "submitted_at"], name="request_waiting"),
            models.Index(fields=["applicant", "-created_at"], name="request_by_applicant"),
        ]


class RequestedGroup(GuardedModel):
    """A group that the request asks for, and what it was called then."""

    request = models.ForeignKey(AccessRequest, on_delete=models.PROTECT, related_name="requested_groups")
    group = models.ForeignKey(AccessGroup, on_delete=models.PROTECT, related_name="+")
    name_th = models.CharField(max_length=150)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["request", "group"], name="group_is_asked_for_once")]


class GrantedGroup(GuardedModel):
    """A group as granted in the head's opinion; it may differ from those asked for (A2-06)."""

    request = models.ForeignKey(AccessRequest, on_delete=models.PROTECT, related_name="granted_groups")
    group = models.ForeignKey(AccessGroup, on_delete=models.PROTECT, related_name="+")
    name_th = models.CharField(max_length=150)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["request", "group"], name="group_is_granted_once_on_a_request")]


class SignedScan(GuardedModel):
    """
    The signed paper of a request, come back as a scan (D12); there may be several: with part 1, with the opinion.

    `document` is the print that its QR code names; empty where no code could be read, and somebody answered for it.
    """

    public_id = models.CharField(max_length=16, unique=True)
    request = models.ForeignKey(AccessRequest, on_delete=models.PROTECT, related_name="signed_scans")
    scan = models.OneToOneField(StoredFile, on_delete=models.PROTECT, related_name="+")
    content_hash = models.CharField(max_length=64)
    document = models.ForeignKey(IssuedDocument, null=True, on_delete=models.PROTECT, related_name="+")
    attached_at = models.DateTimeField()
    attached_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["request", "content_hash"], name="signed_scan_is_kept_once"),
        ]
