"""The rows. Times are whole milliseconds since 1970 (UTC), so that raw SQL reads them alike on both databases."""

from postroom.store.models.bulletins import Bulletin, BulletinPosting
from postroom.store.models.copying import Copy, CopyFolder, CopyJob, CopyLine, CopySeen
from postroom.store.models.credentials import (
    ApiKey,
    AppPassword,
    OneTimeLink,
    Passkey,
    RecoveryCode,
    SignInAttempt,
    Token,
)
from postroom.store.models.dimail import ContextMapping, DimailAccount, DimailAllow, DimailClash, DimailDomain
from postroom.store.models.domains import Context, Domain, DomainName, Workgroup
from postroom.store.models.drift import DriftRun
from postroom.store.models.mailboxes import Address, AdminRole, Alias, DomainSize, Mailbox
from postroom.store.models.oidc import OidcClient, OidcCode, OidcToken, SigningKey
from postroom.store.models.outgoing import OutgoingMail
from postroom.store.models.people import Access, AddressProof, Invitation, Person, PersonEmail
from postroom.store.models.projection import (
    MailDomain,
    MailExit,
    MailLogin,
    MailRoute,
    MailScript,
    MailSender,
    MailSent,
)
from postroom.store.models.records import History, IdempotentAnswer, Job, RequestCount, Tombstone
from postroom.store.models.statistics import AccountList, CompanyDay, DomainDay, MailCount
from postroom.store.models.tenants import Brand, Company, Platform
from postroom.store.models.told import Told
from postroom.store.models.usage import MailUsage, Reindexing

__all__ = [
    "Access",
    "AccountList",
    "Address",
    "AddressProof",
    "AdminRole",
    "Alias",
    "ApiKey",
    "AppPassword",
    "Brand",
    "Bulletin",
    "BulletinPosting",
    "Company",
    "CompanyDay",
    "Context",
    "ContextMapping",
    "Copy",
    "CopyFolder",
    "CopyJob",
    "CopyLine",
    "CopySeen",
    "DimailAccount",
    "DimailAllow",
    "DimailClash",
    "DimailDomain",
    "Domain",
    "DomainDay",
    "DomainName",
    "DomainSize",
    "DriftRun",
    "History",
    "IdempotentAnswer",
    "Invitation",
    "Job",
    "MailCount",
    "MailDomain",
    "MailExit",
    "MailLogin",
    "MailRoute",
    "MailScript",
    "MailSender",
    "MailSent",
    "MailUsage",
    "Mailbox",
    "OidcClient",
    "OidcCode",
    "OidcToken",
    "OneTimeLink",
    "OutgoingMail",
    "Passkey",
    "Person",
    "PersonEmail",
    "Platform",
    "RecoveryCode",
    "Reindexing",
    "RequestCount",
    "SignInAttempt",
    "SigningKey",
    "Token",
    "Told",
    "Tombstone",
    "Workgroup",
]
