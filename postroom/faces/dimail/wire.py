"""What a request says: its body by the route's model, refused in FastAPI's words, and its query."""

import json
from collections.abc import Callable, Mapping
from typing import Any, Final
from urllib.parse import parse_qsl
from wsgiref.types import WSGIEnvironment

from pydantic import BaseModel, ValidationError

from postroom.faces.dimail.errors import Refusal

_SECRETS: Final = frozenset({"password"})
_DEEPEST_SHOWN: Final = 8
_DIGITS: Final = 12
"""Of a length; thousands of them Python does not read."""


def raw_body(environ: WSGIEnvironment, limit: int) -> bytes:
    """Only what was announced: reading on would wait for ever on some servers. Raises Refusal."""
    announced = environ.get("CONTENT_LENGTH") or "0"
    if environ.get("HTTP_TRANSFER_ENCODING"):
        raise Refusal(411, "Say the length of the body (Content-Length)")
    if not announced.isdecimal() or len(announced) > _DIGITS or int(announced) > limit:
        raise Refusal(413, f"The body must be at most {limit} bytes")
    read: Callable[[int], bytes] = environ["wsgi.input"].read
    return read(int(announced)) if announced != "0" else b""


def body(raw: bytes, model: type[BaseModel]) -> BaseModel:
    """Raises Refusal. No body at all is an empty one where nothing has to be said."""
    sent = _decoded(raw) if raw else None if is_required(model) else {}
    if sent is None:
        raise Refusal(422, [{"type": "missing", "loc": ["body"], "msg": "Field required", "input": None}])
    try:
        return model.model_validate(sent, from_attributes=True)
    except ValidationError as error:
        found = error.errors(include_url=False, include_context=True)
        raise Refusal(422, [_told(dict(one)) for one in found]) from None


def is_required(model: type[BaseModel]) -> bool:
    return any(field.is_required() for field in model.model_fields.values())


def _decoded(raw: bytes) -> Any:
    try:
        sent = json.loads(raw)
        json.dumps(sent, ensure_ascii=False, allow_nan=False).encode()  # no half characters, and nothing but JSON
        return sent
    except (ValueError, RecursionError) as error:
        place, why = (error.pos, error.msg) if isinstance(error, json.JSONDecodeError) else (0, "Not readable")
        told = {"type": "json_invalid", "loc": ["body", place], "msg": "JSON decode error", "input": {}}
        raise Refusal(422, [{**told, "ctx": {"error": why}}]) from None


def _told(one: dict[str, Any]) -> dict[str, Any]:
    """One thing that is wrong. What was sent is shown again as FastAPI does, but for secrets."""
    place = one["loc"]
    if _SECRETS & {str(part) for part in place}:
        one["input"] = "(secret)"
    one["input"] = _without_secrets(one["input"])
    if "ctx" in one:
        one["ctx"] = {name: value if isinstance(value, int | str) else str(value) for name, value in one["ctx"].items()}
    return {**one, "loc": ["body", *place]}


def _without_secrets(sent: Any, depth: int = 0) -> Any:
    if not isinstance(sent, Mapping | list):
        return sent
    if depth == _DEEPEST_SHOWN:
        return "(more)"
    if isinstance(sent, list):
        return [_without_secrets(value, depth + 1) for value in sent]
    return {
        name: "(secret)" if name in _SECRETS else _without_secrets(value, depth + 1) for name, value in sent.items()
    }


def query(environ: WSGIEnvironment) -> dict[str, str]:
    """The last one of each name counts."""
    text = environ.get("QUERY_STRING") or ""
    return dict(parse_qsl(text, keep_blank_values=True, max_num_fields=None)) if text else {}
