"""Form 2 as operations: what each does, and that a refusal changes nothing."""

from datetime import date, timedelta
from io import BytesIO

import pytest
from django.core.files.storage import default_storage
from django.db import IntegrityError, transaction
from PIL import Image

from kunjae.access_requests import operations as form_2
from kunjae.access_requests import policies, queries, sheet
from kunjae.access_requests.models import AccessRequest, CredentialWish, Invitation, RequestState, WayIn
from kunjae.audit.change import state_change
from kunjae.audit.models import AuditEvent
from kunjae.core.actor import system, visitor
from kunjae.core.uploads import check_upload
from kunjae.core.verdict import Denied
from kunjae.documents import storage
from kunjae.documents.form_2 import content_hash
from kunjae.documents.models import IssuedDocument, StoredFile
from kunjae.entitlements import operations as entitlements
from kunjae.entitlements.models import Basis, Grant
from kunjae.identity import operations as identity
from kunjae.identity.models import Activation, Session, Subject, SubjectState
from kunjae.messaging import limits
from kunjae.messaging.models import Channel, Message
from kunjae.messaging.rendering import render
from kunjae.organisations.models import Person
from kunjae.revocation import operations as revocation
from kunjae.revocation.models import ClosureReason
from tests import factories
from tests.factories import NOW, TODAY, Town, actor_of, content

pytestmark = pytest.mark.django_db

LATER = NOW + timedelta(hours=1)


@pytest.fixture
def town() -> Town:
    return factories.a_town()


def events() -> list[str]:
    return list(AuditEvent.objects.order_by("pk").values_list("name", flat=True))


def everything() -> dict[str, object]:
    """What a refusal must leave as it is."""
    return {
        "requests": list(AccessRequest.objects.order_by("pk").values()),
        "invitations": list(Invitation.objects.order_by("pk").values()),
        "grants": list(Grant.objects.order_by("pk").values()),
        "subjects": list(Subject.objects.order_by("pk").values()),
        "messages": Message.objects.count(),
        "documents": IssuedDocument.objects.count(),
        "files": StoredFile.objects.count(),
        "persons": Person.objects.count(),
        "activations": list(Activation.objects.order_by("pk").values()),
        "events": [name for name in events() if name != "attempt.denied"],
    }


def refused(reason: str, act, **arguments) -> Denied:
    """Expect a refusal that changes nothing."""
    before = everything()
    with pytest.raises(Denied) as denied:
        act(**arguments)
    assert denied.value.reason == reason
    assert everything() == before
    return denied.value


def opinion(request: AccessRequest, **answers) -> form_2.Opinion:
    given = {
        "version": request.version,
        "approve": True,
        "group_codes": ("finance_officer",),
        "order_number": "338/2569",
        "order_date": date(2026, 10, 8),
    }
    return form_2.Opinion(**{**given, **answers})


def decide(town: Town, request: AccessRequest, *, actor=None, at=NOW, **answers) -> AccessRequest:
    return form_2.decide(
        actor=actor or actor_of(town.head),
        request_public_id=request.public_id,
        opinion=opinion(request, **answers),
        at=at,
    )


def a_scan(colour: str = "white") -> BytesIO:
    made = BytesIO()
    Image.new("RGB", (200, 280), colour).save(made, "PNG")
    return made


def key(town: Town, *, applicant: Person | None = None, content=None, **others) -> AccessRequest:
    given = {
        "title": "" if applicant else "นาง",
        "given_name": "" if applicant else "บุษบา",
        "family_name": "" if applicant else "ปู่ดี",
        "email": "" if applicant else "busaba@example.go.th",
        "mobile": "",
        "upload": check_upload(a_scan().getvalue(), filename="form.png"),
    }
    return form_2.key_from_paper(
        actor=actor_of(town.head),
        authority=town.authority,
        applicant=applicant,
        content=content or factories.content(CredentialWish.NONE if applicant else CredentialWish.NEW_USER),
        at=NOW,
        **{**given, **others},
    )


# --- Writing ----------------------------------------------------------------------------------------------------


def test_draft_is_kept_and_the_head_does_not_see_it(town):
    request = factories.a_request(town, submitted=False)

    assert request.state == RequestState.DRAFT
    assert (request.case, request.submitted_at, request.way_in) == ("", None, WayIn.SIGNED_IN)
    assert [group.code for group in queries.groups_of(request).asked] == ["finance_officer"]
    assert not queries.waiting_in(town.authority.pk).exists()
    assert policies.may_see(actor_of(town.head), request, at=NOW).reason == "not_permitted"
    assert policies.may_see(actor_of(town.officer), request, at=NOW)


def test_draft_sent_twice_is_one_draft(town):
    first = factories.a_request(town, submitted=False)

    second = factories.a_request(town, submitted=False)

    assert second == first
    assert events().count("access_request.drafted") == 1


def test_draft_of_another_window_is_not_overwritten(town):
    factories.a_request(town, submitted=False)

    refused(
        "draft_is_open",
        form_2.draft,
        actor=actor_of(town.officer),
        authority=town.authority,
        content=content(groups=("budget_officer",)),
        at=NOW,
    )


def test_draft_twice_is_refused_by_the_database_too(town):
    request = factories.a_request(town, submitted=False)

    with pytest.raises(IntegrityError), transaction.atomic(), state_change(actor=system("test"), at=NOW):
        AccessRequest.objects.create(
            public_id="x" * 12,
            authority=town.authority,
            applicant=request.applicant,
            way_in=WayIn.SIGNED_IN,
            position_th="x",
            form_date=TODAY,
            created_at=NOW,
        )


