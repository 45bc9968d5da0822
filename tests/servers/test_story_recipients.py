"""Which addresses take mail, for whom, and what they say when they do not."""

import imaplib
import subprocess
import time
from pathlib import Path

import pytest

from postroom.store.models import Domain
from tests.proofs import proves
from tests.servers.clients import imap
from tests.servers.hosting import PASSWORD, Hosting, soon
from tests.servers.letters import answer, code, kept, send

FORMS = ("uma@{}", "sales@{}", "uma+news@{}", "sales+x@{}")
IN_ALIAS_DOMAIN = ("uma@alias.{}", "sales@alias.{}", "uma+x@alias.{}", "office@alias.{}", "office+x@alias.{}")


@pytest.fixture
def uma(host):
    """Her mailbox with an alias, one in an alias domain, and an alias domain."""
    host.change_domain(aliases=[f"alias.{host.domain}"])
    return host.mailbox("uma", aliases=["sales", f"office@alias.{host.domain}"])


@proves("aliases")
@pytest.mark.parametrize("form", [*FORMS, *IN_ALIAS_DOMAIN])
def test_01_every_name_of_a_mailbox_leads_to_it(host, uma, form):
    send(host, form.format(host.domain))
    assert kept(host, uma) == ["Hello"]


@proves("aliases")
def test_02_an_alias_in_an_alias_domain_is_one_there_only(host, uma):
    assert answer(host, "office")[1].startswith("5.1.1")


@proves("aliases")
def test_03_an_alias_of_its_own_comes_before_the_main_domain_s_mailbox(host, uma):
    wes = host.mailbox("wes", aliases=[f"max@alias.{host.domain}"])
    host.mailbox("max")
    send(host, f"max@alias.{host.domain}")
    assert kept(host, wes) == ["Hello"]


@proves("aliases")
def test_04_an_alias_that_was_taken_away_is_nobody_at_once(host, uma):
    host.change(uma, aliases=[])
    assert [code(host, name) for name in ("sales", "sales+x", f"office@alias.{host.domain}")] == [550] * 3


@proves("aliases")
def test_05_an_alias_domain_takes_mail_at_once_and_no_more_when_it_is_gone(host):
    host.mailbox("uma")
    answers = []
    for aliases in ([], [f"more.{host.domain}"], []):
        host.change_domain(aliases=aliases)
        answers.append(code(host, f"uma@more.{host.domain}"))
    assert answers == [554, 250, 554]


@pytest.mark.parametrize("name", ["-uma", "_uma"])
def test_17_a_name_may_begin_with_a_mark(host, name):
    host.mailbox(name)
    send(host, name)
    assert kept(host, name) == ["Hello"]


@proves("catchall")
@pytest.mark.parametrize("form", ["zoe@{}", "zoe+x@{}", "zoe@alias.{}"])
def test_06_a_catch_all_gets_mail_for_names_that_nobody_has(host, uma, form):
    host.change_domain(catchall="uma")
    send(host, form.format(host.domain))
    assert kept(host, uma) == ["Hello"]


@proves("catchall")
@pytest.mark.parametrize("form", [*FORMS, *IN_ALIAS_DOMAIN])
def test_07_a_catch_all_gets_nothing_for_names_that_somebody_has(host, uma, form):
    host.mailbox("max")
    host.change_domain(catchall="max")
    send(host, form.format(host.domain))
    assert kept(host, "max") == []


@proves("catchall")
def test_08_without_a_catch_all_a_name_that_nobody_has_is_refused_again(host, uma):
    host.change_domain(catchall="uma")
    host.change_domain(catchall=None)
    assert [answer(host, name)[1][:5] for name in ("zoe", "zoe+x", f"zoe@alias.{host.domain}")] == ["5.1.1"] * 3


@proves("catchall")
@pytest.mark.parametrize(("state", "said"), [("disabled", 550), ("suspended", 450), ("enabled", 250)])
def test_09_a_catch_all_that_takes_no_mail_says_so_for_every_unknown_name(host, uma, state, said):
    host.change_domain(catchall="uma")
    host.change(uma, service_smtpin=state)
    assert [code(host, name) for name in ("zoe", "zoe+x", f"zoe@alias.{host.domain}")] == [said] * 3


@proves("service_smtpin")
@pytest.mark.parametrize(("state", "said"), [("disabled", "550 5.2.1"), ("suspended", "450 4.2.1")])
def test_10_no_name_of_a_mailbox_takes_mail_while_it_takes_none(host, uma, state, said):
    host.change(uma, service_smtpin=state)
    names = [form.format(host.domain) for form in (*FORMS, *IN_ALIAS_DOMAIN)]
    answers = {f"{number} {text[:5]}" for number, text in (answer(host, name) for name in names)}
    assert answers == {said}


@proves("service_smtpin")
def test_11_a_mailbox_takes_mail_again_at_once(host, uma):
    for state in ("suspended", "enabled"):
        host.change(uma, service_smtpin=state)
    send(host, "uma")
    assert kept(host, uma) == ["Hello"]


@proves("service_smtpin")
def test_12_who_takes_no_mail_can_still_read_what_there_is(host, uma):
    send(host, "uma")
    host.change(uma, service_smtpin="disabled")
    assert kept(host, uma) == ["Hello"]


# A domain that has not proved itself yet


def tell_the_resolver(stack, record):
    paths = stack.facts["paths"]
    conf = Path(paths["etc"]) / "unbound/unbound.conf"
    subprocess.run(["/usr/sbin/unbound-control", "-q", "-c", conf, "local_data", record], check=True)


@pytest.fixture
def unproven(live, worker, unique):
    """Of a company whose domains have to prove themselves."""
    host = Hosting(live, unique, trusted=False)
    host.mailbox("uma")
    return host


def test_13_a_domain_puts_mail_off_until_it_has_proved_itself(unproven):
    assert answer(unproven, "uma")[1].startswith("4.2.1")


def test_14_a_domain_takes_mail_when_its_dns_is_right(unproven):
    tell_the_resolver(unproven.stack, f"{unproven.domain}. MX 10 mx.postroom.test.")
    tell_the_resolver(unproven.stack, f'{unproven.domain}. TXT "v=spf1 mx -all"')
    soon(lambda: Domain.objects.filter(name=unproven.domain, applied_generation__gt=0).exists())
    Domain.objects.filter(name=unproven.domain).update(check_at=int(time.time() * 1000))  # an hour later as it were
    soon(lambda: code(unproven, "uma") == 250)
    send(unproven, "uma")
    assert kept(unproven, "uma") == ["Hello"]


def test_15_a_domain_whose_mx_leads_elsewhere_goes_on_putting_mail_off(unproven):
    tell_the_resolver(unproven.stack, f"{unproven.domain}. MX 10 mx.elsewhere.example.")
    soon(lambda: Domain.objects.filter(name=unproven.domain, applied_generation__gt=0).exists())
    Domain.objects.filter(name=unproven.domain).update(check_at=int(time.time() * 1000))
    soon(lambda: "wrong_mx" in str(Domain.objects.get(name=unproven.domain).check_details))
    assert code(unproven, "uma") == 450


def test_16_nobody_signs_in_while_the_domain_has_not_proved_itself(unproven):
    with pytest.raises(imaplib.IMAP4.error), imap(unproven.stack, unproven.address("uma"), PASSWORD):
        pass
