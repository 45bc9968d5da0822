"""Who calls: the three guards, and tokens (specs/dimail.md 2 and 4.1)."""

import base64
import time

import pytest
from joserfc import jwt
from joserfc.jwk import OctKey

from postroom.actions import dimail_accounts
from postroom.actions.dimail_accounts import OPERATORS, AccountChange
from postroom.store.models import SignInAttempt
from tests import cast
from tests.faces.dimail.client import ROOT, Dimail
from tests.faces.dimail.conftest import REGIE, SECRET, account

TOWN = "town.example"
BASIC_ROUTES = (
    ("GET", "/token/"), ("GET", "/users/"), ("POST", "/users/"), ("GET", "/users/root"), ("PATCH", "/users/root"),
    ("DELETE", "/users/root"), ("GET", "/allows/"), ("POST", "/allows/"), ("DELETE", "/allows/town.example/root"),
    ("GET", "/domains/"), ("POST", "/domains/"), ("PATCH", "/domains/town.example"),
    ("DELETE", "/domains/town.example"), ("GET", "/domains/town.example/check"), ("GET", "/domains/town.example/fix/"),
    ("GET", "/domains/town.example/spec/"),
)  # fmt: skip
# Not the ones that any account may call.
PLAIN_MAY_NOT = tuple(route for route in BASIC_ROUTES[1:] if route[1].rpartition("example/")[2] not in
                      {"check", "fix/", "spec/"})  # fmt: skip


def signed(secret: str = SECRET, algorithm: str = "HS256", **claims) -> str:
    claims = {"sub": ROOT, "exp": int(time.time()) + 60} | claims
    claims = {name: value for name, value in claims.items() if value is not None}
    return jwt.encode({"alg": algorithm}, claims, OctKey.import_key(secret), [algorithm])


def basic(text: str | bytes) -> dict[str, str]:
    return {
        "HTTP_AUTHORIZATION": f"Basic {base64.b64encode(text.encode() if isinstance(text, str) else text).decode()}"
    }


def domain(answer):
    return answer.status, answer.detail


@pytest.fixture
def town(root):
    sent = {"name": TOWN, "features": ["mailbox"], "context_name": None}
    assert root.post("/domains/", sent).status == 201


def test_a_token_is_given(root):
    answer = root.get("/token/")
    assert (answer.status, sorted(answer.json), answer.json["token_type"]) == (
        200, ["access_token", "token_type"], "bearer",
    )  # fmt: skip


def test_a_token_has_the_name_and_47_minutes(root):
    claims = jwt.decode(root.token(), OctKey.import_key(SECRET), algorithms=["HS256"]).claims
    assert claims["sub"] == ROOT
    assert claims["exp"] - time.time() == pytest.approx(47 * 60, abs=5)


@pytest.mark.parametrize("path", ["/token", "/token/"])
def test_both_slashes_are_answered(root, path):
    assert root.get(path).status == 200


@pytest.mark.parametrize(("method", "path"), BASIC_ROUTES)
def test_basic_routes_say_401_to_nobody(root, nobody, method, path):
    answer = nobody.call(method, path, {})
    assert (answer.status, answer.detail, answer.headers["WWW-Authenticate"]) == (401, "Not authenticated", "Basic")


@pytest.mark.parametrize(("method", "path"), BASIC_ROUTES)
def test_basic_routes_say_401_to_a_token(root, method, path):
    answer = root.with_token().call(method, path, {})
    assert (answer.status, answer.detail) == (401, "Not authenticated")


@pytest.mark.parametrize("header", ["Basic !!!", "Basic", *basic("nocolon").values(), *basic(b"\xff\xfe:x").values()])
def test_what_cannot_be_read_is_401(root, nobody, header):
    answer = nobody.get("/token/", HTTP_AUTHORIZATION=header)
    assert (answer.status, answer.detail, answer.headers["WWW-Authenticate"]) == (
        401, "Invalid authentication credentials", "Basic",
    )  # fmt: skip