@pytest.mark.parametrize("group", ["finance_head", "executive", "nothing", "' OR 1=1 --"])
def test_draft_names_only_groups_that_a_head_hands_to_officers(town, group):
    refused(
        "group_not_in_force",
        form_2.draft,
        actor=actor_of(town.officer),
        authority=town.authority,
        content=content(groups=(group,)),
        at=NOW,
    )


def test_draft_by_the_head_is_refused_since_form_1_is_his(town):
    refused(
        "head_uses_form_1",
        form_2.draft,
        actor=actor_of(town.head),
        authority=town.authority,
        content=content(),
        at=NOW,
    )


def test_draft_in_another_authority_is_refused(town):
    other = factories.a_town("กะรน", stem="karon")

    refused(
        "not_permitted",
        form_2.draft,
        actor=actor_of(town.officer),
        authority=other.authority,
        content=content(),
        at=NOW,
    )


def test_submit_numbers_the_request_and_tells_the_head(town):
    request = factories.a_request(town, at=NOW)

    assert (request.state, request.case, request.submitted_at) == (RequestState.SUBMITTED, "0001/2570", NOW)
    assert request.applicant_name == "นางสาวญาณิศา ภู่ประเสริฐ"
    told = Message.objects.get(kind="request_waits")
    assert (told.to_address, told.case) == (town.head.email, "0001/2570")


def test_submit_gives_numbers_in_turn_and_anew_in_each_authority_and_fiscal_year(town):
    other = factories.a_town("กะรน", stem="karon")
    first = factories.a_request(town)
    decide(town, first)
    second = factories.a_request(town, groups=("budget_officer",))
    decide(town, second, group_codes=("budget_officer",))
    next_year = factories.a_request(town, groups=("procurement_officer",), at=NOW + timedelta(days=365))

    assert [first.case, second.case] == ["0001/2570", "0002/2570"]
    assert factories.a_request(other).case == "0001/2570"
    assert next_year.case == "0001/2571"


def test_submit_dates_the_form_with_the_day_of_the_sending(town):
    draft = factories.a_request(town, submitted=False)

    sent = form_2.submit(actor=actor_of(town.officer), request_public_id=draft.public_id, at=NOW + timedelta(days=3))

    assert sent.form_date == TODAY + timedelta(days=3)


@pytest.mark.parametrize(
    ("asked", "reason"),
    [
        (content(groups=()), "asks_for_nothing"),
        (content(CredentialWish.NEW_USER), "has_account_already"),
        (content(CredentialWish.CANNOT_ENTER, groups=()), "cannot_enter_reason_missing"),
        (form_2.Content("ตำแหน่ง", TODAY, CredentialWish.NONE, wants_groups=True), "duty_missing"),
    ],
)
def test_submit_refuses_what_the_form_does_not_allow(town, asked, reason):
    draft = form_2.draft(actor=actor_of(town.officer), authority=town.authority, content=asked, at=NOW)

    refused(reason, form_2.submit, actor=actor_of(town.officer), request_public_id=draft.public_id, at=NOW)


def test_submit_without_an_account_can_only_ask_for_one(town):
    invitation = factories.an_invitation(town)
    draft = form_2.draft(
        actor=visitor("invitation"),
        authority=town.authority,
        content=content(CredentialWish.NONE),
        invitation=invitation,
        at=LATER,
    )

    refused(
        "needs_account",
        form_2.submit,
        actor=visitor("invitation", person_id=draft.applicant_id),
        request_public_id=draft.public_id,
        at=LATER,
    )


def test_submit_by_somebody_else_is_refused(town):
    draft = factories.a_request(town, submitted=False)

    for stranger in (actor_of(town.head), visitor("invitation"), visitor("invitation", person_id=town.head.person_id)):
        refused("not_applicant", form_2.submit, actor=stranger, request_public_id=draft.public_id, at=NOW)


def test_submit_a_second_request_while_one_waits_is_refused(town):
    waiting = factories.a_request(town)
    second = factories.a_request(town, groups=("budget_officer",), submitted=False)

    denied = refused(
        "request_is_open",
        form_2.submit,
        actor=actor_of(town.officer),
        request_public_id=second.public_id,
        at=NOW,
    )

    assert denied.facts["case"] == waiting.case
    assert waiting.case in policies.Verdict(denied.reason, denied.facts).sentence


def test_submit_that_cannot_be_recorded_leaves_the_draft(town):
    draft = factories.a_request(town, submitted=False)
    factories.fill_the_next_place(town.authority.pk)

    with pytest.raises(IntegrityError), transaction.atomic():
        form_2.submit(actor=actor_of(town.officer), request_public_id=draft.public_id, at=NOW)

    draft.refresh_from_db()
    assert (draft.state, draft.case) == (RequestState.DRAFT, "")
    assert not Message.objects.filter(kind="request_waits").exists()


def test_submit_revokes_a_password_that_somebody_else_may_know(town):
    identity.start_session(subject=town.officer, session_key="k" * 32, address="", device="", at=NOW)

    factories.a_request(
        town,
        wish=CredentialWish.CANNOT_ENTER,
        groups=(),
        cannot_enter_reason="รหัสสูญหาย",
        secret_may_be_known=True,
    )

    town.officer.refresh_from_db()
    assert not town.officer.has_usable_password()
    assert not Session.objects.filter(subject=town.officer, ended_at=None).exists()
    assert "credential.revoked" in events()


