"""Roles, and what each may do, made from the tables of core/roles.py."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

import msgspec
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from postroom.core.roles import GRANTS, OMA_ROLES, ROLES, Permission, Role, Scope
from postroom.faces.web.account import permission_words
from postroom.faces.web.hub import frame
from postroom.faces.web.operator import words
from postroom.faces.web.page import Asked, page

_SCOPES: Final[Mapping[Scope, str]] = {
    Scope.EVERYTHING: gettext_noop("everything"),
    Scope.COMPANY: gettext_noop("a company"),
    Scope.DOMAIN: gettext_noop("a domain"),
    Scope.WORKGROUP: gettext_noop("a workgroup"),
    Scope.MAILBOX: gettext_noop("an account"),
}
_DOES: Final[Mapping[Role, str]] = {
    Role.SELF: gettext_noop("the account’s holder, who has no other role"),
    Role.VIEWER: gettext_noop("sees everything in a domain"),
    Role.ADMINISTRATOR: gettext_noop("creates mailboxes and aliases, invites, manages viewers"),
    Role.OWNER: gettext_noop("everything in a domain, and deletes it"),
    Role.OPERATOR: gettext_noop("runs this Postroom, and may do everything"),
}
"""Of roles that are not OMA's."""


class Told(msgspec.Struct, frozen=True, kw_only=True):
    role: Role
    does: str
    on: str
    bills: bool
    passwords: bool


class Granted(msgspec.Struct, frozen=True):
    permission: Permission
    words: str
    roles: Sequence[Role]


@page(anonymous=True, methods=("GET",))
def listed(request: Asked) -> HttpResponse:
    context = {"of_oma": list(_of(True)), "of_people": list(_of(False)), "granted": list(granted())}
    return frame.shown(request, "web/hub/roles.html", context)


def _of(oma: bool) -> Iterator[Told]:
    for role in Role:
        if (role in OMA_ROLES) is oma:
            traits = ROLES[role]
            does = words.ROLES[role][1] if oma else _DOES[role]
            yield Told(
                role=role, does=_(does), on=_(_SCOPES[traits.scope]), bills=traits.bills, passwords=traits.passwords
            )


def granted() -> Iterator[Granted]:
    for permission in Permission:
        roles = [role for role in Role if role in GRANTS[permission] and role is not Role.OPERATOR]
        yield Granted(permission, _(permission_words.WORDS[permission]), roles)
