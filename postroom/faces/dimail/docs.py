"""The OpenAPI document and a page to read and try it. Nothing is loaded from elsewhere: Swagger UI comes with ninja."""

import json
from pathlib import Path
from typing import Final

import ninja

from postroom.faces.dimail.document import document

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
_SETTINGS: Final = {"url": "openapi.json", "layout": "BaseLayout", "deepLinking": True, "validatorUrl": None}
# Addresses are relative: the face is at the root, or below a prefix. Without a slash at the end of /docs they fit.
_PAGE: Final = f"""<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Postroom: dimail</title>
<link rel="icon" href="docs/favicon.png">
<link rel="stylesheet" href="docs/swagger-ui.css">
</head>
<body data-api-csrf="" data-csrf-token="">
<script type="application/json" id="swagger-settings">{json.dumps(_SETTINGS)}</script>
<div id="swagger-ui"></div>
<script src="docs/swagger-ui-bundle.js"></script>
<script src="docs/swagger-ui-init.js"></script>
</body>
</html>
"""

Page = tuple[int, list[tuple[str, str]], bytes]


def page(path: str, prefix: str) -> Page | None:
    """None: it is none of these. `prefix`: what the face is below."""
    if path == "/openapi.json":
        told = {**document(), "servers": [{"url": prefix or "/"}]}
        return _found("application/json", json.dumps(told).encode(), 300)
    if path == "/docs":
        status, headers, body = _found("text/html; charset=utf-8", _PAGE.encode(), 300)
        return status, [*headers, ("Content-Security-Policy", _POLICY), ("X-Frame-Options", "DENY")], body
    name = path.removeprefix("/docs/") if path.startswith("/docs/") else ""
    return _found(_TYPES[name], (_FILES / name).read_bytes(), 86_400) if name in _TYPES else None


def _found(media: str, body: bytes, seconds: int) -> Page:
    headers = [("Content-Type", media), ("Cache-Control", f"public, max-age={seconds}")]
    return 200, [*headers, ("X-Content-Type-Options", "nosniff")], body
