from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("store", "0006_stored_mail")]

    operations = [
        migrations.AddField("mailsent", "messages", models.IntegerField(default=0)),
        migrations.AddField("mailsent", "bytes", models.BigIntegerField(default=0)),
        migrations.CreateModel(
            name="MailCount",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("mailbox_id", models.BigIntegerField()),
                ("day", models.CharField(max_length=10)),
                ("delivered", models.BigIntegerField(default=0)),
                ("spam", models.BigIntegerField(default=0)),
                ("autoresponses", models.BigIntegerField(default=0)),
                ("forwarded", models.BigIntegerField(default=0)),
                ("bytes_in", models.BigIntegerField(default=0)),
            ],
            options={
                "db_table": "mail_count",
                "indexes": [models.Index(fields=["day"], name="mail_count_day")],
                "constraints": [models.UniqueConstraint(fields=["mailbox_id", "day"], name="mail_count_once")],
            },
        ),
    ]
