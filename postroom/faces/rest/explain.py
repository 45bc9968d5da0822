"""Where mail to an address goes, and why a setting has its value."""

from datetime import datetime
from typing import Literal

from ninja import Query
from pydantic import BaseModel, Field

from postroom.actions import explain, explain_setting
from postroom.core.catalogue.attribute import Level
from postroom.core.explain import words
from postroom.core.explain.way import End, Stop, Tone, Via, Way
from postroom.core.explain.why import Why, told
from postroom.core.languages import Language
from postroom.faces.rest.asked import Asked, language_of
from postroom.faces.rest.gate import signed_in
from postroom.faces.rest.routes import Routes
from postroom.faces.rest.texts import Json, moment

routes = Routes("explain")


class WayQuery(BaseModel):
    address: str = Field(description="Any address of a domain that you can see.", examples=["info@acme.example"])


class StepBody(BaseModel):
    code: str = Field(examples=["room"])
    tone: Tone = Field(description="good; open: mail waits, or only some is concerned; bad; plain.")
    values: dict[str, str | int]
    text: str = Field(description="In your language.")
    setting: str = Field(description="The attribute that is the reason; empty where none is.")
    of: str = Field(description="The address or domain whose attribute that is.")


class LeadBody(BaseModel):
    address: str
    via: Via


class StopBody(BaseModel):
    address: str = Field(description="Empty where mail is thrown away.")
    via: Via = Field(description="How mail came here.")
    source: str = Field(description="The stop before; empty at the first.")
    end: End
    answer: str = Field(description="What the sender is told, as SMTP has it; empty where the mail is taken.")
    steps: list[StepBody]
    leads_to: list[LeadBody]


class WayBody(BaseModel):
    address: str
    verdict: str = Field(description="The whole in a sentence, in your language.")
    mailboxes: list[str] = Field(description="That get the mail, in the end.")
    outside: list[str] = Field(description="Addresses on other servers, or out of your sight, that it goes on to.")
    more: int = Field(description="Addresses that were not looked at any more.")
    stops: list[StopBody] = Field(description="The address itself first, then whatever it leads to.")


class WhyQuery(BaseModel):
    of: str = Field(description="The address of a mailbox, or a domain.", examples=["uma@acme.example"])
    setting: str = Field(examples=["quota"])


class PlaceBody(BaseModel):
    level: Level
    name: str
    value: Json = Field(description="null where the level says nothing, and for secrets.")
    is_set: bool


class NoteBody(BaseModel):
    code: str = Field(examples=["live"])
    values: dict[str, str | int]
    text: str = Field(description="In your language.")


class ChangeBody(BaseModel):
    at: datetime
    actor: str
    face: str = Field(examples=["rest"])


class WhyBody(BaseModel):
    of: str
    setting: str
    value: Json = Field(description="In force, as the mail servers are told it; null for a secret.")
    origin: Level | Literal["default"] = Field(description="The level that says so.")
    default: Json = Field(description="What holds where no level says anything.")
    places: list[PlaceBody] = Field(description="From the object itself upwards.")
    notes: list[NoteBody]
    changed: ChangeBody | None = Field(description="The last change that made it so, where you may know.")
    settable: bool = Field(description="Whether you may change it here.")
    secret: bool


@routes.get("/explain/", gate=signed_in(), answers={200: WayBody}, name="explainAddress", fails=(404,))
def way(request: Asked, query: Query[WayQuery]) -> object:
    """Where mail to an address goes, step by step.

    By what the mail servers read at this moment: states, aliases, forwards, quota, spam. In English or French, as
    `Accept-Language` says.
    """
    return _way(explain.way(request.auth, request.origin, query.address), language_of(request))


def _way(found: Way, language: Language) -> WayBody:
    return WayBody(
        address=found.address,
        verdict=words.verdict(found.address, found.stops[0].end, found.mailboxes, found.outside, language),
        mailboxes=found.mailboxes,
        outside=found.outside,
        more=found.more,
        stops=[_stop(stop, language) for stop in found.stops],
    )


def _stop(stop: Stop, language: Language) -> StopBody:
    steps = [
        StepBody(
            code=s.code, tone=s.tone, values=s.values, text=words.told(s, language), setting=s.setting, of=s.of
        )
        for s in stop.steps
    ]  # fmt: skip
    return StopBody(
        address=stop.lead.address,
        via=stop.lead.via,
        source=stop.lead.source,
        end=stop.end,
        answer=stop.answer,
        steps=steps,
        leads_to=[LeadBody(address=lead.address, via=lead.via) for lead in stop.leads],
    )


@routes.get("/explain/setting/", gate=signed_in(), answers={200: WhyBody}, name="explainSetting", fails=(404,))
def why(request: Asked, query: Query[WhyQuery]) -> object:
    """Why a setting has its value: what each level says, what else has a hand in it, and who made it so."""
    return _why(explain_setting.why(request.auth, query.of, query.setting), language_of(request))


def _why(found: Why, language: Language) -> WhyBody:
    changed = found.changed
    return WhyBody(
        of=found.of,
        setting=found.setting,
        value=found.value,
        origin=found.origin,
        default=found.default,
        places=[PlaceBody(level=p.level, name=p.name, value=p.value, is_set=p.is_set) for p in found.places],
        notes=[NoteBody(code=n.code, values=n.values, text=told(n, language)) for n in found.notes],
        changed=ChangeBody(at=moment(changed.at), actor=changed.actor, face=changed.face) if changed else None,
        settable=found.settable,
        secret=found.secret,
    )
