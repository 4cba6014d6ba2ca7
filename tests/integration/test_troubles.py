"""Four troubles of who cannot get in: lost, unusable, forgotten id, forgotten password (N-01, D11, 1.9.3, T-02, T-19)."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django.utils.module_loading import import_string
from django_tasks_db.models import DBTaskResult

from kunjae.access_requests import operations as form_2
from kunjae.access_requests.models import AccessRequest, CredentialWish, Invitation, RequestState, WayIn
from kunjae.audit.change import state_change
from kunjae.audit.models import AuditEvent
from kunjae.core.actor import system
from kunjae.core.verdict import Denied
from kunjae.documents.models import IssuedDocument
from kunjae.identity import factor_codes
from kunjae.identity import operations as identity
from kunjae.identity.models import FactorEnd, FactorSource, PasswordReset, Session, Subject
from kunjae.messaging import rendering
from kunjae.messaging.models import Message
from tests import factories
from tests.factories import PASSWORD, TEST, Town, actor_of, sign_in_client

pytestmark = pytest.mark.django_db

NEW = "ปลาทูลอยน้ำ-บ้านริมคลอง7"
ASKED_BY = system("help-by-mail")
LINK = "/cannot-enter/new-password/link/{}/"


@pytest.fixture
def town() -> Town:
    return factories.a_town()


@pytest.fixture
def secret(town) -> str:
    """The secret of the officer's app."""
    return an_app(town.officer)


def an_app(subject: Subject) -> str:
    at, secret = timezone.now() - timedelta(hours=1), factor_codes.new_secret()
    identity.bind_app(
        actor=actor_of(subject),
        secret=secret,
        code=factor_codes.app_code(secret, at=at),
        source=FactorSource.OWN_PAGE,
        at=at,
    )
    return secret


def code_of(secret: str, *, steps: int = 0) -> str:
    return factor_codes.app_code(secret, at=timezone.now() + timedelta(seconds=30 * steps))


def link_for(subject: Subject) -> str:
    form_2.forgotten_password(actor=ASKED_BY, subject_id=subject.pk, at=timezone.now())
    return factories.secrets_sent(subject.email)["link_secret"]


def a_while_later() -> None:
    """Let the last link lie so far back that another is sent."""
    QuerySet(PasswordReset).update(asked_at=timezone.now() - timedelta(minutes=11))


def follow(client: Client, secret: str):
    """Open the link of a mail, as a browser does."""
    return client.get(LINK.format(secret), follow=True)


def show_factor(client: Client, code: str):
    return client.post(reverse("access_requests:reset"), {"code": code})


def choose(client: Client, password: str = NEW):
    return client.post(reverse("access_requests:reset_choosing"), {"new_password": password})


def opens(subject: Subject, password: str) -> bool:
    return Subject.objects.get(pk=subject.pk).check_password(password)


def kinds_to(subject: Subject) -> list[str]:
    return list(Message.objects.filter(person_id=subject.person_id).order_by("pk").values_list("kind", flat=True))


def run_jobs() -> None:
    """Do what the pages have asked the worker for."""
    for job in DBTaskResult.objects.filter(task_path__startswith="kunjae.access_requests.tasks."):
        import_string(job.task_path).func(*job.args_kwargs["args"])
    DBTaskResult.objects.all().delete()


def text_of(message: Message) -> str:
    return rendering.render(message, at=timezone.now()).text


def ask(trouble: str, **typed: str):
    return Client().post(reverse(f"access_requests:{trouble}"), typed)


# --- Forgotten password ---------------------------------------------------------------------------------------------


