"""The recorded end of a chain only grows: it is neither removed nor set back (T-11, T-12)."""

from typing import Any

from django.db import migrations

SQLITE = [
    """
    CREATE TRIGGER audit_chain_head_only_grows_update BEFORE UPDATE ON audit_chainhead
    WHEN NEW.sequence < OLD.sequence OR NEW.chain <> OLD.chain
    BEGIN SELECT RAISE(ABORT, 'the end of a chain only grows'); END
    """,
    """
    CREATE TRIGGER audit_chain_head_only_grows_delete BEFORE DELETE ON audit_chainhead
    BEGIN SELECT RAISE(ABORT, 'the end of a chain only grows'); END
    """,
]
POSTGRESQL = [
    """
    CREATE FUNCTION audit_chain_head_only_grows() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN
      IF TG_OP = 'UPDATE' THEN
        IF NEW.sequence >= OLD.sequence AND NEW.chain = OLD.chain THEN RETURN NEW; END IF;
      END IF;
      RAISE EXCEPTION 'the end of a chain only grows';
    END $$
    """,
    """
    CREATE TRIGGER audit_chain_head_only_grows_row BEFORE UPDATE OR DELETE ON audit_chainhead
    FOR EACH ROW EXECUTE FUNCTION audit_chain_head_only_grows()
    """,
    """
    CREATE TRIGGER audit_chain_head_only_grows_truncate BEFORE TRUNCATE ON audit_chainhead
    FOR EACH STATEMENT EXECUTE FUNCTION audit_event_is_append_only()
    """,
]


def forwards(apps: Any, schema_editor: Any) -> None:
    statements = {"sqlite": SQLITE, "postgresql": POSTGRESQL}[schema_editor.connection.vendor]
    for statement in statements:
        schema_editor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [("audit", "0003_reading_by_actor_and_name")]
    operations = [migrations.RunPython(forwards, elidable=False)]
