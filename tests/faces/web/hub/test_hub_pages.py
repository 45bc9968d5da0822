"""The developers' hub, as somebody without an account reads it."""

import json
import re
from urllib.parse import urldefrag, urlsplit

import pytest
from django.urls import reverse

from postroom.core import errors
from postroom.core.catalogue import attributes
from postroom.core.catalogue.attribute import Level
from postroom.core.errors import PostroomError
from postroom.core.roles import GRANTS, Permission, Role
from postroom.faces.oma.errors import NUMBERS
from postroom.faces.oma.reference import REFERENCE
from postroom.faces.web.hub.guides import GUIDES

PAGES = [
    *(
        reverse(name)
        for name in ("hub_home", "hub_oma", "hub_errors", "hub_roles", "hub_rest", "hub_dimail", "hub_changes")
    ),
    *(reverse("hub_guide", args=[slug]) for slug in GUIDES),
    *(reverse("hub_attributes", args=[level]) for level in Level),
    *(reverse("hub_oma_method", args=[name]) for name in REFERENCE),
    reverse("hub_search") + "?q=domain",
]
LARGEST = 100_000
pytestmark = pytest.mark.django_db


def read(client, path, language="en"):
    answer = client.get(path, HTTP_ACCEPT_LANGUAGE=language)
    assert answer.status_code == 200, (path, answer.status_code)
    return answer.content.decode()


METHODS = [path for path in PAGES if re.fullmatch(r"/docs/oma/\w+/", path)]
IN_FRENCH = [path for path in PAGES if path not in METHODS[3:]]  # one is as the other


@pytest.mark.parametrize(("path", "language"), [*((p, "en") for p in PAGES), *((p, "fr") for p in IN_FRENCH)])
def test_a_page_is_there_for_everybody(client, path, language):
    text = read(client, path, language)
    assert f'<html lang="{language}">' in text
    assert len(re.findall(r"<h1\b", text)) == 1
    assert len(text.encode()) < LARGEST


@pytest.mark.parametrize("path", PAGES[:10])
def test_a_page_asks_the_database_nothing(client, path, django_assert_num_queries):
    with django_assert_num_queries(0):
        read(client, path)


@pytest.mark.parametrize(
    "path", ["/docs/guides/nothing/", "/docs/oma/nothing/", "/docs/attributes/planet/", "/docs/guides/..%2f..%2fx/"]
)
def test_what_is_not_there_is_a_page_that_says_so(client, path):
    answer = client.get(path)
    assert (answer.status_code, b"<main" in answer.content) == (404, True)


def test_every_link_of_the_hub_leads_somewhere(client):
    texts = {path: read(client, path) for path in PAGES}
    broken = []
    for path, text in texts.items():
        for href in re.findall(r'href="([^"]+)"', text):
            target, anchor = urldefrag(href)
            there = target or path
            if urlsplit(there).netloc or not there.startswith("/docs/"):
                continue
            texts_there = texts.get(there) or read(client, there)
            if anchor and f'id="{anchor}"' not in texts_there:
                broken.append((path, href))
    assert broken == []


# --- references --------------------------------------------------------------------------------------


@pytest.mark.parametrize("level", Level)
def test_every_attribute_of_the_level_is_told(client, level):
    text = read(client, reverse("hub_attributes", args=[level]), "fr")
    assert [name for name in attributes(level) if f'id="{name}"' not in text] == []


def test_every_error_is_told_with_its_number(client):
    text = read(client, reverse("hub_errors"))
    kinds = [e for e in vars(errors).values() if isinstance(e, type) and issubclass(e, PostroomError)]
    rows = {kind: re.search(rf'<tr id="{kind.__name__}">(.*?)</tr>', text, re.DOTALL) for kind in kinds}
    assert [kind for kind, row in rows.items() if row is None] == []
    told = {kind: int(re.search(r'data-label="OMA">(\d+)', rows[kind][1])[1]) for kind in NUMBERS}
    assert told == dict(NUMBERS)


def test_every_permission_is_told_with_its_roles(client):
    text = read(client, reverse("hub_roles"), "fr")
    rows = dict(re.findall(r'<tr id="([^"]+)">.*?<td>(.*?)</td>', text, re.DOTALL))
    told = {permission: set(re.findall(r"<code>(\w+)</code>", roles)) for permission, roles in rows.items()}
    assert told == {permission: {*GRANTS[permission]} - {Role.OPERATOR} for permission in Permission}


def test_a_method_tells_who_may(client):
    text = read(client, reverse("hub_oma_method", args=["push_domain"]))
    assert re.search(r"domain:push</code></a></dt><dd><code>company</code></dd>", text)


def test_the_guides_show_this_servers_address(client, settings):
    settings.PUBLIC_URL = "https://postroom.example"
    text = read(client, reverse("hub_guide", args=["oma"]))
    assert ("POSTROOM=https://postroom.example" in text, "127.0.0.1" in text) == (True, False)


# --- search ------------------------------------------------------------------------------------------


