"""How the department finds out that a letter is true: points, proofs, a call back, four notices, objections."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from kunjae.audit.change import GuardedModel
from kunjae.messaging.models import Message
from kunjae.official_letters.models.case import LetterCase
from kunjae.organisations.models import Person


class Point(models.TextChoices):
    """What an officer looks at and answers for; the rest of the checklist is found out by the system."""

    AS_PREPARED = "as_prepared", _("What was keyed stands in the letter, and the letter is as it was prepared")
    SIGNER = "signer", _("The letter is signed by somebody who may sign it")
    ORDER = "order", _("The order that appoints the recipient is attached and names him")
    PERSON = "person", _("Who the recipient is has been found out")


class VerifiedPoint(GuardedModel):
    """One point that an officer answered for, about one version of the case."""

    case = models.ForeignKey(LetterCase, on_delete=models.PROTECT, related_name="points")
    version = models.PositiveSmallIntegerField()
    point = models.CharField(max_length=12, choices=Point.choices)
    note = models.CharField(max_length=300, blank=True)
    noted_at = models.DateTimeField()
    noted_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case", "version", "point"], name="letter_point_is_noted_once"),
        ]


class ProofChannel(models.TextChoices):
    """Which of the two ways is proven to work (A1-18)."""

    EMAIL = "email", _("e-mail")
    MOBILE = "mobile", _("mobile")


class ProofMethod(models.TextChoices):
    """How it was proven."""

    LINK = "link", _("the link in the mail was used")
    CODE = "code", _("the code was typed on the page")
    TOLD = "told", _("the code was told on the telephone")
    ON_RECORD = "on_record", _("confirmed earlier, and on record")


class ContactProof(GuardedModel):
    """
    That an e-mail address or a mobile of one version of a case works (A1-18).

    Only digests are kept of the link and of the code; five wrong tries end it (T-22).
    """

    case = models.ForeignKey(LetterCase, on_delete=models.PROTECT, related_name="proofs")
    version = models.PositiveSmallIntegerField()
    channel = models.CharField(max_length=6, choices=ProofChannel.choices)
    address = models.CharField(max_length=254)
    link_digest = models.CharField(max_length=64, blank=True, db_index=True)
    code_hash = models.CharField(max_length=200, blank=True)
    message = models.ForeignKey(Message, null=True, on_delete=models.PROTECT, related_name="+")
    sent_at = models.DateTimeField(null=True)
    tries_count = models.PositiveSmallIntegerField(default=0)
    proven_at = models.DateTimeField(null=True)
    method = models.CharField(max_length=9, choices=ProofMethod.choices, blank=True)
    noted_by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["case", "version", "channel"], condition=Q(ended_at=None), name="letter_has_one_open_proof"
            ),
            models.CheckConstraint(
                name="contact_proof_says_how",
                condition=Q(proven_at=None, method="") | (Q(proven_at__isnull=False) & ~Q(method="")),
            ),
        ]


class CallBackOutcome(models.TextChoices):
    """What the call to the number of record brought."""

    CONFIRMED = "confirmed", _("the authority confirms the letter")
    DENIED = "denied", _("the authority knows of no such letter")
    NOT_REACHED = "not_reached", _("nobody was reached")


class CallBack(GuardedModel):
    """A call to the authority's number of record, never to one that the letter names (A1-15, T-01)."""

    case = models.ForeignKey(LetterCase, on_delete=models.PROTECT, related_name="calls")
    version = models.PositiveSmallIntegerField()
    number = models.CharField(max_length=40)
    called_at = models.DateTimeField()
    called_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    spoke_with = models.CharField(max_length=250, blank=True)
    said = models.CharField(max_length=500, blank=True)
    outcome = models.CharField(max_length=12, choices=CallBackOutcome.choices)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="call_back_says_with_whom",
                condition=Q(outcome="not_reached") | (~Q(spoke_with="") & ~Q(said="")),
            ),
        ]


class NoticeParty(models.TextChoices):
    """The four who are told before a new address may receive keys (T-01), and who was reached there lately."""

    CENTRAL = "central", _("the authority's central e-mail")
    PRESENT_HEAD = "present_head", _("the present head of finance")
    CLERK = "clerk", _("the clerk")
    PROVINCE = "province", _("the province's office")
    FORMER = "former", _("the authority's former central e-mail")


class Notice(GuardedModel):
    """
    One notice of a case, with its own way to object.

    A party without an address on record has no message; then an officer tells it otherwise and says how.
    """

    case = models.ForeignKey(LetterCase, on_delete=models.PROTECT, related_name="notices")
    version = models.PositiveSmallIntegerField()
    party = models.CharField(max_length=12, choices=NoticeParty.choices)
    address = models.CharField(max_length=254, blank=True)
    message = models.ForeignKey(Message, null=True, on_delete=models.PROTECT, related_name="+")
    objection_digest = models.CharField(max_length=64, unique=True)
    told_at = models.DateTimeField(null=True)
    told_by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    told_how = models.CharField(max_length=300, blank=True)
    made_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case", "version", "party"], name="letter_tells_each_party_once"),
        ]


class Objection(GuardedModel):
    """Somebody says that the letter is false: it freezes the case at once, also after the issue."""

    case = models.ForeignKey(LetterCase, on_delete=models.PROTECT, related_name="objections")
    notice = models.ForeignKey(Notice, null=True, on_delete=models.PROTECT, related_name="objections")
    # By telephone: who at the desk took it down.
    taken_by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    objector_name = models.CharField(max_length=250, blank=True)
    text = models.CharField(max_length=500, blank=True)
    made_at = models.DateTimeField()
    resolved_at = models.DateTimeField(null=True)
    resolved_by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    resolution = models.CharField(max_length=500, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="objection_comes_by_notice_or_through_the_desk",
                condition=Q(notice__isnull=False) | Q(taken_by__isnull=False),
            ),
            models.CheckConstraint(
                name="objection_resolved_says_how",
                condition=Q(resolved_at=None, resolved_by=None, resolution="")
                | (Q(resolved_at__isnull=False, resolved_by__isnull=False) & ~Q(resolution="")),
            ),
        ]