def test_who_forgot_the_password_sets_it_anew_and_leaves_the_forms_record(town, secret):
    """D11, N-01: self-service by mailbox and second factor leaves the record of form 2, and the head is told."""
    client = Client()
    former = sign_in_client(Client(), town.officer)

    assert "ตั้งรหัสผ่านใหม่" in follow(client, link_for(town.officer)).content.decode()
    assert show_factor(client, code_of(secret))["Location"] == reverse("access_requests:reset_choosing")
    answer = choose(client)
    done = client.get(answer["Location"]).content.decode()

    assert opens(town.officer, NEW)
    request = AccessRequest.objects.get()
    assert (request.state, request.way_in) == (RequestState.SELF_SERVED, WayIn.SELF_SERVICE)
    assert (request.cannot_enter_reason, request.applicant) == ("ลืมรหัสผ่าน", town.officer.person)
    assert (request.decided_by, request.decided_at) == (None, None)
    assert request.case in done
    assert kinds_to(town.head)[-1] == "officer_reset"
    assert kinds_to(town.officer)[-2:] == ["password_reset", "password_set"]
    assert IssuedDocument.objects.filter(case=request.case).exists()
    named = set(AuditEvent.objects.filter(case=request.case).values_list("name", flat=True))
    assert {"access_request.self_served", "credential.set"} <= named
    assert former.get("/me/").status_code == 302  # every session has ended


def test_a_reset_signs_nobody_in_and_spares_no_second_factor(town, secret, settings):
    settings.KUNJAE_SECOND_FACTORS = "required"
    client = Client()
    follow(client, link_for(town.officer))
    show_factor(client, code_of(secret))
    choose(client)

    assert client.get("/me/").status_code == 302
    answer = client.post("/sign-in/", {"username": town.officer.username, "password": NEW})
    assert answer["Location"] == "/sign-in/second-factor/"
    assert client.get("/me/").status_code == 302
    assert not Session.objects.filter(subject=town.officer).exists()


def test_the_forms_page_and_paper_say_that_nothing_is_to_be_decided(town, secret):
    client = Client()
    follow(client, link_for(town.officer))
    show_factor(client, code_of(secret))
    choose(client)
    request = AccessRequest.objects.get()
    head = sign_in_client(Client(), town.head)
    address = [town.authority.code, request.public_id]

    page = head.get(reverse("access_requests:request", args=address)).content.decode()
    assert "ผู้ขอดำเนินการเองด้วยปัจจัยที่สอง" in page
    assert "ไม่ต้องมีความเห็น" in page
    assert reverse("access_requests:decision", args=address) not in page
    assert head.get(reverse("access_requests:form_pdf", args=address))["Content-Type"] == "application/pdf"
    register = head.get(reverse("reports:register", args=[town.authority.code]), {"outcome": "self"}).content.decode()
    assert request.case in register
    with pytest.raises(Denied) as refused:
        form_2.decide(
            actor=actor_of(town.head),
            request_public_id=request.public_id,
            opinion=form_2.Opinion(version=1, approve=True),
            at=timezone.now(),
        )
    assert refused.value.reason == "not_waiting"
    with pytest.raises(Denied):
        form_2.withdraw(actor=actor_of(town.officer), request_public_id=request.public_id, at=timezone.now())


def test_a_recovery_code_is_a_second_factor_too_and_once_only(town, secret):
    codes = identity.draw_recovery_codes(
        actor=actor_of(town.officer), source=FactorSource.FIRST_SIGN_IN, at=timezone.now() - timedelta(minutes=50)
    )
    client, second = Client(), Client()
    link = link_for(town.officer)
    follow(client, link)
    assert show_factor(client, codes[0]).status_code == 303
    follow(second, link)
    assert show_factor(second, codes[0]).status_code == 422


def test_without_a_second_factor_the_link_leads_to_form_2(town):
    form_2.forgotten_password(actor=ASKED_BY, subject_id=town.officer.pk, at=timezone.now())

    assert not PasswordReset.objects.exists()
    assert Invitation.objects.get().subject == town.officer
    assert kinds_to(town.officer)[-1] == "help"