def test_submit_leaves_a_password_that_nobody_else_knows(town):
    factories.a_request(town, wish=CredentialWish.CANNOT_ENTER, groups=(), cannot_enter_reason="ลืม")

    town.officer.refresh_from_db()
    assert town.officer.has_usable_password()


# --- Correcting and withdrawing ---------------------------------------------------------------------------------


def test_correct_changes_the_content_and_counts_the_version(town):
    request = factories.a_request(town)

    form_2.correct(
        actor=actor_of(town.officer),
        request_public_id=request.public_id,
        content=content(groups=("budget_officer", "procurement_officer")),
        version=1,
        at=LATER,
    )

    corrected = AccessRequest.objects.get(pk=request.pk)
    assert (corrected.version, corrected.case, corrected.state) == (2, request.case, RequestState.SUBMITTED)
    assert {group.code for group in queries.groups_of(corrected).asked} == {"budget_officer", "procurement_officer"}


def test_correct_that_changes_nothing_leaves_the_version(town):
    request = factories.a_request(town)
    before = everything()

    form_2.correct(
        actor=actor_of(town.officer),
        request_public_id=request.public_id,
        content=queries.content_of(request),
        version=1,
        at=LATER,
    )

    assert everything() == before


def test_correct_of_an_older_version_is_refused(town):
    request = factories.a_request(town)
    arguments = {"actor": actor_of(town.officer), "request_public_id": request.public_id, "at": LATER}
    form_2.correct(**arguments, content=content(groups=("budget_officer",)), version=1)

    refused(
        "changed_elsewhere", form_2.correct, **arguments, content=content(groups=("procurement_officer",)), version=1
    )


def test_correct_of_a_waiting_request_keeps_to_what_may_be_asked(town):
    request = factories.a_request(town)
    arguments = {"actor": actor_of(town.officer), "request_public_id": request.public_id, "at": LATER}

    refused("asks_for_nothing", form_2.correct, **arguments, content=content(groups=()))
    refused("has_account_already", form_2.correct, **arguments, content=content(CredentialWish.NEW_USER))


def test_correct_to_lost_revokes_the_password_too(town):
    request = factories.a_request(town, wish=CredentialWish.CANNOT_ENTER, groups=(), cannot_enter_reason="ลืม")

    form_2.correct(
        actor=actor_of(town.officer),
        request_public_id=request.public_id,
        content=content(
            CredentialWish.CANNOT_ENTER, groups=(), cannot_enter_reason="รหัสสูญหาย", secret_may_be_known=True
        ),
        at=LATER,
    )

    town.officer.refresh_from_db()
    assert not town.officer.has_usable_password()


@pytest.mark.parametrize("end", ["approve", "refuse", "withdraw"])
def test_correct_and_withdraw_after_the_end_are_refused(town, end):
    request = factories.a_request(town)
    if end == "withdraw":
        form_2.withdraw(actor=actor_of(town.officer), request_public_id=request.public_id, at=NOW)
    else:
        decide(town, request, approve=end == "approve", refusal_reason="ไม่ตรงกับหน้าที่")
    reason = "not_waiting" if end == "withdraw" else "already_decided"
    arguments = {"actor": actor_of(town.officer), "request_public_id": request.public_id, "at": LATER}

    refused(reason, form_2.correct, **arguments, content=content(groups=("budget_officer",)))
    refused(reason, form_2.withdraw, **arguments)


def test_withdraw_takes_the_request_back(town):
    request = factories.a_request(town)

    form_2.withdraw(actor=actor_of(town.officer), request_public_id=request.public_id, at=LATER)

    request.refresh_from_db()
    assert (request.state, request.withdrawn_at) == (RequestState.WITHDRAWN, LATER)
    assert factories.a_request(town, groups=("budget_officer",)).case == "0002/2570"


def test_withdraw_by_the_head_is_refused(town):
    request = factories.a_request(town)

    refused("not_applicant", form_2.withdraw, actor=actor_of(town.head), request_public_id=request.public_id, at=NOW)


# --- Deciding ---------------------------------------------------------------------------------------------------


def test_decide_to_approve_grants_records_and_tells(town):
    request = factories.a_request(town, groups=("finance_officer", "accounting_officer"))

    decide(town, request, group_codes=("finance_officer", "budget_officer"))

    request = queries.requests().get(pk=request.pk)
    groups = queries.groups_of(request)
    assert (request.state, request.decided_by_id) == (RequestState.APPROVED, town.head.person_id)
    assert request.decider_name == "นางสาวปุญญิศา ตั้งพิสุทธิ์กุล"
    assert request.decider_position_th == "นักวิชาการเงินและบัญชีชำนาญการ รักษาราชการแทน ผู้อำนวยการกองคลัง"
    assert [group.code for group in groups.not_granted] == ["accounting_officer"]
    assert [group.code for group in groups.unasked] == ["budget_officer"]
    grants = Grant.objects.filter(subject=town.officer, ended_at=None)
    assert {(grant.group.code, grant.basis, grant.order_number, grant.case) for grant in grants} == {
        ("finance_officer", Basis.ORDER, "338/2569", request.case),
        ("budget_officer", Basis.ORDER, "338/2569", request.case),
    }
    approved = AuditEvent.objects.get(name="access_request.approved")
    assert approved.facts["asked"] == ["เจ้าหน้าที่การเงิน", "เจ้าหน้าที่บัญชี"]
    assert approved.facts["granted"] == ["เจ้าหน้าที่การเงิน", "เจ้าหน้าที่งบประมาณ"]
    assert Message.objects.filter(kind="request_approved", to_address=town.officer.email).exists()


