"""The contract with the mail servers: flat tables of values in force, which Postfix and Dovecot read by themselves.

Written in the transaction of the change by `store/projection.py` and by nobody else; docs/mailstack.md says what
each column makes the servers do. Names are as short as the queries in the servers' configuration need them. Text
columns are empty, never null, where there is nothing to say.
"""

from django.db import models


class MailDomain(models.Model):
    """A name that mail is taken for: a domain's own or one of its aliases."""

    name = models.CharField(max_length=160, primary_key=True)
    domain_id = models.BigIntegerField(db_index=True)
    main = models.CharField(max_length=160)  # the domain's own name
    action = models.CharField(max_length=120)  # SMTP answer to every recipient; empty: look at the route
    active = models.BooleanField()  # people may sign in and send
    ours = models.BooleanField(default=True)  # control of it is proved: mail for it goes nowhere else
    send_as = models.BooleanField()  # people may send under this name
    catchall = models.CharField(max_length=254)  # the login that gets mail for unknown names

    class Meta:
        db_table = "mail_domain"


class MailRoute(models.Model):
    """An address that exists: a mailbox's own or an alias of it, or an alias of the domain's own."""

    address = models.CharField(max_length=254, primary_key=True)
    mailbox_id = models.BigIntegerField(db_index=True)  # below zero: of an alias that is no mailbox's, its domain's id
    login = models.CharField(max_length=254)  # the mailbox's own address: whose it is; empty: nobody signs in or sends
    goto = models.TextField(default="")  # where mail goes, with commas between: the login, and where an alias leads
    action = models.CharField(max_length=120)  # SMTP answer to this recipient, or a header to put in; empty: taken

    class Meta:
        db_table = "mail_route"


class MailSender(models.Model):
    """An alias of the domain's own under which mailboxes may send, besides what `mail_route` says of the address."""

    address = models.CharField(max_length=254, primary_key=True)
    domain_id = models.BigIntegerField(db_index=True)
    logins = models.TextField()  # with commas between

    class Meta:
        db_table = "mail_sender"


class MailLogin(models.Model):
    """A mailbox: how to sign in, and what holds for its mail."""

    login = models.CharField(max_length=254, primary_key=True)
    mailbox_id = models.BigIntegerField(unique=True)
    domain_id = models.BigIntegerField()
    active = models.BooleanField()
    taken = models.BooleanField()  # without a word: the row of `login` in mail_route has no action
    hashes = models.TextField()  # {SCHEME}… of the password, or of it and the app passwords, with blanks between
    rehash_to = models.CharField(max_length=16)  # store the password anew in this scheme at the next sign-in
    imap = models.CharField(max_length=1)  # e, d or s: enabled, disabled, suspended
    pop3 = models.CharField(max_length=1)
    webmail = models.CharField(max_length=1)
    smtp = models.CharField(max_length=1)
    webmail_smtp = models.CharField(max_length=1)
    quota = models.BigIntegerField()  # bytes; 0: no limit
    quota_own = models.BigIntegerField()  # before the domain's quota_maximum cut it; not for the servers
    sent_limit = models.IntegerField()  # recipients in 24 hours
    stars = models.CharField(max_length=20)  # as many as the score from which mail is spam
    spam_tag = models.CharField(max_length=30)
    spam_header = models.CharField(max_length=512)
    spam_folder = models.CharField(max_length=128)
    spam_delivery = models.CharField(max_length=12)  # quarantine or passthrough
    lists = models.SmallIntegerField()  # 1: the domain has a script of allow and block lists; 2: the mailbox has
    own_script = models.BooleanField()  # forwards, answers by itself, or hands on to another server
    own = (
        models.SmallIntegerField()
    )  # bits of the live attributes that the mailbox sets itself: core/mail/live.py; not for the servers

    class Meta:
        db_table = "mail_login"
        indexes = [models.Index(fields=["domain_id", "mailbox_id"], name="mail_login_domain")]


class MailExit(models.Model):
    """An address that only our own scripts send to: it fans out to forward recipients, or leads to another server."""

    address = models.CharField(max_length=254, primary_key=True)
    mailbox_id = models.BigIntegerField(db_index=True)
    goto = models.TextField()  # forward recipients with commas between; empty: see nexthop
    nexthop = models.CharField(max_length=270)  # smtp transport of a filter account
    original = models.CharField(max_length=254)  # the recipient that the other server is to see

    class Meta:
        db_table = "mail_exit"


class MailScript(models.Model):
    """A Sieve script made from settings. `id` changes with the text, so that compiled ones are made anew."""

    owner = models.CharField(max_length=24)  # d12 for a domain, m34 for a mailbox
    name = models.CharField(max_length=8)  # lists or own
    script = models.CharField(max_length=64)
    text = models.TextField()

    class Meta:
        db_table = "mail_script"
        constraints = [models.UniqueConstraint(fields=["owner", "name"], name="mail_script_once")]
        indexes = [models.Index(fields=["owner", "script"], name="mail_script_text")]


class MailSent(models.Model):
    """What an account has sent, in quarter hours since 1970: smtp_sent_limit counts the recipients."""

    mailbox_id = models.BigIntegerField()
    slot = models.BigIntegerField()
    recipients = models.IntegerField()
    messages = models.IntegerField(default=0)
    bytes = models.BigIntegerField(default=0)

    class Meta:
        db_table = "mail_sent"
        constraints = [models.UniqueConstraint(fields=["mailbox_id", "slot"], name="mail_sent_slot")]
        indexes = [models.Index(fields=["slot"], name="mail_sent_old")]
