"""What others see of the holder."""

import pytest

pytestmark = pytest.mark.django_db


def save(holder, **given):
    return holder.post("details/", **{"language": "en", "timezone": "UTC", **given})


def test_the_name_is_what_receivers_see(uma):
    save(uma, name="Uma Untel", timezone="Europe/Paris", language="fr")
    assert (uma.settings["name"], uma.settings["timezone"], uma.settings["language"]) == (
        "Uma Untel", "Europe/Paris", "fr",
    )  # fmt: skip


def test_a_name_that_is_too_long_is_told(uma):
    assert save(uma, name="x" * 600).status_code == 422


@pytest.mark.parametrize(("field", "value"), [("language", "xx"), ("timezone", "Europe/Atlantis"), ("phone", "1" * 31)])
def test_what_does_not_do_is_told_at_its_field(uma, field, value):
    page = save(uma, **{field: value})
    assert (page.status_code, list(page.context["form"].errors)) == (422, [field])


def test_what_is_left_empty_is_forgotten(uma):
    save(uma, title="Clerk")
    save(uma, title="")
    assert "title" not in uma.settings


def test_what_is_set_is_shown(uma):
    uma.set(title="Clerk", timezone="Europe/Paris")
    page = uma.get("details/").text
    assert ('value="Clerk"' in page, "selected>Europe/Paris" in page) == (True, True)


def test_what_is_not_the_holders_is_not_offered(uma):
    assert 'name="notes_external"' not in uma.get("details/").text