@pytest.mark.parametrize(("name", "password"), [(ROOT, "wrong"), ("noone", cast.PASSWORD), ("no\0one", "x"), ("", "")])
def test_wrong_credentials_are_exactly_403(root, name, password):
    answer = Dimail(name, password).get("/token/")
    assert (answer.status, answer.detail) == (403, "Permission denied")


@pytest.mark.parametrize(("method", "path"), PLAIN_MAY_NOT)
def test_an_account_without_the_right_is_403(plain, method, path):
    answer = plain.call(method, path, {})
    assert (answer.status, answer.detail) == (403, "Permission denied")


def test_who_calls_is_asked_before_the_body(plain, nobody):
    assert (nobody.post("/users/", b"{").status, plain.post("/users/", b"{").status) == (401, 403)


def test_many_wrong_passwords_have_to_wait(root):
    answers = [Dimail(ROOT, "wrong").get("/token/") for _ in range(8)]
    assert answers[-1].status == 429
    assert int(answers[-1].headers["Retry-After"]) >= 1


def test_a_success_forgets_the_failures(root):
    Dimail(ROOT, "wrong").get("/token/")
    root.get("/token/")
    assert not SignInAttempt.objects.filter(key=f"account:dimail:{ROOT}").exists()


def test_a_password_that_was_right_is_not_hashed_again(root, monkeypatch):
    root.get("/token/")
    monkeypatch.setattr(dimail_accounts.signin, "checked", lambda *_: pytest.fail("hashed again"))
    assert root.get("/token/").status == 200


def test_an_old_password_is_not_remembered(root):
    root.get("/token/")
    dimail_accounts.change(OPERATORS, cast.origin(), ROOT, AccountChange(password="another one"))
    assert root.get("/token/").status == 403


# Tokens brought along.


def test_bearer_routes_say_403_to_nobody(nobody):
    assert domain(nobody.get("/domains/town.example")) == (403, "Not authenticated")


@pytest.mark.parametrize("header", ["Bearer", "Bearer "])
def test_an_empty_token_is_none(nobody, header):
    assert domain(nobody.get("/domains/town.example", HTTP_AUTHORIZATION=header)) == (403, "Not authenticated")


def test_another_scheme_is_403_on_bearer_routes(root):
    assert domain(root.get("/domains/town.example")) == (403, "Invalid authentication credentials")


def test_a_token_that_we_gave_opens(town, root):
    assert root.with_token().get("/domains/town.example").status == 200


def test_a_token_signed_elsewhere_with_the_secret_opens(town):
    assert Dimail(token=signed()).get("/domains/town.example").status == 200


NO_GOOD = {
    "another secret": lambda: signed("another-secret-of-sufficient-length-for-it"),
    "over": lambda: signed(exp=int(time.time()) - 1),
    "without an end": lambda: signed(exp=None),
    "with no number as its end": lambda: signed(exp="soon"),
    "with a number beyond all as its end": lambda: signed(exp=10**400),
    "without a name": lambda: signed(sub=None),
    "of nobody": lambda: signed(sub="noone"),
    "of an unthinkable name": lambda: signed(sub="no\0one"),
    "by another algorithm": lambda: signed(algorithm="HS512"),
    "unsigned": lambda: "eyJhbGciOiJub25lIn0.eyJzdWIiOiJyb290IiwiZXhwIjo5OTk5OTk5OTk5fQ.",
    "no token": lambda: "garbage",
    "no json": lambda: "a.b.c",
    "from before the account": lambda: signed(iat=int(time.time()) - 3600),
}


@pytest.mark.parametrize("why", NO_GOOD)
def test_a_token_that_is_no_good_is_403(town, why):
    assert domain(Dimail(token=NO_GOOD[why]()).get("/domains/town.example")) == (403, "Permission denied")


def test_a_token_dies_with_its_account(town, root, regie):
    token = regie.with_token()
    root.delete(f"/users/{REGIE}")
    assert domain(token.get("/domains/town.example")) == (403, "Permission denied")


def test_a_new_password_ends_the_tokens(town, root, settings):
    old = signed(iat=int(time.time()) - 2)
    dimail_accounts.change(OPERATORS, cast.origin(), ROOT, AccountChange(password="another one"))
    assert Dimail(token=old).get("/domains/town.example").status == 403


