"""From what should be and what is there to the changes between; brakes on mass removal.

Everything is compared as a whole: a change carries the complete wanted record, so that applying it twice,
late or after a crash ends in the same state. Names and addresses are expected in their canonical form.
"""

from collections.abc import Iterable, Iterator, Mapping
from types import MappingProxyType
from typing import Final, Generic, TypeAlias, TypeVar

import msgspec

from postroom.core.records import DomainRecord, MailboxRecord

MASS_REMOVAL_SHARE: Final = 0.30
MASS_REMOVAL_FLOOR: Final = 10

Record = TypeVar("Record", DomainRecord, MailboxRecord)


class Abilities(msgspec.Struct, frozen=True):
    """Which attributes of the catalogue a platform honours: `"quota" in abilities`."""

    names: frozenset[str] | None = None
    """None: all of them, also those that the catalogue gets tomorrow."""
    unkept: frozenset[str] = frozenset()
    """Fields of records that the platform keeps nothing of, such as mailbox.password_hash: one of `UNKEPT`."""

    def __contains__(self, attribute: str) -> bool:
        return self.names is None or attribute in self.names


ALL_ATTRIBUTES: Final = Abilities()
UNKEPT: Final[Mapping[str, object]] = MappingProxyType(
    {
        "domain.active": True,
        "domain.own_aliases": (),
        "mailbox.password_hash": "",
        "mailbox.password_id": "",
        "mailbox.app_password_hashes": (),
    }
)
"""Field → what stands there for a platform that keeps nothing of it."""


class PutDomain(msgspec.Struct, frozen=True, tag=True):
    """Make the domain be there exactly so. A domain of the same key under another name is renamed."""

    record: DomainRecord
    was: str | None = None
    """The name it has on the platform, where that differs: for platforms that do not keep our key."""
    withdraw: tuple[tuple[str, str], ...] = ()
    """(address, destination) of aliases that should not be there any more: for platforms that others write to, too."""


class RemoveDomain(msgspec.Struct, frozen=True, tag=True):
    name: str
    key: int | None = None
    """Remove only the domain of this key; None: whichever has the name."""


class PutMailbox(msgspec.Struct, frozen=True, tag=True):
    """Make the mailbox be there exactly so. A mailbox of the same key under another address is renamed."""

    record: MailboxRecord
    was: str | None = None
    """The address it has on the platform, where that differs: for platforms that do not keep our key."""


class RemoveMailbox(msgspec.Struct, frozen=True, tag=True):
    address: str
    key: int | None = None
    """Remove only the mailbox of this key; None: whichever has the address."""


class Conflict(msgspec.Struct, frozen=True, tag=True):
    """Nothing we may change by ourselves. A driver that is given one fails for good with its reason."""

    name: str
    reason: str


Put: TypeAlias = PutDomain | PutMailbox
Removal: TypeAlias = RemoveDomain | RemoveMailbox
Change: TypeAlias = Put | Removal | Conflict


class MassRemoval(Exception):
    """So much would be removed that somebody should look first."""

    def __init__(self, removals: int, existing: int, share: float) -> None:
        super().__init__(
            f"{removals} of {existing} objects would be removed, more than {share:.0%}; "
            "look at the plan and force it if that is meant"
        )
        self.removals = removals
        self.existing = existing
        self.share = share


def diff_domain(
    desired: DomainRecord | None,
    observed: DomainRecord | None,
    applied_name: str | None,
    *,
    key: int | None = None,
) -> list[Change]:
    """What to do about one domain.

    `observed` is what the platform shows under the wanted name or, when nothing is there, under
    `applied_name`, the name that was last applied (None: never). `key` says whose removal is meant when
    `desired` is None: what another object has put there since is left alone.
    """
    return _diff(desired, observed, applied_name, key)


def diff_mailbox(
    desired: MailboxRecord | None,
    observed: MailboxRecord | None,
    applied_address: str | None,
    *,
    key: int | None = None,
) -> list[Change]:
    """What to do about one mailbox; the arguments mean the same as in `diff_domain`."""
    return _diff(desired, observed, applied_address, key)


def honoured(record: Record, abilities: Abilities) -> Record:
    """The record as a platform of these abilities can show it; compare and apply this one."""
    settings = {name: value for name, value in record.settings.items() if name in abilities}
    kind = "domain" if isinstance(record, DomainRecord) else "mailbox"
    fields = {name.partition(".")[2]: UNKEPT[name] for name in abilities.unkept if name.startswith(f"{kind}.")}
    return msgspec.structs.replace(record, settings=settings, **fields)


def guard_removals(
    changes: Iterable[Change],
    existing: int,
    *,
    share: float = MASS_REMOVAL_SHARE,
    floor: int = MASS_REMOVAL_FLOOR,
    forced: bool = False,
) -> None:
    """Raises MassRemoval if at least `floor` and more than `share` of `existing` objects would go."""
    removals = sum(isinstance(change, RemoveDomain | RemoveMailbox) for change in changes)
    if removals >= floor and removals > share * existing and not forced:
        raise MassRemoval(removals, existing, share)


