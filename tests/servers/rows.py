"""Rows of the tables that the servers read, written directly: for tests of the servers themselves.

Tests of what Postroom's actions bring about do not use this.
"""

import itertools

from passlib.hash import sha512_crypt

from postroom.store.models import projection

PASSWORD = "Secret-1"
HASH = "{SHA512-CRYPT}" + sha512_crypt.using(rounds=1000).hash(PASSWORD)
_ids = itertools.count(1_000_001)  # beyond what the actions' tests reach in the same database


def domain(name, *, aliases=(), action="", active=True, ours=True, send_as=True, catchall=""):
    """The domain's id."""
    number = next(_ids)
    for each in (name, *aliases):
        projection.MailDomain.objects.create(
            name=each, domain_id=number, main=name, action=action, active=active, ours=ours, send_as=send_as,
            catchall=catchall,
        )  # fmt: skip
    return number


def mailbox(login, *, domain_id=None, aliases=(), action="", **columns):
    """The mailbox's id."""
    number = next(_ids)
    if domain_id is None:
        domain_id = projection.MailDomain.objects.get(name=login.partition("@")[2]).domain_id
    values = {
        "active": True, "taken": not action, "hashes": HASH, "rehash_to": "", "imap": "e", "pop3": "e", "webmail": "e",
        "smtp": "e", "webmail_smtp": "e", "quota": 0, "quota_own": 0, "sent_limit": 1000, "stars": "******",
        "spam_tag": "[SPAM]", "spam_header": "X-Spam: Spam detected", "spam_folder": "Spam",
        "spam_delivery": "quarantine", "lists": 0, "own_script": False, "own": 0,
    }  # fmt: skip
    projection.MailLogin.objects.create(login=login, mailbox_id=number, domain_id=domain_id, **values | columns)
    for address in (login, *aliases):
        projection.MailRoute.objects.create(address=address, mailbox_id=number, login=login, goto=login, action=action)
    return number


def change(login, **columns):
    projection.MailLogin.objects.filter(login=login).update(**columns)


def answer(login, action):
    """To mail for any of its addresses."""
    projection.MailRoute.objects.filter(login=login).update(action=action)
    change(login, taken=not action)


def script(owner, name, text):
    projection.MailScript.objects.filter(owner=owner, name=name).delete()
    projection.MailScript.objects.create(owner=owner, name=name, script=f"{name}-{next(_ids)}", text=text)