def test_decide_without_an_order_notes_that_it_is_to_follow(town):
    decide(town, factories.a_request(town), order_number="", order_date=None)

    assert Grant.objects.get(subject=town.officer).basis == Basis.TO_FOLLOW


def test_decide_to_approve_a_new_user_opens_the_account_and_sends_two_secrets(town):
    request = factories.a_request(town, wish=CredentialWish.NEW_USER)

    decide(town, request, username="rawai.new")

    subject = Subject.objects.get(username="rawai.new")
    request.refresh_from_db()
    assert (subject.state, subject.person_id) == (SubjectState.PENDING, request.applicant_id)
    assert (request.opened_subject, request.subject) == (subject, subject)
    sent = Message.objects.filter(case=request.case).values_list("kind", "channel", "to_address")
    assert ("activation", Channel.MAIL, request.email) in sent
    assert ("activation_code", Channel.SMS, request.mobile) in sent
    assert Invitation.objects.get(pk=request.invitation_id).ended_at == NOW


def test_decide_to_renew_a_password_keeps_the_user_id(town):
    request = factories.a_request(town, wish=CredentialWish.CANNOT_ENTER, groups=(), cannot_enter_reason="ลืมรหัสผ่าน")

    decide(town, request, group_codes=(), order_number="", order_date=None)

    assert Activation.objects.get(subject=town.officer, used_at=None).purpose == Activation.Purpose.REPLACE
    assert Subject.objects.filter(person=town.officer.person).count() == 1


def test_decide_a_wish_to_give_up_groups_needs_none_to_be_granted(town):
    request = factories.a_request(town, groups=("finance_officer",))
    decide(town, request)
    reducing = form_2.draft(
        actor=actor_of(town.officer),
        authority=town.authority,
        content=form_2.Content("ตำแหน่ง", TODAY, CredentialWish.NONE, wants_groups=True, duty="ขอลดกลุ่มเจ้าหน้าที่การเงิน"),
        at=LATER,
    )
    reducing = form_2.submit(actor=actor_of(town.officer), request_public_id=reducing.public_id, at=LATER)

    decide(town, reducing, group_codes=(), order_number="", order_date=None, at=LATER)

    assert AccessRequest.objects.get(pk=reducing.pk).state == RequestState.APPROVED


def test_decide_to_refuse_says_why_and_tells(town):
    request = factories.a_request(town, wish=CredentialWish.NEW_USER)

    decide(town, request, approve=False, refusal_reason="ยังไม่มีคำสั่งมอบหมายหน้าที่")

    request.refresh_from_db()
    assert (request.state, request.refusal_reason) == (RequestState.REFUSED, "ยังไม่มีคำสั่งมอบหมายหน้าที่")
    told = Message.objects.get(kind="request_refused")
    assert told.to_address == request.email
    assert "ยังไม่มีคำสั่งมอบหมายหน้าที่" in render(told, at=NOW).text
    assert not Grant.objects.filter(person=request.applicant).exists()
    assert not Subject.objects.filter(person=request.applicant).exists()


@pytest.mark.parametrize(
    ("answers", "reason"),
    [
        ({"group_codes": ()}, "nothing_granted"),
        ({"approve": False, "refusal_reason": ""}, "refusal_reason_missing"),
        ({"version": 7}, "changed_since_shown"),
        ({"version": 0}, "changed_since_shown"),
        ({"group_codes": ("finance_head",)}, "group_not_for_heads"),
        ({"group_codes": ("executive",)}, "group_for_executives_only"),
        ({"group_codes": ("finance_officer", "no_such_group")}, "group_not_in_force"),
    ],
)
def test_decide_badly_changes_nothing(town, answers, reason):
    request = factories.a_request(town)

    refused(
        reason,
        form_2.decide,
        actor=actor_of(town.head),
        request_public_id=request.public_id,
        opinion=opinion(request, **answers),
        at=NOW,
    )


def test_decide_a_new_user_needs_a_free_user_id(town):
    request = factories.a_request(town, wish=CredentialWish.NEW_USER)
    arguments = {"actor": actor_of(town.head), "request_public_id": request.public_id, "at": NOW}

    refused("new_user_id_missing", form_2.decide, **arguments, opinion=opinion(request))
    refused("user_id_taken", form_2.decide, **arguments, opinion=opinion(request, username=town.officer.username))
    lookalike = town.officer.username.replace(".", "_")
    refused("user_id_taken", form_2.decide, **arguments, opinion=opinion(request, username=lookalike))


def test_decide_twice_the_second_is_told(town):
    request = factories.a_request(town)
    decide(town, request)

    for approve in (True, False):
        refused(
            "already_decided",
            form_2.decide,
            actor=actor_of(town.head),
            request_public_id=request.public_id,
            opinion=opinion(request, approve=approve, refusal_reason="x"),
            at=LATER,
        )


@pytest.mark.parametrize("state", ["draft", "withdrawn"])
def test_decide_what_does_not_wait_is_refused(town, state):
    request = factories.a_request(town, submitted=state != "draft")
    if state == "withdrawn":
        form_2.withdraw(actor=actor_of(town.officer), request_public_id=request.public_id, at=NOW)

    refused(
        "not_waiting",
        form_2.decide,
        actor=actor_of(town.head),
        request_public_id=request.public_id,
        opinion=opinion(request),
        at=NOW,
    )


