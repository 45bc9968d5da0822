"""The door: API faces are answered here, before any of Django's request handling; the rest goes to Django."""

import os
from collections.abc import Iterable
from wsgiref.types import StartResponse, WSGIEnvironment

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "postroom.settings")
_django = get_wsgi_application()

from django.conf import settings  # noqa: E402 -- these need Django to be set up

from postroom.faces.dimail import dispatch as dimail  # noqa: E402
from postroom.faces.fake import control as fake  # noqa: E402
from postroom.faces.oma import dispatch as oma  # noqa: E402
from postroom.faces.web.devices import door as devices  # noqa: E402

dimail_alone = dimail.application
"""Without the rest, at the root: `postroom dimail serve`."""


def application(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
    path = environ.get("PATH_INFO", "")
    method = oma.method_in(path)
    if method is not None:
        return oma.respond(method, environ, start_response)
    if settings.FAKE_CONTROL and path.startswith(fake.PREFIX):
        return fake.respond(environ, start_response)
    if dimail.is_ours(path):
        return dimail.below_prefix(environ, start_response)
    if devices.is_ours(path):
        return devices.respond(environ, start_response)
    answer: Iterable[bytes] = _django(environ, start_response)
    return answer
