"""One call of OMA, made from a page: the same door as for programs, without the network. Only for developers."""

import io
import json
from collections.abc import Mapping
from typing import Any, Final

import msgspec
from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from postroom.faces.oma import dispatch
from postroom.faces.oma.wire import NotAnObject, parse
from postroom.faces.web.forms import Form
from postroom.faces.web.page import Asked

_LONGEST: Final = 20_000
_MOST_SHOWN: Final = 20_000
"""Characters of an answer: a page stays below 100 kB."""
_WIDTH: Final = 72
_PASSED_ON: Final = ("REMOTE_ADDR", "HTTP_X_FORWARDED_FOR", "HTTP_X_FORWARDED_PROTO", "HTTP_HOST", "wsgi.url_scheme")


class Answer(msgspec.Struct, frozen=True):
    status: str
    is_good: bool
    text: str
    is_cut: bool


class Try(Form):
    user = forms.CharField(label=_("Account"), max_length=320)
    password = forms.CharField(
        label=_("Password or token"),
        max_length=1000,
        required=False,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
    )
    request = forms.CharField(
        label=_("Request"),
        max_length=_LONGEST,
        strip=False,
        help_text=_("JSON; the credentials are added."),
        widget=forms.Textarea(attrs={"spellcheck": "false", "class": "mono", "autocapitalize": "off"}),
    )

    def clean_request(self) -> dict[str, Any]:
        try:
            found = parse(self.cleaned_data["request"].encode())
        except (NotAnObject, UnicodeEncodeError) as error:
            raise ValidationError(_("This is not one JSON object: %(why)s"), params={"why": str(error)}) from None
        found.pop("credentials", None)  # what the other fields say holds
        return found


def written(value: object, indent: int = 0) -> str:
    """As people read JSON: what is short stays on one line."""
    short = json.dumps(value, ensure_ascii=False)
    if len(short) + indent <= _WIDTH or not isinstance(value, dict | list) or not value:
        return short
    inner = indent + 2
    if isinstance(value, dict):
        lines = [f"{json.dumps(key, ensure_ascii=False)}: {written(item, inner)}" for key, item in value.items()]
    else:
        lines = [written(item, inner) for item in value]
    begin, end = "{}" if isinstance(value, dict) else "[]"
    body = ",\n".join(f"{' ' * inner}{line}" for line in lines)
    return f"{begin}\n{body}\n{' ' * indent}{end}"


def sent(request: Asked, method: str, body: Mapping[str, Any], credentials: Mapping[str, str]) -> Answer:
    raw = msgspec.json.encode({**body, "credentials": {**credentials, "client": "documentation"}})
    environ: dict[str, Any] = {name: request.META[name] for name in _PASSED_ON if name in request.META}
    environ |= {
        "REQUEST_METHOD": "POST",
        "PATH_INFO": f"/api/{method}",
        "CONTENT_LENGTH": str(len(raw)),
        "wsgi.input": io.BytesIO(raw),
    }
    status, answered = dispatch.answered(method, environ)
    found = json.loads(answered)
    text = written(found)
    return Answer(
        status=status, is_good=found.get("success") is True, text=text[:_MOST_SHOWN], is_cut=len(text) > _MOST_SHOWN
    )


def curl(base: str, method: str, body: Mapping[str, Any], user: str) -> str:
    """The same call as a line to paste, with a gap for the password."""
    whole = {"credentials": {"user": user, "password": "…"}, **body}
    text = written(whole).replace("'", "'\\''")
    return f"curl -s {base}/api/{method} -d '{text}'"
