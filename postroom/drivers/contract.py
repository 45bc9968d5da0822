"""What the worker asks of a mail platform, and the two words in which a platform fails.

A driver gets records and returns observations; it decides nothing. Every call ends within CALL_LIMIT
seconds, also when the platform hangs: that is the driver's duty, the worker waits for it. Drivers are
shared by threads. Names and addresses are expected in their canonical form. One suite tests all drivers:
tests/drivers/test_contract.py, and test_stored_mail.py.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import Final, Protocol

import msgspec

from postroom.core.devices.servers import Servers
from postroom.core.dns.records import DnsRecord
from postroom.core.dns.report import CheckReport
from postroom.core.plan import Abilities, Change
from postroom.core.records import DomainRecord, MailboxRecord

CALL_LIMIT: Final = 20.0
"""Seconds that any call may take."""

PAGE: Final = 1000

OF_ANY_PLATFORM: Final = ("dns", "devices", "imap_host", "imap_port")
"""Settings of a platform that are no driver's own: drivers/dns/where.py, drivers/devices.py, worker/own_mailbox.py."""


class DriverError(Exception):
    """The platform did not do what it was asked. The reason is for people and holds no secret."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class TemporaryFailure(DriverError):
    """The same call may succeed later. It may also have succeeded already: nobody knows."""

    def __init__(self, reason: str, retry_in: float = 60.0) -> None:
        super().__init__(reason)
        self.retry_in = retry_in
        """Seconds after which it is sensible to try again; the worker may wait longer."""


class PermanentFailure(DriverError):
    """The same call will fail until somebody changes something. Nothing was changed by it."""


class NoMailbox(PermanentFailure):
    """The platform has no mailbox of that address, perhaps not yet."""


class LeftThere(PermanentFailure):
    """It is empty, and only others may remove it from the platform."""


class NoFolder(PermanentFailure):
    """The mailbox is there, the folder is not."""


class NoScript(PermanentFailure):
    """The mailbox is there, the filter script is not."""


class Folder(msgspec.Struct, frozen=True, kw_only=True):
    name: str
    """INBOX, Sent, Work/2026: levels are parted by a slash, on every platform."""
    messages: int
    unseen: int


class Message(msgspec.Struct, frozen=True, kw_only=True):
    id: str
    """Letters, digits and hyphens; the same until the message is moved, deleted or restored."""
    folder: str
    """Of a deleted message: where it was."""
    headers: tuple[tuple[str, str], ...]
    """(name, value) in the order of the message, values unfolded and decoded."""
    size: int
    """Bytes."""
    seen: bool


class MailUsage(msgspec.Struct, frozen=True, kw_only=True):
    bytes: int
    messages: int


class Script(msgspec.Struct, frozen=True, kw_only=True):
    """A filter of the mailbox's owner, in Sieve."""

    name: str
    text: str
    active: bool


class ScriptError(msgspec.Struct, frozen=True, kw_only=True):
    line: int | None
    text: str


class StoredMail(Protocol):
    """The mail that a platform holds. Failures as in `Driver`; each call may raise NoMailbox too.

    What was deleted is kept for a while (the platform says how long), counts towards no quota, and can be restored.
    """

    def folders(self, address: str) -> list[Folder]:
        """By name, INBOX always among them."""

    def deleted_folders(self, address: str) -> list[str]:
        """The folders in which the deleted messages were, by name; some of them may still be there."""

    def messages(
        self, address: str, folder: str, *, unseen: bool = False, newest: bool = False, limit: int = PAGE
    ) -> list[Message]:
        """The first `limit` messages, the oldest first; or the last ones, the newest first. Raises NoFolder."""

    def move(self, address: str, ids: Sequence[str], folder: str) -> frozenset[str]:
        """The ids of the messages that were there and are in `folder` now. Raises NoFolder for that folder."""

    def deleted(self, address: str, folder: str = "", *, limit: int = PAGE) -> list[Message]:
        """The deleted messages of one folder or of all. Empty where the folder has none, or is not there."""

    def restore(self, address: str, ids: Sequence[str]) -> frozenset[str]:
        """The ids of the deleted messages that are back in their folders, which are made anew where they are gone."""

    def reindex(self, address: str, folder: str = "") -> None:
        """Build the index of one folder or of all from the messages. Raises NoFolder."""

    def deposit(self, address: str, message: bytes) -> None:
        """Put a message into INBOX without sending it."""

    def usage(self, addresses: Sequence[str]) -> dict[str, MailUsage]:
        """Of at most USAGE_PAGE mailboxes; those that are not on the platform are left out."""

    def kick(self, address: str) -> None:
        """End the mailbox's live sessions, and forget what was cached of its password."""

    def kick_domain(self, domain: str) -> None:
        """The same for all mailboxes of a domain; nothing where it has none."""

    def scripts(self, address: str) -> list[Script]:
        """By name."""

    def check_script(self, address: str, text: str) -> list[ScriptError]:
        """What is wrong with the script; nothing where the platform would run it. The mailbox need not be there yet."""

    def put_script(self, address: str, name: str, text: str) -> list[ScriptError]:
        """Store it unless something is wrong with it; an active one stays active. Names: core/stored_mail.py."""

    def activate_script(self, address: str, name: str) -> None:
        """This one alone; the empty name: none. Raises NoScript."""

    def delete_script(self, address: str, name: str) -> None:
        """Also while it is active. Raises NoScript."""


USAGE_PAGE: Final = 100


class LoginCode(msgspec.Struct, frozen=True, kw_only=True):
    """A link of the platform's own: whoever opens it is signed in there."""

    url: str
    seconds: int
    uses: int

    def __repr__(self) -> str:
        return "LoginCode(…)"