def test_decide_by_anybody_but_the_head_in_office_is_refused(town):
    other = factories.a_town("กะรน", stem="karon")
    request = factories.a_request(town)
    colleague = factories.an_account(factories.a_person("สมศรี", "มีสุข"), town.authority)
    arguments = {"request_public_id": request.public_id, "opinion": opinion(request), "at": LATER}

    refused("own_request", form_2.decide, actor=actor_of(town.officer), **arguments)
    for stranger in (other.head, other.officer, colleague):
        refused("not_head", form_2.decide, actor=actor_of(stranger), **arguments)
    entitlements.close_tenure(actor=factories.TEST, tenure_id=town.tenure.pk, at=NOW + timedelta(minutes=1))
    refused("not_head", form_2.decide, actor=actor_of(town.head), **arguments)


def test_decide_own_request_as_another_account_is_refused_by_the_person(town):
    """D7: the person counts, not the account; the database refuses it too."""
    request = factories.a_request(town)
    with state_change(actor=factories.TEST, at=NOW) as change:
        AccessRequest.objects.filter(pk=request.pk).update(applicant=town.head.person)
        change.record("unit.added", organisation_id=None, unit="")
    request.refresh_from_db()

    refused(
        "own_request",
        form_2.decide,
        actor=actor_of(town.head),
        request_public_id=request.public_id,
        opinion=opinion(request),
        at=NOW,
    )
    with (
        pytest.raises(IntegrityError, match="request_is_not_decided_by_its_applicant"),
        transaction.atomic(),
        state_change(actor=actor_of(town.head), at=NOW),
    ):
        AccessRequest.objects.filter(pk=request.pk).update(
            state=RequestState.REFUSED, refusal_reason="x", decided_by=town.head.person, decided_at=NOW
        )


def test_approve_sends_no_key_to_the_deciders_own_mailbox_or_mobile(town):
    for email, mobile in ((town.head.email.upper(), ""), ("", town.head.mobile)):
        request = factories.a_request(town, wish=CredentialWish.NEW_USER)
        with state_change(actor=factories.TEST, at=NOW) as change:
            AccessRequest.objects.filter(pk=request.pk).update(
                email=email or request.email, mobile=mobile or request.mobile
            )
            change.record("unit.added", organisation_id=None, unit="")

        refused(
            "contact_is_yours",
            form_2.decide,
            actor=actor_of(town.head),
            request_public_id=request.public_id,
            opinion=opinion(request, username="rawai.new"),
            at=NOW,
        )
        decide(town, request, approve=False, refusal_reason="ข้อมูลติดต่อไม่ถูกต้อง")


def test_approve_a_suspended_account_is_refused_until_it_is_back(town):
    request = factories.a_request(town, wish=CredentialWish.CANNOT_ENTER, groups=(), cannot_enter_reason="ลืมรหัสผ่าน")
    head, public_id = actor_of(town.head), town.officer.public_id
    revocation.suspend(actor=head, subject_public_id=public_id, reason="ลา", at=NOW)
    given = opinion(request, group_codes=(), order_number="", order_date=None)

    refused(
        "account_is_suspended",
        form_2.decide,
        actor=head,
        request_public_id=request.public_id,
        opinion=given,
        at=NOW,
    )
    revocation.resume(actor=head, subject_public_id=public_id, at=NOW)
    form_2.decide(actor=head, request_public_id=request.public_id, opinion=given, at=NOW)


# --- The sheet in the register of documents ---------------------------------------------------------------------


def registered(request: AccessRequest) -> bool:
    current = queries.requests().get(pk=request.pk)
    digest = content_hash(sheet.sheet_of(current, queries.groups_of(current)))
    return IssuedDocument.objects.filter(case=current.case, content_hash=digest).exists()


def test_each_act_registers_the_sheet_as_it_then_reads(town):
    request = factories.a_request(town)
    assert registered(request)

    form_2.correct(
        actor=actor_of(town.officer),
        request_public_id=request.public_id,
        content=content(groups=("budget_officer",)),
        at=LATER,
    )
    assert registered(request)
    request.refresh_from_db()
    decide(town, request, group_codes=("budget_officer",), at=LATER)
    assert registered(request)
    assert IssuedDocument.objects.filter(case=request.case).count() == 3
    assert len(set(IssuedDocument.objects.values_list("code", flat=True))) == 3


def test_sheet_shows_part_2_once_the_account_is_closed_and_a_print_registers_it(town):
    request = factories.a_request(town, wish=CredentialWish.NEW_USER)
    decide(town, request, username="rawai.new")
    subject = factories.activate(Subject.objects.get(username="rawai.new"))
    revocation.close_account(
        actor=actor_of(town.head),
        subject_public_id=subject.public_id,
        reason=ClosureReason.RETIRED,
        other_text="",
        effective_date=TODAY,
        left_date=None,
        case=request.case,
        at=LATER,
    )
    current = queries.requests().get(pk=request.pk)
    assert sheet.sheet_of(current, queries.groups_of(current)).part2.other_text == "เกษียณอายุราชการ"
    assert not registered(request)

    form_2.register(actor=actor_of(town.head), request_public_id=request.public_id, at=LATER)
    form_2.register(actor=actor_of(town.head), request_public_id=request.public_id, at=LATER)

    assert registered(request)
    assert IssuedDocument.objects.filter(case=request.case).count() == 3


def test_register_by_a_stranger_is_refused(town):
    request = factories.a_request(town)
    other = factories.a_town("กะรน", stem="karon")

    refused("not_head", form_2.register, actor=actor_of(other.head), request_public_id=request.public_id, at=NOW)


