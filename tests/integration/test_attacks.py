"""What an attacker tried and must not get, each named after its threat (docs/threat-model.md)."""

import json
import re
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from io import BytesIO

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django_tasks_db.models import DBTaskResult
from PIL import Image

from kunjae.access_requests import operations as form_2
from kunjae.access_requests import queries
from kunjae.access_requests.models import AccessRequest, CredentialWish, Invitation, RequestState
from kunjae.access_requests.operations import deciding, offices
from kunjae.audit.change import state_change
from kunjae.audit.models import AuditEvent
from kunjae.core import reasons
from kunjae.core.actor import visitor
from kunjae.core.text import clean_person_name
from kunjae.core.uploads import check_upload
from kunjae.core.verdict import Denied
from kunjae.identity import operations as identity
from kunjae.identity.models import Activation, Subject
from kunjae.organisations.models import Capacity, Office, Person
from kunjae.revocation import operations as revocation
from tests import factories
from tests.factories import NOW, TODAY, Town, actor_of

pytestmark = pytest.mark.django_db

LATER = NOW + timedelta(hours=1)


@pytest.fixture
def town() -> Town:
    return factories.a_town()


def refused(reason: str, act, *arguments, **named) -> None:
    """Try an act that is refused for one reason."""
    with pytest.raises(Denied) as denied:
        act(*arguments, **named)
    assert denied.value.reason == reason


def give_access(town: Town, **changed: object) -> Subject:
    options = {
        "actor": actor_of(town.head),
        "appointment_id": town.executive_post.pk,
        "username": "rawai.nayok",
        "email": "nayok@example.go.th",
        "mobile": "0812345678",
        "at": NOW,
    } | changed
    return form_2.give_executive_access(**options).subject


def invite(town: Town, **changed: object):
    options = {
        "actor": actor_of(town.head),
        "authority": town.authority,
        "title": "นาย",
        "given_name": "วีรภัทร",
        "family_name": "แซ่ลิ้ม",
        "email": "newcomer@example.go.th",
        "at": NOW,
    } | changed
    return form_2.invite(**options)


def key(town: Town, *, applicant: Person | None = None, **changed: object) -> AccessRequest:
    picture = BytesIO()
    Image.new("L", (300, 300)).save(picture, "PNG")
    options = {
        "actor": actor_of(town.head),
        "authority": town.authority,
        "applicant": applicant,
        "title": "นาย",
        "given_name": "วีรภัทร",
        "family_name": "แซ่ลิ้ม",
        "email": "newcomer@example.go.th",
        "mobile": "",
        "content": factories.content(CredentialWish.NEW_USER),
        "upload": check_upload(picture.getvalue(), filename="form.png"),
        "at": NOW,
    } | changed
    return form_2.key_from_paper(**options)


def record_executive(town: Town, *, person: Person | None = None, **changed: object):
    options = {
        "actor": actor_of(town.head),
        "authority": town.authority,
        "office": Office.CHIEF_EXECUTIVE,
        "capacity": Capacity.ACTING_FOR,
        "position_th": town.authority.chief_executive_title_th,
        "person": person,
        "title": "นาย",
        "given_name": "ธนกฤต",
        "family_name": "วงศ์สว่าง",
        "from_date": TODAY,
        "order_number": "340/2569",
        "order_date": TODAY,
        "at": NOW,
    } | changed
    return offices.record_executive(**options)


# --- T-06, D4, D7: keys that would reach the decider, or somebody who has an account ------------------------------


def of_the_head(town: Town) -> list[str]:
    local, domain = town.head.email.split("@")
    return [f"{local}+nayok@{domain}", f"{local.upper()}@{domain}", f"{local}+a+b@{domain.upper()}"]


def test_t06_head_names_his_own_mailbox_in_other_words(town):
    for email in of_the_head(town):
        refused("contact_is_yours", give_access, town, email=email)
        refused("contact_is_yours", invite, town, email=email)

    assert not Subject.objects.filter(username="rawai.nayok").exists()


def test_t06_head_names_the_contact_of_another_account(town):
    other = factories.a_town("กะรน", "karon")
    local, domain = town.officer.email.split("@")

    refused("contact_is_anothers", give_access, town, email=f"{local}+x@{domain}")
    refused("contact_is_anothers", give_access, town, mobile=other.officer.mobile)

    assert not Subject.objects.filter(username="rawai.nayok").exists()


