"""Everything under /api/v1.0/ put together."""

from functools import cached_property
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.urls import Resolver404, resolve
from ninja import NinjaAPI
from ninja.errors import HttpError, ValidationError, ValidationErrorContext

import postroom
from postroom.faces.rest import (
    accesses,
    aliases,
    api_keys,
    codes,
    directory,
    dns,
    document,
    domains,
    errors,
    explain,
    history,
    invitations,
    mailboxes,
    operating,
    public,
    second_factors,
    settings,
    sheets,
    sign_in,
    users,
)
from postroom.faces.rest.door import Spec
from postroom.faces.rest.parsing import Strict
from postroom.faces.rest.routes import Routes

PREFIX = "/api/v1.0/"
_DOMAINS = (domains, dns, accesses, invitations, sheets, mailboxes, aliases, settings, history, operating)
_OTHERS = (
    ("", users.routes),
    ("", directory.routes),
    ("", explain.routes),
    ("", sign_in.routes),
    ("", invitations.offers),
    ("", codes.routes),
    ("users/me/second-factors", second_factors.routes),
    ("api-keys", api_keys.routes),
    ("", public.routes),
)
_ABOUT = """Domains, mailboxes and the people who look after them: paths and shapes of La Régie's *People*, and more.

Lists are paged by `page`; errors that People does not have are problem details (RFC 9457); single objects carry an
`ETag`; requests that change something take an `Idempotency-Key`. Sign in with a session or an API key."""


class Api(NinjaAPI):
    def __init__(self) -> None:
        super().__init__(
            title="Postroom", version=postroom.VERSION, description=_ABOUT, urls_namespace="rest", parser=Strict(),
            docs_url=None, openapi_url=None, servers=[{"url": "/"}],
        )  # fmt: skip
        for kind in (HttpError, Http404, ValidationError, Exception):
            self.add_exception_handler(kind, _pass_on)
        self.specs: dict[str, Spec] = {}

    def mount(self, prefix: str, routes: Routes) -> None:
        self.specs |= {spec.name: spec for methods in routes.specs.values() for spec in methods.values()}
        self.add_router(prefix, routes.close())

    @cached_property
    def document(self) -> dict[str, Any]:
        return document.completed(dict(self.get_openapi_schema(path_prefix=PREFIX)), self.specs)

    def validation_error_from_error_contexts(
        self, error_contexts: list[ValidationErrorContext[Any]]
    ) -> ValidationError:
        """With what was sent, so that it can be told that a field may not be null; nothing else of it is shown."""
        return ValidationError(
            [
                {**error, "loc": (context.model.__ninja_param_source__, *_named(context, error["loc"]))}
                for context in error_contexts
                for error in context.pydantic_validation_error.errors(include_url=False)
            ]
        )


def _named(context: ValidationErrorContext[Any], loc: tuple[Any, ...]) -> tuple[Any, ...]:
    return tuple(context.model.__ninja_flatten_map_reverse__.get(loc, loc))


def _pass_on(request: HttpRequest, error: Any) -> HttpResponse:
    """To the door, which knows how to tell it."""
    raise error


def _made() -> Api:
    made = Api()
    for module in _DOMAINS:
        made.mount("mail-domains", module.routes)
    for prefix, routes in _OTHERS:
        made.mount(prefix, routes)
    return made


api = _made()


def unknown(request: HttpRequest) -> HttpResponse:
    """A path that is none of ours. People's own answer to a forgotten slash at the end is to add it."""
    with_slash = f"{request.path_info}/"
    if request.method in {"GET", "HEAD"} and not request.path_info.endswith("/") and _is_ours(with_slash):
        query = request.META.get("QUERY_STRING", "")
        return HttpResponsePermanentRedirect(f"{with_slash}{'?' if query else ''}{query}")
    return errors.plain(404, {"detail": errors.NO_SUCH_PATH})


def _is_ours(path: str) -> bool:
    try:
        return resolve(path).func is not unknown
    except Resolver404:
        return False
