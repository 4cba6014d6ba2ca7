# ruff: noqa: N802, N815, PT012 (names that aiosmtpd and http.server call; a change is a block)
"""Messages: queued with the change, handed over at least once, given up in the open; no secret stays readable."""

import json
import os
import re
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from aiosmtpd.controller import Controller
from cryptography.fernet import Fernet
from django.conf import settings as django_settings
from django.core.exceptions import ImproperlyConfigured
from django.db import connection
from django.template.loader import render_to_string
from django.utils import translation
from django_tasks_db.models import DBTaskResult

from kunjae.audit import chain
from kunjae.audit.change import WriteOutsideOperation, state_change
from kunjae.audit.models import AuditEvent
from kunjae.core.actor import system
from kunjae.messaging import checks, delivery, faults, operations, queries, rendering, transports
from kunjae.messaging.models import Channel, DeliveredCopy, Message, MessageState
from kunjae.messaging.sealing import seal, unseal

pytestmark = pytest.mark.django_db

T0 = datetime(2026, 10, 5, 3, 31, tzinfo=UTC)
ADDRESS = "malee@example.go.th"
SECRET = "9C7-link-secret-Zx81"
TEMPLATES = {
    "greeting.mail.txt": """{% load i18n %}
Subject: สวัสดี {{ name }}
{% if never %}{% endif %}

{{ name }} ({{ case }}) {{ at }}
{{ base_url }}/activate/{{ link_secret }}/


{{ opinion }}
""",
    "greeting.sms.txt": "รหัส {{ link_secret }} ที่ {{ base_url }}",
    "headless.mail.txt": "no subject here",
    "foreign.mail.txt": "Subject: a\n\nhttps://evil.example/{{ link_secret }}",
    "lookalike.mail.txt": "Subject: a\n\n{{ base_url }}.evil.example/x",
    "broken.mail.txt": "Subject: a\n\n{% if %}",
    "faulty.mail.txt": "Subject: a\n\n{{ name|date_of_nothing }}",
}


@pytest.fixture(autouse=True)
def texts(settings, tmp_path):
    """Put the texts of these tests where templates are found."""
    folder = tmp_path / "templates"
    (folder / "messages").mkdir(parents=True)
    for name, text in TEMPLATES.items():
        (folder / "messages" / name).write_text(text, encoding="utf-8")
    engine = settings.TEMPLATES[0]
    settings.TEMPLATES = [{**engine, "DIRS": [*engine["DIRS"], folder]}]
    return folder


def queued(*, kind: str = "greeting", channel: Channel = Channel.MAIL, at: datetime = T0, **options) -> Message:
    """Queue one message as an operation does."""
    to_address = ADDRESS if channel == Channel.MAIL else "0812345678"
    given = {
        "to_address": to_address,
        "organisation_id": None,
        "case": "0001/2570",
        "facts": {"name": "มาลี & ลูก", "at": at, "opinion": "เห็นควร"},
        "secrets": {"link_secret": SECRET},
        **options,
    }
    with state_change(actor=system("test"), at=at) as change:
        message = operations.queue(kind=kind, channel=channel, at=at, **given)
        change.record("unit.added", organisation_id=None, unit="กองคลัง")
    return message


def work(*, until: datetime) -> int:
    """Do the queue's tasks in their order as a worker does, up to an instant; returns how many."""
    done = 0
    while task := DBTaskResult.objects.filter(run_after__lte=until).order_by("run_after", "enqueued_at").first():
        arguments = task.args_kwargs["args"]
        task.delete()
        delivery.attempt(*arguments, at=task.run_after)
        done += 1
    return done


