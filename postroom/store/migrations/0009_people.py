import time

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from postroom.core.search_text import search_text
from django.db.models.functions import Mod, Upper


def know_enabled_domains(apps, editor):
    """They have been proved, and are looked at once a day from now on; not all in the same minute.

    In one statement: PostgreSQL makes no index on a table whose rows were updated twice in the same transaction.
    """
    now = models.Value(time.time_ns() // 1_000_000, output_field=models.BigIntegerField())
    minute = Mod(models.F("id") * 619, 1440)
    next_check = models.Case(models.When(name__endswith=".adm", then=None), default=now + minute * 60_000)
    enabled = apps.get_model("store", "Domain").objects.filter(status="enabled", deleted_at=None)
    enabled.update(proved_at=models.F("created_at"), check_at=next_check)


# What the actions would have written.
_FILL_GOTO = [
    'UPDATE "mail_domain" SET "ours" = EXISTS (SELECT 1 FROM "store_domain" d '
    'WHERE d."id" = "mail_domain"."domain_id" AND d."proved_at" IS NOT NULL)',
    'UPDATE "mail_route" SET "goto" = CASE WHEN EXISTS (SELECT 1 FROM "mail_login" l JOIN "store_domain" d '
    'ON d."id" = l."domain_id" WHERE l."mailbox_id" = "mail_route"."mailbox_id" AND d."proved_at" IS NOT NULL) '
    'THEN "login" ELSE "address" END',
]


def fill_search_text(apps, schema_editor):
    mailboxes = apps.get_model("store", "Mailbox").objects
    last, page = 0, True
    while page:
        page = list(mailboxes.filter(id__gt=last).order_by("id").only("address", "settings", "search_text")[:1000])
        for mailbox in page:
            mailbox.search_text = search_text(str(mailbox.settings.get("name") or ""), mailbox.address)
            last = mailbox.id
        mailboxes.bulk_update(page, ["search_text"], batch_size=500)


class Migration(migrations.Migration):

    dependencies = [
        ("store", "0008_taken"),
    ]

    operations = [
        migrations.CreateModel(
            name="IdempotentAnswer",
            fields=[
                ("key", models.CharField(max_length=64, primary_key=True, serialize=False)),
                ("fingerprint", models.CharField(max_length=64)),
                ("status", models.SmallIntegerField(null=True)),
                ("headers", models.JSONField(default=dict)),
                ("body", models.TextField(default="")),
                ("created_at", models.BigIntegerField(db_index=True)),
            ],
        ),
        migrations.AddField(
            model_name="apikey",
            name="last_used_from",
            field=models.CharField(default="", max_length=45),
        ),
        migrations.AddField(
            model_name="apikey",
            name="shown_prefix",
            field=models.CharField(default="", max_length=16),
        ),
        migrations.AddField(
            model_name="domain",
            name="check_failure",
            field=models.TextField(default=""),
        ),
        migrations.AddField(
            model_name="domain",
            name="checked_at",
            field=models.BigIntegerField(null=True),
        ),
        migrations.AddField(
            model_name="domain",
            name="claimed_by",
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="claims", to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name="domain",
            name="expected_records",
            field=models.JSONField(default=list),
        ),
        migrations.AddField(
            model_name="domain",
            name="ownership",
            field=models.CharField(default="", max_length=64),
        ),
        migrations.AddField(
            model_name="domain",
            name="proved_at",
            field=models.BigIntegerField(null=True),
        ),
        migrations.AddField(
            model_name="domain",
            name="support_email",
            field=models.CharField(default="", max_length=254),
        ),
        migrations.AddField(
            model_name="domain",
            name="told",
            field=models.JSONField(default=list),
        ),
        migrations.RemoveIndex(model_name="domain", name="domain_check"),
        migrations.AddIndex(
            model_name="domain",
            index=models.Index(fields=["status", "check_at"], name="domain_check", condition=models.Q(check_at__isnull=False)),
        ),
        migrations.AddField(
            model_name="invitation",
            name="token_hash",
            field=models.CharField(db_index=True, default="", max_length=64),
        ),
        migrations.AddField(
            model_name="person",
            name="history_head",
            field=models.CharField(default="", max_length=64),
        ),
        migrations.AddField(
            model_name="person",
            name="mailbox",
            field=models.OneToOneField(null=True, on_delete=django.db.models.deletion.CASCADE, related_name="person", to="store.mailbox"),
        ),
        migrations.AddField(
            model_name="person",
            name="sessions_from",
            field=models.BigIntegerField(default=0),
        ),
        migrations.AddField(
            model_name="person",
            name="totp",
            field=models.CharField(default="", max_length=255),
        ),
        migrations.AddField(
            model_name="person",
            name="totp_step",
            field=models.BigIntegerField(default=0),
        ),
        migrations.AlterField(
            model_name="invitation",
            name="issuer",
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="invitations", to=settings.AUTH_USER_MODEL),
        ),
        migrations.CreateModel(
            name="Passkey",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=128)),
                ("credential_id", models.CharField(max_length=1400, unique=True)),
                ("public_key", models.TextField()),
                ("sign_count", models.BigIntegerField(default=0)),
                ("transports", models.JSONField(default=list)),
                ("created_at", models.BigIntegerField()),
                ("last_used_at", models.BigIntegerField(null=True)),
                ("person", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="passkeys", to=settings.AUTH_USER_MODEL)),
            ],
        ),
        migrations.CreateModel(
            name="PersonEmail",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("email", models.CharField(max_length=254, unique=True)),
                ("verified_at", models.BigIntegerField()),
                ("person", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="emails", to=settings.AUTH_USER_MODEL)),
            ],
        ),
        migrations.CreateModel(
            name="OneTimeLink",
            fields=[
                ("hash", models.CharField(max_length=64, primary_key=True, serialize=False)),
                ("created_by", models.CharField(max_length=254)),
                ("created_at", models.BigIntegerField()),
                ("expires_at", models.BigIntegerField()),
                ("uses_left", models.SmallIntegerField()),
                ("mailbox", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="links", to="store.mailbox")),
            ],
            options={
                "indexes": [models.Index(fields=["expires_at"], name="link_expires")],
            },
        ),
        migrations.CreateModel(
            name="RecoveryCode",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("hash", models.CharField(max_length=64)),
                ("used_at", models.BigIntegerField(null=True)),
                ("person", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="recovery_codes", to=settings.AUTH_USER_MODEL)),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("person", "hash"), name="recovery_code_once")],
            },
        ),
        migrations.CreateModel(
            name="OidcClient",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("client_id", models.CharField(max_length=64, unique=True)),
                ("name", models.CharField(max_length=128)),
                ("secret_hash", models.CharField(default="", max_length=64)),
                ("redirect_uris", models.JSONField(default=list)),
                ("logout_uris", models.JSONField(default=list)),
                ("signs_userinfo", models.BooleanField(default=False)),
                ("created_at", models.BigIntegerField()),
            ],
        ),
        migrations.CreateModel(
            name="SigningKey",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kid", models.CharField(max_length=64, unique=True)),
                ("sealed", models.TextField()),
                ("created_at", models.BigIntegerField()),
            ],
        ),
        migrations.AddField(
            model_name="company",
            name="registration_ids",
            field=models.JSONField(default=list),
        ),
        migrations.CreateModel(
            name="OidcCode",
            fields=[
                ("hash", models.CharField(max_length=64, primary_key=True, serialize=False)),
                ("redirect_uri", models.TextField()),
                ("scope", models.TextField()),
                ("nonce", models.CharField(default="", max_length=255)),
                ("challenge", models.CharField(default="", max_length=128)),
                ("challenge_method", models.CharField(default="", max_length=8)),
                ("acr", models.CharField(default="", max_length=64)),
                ("amr", models.JSONField(default=list)),
                ("signed_in_at", models.BigIntegerField()),
                ("expires_at", models.BigIntegerField(db_index=True)),
                ("used_at", models.BigIntegerField(null=True)),
                ("client", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="codes", to="store.oidcclient")),
                ("mailbox", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="oidc_codes", to="store.mailbox")),
            ],
        ),
        migrations.CreateModel(
            name="OidcToken",
            fields=[
                ("hash", models.CharField(max_length=64, primary_key=True, serialize=False)),
                ("code_hash", models.CharField(max_length=64)),
                ("scope", models.TextField()),
                ("acr", models.CharField(default="", max_length=64)),
                ("expires_at", models.BigIntegerField(db_index=True)),
                ("client", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="tokens", to="store.oidcclient")),
                ("mailbox", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="oidc_tokens", to="store.mailbox")),
            ],
        ),
        migrations.CreateModel(
            name="RequestCount",
            fields=[
                ("key", models.CharField(max_length=64, primary_key=True, serialize=False)),
                ("starts_at", models.BigIntegerField(db_index=True)),
                ("count", models.IntegerField()),
            ],
        ),
        migrations.AddField(
            model_name="mailbox",
            name="welcome",
            field=models.CharField(default="", max_length=8),
        ),
        migrations.AddField(
            model_name="mailbox",
            name="welcomed_at",
            field=models.BigIntegerField(null=True),
        ),
        migrations.AddField(
            model_name="onetimelink",
            name="password_id",
            field=models.CharField(default="", max_length=16),
        ),
        migrations.AddIndex(
            model_name="mailbox",
            index=models.Index(condition=models.Q(("welcome", ""), _negated=True), fields=["id"], name="mailbox_welcome"),
        ),
        migrations.AddField(
            model_name="domain",
            name="gives_way_at",
            field=models.BigIntegerField(null=True),
        ),
        migrations.AddField(
            model_name="mailbox",
            name="search_text",
            field=models.CharField(default="", max_length=500),
        ),
        migrations.AddIndex(
            model_name="mailbox",
            index=models.Index(fields=["domain", "search_text", "status", "deleted_at", "id"], name="mailbox_search"),
        ),
        migrations.AddIndex(
            model_name="mailbox",
            index=models.Index(condition=models.Q(("status", "pending")), fields=["domain"], name="mailbox_pending"),
        ),
        migrations.AddField(
            model_name="mailroute",
            name="goto",
            field=models.TextField(default=""),
        ),
        migrations.AddIndex(
            model_name="mailbox",
            index=models.Index(fields=["domain", "id", "deleted_at"], name="mailbox_newest", condition=models.Q(("deleted_at", None))),
        ),
        migrations.AddField(
            model_name="maildomain",
            name="ours",
            field=models.BooleanField(default=True),
        ),
        migrations.AddIndex(
            model_name="mailbox",
            index=models.Index(fields=["domain", "status", "id", "deleted_at"], name="mailbox_status", condition=models.Q(("deleted_at", None))),
        ),
        migrations.AddIndex(
            model_name="mailbox",
            index=models.Index(fields=["domain", "secondary_email", "id", "deleted_at"], name="mailbox_secondary", condition=models.Q(("deleted_at", None))),
        ),
        migrations.AddIndex(
            model_name="mailbox",
            index=models.Index("domain", Upper("last_name"), Upper("first_name"), "id", name="mailbox_names", condition=models.Q(("deleted_at", None))),
        ),
        # A domain that is enabled has been proved, at the latest now.
        migrations.RunPython(know_enabled_domains, migrations.RunPython.noop),
        migrations.RunPython(fill_search_text, migrations.RunPython.noop),
        migrations.RunSQL(_FILL_GOTO, migrations.RunSQL.noop),
    ]