def test_a_head_needs_a_second_factor_and_who_stands_above_him_is_told(town):
    """N-01: a head is not eligible for self-service without one; form 1 stays his way."""
    form_2.forgotten_password(actor=ASKED_BY, subject_id=town.head.pk, at=timezone.now())
    assert not Message.objects.filter(person=town.head.person, kind__in=["help", "password_reset"]).exists()

    secret, client, clerk = an_app(town.head), Client(), factories.an_account(town.clerk_post.person, town.authority)
    follow(client, link_for(town.head))
    show_factor(client, code_of(secret))
    assert choose(client).status_code == 303

    assert opens(town.head, NEW)
    assert not AccessRequest.objects.exists()
    assert kinds_to(clerk)[-1] == "heads_reset"
    assert AuditEvent.objects.filter(name="credential.set", subject_person_id=town.head.person_id).exists()


# --- Attacks on the reset -------------------------------------------------------------------------------------------


def test_nobody_jumps_to_the_last_step(town, secret):
    client = Client()
    follow(client, link_for(town.officer))

    assert choose(client).status_code == 409
    assert client.get(reverse("access_requests:reset_choosing")).status_code == 404
    assert opens(town.officer, PASSWORD)


def test_the_operation_itself_asks_for_the_second_factor(town, secret):
    link_for(town.officer)
    reset = PasswordReset.objects.get()

    with pytest.raises(Denied) as refused:
        form_2.reset_password(actor=TEST, reset_id=reset.pk, password=NEW, at=timezone.now())
    assert refused.value.reason == "reset_ended"
    with pytest.raises(IntegrityError), transaction.atomic():
        QuerySet(PasswordReset).filter(pk=reset.pk).update(used_at=timezone.now())


def test_flow_ids_cannot_be_swapped(town, secret):
    """Somebody proves his own reset and names another person's: nothing that he sends names one."""
    own, victim = an_app(town.head), link_for(town.officer)
    client = Client()
    follow(client, link_for(town.head))
    show_factor(client, code_of(own))
    others = PasswordReset.objects.get(subject=town.officer)

    client.cookies["kunjae_reset"] = victim
    client.post(
        reverse("access_requests:reset_choosing"),
        {"new_password": NEW, "reset": others.pk, "reset_id": others.pk, "subject": town.officer.pk, "id": others.pk},
    )

    assert opens(town.officer, PASSWORD)
    assert opens(town.head, NEW)


def test_another_persons_factor_proves_nothing(town, secret):
    own = an_app(town.head)
    client = Client()
    follow(client, link_for(town.officer))

    answer = show_factor(client, code_of(own))

    assert answer.status_code == 422
    assert choose(client).status_code == 409


def test_of_two_tabs_one_sets_the_password_and_the_other_is_told(town, secret):
    client = Client()
    follow(client, link_for(town.officer))
    show_factor(client, code_of(secret))
    other = Client()
    other.cookies["sessionid"] = client.cookies["sessionid"].value if "sessionid" in client.cookies else ""
    for name, morsel in client.cookies.items():
        other.cookies[name] = morsel.value

    assert choose(client).status_code == 303
    assert choose(other, "ตะกร้าหวาย-ริมเขื่อน58").status_code == 409
    assert opens(town.officer, NEW)


def test_an_older_link_is_dead_after_a_newer_one(town, secret):
    old = link_for(town.officer)
    a_while_later()
    new = link_for(town.officer)

    assert follow(Client(), old).status_code == 404
    assert follow(Client(), new).status_code == 200


def test_the_newer_link_kills_the_older_even_behind_its_proof(town, secret):
    client = Client()
    follow(client, link_for(town.officer))
    show_factor(client, code_of(secret))
    a_while_later()
    link_for(town.officer)

    assert choose(client).status_code == 409


def test_a_link_is_dead_after_a_change_of_the_password(town, secret):
    link, client = link_for(town.officer), Client()
    follow(client, link)
    show_factor(client, code_of(secret))
    identity.change_password(actor=actor_of(town.officer), current=PASSWORD, new=NEW, at=timezone.now())

    assert choose(client, "ตะกร้าหวาย-ริมเขื่อน58").status_code == 409
    assert follow(Client(), link).status_code == 404
    assert opens(town.officer, NEW)