class MailServer:
    """A real SMTP server on loopback that can be down, or of another opinion than we."""

    def __init__(self) -> None:
        with socket.create_server(("127.0.0.1", 0)) as probe:
            self.port = probe.getsockname()[1]
        self.received: list[bytes] = []
        self.answers: dict[str, str] = {}
        self.on_data = lambda: None

    @contextmanager
    def up(self) -> Iterator[None]:
        controller = Controller(self, hostname="127.0.0.1", port=self.port)
        controller.start()
        try:
            yield
        finally:
            controller.stop()

    async def handle_RCPT(self, server, session, envelope, address, options) -> str:
        answer = self.answers.get("RCPT", "250 OK")
        if answer.startswith("250"):
            envelope.rcpt_tos.append(address)
        return answer

    async def handle_DATA(self, server, session, envelope) -> str:
        self.received.append(envelope.original_content)
        self.on_data()
        return self.answers.get("DATA", "250 OK")

    @property
    def mails(self):
        return [message_from_bytes(content, policy=policy.default) for content in self.received]


@pytest.fixture
def mail_server(settings):
    server = MailServer()
    settings.KUNJAE_MESSAGE_TRANSPORT = "real"
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = "127.0.0.1", server.port, 5
    settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = False
    return server


# --- Queueing ---------------------------------------------------------------------------------------------------


def test_a_message_is_queued_with_its_change_or_not_at_all():
    with pytest.raises(WriteOutsideOperation):
        operations.queue(kind="greeting", channel=Channel.MAIL, to_address=ADDRESS, at=T0)
    with pytest.raises(ZeroDivisionError), state_change(actor=system("test"), at=T0):
        operations.queue(kind="greeting", channel=Channel.MAIL, to_address=ADDRESS, at=T0)
        raise ZeroDivisionError

    assert not Message.objects.exists()
    assert not DBTaskResult.objects.exists()

    message = queued()

    assert message.state == MessageState.QUEUED
    assert DBTaskResult.objects.get().args_kwargs["args"] == [message.pk]


def test_a_secret_is_sealed_while_it_waits_and_wiped_when_it_went():
    message = queued()
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM messaging_message")
        row = repr(cursor.fetchall())
    assert SECRET not in row
    assert SECRET not in repr(list(AuditEvent.objects.values())) + repr(list(DBTaskResult.objects.values()))
    assert unseal(message.sealed) == {"link_secret": SECRET}

    work(until=T0)

    message.refresh_from_db()
    assert (message.state, message.sealed) == (MessageState.SENT, "")
    with connection.cursor() as cursor:
        cursor.execute("SELECT facts_json, sealed, last_error FROM messaging_message")
        assert SECRET not in repr(cursor.fetchall())


def test_nothing_to_hide_is_not_sealed():
    assert seal({}) == ""
    assert unseal("") == {}


# --- Rendering --------------------------------------------------------------------------------------------------


def letter_of(**options) -> rendering.Letter:
    return rendering.render(queued(**options), at=T0)


def test_a_letter_holds_its_facts_its_secret_and_our_address():
    letter = letter_of()

    assert letter.subject == "สวัสดี มาลี & ลูก"
    assert letter.text.replace("\u00a0", " ") == (
        f"มาลี & ลูก (0001/2570) 5 ตุลาคม 2569 เวลา 10:31 น.\nhttp://localhost:8000/activate/{SECRET}/\n\nเห็นควร\n"
    )


def test_a_letter_is_in_the_language_of_its_reader():
    with translation.override("th"):
        assert "5 October 2569 BE 10:31" in letter_of(language="en").text.replace("\u00a0", " ")


def test_the_address_comes_from_the_settings_even_against_the_facts(settings):
    settings.KUNJAE_BASE_URL = "https://kunjae.example.go.th"

    letter = letter_of(facts={"name": "มาลี", "base_url": "https://evil.example", "help_phone": "1"})

    assert f"https://kunjae.example.go.th/activate/{SECRET}/" in letter.text
    assert "evil" not in letter.text


