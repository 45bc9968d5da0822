"""How a route is written down: what it needs, what it takes, and everything that it can answer.

    routes = Routes("mailboxes")

    @routes.get("/{slug}/mailboxes/", gate=inside(), answers={200: Page[MailboxBody]}, name="listMailboxes")
    def listed(request: Asked, query: Query[MailboxQuery]) -> object: ...

The gate runs before anybody looks at what was sent (gate.py); everything around the handler stands in door.py. Handlers
take no parameters of the path: what those name is in `request.entered`.
"""

from collections.abc import Callable, Mapping
from functools import wraps
from typing import Annotated, Any

from ninja import Router
from ninja.decorators import decorate_view
from ninja.params.models import Path as PathParameter
from pydantic import Field

from postroom.faces.rest.asked import Asked
from postroom.faces.rest.door import Spec, around
from postroom.faces.rest.gate import signed_in

Handler = Callable[..., object]
EVERY_METHOD = ("GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS", "TRACE")
_PATH_TYPES: Mapping[str, Any] = {
    "slug": Annotated[
        str,
        Field(
            description="The domain's `slug`: its name with each dot written as an underscore.",
            examples=["acme_example"],
            json_schema_extra={"pattern": "^[a-z0-9_-]{1,160}$"},
        ),
    ],
    "id": Annotated[
        str,
        Field(json_schema_extra={"format": "uuid"}, description="The object's `id`."),
    ],
    "token": Annotated[str, Field(description="From the link in the e-mail.")],
    "code": Annotated[str, Field(description="From the link in the e-mail.")],
}


class Routes:
    def __init__(self, tag: str) -> None:
        self.router = Router(tags=[tag])
        self.specs: dict[str, dict[str, Spec]] = {}
        """Path → method → what the route is."""

    def get(self, path: str, **traits: Any) -> Callable[[Handler], Handler]:
        return self._route("GET", path, traits)

    def post(self, path: str, **traits: Any) -> Callable[[Handler], Handler]:
        return self._route("POST", path, traits)

    def put(self, path: str, **traits: Any) -> Callable[[Handler], Handler]:
        return self._route("PUT", path, traits)

    def patch(self, path: str, **traits: Any) -> Callable[[Handler], Handler]:
        return self._route("PATCH", path, traits)

    def delete(self, path: str, **traits: Any) -> Callable[[Handler], Handler]:
        return self._route("DELETE", path, traits)

    def _route(self, method: str, path: str, traits: dict[str, Any]) -> Callable[[Handler], Handler]:
        """`traits`: name (operationId), answers (status → type; None: no body), and the fields of Spec."""
        answers, name = traits.pop("answers"), traits.pop("name")
        spec = Spec(method=method, path=path, name=name, succeeds=tuple(answers), **traits)
        methods = ["GET", "HEAD"] if method == "GET" and not _is_nested(path) else [method]
        self.specs.setdefault(path, {}).update(dict.fromkeys(methods, spec))

        def register(handler: Handler) -> Handler:
            view = _without_path(handler, path)
            decorate_view(around(spec))(view)
            summary, _, description = (handler.__doc__ or name).partition("\n")
            self.router.api_operation(
                methods,
                path,
                response=answers,
                operation_id=name,
                summary=summary.rstrip("."),
                description=description.strip() or None,
                url_name=name,
            )(view)
            return handler

        return register

    def close(self) -> Router:
        """Every verb that a path does not offer is refused by the same rules as those it offers."""
        for path, specs in self.specs.items():
            missing = [method for method in EVERY_METHOD if method not in specs]
            some = next(iter(specs.values()))
            gate = some.gate if some.gate.public else signed_in()
            name, allowed = f"refused_{some.name}", ", ".join(sorted(specs))
            refusing = Spec(method="", path=path, name=name, succeeds=(), gate=gate, allowed=allowed)

            def refused(request: Asked) -> object:
                raise AssertionError("the door refuses it")

            view = _without_path(refused, path)
            decorate_view(around(refusing))(view)
            self.router.api_operation(
                missing, path, response={200: None}, operation_id=refusing.name, include_in_schema=False
            )(view)
        return self.router


def _is_nested(path: str) -> bool:
    """Below a domain, People refuses HEAD and OPTIONS to everybody (people.md section 1)."""
    return "{slug}/" in path and not path.endswith("{slug}/")


def _without_path(handler: Handler, path: str) -> Handler:
    """A view for ninja: it wants to see the path's parameters, which the gate has read already."""
    names = [part[1:-1] for part in path.split("/") if part.startswith("{")]

    @wraps(handler)
    def view(request: Asked, **values: Any) -> object:
        return handler(request, **{name: value for name, value in values.items() if name not in names})

    if names:
        told = [(name, _PATH_TYPES[name], PathParameter(...)) for name in names]
        view._ninja_contribute_args = told  # type: ignore[attr-defined]
    return view