@pytest.mark.parametrize("end", ["closure", "suspension", "revocation", "lost factors"])
def test_a_link_is_dead_once_the_account_is_not_what_it_was(town, secret, end):
    link, now = link_for(town.officer), timezone.now()
    with state_change(actor=TEST, at=now):
        if end == "closure":
            identity.close_subject(actor=TEST, subject_id=town.officer.pk, case="", at=now)
        elif end == "suspension":
            identity.suspend_subject(actor=TEST, subject_id=town.officer.pk, reason="ลา", at=now)
        elif end == "revocation":
            identity.revoke_password(actor=TEST, subject_id=town.officer.pk, why="may_be_known", case="", at=now)
        else:
            identity.end_factors_of(actor=TEST, subject=town.officer, why=FactorEnd.LOST, at=now)

    client = Client()
    assert follow(client, link).status_code == 404
    assert show_factor(client, code_of(secret)).status_code == 409


def test_a_link_holds_an_hour_and_its_proof_twenty_minutes(town, secret, monkeypatch):
    link, client = link_for(town.officer), Client()
    follow(client, link)
    show_factor(client, code_of(secret))
    QuerySet(PasswordReset).update(proved_at=timezone.now() - timedelta(minutes=21))
    assert choose(client).status_code == 409

    QuerySet(PasswordReset).update(asked_at=timezone.now() - timedelta(minutes=61))
    assert follow(Client(), link).status_code == 404


def test_looking_at_the_link_uses_nothing(town, secret):
    """T-03: what previews and scanners open stays as it was."""
    link = link_for(town.officer)
    before = AuditEvent.objects.count()
    for _time in range(20):
        robot = Client(headers={"user-agent": "facebookexternalhit/1.1;line-poker/1.0"})
        robot.get(LINK.format(link))
        robot.head(LINK.format(link))
        follow(robot, link)

    assert AuditEvent.objects.count() == before
    client = Client()
    follow(client, link)
    assert show_factor(client, code_of(secret)).status_code == 303


def test_the_secret_of_the_link_stands_in_no_page_and_leaves_the_address(town, secret):
    link = link_for(town.officer)
    answer = Client().get(LINK.format(link))

    assert answer["Location"] == reverse("access_requests:reset")
    assert answer["Referrer-Policy"] == "no-referrer"
    client = Client()
    page = follow(client, link)
    assert link not in page.content.decode()
    assert page["Cache-Control"] == "no-store"
    assert not PasswordReset.objects.filter(link_digest=link).exists()


def test_wrong_codes_behind_a_link_wait_as_at_the_door(town, secret):
    """T-22."""
    client = Client()
    follow(client, link_for(town.officer))
    wrong = "000000" if code_of(secret) != "000000" else "111111"
    for _time in range(6):
        show_factor(client, wrong)

    answer = show_factor(client, code_of(secret))

    assert answer.status_code == 422
    assert choose(client).status_code == 409


@pytest.mark.parametrize("code", ["", "\x00", "๑๒๓๔๕", "x" * 5000, "123456\x00", "🙂" * 10])
def test_odd_codes_are_refused_in_words(town, secret, code):
    client = Client()
    follow(client, link_for(town.officer))
    assert show_factor(client, code).status_code == 422


def test_a_weak_password_keeps_the_link_usable_and_writes_nothing(town, secret):
    client = Client()
    follow(client, link_for(town.officer))
    show_factor(client, code_of(secret))

    assert choose(client, "password1").status_code == 422
    assert not AccessRequest.objects.exists()
    assert choose(client).status_code == 303
    assert AccessRequest.objects.get().case.startswith("0001/")


def test_three_links_freely_and_no_more_within_the_hour(town, secret):
    for _time in range(5):
        form_2.forgotten_password(actor=ASKED_BY, subject_id=town.officer.pk, at=timezone.now())
        a_while_later()

    assert kinds_to(town.officer).count("password_reset") == 3


