"""Domains as login mappings of contexts: made, renamed, moved and taken away."""

from collections.abc import Iterable
from typing import Final

from postroom.core.records import DomainRecord
from postroom.drivers.contract import PermanentFailure, TemporaryFailure
from postroom.drivers.openxchange import accounts, marks
from postroom.drivers.openxchange.listing import OxContext
from postroom.drivers.openxchange.marks import DomainMark
from postroom.drivers.openxchange.tools import Refused, Tools

_TRIES: Final = 3  # others make contexts, too: an id that was free may be taken now
_ADMIN_NAME: Final = ("Context", "Admin")


def of_domain(contexts: Iterable[OxContext], name: str) -> OxContext | None:
    """Where the domain of this name is, if it is ours."""
    return next((c for c in contexts if any(m.name == name and not m.is_alias for m in c.marks())), None)


def put(tools: Tools, record: DomainRecord) -> None:
    _refuse_what_cannot_be(record)
    contexts = tools.contexts()
    _refuse_taken(contexts, record)
    home = _with_key(contexts, record.key)
    target = next((context for context in contexts if context.key == record.context_key), None)
    if home is not None and (target is None or target.id != home.id):
        _leave(tools, home, record)
        contexts = tools.contexts()
    target = target or _adopted(tools, contexts, record) or _created(tools, contexts, record)
    _refuse_foreign(contexts, target, record)
    _map(tools, target, record)


def remove(tools: Tools, name: str, key: int | None) -> None:
    context = of_domain(tools.contexts(), name)
    if context is None:
        return
    own = next(mark for mark in context.marks() if mark.name == name and not mark.is_alias)
    if key not in (None, own.key):
        return
    if any(user.domain == name for user in tools.users(context.id)):
        raise PermanentFailure(f"{name} still has users in Open-Xchange")
    _unmap(tools, context, _mappings(mark for mark in context.marks() if mark.key == own.key))
    _clear_away(tools, context, own.key)


def _refuse_what_cannot_be(record: DomainRecord) -> None:
    if not record.context_key:
        raise PermanentFailure(f"Open-Xchange must know the directory of {record.name}")
    for name in (record.name, *record.aliases):
        if "," in name or marks.domain_of(name) or marks.context_of(name):
            raise PermanentFailure(f"{name} cannot be a login mapping")


def _refuse_taken(contexts: Iterable[OxContext], record: DomainRecord) -> None:
    wanted = {record.name, *record.aliases}
    for context in contexts:
        for mark in context.marks():
            if mark.name in wanted and mark.key != record.key:
                raise PermanentFailure(f"{mark.name} is a name or an alias of another domain in Open-Xchange")


def _with_key(contexts: Iterable[OxContext], key: int) -> OxContext | None:
    return next((c for c in contexts if any(m.key == key and not m.is_alias for m in c.marks())), None)


def _leave(tools: Tools, home: OxContext, record: DomainRecord) -> None:
    """Its users cannot come along: what they have there belongs to the context."""
    own = [mark for mark in home.marks() if mark.key == record.key]
    names = {mark.name for mark in own if not mark.is_alias} | {record.name}
    if any(user.domain in names for user in tools.users(home.id)):
        raise PermanentFailure(
            f"{record.name} has users in context {home.id} of Open-Xchange; they cannot be moved into another one"
        )
    _unmap(tools, home, _mappings(own))
    _clear_away(tools, home, record.key)


def _adopted(tools: Tools, contexts: Iterable[OxContext], record: DomainRecord) -> OxContext | None:
    """The context that was made for this domain by others."""
    found = next((context for context in contexts if record.name in context.mappings), None)
    if found is None:
        return None
    if not tools.settings.adopt or found.key is not None:
        raise _foreign(record.name, found)
    _rename(tools, found, record)
    return next(context for context in tools.contexts() if context.id == found.id)