def test_what_somebody_typed_becomes_no_link_in_our_letter():
    letter = letter_of(
        facts={"opinion": "ดูที่ https://evil.example/x, HTTP://evil.example และ http://localhost:8000/me/"}
    )

    assert "https[:]//evil.example/x, HTTP[:]//evil.example และ http://localhost:8000/me/" in letter.text


def test_a_fact_cannot_add_a_header_or_a_second_subject():
    letter = letter_of(facts={"name": "a\r\nBcc: evil@example.com"})

    assert letter.subject == "สวัสดี a"
    assert "\n" not in letter.subject


@pytest.mark.parametrize("kind", ["headless", "foreign", "lookalike", "broken", "unknown", "faulty"])
def test_a_text_that_is_not_right_is_not_sent(kind):
    with pytest.raises(faults.Undelivered) as undelivered:
        letter_of(kind=kind)

    assert undelivered.value.why == faults.TEXT
    assert not undelivered.value.is_final


def test_a_secret_under_another_key_cannot_be_read(settings):
    message = queued()
    settings.SECRET_KEY = Fernet.generate_key().decode()

    with pytest.raises(faults.Undelivered, match="secret"):
        rendering.render(message, at=T0)


# --- Delivery by mail -------------------------------------------------------------------------------------------


def test_mail_goes_to_its_reader_under_a_name_of_its_own(mail_server, settings):
    settings.DEFAULT_FROM_EMAIL = "กุญแจ <kunjae@example.go.th>"
    message = queued()

    with mail_server.up():
        work(until=T0)

    (mail,) = mail_server.mails
    assert mail["To"] == ADDRESS
    assert mail["From"] == "กุญแจ <kunjae@example.go.th>"
    assert mail["Subject"].strip() == "สวัสดี มาลี & ลูก"
    assert mail["Message-ID"] == f"<{message.public_id}@localhost>"
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["Date"].datetime == T0
    assert f"http://localhost:8000/activate/{SECRET}/" in mail.get_content()
    message.refresh_from_db()
    assert (message.state, message.sent_at, message.attempts_count) == (MessageState.SENT, T0, 1)
    assert message.last_error == ""


def test_a_message_that_went_is_on_record_without_address_or_content(mail_server):
    queued()
    with mail_server.up():
        work(until=T0)

    event = AuditEvent.objects.get(name="message.sent")
    assert (event.case, event.actor) == ("0001/2570", "system:deliver-messages")
    assert event.facts == {"kind": "greeting", "channel": "mail"}
    assert ADDRESS not in repr(list(AuditEvent.objects.values()))
    assert chain.verify().faults == ()


def test_a_message_that_went_is_not_sent_again(mail_server):
    message = queued()

    with mail_server.up():
        work(until=T0 + timedelta(days=1))
        delivery.attempt(message.pk, at=T0 + timedelta(days=2))
    operations.mark_sent(actor=system("test"), message_id=message.pk, at=T0 + timedelta(days=2))

    assert len(mail_server.received) == 1
    assert AuditEvent.objects.filter(name="message.sent").count() == 1


def test_an_attempt_that_is_not_due_is_not_made(mail_server):
    message = queued()

    with mail_server.up():
        delivery.attempt(message.pk, at=T0 - timedelta(seconds=1))

    assert mail_server.received == []


