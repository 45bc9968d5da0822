"""What anybody may know: how this Postroom is set up, and how much there is of it (people.md section 3.6)."""

from django.conf import settings
from django.core.cache import cache
from pydantic import BaseModel, Field

import postroom
from postroom.actions import numbers
from postroom.actions.numbers import Numbers
from postroom.faces.rest.asked import Asked
from postroom.faces.rest.gate import anybody
from postroom.faces.rest.routes import Routes

routes = Routes("public")
_HOUR = 3600
_STATS = "rest-stats"


class Config(BaseModel):
    LANGUAGES: list[list[str]] = Field(examples=[[["en", "English"], ["fr", "Français"]]])
    FEATURES: dict[str, bool]
    RELEASE: str = Field(examples=["0.1.0"])
    COMMIT: None = None
    CRISP_WEBSITE_ID: None = None
    WEBMAIL_URL: str | None
    OIDC: bool = Field(description="Whether people can sign in with an identity provider.")


class Stats(BaseModel):
    total_users: int
    mau: int = Field(description="People who signed in during the last 30 days.")
    teams: int = Field(description="People's teams are not here: 0.")
    active_domains: int
    mailboxes: int
    aliases: int


@routes.get("/config/", gate=anybody(), answers={200: Config}, name="getConfig")
def config(request: Asked) -> object:
    """How this Postroom is set up."""
    return Config(
        LANGUAGES=[[code, name] for code, name in settings.LANGUAGES],
        FEATURES={
            "CONTACTS_CREATE": False,
            "CONTACTS_DISPLAY": False,
            "MAILBOXES_CREATE": True,
            "TEAMS_CREATE": False,
            "TEAMS_DISPLAY": False,
        },
        RELEASE=postroom.VERSION,
        WEBMAIL_URL=settings.WEBMAIL_URL or None,
        OIDC=bool(settings.OIDC_ISSUER),
    )


@routes.get("/stats/", gate=anybody(), answers={200: Stats}, name="getStats")
def stats(request: Asked) -> object:
    """How much there is.

    Counted once an hour.
    """
    found: Numbers | None = cache.get(_STATS)
    if found is None:
        found = numbers.of_everything(request.origin)
        cache.set(_STATS, found, _HOUR)
    return Stats(
        total_users=found.people, mau=found.active_people, teams=0, active_domains=found.domains,
        mailboxes=found.mailboxes, aliases=found.aliases,
    )  # fmt: skip
