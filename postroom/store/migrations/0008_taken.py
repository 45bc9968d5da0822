from django.db import migrations, models

# What the actions would have written.
_TAKEN = (
    "UPDATE mail_login SET taken = NOT EXISTS "
    "(SELECT 1 FROM mail_route r WHERE r.address = mail_login.login AND r.action <> '')"
)


class Migration(migrations.Migration):
    dependencies = [("store", "0007_mail_counts")]

    operations = [
        migrations.AddField("maillogin", "taken", models.BooleanField(default=False), preserve_default=False),
        migrations.RunSQL(_TAKEN, migrations.RunSQL.noop),
    ]