@pytest.mark.slow
def test_a_mail_server_that_is_down_for_a_day_loses_nothing_and_doubles_nothing(mail_server):
    messages = [queued(case=f"000{number}/2570") for number in range(1, 6)]
    evening, next_day = T0 + timedelta(hours=8), T0 + timedelta(days=1)

    work(until=evening)

    for message in queries.messages_of_case(None, "0001/2570"):
        assert (message.state, message.attempts_count) == (MessageState.QUEUED, 14)
        with translation.override("en"):
            said = message.state_sentence.replace("\u00a0", " ")
        assert said == "waiting: the mail server does not answer; next try 5 Oct 2569 BE 18:34"
        with translation.override("th"):
            assert message.state_sentence.startswith("ยังส่งไม่ได้: เครื่องแม่ข่ายอีเมลไม่ตอบ จะส่งใหม่")
    work(until=next_day)
    assert mail_server.received == []

    with mail_server.up():
        work(until=next_day + timedelta(hours=2))
        work(until=next_day + timedelta(days=4))

    arrived = sorted(mail["Message-ID"] for mail in mail_server.mails)
    assert arrived == sorted(f"<{message.public_id}@localhost>" for message in messages)
    for message in Message.objects.all():
        assert message.state == MessageState.SENT
        assert next_day <= message.sent_at <= next_day + timedelta(hours=1)
        with translation.override("en"):
            assert message.state_sentence.startswith("sent 6")
    assert not DBTaskResult.objects.exists()


def test_the_waits_double_from_half_a_minute_to_an_hour():
    waits = [operations.delay_after(count).total_seconds() for count in range(1, 10)]

    assert waits == [30, 60, 120, 240, 480, 960, 1920, 3600, 3600]
    total = sum((operations.delay_after(count) for count in range(1, operations.ATTEMPTS_MAX)), timedelta())
    assert timedelta(days=3) < total < timedelta(days=4)


@pytest.mark.slow
def test_after_the_last_attempt_a_message_is_given_up_in_the_open(mail_server):
    message = queued()

    work(until=T0 + timedelta(days=10))

    message.refresh_from_db()
    assert (message.state, message.attempts_count) == (MessageState.FAILED, operations.ATTEMPTS_MAX)
    assert (message.sealed, message.next_attempt_at) == ("", None)
    assert AuditEvent.objects.get(name="message.failed").facts == {"kind": "greeting", "channel": "mail"}
    with translation.override("en"):
        assert message.state_sentence == "could not be sent: the mail server does not answer"
    assert not DBTaskResult.objects.exists()
    delivery.attempt(message.pk, at=T0 + timedelta(days=11))
    assert Message.objects.get().attempts_count == operations.ATTEMPTS_MAX


@pytest.mark.parametrize(("command", "answer", "why", "is_final"), [
    ("RCPT", "550 5.1.1 No such user malee here", faults.MAIL_ADDRESS_UNKNOWN, True),
    ("RCPT", "550 5.7.1 Relaying denied for malee", faults.MAIL_DECLINED, False),
    ("RCPT", "450 4.2.1 Greylisted, come back later", faults.MAIL_DECLINED, False),
    ("DATA", "554 5.3.4 Too big", faults.MAIL_DECLINED, False),
    ("DATA", "421 4.3.2 Closing", faults.MAIL_DECLINED, False),
])  # fmt: skip
def test_a_refusal_of_the_server_is_told_in_our_words_only(mail_server, command, answer, why, is_final):
    message = queued()
    mail_server.answers[command] = answer

    with mail_server.up():
        work(until=T0)

    message.refresh_from_db()
    assert message.last_error == why
    assert message.state == (MessageState.FAILED if is_final else MessageState.QUEUED)
    assert (message.sealed == "") is is_final


def test_a_server_that_never_greets_is_silent(mail_server, settings):
    settings.EMAIL_TIMEOUT = 0.05
    message = queued()

    with socket.create_server(("127.0.0.1", mail_server.port)):
        work(until=T0)

    message.refresh_from_db()
    assert message.last_error == faults.MAIL_SILENT


def test_a_server_that_wants_another_sign_in_says_so(mail_server, settings):
    settings.EMAIL_HOST_USER, settings.EMAIL_HOST_PASSWORD = "kunjae", "wrong"
    message = queued()

    controller = Controller(
        mail_server,
        hostname="127.0.0.1",
        port=mail_server.port,
        auth_require_tls=False,
        auth_callback=lambda *_: False,
    )
    controller.start()
    try:
        work(until=T0)
    finally:
        controller.stop()

    message.refresh_from_db()
    assert message.last_error == faults.MAIL_SIGN_IN


