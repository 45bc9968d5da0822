from django.db import migrations, models

_NAMES = (
    'mailboxes', 'quota_bytes', 'stored_bytes', 'delivered', 'spam', 'sent',
    'recipients', 'logins_imap4', 'logins_pop3', 'logins_webmail', 'logins_smtprelay',
)
_COLUMNS = ", ".join(f'"{name}"' for name in _NAMES)
_SUMS = ", ".join(f'SUM("{name}")' for name in _NAMES)


def _add_up(company, group):
    return (
        f'INSERT INTO "store_companyday" ("company_id", "day", {_COLUMNS}) '
        f'SELECT {company}, "day", {_SUMS} FROM "store_domainday" GROUP BY {group}'
    )


class Migration(migrations.Migration):

    dependencies = [
        ('store', '0012_search_and_drift'),
    ]

    operations = [
        migrations.CreateModel(
            name='CompanyDay',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('day', models.CharField(max_length=10)),
                ('company_id', models.BigIntegerField()),
                ('mailboxes', models.BigIntegerField(default=0)),
                ('quota_bytes', models.BigIntegerField(default=0)),
                ('stored_bytes', models.BigIntegerField(default=0)),
                ('delivered', models.BigIntegerField(default=0)),
                ('spam', models.BigIntegerField(default=0)),
                ('sent', models.BigIntegerField(default=0)),
                ('recipients', models.BigIntegerField(default=0)),
                ('logins_imap4', models.BigIntegerField(default=0)),
                ('logins_pop3', models.BigIntegerField(default=0)),
                ('logins_webmail', models.BigIntegerField(default=0)),
                ('logins_smtprelay', models.BigIntegerField(default=0)),
            ],
            options={
                'indexes': [models.Index(fields=['day'], name='company_day_day')],
                'constraints': [models.UniqueConstraint(fields=('company_id', 'day'), name='company_day_once')],
            },
        ),
        # What was counted before.
        migrations.RunSQL(_add_up('"company_id"', '"company_id", "day"'), migrations.RunSQL.noop),
        migrations.RunSQL(_add_up('0', '"day"'), migrations.RunSQL.noop),
    ]
