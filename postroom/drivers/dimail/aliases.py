"""Aliases of dimail: pairs of an address and a destination."""

from collections.abc import Iterable
from typing import Final

import msgspec

from postroom.drivers.contract import TemporaryFailure
from postroom.drivers.dimail.wire import Request, Talk

Pair = tuple[str, str]

_SOON: Final = 0.5


class _Shown(msgspec.Struct, frozen=True):
    username: str
    destination: str
    domain: str = ""


def listed(talk: Talk, domain: str) -> list[Pair]:
    reply = talk.ask(Request(method="GET", path=("domains", domain, "aliases", "")))
    if reply.status != 200:
        raise reply.refusal()
    shown = (one for one in reply.read(list[_Shown]) if one.domain.lower() in ("", domain))
    return sorted({(f"{one.username.lower()}@{domain}", one.destination.lower()) for one in shown})


def agree(talk: Talk, domain: str, wanted: Iterable[Pair], withdraw: Iterable[Pair]) -> None:
    """One list is asked for; then only what differs is told."""
    add, drop = set(wanted), set(withdraw)
    if not add and not drop:
        return
    there = set(listed(talk, domain))
    gone, new = sorted((drop - add) & there), sorted(add - there)
    for told, (work, pair) in enumerate([*((_drop, pair) for pair in gone), *((_add, pair) for pair in new)]):
        if told and talk.is_over:
            raise TemporaryFailure("dimail has been told of a part of the aliases; the others follow", _SOON)
        work(talk, pair)


def _add(talk: Talk, pair: Pair) -> None:
    local_part, _, domain = pair[0].rpartition("@")
    body = {"user_name": local_part, "destination": pair[1]}
    reply = talk.ask(Request(method="POST", path=("domains", domain, "aliases", ""), body=body))
    if reply.status == 500:
        raise reply.failure()
    if reply.status == 409:
        return
    if reply.status not in (200, 201):
        raise reply.refusal()
    made = reply.read(_Shown)
    if (made.username.lower(), made.destination.lower()) != (local_part, pair[1]):
        raise reply.unreadable()


def _drop(talk: Talk, pair: Pair) -> None:
    local_part, _, domain = pair[0].rpartition("@")
    reply = talk.ask(Request(method="DELETE", path=("domains", domain, "aliases", local_part, pair[1])))
    reply.require_removed()
