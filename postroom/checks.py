"""What can be wrong with a deployment, found before it hurts: a stable id, what it is, what to do."""

from collections.abc import Iterator
from typing import NamedTuple

from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor

from postroom.core.identity import may_ask


class Problem(NamedTuple):
    id: str
    what: str
    remedy: str


DATABASE_REMEDY = (
    'Look at DATABASE_URL; without it the database is a file in POSTROOM_DIR. Is it a new one? Run "postroom migrate".'
)


def problems() -> Iterator[Problem]:
    yield from _of_settings()
    yield from _of_dimail()
    try:
        connection.ensure_connection()
    except DatabaseError as error:
        yield Problem("P003", f"The database does not answer: {error}", DATABASE_REMEDY)
        return
    if MigrationExecutor(connection).migration_plan(MigrationExecutor(connection).loader.graph.leaf_nodes()):
        yield Problem("P004", "The database's tables are not up to date.", 'Run "postroom migrate".')
        return
    yield from _of_companies()


def _of_settings() -> Iterator[Problem]:
    if not settings.SECRET_KEY_IS_SET:
        yield Problem(
            "P001",
            "POSTROOM_SECRET_KEY is not set.",
            "Set it, or POSTROOM_SECRET_KEY_FILE, to 50 random characters.",
        )
    if settings.FAKE_CONTROL:
        yield Problem(
            "P002",
            "The fake platform can be commanded by anybody who reaches this server.",
            "Set POSTROOM_FAKE_CONTROL=off everywhere but on a developer's machine.",
        )
    if settings.SMTP_HOST and settings.MAIL_FROM.rstrip(">").endswith("@localhost"):
        yield Problem(
            "P006",
            "Postroom's e-mails come from an address that nobody can answer.",
            'Set POSTROOM_MAIL_FROM, such as "Acme Mail <post@acme.example>".',
        )
    if settings.SMTP_HOST and not settings.PUBLIC_URL:
        yield Problem(
            "P007",
            "The links in Postroom's e-mails lead to the reader's own machine.",
            "Set POSTROOM_URL to where people reach this server, such as https://postroom.example.",
        )
    if settings.OIDC_ISSUER and not (settings.OIDC_CLIENT_ID and may_ask(settings.OIDC_ISSUER)):
        yield Problem(
            "P008",
            "People cannot sign in with the identity provider: it needs a client id, and an address with https.",
            "Set POSTROOM_OIDC_ISSUER, POSTROOM_OIDC_CLIENT_ID and POSTROOM_OIDC_CLIENT_SECRET.",
        )


def _of_dimail() -> Iterator[Problem]:
    if settings.DIMAIL_FAKE or settings.DIMAIL_BOOTSTRAP:
        yield Problem(
            "P010",
            "Whoever comes first to the dimail face is let in as an administrator.",
            'Unset DIMAIL_MODE and DIMAIL_BOOTSTRAP; make the first account with "postroom dimail account add".',
        )
    if settings.DIMAIL_JWT_SECRET and len(settings.DIMAIL_JWT_SECRET.encode()) < SECRET_BYTES:
        yield Problem(
            "P011",
            "The secret that signs the dimail face's tokens is short enough to be guessed.",
            f"Set DIMAIL_JWT_SECRET, or DIMAIL_JWT_SECRET_FILE, to {SECRET_BYTES} or more random characters.",
        )


SECRET_BYTES = 32  # RFC 7518 section 3.2


def _of_companies() -> Iterator[Problem]:
    from postroom.actions import oversight, platforms, setup  # the models need Django's settings first

    if not oversight.is_set_up():
        yield Problem("P005", "There is no company or no mail platform yet.", 'Run "postroom bootstrap".')
    if setup.default_driver() == "fake" and not settings.FAKE_CONTROL:
        yield Problem(
            "P012",
            "New domains go to the fake platform: mail servers are only pretended, and nobody gets mail.",
            'Name real ones ("postroom mail config", "postroom platform add"), then "postroom platform default NAME".',
        )
    for name, unknown in platforms.unknown_settings().items():
        yield Problem(
            "P013",
            f"The platform {name} has settings that nobody reads: {', '.join(unknown)}.",
            f'Look for what was meant, and take them away: "postroom platform set {name} {unknown[0]} null".',
        )
    if oversight.trusts_people():
        yield Problem(
            "P009",
            f"Nobody can add a domain: the company {settings.PEOPLE_COMPANY} is trusted, so nothing would be proved.",
            "Set POSTROOM_PEOPLE_COMPANY to a company of its own, or to a name that is free.",
        )
