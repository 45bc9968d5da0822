"""Mails that an administrator writes once and many get (oma.md section 5.2)."""

from django.db import models


class Bulletin(models.Model):
    """A stored text, of a company or of a domain: exactly one of the two is set."""

    company = models.ForeignKey("Company", null=True, on_delete=models.CASCADE, related_name="bulletins")
    domain = models.ForeignKey("Domain", null=True, on_delete=models.CASCADE, related_name="bulletins")
    type = models.CharField(max_length=8)  # auto: to each new mailbox; manual: when posted
    name = models.CharField(max_length=128)
    text = models.TextField()  # a whole e-mail as it was written, its variables not yet replaced
    size = models.IntegerField()  # bytes of the text
    created_at = models.BigIntegerField()
    changed_at = models.BigIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["company", "type", "name"], name="bulletin_once_a_company"),
            models.UniqueConstraint(fields=["domain", "type", "name"], name="bulletin_once_a_domain"),
            models.CheckConstraint(
                condition=models.Q(company=None) ^ models.Q(domain=None), name="bulletin_has_one_owner"
            ),
        ]


class BulletinPosting(models.Model):
    """The text as it was when it was posted: later changes of the bulletin do not reach mails that are on their way."""

    company = models.ForeignKey("Company", null=True, on_delete=models.CASCADE, related_name="postings")
    domain = models.ForeignKey("Domain", null=True, on_delete=models.CASCADE, related_name="postings")
    type = models.CharField(max_length=8)
    name = models.CharField(max_length=128)
    text = models.TextField()
    created_at = models.BigIntegerField()

    class Meta:
        indexes = [models.Index(fields=["created_at"], name="posting_old")]
