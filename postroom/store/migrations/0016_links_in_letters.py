import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('store', '0015_address_proofs'),
    ]

    operations = [
        migrations.AddField(
            model_name='onetimelink',
            name='seconds',
            field=models.IntegerField(default=0),
        ),
        migrations.AddField(
            model_name='outgoingmail',
            name='link',
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='mails', to='store.onetimelink',
            ),
        ),
    ]