def test_d7_new_account_takes_nobody_elses_contact(town):
    local, domain = town.officer.email.split("@")
    request = factories.a_request(town, wish=CredentialWish.NEW_USER, email=f"{local}+new@{domain}")

    refused("contact_is_anothers", factories.approve, town, request, username="rawai.new")

    assert not Subject.objects.filter(username="rawai.new").exists()


def test_d7_two_requests_that_wait_share_no_mailbox(town):
    first = factories.a_request(town, wish=CredentialWish.NEW_USER, email="same.box@gmail.com")
    second = factories.a_request(town, wish=CredentialWish.NEW_USER, email="samebox+2@googlemail.com")

    for request in (first, second):
        refused("contact_is_anothers", factories.approve, town, request, username="rawai.new")


def test_t06_executive_is_reached_in_two_ways_without_the_head(town):
    for missing in ("email", "mobile"):
        refused("executive_needs_both", give_access, town, **{missing: ""})


def test_t06_head_prints_no_slip_in_place_of_an_executives_sms(town):
    executive = give_access(town)

    refused(
        "executive_gets_sms",
        form_2.print_activation_slip,
        actor=actor_of(town.head),
        subject_public_id=executive.public_id,
        at=NOW,
    )

    assert Activation.objects.get(subject=executive).second_way == Activation.SecondWay.SMS
    assert not offices.renew_executive_activation(
        actor=actor_of(town.head), appointment_id=town.executive_post.pk, at=LATER
    ).needs_slip


def test_t06_page_of_an_executives_own_request_offers_no_slip(town):
    executive = factories.activate(give_access(town))
    request = key(
        town,
        applicant=executive.person,
        content=factories.content(CredentialWish.CANNOT_ENTER, (), cannot_enter_reason="ลืมรหัสผ่าน"),
    )
    factories.approve(town, request, groups=())
    head = factories.sign_in_client(Client(), town.head)
    address = [reverse(f"access_requests:{name}", args=[town.authority.code, request.public_id]) for name in (
        "request", "decided", "slip"
    )]  # fmt: skip

    pages = [head.get(path).content.decode() for path in address[:2]]
    answer = head.post(address[2])

    assert not any(address[2] in page for page in pages)
    assert answer.status_code == 422
    assert reasons.sentence("executive_gets_sms", {}) in answer.content.decode()


# --- D7: the head under a second name -----------------------------------------------------------------------------


def own_name(town: Town) -> dict[str, str]:
    own = town.head.person
    return {"title": own.title, "given_name": own.given_name, "family_name": own.family_name}


def test_d7_head_under_his_own_name_is_invited_keyed_and_recorded_by_nobody(town):
    refused("own_name", invite, town, **own_name(town))
    refused("own_name", invite, town, **own_name(town) | {"given_name": f"นางสาว{town.head.person.given_name}"})
    refused("own_name", key, town, **own_name(town))
    refused("own_name", record_executive, town, **own_name(town))

    namesake = factories.a_person(town.head.person.given_name, town.head.person.family_name)
    refused("own_name", key, town, applicant=namesake)
    refused("own_name", record_executive, town, person=namesake)


def test_d7_head_decides_on_nobody_of_his_own_name(town):
    request = factories.a_request(town, wish=CredentialWish.NEW_USER)
    with state_change(actor=factories.TEST, at=NOW) as change:
        request.applicant.change_to(**own_name(town))
        change.record("unit.added", organisation_id=town.authority.pk, unit="x")

    refused("own_name", factories.approve, town, request, username="rawai.new")
    page = factories.sign_in_client(Client(), town.head).get(
        reverse("access_requests:decision", args=[town.authority.code, request.public_id])
    )

    assert page.status_code == 422
    assert reasons.sentence("own_name") in page.content.decode()


# --- D7: one human, one account -----------------------------------------------------------------------------------


