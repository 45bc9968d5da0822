"""The OpenAPI document: what ninja makes of the types, and what the routes' own traits add to it."""

from collections.abc import Iterator, Mapping
from typing import Any

from postroom.faces.rest import problems
from postroom.faces.rest.door import KEY_PATTERN, Spec
from postroom.faces.rest.problems import MEDIA_TYPE, Problem

_JSON = "application/json"
Schema = dict[str, Any]

_STRINGS: Schema = {"type": "array", "items": {"type": "string"}}
_SCHEMAS: Mapping[str, Schema] = {
    "Detail": {
        "type": "object",
        "required": ["detail"],
        "properties": {"detail": {"type": "string"}},
        "additionalProperties": False,
    },
    "Invalid": {
        "description": "Field → what is wrong with it; `non_field_errors` and `__all__` for the whole. Or a list of "
        "texts, or one text as `detail` where the body could not be read.",
        "anyOf": [
            {"type": "object", "additionalProperties": _STRINGS},
            _STRINGS,
            {"$ref": "#/components/schemas/Detail"},
        ],
    },
    "Refusal": {
        "description": "`detail`, or the field that is refused.",
        "type": "object",
        "minProperties": 1,
        "additionalProperties": {"type": "string"},
    },
    "Problem": {
        "description": "Problem details (RFC 9457).",
        "type": "object",
        "required": ["type", "title", "status", "detail", "instance"],
        "properties": {
            "type": {"type": "string", "description": "Which kind of problem; compare this, never the texts."},
            "title": {"type": "string", "description": "In your language."},
            "status": {"type": "integer"},
            "detail": {"type": "string"},
            "instance": {"type": "string", "description": "The path that was asked for."},
            "errors": {
                "type": "array",
                "items": {
                    "type": "object",
                    "required": ["field", "detail"],
                    "properties": {"field": {"type": "string"}, "detail": {"type": "string"}},
                },
            },
        },
    },
}
_HEADERS: Mapping[str, Schema] = {
    "ETag": {"description": "Changes with every byte of the answer.", "schema": {"type": "string"}},
    "X-Request-Id": {
        "description": "Stands in the history and in the operator's log.",
        "schema": {"type": "string"},
    },
    "Retry-After": {"description": "Seconds to wait.", "schema": {"type": "string", "pattern": "^[0-9]+$"}},
    "Idempotent-Replayed": {
        "description": "`true`: this is the answer that was given before.",
        "schema": {"type": "string", "enum": ["true"]},
    },
}
_PARAMETERS: Mapping[str, Schema] = {
    "IdempotencyKey": {
        "in": "header",
        "name": "Idempotency-Key",
        "description": "The same request with the same key is done once; for 24 hours it gets the same answer again.",
        "schema": {"type": "string", "pattern": f"^{KEY_PATTERN}$"},
    },
    "IfMatch": {
        "in": "header",
        "name": "If-Match",
        "description": "Only while the object's ETag is this one.",
        "schema": {"type": "string"},
    },
    "IfNoneMatch": {
        "in": "header",
        "name": "If-None-Match",
        "description": "Only when the object's ETag is another one.",
        "schema": {"type": "string"},
    },
}
SECURITY: Mapping[str, Schema] = {
    "session": {"type": "apiKey", "in": "cookie", "name": "sessionid", "description": "After signing in."},
    "csrf": {
        "type": "apiKey",
        "in": "header",
        "name": "X-CSRFToken",
        "description": "Goes with the session on everything that changes something.",
    },
    "apiKey": {"type": "http", "scheme": "bearer", "description": "An API key: `pr_…`."},
}
_DETAIL = {_JSON: {"schema": {"$ref": "#/components/schemas/Detail"}}}
_PROBLEM = {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}


def _told(name: str, content: Schema, headers: tuple[str, ...] = ()) -> Schema:
    return {
        "description": name,
        "headers": {header: {"$ref": f"#/components/headers/{header}"} for header in (*headers, "X-Request-Id")},
        "content": content,
    }


def _example(problem: Problem) -> Schema:
    title = problem.title.en
    body = {"type": problem.type, "title": title, "status": problem.status, "detail": title, "instance": "/api/v1.0/…"}
    return {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}, "example": body}}


