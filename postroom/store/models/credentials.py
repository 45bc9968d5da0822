"""What opens a door. Only hashes are stored."""

from django.db import models

from postroom.store.models.mailboxes import Mailbox
from postroom.store.models.people import Person


class Token(models.Model):
    """A login token of OMA (oma.md section 1.4)."""

    hash = models.CharField(max_length=64, primary_key=True)  # SHA-256 of a random text
    mailbox = models.ForeignKey(Mailbox, on_delete=models.CASCADE, related_name="tokens")
    kind = models.CharField(max_length=8)  # oma, session or sso
    opens_api = models.BooleanField()
    opens_mail = models.BooleanField()
    reason = models.TextField(default="")
    created_by = models.CharField(max_length=254)
    created_at = models.BigIntegerField()
    expires_at = models.BigIntegerField()
    used_at = models.BigIntegerField(null=True)

    class Meta:
        indexes = [models.Index(fields=["expires_at"], name="token_expires")]


class AppPassword(models.Model):
    mailbox = models.ForeignKey(Mailbox, on_delete=models.CASCADE, related_name="app_passwords")
    tag = models.CharField(max_length=128)
    hash = models.CharField(max_length=255)  # {TYPE}…
    created_at = models.BigIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["mailbox", "tag"], name="app_password_tag_once")]


class ApiKey(models.Model):
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="api_keys")
    name = models.CharField(max_length=128)
    shown_prefix = models.CharField(max_length=16, default="")  # to tell one key from another
    hash = models.CharField(max_length=64, unique=True)
    scopes = models.JSONField(default=dict)  # domains, permissions, networks; absent: not narrowed
    created_at = models.BigIntegerField()
    expires_at = models.BigIntegerField(null=True)
    last_used_at = models.BigIntegerField(null=True)
    last_used_from = models.CharField(max_length=45, default="")


class Passkey(models.Model):
    """A public key of WebAuthn: a second factor that cannot be given away by mistake."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="passkeys")
    name = models.CharField(max_length=128)
    credential_id = models.CharField(max_length=1400, unique=True)  # base64url
    public_key = models.TextField()  # COSE, base64url
    sign_count = models.BigIntegerField(default=0)
    transports = models.JSONField(default=list)
    created_at = models.BigIntegerField()
    last_used_at = models.BigIntegerField(null=True)


class RecoveryCode(models.Model):
    """In place of a second factor that was lost, once."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="recovery_codes")
    hash = models.CharField(max_length=64)
    used_at = models.BigIntegerField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "hash"], name="recovery_code_once")]


class OneTimeLink(models.Model):
    """Lets whoever has it set the password of a mailbox, a few times for a while."""

    hash = models.CharField(max_length=64, primary_key=True)
    mailbox = models.ForeignKey(Mailbox, on_delete=models.CASCADE, related_name="links")
    password_id = models.CharField(max_length=16, default="")  # of the password that it is to replace
    created_by = models.CharField(max_length=254)
    created_at = models.BigIntegerField()
    seconds = models.IntegerField(default=0)  # that it lives, once its letter has left
    expires_at = models.BigIntegerField()
    uses_left = models.SmallIntegerField()

    class Meta:
        indexes = [models.Index(fields=["expires_at"], name="link_expires")]


class SignInAttempt(models.Model):
    """Failed sign-ins of an account, under a name or from a network address. A success removes the first two."""

    key = models.CharField(max_length=320, primary_key=True)  # account:<address>, typed:<name> or network:<address>
    failures = models.IntegerField()
    last_at = models.BigIntegerField()
