"""The operator posts the officers of the department and the provinces, by an order that the record names (T-07, T-35)."""

import json

import pytest
from django.core.management import CommandError, call_command

from kunjae.audit.models import AuditEvent
from kunjae.entitlements import permissions
from kunjae.identity.models import Subject, SubjectState
from kunjae.messaging.models import Message
from kunjae.organisations.models import Desk, Person, Posting
from kunjae.organisations.queries import posting_of
from tests import factories
from tests.factories import TODAY

pytestmark = pytest.mark.django_db

GIVEN = {
    "desk": "department",
    "name": ["นาง", "อรทัย", "ศรีสุข"],
    "position": "นักวิชาการเงินและบัญชีชำนาญการ",
    "order": "๑๒/๒๕๗๐",
    "user_id": "dla.orathai",
    "email": "orathai@dla.example.go.th",
    "mobile": "๐๘๑ ๒๓๔ ๕๖๗๘",
    "by": "สมชาย ใจดี",
}


def post(**changed: object) -> None:
    call_command("post_officer", **(GIVEN | changed))


def test_an_officer_of_the_department_is_posted_and_activates_with_two_secrets(capsys):
    post()

    subject = Subject.objects.get(username="dla.orathai")
    assert (subject.state, subject.authority) == (SubjectState.PENDING, None)
    assert {message.kind for message in Message.objects.all()} == {"activation", "activation_code"}
    assert factories.activate(subject).state == SubjectState.ACTIVE
    assert "dla.orathai" in capsys.readouterr().out
    event = AuditEvent.objects.get(name="desk_officer.posted")
    facts = json.loads(event.facts_json)
    assert (facts["order_number"], facts["posted_by"], event.actor) == ("๑๒/๒๕๗๐", "สมชาย ใจดี", "system:post-officer")


def test_an_officer_of_a_province_is_of_that_province_alone():
    province = factories.a_local_authority().province
    post(desk="province", province=province.name_th)

    posting = Posting.objects.get()
    assert (posting.desk, posting.province) == (Desk.PROVINCE, province)
    assert posting_of(posting.person_id, on=TODAY) is None or posting.from_date


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"order": " "}, "คำสั่ง"),
        ({"by": "\u200b"}, ""),
        ({"desk": "province"}, "province"),
        ({"desk": "province", "province": "99"}, "province"),
        ({"province": "83"}, "--province"),
        ({"user_id": "ส"}, ""),
        ({"user_id": "x"}, ""),
        ({"email": "nobody"}, ""),
        ({"mobile": "1234"}, ""),
        ({"name": ["นาง", "อร\u202eทัย", "ศรีสุข"]}, ""),
    ],
)
def test_what_is_incomplete_posts_nobody(changed, said):
    with pytest.raises(CommandError) as refused:
        post(**changed)

    assert said.casefold() in str(refused.value).casefold()
    assert not Person.objects.exists()
    assert not Subject.objects.exists()


def test_a_user_id_or_a_mailbox_that_is_taken_posts_nobody():
    post()

    for changed in ({"email": "another@dla.example.go.th"}, {"user_id": "dla.somebody"}):
        with pytest.raises(CommandError):
            post(**changed)
    assert Person.objects.count() == 1


def test_a_posted_officer_may_only_what_the_desk_may():
    assert permissions.OF_DESK[Desk.DEPARTMENT] == {permissions.SEE_MEMBERSHIP_REPORT, permissions.SUSPEND}
    assert permissions.OF_DESK[Desk.PROVINCE] == {permissions.SEE_MEMBERSHIP_REPORT}
