"""How many living mailboxes a domain has is counted as they come and go, whoever writes them.

A later migration for which Django makes `store_mailbox` anew on SQLite has to make these triggers again: they go with
the table (tests/store/test_domain_size.py tells).
"""

import django.db.models.deletion
from django.db import migrations, models

_ADD = 'ON CONFLICT ("domain_id") DO UPDATE SET "mailboxes" = "store_domainsize"."mailboxes" + excluded."mailboxes"'
_GONE = 'UPDATE "store_domainsize" SET "mailboxes" = "mailboxes" - 1 WHERE "domain_id" = OLD."domain_id"'
_LIVED, _LIVES = 'OLD."deleted_at" IS NULL', 'NEW."deleted_at" IS NULL'
_COUNTS_ELSEWHERE = f'({_LIVED}) <> ({_LIVES}) OR OLD."domain_id" <> NEW."domain_id"'

SQLITE = [
    'CREATE TRIGGER domain_size_insert AFTER INSERT ON "store_mailbox" '
    f'WHEN {_LIVES} BEGIN INSERT INTO "store_domainsize" VALUES (NEW."domain_id", 1) {_ADD}; END',
    'CREATE TRIGGER domain_size_update AFTER UPDATE OF "deleted_at", "domain_id" ON "store_mailbox" '
    f"WHEN {_COUNTS_ELSEWHERE} BEGIN {_GONE} AND {_LIVED}; "
    f'INSERT INTO "store_domainsize" SELECT NEW."domain_id", 1 WHERE {_LIVES} {_ADD}; END',
    f'CREATE TRIGGER domain_size_delete AFTER DELETE ON "store_mailbox" WHEN {_LIVED} BEGIN {_GONE}; END',
]
# Those that come at once are counted at once: a row that one transaction writes thousands of times gets slow.
POSTGRESQL = [
    "CREATE FUNCTION store_domainsize_insert() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
    'INSERT INTO "store_domainsize" SELECT "domain_id", count(*) FROM made WHERE "deleted_at" IS NULL '
    f'GROUP BY "domain_id" ORDER BY "domain_id" {_ADD}; RETURN NULL; END $$',
    "CREATE FUNCTION store_domainsize_update() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
    f"IF {_LIVED} THEN {_GONE}; END IF; "
    f'IF {_LIVES} THEN INSERT INTO "store_domainsize" VALUES (NEW."domain_id", 1) {_ADD}; END IF; RETURN NULL; END $$',
    "CREATE FUNCTION store_domainsize_delete() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
    f"{_GONE}; RETURN NULL; END $$",
    'CREATE TRIGGER domain_size_insert AFTER INSERT ON "store_mailbox" REFERENCING NEW TABLE AS made '
    "FOR EACH STATEMENT EXECUTE FUNCTION store_domainsize_insert()",
    'CREATE TRIGGER domain_size_update AFTER UPDATE OF "deleted_at", "domain_id" ON "store_mailbox" '
    f"FOR EACH ROW WHEN ({_COUNTS_ELSEWHERE}) EXECUTE FUNCTION store_domainsize_update()",
    'CREATE TRIGGER domain_size_delete AFTER DELETE ON "store_mailbox" '
    f"FOR EACH ROW WHEN ({_LIVED}) EXECUTE FUNCTION store_domainsize_delete()",
]
_THERE = (
    'INSERT INTO "store_domainsize" SELECT "domain_id", count(*) FROM "store_mailbox" '
    'WHERE "deleted_at" IS NULL GROUP BY "domain_id"'
)


def count(apps, schema_editor):
    sqlite = schema_editor.connection.vendor == "sqlite"
    for statement in (*(SQLITE if sqlite else POSTGRESQL), _THERE):
        schema_editor.execute(statement)


def forget(apps, schema_editor):
    for what in ("insert", "update", "delete"):
        if schema_editor.connection.vendor == "sqlite":
            schema_editor.execute(f"DROP TRIGGER domain_size_{what}")
        else:
            schema_editor.execute(f'DROP TRIGGER domain_size_{what} ON "store_mailbox"')
            schema_editor.execute(f"DROP FUNCTION store_domainsize_{what}()")


class Migration(migrations.Migration):
    dependencies = [("store", "0013_company_day")]
    operations = [
        migrations.CreateModel(
            name="DomainSize",
            fields=[
                (
                    "domain",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="size",
                        serialize=False,
                        to="store.domain",
                    ),
                ),
                ("mailboxes", models.BigIntegerField()),
            ],
        ),
        migrations.RunPython(count, forget),
    ]
