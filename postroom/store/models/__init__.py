"""The rows. Times are whole milliseconds since 1970 (UTC), so that raw SQL reads them alike on both databases."""

from postroom.store.models.credentials import ApiKey, AppPassword, SignInAttempt, Token
from postroom.store.models.domains import Context, Domain, DomainName, Workgroup
from postroom.store.models.mailboxes import Address, AdminRole, Alias, Mailbox
from postroom.store.models.people import Access, Invitation, Person
from postroom.store.models.records import History, Job, Tombstone
from postroom.store.models.tenants import Brand, Company, Platform

__all__ = [
    "Access",
    "Address",
    "AdminRole",
    "Alias",
    "ApiKey",
    "AppPassword",
    "Brand",
    "Company",
    "Context",
    "Domain",
    "DomainName",
    "History",
    "Invitation",
    "Job",
    "Mailbox",
    "Person",
    "Platform",
    "SignInAttempt",
    "Token",
    "Tombstone",
    "Workgroup",
]