def test_sheet_keeps_names_as_they_were_signed(town):
    request = factories.a_request(town)
    decide(town, request)
    factories.organisations.rename_person(
        actor=factories.TEST,
        person_id=town.officer.person_id,
        title="นาง",
        given_name="ญาณิศา",
        family_name="ใหม่เอี่ยม",
        organisation_id=None,
        at=LATER,
    )

    current = queries.requests().get(pk=request.pk)
    assert sheet.sheet_of(current, queries.groups_of(current)).part1.applicant_name == "นางสาวญาณิศา ภู่ประเสริฐ"
    assert registered(request)


# --- Invitations ------------------------------------------------------------------------------------------------


def invite(town: Town, *, actor=None, email: str = "newcomer@example.go.th", at=NOW, **others) -> Invitation:
    return form_2.invite(
        actor=actor or actor_of(town.head),
        authority=town.authority,
        title="นาย",
        given_name="วีรภัทร",
        family_name="แซ่ลิ้ม",
        email=email,
        at=at,
        **others,
    )


def test_invite_keeps_only_the_digest_of_the_link_and_mails_it(town):
    invitation = invite(town)

    secret = factories.secrets_sent("newcomer@example.go.th")["link_secret"]
    assert secret not in str(Invitation.objects.values().get(pk=invitation.pk))
    letter = render(invitation.mail, at=NOW)
    assert f"/form-2/{secret}/" in letter.text
    assert secret not in " ".join(AuditEvent.objects.values_list("facts_json", flat=True))


def test_invite_again_ends_the_older_link(town):
    invite(town)
    old = factories.secrets_sent("newcomer@example.go.th")["link_secret"]
    invite(town, at=LATER)

    refused("invitation_ended", form_2.open_invitation, actor=visitor("invitation"), link_secret=old, at=LATER)


def test_invite_from_one_page_twice_is_one_invitation(town):
    invite(town, public_id="bcdfghjkmnpq")

    before = everything()
    with pytest.raises(Denied, match="sent_already"):
        invite(town, public_id="bcdfghjkmnpq")
    assert everything() == before


def test_invite_is_the_heads_alone_and_never_to_himself(town):
    other = factories.a_town("กะรน", stem="karon")
    before = everything()

    for stranger in (town.officer, other.head):
        with pytest.raises(Denied, match="not_head"):
            invite(town, actor=actor_of(stranger))
    with pytest.raises(Denied, match="contact_is_yours"):
        invite(town, email=town.head.email.title())
    assert everything() == before


@pytest.mark.parametrize("secret", ["", "x", "0" * 43])
def test_open_invitation_with_a_wrong_link_is_refused(town, secret):
    invite(town)

    refused("invitation_ended", form_2.open_invitation, actor=visitor("invitation"), link_secret=secret, at=NOW)


def test_open_invitation_runs_from_the_hand_over_of_the_mail(town):
    """A mail server that is down for days must not eat the time of the link (F7)."""
    invitation = invite(town)
    secret = factories.secrets_sent("newcomer@example.go.th")["link_secret"]
    assert invitation.is_open_at(NOW + timedelta(days=30))
    with state_change(actor=factories.TEST, at=NOW) as change:
        invitation.mail.mark_sent(at=NOW + timedelta(days=3))
        change.record("unit.added", organisation_id=None, unit="")

    after = {"actor": visitor("invitation"), "link_secret": secret}
    form_2.open_invitation(**after, at=NOW + timedelta(days=10, seconds=-1))
    refused("invitation_ended", form_2.open_invitation, **after, at=NOW + timedelta(days=10))


def test_end_invitation_kills_the_link(town):
    invitation = invite(town)
    secret = factories.secrets_sent("newcomer@example.go.th")["link_secret"]
    arguments = {"invitation_public_id": invitation.public_id, "organisation_id": town.authority.pk, "at": NOW}
    refused("not_head", form_2.end_invitation, actor=actor_of(town.officer), **arguments)

    form_2.end_invitation(actor=actor_of(town.head), **arguments)

    refused("invitation_ended", form_2.open_invitation, actor=visitor("invitation"), link_secret=secret, at=NOW)


def test_end_invitation_of_another_authority_is_not_found(town):
    other = factories.a_town("กะรน", stem="karon")
    invitation = invite(town)

    with pytest.raises(Invitation.DoesNotExist):
        form_2.end_invitation(
            actor=actor_of(other.head),
            invitation_public_id=invitation.public_id,
            organisation_id=other.authority.pk,
            at=NOW,
        )


def opened(town: Town) -> Invitation:
    invite(town)
    secret = factories.secrets_sent("newcomer@example.go.th")["link_secret"]
    return form_2.open_invitation(actor=visitor("invitation"), link_secret=secret, at=NOW)


def test_confirm_mobile_takes_five_tries_and_ten_minutes(town):
    invitation = opened(town)
    who = {"actor": visitor("invitation"), "invitation_id": invitation.pk}
    form_2.send_mobile_code(**who, mobile="0891234567", at=NOW)
    code = factories.secrets_sent("0891234567")["code"]
    wrong = "000000" if code != "000000" else "111111"

    for _try in range(5):
        with pytest.raises(Denied, match="mobile_code_wrong"):
            form_2.confirm_mobile(**who, code=wrong, at=NOW)
    with pytest.raises(Denied, match="mobile_code_spent"):
        form_2.confirm_mobile(**who, code=code, at=NOW)
    form_2.send_mobile_code(**who, mobile="0891234567", at=NOW)
    code = factories.secrets_sent("0891234567")["code"]
    with pytest.raises(Denied, match="mobile_code_spent"):
        form_2.confirm_mobile(**who, code=code, at=NOW + timedelta(minutes=10, seconds=1))
    confirmed = form_2.confirm_mobile(**who, code=code, at=NOW + timedelta(minutes=10))

    assert confirmed.mobile_confirmed_at == NOW + timedelta(minutes=10)
    with pytest.raises(Denied, match="mobile_code_spent"):
        form_2.confirm_mobile(**who, code=code, at=NOW + timedelta(minutes=10))


