"""What makes each attribute bite. docs/enforcement.md is made from here and from the tests that prove it."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Enforced:
    by: str
    """The server, or Postroom where it is the control plane that refuses or reminds."""
    how: str


def _servers(by: str, how: str) -> Enforced:
    return Enforced(by, how)


def _postroom(how: str) -> Enforced:
    return Enforced("Postroom", how)


def _nobody(why: str) -> Enforced:
    return Enforced("no server", why)


_DIRECTORY = _nobody("A fact about a person or company that is only shown; no server acts on it.")
_WEBMAIL = _nobody(
    "What webmail begins with: the helper tells it (`/preset`), and there is no webmail among our servers."
)
_OWN_SCRIPT = "the script `own` of the mailbox, made from the settings, runs at each delivery"
_SPAM_SCRIPT = "`spam.sieve` compares and acts with the values of the recipient (`mail_login`)"

ENFORCEMENT: Mapping[str, Enforced] = {
    "2fa_required_oma": _postroom("The password alone opens the API no more."),
    "account": _servers("Postfix, Dovecot", "The key of `mail_domain`, `mail_route` and `mail_login`."),
    "aliases": _servers("Postfix, Dovecot", "Names in `mail_domain`, addresses in `mail_route`; both also sign in."),
    "allow": _servers("Sieve", "Scripts `lists` of the domain and the mailbox; at the door Rspamd has them too."),
    "block": _servers("Sieve", "Scripts `lists` of the domain and the mailbox; at the door Rspamd has them too."),
    "autoresponder": _servers("Sieve", f"The text of vacation in {_OWN_SCRIPT}."),
    "autoresponder_option_enddate": _servers("Sieve", f"A test of the date in {_OWN_SCRIPT}."),
    "autoresponder_option_interval": _servers("Sieve", f"The interval of vacation in {_OWN_SCRIPT}."),
    "brand": _postroom("The sender and look of the messages that Postroom sends."),
    "catchall": _servers("Postfix", "`mail_domain.catchall`, asked for only when an address is unknown."),
    "company": _postroom("Whose the domain is: who may do what with it, and what it inherits."),
    "contacts": _DIRECTORY,
    "default_password_encoding": _servers("Dovecot", "The scheme in `mail_login.hashes`; the helper has others."),
    "delivery_autoresponder": _servers("Sieve", f"Switches vacation on in {_OWN_SCRIPT}."),
    "delivery_filter": _servers("Sieve, Postfix", "Ham is redirected to `mail_exit`, which leads to filtermx."),
    "delivery_forward": _servers("Sieve, Postfix", "One redirect to `mail_exit`, which fans out to the recipients."),
    "delivery_local": _servers("Sieve", f"Whether {_OWN_SCRIPT} keeps a copy."),
    "disabled": _servers("Postfix, Dovecot", "`mail_domain.action` and `.active`; live sessions are ended."),
    "dkim_key": _servers("Rspamd", "`DKIM_KEYS` in Redis, under every name of the domain."),
    "dkim_selector": _servers("Rspamd", "`DKIM_SELECTORS` in Redis, under every name of the domain."),
    "domain_push_allowed": _postroom("push_domain is refused for others."),
    "domain_push_notify": _postroom("The address is told by e-mail."),
    "fax": _DIRECTORY,
    "filterdelivery": _servers("Sieve", f"Filed away or marked: {_SPAM_SCRIPT}."),
    "filtermx": _servers("Postfix", "`mail_exit.nexthop` of each filter account."),
    "forward_option_reply_to": _servers("Sieve", f"A header line that {_OWN_SCRIPT} gives the forwarded copy."),
    "forward_option_restricted": _servers("Sieve", f"A test of the sender in {_OWN_SCRIPT}."),
    "forward_option_subject_prefix": _servers("Sieve", f"The subject that {_OWN_SCRIPT} gives the forwarded copy."),
    "forward_recipients": _servers("Postfix", "`mail_exit.goto` of the mailbox."),
    "language": _WEBMAIL,
    "limit_aliases": _postroom("One more alias is refused."),
    "limit_users": _postroom("One more account is refused."),
    "macsettings": _DIRECTORY,
    "max_pab_entries": _nobody("There are no address books."),
    "name": _DIRECTORY,
    "notes_external": _DIRECTORY,
    "password": _servers("Dovecot", "Verified in a worker process against `mail_login.hashes`."),
    "password_strength": _postroom("A weaker password is refused."),
    "phone": _DIRECTORY,
    "quota": _servers("Dovecot, Postfix", "The quota rule of each mailbox; Postfix asks quota-status at RCPT."),
    "quota_maximum": _servers("Dovecot, Postfix", "Cuts `mail_login.quota`; larger ones are refused by Postroom."),
    "regen_passwords": _servers("Dovecot", "`mail_login.rehash_to`: the helper stores a verified password anew."),
    "reject_spam": _servers("Rspamd", "Refused at the end of a message to this recipient alone; else as spam."),
    "service_imap4": _servers("Dovecot", "`mail_login.imap`, at sign-in; live sessions are ended."),
    "service_pop3": _servers("Dovecot", "`mail_login.pop3`, at sign-in; live sessions are ended."),
    "service_smtpin": _servers("Postfix", "`mail_route.action`, at RCPT."),
    "service_smtprelay": _servers("Dovecot, Postfix", "`mail_login.smtp`, at AUTH of submission."),
    "service_smtprelay_webmail": _servers("Dovecot, Postfix", "`mail_login.webmail_smtp`, at AUTH of webmail's port."),
    "service_webmail": _servers("Dovecot", "`mail_login.webmail`, at sign-in from webmail's port."),
    "sieve": _servers("Sieve", "The personal script, stored in Dovecot; ManageSieve sees the same one."),
    "smtp_sent_limit": _servers("Postfix", "A policy service counts recipients at the end of each message sent."),
    "spamfolder": _servers("Sieve", f"Where it is filed: {_SPAM_SCRIPT}."),
    "spamheader": _servers("Sieve", f"Put into spam that is passed through: {_SPAM_SCRIPT}."),
    "spamlevel": _servers("Sieve", f"The score from which it is spam: {_SPAM_SCRIPT}."),
    "spamtag": _servers("Sieve", f"Put before the subject of spam that is passed through: {_SPAM_SCRIPT}."),
    "stats_mailout": _postroom("The statistics are sent there."),
    "timezone": _WEBMAIL,
    "title": _DIRECTORY,
    "type": _servers("Sieve, Postfix, Dovecot", "Who may sign in, what is kept, and where the rest goes."),
    "wm_domainalias": _servers("Postfix", "`mail_domain.send_as` of the alias names, at MAIL FROM."),
    "workgroup": _postroom("Who may administer the mailbox."),
}
