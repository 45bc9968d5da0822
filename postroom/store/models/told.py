from django.db import models

from postroom.store.models.domains import Domain
from postroom.store.models.mailboxes import Mailbox
from postroom.store.models.tenants import Platform


class Told(models.Model):
    """What a remote platform may have because of us: written down before it is told, taken away once it has let go.

    Such a platform keeps none of our keys. What is there and not in this table is others' work (docs/dimail-driver.md).
    """

    platform = models.ForeignKey(Platform, on_delete=models.CASCADE, related_name="+")
    name = models.CharField(max_length=254)  # of a domain; of a mailbox or an alias its address
    destination = models.CharField(max_length=254, default="")  # of an alias
    domain = models.ForeignKey(Domain, on_delete=models.CASCADE, related_name="+")
    mailbox = models.ForeignKey(Mailbox, null=True, on_delete=models.CASCADE, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["platform", "name", "destination"], name="told_once")]
