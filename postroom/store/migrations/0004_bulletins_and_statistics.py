import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('store', '0003_projection'),
    ]

    operations = [
        migrations.AddField(
            model_name='brand',
            name='look',
            field=models.JSONField(default=dict),
        ),
        migrations.CreateModel(
            name='AccountList',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('day', models.CharField(max_length=10)),
                ('company_id', models.BigIntegerField()),
                ('domain_id', models.BigIntegerField()),
                ('lines', models.BinaryField()),
            ],
            options={
                'indexes': [models.Index(fields=['company_id', 'day'], name='account_list_company'), models.Index(fields=['day'], name='account_list_day')],
                'constraints': [models.UniqueConstraint(fields=('domain_id', 'day'), name='account_list_once')],
            },
        ),
        migrations.CreateModel(
            name='BulletinPosting',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('type', models.CharField(max_length=8)),
                ('name', models.CharField(max_length=128)),
                ('text', models.TextField()),
                ('created_at', models.BigIntegerField()),
                ('company', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='postings', to='store.company')),
                ('domain', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='postings', to='store.domain')),
            ],
        ),
        migrations.CreateModel(
            name='DomainDay',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('day', models.CharField(max_length=10)),
                ('company_id', models.BigIntegerField()),
                ('domain_id', models.BigIntegerField()),
                ('domain', models.CharField(max_length=160)),
                ('final', models.BooleanField()),
                ('mailboxes', models.BigIntegerField(default=0)),
                ('forwards', models.BigIntegerField(default=0)),
                ('filters', models.BigIntegerField(default=0)),
                ('aliases', models.BigIntegerField(default=0)),
                ('deleted', models.BigIntegerField(default=0)),
                ('suspended', models.BigIntegerField(default=0)),
                ('quota_bytes', models.BigIntegerField(default=0)),
                ('with_imap4', models.BigIntegerField(default=0)),
                ('with_pop3', models.BigIntegerField(default=0)),
                ('with_webmail', models.BigIntegerField(default=0)),
                ('with_smtpin', models.BigIntegerField(default=0)),
                ('with_smtprelay', models.BigIntegerField(default=0)),
                ('with_smtprelay_webmail', models.BigIntegerField(default=0)),
                ('stored_bytes', models.BigIntegerField(default=0)),
                ('stored_items', models.BigIntegerField(default=0)),
                ('deleted_bytes', models.BigIntegerField(default=0)),
                ('deleted_items', models.BigIntegerField(default=0)),
                ('logins_imap4', models.BigIntegerField(default=0)),
                ('logins_pop3', models.BigIntegerField(default=0)),
                ('logins_webmail', models.BigIntegerField(default=0)),
                ('logins_smtprelay', models.BigIntegerField(default=0)),
                ('delivered', models.BigIntegerField(default=0)),
                ('spam', models.BigIntegerField(default=0)),
                ('autoresponses', models.BigIntegerField(default=0)),
                ('forwarded', models.BigIntegerField(default=0)),
                ('sent', models.BigIntegerField(default=0)),
                ('recipients', models.BigIntegerField(default=0)),
                ('bytes_in', models.BigIntegerField(default=0)),
                ('bytes_relay', models.BigIntegerField(default=0)),
            ],
            options={
                'indexes': [models.Index(fields=['company_id', 'day'], name='domain_day_company'), models.Index(condition=models.Q(('final', False)), fields=['day'], name='domain_day_open')],
                'constraints': [models.UniqueConstraint(fields=('domain_id', 'day'), name='domain_day_once')],
            },
        ),
        migrations.CreateModel(
            name='OutgoingMail',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('purpose', models.CharField(max_length=32)),
                ('recipient', models.CharField(max_length=254)),
                ('sender', models.CharField(default='', max_length=600)),
                ('reply_to', models.CharField(default='', max_length=254)),
                ('subject', models.CharField(default='', max_length=512)),
                ('text', models.TextField(default='')),
                ('html', models.TextField(default='')),
                ('variables', models.JSONField(default=dict)),
                ('status', models.CharField(max_length=8)),
                ('due_at', models.BigIntegerField(null=True)),
                ('leased_until', models.BigIntegerField(null=True)),
                ('attempts', models.IntegerField(default=0)),
                ('failure', models.TextField(default='')),
                ('created_at', models.BigIntegerField()),
                ('ended_at', models.BigIntegerField(null=True)),
                ('posting', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='mails', to='store.bulletinposting')),
            ],
        ),
        migrations.CreateModel(
            name='Bulletin',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('type', models.CharField(max_length=8)),
                ('name', models.CharField(max_length=128)),
                ('text', models.TextField()),
                ('size', models.IntegerField()),
                ('created_at', models.BigIntegerField()),
                ('changed_at', models.BigIntegerField()),
                ('company', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='bulletins', to='store.company')),
                ('domain', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='bulletins', to='store.domain')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('company', 'type', 'name'), name='bulletin_once_a_company'), models.UniqueConstraint(fields=('domain', 'type', 'name'), name='bulletin_once_a_domain'), models.CheckConstraint(condition=models.Q(('company', None), ('domain', None), _connector='XOR'), name='bulletin_has_one_owner')],
            },
        ),
        migrations.AddIndex(
            model_name='bulletinposting',
            index=models.Index(fields=['created_at'], name='posting_old'),
        ),
        migrations.AddIndex(
            model_name='outgoingmail',
            index=models.Index(condition=models.Q(('due_at__isnull', False)), fields=['due_at'], name='outgoing_due'),
        ),
        migrations.AddIndex(
            model_name='outgoingmail',
            index=models.Index(condition=models.Q(('ended_at__isnull', False)), fields=['ended_at'], name='outgoing_ended'),
        ),
    ]
