"""How the addresses of record of authorities and provinces come to change: by two persons (T-01, T-07)."""

from django.db import models
from django.db.models import F, Q

from kunjae.audit.change import GuardedModel
from kunjae.organisations.models.authority import LocalAuthority, Province
from kunjae.organisations.models.person import Person


class ContactChange(GuardedModel):
    """
    A proposal to change an address of record: e-mail and telephone, with where they were learnt.

    Letters are answered, and call backs made, to these; so one person proposes and another confirms.
    Nothing changes before. Exactly one of authority and province is named.
    """

    public_id = models.CharField(max_length=16, unique=True)
    authority = models.ForeignKey(LocalAuthority, null=True, on_delete=models.PROTECT, related_name="contact_changes")
    province = models.ForeignKey(Province, null=True, on_delete=models.PROTECT, related_name="contact_changes")
    email = models.CharField(max_length=254, blank=True)
    phone = models.CharField(max_length=40, blank=True)
    # What stood on record until it was confirmed: whoever was reached there is still told of a letter (T-01).
    former_email = models.CharField(max_length=254, blank=True)
    former_phone = models.CharField(max_length=40, blank=True)
    source = models.CharField(max_length=300)
    proposed_at = models.DateTimeField()
    proposed_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    confirmed_at = models.DateTimeField(null=True)
    confirmed_by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="contact_change_is_of_one_place",
                condition=Q(authority__isnull=False, province=None) | Q(authority=None, province__isnull=False),
            ),
            models.CheckConstraint(
                name="contact_change_is_confirmed_by_another",
                condition=Q(confirmed_at=None, confirmed_by=None)
                | (Q(confirmed_at__isnull=False, confirmed_by__isnull=False) & ~Q(confirmed_by=F("proposed_by"))),
            ),
            models.CheckConstraint(
                name="contact_change_is_confirmed_or_withdrawn", condition=Q(confirmed_at=None) | Q(withdrawn_at=None)
            ),
            models.UniqueConstraint(
                fields=["authority"],
                condition=Q(confirmed_at=None, withdrawn_at=None, authority__isnull=False),
                name="authority_has_one_open_contact_change",
            ),
            models.UniqueConstraint(
                fields=["province"],
                condition=Q(confirmed_at=None, withdrawn_at=None, province__isnull=False),
                name="province_has_one_open_contact_change",
            ),
        ]
