"""The program as an operator meets it."""

import json
import os
import sqlite3
import subprocess
import sys

import pytest


@pytest.fixture
def kunjae(tmp_path):
    """Return a function that runs the program in an empty data folder."""

    def run(*words: str, **variables: str) -> subprocess.CompletedProcess[str]:
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("KUNJAE_", "DJANGO_"))}
        return subprocess.run(
            [sys.executable, "-m", "kunjae.site.cli", *words],
            env={**kept, "KUNJAE_DATA": str(tmp_path / "data"), **variables},
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )

    return run


def _is_one_sentence(text: str) -> bool:
    return text.startswith("kunjae: ") and text.count("\n") == 1 and "Traceback" not in text


def test_help_lists_our_commands_with_a_line_each(kunjae):
    done = kunjae("--help")

    assert done.returncode == 0
    for command in ("serve", "worker", "doctor", "migrate"):
        assert f"\n  {command} " in done.stdout
    assert "_" not in done.stdout


def test_an_unknown_command_is_refused_in_a_sentence(kunjae):
    done = kunjae("no-such-thing")

    assert done.returncode == 2
    assert _is_one_sentence(done.stderr)


def test_production_without_settings_is_refused_in_a_sentence(kunjae):
    done = kunjae("serve", KUNJAE_MODE="production")

    assert done.returncode == 2
    assert _is_one_sentence(done.stderr)
    assert "KUNJAE_SECRET_KEY" in done.stderr


def test_production_without_migrations_does_not_serve(kunjae, tmp_path):
    done = kunjae(
        "serve",
        KUNJAE_MODE="production",
        KUNJAE_SECRET_KEY="0123456789abcdefghijklmnopqrstuvwxyz0123456789abcdefghij",
        KUNJAE_BASE_URL="https://kunjae.example.go.th",
        KUNJAE_MAIL_URL="smtp://localhost",
        KUNJAE_MAIL_FROM="kunjae@example.go.th",
        KUNJAE_DATABASE_URL=f"postgresql://nobody@/nothing?host={tmp_path}&connect_timeout=1",
    )

    assert done.returncode == 1
    assert _is_one_sentence(done.stderr)


def test_a_port_in_use_is_refused_in_a_sentence(kunjae):
    import socket

    with socket.create_server(("127.0.0.1", 0)) as server:
        done = kunjae("serve", "--port", str(server.getsockname()[1]))

    assert done.returncode == 1
    assert _is_one_sentence(done.stderr)


def test_worker_creates_the_embedded_database_and_ends_when_nothing_waits(kunjae, tmp_path):
    done = kunjae("worker", "--batch")

    assert done.returncode == 0, done.stderr
    with sqlite3.connect(tmp_path / "data" / "kunjae.sqlite3") as database:
        tables = {row[0] for row in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    database.close()
    assert "audit_auditevent" in tables


def test_doctor_fails_before_the_first_migration_and_is_content_after_it(kunjae):
    before = kunjae("doctor", "--json")
    kunjae("migrate")
    after = kunjae("doctor", "--json")

    states = {found["check"]: found["state"] for found in json.loads(before.stdout)["findings"]}
    assert before.returncode == 1
    assert states["database"] == "failed"
    assert after.returncode == 0
    assert {found["state"] for found in json.loads(after.stdout)["findings"]} == {"ok"}


def test_doctor_sees_a_key_that_others_may_read(kunjae, tmp_path):
    kunjae("migrate")
    (tmp_path / "data" / "secret-key").chmod(0o644)

    done = kunjae("doctor")

    assert done.returncode == 1
    assert "secret-key" in done.stdout


def test_the_demo_does_not_exist_in_production(kunjae, tmp_path):
    from kunjae.site.environment import read
    from tests.unit.test_environment import PRODUCTION

    assert read(PRODUCTION).is_production
    done = kunjae("demo", **{**PRODUCTION, "KUNJAE_DATABASE_URL": f"postgresql://x@/x?host={tmp_path}"})

    assert done.returncode != 0
    assert "Traceback" not in done.stderr