def found(client, q, language="en"):
    text = read(client, f"{reverse('hub_search')}?q={q}", language)
    return re.findall(r'<li><p><a href="([^"]+)">([^<]+)</a>', text)


def test_a_name_is_found_first(client):
    assert found(client, "get_user")[0] == ("/docs/oma/get_user/", "get_user")


def test_an_attribute_is_found_at_its_place(client):
    assert ("/docs/attributes/domain/#catchall", "catchall") in found(client, "catchall")


def test_words_are_found_without_their_accents(client):
    assert found(client, "boite", "fr")


def test_a_call_is_found_by_what_it_does_in_french(client):
    assert ("/docs/rest/", "POST /api/v1.0/mail-domains/") in found(client, "Ajouter un domaine", "fr")


@pytest.mark.parametrize(
    ("name", "says"), [("hub_rest", "Ajouter un domaine"), ("hub_dimail", "Un domaine, avec ce qu’a trouvé")]
)
def test_calls_are_told_in_french(client, name, says):
    assert says in read(client, reverse(name), "fr")


def test_a_guide_is_found_by_its_section(client):
    assert ("/docs/guides/oma/#read-the-hints", "Read the hints") in found(client, "Read the hints")


def test_who_finds_nothing_is_told(client):
    text = read(client, f"{reverse('hub_search')}?q=zzqx")
    assert "Nothing was found for “zzqx”." in text


def test_what_is_searched_is_shown_as_text(client):
    assert "<script>alert" not in read(client, f"{reverse('hub_search')}?q=<script>alert(1)</script>")


# --- trying ------------------------------------------------------------------------------------------


@pytest.fixture
def trying(acme, client, settings):
    """Send a form of the hub: trying(method, request, user, password)."""
    settings.FAKE_CONTROL = True

    def send(method, request, user="alice@acme.adm", password="Correct-horse-7"):
        sent = {"user": user, "password": password, "request": request}
        return client.post(reverse("hub_oma_method", args=[method]), sent)

    return send


def test_a_call_is_made_and_its_answer_shown(trying):
    answer = trying("get_domain", '{"domain": "acme.example"}')
    assert (answer.status_code, "It succeeded." in answer.content.decode()) == (200, True)
    assert "&quot;account&quot;: &quot;acme.example&quot;" in answer.content.decode()


def test_a_call_changes_what_it_says(trying, acme):
    from postroom.store.models import Domain

    trying("change_domain", '{"domain": "acme.example", "attributes": {"spamtag": "[X]"}}')
    assert Domain.objects.get(name="acme.example").settings["spamtag"] == "[X]"


def test_a_refusal_is_shown_with_its_number(trying):
    text = trying("get_domain", '{"domain": "nowhere.example"}').content.decode()
    assert ("It was refused." in text, "&quot;error_number&quot;: 2" in text) == (True, True)


def test_wrong_credentials_are_told(trying):
    assert "&quot;error_number&quot;: 1" in trying("echo", "{}", password="wrong").content.decode()


@pytest.mark.parametrize("request_text", ["", "{", "[]", '"x"', '{"a": "\\ud800"}', "{" * 50])
def test_what_is_no_object_is_an_error_at_its_field(trying, request_text):
    answer = trying("echo", request_text)
    assert (answer.status_code, 'id="id_request_error"' in answer.content.decode()) == (422, True)


def test_a_password_is_not_shown_again(trying):
    text = trying("echo", "{}").content.decode()
    assert "Correct-horse-7" not in text


def test_the_line_to_paste_has_a_gap_for_the_password(trying):
    text = trying("echo", '{"word": "it\'s"}').content.decode()
    assert ("&quot;password&quot;: &quot;…&quot;" in text, "it&#x27;\\&#x27;&#x27;s" in text) == (True, True)


def test_a_long_answer_is_cut(trying):
    long = json.dumps({"word": "x" * 19_000, "more": "y" * 500})
    answer = trying("echo", long)
    assert len(answer.content) < LARGEST


def test_nothing_can_be_tried_for_real(acme, client):
    path = reverse("hub_oma_method", args=["echo"])
    assert "<textarea" not in read(client, path)
    assert (
        client.post(path, {"user": "alice@acme.adm", "password": "Correct-horse-7", "request": "{}"}).status_code == 404
    )


def test_a_form_of_another_site_is_not_taken(acme, settings):
    from django.test import Client

    settings.FAKE_CONTROL = True
    strict = Client(enforce_csrf_checks=True)
    sent = {"user": "alice@acme.adm", "password": "Correct-horse-7", "request": "{}"}
    assert strict.post(reverse("hub_oma_method", args=["echo"]), sent).status_code == 403


def test_wrong_passwords_are_counted_by_the_network_they_come_from(trying, monkeypatch):
    from postroom.faces.oma import dispatch

    seen = []
    monkeypatch.setattr(dispatch.signin, "by_password", lambda user, password, network, now: seen.append(network))
    trying("echo", "{}")
    assert seen == ["127.0.0.1"]