def test_without_a_secret_nothing_is_signed(root, settings):
    settings.DIMAIL_JWT_SECRET = ""
    assert [root.get("/token/").status, Dimail(token=signed()).get("/domains/x.example").status] == [503, 503]


def test_without_a_secret_it_is_said_what_to_set(root, settings):
    settings.DIMAIL_JWT_SECRET = ""
    assert "DIMAIL_JWT_SECRET" in root.get("/token/").detail


# A token for somebody else.


def subject(answer) -> str:
    return jwt.decode(answer.json["access_token"], OctKey.import_key(SECRET), algorithms=["HS256"]).claims["sub"]


def test_an_administrator_gets_a_token_for_anybody(root, plain):
    assert subject(root.get("/token/?username=plain")) == "plain"


def test_everybody_gets_their_own(plain):
    assert subject(plain.get("/token/?username=plain")) == "plain"


def test_who_manages_users_gets_one_for_those_it_has_made(regie):
    regie.post("/users/", {"name": "sub", "password": "x", "is_admin": False})
    assert subject(regie.get("/token/?username=sub")) == "sub"


@pytest.mark.parametrize("name", ["root", "noone", "no%00one"])
def test_nobody_gets_one_for_others(regie, name):
    assert regie.get(f"/token/?username={name}").status == 403


def test_nobody_gets_one_for_an_account_of_theirs_that_may_more(root, regie):
    regie.post("/users/", {"name": "sub", "password": "x", "is_admin": False})
    root.patch("/users/sub", {"is_admin": True})
    assert regie.get("/token/?username=sub").status == 403


def test_without_the_perm_there_is_none_for_others(root):
    maker = account("maker", "create_users")
    maker.post("/users/", {"name": "sub", "password": "x", "is_admin": False})
    assert maker.get("/token/?username=sub").status == 403


# While there is no account.

NEW_ROOT = {"name": "first", "password": "x", "is_admin": True}


@pytest.fixture
def fake(settings, platform):
    settings.DIMAIL_FAKE = True


@pytest.mark.parametrize("credentials", [("", ""), ("anybody", "anything")])
def test_in_fake_mode_the_first_is_let_in(fake, credentials):
    assert Dimail(*credentials).post("/users/", NEW_ROOT).status == 201


def test_in_fake_mode_the_first_may_do_everything(fake):
    first = Dimail("", "")
    made = first.post("/domains/", {"name": TOWN, "features": ["mailbox"], "context_name": None})
    assert (made.status, first.get(f"/domains/{TOWN}/check").status, first.get("/users/").json) == (201, 200, [])


def test_it_ends_with_the_first_account(fake):
    Dimail("", "").post("/users/", NEW_ROOT)
    assert domain(Dimail("", "").post("/users/", {**NEW_ROOT, "name": "second"})) == (403, "Permission denied")


def test_that_it_happens_is_logged(fake, caplog):
    Dimail("", "").get("/users/")
    assert "no dimail account yet" in caplog.text


def test_the_firsts_token_opens_nothing(fake):
    token = Dimail("", "").with_token()
    assert domain(token.get(f"/domains/{TOWN}")) == (403, "Permission denied")


def test_in_fake_mode_nobody_has_to_wait(fake):
    Dimail("", "").post("/users/", NEW_ROOT)
    assert {Dimail("first", "wrong").get("/token/").status for _ in range(9)} == {403}


def test_for_real_nobody_is_let_in(platform):
    assert domain(Dimail("", "").post("/users/", NEW_ROOT)) == (403, "Permission denied")


def test_where_the_operator_opened_the_door_the_first_account_can_be_made(platform, settings):
    settings.DIMAIL_BOOTSTRAP = True
    assert Dimail("", "").post("/users/", NEW_ROOT).status == 201


def test_that_door_is_for_the_first_account_only(platform, settings):
    settings.DIMAIL_BOOTSTRAP = True
    assert (Dimail("", "").get("/users/").status, Dimail("", "").get("/domains/").status) == (403, 403)
