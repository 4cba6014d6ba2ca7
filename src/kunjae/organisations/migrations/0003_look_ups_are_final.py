"""The database itself refuses to change or remove who looked at which authority (D16)."""

from django.db import migrations

SQLITE = [
    """
    CREATE TRIGGER look_up_is_final_update BEFORE UPDATE ON organisations_lookup
    BEGIN SELECT RAISE(ABORT, 'look-ups are append-only'); END
    """,
    """
    CREATE TRIGGER look_up_is_final_delete BEFORE DELETE ON organisations_lookup
    BEGIN SELECT RAISE(ABORT, 'look-ups are append-only'); END
    """,
]
POSTGRESQL = [
    """
    CREATE FUNCTION look_up_is_final() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN RAISE EXCEPTION 'look-ups are append-only'; END $$
    """,
    """
    CREATE TRIGGER look_up_is_final_row BEFORE UPDATE OR DELETE ON organisations_lookup
    FOR EACH ROW EXECUTE FUNCTION look_up_is_final()
    """,
    """
    CREATE TRIGGER look_up_is_final_truncate BEFORE TRUNCATE ON organisations_lookup
    FOR EACH STATEMENT EXECUTE FUNCTION look_up_is_final()
    """,
]


def forwards(apps, schema_editor):
    statements = {"sqlite": SQLITE, "postgresql": POSTGRESQL}[schema_editor.connection.vendor]
    for statement in statements:
        schema_editor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [("organisations", "0002_district_names_and_look_ups")]
    operations = [migrations.RunPython(forwards, elidable=False)]
