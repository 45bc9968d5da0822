"""What can be wrong with a deployment, found before it hurts: a stable id, what it is, what to do."""

from collections.abc import Iterator
from typing import NamedTuple

from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor


class Problem(NamedTuple):
    id: str
    what: str
    remedy: str


def problems() -> Iterator[Problem]:
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
    try:
        connection.ensure_connection()
    except DatabaseError as error:
        yield Problem("P003", f"The database does not answer: {error}", "Look at DATABASE_URL and at the database.")
        return
    if MigrationExecutor(connection).migration_plan(MigrationExecutor(connection).loader.graph.leaf_nodes()):
        yield Problem("P004", "The database's tables are not up to date.", 'Run "postroom migrate".')
        return
    from postroom.actions import oversight  # the models need Django's settings first

    if not oversight.is_set_up():
        yield Problem("P005", "There is no company or no mail platform yet.", 'Run "postroom bootstrap".')
