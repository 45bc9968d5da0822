"""As if somebody had entered the missing DNS records. Only on a developer's machine (FAKE_CONTROL)."""

import contextlib

from django.conf import settings
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from postroom.actions import domain_checks, entry, live
from postroom.core.errors import NotFound, NotOnPlatform
from postroom.core.roles import Permission
from postroom.faces.web.page import Asked, done, page


@page(methods=("POST",))
def put_right(request: Asked, name: str) -> HttpResponse:
    """Every test of the domain is ok on the fake platform from now on, and the domain is checked at once."""
    if not settings.FAKE_CONTROL:
        raise NotFound
    door = entry.domain(request.auth, name)
    entry.require(request.auth, Permission.DOMAIN_CHECK, door)
    live.command_fake("clear_checks", {"domain": door.name})
    with contextlib.suppress(
        NotOnPlatform
    ):  # pressed sooner than the worker was there: it tells the platform, and checks
        domain_checks.check_now(request.auth, request.origin, door.name)
    words = _("The fake platform now finds every DNS record of this domain.")
    return done(request, words, to=reverse("domain_dns", args=[door.name]))
