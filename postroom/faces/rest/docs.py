"""The OpenAPI document and a page to read and try it. Nothing is loaded from elsewhere: Swagger UI comes with ninja."""

import json
from pathlib import Path
from typing import Final

import ninja
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.utils.html import format_html
from django.utils.safestring import mark_safe
from django.views.decorators.http import require_safe

from postroom.faces.rest import errors
from postroom.faces.rest.api import PREFIX, api

_FILES = Path(ninja.__file__).parent / "static" / "ninja"
_TYPES: Final = {
    "swagger-ui-bundle.js": "text/javascript",
    "swagger-ui-init.js": "text/javascript",
    "swagger-ui.css": "text/css",
    "favicon.png": "image/png",
}
_POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "form-action 'none'; base-uri 'none'; frame-ancestors 'none'"
)
_PAGE = """<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Postroom: REST</title>
<link rel="icon" href="docs/favicon.png">
<link rel="stylesheet" href="docs/swagger-ui.css">
</head>
<body data-api-csrf="true" data-csrf-token="{}">
<script type="application/json" id="swagger-settings">{}</script>
<div id="swagger-ui"></div>
<script src="docs/swagger-ui-bundle.js"></script>
<script src="docs/swagger-ui-init.js"></script>
</body>
</html>
"""
_SETTINGS = {
    "url": f"{PREFIX}openapi.json", "layout": "BaseLayout", "deepLinking": True, "docExpansion": "none",
    "validatorUrl": None,
}  # fmt: skip


@require_safe
def document(request: HttpRequest) -> HttpResponse:
    response = HttpResponse(json.dumps(api.document), content_type="application/json")
    response["Cache-Control"] = "public, max-age=300"
    return response


@require_safe
def page(request: HttpRequest) -> HttpResponse:
    response = HttpResponse(_page(request))
    response["Content-Security-Policy"] = _POLICY
    return response


def _page(request: HttpRequest) -> str:
    return format_html(_PAGE, get_token(request), mark_safe(json.dumps(_SETTINGS)))  # noqa: S308 -- written above


@require_safe
def file(request: HttpRequest, name: str) -> HttpResponse:
    if name not in _TYPES:
        return errors.plain(404, {"detail": errors.NO_SUCH_PATH})
    response = HttpResponse((_FILES / name).read_bytes(), content_type=_TYPES[name])
    response["Cache-Control"] = "public, max-age=86400"
    return response
