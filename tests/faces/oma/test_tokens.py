"""oma.md section 1.4: which token opens the API, for whom, and for how long."""

import pytest

from postroom.store.models import Token
from tests import cast


def token(client, **fields):
    return client.ok("generate_token", **{"user": cast.UMA, "reason": "webmail", **fields})["token"]


def with_token(as_, text, user=cast.UMA):
    client = as_(user)
    client.credentials = {"user": user, "token": text}
    return client


@pytest.mark.parametrize(
    ("wish", "opens"),
    [
        ({}, False),
        ({"type": "session"}, False),
        ({"type": "sso"}, False),
        ({"type": "oma"}, True),
        ({"type": "OMA"}, True),
        ({"type": "session", "oma": True}, True),
        ({"type": "sso", "oma": "1"}, True),
        ({"type": "oma", "oma": False}, True),
    ],
)
def test_which_tokens_open_the_api(alice, as_, wish, opens):
    client = with_token(as_, token(alice, **wish))
    assert client.call("authenticate")["success"] is opens


def test_a_token_acts_with_the_rights_of_its_user(alice, as_):
    uma = with_token(as_, token(alice, type="oma"))
    uma.ok("get_user", user=cast.UMA)
    assert uma.refused("get_user", user=cast.MAX) == 9


def test_a_token_is_good_for_its_own_user_only(alice, as_):
    assert with_token(as_, token(alice, type="oma"), user=cast.MAX).refused("authenticate") == 1


def test_an_oma_token_works_again_and_again(alice, as_):
    client = with_token(as_, token(alice, type="oma"))
    for _ in range(3):
        client.ok("authenticate")


def test_an_sso_token_works_once(alice, as_):
    client = with_token(as_, token(alice, type="sso", oma=True))
    client.ok("authenticate")
    assert client.refused("authenticate") == 1


def test_an_expired_token_is_error_1(alice, as_):
    client = with_token(as_, token(alice, type="oma"))
    Token.objects.update(expires_at=1)
    assert client.refused("authenticate") == 1


@pytest.mark.parametrize(("duration", "hours"), [(None, 24), ("24", 24), (1, 1), ("744", 744), ("", 24)])
def test_a_token_lives_so_many_hours(alice, duration, hours):
    answer = alice.ok("generate_token", user=cast.UMA, reason="x", duration=duration)
    made = Token.objects.get()
    assert answer["duration"] == hours
    assert made.expires_at - made.created_at == hours * 3_600_000


@pytest.mark.parametrize(
    "fields",
    [{"duration": 0}, {"duration": -1}, {"duration": "x"}, {"duration": 10**6}, {"reason": ""}, {"reason": None},
     {"reason": " "}, {"type": "magic"}, {"token": "short"}, {"token": "x" * 257}, {"oma": "maybe"}, {"user": ""}],
)  # fmt: skip
def test_bad_wishes_are_error_5(alice, fields):
    assert alice.refused("generate_token", **{"user": cast.UMA, "reason": "x", **fields}) == 5


def test_the_text_of_a_token_may_be_chosen(alice, as_):
    assert token(alice, type="oma", token="chosen-by-the-asker-1") == "chosen-by-the-asker-1"
    with_token(as_, "chosen-by-the-asker-1").ok("authenticate")


def test_a_chosen_text_in_use_is_taken(alice):
    token(alice, token="chosen-by-the-asker-1")
    assert alice.refused("generate_token", user=cast.MAX, reason="x", token="chosen-by-the-asker-1") == 7


def test_the_text_is_stored_nowhere(alice):
    text = token(alice)
    assert not Token.objects.filter(hash=text).exists()
    alice.ok("get_user_changes", user=cast.UMA)
    assert text.encode() not in alice.body


def test_an_alias_gets_no_token(alice):
    alice.set_user(aliases=["sales"])
    assert alice.refused("generate_token", user="sales@acme.example", reason="x") == 3


@pytest.mark.parametrize(
    "ending",
    [
        ("change_user", {"attributes": {"password": "{SSHA}Sk3DgyZ5FdcpJvmC0WnOczZYkWOKpWWz"}}),
        ("logout_user", {}),
        ("delete_user", {}),
    ],
    ids=lambda ending: ending[0],
)
def test_what_ends_a_token(alice, as_, ending):
    client = with_token(as_, token(alice, type="oma"))
    alice.ok(ending[0], user=cast.UMA, **ending[1])
    assert client.refused("authenticate") == 1


def test_other_changes_end_no_token(alice, as_):
    client = with_token(as_, token(alice, type="oma"))
    alice.set_user(name="Uma")
    client.ok("authenticate")


def test_a_renamed_user_s_token_goes_with_the_new_name(alice, as_):
    text = token(alice, type="oma")
    alice.ok("rename_user", user=cast.UMA, new_name="una")
    assert with_token(as_, text).refused("authenticate") == 1
    with_token(as_, text, "una@acme.example").ok("authenticate")


# --- authenticate -----------------------------------------------------------------------------------


def test_without_options_authenticate_only_says_yes(alice):
    assert set(alice.ok("authenticate")) == {"success", "audit"}


def test_a_session_token_is_32_hex_digits_for_three_hours(alice):
    answer = alice.ok("authenticate", generate_session_token=True)
    assert answer["session_token_duration"] == 10_800
    assert len(answer["session_token"]) == 32
    assert int(answer["session_token"], 16)


@pytest.mark.parametrize("seconds", [1, "3600", 86_400])
def test_the_session_s_length_may_be_chosen(alice, seconds):
    answer = alice.ok("authenticate", generate_session_token=True, session_token_duration=seconds)
    assert answer["session_token_duration"] == int(seconds)


@pytest.mark.parametrize("seconds", [0, -1, 86_401, "soon", [], 1.5])
def test_a_bad_length_is_error_5(alice, seconds):
    assert alice.refused("authenticate", generate_session_token=True, session_token_duration=seconds) == 5


def test_without_a_token_the_length_does_not_matter(alice):
    alice.ok("authenticate", session_token_duration=0)


def test_options_may_stand_in_the_credentials(alice):
    alice.credentials |= {"generate_session_token": True, "session_token_duration": 60}
    assert alice.ok("authenticate")["session_token_duration"] == 60


def test_the_session_s_text_may_be_chosen(alice, as_):
    alice.ok("authenticate", generate_session_token=True, token="chosen-by-the-asker-1")
    with_token(as_, "chosen-by-the-asker-1", cast.ALICE).ok("authenticate")


def test_extra_info_has_the_roles(as_):
    info = as_(cast.DORA).ok("authenticate", fetch_extra_info=True)["extra_info"]
    assert info["roles"] == {"domain": [cast.ACME]}
    assert info["type"] == "mailbox"


def test_extra_info_says_where_the_account_is(as_):
    info = as_(cast.UMA).ok("authenticate", fetch_extra_info=True)["extra_info"]
    assert (info["company"], info["domain"], info["name"], info["title"]) == ("acme", cast.ACME, "", "")


def test_a_missing_reason_is_named_as_the_documents_do(alice):
    assert list(alice.call("generate_token", user=cast.UMA)["hints"]) == ["reason"]


def test_null_leaves_room_for_a_nested_option(alice):
    nested = {"reason": "webmail", "duration": "2"}
    assert alice.ok("generate_token", user=cast.UMA, reason=None, duration=None, attributes=nested)["duration"] == 2
