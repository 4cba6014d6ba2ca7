"""Heads and acting heads of finance are let in with a second factor only (D5, L-31)."""

from datetime import datetime

from kunjae.entitlements.models import Tenure
from kunjae.entitlements.queries import open_at
from kunjae.identity import factor_duty
from kunjae.identity.models import Subject


def holds_a_tenure(subject: Subject, at: datetime) -> bool:
    """Test if the owner of an account administers an authority at an instant; a contested tenure asks no less."""
    return Tenure.objects.filter(open_at(at), person_id=subject.person_id).exists()


factor_duty.add(holds_a_tenure)
