"""The OpenAPI document, from the table of routes and the types of what is sent and answered."""

import functools
import inspect
from typing import Any, Final

import msgspec

from postroom import VERSION
from postroom.faces.dimail.route import Guard, Route
from postroom.faces.dimail.routes import ROUTES
from postroom.faces.dimail.wire import is_required

Schema = dict[str, Any]
_REFERENCE: Final = "#/components/schemas/"
_DETAIL: Final[Schema] = {
    "type": "object",
    "required": ["detail"],
    "properties": {"detail": {"type": "string"}},
}
_INVALID: Final[Schema] = {
    "type": "object",
    "required": ["detail"],
    "properties": {
        "detail": {
            "anyOf": [
                {"type": "string"},
                {
                    "type": "array",
                    "items": {
                        "type": "object",
                        "required": ["loc", "msg", "type"],
                        "properties": {
                            "loc": {"type": "array", "items": {"anyOf": [{"type": "string"}, {"type": "integer"}]}},
                            "msg": {"type": "string"},
                            "type": {"type": "string"},
                        },
                    },
                },
            ]
        }
    },
}
_SECURITY: Final[Schema] = {
    "basic": {"type": "http", "scheme": "basic"},
    "token": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT", "description": "From `GET /token/`."},
}
_EXAMPLES: Final = {"name": "la_regie", "domain": "town.example", "user": "uma", "destination": "uma@town.example"}
"""Of what stands in paths."""
_RETRY_AFTER: Final[Schema] = {"description": "Seconds.", "schema": {"type": "integer"}}
_HEADERS: Final[dict[int, Schema]] = {
    401: {"WWW-Authenticate": {"description": "Where credentials are missing.", "schema": {"const": "Basic"}}},
    429: {"Retry-After": {**_RETRY_AFTER, "required": True}},
    503: {"Retry-After": _RETRY_AFTER},
}
_MEANINGS: Final = {
    401: "Nobody has said who calls, or the domain is not theirs.",
    403: "Who calls may not do this, or is not known.",
    404: "There is no such thing.",
    409: "It is there already.",
    411: "The body's length was not said.",
    412: "Something that was asked for needs something else.",
    413: "The body is too large.",
    422: "What was sent is not right, or not possible here.",
    429: "Too many wrong passwords.",
    500: "Something went wrong on our side; of a new mailbox: its display name is taken.",
    503: "Somebody is busy or away; try again.",
}


@functools.cache
def document() -> Schema:
    paths: dict[str, Schema] = {}
    names: set[str] = set()
    for route in ROUTES:
        paths.setdefault(f"{route.path}/", {})[route.method.lower()] = _operation(route, _name(route, names))
    return {
        "openapi": "3.1.0",
        "info": {"title": "Postroom: dimail", "version": VERSION, "description": "With or without the last slash."},
        "paths": paths,
        "components": {"schemas": _schemas(), "securitySchemes": _SECURITY},
    }


def _schemas() -> Schema:
    answers = msgspec.json.schema_components(_answers(), ref_template=_REFERENCE + "{name}")[1]
    schemas: Schema = {"Detail": _DETAIL, "Invalid": _INVALID, **answers}
    for route in ROUTES:
        if route.body is not None:
            own = route.body.model_json_schema(ref_template=_REFERENCE + "{model}")
            schemas.update(own.pop("$defs", {}))
            schemas[route.body.__name__] = own
    return schemas


def _answers() -> list[Any]:
    return [route.answer for route in ROUTES if route.answer is not None]


@functools.cache
def _answer_schemas() -> list[Schema]:
    return list(msgspec.json.schema_components(_answers(), ref_template=_REFERENCE + "{name}")[0])


def _name(route: Route, taken: set[str]) -> str:
    """One handler may answer two paths."""
    name = f"{route.handler.__module__.rpartition('.')[2]}_{route.handler.__name__}"
    while name in taken:
        name += "_too"
    taken.add(name)
    return name


def _operation(route: Route, name: str) -> Schema:
    told: Schema = {"operationId": name, "summary": remark(route), "parameters": _parameters(route)}
    if route.body is not None:
        reference = {"$ref": _REFERENCE + route.body.__name__}
        told["requestBody"] = {
            "required": is_required(route.body),
            "content": {"application/json": {"schema": reference}},
        }
    if route.guard is not Guard.NONE:
        told["security"] = [{"token" if route.guard is Guard.BEARER else "basic": []}]
    told["responses"] = _responses(route)
    return told


def remark(route: Route) -> str:
    return (inspect.getdoc(route.handler) or "").partition("\n\n")[0].replace("\n", " ")


def _parameters(route: Route) -> list[Schema]:
    named = [part[1:-1] for part in route.path.split("/") if part.startswith("{")]
    text = {"type": "string"}
    return [
        *({"in": "path", "name": name, "required": True, "schema": text, "example": _EXAMPLES[name]} for name in named),
        *({"in": "query", "name": name, "required": False, "schema": text} for name in route.query),
    ]


def _responses(route: Route) -> Schema:
    told: Schema = {str(route.status): {"description": "Done."}}
    if route.answer is not None:
        schema = _answer_schemas()[_answers().index(route.answer)]
        told[str(route.status)]["content"] = {"application/json": {"schema": schema}}
    of_body = (411, 413, 422) if route.body else ()
    for status in sorted({*route.fails, *_of_guard(route), *of_body, 500, 503}):
        told[str(status)] = _failure(status)
    return told


def _of_guard(route: Route) -> tuple[int, ...]:
    if route.guard is Guard.NONE:
        return ()
    return (403,) if route.guard is Guard.BEARER else (401, 403, 429)


def _failure(status: int) -> Schema:
    if status == 500:
        return {"description": _MEANINGS[status], "content": {"text/plain": {"schema": {"type": "string"}}}}
    reference = {"$ref": _REFERENCE + ("Invalid" if status == 422 else "Detail")}
    told = {"description": _MEANINGS[status], "content": {"application/json": {"schema": reference}}}
    return {**told, "headers": _HEADERS[status]} if status in _HEADERS else told
