import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("store", "0005_migrations")]

    operations = [
        migrations.CreateModel(
            name="MailUsage",
            fields=[
                (
                    "mailbox",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="usage",
                        serialize=False,
                        to="store.mailbox",
                    ),
                ),
                ("bytes", models.BigIntegerField()),
                ("messages", models.BigIntegerField()),
                ("full", models.BooleanField()),
                ("at", models.BigIntegerField()),
            ],
            options={
                "indexes": [
                    models.Index(fields=["mailbox"], name="mail_usage_full", condition=models.Q(full=True))
                ],
            },
        ),
        migrations.CreateModel(
            name="Reindexing",
            fields=[
                ("id", models.CharField(max_length=32, primary_key=True, serialize=False)),
                ("folder", models.CharField(max_length=1000)),
                ("status", models.CharField(max_length=8)),
                ("created_at", models.BigIntegerField(db_index=True)),
                (
                    "mailbox",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="reindexings", to="store.mailbox"
                    ),
                ),
            ],
        ),
    ]
