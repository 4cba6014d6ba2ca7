"""Accounts, activations, passwords and sessions, as operations."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from kunjae.audit.change import WriteOutsideOperation, state_change
from kunjae.audit.models import AuditEvent
from kunjae.core.actor import visitor
from kunjae.core.verdict import Denied
from kunjae.identity import operations as identity
from kunjae.identity.models import Activation, EndReason, Session, Subject, SubjectState
from kunjae.messaging.models import Message
from tests import factories
from tests.factories import NOW, PASSWORD, TEST, actor_of

pytestmark = pytest.mark.django_db
OTHER_PASSWORD = "maprao-khao-nuea-58"


def a_pending_account(*, email: str = "new@example.go.th", mobile: str = "0891234567") -> tuple[Subject, dict]:
    town = factories.a_town()
    with state_change(actor=TEST, at=NOW):
        subject = identity.open_subject(
            actor=TEST,
            username="rawai.pending",
            person=factories.a_person("วีรภัทร", "แซ่ลิ้ม", "นาย"),
            authority=town.authority,
            email=email,
            mobile=mobile,
            at=NOW,
        )
        identity.issue_activation(
            actor=TEST, subject=subject, purpose=Activation.Purpose.FIRST, case="0007/2570", at=NOW
        )
    return subject, factories.secrets_sent(subject)


def prove(secrets: dict, *, at=NOW, **changed) -> Activation:
    given = {"link_secret": secrets["link_secret"], "second_code": secrets["second_code"]} | changed
    return identity.prove_activation(actor=visitor("activation"), at=at, **given)


def test_open_subject_outside_a_change_is_refused():
    factories.the_catalogue()

    with pytest.raises(WriteOutsideOperation):
        identity.open_subject(actor=TEST, username="nobody1", person=factories.a_person(), authority=None, at=NOW)


@pytest.mark.parametrize(
    "lookalike", ["rawai.pending", "RAWAI.PENDING", "rawai-pending", "rawa1pending", "rawaipendlng"]
)
def test_open_subject_with_a_lookalike_user_id_is_refused(lookalike):
    subject, _ = a_pending_account()

    with pytest.raises(Denied, match="user_id_taken"), state_change(actor=TEST, at=NOW):
        identity.open_subject(
            actor=TEST, username=lookalike, person=factories.a_person(), authority=subject.authority, at=NOW
        )


def test_open_subject_never_gives_a_closed_user_id_again():
    subject, _ = a_pending_account()
    with state_change(actor=TEST, at=NOW):
        identity.close_subject(actor=TEST, subject_id=subject.pk, case="", at=NOW)

    with pytest.raises(Denied, match="user_id_taken"), state_change(actor=TEST, at=NOW):
        identity.open_subject(
            actor=TEST, username=subject.username, person=subject.person, authority=subject.authority, at=NOW
        )


def test_open_subject_twice_for_one_person_is_refused_by_policy_and_database():
    subject, _ = a_pending_account()

    with pytest.raises(Denied, match="person_has_account"), state_change(actor=TEST, at=NOW):
        identity.open_subject(
            actor=TEST, username="another.id7", person=subject.person, authority=subject.authority, at=NOW
        )
    with pytest.raises(IntegrityError), state_change(actor=TEST, at=NOW), transaction.atomic():
        Subject.objects.create(
            public_id="x" * 12,
            username="another.id7",
            skeleton="another",
            person=subject.person,
            opened_at=NOW,
        )


def test_activation_needs_both_secrets():
    _, secrets = a_pending_account()

    for wrong in ({"second_code": "00000000"}, {"link_secret": "x" * 43}, {"link_secret": "", "mail_code": "12345678"}):
        with pytest.raises(Denied, match="activation_failed"):
            prove(secrets, **wrong)


def test_activation_without_the_link_takes_user_id_case_and_both_codes():
    subject, secrets = a_pending_account()
    typed = {"link_secret": "", "username": " RAWAI.PENDING ", "case": "0007/2570", "mail_code": secrets["mail_code"]}

    assert prove(secrets, **typed).subject == subject
    for wrong in ({"case": "0008/2570"}, {"username": "rawai.pendin"}, {"mail_code": "00000000"}):
        with pytest.raises(Denied, match="activation_failed"):
            prove(secrets, **(typed | wrong))


def test_activation_dies_after_24_hours_from_the_hand_over_of_the_mail():
    subject, secrets = a_pending_account()
    mail = Activation.objects.get(subject=subject).mail
    with state_change(actor=TEST, at=NOW) as change:
        mail.change_to(state="sent", sent_at=NOW + timedelta(hours=20), sealed="", next_attempt_at=None)
        change.record("message.sent", organisation_id=None, kind="activation", channel="mail")

    assert prove(secrets, at=NOW + timedelta(hours=43))
    with pytest.raises(Denied, match="activation_failed"):
        prove(secrets, at=NOW + timedelta(hours=44, seconds=1))


def test_activation_is_dead_once_a_newer_one_is_issued():
    subject, old = a_pending_account()
    with state_change(actor=TEST, at=NOW):
        identity.issue_activation(
            actor=TEST, subject=subject, purpose=Activation.Purpose.FIRST, case="0007/2570", at=NOW
        )

    with pytest.raises(Denied, match="activation_failed"):
        prove(old)
    assert prove(factories.secrets_sent(subject))


def test_set_password_by_activation_works_once():
    subject, secrets = a_pending_account()
    activation = prove(secrets)
    identity.set_password_by_activation(
        actor=visitor("activation"), activation_id=activation.pk, password=PASSWORD, at=NOW
    )

    with pytest.raises(Denied, match="activation_ended"):
        identity.set_password_by_activation(
            actor=visitor("activation"), activation_id=activation.pk, password=OTHER_PASSWORD, at=NOW
        )
    subject.refresh_from_db()
    assert subject.state == SubjectState.ACTIVE
    assert subject.check_password(PASSWORD)
    assert subject.email_confirmed_at == NOW
    assert subject.mobile_confirmed_at == NOW


def test_set_password_by_activation_with_a_weak_password_leaves_the_activation_usable():
    subject, secrets = a_pending_account()
    activation = prove(secrets)

    with pytest.raises(identity.PasswordRefused) as refused:
        identity.set_password_by_activation(
            actor=visitor("activation"), activation_id=activation.pk, password="rawai2569", at=NOW
        )

    assert refused.value.reasons == ("contains_user_id", "too_guessable")
    assert Subject.objects.get(pk=subject.pk).state == SubjectState.PENDING
    assert prove(secrets)


def test_slip_replaces_the_code_and_alone_opens_nothing():
    subject, _ = a_pending_account(mobile="")
    activation = Activation.objects.get(subject=subject)
    link = factories.secrets_sent(subject)["link_secret"]
    assert activation.second_way == "slip"

    with state_change(actor=TEST, at=NOW):
        first = identity.print_slip(actor=TEST, activation_id=activation.pk, at=NOW)
        second = identity.print_slip(actor=TEST, activation_id=activation.pk, at=NOW)

    who = visitor("activation")
    for wrong in ({"link_secret": link, "second_code": first}, {"link_secret": "y" * 43, "second_code": second}):
        with pytest.raises(Denied, match="activation_failed"):
            identity.prove_activation(actor=who, at=NOW, **wrong)
    assert identity.prove_activation(actor=who, link_secret=link, second_code=second, at=NOW + timedelta(hours=71))


def test_change_password_ends_the_other_sessions_and_tells_the_owner():
    town = factories.a_town()
    here = identity.start_session(subject=town.officer, session_key="a" * 32, address="", device="", at=NOW)
    identity.start_session(subject=town.officer, session_key="b" * 32, address="", device="", at=NOW)
    actor = factories.Actor(town.officer.username, town.officer.person_id, town.officer.pk, session_id=here.pk)

    identity.change_password(actor=actor, current=PASSWORD, new=OTHER_PASSWORD, at=NOW)

    assert list(Session.objects.filter(ended_at=None)) == [here]
    assert Session.objects.exclude(pk=here.pk).get().end_reason == EndReason.PASSWORD_CHANGED
    assert Message.objects.filter(kind="password_set", person=town.officer.person).count() == 2
    assert Subject.objects.get(pk=town.officer.pk).check_password(OTHER_PASSWORD)


@pytest.mark.parametrize(
    ("current", "new", "reason"), [("wrong", OTHER_PASSWORD, "wrong_password"), (PASSWORD, PASSWORD, "same_password")]
)
def test_change_password_refused_changes_nothing(current, new, reason):
    town = factories.a_town()
    before = Subject.objects.get(pk=town.officer.pk).password

    with pytest.raises(Denied, match=reason):
        identity.change_password(actor=actor_of(town.officer), current=current, new=new, at=NOW)

    assert Subject.objects.get(pk=town.officer.pk).password == before


def test_closed_account_is_in_no_table_of_secrets():
    town = factories.a_town()
    with state_change(actor=TEST, at=NOW):
        identity.close_subject(actor=TEST, subject_id=town.officer.pk, case="", at=NOW)

    closed = Subject.objects.get(pk=town.officer.pk)
    assert not closed.has_usable_password()
    assert not Session.objects.filter(subject=closed, ended_at=None).exists()
    with pytest.raises(Denied, match="subject_closed"), state_change(actor=TEST, at=NOW):
        identity.close_subject(actor=TEST, subject_id=closed.pk, case="", at=NOW)


def test_no_secret_stands_readable_in_any_row():
    _, secrets = a_pending_account()
    rows = [str(row) for model in (Activation, Message, AuditEvent) for row in model.objects.values()]

    for secret in secrets.values():
        assert not any(secret in row for row in rows)