def test_d7_second_account_of_one_name_needs_the_heads_word(town):
    first = factories.a_request(town, wish=CredentialWish.NEW_USER)
    factories.approve(town, first, username="rawai.new1")
    second = factories.a_request(town, wish=CredentialWish.NEW_USER, email="other@example.go.th")

    refused("same_name_has_account", factories.approve, town, second, username="rawai.new2")
    factories.approve(town, second, username="rawai.new2", is_namesake=True)

    said = AuditEvent.objects.filter(name="access_request.approved").latest("pk")
    assert json.loads(said.facts_json)["namesake_of"] == ["rawai.new1"]


def test_d7_page_of_the_opinion_asks_about_a_namesake(town):
    factories.approve(town, factories.a_request(town, wish=CredentialWish.NEW_USER), username="rawai.new1")
    second = factories.a_request(town, wish=CredentialWish.NEW_USER, email="other@example.go.th")
    head = factories.sign_in_client(Client(), town.head)
    typed = {
        "version": second.version,
        "opinion": "approve",
        "username": "rawai.new2",
        "groups": ["finance_officer"],
    }
    pages = [
        reverse(f"access_requests:{name}", args=[town.authority.code, second.public_id])
        for name in ("decision", "decision_summary")
    ]

    asked = head.post(pages[0], typed)
    shown = head.post(pages[0], typed | {"namesake": "on"}, follow=True)
    done = head.post(pages[1], dict(shown.context["hidden"]))

    assert asked.status_code == 422
    assert reasons.sentence("same_name_has_account", {"usernames": "rawai.new1"}) in asked.content.decode()
    assert (shown.status_code, done.status_code) == (200, 303)
    assert Subject.objects.filter(username="rawai.new2").exists()


# --- N-01, T-02, T-22: invitations, help by mail, codes by SMS ----------------------------------------------------


def help_of(subject: Subject, *, at=NOW) -> Invitation:
    return form_2.help_by_mail(actor=factories.TEST, subject_id=subject.pk, at=at)


def proven(subject: Subject, *, at=NOW) -> Invitation:
    """A link of help that its person opened, with the mobile confirmed."""
    invitation = help_of(subject, at=at)
    guest = visitor("invitation", person_id=subject.person_id)
    form_2.open_invitation(actor=guest, link_secret=factories.secrets_sent(subject)["link_secret"], at=at)
    form_2.send_mobile_code(actor=guest, invitation_id=invitation.pk, mobile=subject.mobile, at=at)
    code = factories.secrets_sent(subject.mobile)["code"]
    return form_2.confirm_mobile(actor=guest, invitation_id=invitation.pk, code=code, at=at)


def asks_for_a_password(town: Town, invitation: Invitation, *, at=NOW) -> AccessRequest:
    return form_2.draft(
        actor=visitor("invitation", person_id=town.officer.person_id),
        authority=town.authority,
        content=factories.content(CredentialWish.CANNOT_ENTER, (), cannot_enter_reason="ลืมรหัสผ่าน"),
        invitation=invitation,
        at=at,
    )


def names() -> list[str]:
    return list(AuditEvent.objects.order_by("pk").values_list("name", flat=True))


def test_n01_draft_begun_elsewhere_bars_nobody_from_help(town):
    signed_in = factories.a_request(town, submitted=False)

    first = asks_for_a_password(town, proven(town.officer))
    later = NOW + timedelta(days=2)
    newer = proven(town.officer, at=later)
    second = asks_for_a_password(town, newer, at=later)

    states = [AccessRequest.objects.get(pk=item.pk).state for item in (signed_in, first, second)]
    assert states == [RequestState.WITHDRAWN, RequestState.WITHDRAWN, RequestState.DRAFT]
    assert second.invitation == newer
    assert names().count("access_request.withdrawn") == 2
    assert asks_for_a_password(town, newer, at=later) == second


def test_t19_link_of_help_opens_with_the_mobile_of_the_account_alone(town):
    invitation = help_of(town.officer)
    guest = visitor("invitation", person_id=town.officer.person_id)
    secret = factories.secrets_sent(town.officer.email)["link_secret"]
    form_2.open_invitation(actor=guest, link_secret=secret, at=NOW)

    assert (invitation.mobile, invitation.mobile_confirmed_at) == (town.officer.mobile, NOW)
    refused(
        "mobile_is_fixed",
        form_2.send_mobile_code,
        actor=guest,
        invitation_id=invitation.pk,
        mobile="0899999999",
        at=NOW,
    )
    refused("mobile_code_spent", form_2.confirm_mobile, actor=guest, invitation_id=invitation.pk, code="", at=NOW)


