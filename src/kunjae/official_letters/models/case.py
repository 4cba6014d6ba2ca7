"""A letter that reached the department, on its way to a head's keys (L-10)."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from kunjae.audit.change import GuardedModel
from kunjae.documents.models import StoredFile
from kunjae.entitlements.models import Tenure
from kunjae.identity.models import Subject
from kunjae.official_letters.models.facts import LetterFacts
from kunjae.organisations.models import Person


class CaseState(models.TextChoices):
    """Where a letter stands. Frozen: somebody objected; nothing moves until that is resolved."""

    RECEIVED = "received", _("Received, being verified")
    VERIFIED = "verified", _("Verified, waiting for approval")
    FROZEN = "frozen", _("Frozen by an objection")
    ISSUED = "issued", _("Issued")
    RETURNED = "returned", _("Returned for correction")
    REFUSED = "refused", _("Refused")


TRANSITIONS: dict[CaseState, frozenset[CaseState]] = {
    CaseState.RECEIVED: frozenset({CaseState.VERIFIED, CaseState.FROZEN, CaseState.RETURNED, CaseState.REFUSED}),
    CaseState.VERIFIED: frozenset(
        {CaseState.RECEIVED, CaseState.ISSUED, CaseState.FROZEN, CaseState.RETURNED, CaseState.REFUSED}
    ),
    CaseState.FROZEN: frozenset({CaseState.RECEIVED, CaseState.REFUSED}),
    # An objection after the issue takes the keys away again; the case itself stays issued.
    CaseState.ISSUED: frozenset(),
    CaseState.RETURNED: frozenset(),
    CaseState.REFUSED: frozenset(),
}

OPEN_STATES = (CaseState.RECEIVED, CaseState.VERIFIED, CaseState.FROZEN)


class WayIn(models.TextChoices):
    """How the letter came (L-11)."""

    PAPER = "paper", _("on paper")
    ELECTRONIC = "electronic", _("as an electronic letter")


class LetterCounter(GuardedModel):
    """The last case number that the department gave in a fiscal year."""

    fiscal_year = models.PositiveSmallIntegerField(unique=True)
    last = models.PositiveIntegerField(default=0)


class LetterCase(LetterFacts):
    """
    One letter as received: both numbers, both dates, the scan, who did what with it.

    `version` counts every change of what the letter says or of who the recipient is: points of the checklist,
    proofs and notices belong to a version, and an approval names the version that was read. Persons, not
    accounts, are kept apart by the constraints: who verified never approves (T-07).
    """

    public_id = models.CharField(max_length=16, unique=True)
    case = models.CharField(max_length=40, unique=True)
    draft_code = models.CharField(max_length=14, blank=True, db_index=True)
    # What the QR of the scan claims to be, when it could be read; compared with what was keyed.
    prepared_hash = models.CharField(max_length=64, blank=True)
    way_in = models.CharField(max_length=10, choices=WayIn.choices)
    letter_number = models.CharField(max_length=60)
    # The number as compared: digits and signs only, without spaces; the year of the letter beside it.
    letter_number_key = models.CharField(max_length=60)
    letter_year = models.PositiveSmallIntegerField()
    letter_date = models.DateField()
    received_number = models.CharField(max_length=60)
    received_year = models.PositiveSmallIntegerField()
    received_date = models.DateField()
    received_at = models.DateTimeField()
    received_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    scan = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")
    order_scan = models.ForeignKey(StoredFile, null=True, on_delete=models.PROTECT, related_name="+")
    # The clock of one working day runs from here: when nothing was missing any more.
    complete_at = models.DateTimeField(null=True)
    owner = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=10, choices=CaseState.choices, default=CaseState.RECEIVED)
    version = models.PositiveSmallIntegerField(default=1)
    # A known person, once the desk found out who the recipient is; empty is somebody new.
    recipient = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="letters")
    recipient_is_new = models.BooleanField(default=False)
    # The new e-mail or mobile began a hold; it ends 24 hours after the last notice was handed over (T-01).
    address_is_new = models.BooleanField(default=True)
    hold_began_at = models.DateTimeField(null=True)
    verified_at = models.DateTimeField(null=True)
    verified_by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    decision_note = models.CharField(max_length=500, blank=True)
    tenure = models.OneToOneField(Tenure, null=True, on_delete=models.PROTECT, related_name="letter")
    subject = models.ForeignKey(Subject, null=True, on_delete=models.PROTECT, related_name="letters")
    authority_name_at_issue = models.CharField(max_length=200, blank=True)
    activation_told_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["authority", "letter_year", "letter_number_key"],
                condition=~Q(state="returned"),
                name="letter_number_is_used_once",
            ),
            models.UniqueConstraint(fields=["received_year", "received_number"], name="received_number_is_given_once"),
            models.UniqueConstraint(
                fields=["authority"],
                # A frozen letter, which may be a forged one, does not keep the true one out.
                condition=Q(state__in=["received", "verified"]),
                name="authority_has_one_letter_at_work",
            ),
            models.CheckConstraint(
                name="letter_is_verified_by_somebody_at_an_instant",
                condition=Q(verified_at=None, verified_by=None)
                | Q(verified_at__isnull=False, verified_by__isnull=False),
            ),
            models.CheckConstraint(
                name="letter_is_decided_by_somebody_at_an_instant",
                condition=Q(state__in=["received", "verified", "frozen"], decided_at=None, decided_by=None)
                | Q(
                    state__in=["issued", "returned", "refused"],
                    decided_at__isnull=False,
                    decided_by__isnull=False,
                ),
            ),
            # Who verified never approves, and nobody issues keys to himself (T-07, D7).
            models.CheckConstraint(
                name="letter_issued_was_verified_by_another",
                condition=~Q(state="issued") | (Q(verified_by__isnull=False) & ~Q(verified_by=F("decided_by"))),
            ),
            models.CheckConstraint(
                name="letter_issued_opened_a_tenure",
                condition=~Q(state="issued") | Q(tenure__isnull=False, subject__isnull=False, recipient__isnull=False),
            ),
            models.CheckConstraint(
                name="letter_is_not_decided_by_its_recipient",
                condition=Q(recipient=None)
                | (
                    (Q(decided_by=None) | ~Q(decided_by=F("recipient")))
                    & (Q(verified_by=None) | ~Q(verified_by=F("recipient")))
                ),
            ),
            models.CheckConstraint(
                name="letter_sent_back_says_why",
                condition=~Q(state__in=["returned", "refused"]) | ~Q(decision_note=""),
            ),
        ]
        indexes = [
            models.Index(fields=["state", "received_at"], name="letter_in_the_queue"),
            models.Index(fields=["authority", "-received_at"], name="letter_by_authority"),
            models.Index(fields=["-received_at", "-id"], name="letter_newest_first"),
        ]
