"""An identity provider that lies, dawdles or changes its keys. (The honest one: tests/processes.)"""

import json
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs

import pytest
from joserfc import jwt
from joserfc.jwk import OctKey, RSAKey

from postroom.core.identity import Attempt, ProviderSettings, may_ask
from postroom.drivers.contract import PermanentFailure, TemporaryFailure
from postroom.drivers.oidc import documents, fetching
from postroom.drivers.oidc.provider import IdentityProvider

CLIENT = "postroom"
ATTEMPT = Attempt(redirect_uri="http://here/callback/", nonce="n" * 24, verifier="v" * 48)


KEY, OTHER_KEY = (RSAKey.generate_key(2048, {"kid": kid, "use": "sig"}) for kid in ("k1", "k2"))


class Liar:
    """Answers as its fields say."""

    def __init__(self):
        self.key = KEY
        self.published = [self.key]
        self.claims = {}
        self.header = {"alg": "RS256", "kid": "k1"}
        self.signing = self.key
        self.metadata = {}
        self.userinfo = {}
        self.pages = {}
        self.asked = []
        self.posted = {}
        handler = type("Handler", (_Handler,), {"liar": self})
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
        self.issuer = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, args=(0.01,), daemon=True).start()

    def told(self, path):
        if path in self.pages:
            return self.pages[path]
        if path == "/.well-known/openid-configuration":
            names = {"authorization": "/authorize", "token": "/token", "userinfo": "/userinfo"}
            endpoints = {f"{name}_endpoint": self.issuer + at for name, at in names.items()}
            known = {"issuer": self.issuer, "jwks_uri": f"{self.issuer}/keys", **endpoints, **self.metadata}
            return 200, json.dumps(known)
        if path == "/keys":
            return 200, json.dumps({"keys": [key.as_dict(private=False) for key in self.published]})
        if path == "/token":
            return 200, json.dumps({"access_token": "a", "token_type": "Bearer", "id_token": self.token()})
        return 200, json.dumps(self.userinfo)

    def token(self):
        now = int(time.time())
        claims = {"iss": self.issuer, "sub": "s-1", "aud": CLIENT, "iat": now, "exp": now + 60, "nonce": ATTEMPT.nonce,
                  "email": "a@people.test", "email_verified": True, **self.claims}  # fmt: skip
        claims = {name: value for name, value in claims.items() if value is not None}
        return jwt.encode(self.header, claims, self.signing, algorithms=[self.header["alg"]])


class _Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        self.answer()

    def do_POST(self):
        self.liar.posted = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
        self.liar.authorization = self.headers.get("Authorization")
        self.answer()

    def answer(self):
        self.liar.asked.append(self.path)
        told = self.liar.told(self.path)
        if callable(told):
            told(self)
            return
        status, body = told
        self.send_response(status)
        if status == 302:
            self.send_header("Location", body)
        self.end_headers()
        self.wfile.write(body.encode())

    def log_message(self, *_):
        pass


@pytest.fixture
def liar():
    made = Liar()
    yield made
    made.server.shutdown()
    made.server.server_close()


def provider(liar, **settings):
    known = {"issuer": liar.issuer, "client_id": CLIENT, "client_secret": "s&ö ", "scopes": ("openid",), **settings}
    return IdentityProvider(ProviderSettings(**known))


def identity(liar, **settings):
    return provider(liar, **settings).identity(ATTEMPT, "code", "")


def test_an_honest_answer_is_believed(liar):
    found = identity(liar)
    assert (found.sub, found.email) == ("s-1", "a@people.test")


@pytest.mark.parametrize(
    "claims",
    [
        {"iss": "https://evil.example"},
        {"iss": None},
        {"aud": "another-client"},
        {"aud": ["another-client", "third"]},
        {"aud": [CLIENT, "another-client"]},
        {"aud": [CLIENT, "another-client"], "azp": "another-client"},
        {"aud": None},
        {"sub": None},
        {"sub": ""},
        {"exp": 1},
        {"exp": None},
        {"iat": None},
        {"nonce": "another"},
        {"nonce": None},
        {"nbf": 32_503_680_000},  # the year 3000
        {"at_hash": "of another token"},
    ],
    ids=str,
)
def test_a_token_that_is_not_for_us_now_is_refused(liar, claims):
    liar.claims = claims
    with pytest.raises(PermanentFailure):
        identity(liar)


