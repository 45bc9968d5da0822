"""What opens one's account besides the password; changed only shortly after signing in, never with an API key."""

from datetime import datetime

from ninja import Status
from pydantic import BaseModel, Field

from postroom.actions import passkeys, second_factors
from postroom.actions.second_factors import PasskeyView
from postroom.core.errors import BadRequest
from postroom.core.public_ids import Kind, public_id
from postroom.faces import sessions
from postroom.faces.ceremonies import site_of, spend_challenge
from postroom.faces.rest.asked import Asked
from postroom.faces.rest.gate import own, signed_in
from postroom.faces.rest.routes import Routes
from postroom.faces.rest.sign_in import CodeBody, PasskeyOptions, options_of
from postroom.faces.rest.texts import Id, Json, moment, moment_or_none

routes = Routes("second factors")
_NEW_SECRET = "totp"  # noqa: S105 -- where the session keeps it until it is confirmed


class PasskeyBody(BaseModel):
    id: Id
    name: str
    created_at: datetime
    last_used_at: datetime | None


class FactorsBody(BaseModel):
    totp: bool = Field(description="There is an authenticator.")
    passkeys: list[PasskeyBody]
    recovery_codes: int = Field(description="How many are left.")


class EnrolmentBody(BaseModel):
    secret: str = Field(description="To be typed into the authenticator, where no picture can be shown to it.")
    uri: str = Field(description="For the picture: otpauth://…")


class RecoveryCodes(BaseModel):
    recovery_codes: list[str] = Field(description="Shown this once; empty where there were some already.")


class NewPasskey(BaseModel):
    name: str = Field(max_length=128, examples=["Telephone"])
    credential: dict[str, Json] = Field(description="What navigator.credentials.create() gave, as JSON.")


class PasskeyMade(RecoveryCodes):
    passkey: PasskeyBody


def _passkey(view: PasskeyView) -> PasskeyBody:
    return PasskeyBody(
        id=public_id(Kind.PASSKEY, view.id),
        name=view.name,
        created_at=moment(view.created_at),
        last_used_at=moment_or_none(view.last_used_at),
    )


@routes.get("/", gate=signed_in(), answers={200: FactorsBody}, fails=(403,), name="showSecondFactors")
def show(request: Asked) -> object:
    """Your second factors."""
    view = second_factors.show(request.auth)
    return FactorsBody(
        totp=view.totp, passkeys=[_passkey(one) for one in view.passkeys], recovery_codes=view.recovery_codes
    )


@routes.post("/totp/", gate=signed_in(), answers={201: EnrolmentBody}, alone=True, sessions_only=True, name="beginTotp")
def begin_totp(request: Asked) -> object:
    """Begin to set up an authenticator. It counts once its first code was shown."""
    sessions.require_fresh(request)
    made = second_factors.begin_totp(request.auth)
    request.session[_NEW_SECRET] = second_factors.sealed(made.secret)
    return Status(201, EnrolmentBody(secret=made.secret, uri=made.uri))


@routes.post(
    "/totp/confirm/", gate=signed_in(), answers={200: RecoveryCodes}, alone=True, sessions_only=True, name="confirmTotp"
)
def confirm_totp(request: Asked, body: CodeBody) -> object:
    """Show the authenticator's first code: from now on signing in takes one."""
    sessions.require_fresh(request)
    kept = request.session.get(_NEW_SECRET)
    if kept is None:
        raise BadRequest("begin to set up an authenticator first")
    codes = second_factors.confirm_totp(request.auth, request.origin, second_factors.unsealed(kept), body.code)
    del request.session[_NEW_SECRET]
    return RecoveryCodes(recovery_codes=codes)


@routes.delete("/totp/", gate=signed_in(), answers={204: None}, fails=(404,), sessions_only=True, name="removeTotp")
def remove_totp(request: Asked) -> object:
    """Remove the authenticator."""
    sessions.require_fresh(request)
    second_factors.remove_totp(request.auth, request.origin)
    return Status(204, None)


@routes.post(
    "/recovery-codes/",
    gate=signed_in(),
    answers={201: RecoveryCodes},
    alone=True,
    sessions_only=True,
    name="makeRecoveryCodes",
)
def make_codes(request: Asked) -> object:
    """Make new recovery codes; those before are worth nothing."""
    sessions.require_fresh(request)
    return Status(201, RecoveryCodes(recovery_codes=second_factors.new_recovery_codes(request.auth, request.origin)))


@routes.post(
    "/passkeys/begin/",
    gate=signed_in(),
    answers={200: PasskeyOptions},
    alone=True,
    sessions_only=True,
    name="beginPasskey",
)
def begin_passkey(request: Asked) -> object:
    """Options to make a passkey."""
    sessions.require_fresh(request)
    return options_of(request, passkeys.begin_making(request.auth, site_of(request)))


@routes.post(
    "/passkeys/", gate=signed_in(), answers={201: PasskeyMade}, alone=True, sessions_only=True, name="makePasskey"
)
def make_passkey(request: Asked, body: NewPasskey) -> object:
    """Keep the passkey that the browser has made."""
    sessions.require_fresh(request)
    challenge = spend_challenge(request)
    made, codes = passkeys.make(request.auth, request.origin, site_of(request), challenge, body.credential, body.name)
    return Status(201, PasskeyMade(passkey=_passkey(made), recovery_codes=codes))


@routes.delete("/passkeys/{id}/", gate=own(Kind.PASSKEY), answers={204: None}, sessions_only=True, name="removePasskey")
def remove_passkey(request: Asked) -> object:
    """Remove a passkey."""
    sessions.require_fresh(request)
    second_factors.remove_passkey(request.auth, request.origin, request.entered.number)
    return Status(204, None)
