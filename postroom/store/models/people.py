from django.contrib.auth.base_user import AbstractBaseUser
from django.db import models

from postroom.store.models.domains import Domain


class Person(AbstractBaseUser):
    """Somebody who signs in to the web."""

    email = models.CharField(max_length=254, unique=True)  # folded
    name = models.CharField(max_length=200, default="")
    sub = models.CharField(max_length=255, null=True, unique=True)  # the identity provider's own key
    language = models.CharField(max_length=8, default="en")
    timezone = models.CharField(max_length=64, default="UTC")
    is_operator = models.BooleanField(default=False)
    is_active = models.BooleanField(default=True)
    created_at = models.BigIntegerField()

    USERNAME_FIELD = "email"


class Access(models.Model):
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="accesses")
    domain = models.ForeignKey(Domain, on_delete=models.CASCADE, related_name="accesses")
    role = models.CharField(max_length=16)  # viewer, administrator or owner
    created_at = models.BigIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "domain"], name="access_once_a_domain")]


class Invitation(models.Model):
    email = models.CharField(max_length=254)  # folded
    domain = models.ForeignKey(Domain, on_delete=models.CASCADE, related_name="invitations")
    role = models.CharField(max_length=16)
    issuer = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="invitations")
    expires_at = models.BigIntegerField()
    created_at = models.BigIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["email", "domain"], name="invitation_once_a_domain")]