class Credentials(Protocol):
    """A platform that makes passwords and login links itself: what we store is not what its holders sign in with.

    Failures as in `Driver`; each call may raise NoMailbox too.
    """

    def login_code(self, address: str, *, seconds: int, uses: int) -> LoginCode:
        """Good for so long and so often, or for what the platform allows; the password stays."""

    def new_password(self, address: str) -> str:
        """Ends the old one. Nobody can ask for it again."""


class RemoteMailbox(msgspec.Struct, frozen=True, kw_only=True):
    address: str
    first_name: str = ""
    last_name: str = ""
    """Both are empty where the mailbox is no person's."""
    active: bool = True


class Inventory(msgspec.Struct, frozen=True, kw_only=True):
    """All that a remote platform has in one domain."""

    mailboxes: tuple[RemoteMailbox, ...]
    """By address."""
    aliases: tuple[tuple[str, str], ...]
    """(address, destination), in order."""
    unreadable: tuple[str, ...] = ()
    """Names of what is there and cannot be ours: no address that we know how to write."""


class Driver(Protocol):
    """Every call may raise TemporaryFailure or PermanentFailure, and nothing else on purpose."""

    @property
    def abilities(self) -> Abilities:
        """What it does not honour never reaches it: see `plan.honoured`."""

    @property
    def stored_mail(self) -> StoredMail | None:
        """None where the platform's mail cannot be looked at."""

    @property
    def observing(self) -> "Observing | None":
        """The driver itself, where the platform keeps what it is told and can show it."""

    @property
    def reading(self) -> "TableReader | None":
        """The driver itself, where the platform's servers read our own tables: there is nothing to compare before a
        change, and `apply` tells them only what tables cannot say (docs/mailstack.md)."""

    @property
    def remote(self) -> "Remote | None":
        """The driver itself, where others may make objects too and none of our keys is kept."""

    @property
    def credentials(self) -> Credentials | None:
        """None where people sign in with the passwords that we store."""

    def apply(self, change: Change) -> None:
        """Applying twice is as good as once, and removing what is not there is no failure.

        A renamed domain takes its mailboxes along. Permanent failures are: a name that another object
        has, a mailbox in a domain that is not there, removing a domain that has mailboxes, and Conflict.
        """

    def check_domain(self, record: DomainRecord, ownership: str = "") -> CheckReport:
        """Asks DNS and the platform now. A domain that is not on the platform fails an internal test.

        `ownership`: the text that its owner has to show in DNS; empty: nothing has to be proved. A test that could not
        be made is a failed test that was not `asked`, not a failure of the call. Here and in `wanted_dns`
        the record may come without its own aliases.
        """

    def fix_domain(self, record: DomainRecord, ownership: str = "") -> CheckReport:
        """Repairs what is the platform's own affair, as far as it can, and checks again."""

    def wanted_dns(self, record: DomainRecord, ownership: str = "") -> list[DnsRecord]:
        """What should be in DNS: what `check_domain` requires first, then what it advises. Only a remote platform is
        asked."""

    def mail_servers(self, domain: str) -> Servers:
        """What mail programs of people in this domain connect to, as far as the settings tell. Nobody is asked."""

    def close(self) -> None:
        """Gives connections back. The next call opens new ones."""


class Observing(Driver, Protocol):
    """A platform that keeps what it is told and can show it."""

    def observe_domain(self, name: str) -> DomainRecord | None:
        """Found by its own name only, never by an alias."""

    def observe_mailbox(self, address: str) -> MailboxRecord | None:
        """Found by its own address only, never by an alias.

        A platform that cannot show a password's hash remembers what it was given last.
        """

    def observe_mailboxes(self, domain: str, *, after: str = "", limit: int = PAGE) -> list[MailboxRecord]:
        """The first `limit` mailboxes beyond the address `after`, in code point order of addresses.

        Empty for a domain that is not there.
        """

    def domains(self, *, after: str = "", limit: int = PAGE) -> list[DomainRecord]:
        """The first `limit` domains beyond the name `after`, in code point order."""


class TableReader(Driver, Protocol):
    """A platform whose servers read our own tables. Beside them it keeps a few keys, which can get lost.

    A Put always comes with the name that the platform was told last, also where it is the same; None: never.
    """

    def is_filled(self) -> bool:
        """Does it have all the keys, for all we know?"""

    def fill(self, changes: Iterable[Change]) -> None:
        """Begin anew with the keys of all domains and mailboxes. Until this is done its servers put mail off."""

    def erase(self, mailboxes: Iterable[int]) -> None:
        """Remove for good the mail of mailboxes, by key, that can no longer be restored."""

    def kept_mail(self) -> Iterator[tuple[int, str]]:
        """(key of the mailbox, where its mail is) of all that there is, whether anybody knows the mailbox or not."""

    def disagreements(self, wanted: Iterable[DomainRecord | MailboxRecord]) -> Iterator[tuple[str, str]]:
        """(name, what is wrong), by asking the servers themselves."""


class Remote(Driver, Protocol):
    """A platform where others may make objects too, and that keeps none of our keys: objects are known by their names.

    `apply` looks for itself what is there and takes it for ours; whose it is the worker has asked before
    (worker/remote.py). A Put comes with the name that the platform was told last, None: never. A domain comes with all
    aliases in it, those of its mailboxes too, and with those to withdraw, for what else is there may be others'. Of a
    domain that is not active nothing is told but its name.
    """

    def knows(self, domain: str) -> bool:
        """Whether it is there. Raises PermanentFailure where it is, and not ours to manage."""

    def inventory(self, domain: str) -> Inventory | None:
        """None for a domain that is not there."""