def test_whoever_was_signed_in_here_is_so_no_longer(town, secret):
    """A shared computer: the former person's session ends with the proof."""
    client = sign_in_client(Client(), town.head)
    follow(client, link_for(town.officer))
    show_factor(client, code_of(secret))

    assert client.get("/me/").status_code == 302
    assert not Session.objects.filter(subject=town.head, ended_at=None).exists()


# --- Forgotten user id ----------------------------------------------------------------------------------------------


def test_a_forgotten_user_id_goes_to_its_proven_mailbox_only(town):
    asked = {"email": town.officer.email.upper()}
    answer = ask("forgotten_user_id", **asked)
    assert answer["Location"] == reverse("access_requests:help_sent")
    run_jobs()

    message = Message.objects.get(kind="user_id")
    assert (message.to_address, message.person) == (town.officer.email, town.officer.person)
    assert town.officer.username in message.facts_json
    assert AuditEvent.objects.filter(name="user_id.told", subject_person_id=town.officer.person_id).count() == 1


def test_a_mailbox_that_nobody_has_proven_is_told_nothing(town):
    with state_change(actor=TEST, at=timezone.now()) as change:
        Subject.objects.filter(pk=town.officer.pk).update(email_confirmed_at=None)
        change.record("authority.added", town.officer, organisation_id=town.authority.pk, name="", code="")
    answers = {
        ask("forgotten_user_id", email=address)["Location"] for address in (town.officer.email, "nobody@example.org")
    }
    run_jobs()

    assert answers == {reverse("access_requests:help_sent")}
    assert not Message.objects.filter(kind="user_id").exists()


def test_a_user_id_is_told_three_times_a_day(town):
    for _time in range(5):
        identity.tell_user_ids(actor=ASKED_BY, subject_id=town.officer.pk, at=timezone.now())

    assert kinds_to(town.officer).count("user_id") == 3


# --- Unusable -------------------------------------------------------------------------------------------------------


def test_unusable_is_diagnosed_by_mail_and_nowhere_else(town):
    for _time in range(3):
        Client().post("/sign-in/", {"username": town.officer.username, "password": "wrong-one-7"})
    shown = {ask("unusable", username=name)["Location"] for name in (town.officer.username, "nobody.here")}
    run_jobs()

    assert shown == {reverse("access_requests:help_sent")}
    text = text_of(Message.objects.get(kind="diagnosis"))
    assert "รหัสนี้ใช้งานอยู่ และไม่ได้ถูกระงับ" in text
    assert "เข้าสู่ระบบไม่สำเร็จใน 24 ชั่วโมงที่ผ่านมา: 3" in text


def test_who_is_suspended_reads_so_in_his_mailbox(town):
    with state_change(actor=TEST, at=timezone.now()):
        identity.suspend_subject(actor=TEST, subject_id=town.officer.pk, reason="ลา", at=timezone.now())
    for _time in range(5):
        form_2.diagnose_by_mail(actor=ASKED_BY, subject_id=town.officer.pk, at=timezone.now())

    sent = Message.objects.filter(kind="diagnosis")
    assert sent.count() == 3
    assert "รหัสนี้ถูกระงับ" in text_of(sent[0])


# --- Lost -----------------------------------------------------------------------------------------------------------


def test_lost_means_revoked_first_and_then_asked_for(town):
    """D11: behind the link the first button makes the password invalid; no mobile, no head is waited for."""
    inside = sign_in_client(Client(), town.officer)
    ask("lost", username=town.officer.username)
    run_jobs()
    visitor, link = Client(), factories.secrets_sent(town.officer.email)["link_secret"]
    assert "ผู้อื่นอาจรู้รหัสผ่าน" in text_of(Message.objects.get(kind="help"))

    assert visitor.post(reverse("access_requests:invitation", args=[link]))["Location"] == "/form-2/lost/"
    assert opens(town.officer, PASSWORD)
    visitor.get("/form-2/lost/")
    assert opens(town.officer, PASSWORD)
    visitor.post("/form-2/lost/")

    assert not Subject.objects.get(pk=town.officer.pk).has_usable_password()
    assert inside.get("/me/").status_code == 302
    assert kinds_to(town.head)[-1] == "officers_password_revoked"
    assert "รหัสผ่านถูกยกเลิกแล้ว" in visitor.get("/form-2/lost/").content.decode()
    before = AuditEvent.objects.count()
    visitor.post("/form-2/lost/")
    assert AuditEvent.objects.count() == before  # once is enough