def drift(desired: Iterable[Record], observed: Iterable[Record]) -> Iterator[Change]:
    """The changes that bring a whole platform from `observed` to `desired`, one kind of record a call.

    Both streams ascend by name or address in code point order (`COLLATE "C"` in PostgreSQL), each once;
    raises ValueError where one does not, for a wrong order would look like removals. Objects are told
    apart by key, so a rename is never a removal and a creation. Memory is held for differences only, and
    for those of one side alone not even that. Puts may be applied as they come. Removals come in any
    place: collect them, let `guard_removals` see them together, and ask the rows about each key once
    more before applying it, for an object may have been made while the streams were read.
    """
    return _Merge[Record]().changes(_ascending(desired), _ascending(observed))


def _diff(desired: Record | None, observed: Record | None, applied: str | None, key: int | None) -> list[Change]:
    if desired is None:
        ours = observed is not None and key in (None, observed.key)
        return [_removal(observed)] if observed is not None and ours else []
    if observed is None:
        return [_put(desired, applied)]
    if observed.key == desired.key:
        return [] if _same(desired, observed) else [_put(desired, _name(observed))]
    if _name(observed) == _name(desired):
        return [_conflict(desired, observed)]
    return [_put(desired, None)]  # somebody else has our old name: ours is nowhere


class _Merge(Generic[Record]):
    """Two streams read side by side. What has no partner under its name waits for one of its key."""

    def __init__(self) -> None:
        self.wanted: dict[int, Record] = {}
        self.found: dict[int, Record] = {}
        self.blocked: set[int] = set()
        """Wanted, but another object has the name: reported, neither put nor removed elsewhere."""
        self.squatters: set[int] = set()
        """Found under a name that another object should have: moved if wanted elsewhere, else left."""

    def changes(self, desired: Iterator[Record], observed: Iterator[Record]) -> Iterator[Change]:
        ours, theirs = next(desired, None), next(observed, None)
        while ours is not None and theirs is not None:
            if _name(ours) == _name(theirs):
                yield from self._pair(ours, theirs)
                ours, theirs = next(desired, None), next(observed, None)
            elif _name(ours) < _name(theirs):
                yield from self._want(ours)
                ours = next(desired, None)
            else:
                yield from self._find(theirs)
                theirs = next(observed, None)
        yield from self._rest_of_observed(theirs, observed)
        yield from self._rest_of_desired(ours, desired)

    def _pair(self, ours: Record, theirs: Record) -> Iterator[Change]:
        if ours.key == theirs.key:
            if not _same(ours, theirs):
                yield _put(ours, None)
            return
        yield _conflict(ours, theirs)
        if self.found.pop(ours.key, None) is None:
            self.blocked.add(ours.key)
        self.squatters.add(theirs.key)
        yield from self._find(theirs)

    def _want(self, ours: Record) -> Iterator[Change]:
        theirs = self.found.pop(ours.key, None)
        if theirs is None:
            self.wanted[ours.key] = ours
        else:
            yield _put(ours, _name(theirs))

    def _find(self, theirs: Record) -> Iterator[Change]:
        ours = self.wanted.pop(theirs.key, None)
        if ours is not None:
            yield _put(ours, _name(theirs))
        elif theirs.key not in self.blocked:
            self.found[theirs.key] = theirs

    def _rest_of_observed(self, first: Record | None, observed: Iterator[Record]) -> Iterator[Change]:
        """Nothing more is wanted than what waits already."""
        theirs = first
        if theirs is None:
            return
        yield from self._remove_found()
        while theirs is not None:
            yield from self._find(theirs)
            yield from self._remove_found()
            theirs = next(observed, None)

    def _rest_of_desired(self, first: Record | None, desired: Iterator[Record]) -> Iterator[Change]:
        """Nothing more will be found than what was found already."""
        ours = first
        yield from self._put_wanted()
        while ours is not None:
            yield from self._want(ours)
            yield from self._put_wanted()
            ours = next(desired, None)
        yield from self._remove_found()

    def _put_wanted(self) -> Iterator[Change]:
        for record in self.wanted.values():
            yield _put(record, None)
        self.wanted.clear()

    def _remove_found(self) -> Iterator[Change]:
        for key, record in self.found.items():
            if key not in self.squatters:
                yield _removal(record)
        self.found.clear()


def _ascending(records: Iterable[Record]) -> Iterator[Record]:
    before = ""
    for record in records:
        name = _name(record)
        if name <= before:
            raise ValueError(f"{name} came after {before}: the records must ascend by name, each once")
        before = name
        yield record


def _name(record: DomainRecord | MailboxRecord) -> str:
    return record.name if isinstance(record, DomainRecord) else record.address


def _same(one: Record, other: Record) -> bool:
    """The order of aliases means nothing."""
    return one == other or _ordered(one) == _ordered(other)


def _ordered(record: Record) -> Record:
    aliases = tuple(sorted(set(record.aliases)))
    return msgspec.structs.replace(record, aliases=aliases)


def _put(record: DomainRecord | MailboxRecord, was: str | None) -> Put:
    before = None if was == _name(record) else was
    if isinstance(record, DomainRecord):
        return PutDomain(record, before)
    return PutMailbox(record, before)


def _removal(record: DomainRecord | MailboxRecord) -> Removal:
    if isinstance(record, DomainRecord):
        return RemoveDomain(record.name, record.key)
    return RemoveMailbox(record.address, record.key)


def _conflict(ours: DomainRecord | MailboxRecord, theirs: DomainRecord | MailboxRecord) -> Conflict:
    name = _name(ours)
    return Conflict(name, f"{name} is taken on the platform by object {theirs.key}; ours is {ours.key}")
