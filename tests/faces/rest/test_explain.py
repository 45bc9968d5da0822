"""Explanations by REST: shapes, languages, refusals. What they say: tests/actions/test_explain.py."""

import pytest

from tests import cast

WAY = f"/explain/?address={cast.UMA}"
WHY = f"/explain/setting/?of={cast.UMA}&setting=spamlevel"


def test_where_mail_goes(olga):
    found = olga.ok("GET", WAY)
    assert (found["address"], found["mailboxes"], found["outside"], found["more"]) == (cast.UMA, [cast.UMA], [], 0)
    assert found["verdict"] == f"Mail to {cast.UMA} arrives in: {cast.UMA}."
    (stop,) = found["stops"]
    assert (stop["via"], stop["end"], stop["answer"], stop["leads_to"]) == ("asked", "delivered", "", [])
    assert stop["steps"][1] == {
        "code": "mailbox", "tone": "good", "values": {"address": cast.UMA, "mailbox": cast.UMA},
        "text": f"{cast.UMA} is a mailbox.", "setting": "", "of": "",
    }  # fmt: skip


def test_what_it_leads_to(olga):
    olga.ok("POST", "aliases/", {"local_part": "info", "destination": "joe@there.example"})
    found = olga.ok("GET", "/explain/?address=info@acme.example")
    assert found["stops"][0]["leads_to"] == [{"address": "joe@there.example", "via": "alias"}]
    assert found["outside"] == ["joe@there.example"]


def test_in_french(olga):
    found = olga.ok("GET", WAY, Accept_Language="fr")
    assert found["verdict"] == f"Le courriel pour {cast.UMA} arrive dans\u00a0: {cast.UMA}."
    assert found["stops"][0]["steps"][1]["text"] == f"{cast.UMA} est une boîte aux lettres."


def test_why_a_setting_has_its_value(olga):
    olga.ok("PATCH", "settings/", {"spamlevel": "High"})
    found = olga.ok("GET", WHY)
    assert (found["value"], found["origin"], found["default"]) == ("High", "domain", "Normal")
    assert [(p["level"], p["value"]) for p in found["places"]] == [
        ("mailbox", None),
        ("domain", "High"),
        ("company", None),
    ]
    assert (found["changed"]["actor"], found["changed"]["face"]) == (cast.OLGA, "rest")
    assert found["notes"][0]["code"] == "live"


@pytest.mark.parametrize("path", [WAY, WHY])
def test_strangers_see_no_domain(nora, path):
    answer = nora.get(path)
    assert (answer.status_code, answer.json()) == (404, {"detail": "No MailDomain matches the given query."})


@pytest.mark.parametrize("path", [WAY, WHY])
def test_nobody_is_asked_to_sign_in(anybody, path):
    assert anybody.get(path).status_code == 401


@pytest.mark.parametrize(
    ("path", "field"),
    [
        ("/explain/", "address"),
        ("/explain/?address=uma", "address"),
        ("/explain/?address=%00@acme.example", "address"),
        (f"/explain/setting/?of={cast.UMA}", "setting"),
        (f"/explain/setting/?of={cast.UMA}&setting=colour", "setting"),
    ],
)
def test_what_is_wrong_is_told_at_its_field(olga, path, field):
    answer = olga.get(path)
    assert (answer.status_code, list(answer.json())) == (400, [field])


@pytest.mark.parametrize("of", ["%00", "%00@acme.example", "%ED%A0%80@acme.example", "@", "acme.example@", "x" * 3000])
def test_what_is_no_name_is_not_found(olga, of):
    assert olga.get(f"/explain/setting/?of={of}&setting=spamlevel").status_code == 404


def test_holders_ask_about_themselves(holder):
    assert holder.ok("GET", WAY)["mailboxes"] == [cast.UMA]
    assert holder.get("/explain/?address=max@acme.example").status_code == 404
