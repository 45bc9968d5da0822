"""The smoke test order of oma.md section 8, as one client would walk it."""

from tests import cast

JOE = "joe@new.example"


def test_a_reseller_sets_up_a_customer(alice, as_):
    assert alice.ok("echo", param="value")["param"] == "value"
    token = alice.ok("authenticate", generate_session_token=True)["session_token"]
    alice.credentials = {"user": cast.ALICE, "token": token}
    alice.ok("authenticate")
    assert alice.ok("get_company", company="acme")["attributes"]["account"] == "acme"

    assert alice.refused("get_domain", domain="new.example") == 2
    alice.ok("change_domain", domain="new.example", attributes={}, create_only=True)
    assert alice.refused("change_domain", domain="new.example", attributes={}, create_only=True) == 23
    assert alice.domain("new.example")["disabled"] is False

    alice.ok("create_workgroup", domain="new.example", workgroup="sales")
    groups = alice.ok("search_workgroups", criteria={"domain": "new.example"})["workgroups"]
    assert [g["workgroup"] for g in groups] == ["sales", "staff"]
    alice.ok("delete_workgroup", domain="new.example", workgroup="sales")

    for local in ("joe", "ann", "bob"):
        alice.new_user(f"{local}@new.example", name=local.title())
    assert alice.user(JOE)["name"] == "Joe"
    page = alice.ok("search_users", criteria={"domain": "new.example"}, range={"first": 1, "limit": 1})
    assert (page["count"], page["total_count"], page["users"][0]["user"]) == (1, 3, "bob@new.example")

    alice.ok("set_role", user=JOE, role="domain", object="new.example")
    admins = alice.ok("search_admins", criteria={"match": "*@new.example"})["admins"]
    assert admins == [{"user": JOE, "type": "domain", "control": ["new.example"]}]
    sso = alice.ok("generate_token", user=JOE, reason="webmail", type="sso", oma=True)["token"]
    joe = as_(JOE)
    joe.credentials = {"user": JOE, "token": sso}
    joe.ok("get_domain", domain="new.example")

    alice.ok("rename_user", user=JOE, new_name="joseph@new.example")
    assert alice.refused("get_user", user=JOE) == 2
    alice.ok("delete_user", user="joseph@new.example")
    gone = alice.ok("search_users", criteria={"domain": "new.example", "deleted": True})["users"]
    alice.ok("restore_user", user="joseph@new.example", id=gone[0]["id"], new_name=JOE)

    assert alice.refused("delete_domain", domain="new.example") == 10
    for address in alice.users("new.example"):
        alice.ok("delete_user", user=address)
    alice.ok("delete_domain", domain="new.example")
    [line] = alice.ok("search_domains", criteria={"deleted": True})["domains"]
    alice.ok("restore_domain", domain="new.example", id=line["id"], new_name="new.example")
    assert alice.domain("new.example")["account"] == "new.example"
