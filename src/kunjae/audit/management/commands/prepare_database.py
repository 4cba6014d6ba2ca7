"""`kunjae prepare-database`: the role of the program may append to the record, and never change it (T-11)."""

import os

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper
from psycopg import sql

APPEND_ONLY_TABLES = ("audit_auditevent",)


class Command(BaseCommand):
    help = "On PostgreSQL, as the owner of the tables: make the role under which the program works."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--role", default="kunjae_app", help="name of the role (default: %(default)s)")
        parser.add_argument(
            "--password-from",
            metavar="VARIABLE",
            help="set the role's password to what this environment variable holds; without it none is set",
        )

    def handle(self, *, role: str, password_from: str | None, **options: object) -> None:
        if connection.vendor != "postgresql":
            self.stdout.write(
                "Nothing to do: SQLite has no roles. Triggers refuse changes of the record; the file's own "
                "permissions are what keeps others away from it."
            )
            return
        password = _password(password_from)
        with transaction.atomic(), connection.cursor() as cursor:
            owner, schema, database = _where_we_are(cursor)
            if role == owner:
                raise CommandError(
                    f"{role} owns the tables, so it could not be kept from changing them; name another role."
                )
            is_new = _make_role(cursor, role, password)
            _refuse_a_role_that_may_do_more(cursor, role, owner)
            _grant(cursor, role, owner, schema, database)
        self.stdout.write(
            f"The role {role} was {'made' if is_new else 'updated'}: it reads and writes every table of {database}, "
            f"and only reads and appends to {', '.join(APPEND_ONLY_TABLES)}."
        )


def _password(variable: str | None) -> str | None:
    if variable is None:
        return None
    password = os.environ.get(variable, "")
    if not password:
        raise CommandError(f"The environment variable {variable} holds no password.")
    return password


def _where_we_are(cursor: CursorWrapper) -> tuple[str, str, str]:
    cursor.execute(
        "SELECT tableowner, schemaname, current_database(), current_user FROM pg_tables "
        "WHERE tablename = %s AND schemaname = current_schema()",
        [APPEND_ONLY_TABLES[0]],
    )
    row = cursor.fetchone()
    if row is None:
        raise CommandError("The database has no record yet; run `kunjae migrate` first, as the same user.")
    owner, schema, database, user = row
    if user != owner:
        raise CommandError(f"The tables belong to {owner}; run this as {owner}, not as {user}.")
    return owner, schema, database


def _make_role(cursor: CursorWrapper, role: str, password: str | None) -> bool:
    cursor.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [role])
    is_new = cursor.fetchone() is None
    try:
        if is_new:
            cursor.execute(sql.SQL("CREATE ROLE {} LOGIN").format(sql.Identifier(role)))
        if password is not None:
            # Sent as its SCRAM verifier, so that the password itself appears in no log of the server.
            verifier = connection.connection.pgconn.encrypt_password(password.encode(), role.encode(), b"scram-sha-256")
            cursor.execute(
                sql.SQL("ALTER ROLE {} PASSWORD {}").format(sql.Identifier(role), sql.Literal(verifier.decode()))
            )
    except Exception as fault:
        if getattr(fault.__cause__, "sqlstate", "") == "42501":
            raise CommandError(
                f"This user may not make or change roles. Let an administrator run: CREATE ROLE {role} LOGIN; "
                "then run this again."
            ) from fault
        raise
    return is_new


def _refuse_a_role_that_may_do_more(cursor: CursorWrapper, role: str, owner: str) -> None:
    cursor.execute(
        "SELECT rolsuper OR rolcreaterole OR rolreplication, pg_has_role(rolname, %s, 'MEMBER') FROM pg_roles "
        "WHERE rolname = %s",
        [owner, role],
    )
    is_powerful, is_owner = cursor.fetchone()
    if is_powerful or is_owner:
        raise CommandError(
            f"{role} is an administrator or a member of {owner}, which no grant can keep from the record."
        )


def _grant(cursor: CursorWrapper, role: str, owner: str, schema: str, database: str) -> None:
    names = {
        "role": sql.Identifier(role),
        "owner": sql.Identifier(owner),
        "schema": sql.Identifier(schema),
        "database": sql.Identifier(database),
    }
    statements = [
        "GRANT CONNECT, TEMPORARY ON DATABASE {database} TO {role}",
        "GRANT USAGE ON SCHEMA {schema} TO {role}",
        "REVOKE ALL ON ALL TABLES IN SCHEMA {schema} FROM {role}",
        "GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA {schema} TO {role}",
        "GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA {schema} TO {role}",
    ]
    # Tables of later versions: their migrations run as the owner.
    later = "ALTER DEFAULT PRIVILEGES FOR ROLE {owner} IN SCHEMA {schema} GRANT "
    statements += [
        later + "SELECT, INSERT, UPDATE, DELETE ON TABLES TO {role}",
        later + "USAGE, SELECT ON SEQUENCES TO {role}",
    ]
    for statement in statements:
        cursor.execute(sql.SQL(statement).format(**names))
    for grantee in ("{role}", "PUBLIC"):
        # The ends of the chains grow; their rows stay.
        cursor.execute(
            sql.SQL(f"REVOKE DELETE, TRUNCATE ON {{table}} FROM {grantee}").format(
                table=sql.Identifier(schema, "audit_chainhead"), **names
            )
        )
    for table in APPEND_ONLY_TABLES:
        for grantee in ("{role}", "PUBLIC"):
            cursor.execute(
                sql.SQL(f"REVOKE UPDATE, DELETE, TRUNCATE ON {{table}} FROM {grantee}").format(
                    table=sql.Identifier(schema, table), **names
                )
            )
