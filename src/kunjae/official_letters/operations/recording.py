"""What every act on a letter begins and ends with: the case under lock, and its event in the authority's chain."""

from kunjae.audit.change import Change
from kunjae.entitlements.policies import lock_tenure
from kunjae.official_letters.models import LetterCase


def locked_case(public_id: str) -> LetterCase:
    """
    Lock a case for a change: the tenure first, in the order in which everybody locks them (T-10).

    :raises LetterCase.DoesNotExist: if there is none of this name
    """
    lock_tenure(LetterCase.objects.values_list("authority_id", flat=True).get(public_id=public_id))
    case: LetterCase = (
        LetterCase.objects.select_for_update(of=("self",))
        .select_related("authority__district", "authority__province", "recipient", "subject", "tenure")
        .get(public_id=public_id)
    )
    return case


def record(change: Change, name: str, case: LetterCase, **facts: object) -> None:
    """Record one event about a letter in its authority's chain; never an address, a number to call or a secret."""
    change.record(
        name,
        case,
        organisation_id=case.authority_id,
        subject_person_id=case.recipient_id,
        case=case.case,
        person=case.recipient_name,
        **facts,
    )