def _created(tools: Tools, contexts: list[OxContext], record: DomainRecord) -> OxContext:
    for _ in range(_TRIES):
        id = max((context.id for context in contexts), default=0) + 1
        options = _options(tools, id, record)
        try:
            tools.create_context(options, tools.settings.context_options)
        except Refused:
            contexts = tools.contexts()
            made = next((context for context in contexts if context.key == record.context_key), None)
            if made is not None:
                return made
            if not any(context.id == id for context in contexts):
                raise
        else:
            mappings = frozenset(options["addmapping"].split(","))
            return OxContext(id=id, name=options["contextname"], mappings=mappings)
    raise TemporaryFailure(f"Others make contexts in Open-Xchange as quickly as {record.name} gets one", retry_in=5)


def _options(tools: Tools, id: int, record: DomainRecord) -> dict[str, str]:
    admin = tools.settings.context_admin.user
    given, sur = _ADMIN_NAME
    return {
        "contextid": str(id), "contextname": marks.context_name(record.context_key, record.context_name),
        "addmapping": ",".join(sorted(_wanted(record))), "quota": str(tools.settings.quota), "username": admin,
        "displayname": f"{given} {sur}", "givenname": given, "surname": sur,
        "email": f"{admin}-{record.context_key}@{record.name}",
        "lang": tools.settings.language, "timezone": tools.settings.timezone,
    }  # fmt: skip


def _map(tools: Tools, context: OxContext, record: DomainRecord) -> None:
    """The marks change last: until then the domain shows under its old name, and the rest is done by the next try."""
    wanted, own = _wanted(record), [mark for mark in context.marks() if mark.key == record.key]
    plain = {record.name, *record.aliases}
    _change(tools, context, "addmapping", plain - context.mappings)
    old = next((mark.name for mark in own if not mark.is_alias), record.name)
    if old != record.name:
        accounts.move_all(tools, context.id, old, record.name)
    _change(tools, context, "addmapping", wanted - plain - context.mappings)
    _unmap(tools, context, _mappings(own) - wanted)
    if context.name != marks.context_name(record.context_key, record.context_name):
        _rename(tools, context, record)


def _refuse_foreign(contexts: Iterable[OxContext], target: OxContext, record: DomainRecord) -> None:
    """A name that is mapped elsewhere, by somebody else."""
    for other in contexts:
        ours = {mark.name for mark in other.marks() if mark.key == record.key}
        names = ({record.name, *record.aliases} & other.mappings) - ours
        if names and other.id != target.id:
            raise _foreign(min(names), other)


def _foreign(name: str, context: OxContext) -> PermanentFailure:
    return PermanentFailure(f"{name} is in context {context.id} of Open-Xchange, but not by Postroom")


def _rename(tools: Tools, context: OxContext, record: DomainRecord) -> None:
    """The old name may have been a mapping, so that of the domain is given along."""
    name = marks.context_name(record.context_key, record.context_name)
    tools.change_context(context.id, {"contextname": name})
    if record.name == context.name:
        now = next((found for found in tools.contexts() if found.id == context.id), context)
        _change(tools, now, "addmapping", {record.name} - now.mappings)


def _wanted(record: DomainRecord) -> set[str]:
    own = DomainMark(record.key, record.name, is_alias=False)
    return _mappings([own, *(DomainMark(record.key, alias, is_alias=True) for alias in record.aliases)])


def _mappings(marked: Iterable[DomainMark]) -> set[str]:
    return {mapping for mark in marked for mapping in (mark.name, mark.mapping())}


def _unmap(tools: Tools, context: OxContext, mappings: set[str]) -> None:
    _change(tools, context, "removemapping", mappings & context.mappings)


def _change(tools: Tools, context: OxContext, option: str, mappings: set[str]) -> None:
    if mappings:
        tools.change_context(context.id, {option: ",".join(sorted(mappings))})


def _clear_away(tools: Tools, context: OxContext, key: int) -> None:
    """With its last domain went all that we had in it; what others put there is left alone."""
    others = any(mark.key != key for mark in context.marks())
    if tools.settings.delete_contexts and context.key is not None and not others and not tools.users(context.id):
        tools.delete_context(context.id)
