"""Where lines of long names may end."""

import pytest
from django.utils.safestring import mark_safe

from postroom.faces.web.hub.inline import inline
from postroom.faces.web.wrapping import wrapping


@pytest.mark.parametrize(
    ("name", "parts"),
    [
        ("manage_users", ["manage_", "users"]),
        ("uma.o-hara@acme.example", ["uma.", "o-hara@", "acme.", "example"]),
        ("/mail-domains/{slug}/restore/", ["/mail-domains/", "{slug}/", "restore/"]),
        ("http://localhost:8080/api/v1.0/", ["http://", "localhost:8080/", "api/", "v1.0/"]),
        ("127.0.0.1", ["127.0.0.1"]),
        ("Two words. And more.", ["Two words. And more."]),
    ],
)
def test_a_line_ends_behind_a_joint(name, parts):
    assert wrapping(name).split("<wbr>") == parts


def test_what_is_typed_stays_text():
    assert wrapping("<b>_a") == "&lt;b&gt;_<wbr>a"


def test_what_is_html_already_is_not_escaped_twice():
    assert wrapping(mark_safe("o&#x27;hara@acme")) == "o&#x27;hara@<wbr>acme"


def test_code_in_a_text_wraps_and_the_text_does_not():
    assert inline("a_b & `c_d<e`") == "a_b &amp; <code>c_<wbr>d&lt;e</code>"
