"""History can be added to and nothing else, whoever holds the connection."""

from django.db import migrations

SQLITE = [
    "CREATE TRIGGER history_no_update BEFORE UPDATE ON store_history "
    "BEGIN SELECT RAISE(ABORT, 'history is append-only'); END",
    "CREATE TRIGGER history_no_delete BEFORE DELETE ON store_history "
    "BEGIN SELECT RAISE(ABORT, 'history is append-only'); END",
]
POSTGRESQL = [
    "CREATE FUNCTION store_history_refuse() RETURNS trigger LANGUAGE plpgsql AS "
    "$$ BEGIN RAISE EXCEPTION 'history is append-only'; END $$",
    "CREATE TRIGGER history_no_change BEFORE UPDATE OR DELETE ON store_history "
    "FOR EACH ROW EXECUTE FUNCTION store_history_refuse()",
]


def forbid(apps, schema_editor):
    for statement in SQLITE if schema_editor.connection.vendor == "sqlite" else POSTGRESQL:
        schema_editor.execute(statement)


def allow(apps, schema_editor):
    if schema_editor.connection.vendor == "sqlite":
        schema_editor.execute("DROP TRIGGER history_no_update")
        schema_editor.execute("DROP TRIGGER history_no_delete")
    else:
        schema_editor.execute("DROP TRIGGER history_no_change ON store_history")
        schema_editor.execute("DROP FUNCTION store_history_refuse()")


class Migration(migrations.Migration):
    dependencies = [("store", "0001_initial")]
    operations = [migrations.RunPython(forbid, allow)]