_RESPONSES: Mapping[str, Schema] = {
    "Invalid": _told(
        "What was sent is not right.",
        {
            _JSON: {
                "schema": {"$ref": "#/components/schemas/Invalid"},
                "example": {"name": ["This field is required."]},
            },
            **_PROBLEM,
        },
    ),
    "NotSignedIn": _told("Nobody is signed in, or the API key opens nothing.", _DETAIL),
    "Forbidden": _told("Your role does not suffice.", {_JSON: {"schema": {"$ref": "#/components/schemas/Refusal"}}}),
    "NotFound": _told("There is no such thing, or not for you.", _DETAIL),
    "Conflict": _told("Not possible as things are.", _example(problems.CONFLICT), ("Retry-After",)),
    "ChangedMeanwhile": _told("The object is not what `If-Match` says.", _example(problems.CHANGED)),
    "TooLarge": _told("The body is too large.", _example(problems.TOO_LARGE)),
    "UnsupportedMediaType": _told("The body is of another type.", _DETAIL),
    "KeyReused": _told("The idempotency key was sent with another request.", _example(problems.KEY_REUSED)),
    "TooManyRequests": _told("Too many requests.", _example(problems.TOO_MANY), ("Retry-After",)),
    "Fault": _told("A fault on our side; it is logged.", _example(problems.FAULT)),
    "PlatformRefused": _told("The mail platform refused this.", _example(problems.REFUSED)),
    "TryAgain": _told("Somebody is busy or away; try again.", _example(problems.AWAY), ("Retry-After",)),
}
_BY_STATUS: Mapping[int, str] = {
    400: "Invalid", 401: "NotSignedIn", 403: "Forbidden", 404: "NotFound", 409: "Conflict", 412: "ChangedMeanwhile",
    413: "TooLarge", 415: "UnsupportedMediaType", 422: "KeyReused", 429: "TooManyRequests", 500: "Fault",
    502: "PlatformRefused", 503: "TryAgain",
}  # fmt: skip


def completed(document: Schema, specs: Mapping[str, Spec]) -> Schema:
    """`document` as ninja made it, changed in place; `specs` by operationId."""
    components = document.setdefault("components", {})
    components.setdefault("schemas", {}).update(_SCHEMAS)
    components["securitySchemes"] = dict(SECURITY)
    components["headers"] = dict(_HEADERS)
    components["parameters"] = dict(_PARAMETERS)
    components["responses"] = dict(_RESPONSES)
    for path in document["paths"].values():
        path.pop("head", None)
        for operation in path.values():
            _complete(operation, specs[operation["operationId"]])
    return document


def _complete(operation: Schema, spec: Spec) -> None:
    operation["security"] = _security(spec)
    operation.setdefault("parameters", []).extend(
        {"$ref": f"#/components/parameters/{name}"} for name in _parameters(spec)
    )
    responses = {str(status): told for status, told in operation["responses"].items()}
    if spec.media:
        for told in responses.values():
            told["content"] = {spec.media: {"schema": {"type": "string"}}}
    if spec.takes:
        body = {"schema": {"type": "string"}, "example": spec.example}
        operation["requestBody"] = {"required": True, "content": {spec.takes: body}}
    for told in responses.values():
        headers = ["X-Request-Id", *(["ETag"] if spec.tagged else []), *(["Idempotent-Replayed"] if spec.keyed else [])]
        told["headers"] = {name: {"$ref": f"#/components/headers/{name}"} for name in headers}
    if spec.tagged:
        responses["304"] = {
            "description": "It is what you have.",
            "headers": {"ETag": {"$ref": "#/components/headers/ETag"}},
        }
    for status in sorted(set(_failing(operation, spec))):
        responses[str(status)] = {"$ref": f"#/components/responses/{_BY_STATUS[status]}"}
    operation["responses"] = responses


def _security(spec: Spec) -> list[dict[str, list[str]]]:
    if spec.gate.public:
        return []
    session: dict[str, list[str]] = {"session": [], "csrf": []} if spec.writes else {"session": []}
    return [session] if spec.sessions_only else [session, {"apiKey": []}]


def _parameters(spec: Spec) -> Iterator[str]:
    if spec.keyed:
        yield "IdempotencyKey"
    if spec.shown_by:
        yield "IfMatch"
    if spec.tagged:
        yield "IfNoneMatch"


def _failing(operation: Schema, spec: Spec) -> Iterator[int]:
    yield from (*spec.fails, 500, 503)
    sent = {parameter.get("in") for parameter in operation["parameters"]}
    pages = any(parameter.get("name") == "page" for parameter in operation["parameters"])
    for applies, statuses in (
        (not spec.gate.public, (401, 403)),
        (spec.gate.domain or spec.gate.kind or pages, (404,)),
        ("requestBody" in operation, (400, 413, 415)),
        ("query" in sent, (400,)),
        (spec.keyed, (400, 409, 422)),
        (spec.shown_by, (412,)),
        (spec.writes or spec.searches, (429,)),
    ):
        if applies:
            yield from statuses
