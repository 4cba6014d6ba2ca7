"""One authority's whole circle, as operations; the record of every step verifies."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from kunjae.access_requests import operations as form_2
from kunjae.access_requests.models import AccessRequest, CredentialWish, RequestState
from kunjae.audit import chain
from kunjae.audit.change import state_change
from kunjae.core.verdict import Denied
from kunjae.entitlements import permissions, policies
from kunjae.entitlements.models import EndOfGrant, Grant
from kunjae.identity.models import Activation, Session, Subject, SubjectState
from kunjae.revocation import operations as revocation
from kunjae.revocation.models import ClosureReason
from tests import factories
from tests.factories import NOW, TODAY, actor_of

pytestmark = pytest.mark.django_db


def test_whole_circle_from_invitation_to_closing_verifies():
    town = factories.a_town()
    request = factories.a_request(town, wish=CredentialWish.NEW_USER)
    factories.approve(town, request, username="rawai.new")
    newcomer = factories.activate(Subject.objects.get(username="rawai.new"))
    grant = Grant.objects.get(subject=newcomer, ended_at=None)

    revocation.remove_from_group(
        actor=actor_of(town.head), grant_id=grant.pk, reason=EndOfGrant.LEFT_DUTY, note="", at=NOW
    )
    revocation.suspend(actor=actor_of(town.head), subject_public_id=newcomer.public_id, reason="ลาศึกษาต่อ", at=NOW)
    revocation.resume(actor=actor_of(town.head), subject_public_id=newcomer.public_id, at=NOW)
    revocation.close_account(
        actor=actor_of(town.head),
        subject_public_id=newcomer.public_id,
        reason=ClosureReason.MOVED,
        other_text="",
        effective_date=TODAY,
        left_date=None,
        case=request.case,
        at=NOW,
    )

    newcomer.refresh_from_db()
    assert newcomer.state == SubjectState.CLOSED
    assert not Grant.objects.filter(subject=newcomer, ended_at=None).exists()
    assert not newcomer.has_usable_password()
    finding = chain.verify()
    assert finding.faults == ()
    assert finding.chains == 2


def test_decide_own_request_is_refused_by_the_policy_and_by_the_database():
    town = factories.a_town()
    request = factories.a_request(town)

    with pytest.raises(Denied, match="own_request"):
        form_2.decide(
            actor=actor_of(town.officer),
            request_public_id=request.public_id,
            opinion=form_2.Opinion(version=1, approve=True, group_codes=("finance_officer",)),
            at=NOW,
        )
    with pytest.raises(IntegrityError), state_change(actor=actor_of(town.officer), at=NOW), transaction.atomic():
        AccessRequest.objects.filter(pk=request.pk).update(
            state=RequestState.APPROVED, decided_by=town.officer.person_id, decided_at=NOW
        )


def test_executive_access_is_view_only_and_nothing_else_can_be_added():
    town = factories.a_town()

    given = form_2.give_executive_access(
        actor=actor_of(town.head),
        appointment_id=town.executive_post.pk,
        username="rawai.nayok",
        email="nayok@example.go.th",
        mobile="0812345678",
        at=NOW,
    )

    executive = factories.activate(Subject.objects.get(username="rawai.nayok"))
    assert given.subject == executive
    assert policies.may(actor_of(executive), permissions.SEE_MEMBERSHIP_REPORT, town.authority.pk, at=NOW)
    assert not policies.may(actor_of(executive), permissions.DECIDE_REQUEST, town.authority.pk, at=NOW)
    edition = policies.queries.edition_on("finance_officer", on=TODAY)
    verdict = policies.may_grant(actor_of(town.head), executive, town.authority.pk, edition, at=NOW)
    assert verdict.reason == "group_not_for_executives"


def test_activation_ends_after_five_wrong_codes():
    town = factories.a_town()
    request = factories.a_request(town, wish=CredentialWish.NEW_USER)
    factories.approve(town, request, username="rawai.new")
    subject = Subject.objects.get(username="rawai.new")
    secrets = factories.secrets_sent(subject)

    for _ in range(5):
        with pytest.raises(Denied, match="activation_failed"):
            factories.identity.prove_activation(
                actor=factories.visitor("activation"),
                link_secret=secrets["link_secret"],
                second_code="00000000",
                at=NOW,
            )

    with pytest.raises(Denied, match="activation_failed"):
        factories.activate(subject)
    assert Activation.objects.get(subject=subject).ended_at == NOW


def test_another_authoritys_head_has_no_rights_here():
    town, other = factories.a_town(), factories.a_town("กะรน", stem="karon")
    request = factories.a_request(town)

    with pytest.raises(Denied, match="not_head"):
        form_2.decide(
            actor=actor_of(other.head),
            request_public_id=request.public_id,
            opinion=form_2.Opinion(version=1, approve=False, refusal_reason="x"),
            at=NOW,
        )


def test_suspend_ends_the_sessions_at_once():
    town = factories.a_town()
    factories.identity.start_session(
        subject=town.officer, session_key="k" * 32, address="127.0.0.1", device="test", at=NOW
    )

    revocation.suspend(
        actor=actor_of(town.head), subject_public_id=town.officer.public_id, reason="ตรวจสอบ", at=NOW + timedelta(1)
    )

    assert Session.objects.get(subject=town.officer).end_reason == "suspended"
