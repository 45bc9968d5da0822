"""Each of these columns is the first of another index, which finds as well: every new mailbox wrote them in vain.

By SQL: Django would make the tables anew on SQLite, and `store_mailbox` has triggers (0014_domain_size).
"""

import django.db.models.deletion
from django.db import migrations, models

GONE = (
    ("store_mailbox_domain_id_384afc52", "store_mailbox", "domain_id"),
    ("store_address_domain_id_833afdee", "store_address", "domain_id"),
    ("store_domain_company_id_758d36f7", "store_domain", "company_id"),
)


def _foreign_key(model, name, to, on_delete, related_name):
    key = models.ForeignKey(db_index=False, on_delete=on_delete, related_name=related_name, to=to)
    return migrations.AlterField(model_name=model, name=name, field=key)


class Migration(migrations.Migration):
    dependencies = [("store", "0016_links_in_letters")]

    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[
                migrations.RunSQL(f'DROP INDEX IF EXISTS "{index}"', f'CREATE INDEX "{index}" ON "{table}" ("{column}")')
                for index, table, column in GONE
            ],
            state_operations=[
                _foreign_key("mailbox", "domain", "store.domain", django.db.models.deletion.PROTECT, "mailboxes"),
                _foreign_key("address", "domain", "store.domain", django.db.models.deletion.CASCADE, "addresses"),
                _foreign_key("domain", "company", "store.company", django.db.models.deletion.PROTECT, "domains"),
            ],
        ),
    ]