def test_a_text_that_fails_is_tried_again_and_goes_once_it_is_mended(mail_server, texts):
    message = queued(kind="broken")
    with mail_server.up():
        work(until=T0)
        message.refresh_from_db()
        assert (message.state, message.last_error) == (MessageState.QUEUED, faults.TEXT)

        # A new process, as after an upgrade, reads the text anew.
        (texts / "messages" / "broken.mail.txt").write_text("Subject: mended\n\nmended")
        for loader in rendering.Engine.get_default().template_loaders:
            loader.reset()
        work(until=T0 + timedelta(minutes=1))

    assert [mail["Subject"] for mail in mail_server.mails] == ["mended"]


def test_a_fault_of_ours_is_kept_from_the_worker_and_shown_on_the_page(mail_server, settings, caplog):
    settings.EMAIL_BACKEND = "no.such.Backend"
    message = queued()

    work(until=T0)

    message.refresh_from_db()
    assert (message.state, message.last_error) == (MessageState.QUEUED, faults.PROGRAM)
    assert message.next_attempt_at == T0 + timedelta(seconds=30)
    assert ADDRESS not in caplog.text
    assert SECRET not in caplog.text


# --- Workers that die, and workers that race --------------------------------------------------------------------


def test_a_message_whose_worker_died_is_taken_up_by_the_next_one(mail_server):
    message = queued()
    DBTaskResult.objects.all().delete()
    # What a worker does before it hands over, and no more.
    delivery._claimed(message.pk, at=T0)

    with mail_server.up():
        work(until=T0 + delivery.CLAIM - timedelta(seconds=1))
        assert mail_server.received == []
        work(until=T0 + delivery.CLAIM)

    assert len(mail_server.received) == 1
    assert Message.objects.get().attempts_count == 2


def test_a_message_that_kills_every_worker_is_given_up(mail_server):
    message = queued()
    at = T0
    for _ in range(operations.ATTEMPTS_MAX):
        delivery._claimed(message.pk, at=at)
        at += delivery.CLAIM

    work(until=at)

    message.refresh_from_db()
    assert (message.state, message.last_error, message.sealed) == (MessageState.FAILED, faults.BROKEN_OFF, "")


def test_a_starting_worker_queues_anew_what_lost_its_task(mail_server):
    lost, waiting = queued(), queued(at=T0 + timedelta(hours=1))
    DBTaskResult.objects.all().delete()

    assert operations.take_up_stranded(at=T0 + timedelta(minutes=1)) == 1

    with mail_server.up():
        work(until=T0 + timedelta(hours=2))
    assert [mail["Message-ID"] for mail in mail_server.mails] == [f"<{lost.public_id}@localhost>"]
    waiting.refresh_from_db()
    assert waiting.state == MessageState.QUEUED


