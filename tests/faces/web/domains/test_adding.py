"""Adding a domain."""

from postroom.actions import person_signin
from postroom.store.models import Access, Domain
from tests import cast
from tests.faces.web.domains.conftest import Browser, words

NEW = "/domains/new/"


def test_whoever_adds_a_domain_owns_it_and_is_led_to_its_dns(nora):
    answer = nora.post(NEW, name="Town.Example", support_email="it@home.example")
    assert answer["Location"] == "/domains/town.example/dns/"
    assert Access.objects.get(domain__name="town.example").person.email == cast.NORA
    assert nora.get("/domains/town.example/dns/").status_code == 200


def test_their_own_address_is_proposed(nora):
    assert f'value="{cast.NORA}"' in nora.get(NEW).text


def test_a_name_with_accents_may_be_typed_with_them(nora):
    answer = nora.post(NEW, name="Café.example", support_email="it@home.example")
    assert answer["Location"] == "/domains/xn--caf-dma.example/dns/"


def test_what_is_no_domain_name_is_told_at_the_field(nora):
    answer = nora.post(NEW, name="not a domain", support_email="it@home.example")
    assert answer.status_code == 422
    assert "Must be a domain name" in words(answer)
    assert 'value="not a domain"' in answer.text
    assert not Domain.objects.filter(name__contains="not").exists()


def test_a_taken_name_is_told_at_the_field(nora):
    answer = nora.post(NEW, name=cast.ACME, support_email="it@home.example")
    assert 'id="id_name_error"' in answer.text


def test_nothing_typed(nora):
    answer = nora.post(NEW)
    assert answer.status_code == 422
    assert words(answer).count("This field is required.") >= 2


def test_the_operator_may_create_one_for_a_company(operator):
    answer = operator.post(NEW, name="town.example", company="acme")
    assert answer.status_code == 303
    assert Domain.objects.get(name="town.example").company.name == "acme"


def test_an_unknown_company_is_told_at_its_field(operator):
    answer = operator.post(NEW, name="town.example", company="nobody")
    assert 'id="id_company_error"' in answer.text


def test_or_add_it_as_people_do(operator):
    operator.post(f"{NEW}?own", name="town.example", support_email="it@home.example")
    assert Domain.objects.get(name="town.example").company.name == "people"


def test_a_companys_administrator_need_not_name_it(acme):
    """She signs in with her mailbox."""
    passed = person_signin.holder_by_password(cast.origin(), cast.ALICE, cast.PASSWORD)
    alice = Browser(cast.ALICE, proof=passed.proof)
    alice.post(NEW, name="town.example", company="")
    assert Domain.objects.get(name="town.example").company.name == "acme"
