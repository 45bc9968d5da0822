"""The one-time link of a mailbox: what it is for, and setting the password with it."""

from datetime import datetime

from pydantic import BaseModel, Field

from postroom.actions import link_use
from postroom.faces.asked import client_address
from postroom.faces.rest.asked import Asked
from postroom.faces.rest.gate import anybody
from postroom.faces.rest.routes import Routes
from postroom.faces.rest.texts import moment

routes = Routes("codes")


class CodeBody(BaseModel):
    address: str = Field(description="The mailbox.", examples=["uma.urban@acme.example"])
    expires_at: datetime
    uses_left: int


class NewPassword(BaseModel):
    password: str = Field(min_length=1, max_length=1000, examples=["kettle-Drum-41-violet"])


class PasswordSet(BaseModel):
    address: str


@routes.get("/codes/{code}/", gate=anybody(), answers={200: CodeBody}, name="getCode", fails=(404, 429))
def look(request: Asked) -> object:
    """What a link is for.

    Looking uses nothing up.
    """
    found = link_use.look(request.entered.secret, client_address(request))
    return CodeBody(address=found.address, expires_at=moment(found.expires_at), uses_left=found.uses_left)


@routes.post("/codes/{code}/", gate=anybody(), answers={200: PasswordSet}, name="redeemCode", fails=(404,))
def redeem(request: Asked, body: NewPassword) -> object:
    """Set the mailbox's password."""
    return PasswordSet(address=link_use.redeem(request.origin, request.entered.secret, body.password))
