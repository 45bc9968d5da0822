"""What was counted, one row a domain and day. Companies are sums of their domains. What comes in is counted an account
and day first.

No foreign keys: the numbers of a domain outlive it.
"""

from django.db import models


class DomainDay(models.Model):
    """The first group is as things were at the end of the day, the second one is what happened in it."""

    day = models.CharField(max_length=10)  # 2026-11-21, in UTC
    company_id = models.BigIntegerField()  # whose the domain was on that day
    domain_id = models.BigIntegerField()
    domain = models.CharField(max_length=160)
    final = models.BooleanField()  # counted after the day had ended

    mailboxes = models.BigIntegerField(default=0)
    forwards = models.BigIntegerField(default=0)
    filters = models.BigIntegerField(default=0)
    aliases = models.BigIntegerField(default=0)
    deleted = models.BigIntegerField(default=0)
    suspended = models.BigIntegerField(default=0)
    quota_bytes = models.BigIntegerField(default=0)  # allotted
    with_imap4 = models.BigIntegerField(default=0)
    with_pop3 = models.BigIntegerField(default=0)
    with_webmail = models.BigIntegerField(default=0)
    with_smtpin = models.BigIntegerField(default=0)
    with_smtprelay = models.BigIntegerField(default=0)
    with_smtprelay_webmail = models.BigIntegerField(default=0)
    stored_bytes = models.BigIntegerField(default=0)
    stored_items = models.BigIntegerField(default=0)
    deleted_bytes = models.BigIntegerField(default=0)  # of deleted accounts
    deleted_items = models.BigIntegerField(default=0)

    logins_imap4 = models.BigIntegerField(default=0)
    logins_pop3 = models.BigIntegerField(default=0)
    logins_webmail = models.BigIntegerField(default=0)
    logins_smtprelay = models.BigIntegerField(default=0)
    delivered = models.BigIntegerField(default=0)
    spam = models.BigIntegerField(default=0)
    autoresponses = models.BigIntegerField(default=0)
    forwarded = models.BigIntegerField(default=0)
    sent = models.BigIntegerField(default=0)
    recipients = models.BigIntegerField(default=0)
    bytes_in = models.BigIntegerField(default=0)
    bytes_relay = models.BigIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["domain_id", "day"], name="domain_day_once")]
        indexes = [
            models.Index(fields=["company_id", "day"], name="domain_day_company"),
            models.Index(fields=["day"], name="domain_day_open", condition=models.Q(final=False)),
        ]


class CompanyDay(models.Model):
    """What plots show, added up for a company: one with thousands of domains is asked as quickly as any other."""

    day = models.CharField(max_length=10)
    company_id = models.BigIntegerField()  # 0: of all companies

    mailboxes = models.BigIntegerField(default=0)
    quota_bytes = models.BigIntegerField(default=0)
    stored_bytes = models.BigIntegerField(default=0)

    delivered = models.BigIntegerField(default=0)
    spam = models.BigIntegerField(default=0)
    sent = models.BigIntegerField(default=0)
    recipients = models.BigIntegerField(default=0)
    logins_imap4 = models.BigIntegerField(default=0)
    logins_pop3 = models.BigIntegerField(default=0)
    logins_webmail = models.BigIntegerField(default=0)
    logins_smtprelay = models.BigIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["company_id", "day"], name="company_day_once")]
        indexes = [models.Index(fields=["day"], name="company_day_day")]


class MailCount(models.Model):
    """What came in for an account on a day, as Dovecot has told. Kept until the day was counted for its domain."""

    mailbox_id = models.BigIntegerField()
    day = models.CharField(max_length=10)
    delivered = models.BigIntegerField(default=0)
    spam = models.BigIntegerField(default=0)
    autoresponses = models.BigIntegerField(default=0)
    forwarded = models.BigIntegerField(default=0)
    bytes_in = models.BigIntegerField(default=0)

    class Meta:
        db_table = "mail_count"
        constraints = [models.UniqueConstraint(fields=["mailbox_id", "day"], name="mail_count_once")]
        indexes = [models.Index(fields=["day"], name="mail_count_day")]


class AccountList(models.Model):
    """The lines that stats_snapshot gives for a domain. Only the last day of a past week or month keeps them."""

    day = models.CharField(max_length=10)
    company_id = models.BigIntegerField()
    domain_id = models.BigIntegerField()
    lines = models.BinaryField()  # CSV without its heading, deflated

    class Meta:
        constraints = [models.UniqueConstraint(fields=["domain_id", "day"], name="account_list_once")]
        indexes = [
            models.Index(fields=["company_id", "day"], name="account_list_company"),
            models.Index(fields=["day"], name="account_list_day"),
        ]
