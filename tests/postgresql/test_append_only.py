"""The record cannot be changed: not under the program's role, which lacks the right, and not as the tables' owner."""

import io
from contextlib import contextmanager
from datetime import UTC, datetime

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import DatabaseError, connection, transaction

from kunjae.audit import chain
from kunjae.audit.change import state_change
from kunjae.audit.models import AuditEvent
from kunjae.core.actor import system
from kunjae.organisations.models import Province

pytestmark = pytest.mark.django_db

AT = datetime(2026, 10, 5, 3, 31, tzinfo=UTC)
ROLE = "kunjae_test_app"
STATEMENTS = [
    "UPDATE audit_auditevent SET actor = 'x'",
    "UPDATE audit_auditevent SET actor = actor WHERE false",
    "DELETE FROM audit_auditevent",
    "TRUNCATE audit_auditevent",
]


def prepare_database(**options) -> str:
    output = io.StringIO()
    call_command("prepare_database", **{"role": ROLE, **options}, stdout=output)
    return output.getvalue()


def happened() -> None:
    with state_change(actor=system("test"), at=AT) as change:
        Province.objects.create(code=str(Province.objects.count()), name_th="ภูเก็ต", sort_key="ภูเก็ต")
        change.record("unit.added", organisation_id=11, unit="กองคลัง")


@contextmanager
def under(role: str):
    with connection.cursor() as cursor:
        cursor.execute(f"SET ROLE {role}")
        yield cursor
        cursor.execute("RESET ROLE")


def refusal_of(statement: str) -> str:
    with pytest.raises(DatabaseError) as refused, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    return refused.value.__cause__.sqlstate + " " + str(refused.value)


@pytest.mark.parametrize("statement", STATEMENTS)
def test_the_programs_role_may_not_change_the_record(statement):
    prepare_database()
    with under(ROLE):
        happened()

        assert refusal_of(statement).startswith("42501 permission denied")

    assert AuditEvent.objects.get().actor == "system:test"


@pytest.mark.parametrize("statement", [statement for statement in STATEMENTS if "WHERE false" not in statement])
def test_the_owner_of_the_tables_may_not_change_the_record(statement):
    happened()

    assert "append-only" in refusal_of(statement)

    assert AuditEvent.objects.get().actor == "system:test"


def test_the_programs_role_may_do_all_its_work():
    prepare_database()

    with under(ROLE) as cursor:
        happened()
        happened()
        assert chain.verify() == chain.Finding(events=2, chains=1, faults=())
        cursor.execute("SELECT count(*) FROM django_migrations")
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT count(*) FROM "{table}"')  # noqa: S608
            if table not in ("audit_auditevent", "audit_chainhead"):
                cursor.execute(f'DELETE FROM "{table}" WHERE false')  # noqa: S608


@pytest.mark.parametrize("statement", [
    "ALTER TABLE audit_auditevent DISABLE TRIGGER USER",
    "DROP TRIGGER audit_event_is_append_only_row ON audit_auditevent",
    "ALTER TABLE audit_auditevent ADD COLUMN x int",
    "DROP TABLE audit_auditevent",
    "SET session_replication_role = replica",
    "TRUNCATE organisations_province",
])  # fmt: skip
def test_the_programs_role_may_not_take_the_locks_off(statement):
    prepare_database()

    with under(ROLE):
        assert refusal_of(statement).startswith("42501")


def test_prepare_database_may_be_run_again_and_says_so():
    assert f"The role {ROLE} was made" in prepare_database()
    with connection.cursor() as cursor:
        cursor.execute(f"GRANT UPDATE, TRUNCATE ON audit_auditevent TO {ROLE}, PUBLIC")

    assert f"The role {ROLE} was updated" in prepare_database()

    happened()
    with under(ROLE):
        assert refusal_of(STATEMENTS[0]).startswith("42501")


def test_tables_of_later_versions_are_open_to_the_role_too():
    prepare_database()

    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE later (id bigserial PRIMARY KEY, word text)")
    with under(ROLE) as cursor:
        cursor.execute("INSERT INTO later (word) VALUES ('a')")
        cursor.execute("UPDATE later SET word = 'b'")
        cursor.execute("DELETE FROM later")


def test_the_password_comes_from_the_environment_and_only_its_verifier_is_sent(monkeypatch):
    monkeypatch.setenv("A_PASSWORD", "correct horse battery staple")
    sent = []
    with connection.execute_wrapper(lambda execute, sql, *rest: (sent.append(str(sql)), execute(sql, *rest))[1]):
        prepare_database(password_from="A_PASSWORD")

    with connection.cursor() as cursor:
        cursor.execute("SELECT rolpassword FROM pg_authid WHERE rolname = %s", [ROLE])
        assert cursor.fetchone()[0].startswith("SCRAM-SHA-256$")
    assert not any("correct horse" in statement for statement in sent)


def test_without_a_password_none_is_set():
    prepare_database()

    with connection.cursor() as cursor:
        cursor.execute("SELECT rolpassword, rolcanlogin FROM pg_authid WHERE rolname = %s", [ROLE])
        assert cursor.fetchone() == (None, True)


def test_prepare_database_refuses_an_empty_password(monkeypatch):
    monkeypatch.delenv("A_PASSWORD", raising=False)

    with pytest.raises(CommandError, match="A_PASSWORD holds no password"):
        prepare_database(password_from="A_PASSWORD")


def test_prepare_database_refuses_the_owner_and_whoever_may_become_it():
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user")
        owner = cursor.fetchone()[0]
        cursor.execute("CREATE ROLE kunjae_test_mighty SUPERUSER")
        cursor.execute(f"CREATE ROLE kunjae_test_heir IN ROLE {owner}")

    with pytest.raises(CommandError, match="owns the tables"):
        prepare_database(role=owner)
    for role in ("kunjae_test_mighty", "kunjae_test_heir"):
        with pytest.raises(CommandError, match="administrator or a member"):
            prepare_database(role=role)


def test_prepare_database_is_for_the_owner_only():
    prepare_database()

    with under(ROLE), pytest.raises(CommandError, match="run this as"):
        prepare_database(role="kunjae_test_other")


def test_prepare_database_by_an_owner_without_the_right_to_make_roles_names_the_next_step():
    with connection.cursor() as cursor:
        cursor.execute("CREATE ROLE kunjae_test_owner")
        cursor.execute("ALTER TABLE audit_auditevent OWNER TO kunjae_test_owner")
        cursor.execute("GRANT SELECT ON ALL TABLES IN SCHEMA public TO kunjae_test_owner")

    with (
        under("kunjae_test_owner"),
        pytest.raises(CommandError, match="CREATE ROLE kunjae_test_app LOGIN"),
        transaction.atomic(),
    ):
        prepare_database()