@pytest.mark.django_db(transaction=True)
def test_workers_that_race_for_one_message_send_it_once(mail_server):
    message = queued()
    gate = threading.Barrier(4)

    def worker() -> None:
        try:
            gate.wait(timeout=30)
            delivery.attempt(message.pk, at=T0)
        finally:
            connection.close()

    with mail_server.up():
        threads = [threading.Thread(target=worker) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    assert len(mail_server.received) == 1
    assert Message.objects.get().attempts_count == 1
    assert AuditEvent.objects.filter(name="message.sent").count() == 1


WORKER = """
import sys, django
django.setup()
from datetime import datetime
from kunjae.messaging import delivery
delivery.attempt(int(sys.argv[1]), at=datetime.fromisoformat(sys.argv[2]))
"""
SETTINGS_OF_THE_WORKER = """
from kunjae.site.settings.embedded import *
TEMPLATES[0]["DIRS"].append({folder!r})
DATABASES["default"]["NAME"] = {database!r}
SECRET_KEY = {key!r}
"""


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_a_worker_killed_after_the_hand_over_sends_once_more_under_the_same_name(mail_server, texts, tmp_path):
    message = queued()
    (tmp_path / "worker_settings.py").write_text(
        SETTINGS_OF_THE_WORKER.format(
            folder=str(texts), database=str(connection.settings_dict["NAME"]), key=django_settings.SECRET_KEY
        )
    )
    worker = subprocess.Popen(
        [sys.executable, "-c", "import sys; sys.stdin.readline()\n" + WORKER, str(message.pk), T0.isoformat()],
        env={
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "worker_settings",
            "PYTHONPATH": str(tmp_path),
            "KUNJAE_MAIL_URL": f"smtp+plain://127.0.0.1:{mail_server.port}",
        },
        stdin=subprocess.PIPE,
    )
    mail_server.on_data = lambda: os.kill(worker.pid, signal.SIGKILL)

    with mail_server.up():
        worker.communicate(b"go\n", timeout=60)
        assert worker.returncode == -signal.SIGKILL
        assert len(mail_server.received) == 1
        message.refresh_from_db()
        assert (message.state, message.attempts_count) == (MessageState.QUEUED, 1)

        mail_server.on_data = lambda: None
        work(until=T0 + delivery.CLAIM)

    assert {mail["Message-ID"] for mail in mail_server.mails} == {f"<{message.public_id}@localhost>"}
    assert len(mail_server.received) == 2
    message.refresh_from_db()
    assert (message.state, message.sealed) == (MessageState.SENT, "")
    assert AuditEvent.objects.filter(name="message.sent").count() == 1


# --- Delivery by SMS --------------------------------------------------------------------------------------------


class Gateway(ThreadingHTTPServer):
    """A real SMS gateway on loopback."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), GatewayHandler)
        self.status, self.received = 202, []


class GatewayHandler(BaseHTTPRequestHandler):
    server: Gateway

    def do_POST(self) -> None:
        content = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.server.received.append((self.path, dict(self.headers), content))
        self.send_response(self.server.status)
        if self.server.status == 302:
            self.send_header("Location", f"http://127.0.0.1:{self.server.server_port}/elsewhere")
        self.end_headers()

    do_GET = do_POST

    def log_message(self, *arguments) -> None:
        pass


@pytest.fixture
def gateway(settings):
    with Gateway() as server:
        settings.KUNJAE_MESSAGE_TRANSPORT = "real"
        settings.KUNJAE_SMS_URL = f"http://127.0.0.1:{server.server_port}/sms"
        settings.KUNJAE_SMS_TOKEN, settings.KUNJAE_SMS_SENDER = "the-token", "Kunjae"
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield server
        server.shutdown()
        thread.join()


def test_sms_goes_to_the_gateway_with_our_token_and_a_reference(gateway):
    message = queued(channel=Channel.SMS)

    work(until=T0)

    ((path_, headers, content),) = gateway.received
    assert path_ == "/sms"
    assert headers["Authorization"] == "Bearer the-token"
    assert headers["Idempotency-Key"] == message.public_id
    assert content == {
        "to": "0812345678",
        "text": f"รหัส {SECRET} ที่ http://localhost:8000",
        "sender": "Kunjae",
        "reference": message.public_id,
    }
    message.refresh_from_db()
    assert message.state == MessageState.SENT


@pytest.mark.parametrize("status", [302, 400, 401, 500, 503])
def test_sms_that_the_gateway_does_not_take_is_tried_again(gateway, status):
    gateway.status = status
    message = queued(channel=Channel.SMS)

    work(until=T0)

    message.refresh_from_db()
    assert (message.state, message.last_error) == (MessageState.QUEUED, faults.SMS_DECLINED)
    assert len(gateway.received) == 1


def test_sms_waits_while_the_gateway_does_not_answer(gateway, settings):
    with socket.create_server(("127.0.0.1", 0)) as probe:
        settings.KUNJAE_SMS_URL = f"http://127.0.0.1:{probe.getsockname()[1]}/"
    message = queued(channel=Channel.SMS)

    work(until=T0)

    message.refresh_from_db()
    assert (message.state, message.last_error) == (MessageState.QUEUED, faults.SMS_SILENT)


def test_sms_without_a_gateway_fails_at_once(gateway, settings):
    settings.KUNJAE_SMS_URL = None
    message = queued(channel=Channel.SMS)

    work(until=T0)

    message.refresh_from_db()
    assert (message.state, message.last_error, message.sealed) == (MessageState.FAILED, faults.SMS_MISSING, "")


# --- What the case page says ------------------------------------------------------------------------------------


def test_messages_of_a_case_are_those_of_its_authority_and_case_with_masked_addresses():
    queued(case="0001/2570")
    queued(case="0002/2570")
    queued(case="")
    queued(channel=Channel.SMS, at=T0 + timedelta(minutes=1))

    mail, sms = queries.messages_of_case(None, "0001/2570")

    assert (mail.masked_address, sms.masked_address) == ("ma***@example.go.th", "xxx-xxx-5678")
    assert list(queries.messages_of_case(99, "0001/2570")) == []
    assert list(queries.messages_of_case(None, "")) == []


def test_the_partial_of_the_case_page_says_how_far_each_message_got():
    waiting, sent, failed = queued(), queued(), queued()
    delivery.note_failure(actor=system("test"), message_id=waiting.pk, why=faults.MAIL_SILENT, at=T0)
    delivery.mark_sent(actor=system("test"), message_id=sent.pk, at=T0)
    delivery.note_failure(
        actor=system("test"), message_id=failed.pk, why=faults.MAIL_ADDRESS_UNKNOWN, is_final=True, at=T0
    )

    with translation.override("en"):
        page = render_to_string(
            "messaging/_messages.html", {"messages": queries.messages_of_case(None, "0001/2570")}
        ).replace("\u00a0", " ")

    assert "Not sent yet</span> the mail server does not answer (next try 5 Oct 2569 BE 10:31)" in page
    assert "sent 5 Oct 2569 BE 10:31" in page
    assert "Could not be sent</span> the mail server does not know this address" in page
    assert ADDRESS not in page


def test_the_partial_of_the_case_page_says_what_each_message_is_for():
    queued(kind="activation", channel=Channel.MAIL)
    queued(kind="activation_code", channel=Channel.SMS)

    with translation.override("en"):
        page = render_to_string("messaging/_messages.html", {"messages": queries.messages_of_case(None, "0001/2570")})

    assert re.findall(r"<dt>(.*?)<br><span[^>]*>(\S+)", page) == [
        ("Activation", "e-mail"),
        ("Second code of an activation", "SMS"),
    ]


# --- The demo's mailbox -----------------------------------------------------------------------------------------


@pytest.fixture
def mailbox(settings, client):
    settings.KUNJAE_MESSAGE_TRANSPORT = "mailbox"
    client.cookies.load({settings.LANGUAGE_COOKIE_NAME: "en"})
    return client


def test_in_the_demo_letters_land_in_the_mailbox_once(mailbox):
    message = queued()

    work(until=T0 + timedelta(days=1))
    transports.MailboxTransport().send(rendering.render(message, at=T0))

    copy = DeliveredCopy.objects.get()
    assert (copy.to_address, copy.subject, copy.delivered_at) == (ADDRESS, "สวัสดี มาลี & ลูก", T0)
    assert SECRET in copy.text


def test_elsewhere_nothing_is_kept_for_the_mailbox(mail_server):
    queued()
    with mail_server.up():
        work(until=T0)

    assert not DeliveredCopy.objects.exists()


def test_the_mailbox_shows_letters_newest_first_in_pages_and_by_address(mailbox):
    for number in range(27):
        queued(at=T0 + timedelta(minutes=number), to_address=f"person{number:02d}@example.go.th")
    work(until=T0 + timedelta(days=1))

    first = mailbox.get("/demo/mailbox/").content.decode()
    second = mailbox.get("/demo/mailbox/?page=2").content.decode()
    found = mailbox.get("/demo/mailbox/?address=PERSON07").content.decode()
    none = mailbox.get("/demo/mailbox/?address=nobody").content.decode()

    assert first.index("person26@") < first.index("person25@")
    assert "person01@" not in first
    assert "person01@" in second
    assert "person07@" in found
    assert "person08@" not in found
    assert "No letter to this address" in none


def test_an_empty_mailbox_says_so(mailbox):
    assert "No letter has arrived yet" in mailbox.get("/demo/mailbox/").content.decode()


def test_a_letter_is_shown_with_its_link_to_follow_and_nothing_of_it_as_code(mailbox):
    queued(facts={"name": "<script>alert(1)</script>"})
    work(until=T0)

    page = mailbox.get(f"/demo/mailbox/{DeliveredCopy.objects.get().public_id}/").content.decode()

    link = f"http://localhost:8000/activate/{SECRET}/"
    assert f'<a href="{link}" rel="nofollow">http://localhost:8000/activate/' in page
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)" in page


@pytest.mark.parametrize("query", ["?address=%00", "?page=x", "?page=999", "?address=" + "ก" * 300])
def test_the_mailbox_bears_any_query(mailbox, query):
    assert mailbox.get(f"/demo/mailbox/{query}").status_code == 200


def test_an_unknown_letter_is_not_found(mailbox):
    assert mailbox.get("/demo/mailbox/zzzzzzzzzzzz/").status_code == 404


def test_the_mailbox_pages_do_not_exist_where_letters_really_go(mailbox, settings):
    queued()
    work(until=T0)
    settings.KUNJAE_MESSAGE_TRANSPORT = "real"

    assert mailbox.get("/demo/mailbox/").status_code == 404
    assert mailbox.get(f"/demo/mailbox/{DeliveredCopy.objects.get().public_id}/").status_code == 404


def test_production_has_no_address_of_the_mailbox():
    done = subprocess.run(
        [
            sys.executable,
            "-c",
            "import django; django.setup(); from kunjae.messaging import urls; print(urls.urlpatterns)",
        ],
        env={
            **{name: value for name, value in os.environ.items() if not name.startswith("KUNJAE_")},
            "DJANGO_SETTINGS_MODULE": "kunjae.site.settings",
            "KUNJAE_MODE": "production",
            "KUNJAE_SECRET_KEY": "0123456789abcdefghijklmnopqrstuvwxyz0123456789abcdefghij",
            "KUNJAE_BASE_URL": "https://kunjae.example.go.th",
            "KUNJAE_DATABASE_URL": "postgresql://nobody@127.0.0.1/none",
            "KUNJAE_MAIL_URL": "smtp://mail.example.go.th",
            "KUNJAE_MAIL_FROM": "kunjae@example.go.th",
        },
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )

    assert (done.stdout.strip(), done.returncode) == ("[]", 0), done.stderr


def test_production_refuses_the_mailbox(settings, mailbox):
    settings.KUNJAE_MODE = "production"
    message = queued()

    with pytest.raises(ImproperlyConfigured):
        transports.transport_for(Channel.MAIL)
    assert [fault.id for fault in checks.check_transport()] == ["messaging.E002"]
    work(until=T0)

    message.refresh_from_db()
    assert message.state == MessageState.QUEUED
    assert not DeliveredCopy.objects.exists()


def test_an_unknown_transport_is_refused(settings):
    settings.KUNJAE_MESSAGE_TRANSPORT = "pigeon"

    assert [fault.id for fault in checks.check_transport()] == ["messaging.E001"]
