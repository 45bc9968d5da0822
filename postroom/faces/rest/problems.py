"""Problem details (RFC 9457): how errors are told that People does not have."""

from collections.abc import Mapping
from typing import Any, Final

import msgspec
from django.http import HttpRequest, HttpResponse

from postroom.core.languages import Language, Text
from postroom.core.phrases import Phrases
from postroom.faces.conflicts import CONFLICTS
from postroom.faces.rest.asked import language_of

MEDIA_TYPE = "application/problem+json"
_PREFIX = "urn:postroom:problem:"
_CONFLICTS: Final = Phrases(CONFLICTS)


class Problem(msgspec.Struct, frozen=True):
    """One kind of problem. `name` ends its `type`; clients compare that, never the texts."""

    name: str
    status: int
    title: Text
    detail: Text | None = None
    """None: what the error says."""
    retry_after: int | None = None
    """Seconds."""

    @property
    def type(self) -> str:
        return _PREFIX + self.name


CONFLICT = Problem("conflict", 409, Text(en="Not possible as things are", fr="Impossible en l’état actuel"))
LIMIT = Problem("limit-reached", 409, Text(en="A limit is reached", fr="Une limite est atteinte"))
RUNNING = Problem(
    "still-running",
    409,
    Text(en="The first such request is still running", fr="La première de ces requêtes est encore en cours"),
    retry_after=1,
)
CHANGED = Problem(
    "changed-meanwhile",
    412,
    Text(en="The object was changed meanwhile", fr="L’objet a été modifié entre-temps"),
    Text(
        en="Fetch it again, and send the ETag that it has now.", fr="Relisez-le, et envoyez l’ETag qu’il a maintenant."
    ),
)
TOO_LARGE = Problem(
    "too-large",
    413,
    Text(en="The body is too large", fr="Le corps de la requête est trop grand"),
    Text(en="At most {limit} bytes are taken.", fr="{limit} octets au plus sont acceptés."),
)
KEY_REUSED = Problem(
    "key-reused",
    422,
    Text(en="The idempotency key was used already", fr="La clé d’idempotence a déjà servi"),
    Text(
        en="It was sent with another request; send a new key with each new request.",
        fr="Elle accompagnait une autre requête ; envoyez une nouvelle clé avec chaque nouvelle requête.",
    ),
)
BAD_KEY = Problem(
    "bad-key",
    400,
    Text(en="The idempotency key is malformed", fr="La clé d’idempotence est mal formée"),
    Text(
        en="Letters, digits and ._:+/=- only, at most 200: a UUID is best.",
        fr="Uniquement des lettres, des chiffres et ._:+/=-, 200 au plus : un UUID convient le mieux.",
    ),
)
TOO_MANY = Problem(
    "too-many-requests",
    429,
    Text(en="Too many requests", fr="Trop de requêtes"),
    Text(en="Try again in {wait} seconds.", fr="Réessayez dans {wait} secondes."),
)
FAULT = Problem(
    "fault",
    500,
    Text(en="A fault on our side", fr="Une erreur de notre côté"),
    Text(en="It is noted as {id}.", fr="Elle est notée sous {id}."),
)
REFUSED = Problem(
    "platform-refused",
    502,
    Text(en="The mail platform refused this", fr="La plateforme de messagerie a refusé"),
    Text(en="The operator's log says why.", fr="Le journal de l’exploitant dit pourquoi."),
)
AWAY = Problem(
    "platform-away",
    503,
    Text(en="The mail platform does not answer", fr="La plateforme de messagerie ne répond pas"),
    Text(en="Nothing was changed; try again in a moment.", fr="Rien n’a changé ; réessayez dans un instant."),
    retry_after=30,
)
NOT_THERE_YET = Problem(
    "not-there-yet",
    409,
    Text(en="The mail platform has not heard of it yet", fr="La plateforme de messagerie ne le connaît pas encore"),
    Text(en="Try again in a moment.", fr="Réessayez dans un instant."),
    retry_after=2,
)
BUSY = Problem("busy", 503, Text(en="Try again in a moment", fr="Réessayez dans un instant"), retry_after=2)


def answer(
    request: HttpRequest, problem: Problem, detail: str = "", *, errors: Mapping[str, str] | None = None, **values: Any
) -> HttpResponse:
    """`detail`: where the kind has no words of its own. `errors`: what is wrong with single fields. `values` fill the
    words; `wait` is in seconds, where it is known better than by the kind.
    """
    language = language_of(request)
    title = problem.title.at(language)
    told = problem.detail.at(language, **values) if problem.detail else _said(detail, language)
    body: dict[str, object] = {
        "type": problem.type,
        "title": title,
        "status": problem.status,
        "detail": told or title,
        "instance": request.path,
    }
    if errors:
        body["errors"] = [{"field": field, "detail": text} for field, text in errors.items()]
    response = HttpResponse(msgspec.json.encode(body), status=problem.status, content_type=MEDIA_TYPE)
    retry_after = values.get("wait") or problem.retry_after
    if retry_after:
        response["Retry-After"] = str(retry_after)
    return response


def _said(detail: str, language: Language) -> str:
    return _CONFLICTS.french(detail) if language is Language.FRENCH else detail
