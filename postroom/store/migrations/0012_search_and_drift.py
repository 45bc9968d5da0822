import postroom.store.begins
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('store', '0011_told'),
    ]

    operations = [
        migrations.CreateModel(
            name='DriftRun',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('started_at', models.BigIntegerField()),
                ('ended_at', models.BigIntegerField(null=True)),
                ('found', models.IntegerField(default=0)),
                ('lines', models.JSONField(default=list)),
                ('failure', models.TextField(default='')),
            ],
        ),
        migrations.AddIndex(
            model_name='address',
            index=models.Index(postroom.store.begins.AfterDot('address'), name='address_after_dot'),
        ),
        migrations.AddIndex(
            model_name='alias',
            index=models.Index(postroom.store.begins.Plain('local_part'), name='alias_name'),
        ),
        migrations.AddIndex(
            model_name='alias',
            index=models.Index(postroom.store.begins.Plain('destination'), name='alias_destination'),
        ),
        migrations.AddIndex(
            model_name='mailbox',
            index=models.Index(postroom.store.begins.Plain('search_text'), condition=models.Q(('deleted_at', None)), name='mailbox_first_name'),
        ),
        migrations.AddIndex(
            model_name='mailbox',
            index=models.Index(postroom.store.begins.SecondWord('search_text'), condition=models.Q(('deleted_at', None)), name='mailbox_last_name'),
        ),
        migrations.AddIndex(
            model_name='person',
            index=models.Index(postroom.store.begins.Lowered('name'), name='person_name'),
        ),
    ]
