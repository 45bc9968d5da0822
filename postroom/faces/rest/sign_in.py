"""Signing in and out (people.md section 8): passwords, second steps, passkeys, the identity provider, invitations."""

from typing import Any, Literal
from urllib.parse import urlencode

from django.http import HttpResponseRedirect
from ninja import Query, Schema
from pydantic import BaseModel, Field

from postroom.actions import passkeys, person_signin, persons, provider_signin
from postroom.actions.passkeys import Ceremony
from postroom.actions.person_signin import Passed
from postroom.core.errors import OutOfReach, ProviderAway, SignInRefused
from postroom.faces import ceremonies, provider, sessions
from postroom.faces.asked import base_of
from postroom.faces.ceremonies import site_of, spend_challenge
from postroom.faces.rest.asked import Asked
from postroom.faces.rest.gate import anybody, signed_in
from postroom.faces.rest.routes import Routes
from postroom.faces.rest.texts import EmailText, Json

routes = Routes("sign-in")
Factor = Literal["totp", "passkey", "recovery_code"]


class PasswordBody(BaseModel):
    email: EmailText
    password: str = Field(max_length=1024)


class CodeBody(BaseModel):
    code: str = Field(
        max_length=64, description="What the authenticator shows, or a recovery code.", examples=["123456"]
    )


class CredentialBody(BaseModel):
    credential: dict[str, Json] = Field(description="What navigator.credentials.get() gave, as JSON.")


class SignUpBody(BaseModel):
    token: str = Field(min_length=1, max_length=200, description="From the invitation's link.")
    name: str = Field(max_length=200, examples=["Vera Okafor"])
    password: str = Field(max_length=1024)


class PasswordChange(BaseModel):
    old_password: str = Field(max_length=1024)
    new_password: str = Field(max_length=1024)


class Progress(BaseModel):
    status: Literal["signed_in", "second_factor_required"]
    second_factors: list[Factor] = Field(description="One of these opens: sign-in/totp/ takes both kinds of codes.")
    joined: list[str] = Field(description="Domains to which invitations have led just now.")


class PasskeyOptions(BaseModel):
    options: dict[str, Json] = Field(description="For navigator.credentials, as JSON.")


class SignedOut(BaseModel):
    end_session_url: str | None = Field(description="Where to sign out with the identity provider too.")


def _progress(request: Asked, passed: Passed, methods: tuple[str, ...]) -> Progress:
    joined = sessions.move_on(request, passed, methods)
    factors: list[Any] = list(passed.still)
    status: Literal["signed_in", "second_factor_required"] = (
        "signed_in" if joined is not None else "second_factor_required"
    )
    return Progress(status=status, second_factors=factors, joined=joined or [])


@routes.post("/sign-in/", gate=anybody(), answers={200: Progress}, fails=(401, 403), alone=True, name="signIn")
def sign_in(request: Asked, body: PasswordBody) -> object:
    """Sign in with an address and a password.

    A person's own, or a mailbox's. Where there is a second factor the session opens nothing before that is shown.
    """
    sessions.refuse_other_sites(request)
    return _progress(request, person_signin.by_password(request.origin, body.email, body.password), ("pwd",))


@routes.post("/sign-in/totp/", gate=anybody(), answers={200: Progress}, fails=(401, 403), alone=True, name="signInCode")
def second_step(request: Asked, body: CodeBody) -> object:
    """The second step: a code of the authenticator, or a recovery code."""
    sessions.refuse_other_sites(request)
    passed, _ = sessions.second_step(request)
    method = person_signin.by_code(request.origin, passed, body.code)
    return _signed_in(sessions.past_second_step(request, method))


def _signed_in(joined: list[str]) -> Progress:
    return Progress(status="signed_in", second_factors=[], joined=joined)


def options_of(request: Asked, ceremony: Ceremony) -> PasskeyOptions:
    ceremonies.keep_challenge(request, ceremony)
    return PasskeyOptions(options=ceremony.options)


@routes.post(
    "/sign-in/passkey/begin/", gate=anybody(), answers={200: PasskeyOptions}, fails=(403,), name="beginSignInPasskey"
)
def begin_passkey(request: Asked) -> object:
    """Options to show a passkey: as the second step, or alone where there was no first one."""
    sessions.refuse_other_sites(request)
    found = sessions.waiting(request)
    person_id = found[0].person_id if found else None
    return options_of(request, passkeys.begin_showing(site_of(request), person_id))


