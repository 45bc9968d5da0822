from django.contrib.auth.base_user import AbstractBaseUser
from django.db import models

from postroom.store.begins import Lowered
from postroom.store.models.domains import Domain
from postroom.store.models.mailboxes import Mailbox


class Person(AbstractBaseUser):
    """Somebody who signs in to the web. With `mailbox` set: that mailbox's holder, whose password is the mailbox's."""

    email = models.CharField(max_length=254, unique=True)  # folded
    mailbox = models.OneToOneField(Mailbox, null=True, on_delete=models.CASCADE, related_name="person")
    name = models.CharField(max_length=200, default="")
    sub = models.CharField(max_length=255, null=True, unique=True)  # the identity provider's own key
    language = models.CharField(max_length=8, default="en")
    timezone = models.CharField(max_length=64, default="UTC")
    is_operator = models.BooleanField(default=False)
    is_active = models.BooleanField(default=True)
    totp = models.CharField(max_length=255, default="")  # sealed; empty: no such factor
    totp_step = models.BigIntegerField(default=0)  # the newest one that opened: a code opens once
    sessions_from = models.BigIntegerField(default=0)  # older sessions have been ended
    history_head = models.CharField(max_length=64, default="")
    created_at = models.BigIntegerField()

    USERNAME_FIELD = "email"

    class Meta:
        indexes = [models.Index(Lowered("name"), name="person_name")]


class PersonEmail(models.Model):
    """An address that the person has shown to be theirs: invitations to it are theirs too."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="emails")
    email = models.CharField(max_length=254, unique=True)  # folded
    verified_at = models.BigIntegerField()


class AddressProof(models.Model):
    """A letter is on its way to an address that the person says is theirs."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="address_proofs")
    email = models.CharField(max_length=254)  # folded
    token_hash = models.CharField(max_length=64, unique=True)  # of the link in the newest letter
    expires_at = models.BigIntegerField(db_index=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "email"], name="address_proof_once")]


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
    issuer = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="invitations")
    token_hash = models.CharField(max_length=64, default="", db_index=True)  # of the link in the newest e-mail
    expires_at = models.BigIntegerField()
    created_at = models.BigIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["email", "domain"], name="invitation_once_a_domain")]
