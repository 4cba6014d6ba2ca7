"""
The letter of July 2562 went out as the first circular: some read it, some acknowledged, one was reminded.

Beside ราไวย์ and กะรน two more authorities are known by now: one with a head, one that its head has left.
"""

from collections.abc import Callable
from datetime import date, datetime

from kunjae.circulars import operations as circulars
from kunjae.circulars import spreading
from kunjae.circulars.content import CircularContent
from kunjae.circulars.models import Circular, DatePrecision, Receipt
from kunjae.core.clock import thai_day
from kunjae.entitlements import operations as entitlements
from kunjae.entitlements.models import Tenure
from kunjae.identity.models import Subject
from kunjae.organisations.models import LocalAuthority
from kunjae.organisations.operations import end_appointment
from kunjae.organisations.queries import authority_by_code
from kunjae.site.demo import letter_2562
from kunjae.site.demo.cast import DEMO, a_head, actor_of, deliver_mail, set_stem

CHALONG, CHERNG_TALAY = "5830103", "5830302"

At = Callable[..., datetime]
"""Gives an instant so many days ago, at an hour, or an hour and a minute."""


def tell(*, department: Subject, province: Subject, head_of_karon: Subject, moment: At) -> None:
    """Send the letter fourteen days ago, and let its recipients answer, each as it does."""
    head_of_chalong = _a_neighbour_with_a_head(moment)
    vacant = _a_neighbour_whose_head_left(moment)
    circular = _sent(department, at=moment(13, 10))
    deliver_mail(at=moment(13, 10, 30))
    _acknowledge(circular, head_of_chalong, at=moment(12, 9, 20))
    own = Receipt.objects.get(circular=circular, province__code="83")
    circulars.acknowledge(actor=actor_of(province), receipt_public_id=own.public_id, at=moment(12, 13))
    _acknowledge(circular, head_of_karon, at=moment(11, 15, 5))
    unanswered = Receipt.objects.get(circular=circular, authority=vacant)
    circulars.remind(actor=actor_of(province), receipt_public_id=unanswered.public_id, at=moment(10, 9))
    deliver_mail(at=moment(10, 9, 5))


def _a_neighbour_with_a_head(moment: At) -> Subject:
    authority = _authority(CHALONG)
    set_stem(authority, "chalong", "076000300", at=moment(99, 11))
    return a_head(
        "นาง กมลวรรณ ศรีวิไล", "chalong001", authority, at=moment(98, 10), mobile="0812000007",
        order_number="112/2569",
    )  # fmt: skip


def _a_neighbour_whose_head_left(moment: At) -> LocalAuthority:
    authority = _authority(CHERNG_TALAY)
    set_stem(authority, "cherngtalay", "076000400", at=moment(99, 11, 5))
    former = a_head(
        "นาย ชัยวัฒน์ สุวรรณรัตน์", "cherngtalay001", authority, at=moment(97, 10), mobile="0812000008",
        order_number="75/2569",
    )  # fmt: skip
    left = moment(37, 16)
    for post in former.person.appointments.filter(until_date=None):
        end_appointment(actor=DEMO, appointment_id=post.pk, until_date=thai_day(left), at=left)
    tenure = Tenure.objects.get(authority=authority, until_at=None)
    entitlements.close_tenure(actor=DEMO, tenure_id=tenure.pk, at=left)
    return authority


def _sent(officer: Subject, *, at: datetime) -> Circular:
    content = CircularContent(
        mark=letter_2562.MARK,
        dated=date(2019, 7, 1),
        date_precision=DatePrecision.MONTH,
        subject=letter_2562.SUBJECT,
        body=letter_2562.BODY.strip(),
        clauses=letter_2562.CLAUSES,
    )
    circular = circulars.prepare(actor=actor_of(officer), content=content, at=at)
    circulars.send(actor=actor_of(officer), public_id=circular.public_id, version=1, at=at)
    while not spreading.spread_batch(circular.pk, at=at, size=1000):
        pass
    return circular


def _acknowledge(circular: Circular, head: Subject, *, at: datetime) -> None:
    receipt = Receipt.objects.get(circular=circular, authority=head.authority)
    circulars.acknowledge(actor=actor_of(head), receipt_public_id=receipt.public_id, at=at)


def _authority(code: str) -> LocalAuthority:
    authority = authority_by_code(code)
    if authority is None:
        raise LookupError(f"the register has no authority {code}")
    return authority