def test_a_token_signed_by_somebody_else_is_refused(liar):
    liar.signing = OTHER_KEY
    with pytest.raises(PermanentFailure):
        identity(liar)


def test_a_token_signed_with_our_own_secret_is_refused(liar):
    """The classic: an algorithm under which the public key, or what the client knows, is what signs."""
    liar.header = {"alg": "HS256", "kid": "k1"}
    liar.signing = OctKey.import_key(b"s&\xc3\xb6 " * 16)
    with pytest.raises(PermanentFailure):
        identity(liar)


@pytest.mark.parametrize("token", ["", "x", "e30.e30.", "eyJhbGciOiJub25lIn0.eyJzdWIiOiJzLTEifQ."])
def test_a_token_without_a_signature_is_refused(liar, token):
    liar.token = lambda: token
    with pytest.raises(PermanentFailure):
        identity(liar)


def test_a_new_key_is_asked_for(liar, monkeypatch):
    monkeypatch.setattr(documents, "_AGAIN_AFTER", 0.0)
    known = provider(liar)
    known.identity(ATTEMPT, "code", "")
    liar.key = liar.signing = OTHER_KEY
    liar.published, liar.header = [liar.key], {"alg": "RS256", "kid": "k2"}
    assert known.identity(ATTEMPT, "code", "").sub == "s-1"


def test_forged_tokens_do_not_make_us_ask_all_the_time(liar):
    known = provider(liar)
    known.identity(ATTEMPT, "code", "")
    liar.signing = OTHER_KEY
    liar.header = {"alg": "RS256", "kid": "k9"}
    for _ in range(3):
        with pytest.raises(PermanentFailure):
            known.identity(ATTEMPT, "code", "")
    assert liar.asked.count("/keys") == 1


def test_what_it_says_of_itself_is_kept(liar):
    known = provider(liar)
    for _ in range(3):
        known.identity(ATTEMPT, "code", "")
    assert liar.asked.count("/.well-known/openid-configuration") == 1


def test_a_key_that_we_do_not_know_how_to_use_does_no_harm(liar):
    keys = [{"kty": "FUTURE", "kid": "x"}, {**liar.key.as_dict(private=False)}]
    liar.pages["/keys"] = 200, json.dumps({"keys": keys})
    assert identity(liar).sub == "s-1"


@pytest.mark.parametrize("body", ["", "[]", "{", '{"keys": 5}', '{"keys": [{"kty": "RSA"}]}'])
def test_keys_that_are_none_are_refused(liar, body):
    liar.pages["/keys"] = 200, body
    with pytest.raises(PermanentFailure):
        identity(liar)


def test_another_providers_description_is_refused(liar):
    liar.metadata = {"issuer": "https://evil.example"}
    with pytest.raises(PermanentFailure):
        identity(liar)


def test_a_slash_at_the_issuers_end_is_the_providers_to_have(liar):
    liar.metadata = {"issuer": f"{liar.issuer}/"}
    liar.claims = {"iss": f"{liar.issuer}/"}
    assert identity(liar).sub == "s-1"


@pytest.mark.parametrize("endpoint", ["token_endpoint", "jwks_uri", "userinfo_endpoint"])
@pytest.mark.parametrize("url", ["http://idp.example/x", "file:///etc/passwd", "http://169.254.169.254/x"])
def test_it_does_not_send_us_where_we_must_not_go(liar, endpoint, url):
    liar.metadata, liar.claims = {endpoint: url}, {"email": None}
    with pytest.raises(PermanentFailure):
        identity(liar)


@pytest.mark.parametrize("path", ["/.well-known/openid-configuration", "/keys", "/token"])
def test_redirects_are_not_followed(liar, path):
    liar.pages[path] = 302, f"{liar.issuer}/elsewhere"
    with pytest.raises(PermanentFailure):
        identity(liar)
    assert "/elsewhere" not in liar.asked


@pytest.mark.parametrize("status", [429, 500, 503])
def test_a_fault_of_theirs_passes(liar, status):
    liar.pages["/token"] = status, ""
    with pytest.raises(TemporaryFailure):
        identity(liar)


def test_a_refused_code_is_told_by_its_name_and_nothing_else(liar):
    liar.pages["/token"] = 400, '{"error": "invalid_grant", "error_description": "secret text"}'
    with pytest.raises(PermanentFailure, match="invalid_grant") as error:
        identity(liar)
    assert "secret text" not in str(error.value)