def test_send_mobile_code_stops_after_ten_a_day(town):
    invitation = opened(town)
    arguments = {"actor": visitor("invitation"), "invitation_id": invitation.pk, "mobile": "0891234567"}
    for _code in range(limits.PER_ADDRESS_AND_DAY_MAX):
        form_2.send_mobile_code(**arguments, at=NOW)

    refused("too_many_codes", form_2.send_mobile_code, **arguments, at=NOW)
    invite(town, email="another@example.go.th")
    another = form_2.open_invitation(
        actor=visitor("invitation"),
        link_secret=factories.secrets_sent("another@example.go.th")["link_secret"],
        at=NOW,
    )
    refused("too_many_codes", form_2.send_mobile_code, **{**arguments, "invitation_id": another.pk}, at=NOW)


def test_send_mobile_code_stops_for_one_authority_and_for_no_other(town, monkeypatch):
    monkeypatch.setattr(limits, "FORM_2_PER_AUTHORITY_AND_DAY_MAX", 3)
    invite(factories.a_town("กะรน", "karon"), email="elsewhere@example.go.th")
    secret = factories.secrets_sent("elsewhere@example.go.th")["link_secret"]
    elsewhere = form_2.open_invitation(actor=visitor("invitation"), link_secret=secret, at=NOW)
    invitation = opened(town)
    who = {"actor": visitor("invitation"), "invitation_id": invitation.pk}
    for number in range(3):
        form_2.send_mobile_code(**who, mobile=f"089123456{number}", at=NOW)

    refused("too_many_codes_of_form_2", form_2.send_mobile_code, **who, mobile="0891234562", at=NOW)
    form_2.send_mobile_code(actor=visitor("invitation"), invitation_id=elsewhere.pk, mobile="0891234569", at=NOW)
    form_2.send_mobile_code(**who, mobile="0891234562", at=NOW + timedelta(days=1))


def test_send_mobile_code_never_to_another_number_once_one_is_confirmed(town):
    """A forwarded link opens nothing without the mobile that was confirmed first (T-02)."""
    invitation = factories.an_invitation(town)

    refused(
        "mobile_is_fixed",
        form_2.send_mobile_code,
        actor=visitor("invitation"),
        invitation_id=invitation.pk,
        mobile="0890000000",
        at=LATER,
    )
    form_2.send_mobile_code(
        actor=visitor("invitation"), invitation_id=invitation.pk, mobile=invitation.mobile, at=LATER
    )
    assert Invitation.objects.get(pk=invitation.pk).mobile_confirmed_at is not None


def test_draft_before_the_mobile_is_confirmed_is_refused(town):
    invitation = opened(town)

    refused(
        "mobile_not_confirmed",
        form_2.draft,
        actor=visitor("invitation"),
        authority=town.authority,
        content=content(CredentialWish.NEW_USER),
        invitation=invitation,
        at=NOW,
    )


def test_draft_by_invitation_belongs_to_the_authority_that_invited(town):
    other = factories.a_town("กะรน", stem="karon")
    invitation = factories.an_invitation(town)

    request = form_2.draft(
        actor=visitor("invitation"),
        authority=other.authority,
        content=content(CredentialWish.NEW_USER),
        invitation=invitation,
        at=LATER,
    )

    assert request.authority == town.authority


# --- Help -------------------------------------------------------------------------------------------------------


def test_help_goes_to_the_proven_mailbox(town):
    invitation = form_2.help_by_mail(actor=system("help-by-mail"), subject_id=town.officer.pk, at=NOW)

    assert invitation.subject == town.officer
    assert invitation.mail.to_address == town.officer.email
    secret = factories.secrets_sent(town.officer.email)["link_secret"]
    letter = render(invitation.mail, at=NOW)
    assert f"/form-2/{secret}/" in letter.text
    assert town.officer.username not in letter.text


@pytest.mark.parametrize("who", ["nobody", "head", "closed", "unproven"])
def test_help_writes_to_nobody_else(town, who):
    username = {"nobody": "nobody.here", "head": town.head.username}.get(who, town.officer.username)
    if who == "closed":
        with state_change(actor=factories.TEST, at=NOW):
            identity.close_subject(actor=factories.TEST, subject_id=town.officer.pk, case="", at=NOW)
    if who == "unproven":
        with state_change(actor=factories.TEST, at=NOW):
            identity.change_contact(
                actor=factories.TEST,
                subject_id=town.officer.pk,
                email="new@example.go.th",
                email_confirmed_at=None,
                mobile=town.officer.mobile,
                mobile_confirmed_at=NOW,
                at=NOW,
            )
    before = everything()

    subject_id = queries.subject_id_of(username)
    assert form_2.help_by_mail(actor=system("help-by-mail"), subject_id=subject_id, at=NOW) is None
    assert everything() == before


def test_help_stops_after_three_a_day(town):
    ask = {"actor": system("help-by-mail"), "subject_id": town.officer.pk}
    for _time in range(3):
        assert form_2.help_by_mail(**ask, at=NOW)

    assert form_2.help_by_mail(**ask, at=NOW + timedelta(hours=23)) is None
    assert form_2.help_by_mail(**ask, at=NOW + timedelta(hours=25))


