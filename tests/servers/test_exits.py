"""Ways out that only our own scripts know: forward recipients, and servers of filter accounts."""

import pytest

from postroom.store.models import projection
from tests.servers import rows
from tests.servers.clients import Sink, await_mail, deliver, free_port, message

REDIRECT = 'redirect "{}@exit.postroom.internal";'


@pytest.fixture
def uma(live, unique):
    rows.domain(unique)
    login = f"uma@{unique}"
    number = rows.mailbox(login, own_script=True)
    return login, number


def exit_to(number, script, **columns):
    letter = "f" if "goto" in columns else "x"
    values = {"goto": "", "nexthop": "", "original": ""} | columns
    address = f"{letter}{number}@exit.postroom.internal"
    projection.MailExit.objects.create(address=address, mailbox_id=number, **values)
    rows.script(f"m{number}", "own", script.format(f"{letter}{number}"))


def test_a_message_fans_out_to_forward_recipients(live, uma, redis, unique, outside):
    login, number = uma
    rows.mailbox(f"max@{unique}")
    exit_to(number, REDIRECT, goto=f"max@{unique},one@elsewhere.example,two@elsewhere.example")
    deliver(live, login, sender=f"news@{unique}.example")
    assert await_mail(live, f"max@{unique}", rows.PASSWORD)
    [(_, recipients, _)] = outside.await_mail(sender=f"news@{unique}.example")
    assert set(recipients) == {"one@elsewhere.example", "two@elsewhere.example"}


def test_a_copy_may_stay(live, uma, redis, unique, outside):
    login, number = uma
    exit_to(number, 'require "copy"; redirect :copy "{}@exit.postroom.internal";', goto="one@elsewhere.example")
    deliver(live, login, sender=f"news@{unique}.example")
    assert await_mail(live, login, rows.PASSWORD)
    assert outside.await_mail(sender=f"news@{unique}.example")


def test_a_filter_account_s_server_sees_the_recipient(live, uma, redis):
    login, number = uma
    with Sink(free_port()) as server:
        exit_to(number, REDIRECT, nexthop=f"filterout:[127.0.0.1]:{server.server_address[1]}", original=login)
        deliver(live, login, message(to=login))
        [(sender, recipients, mail)] = server.await_mail()
    assert (sender, recipients, mail["To"]) == ("remote@elsewhere.example", [login], login)
