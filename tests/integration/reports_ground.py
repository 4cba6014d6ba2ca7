"""What the tests of reports share: a member, the mayor, a crowd, a browser, the words of a page."""

import re
from datetime import datetime
from html import unescape

from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from kunjae.access_requests import operations as form_2
from kunjae.audit.change import state_change
from kunjae.core.identifiers import public_id
from kunjae.core.text import search_key
from kunjae.entitlements import operations as entitlements
from kunjae.entitlements.models import AccessGroup, Basis, Grant
from kunjae.identity.models import Subject, SubjectState
from kunjae.organisations.models import Person
from tests import factories
from tests.factories import NOW, PASSWORD, TEST, TODAY, Town, actor_of


def signed_in(subject: Subject) -> Client:
    """A browser that has gone through the sign-in page."""
    client = Client()
    answer = client.post(reverse("identity:sign_in"), {"username": subject.username, "password": PASSWORD})
    assert answer.status_code in {302, 303}
    return client


def words_of(answer: HttpResponse) -> str:
    """The text of a page, without its marks."""
    text = re.sub(r"<[^>]+>", " ", answer.content.decode())
    return re.sub(r"\s+", " ", unescape(text)).replace(" ,", ",")


def a_member(
    town: Town,
    given_name: str = "จิราภรณ์",
    family_name: str = "สู่สุข",
    *,
    group: str = "finance_officer",
    at: datetime = NOW,
    subject: Subject | None = None,
) -> Grant:
    """Somebody in a group, put there by the head on an order."""
    if subject is None:
        person = factories.a_person(given_name, family_name)
        factories.a_post(person, town.authority, "เจ้าพนักงานการเงินและบัญชีชำนาญงาน")
        subject = factories.an_account(person, town.authority)
    return entitlements.grant(
        actor=actor_of(town.head),
        subject=subject,
        authority=town.authority,
        group_code=group,
        basis=Basis.ORDER,
        order_number="338/2569",
        case="0042/2570",
        at=at,
    )


def access_of_the_mayor(town: Town, *, at: datetime = NOW) -> Grant:
    """The chief executive's read-only access (clause 2); the account waits for its activation."""
    return form_2.give_executive_access(
        actor=actor_of(town.head),
        appointment_id=town.executive_post.pk,
        username="rawai.mayor",
        email="mayor@example.go.th",
        mobile="0812345678",
        at=at,
    )


def crowd(town: Town, count: int) -> None:
    """So many members at once, as an import would bring them."""
    group = AccessGroup.objects.get(code="finance_officer")
    with state_change(actor=TEST, at=NOW) as change:
        names = [f"คน{number:05d}" for number in range(count)]
        persons = Person.objects.bulk_create(
            Person(public_id=public_id(), title="นาย", given_name=name, search_key=search_key(name), sort_key=name)
            for name in names
        )
        subjects = Subject.objects.bulk_create(
            Subject(
                public_id=public_id(),
                username=f"crowd.{number}",
                skeleton=f"crowd{number}",
                person=person,
                authority=town.authority,
                state=SubjectState.ACTIVE,
                opened_at=NOW,
                activated_at=NOW,
            )
            for number, person in enumerate(persons)
        )
        Grant.objects.bulk_create(
            Grant(
                public_id=public_id(),
                subject=subject,
                person=subject.person,
                authority=town.authority,
                group=group,
                basis=Basis.POSITION,
                from_date=TODAY,
                granted_at=NOW,
                granted_by=town.head.person,
            )
            for subject in subjects
        )
        change.record("authority.changed", organisation_id=town.authority.pk, name="", code="", former="")
