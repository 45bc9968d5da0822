"""What jobs, drivers, roles and states are called on the operator's pages."""

from collections.abc import Mapping
from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

JOBS: Final[Mapping[str, str]] = {
    "spread_domain": gettext_noop("Telling the platform of all mailboxes of a domain"),
    "spread_company": gettext_noop("Telling platforms of all that a company’s setting touches"),
    "project_company": gettext_noop("Passing a company’s settings on to mail servers"),
    "post_bulletin": gettext_noop("Sending a bulletin"),
    "welcome": gettext_noop("Sending a new mailbox its bulletins"),
    "end_mailboxes": gettext_noop("Ending the mailboxes of a domain that was given up"),
    "count_day": gettext_noop("Counting a day"),
    "statistics": gettext_noop("Seeing to statistics"),
    "gather_usage": gettext_noop("Asking how full mailboxes are"),
    "platform_usage": gettext_noop("Asking a platform how full its mailboxes are"),
    "sync_remotes": gettext_noop("Comparing remote platforms"),
    "sync_platform": gettext_noop("Comparing a remote platform"),
    "put_sieve": gettext_noop("Putting a filter on the platform"),
    "reindex": gettext_noop("Building the index of a mailbox anew"),
    "release_waiting": gettext_noop("Opening the mailboxes that waited for their domain"),
    "owed_to_mailboxes": gettext_noop("Looking after mailboxes that are owed a letter"),
    "purge": gettext_noop("Clearing away what can no longer be restored"),
    "compare": gettext_noop("Comparing platforms with what should be"),
    "gather_sign_ins": gettext_noop("Noting who has signed in to mail"),
    "forget_sent": gettext_noop("Forgetting old numbers of sent mail"),
}

DRIVERS: Final[Mapping[str, str]] = {
    "fake": gettext_noop("Simulated platform"),
    "mailstack": gettext_noop("Postfix, Dovecot and Rspamd"),
    "dimail": gettext_noop("Remote dimail"),
    "openxchange": gettext_noop("Open-Xchange"),
}

ROLES: Final[Mapping[str, tuple[str, str]]] = {
    "company": (gettext_noop("Company"), gettext_noop("everything in the company")),
    "company_mail": (gettext_noop("Company mail"), gettext_noop("changes mailboxes, sees the rest")),
    "company_mail2": (
        gettext_noop("Company mail without passwords"),
        gettext_noop("changes mailboxes but not their passwords, sees the rest"),
    ),
    "company_ro": (gettext_noop("Company, reading"), gettext_noop("sees everything in the company")),
    "company_token_only": (gettext_noop("Company, sign-in tokens"), gettext_noop("makes sign-in tokens, nothing else")),
    "company_view": (gettext_noop("Company, view"), gettext_noop("sees the company, changes what mailboxes say")),
    "domain": (gettext_noop("Domain"), gettext_noop("everything in a domain")),
    "mail": (gettext_noop("Mail of a domain"), gettext_noop("changes a domain’s mailboxes")),
    "workgroup": (gettext_noop("Workgroup"), gettext_noop("everything in a workgroup of a domain")),
}
"""OMA's: (name, what somebody with it may do)."""

MAILS: Final[Mapping[str, tuple[str, str]]] = {
    "due": ("wait", gettext_noop("On its way")),
    "held": ("open", gettext_noop("Held")),
    "sent": ("good", gettext_noop("Sent")),
    "failed": ("bad", gettext_noop("Failed")),
}
"""(badge, word)."""

MAILBOXES: Final[Mapping[str, tuple[str, str]]] = {
    "pending": ("wait", gettext_noop("Waiting")),
    "enabled": ("good", gettext_noop("Enabled")),
    "disabled": ("off", gettext_noop("Disabled")),
    "failed": ("bad", gettext_noop("Failed")),
}

MORE: Final = gettext_noop("%(number)s or more")


def job(kind: str) -> str:
    """The name itself for a kind of a newer version."""
    return _(JOBS.get(kind, kind))


def role(name: str) -> str:
    return _(ROLES[name][0]) if name in ROLES else name
