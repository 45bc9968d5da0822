"""Files behind signed links (oma.md section 1.5): the address is all that a client needs."""

from collections.abc import Callable, Iterator, Mapping

from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.views.decorators.http import require_GET

from postroom.actions import migrations, statistics
from postroom.core.errors import NotFound, OutOfReach
from postroom.core.signed_links import Link

_FILES: Mapping[str, tuple[Callable[[Link], Iterator[str]], str, str]] = {
    statistics.SNAPSHOT: (statistics.file, "text/csv", "csv"),
    migrations.TRACE: (migrations.trace, "text/plain", "txt"),
}
"""How to read it, its content type, how its name ends."""


@require_GET
def download(request: HttpRequest) -> HttpResponseBase:
    """403 for a link that is wrong or too old, 404 where there is no such file."""
    asked = {name: request.GET.get(name, "") for name in ("type", "id", "user", "expires", "token")}
    expires = asked.pop("expires")
    if asked["type"] not in _FILES or not (expires.isascii() and expires.isdecimal() and len(expires) <= 12):
        return _refused(404, "There is no such file.")
    try:
        read, content_type, ending = _FILES[asked["type"]]
        lines = read(Link(**asked, expires=int(expires)))
    except OutOfReach:
        return _refused(403, "This link is wrong, or it has expired: they are good for 15 minutes.")
    except NotFound:
        return _refused(404, "There is no such file.")
    answer = StreamingHttpResponse(lines, content_type=f"{content_type}; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{_file_name(asked["id"])}.{ending}"'
    answer["Cache-Control"] = "no-store"
    return answer


def _file_name(id: str) -> str:
    plain = "".join(c if c.isascii() and (c.isalnum() or c in ".-") else "_" for c in id)
    return plain[:150]


def _refused(status: int, text: str) -> HttpResponse:
    return HttpResponse(text + "\n", status=status, content_type="text/plain; charset=utf-8")