@pytest.mark.parametrize("part", ["head", "body"])
def test_an_answer_without_end_is_cut_off(liar, monkeypatch, part):
    monkeypatch.setattr(fetching, "SECONDS", 0.2)
    heard_out = threading.Event()

    def drip(handler):
        handler.send_response(200)
        if part == "body":
            handler.end_headers()
        handler.flush_headers()
        for _ in range(60):
            handler.wfile.write(b" " if part == "body" else b"X: y\r\n")
            time.sleep(0.05)
        heard_out.set()

    liar.pages["/token"] = drip
    with pytest.raises(TemporaryFailure, match="takes too long"):
        identity(liar)
    assert not heard_out.is_set()


def test_an_answer_that_is_far_too_large_is_refused(liar):
    liar.pages["/token"] = 200, "x" * (fetching.LARGEST + 1)
    with pytest.raises(PermanentFailure, match="too much"):
        identity(liar)


def test_an_address_that_the_token_lacks_is_asked_for(liar):
    liar.claims = {"email": None, "email_verified": None}
    liar.userinfo = {"sub": "s-1", "email": "b@people.test", "email_verified": True}
    assert identity(liar).email == "b@people.test"


def test_what_it_says_of_somebody_else_is_refused(liar):
    liar.claims = {"email": None}
    liar.userinfo = {"sub": "s-2", "email": "b@people.test", "email_verified": True}
    with pytest.raises(PermanentFailure):
        identity(liar)


@pytest.mark.parametrize("signed_for", [CLIENT, "another-client"])
def test_userinfo_may_be_signed(liar, signed_for):
    """As ProConnect does."""
    liar.claims = {"email": None, "email_verified": None}
    told = {"iss": liar.issuer, "aud": signed_for, "sub": "s-1", "email": "b@people.test", "email_verified": True}

    def answer(handler):
        handler.send_response(200)
        handler.send_header("Content-Type", "application/jwt; charset=utf-8")
        handler.end_headers()
        handler.wfile.write(jwt.encode({"alg": "RS256", "kid": "k1"}, told, liar.key).encode())

    liar.pages["/userinfo"] = answer
    if signed_for == CLIENT:
        assert identity(liar).email == "b@people.test"
    else:
        with pytest.raises(PermanentFailure):
            identity(liar)


@pytest.mark.parametrize(
    ("claims", "trusts", "email"),
    [
        ({"email_verified": True}, False, "a@people.test"),
        ({"email_verified": "true"}, False, "a@people.test"),
        ({"email_verified": False}, True, ""),
        ({"email_verified": "false"}, True, ""),
        ({"email_verified": None}, False, ""),
        ({"email_verified": None}, True, "a@people.test"),
        ({"email": ["a@people.test"]}, False, ""),
        ({"email": "x" * 300}, False, ""),
    ],
    ids=str,
)
def test_only_verified_addresses_count(liar, claims, trusts, email):
    liar.claims = claims
    assert identity(liar, trusts_emails=trusts).email == email


def test_the_client_proves_itself_in_the_header(liar):
    identity(liar)
    assert liar.authorization.startswith("Basic ") and "client_secret" not in liar.posted


def test_or_in_the_form_where_the_provider_wants_that(liar):
    liar.metadata = {"token_endpoint_auth_methods_supported": ["client_secret_post"]}
    identity(liar)
    assert (liar.authorization, liar.posted["client_secret"]) == (None, ["s&ö "])


def test_a_client_without_a_secret_says_only_who_it_is(liar):
    identity(liar, client_secret="")
    assert (liar.authorization, liar.posted["client_id"]) == (None, [CLIENT])


def test_the_secret_is_in_no_repr(liar):
    assert "s&ö" not in repr(provider(liar).settings)


@pytest.mark.parametrize(
    ("url", "good"),
    [
        ("https://idp.example", True),
        ("http://127.0.0.1:8080/o", True),
        ("http://localhost/o", True),
        ("http://[::1]/o", True),
        ("http://idp.example", False),
        ("http://10.0.0.1", False),
        ("http://localhost.evil.example", False),
        ("http://127.0.0.1@evil.example", False),
        ("https://user:pass@idp.example", False),
        ("https://", False),
        ("https://[", False),
        ("ftp://127.0.0.1", False),
        ("", False),
    ],
)
def test_where_a_provider_may_be_asked(url, good):
    assert may_ask(url) is good