@routes.post(
    "/sign-in/passkey/", gate=anybody(), answers={200: Progress}, fails=(401, 403), alone=True, name="signInPasskey"
)
def passkey(request: Asked, body: CredentialBody) -> object:
    """Show a passkey: as the second step, or alone. Alone it must have checked who is there, by finger or PIN."""
    sessions.refuse_other_sites(request)
    found = sessions.waiting(request)
    person_id = found[0].person_id if found else None
    challenge = spend_challenge(request)
    passed = passkeys.show(request.origin, site_of(request), challenge, body.credential, person_id)
    if found:
        return _signed_in(sessions.past_second_step(request, "passkey"))
    return _progress(request, passed, ("passkey",))


@routes.post("/sign-up/", gate=anybody(), answers={200: Progress}, fails=(403, 404), alone=True, name="signUp")
def sign_up(request: Asked, body: SignUpBody) -> object:
    """Become a person here with an invitation's link, and sign in."""
    sessions.refuse_other_sites(request)
    return _progress(
        request, person_signin.sign_up(request.origin, body.token, body.name, body.password), ("invitation",)
    )


@routes.post("/sign-out/", gate=signed_in(), answers={200: SignedOut}, alone=True, sessions_only=True, name="signOut")
def sign_out(request: Asked) -> object:
    """End this session."""
    return SignedOut(end_session_url=_leave(request) or None)


@routes.post(
    "/sign-out-everywhere/", gate=signed_in(), answers={204: None}, sessions_only=True, name="signOutEverywhere"
)
def sign_out_everywhere(request: Asked) -> object:
    """End all your sessions, this one too. API keys stay."""
    persons.end_sessions(request.auth, request.origin)
    sessions.end(request)
    return None


@routes.post(
    "/users/me/password/", gate=signed_in(), answers={204: None}, alone=True, sessions_only=True, name="changePassword"
)
def change_password(request: Asked, body: PasswordChange) -> object:
    """Change your own password. Every other session of yours ends."""
    persons.change_password(request.auth, request.origin, body.old_password, body.new_password)
    found = sessions.opened(request)
    if found is not None:
        passed = Passed(person_id=found.person_id, method="pwd", proof=found.proof)
        sessions.begin(request, passed, found.methods)
    return None


class Return(Schema):
    returnTo: str = Field("/", max_length=2000, description="The page here to come back to.")  # noqa: N815 -- People's


class CallbackQuery(Schema):
    state: str = Field("", max_length=200)
    code: str = Field("", max_length=4000)
    iss: str = Field("", max_length=2000)
    error: str = Field("", max_length=200)


@routes.get(
    "/authenticate/", gate=anybody(), answers={302: None}, fails=(401, 404, 503), alone=True, name="authenticate"
)
def authenticate(request: Asked, query: Query[Return]) -> object:
    """Leads a browser to the identity provider."""
    return HttpResponseRedirect(provider.begin(request, query.returnTo, by_page=False))


@routes.get("/callback/", gate=anybody(), answers={302: None}, fails=(401, 404, 503), alone=True, name="callback")
def callback(request: Asked, query: Query[CallbackQuery]) -> object:
    """Where the identity provider leads the browser back to."""
    way = provider.returned(request, query.state)
    try:
        passed, id_token = provider.arrive(request, way, "" if query.error else query.code, query.iss)
        done = sessions.move_on(request, passed, ("oidc",), id_token) is not None
    except (SignInRefused, ProviderAway) as refusal:
        if not way.by_page:
            raise
        return HttpResponseRedirect(f"/sign-in/provider/failed/?{urlencode({'why': type(refusal).__name__})}")
    return HttpResponseRedirect(way.page if done else f"/sign-in/code/?{urlencode({'next': way.page})}")


def _leave(request: Asked) -> str:
    """The identity provider's page for signing out; empty where it did not open this session."""
    id_token = sessions.end(request)
    if not id_token:
        return ""
    return provider_signin.end_url(id_token, f"{base_of(request)}/api/v1.0/logout-callback/")


@routes.post("/logout/", gate=signed_in(), answers={302: None}, alone=True, sessions_only=True, name="logout")
def logout(request: Asked) -> object:
    """Ends the session and leads the browser to the identity provider's page for signing out."""
    return HttpResponseRedirect(_leave(request) or "/")


@routes.get("/logout/", gate=anybody(), answers={302: None}, fails=(403,), alone=True, name="logoutPage")
def logout_page(request: Asked) -> object:
    """Ends the session of a browser that is led here, as People's pages do it.

    Another site may not lead it here.
    """
    if request.headers.get("Sec-Fetch-Site") == "cross-site":
        raise OutOfReach("this must be asked for by our own pages")
    return HttpResponseRedirect(_leave(request) or "/")


@routes.get("/logout-callback/", gate=anybody(), answers={302: None}, name="logoutCallback")
def logged_out(request: Asked) -> object:
    """Where the identity provider leads the browser back to after signing out."""
    return HttpResponseRedirect("/")