@pytest.mark.parametrize("mobile", ["", "0812345678"])
def test_n01_help_asks_for_the_mobile_where_the_account_has_none_confirmed(town, mobile):
    with state_change(actor=factories.TEST, at=NOW):
        identity.change_contact(
            actor=factories.TEST,
            subject_id=town.officer.pk,
            email=town.officer.email,
            email_confirmed_at=NOW,
            mobile=mobile,
            mobile_confirmed_at=None,
            at=NOW,
        )

    invitation = help_of(town.officer)

    assert (invitation.mobile, invitation.mobile_confirmed_at) == ("", None)


def test_t02_newer_link_of_help_ends_the_older_ones(town):
    opened, unopened = proven(town.officer), help_of(town.officer)
    opened.refresh_from_db()
    assert opened.ended_at == NOW

    newest = help_of(town.officer)

    unopened.refresh_from_db()
    assert (unopened.ended_at, newest.ended_at) == (NOW, None)
    assert names().count("invitation.ended") == 2


def test_t02_newer_invitation_ends_the_older_one_in_the_record(town):
    invite(town)

    invite(town)

    assert names().count("invitation.ended") == 1


def test_t22_one_number_gets_ten_codes_a_day_whoever_asks(town):
    sent = 0
    for number in range(3):
        guest = visitor("invitation")
        invitation = invite(town, email=f"n{number}@example.go.th")
        secret = factories.secrets_sent(invitation.email)["link_secret"]
        form_2.open_invitation(actor=guest, link_secret=secret, at=NOW)
        for mobile in ["0877777777"] * 9 + [f"086666666{number}"]:
            with suppress(Denied):
                form_2.send_mobile_code(actor=guest, invitation_id=invitation.pk, mobile=mobile, at=NOW)
                sent += mobile == "0877777777"

    assert sent == 10
    next_day = NOW + timedelta(days=1, seconds=1)
    form_2.send_mobile_code(actor=guest, invitation_id=invitation.pk, mobile="0877777777", at=next_day)


def test_t22_one_invitation_reaches_three_numbers_at_most(town):
    guest, invitation = visitor("invitation"), invite(town)
    secret = factories.secrets_sent(invitation.email)["link_secret"]
    form_2.open_invitation(actor=guest, link_secret=secret, at=NOW)
    for number in range(3):
        form_2.send_mobile_code(actor=guest, invitation_id=invitation.pk, mobile=f"087777777{number}", at=NOW)

    refused(
        "too_many_numbers",
        form_2.send_mobile_code,
        actor=guest,
        invitation_id=invitation.pk,
        mobile="0877777779",
        at=NOW,
    )
    form_2.send_mobile_code(actor=guest, invitation_id=invitation.pk, mobile="0877777772", at=NOW)


def test_t22_visitor_cannot_fill_the_record(town):
    invitation = factories.an_invitation(town)
    secret = factories.secrets_sent(invitation.email)["link_secret"]
    guest, before = visitor("invitation"), names()

    for _time in range(20):
        form_2.open_invitation(actor=guest, link_secret=secret, at=LATER)
        refused(
            "mobile_code_spent",
            form_2.confirm_mobile,
            actor=guest,
            invitation_id=invitation.pk,
            code="000000",
            at=LATER,
        )

    assert names() == before


def test_t19_what_is_typed_for_help_stays_nowhere(town):
    for typed in (town.officer.username, "my-secret-pass-27"):
        with CaptureQueriesContext(connection) as asked:
            Client().post(reverse("access_requests:forgotten_password"), {"username": typed})
        assert sum("identity_subject" in query["sql"] for query in asked) == 1

    kept = [row.args_kwargs["args"] for row in DBTaskResult.objects.filter(task_path__endswith="reset_by_mail")]
    assert sorted(kept) == [[0], [town.officer.pk]]


# --- T-04, T-10: what changed while the head was deciding ---------------------------------------------------------


def locked_tables(act) -> list[str]:
    """The tables whose rows an act locked, in that order."""
    with CaptureQueriesContext(connection) as asked:
        act()
    locks = [query["sql"] for query in asked if "FOR UPDATE" in query["sql"]]
    return [re.search(r'FROM "(\w+)"', sql)[1] for sql in locks]


