"""The program as an operator meets it."""

import json
import os
import shutil
import socket
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from kunjae.site.environment import read
from tests.unit.test_environment import PRODUCTION


def started(data: Path, *words: str, **variables: str) -> "subprocess.Popen[str]":
    """Start the program in a data folder."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("KUNJAE_", "DJANGO_"))}
    return subprocess.Popen(
        [sys.executable, "-m", "kunjae.site.cli", *words],
        env={**kept, "KUNJAE_DATA": str(data), **variables},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def ended(process: "subprocess.Popen[str]") -> "subprocess.CompletedProcess[str]":
    """Wait for the program and say how it ended."""
    try:
        output, errors = process.communicate(timeout=120)
    finally:
        process.kill()
    return subprocess.CompletedProcess(process.args, process.returncode, output, errors)


@pytest.fixture
def kunjae(tmp_path):
    """Return a function that runs the program in an empty data folder."""
    return lambda *words, **variables: ended(started(tmp_path / "data", *words, **variables))


@pytest.fixture(scope="module")
def migrated(tmp_path_factory) -> Path:
    """Migrate a data folder once; each test works in a copy."""
    data = tmp_path_factory.mktemp("migrated") / "data"
    done = ended(started(data, "migrate"))
    assert done.returncode == 0, done.stderr
    return data


@pytest.fixture(scope="module", autouse=True)
def without_a_server(tmp_path_factory) -> Iterator[dict[str, "subprocess.Popen[str]"]]:
    """Start what looks for its database server in vain; it looks for ten seconds, while the other tests run."""
    folder = tmp_path_factory.mktemp("production")
    url = f"postgresql://nobody@/nothing?host={folder}&connect_timeout=1"
    processes = {
        command: started(folder / command, command, **{**PRODUCTION, "KUNJAE_DATABASE_URL": url})
        for command in ("serve", "demo")
    }
    yield processes
    for process in processes.values():
        process.kill()
        process.communicate()


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


def test_production_without_its_database_does_not_serve(without_a_server):
    done = ended(without_a_server["serve"])

    assert done.returncode == 1
    assert _is_one_sentence(done.stderr)


def test_a_port_in_use_is_refused_in_a_sentence(kunjae, migrated, tmp_path):
    shutil.copytree(migrated, tmp_path / "data")

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


def test_doctor_fails_before_the_first_migration_and_is_content_after_it(kunjae, migrated, tmp_path):
    before = kunjae("doctor", "--json")
    shutil.rmtree(tmp_path / "data", ignore_errors=True)
    shutil.copytree(migrated, tmp_path / "data")
    after = kunjae("doctor", "--json")

    states = {found["check"]: found["state"] for found in json.loads(before.stdout)["findings"]}
    assert before.returncode == 1
    assert states["database"] == "failed"
    assert after.returncode == 0
    assert {found["state"] for found in json.loads(after.stdout)["findings"]} == {"ok"}


def test_doctor_sees_a_key_that_others_may_read(kunjae, migrated, tmp_path):
    shutil.copytree(migrated, tmp_path / "data")
    (tmp_path / "data" / "secret-key").chmod(0o644)

    done = kunjae("doctor")

    assert done.returncode == 1
    assert "secret-key" in done.stdout


def test_the_demo_does_not_exist_in_production(without_a_server):
    assert read(PRODUCTION).is_production
    done = ended(without_a_server["demo"])

    assert done.returncode != 0
    assert "Traceback" not in done.stderr
