"""Postroom as an OpenID provider: who may ask, and what was given out. Secrets are kept as hashes."""

from django.db import models

from postroom.store.models.mailboxes import Mailbox


class OidcClient(models.Model):
    """A program that mailbox holders sign in to with their mailbox."""

    client_id = models.CharField(max_length=64, unique=True)
    name = models.CharField(max_length=128)
    secret_hash = models.CharField(max_length=64, default="")  # empty: a public client, which must use PKCE
    redirect_uris = models.JSONField(default=list)
    logout_uris = models.JSONField(default=list)
    signs_userinfo = models.BooleanField(default=False)  # userinfo as a signed JWT, as ProConnect wants it
    created_at = models.BigIntegerField()


class OidcCode(models.Model):
    """An authorization code on its way to the client."""

    hash = models.CharField(max_length=64, primary_key=True)
    client = models.ForeignKey(OidcClient, on_delete=models.CASCADE, related_name="codes")
    mailbox = models.ForeignKey(Mailbox, on_delete=models.CASCADE, related_name="oidc_codes")
    redirect_uri = models.TextField()
    scope = models.TextField()
    nonce = models.CharField(max_length=255, default="")
    challenge = models.CharField(max_length=128, default="")
    challenge_method = models.CharField(max_length=8, default="")
    acr = models.CharField(max_length=64, default="")
    amr = models.JSONField(default=list)
    signed_in_at = models.BigIntegerField()
    expires_at = models.BigIntegerField(db_index=True)
    used_at = models.BigIntegerField(null=True)


class OidcToken(models.Model):
    """An access token, good for userinfo only."""

    hash = models.CharField(max_length=64, primary_key=True)
    client = models.ForeignKey(OidcClient, on_delete=models.CASCADE, related_name="tokens")
    mailbox = models.ForeignKey(Mailbox, on_delete=models.CASCADE, related_name="oidc_tokens")
    code_hash = models.CharField(max_length=64)  # of the code it came from: used twice, the token dies
    scope = models.TextField()
    acr = models.CharField(max_length=64, default="")
    expires_at = models.BigIntegerField(db_index=True)


class SigningKey(models.Model):
    """What ID tokens are signed with. Old ones stay published until nothing that they signed is good any more."""

    kid = models.CharField(max_length=64, unique=True)
    sealed = models.TextField()  # the private key in PEM, sealed
    created_at = models.BigIntegerField()