@pytest.mark.skipif(connection.vendor == "sqlite", reason="SQLite locks no rows")
def test_t04_tenure_is_locked_before_what_it_is_used_on(town):
    head = actor_of(town.head)
    invitation, paper = invite(town, email="a@example.go.th"), key(town)
    request = factories.a_request(town, wish=CredentialWish.CANNOT_ENTER, groups=(), cannot_enter_reason="ลืมรหัสผ่าน")
    acts = {
        "end": lambda: form_2.end_invitation(
            actor=head, invitation_public_id=invitation.public_id, organisation_id=town.authority.pk, at=NOW
        ),
        "correct": lambda: form_2.correct(
            actor=head,
            request_public_id=paper.public_id,
            content=replace(queries.content_of(paper), duty="จัดทำบัญชี"),
            at=NOW,
        ),
        "decide": lambda: factories.approve(town, request, groups=()),
        "slip": lambda: form_2.print_activation_slip(actor=head, subject_public_id=town.officer.public_id, at=NOW),
    }

    for name, act in acts.items():
        tables = locked_tables(act)
        assert tables[0] == "entitlements_tenure", (name, tables)
        if name == "decide":
            assert "identity_subject" in tables[1:]


def test_t10_activation_is_issued_to_no_account_that_was_suspended_meanwhile(town):
    request = factories.a_request(town, wish=CredentialWish.CANNOT_ENTER, groups=(), cannot_enter_reason="ลืมรหัสผ่าน")
    stale = AccessRequest.objects.select_related("subject").get(pk=request.pk)
    revocation.suspend(actor=actor_of(town.head), subject_public_id=town.officer.public_id, reason="x", at=NOW)

    with state_change(actor=factories.TEST, at=NOW) as change:
        refused(
            "account_is_suspended",
            deciding._issue_activation,
            actor_of(town.head),
            request,
            stale.subject,
            at=NOW,
        )
        change.record("unit.added", organisation_id=town.authority.pk, unit="x")


# --- Malformed names of things ------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["%00", "x%00", "nothing", "b" * 13, "bcdfghjkmnp0", "%E0%B8%81", "'"])
def test_t09_address_of_nothing_is_not_found(town, name):
    head = factories.sign_in_client(Client(raise_request_exception=False), town.head)
    here = f"/o/{town.authority.code}"

    answers = {
        path: answer.status_code
        for path in (
            f"{here}/people/{name}/",
            f"{here}/people/{town.officer.public_id}/groups/{name}/removal/",
            f"{here}/requests/{name}/",
            f"{here}/invitations/{name}/end/",
            f"/me/sessions/{name}/end/",
        )
        for answer in (head.get(path), head.post(path))
    }

    assert set(answers.values()) == {404}
    assert head.get(f"{here}/invitations/new/?again={name}").status_code == 200


@pytest.mark.parametrize("path", ["/o/%00/people/", "/authorities/%00/", "/verify/%00/", "/activate/link/%00/"])
def test_t09_no_address_breaks_a_page(town, path):
    desk = factories.sign_in_client(Client(raise_request_exception=False), factories.a_desk_officer())

    assert max(desk.get(path).status_code, desk.post(path).status_code) < 500


# --- Names that mail programs turn into links ---------------------------------------------------------------------


@pytest.mark.parametrize("name", ["evil-site.com", "www.evil.example", "สมชาย.com", "A.Éva"])
def test_t15_name_is_no_link(town, name):
    head = factories.sign_in_client(Client(), town.head)
    typed = {"title_choice": "นาย", "given_name": name, "family_name": "ก", "email": "a@example.go.th"}

    answer = head.post(reverse("access_requests:invite", args=[town.authority.code]), typed)

    assert answer.status_code == 422
    assert reasons.sentence("name_like_an_address") in answer.content.decode()


@pytest.mark.parametrize("name", ["J. R.", "J.R. Smith", "Mr. Smith", "ม.ร.ว.คึกฤทธิ์", "O'Neil-Smith", "St. John"])
def test_t15_initials_and_abbreviations_stay(name):
    assert clean_person_name(name, length_max=100) == name