# --- Paper ------------------------------------------------------------------------------------------------------


def test_key_from_paper_waits_like_any_other_and_keeps_both_dates(town):
    request = key(town, content=factories.content(CredentialWish.NEW_USER))

    request = AccessRequest.objects.get(pk=request.pk)
    assert (request.state, request.way_in, request.keyed_by) == (
        RequestState.SUBMITTED,
        WayIn.PAPER,
        town.head.person,
    )
    assert (request.form_date, request.submitted_at) == (TODAY, NOW)
    assert request.email_confirmed_at is None
    kept = request.scan
    assert (kept.case, kept.kind, kept.pages_count) == (request.case, "png", 1)
    assert storage.original(kept.public_id, kept.kind) == a_scan().getvalue()
    assert kept.drawn_at is None
    assert not Message.objects.filter(kind="request_waits").exists()
    assert decide(town, request, username="rawai.paper").state == RequestState.APPROVED


def test_key_from_paper_of_oneself_or_to_oneself_is_refused(town):
    before = everything()
    with pytest.raises(Denied, match="own_case"):
        key(town, applicant=town.head.person)
    with pytest.raises(Denied, match="contact_is_yours"):
        key(town, email=town.head.email)

    assert everything() == before


def files_kept() -> set[str]:
    folders, _ = default_storage.listdir("scans") if default_storage.exists("scans") else ([], [])
    return {name for folder in folders for name in default_storage.listdir(f"scans/{folder}")[1]}


def test_key_from_paper_that_is_refused_leaves_no_file(town):
    key(town, applicant=town.officer.person)
    before, files = everything(), files_kept()

    with pytest.raises(Denied, match="request_is_open"):
        key(town, applicant=town.officer.person)

    assert everything() == before
    assert files_kept() == files


def test_key_from_paper_that_cannot_be_recorded_leaves_no_file(town):
    factories.fill_the_next_place(town.authority.pk)
    files = files_kept()

    with pytest.raises(IntegrityError), transaction.atomic():
        key(town, applicant=town.officer.person)

    assert not StoredFile.objects.exists()
    assert files_kept() == files


def test_key_from_paper_from_one_page_twice_is_one_request(town):
    key(town, public_id="bcdfghjkmnpq")
    before = everything()

    with pytest.raises(Denied, match="sent_already"):
        key(town, public_id="bcdfghjkmnpq")

    assert everything() == before


def test_key_from_paper_by_an_officer_is_refused(town):
    before = everything()

    with pytest.raises(Denied, match="not_head"):
        form_2.key_from_paper(
            actor=actor_of(town.officer),
            authority=town.authority,
            applicant=None,
            title="นาย",
            given_name="ก",
            family_name="",
            email="k@example.go.th",
            mobile="",
            content=factories.content(CredentialWish.NEW_USER),
            upload=check_upload(a_scan().getvalue(), filename="form.png"),
            at=NOW,
        )

    assert everything() == before


def test_password_of_an_account_of_another_authority_cannot_be_renewed_here(town):
    other = factories.a_town("กะรน", stem="karon")
    factories.a_post(other.officer.person, town.authority, "นักวิชาการเงินและบัญชี")
    asked = factories.content(CredentialWish.CANNOT_ENTER, groups=(), cannot_enter_reason="ลืม")

    with pytest.raises(Denied, match="account_of_another_authority"):
        key(town, applicant=other.officer.person, content=asked)


# --- The slip ---------------------------------------------------------------------------------------------------


def test_slip_gives_the_second_code_once_and_ends_the_former_one(town):
    request = factories.a_request(town, wish=CredentialWish.NEW_USER)
    decide(town, request, username="rawai.new")
    subject = Subject.objects.get(username="rawai.new")
    by_sms = factories.secrets_sent(subject)

    slip = form_2.print_activation_slip(actor=actor_of(town.head), subject_public_id=subject.public_id, at=LATER)

    who = visitor("activation")
    with pytest.raises(Denied, match="activation_failed"):
        identity.prove_activation(
            actor=who, link_secret=by_sms["link_secret"], second_code=by_sms["second_code"], at=LATER
        )
    assert identity.prove_activation(
        actor=who, link_secret=by_sms["link_secret"], second_code=slip.code, at=NOW + timedelta(hours=71)
    )
    # A slip prolongs an activation to three days from the approval, and no further.
    assert slip.ends_at == NOW + timedelta(hours=72)
    assert slip.code not in " ".join(AuditEvent.objects.values_list("facts_json", flat=True))


def test_slip_is_printed_by_the_head_of_that_authority_and_never_for_himself(town):
    request = factories.a_request(town, wish=CredentialWish.NEW_USER)
    decide(town, request, username="rawai.new")
    other = factories.a_town("กะรน", stem="karon")
    subject = Subject.objects.get(username="rawai.new")

    for stranger in (other.head, town.officer):
        refused(
            "not_head",
            form_2.print_activation_slip,
            actor=actor_of(stranger),
            subject_public_id=subject.public_id,
            at=NOW,
        )
    refused(
        "own_case",
        form_2.print_activation_slip,
        actor=actor_of(town.head),
        subject_public_id=town.head.public_id,
        at=NOW,
    )
    factories.activate(subject)
    refused(
        "activation_ended",
        form_2.print_activation_slip,
        actor=actor_of(town.head),
        subject_public_id=subject.public_id,
        at=NOW,
    )