def test_a_head_makes_a_lost_password_invalid_by_himself_and_then_writes_form_1(town):
    """D11: nobody's key is graver than a head's; who stands above him is told, and no form 2 is open to him."""
    ask("lost", username=town.head.username)
    ask("forgotten_password", username=town.head.username)
    run_jobs()
    assert kinds_to(town.head).count("help") == 1, "for a forgotten password there is no link"
    visitor, link = Client(), factories.secrets_sent(town.head.email)["link_secret"]

    assert "แบบคำขอเป็นผู้ใช้งาน" not in visitor.get(reverse("access_requests:invitation", args=[link])).content.decode()
    assert visitor.post(reverse("access_requests:invitation", args=[link]))["Location"] == "/form-2/lost/"
    for page in ("mobile", "mobile_code", "write", "write_check", "submitted"):
        assert visitor.get(reverse(f"access_requests:{page}"))["Location"] == "/form-2/lost/"
    visitor.post("/form-2/lost/")

    assert not Subject.objects.get(pk=town.head.pk).has_usable_password()
    page = visitor.get("/form-2/lost/").content.decode()
    assert reverse("official_letters:before") in page
    assert "/form-2/mobile/" not in page


def test_who_stands_above_a_head_hears_that_his_password_was_lost(town):
    clerk = factories.an_account(town.clerk_post.person, town.authority)
    desk = factories.a_desk_officer()
    lost = form_2.help_by_mail(actor=ASKED_BY, subject_id=town.head.pk, at=timezone.now(), is_lost=True)
    secret = factories.secrets_sent(town.head.email)["link_secret"]
    form_2.open_invitation(actor=ASKED_BY, link_secret=secret, at=timezone.now())

    form_2.revoke_lost(actor=TEST, invitation_id=lost.pk, at=timezone.now())

    for one in (clerk, desk):
        assert kinds_to(one)[-1] == "heads_password_revoked"


def test_without_a_link_of_a_lost_password_nothing_is_revoked(town):
    form_2.help_by_mail(actor=ASKED_BY, subject_id=town.officer.pk, at=timezone.now())
    visitor, link = Client(), factories.secrets_sent(town.officer.email)["link_secret"]
    visitor.post(reverse("access_requests:invitation", args=[link]))

    assert visitor.post("/form-2/lost/")["Location"] == "/form-2/mobile/"
    with pytest.raises(Denied):
        form_2.revoke_lost(actor=TEST, invitation_id=Invitation.objects.get().pk, at=timezone.now())
    assert Client().post("/form-2/lost/").status_code == 403
    assert opens(town.officer, PASSWORD)


def test_the_head_looks_back_over_the_sign_ins_before_a_loss(town):
    """D11: what went on while somebody else may have known the password."""
    sign_in_client(Client(), town.officer)
    request = factories.a_request(
        town,
        wish=CredentialWish.CANNOT_ENTER,
        groups=(),
        at=timezone.now(),
        cannot_enter_reason="สูญหาย",
        secret_may_be_known=True,
    )
    head = sign_in_client(Client(), town.head)

    page = head.get(reverse("access_requests:request", args=[town.authority.code, request.public_id])).content.decode()

    assert "การเข้าสู่ระบบใน 30 วันก่อนยื่นคำขอ" in page
    assert reverse("revocation:person", args=[town.authority.code, town.officer.public_id]) in page
