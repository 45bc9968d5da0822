"""Methods that this version has not: they say so, they do not vanish."""

import pytest

from postroom.faces.oma.methods import METHODS, NOT_YET

# Section 5 of oma.md and its Appendix B, without the vendor's private ones.
DOCUMENTED = [
    "authenticate",
    "echo",
    "generate_token",
    "get_company",
    "change_company",
    "change_company_bulletin",
    "get_company_bulletin",
    "post_company_bulletin",
    "get_company_changes",
    "search_admins",
    "change_domain",
    "get_domain",
    "delete_domain",
    "restore_domain",
    "search_domains",
    "push_domain",
    "get_domain_changes",
    "change_domain_bulletin",
    "get_domain_bulletin",
    "post_domain_bulletin",
    "create_workgroup",
    "delete_workgroup",
    "search_workgroups",
    "change_user",
    "get_user",
    "delete_user",
    "restore_user",
    "rename_user",
    "search_users",
    "get_user_attribute_history",
    "get_user_changes",
    "get_user_folders",
    "get_user_messages",
    "move_user_messages",
    "get_deleted_messages",
    "restore_deleted_messages",
    "get_deleted_contacts",
    "restore_deleted_contacts",
    "reindex",
    "logout_user",
    "user_notify",
    "set_role",
    "add_role",
    "remove_role",
    "user_disable_2fa",
    "app_password",
    "reset_email_test",
    "get_sieve",
    "set_sieve",
    "stats_list",
    "stats_snapshot",
    "stats_summary",
    "migration_add",
    "migration_jobs",
    "migration_status",
    "migration_trace",
    "search_brands",
    "search_brand_members",
]


def test_every_documented_method_has_an_answer():
    assert sorted(DOCUMENTED) == sorted([*METHODS, *NOT_YET])


def test_no_documented_method_waits():
    """Whoever lists one in NOT_YET again takes this test away, on purpose."""
    assert not NOT_YET


@pytest.fixture
def waiting(monkeypatch):
    """A method that is announced and not there."""
    monkeypatch.setitem(NOT_YET, "teleport_user", "there are no wormholes")
    return "teleport_user"


def test_one_that_waits_fails_and_says_for_what(alice, waiting):
    answer = alice.call(waiting, user="uma@acme.example")
    assert alice.status == "200 OK"
    assert answer["success"] is False
    assert answer["error"].startswith("teleport_user is not there yet")
    assert "wormholes" in answer["error"]


def test_credentials_come_first(as_, waiting):
    assert as_("alice@acme.adm", "wrong").refused(waiting, user="uma@acme.example") == 1


def test_one_that_was_never_announced_is_404(alice):
    alice.call("teleport_user")
    assert alice.status == "404 Not Found"
