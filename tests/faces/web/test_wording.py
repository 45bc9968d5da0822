"""Every error has words, in both languages; so has every sentence of the core that a person can meet."""

import ast
import inspect
import re
from pathlib import Path

import pytest
from django.utils import translation

from postroom.actions import mailbox_links, persons
from postroom.core import errors, phrases
from postroom.core.catalogue import CATALOGUE
from postroom.core.errors import BadAttribute, PostroomError
from postroom.faces.web import details, refusals, wording
from postroom.faces.web.details_of_calls import CALLS
from postroom.faces.web.details_of_platforms import PLATFORMS
from postroom.faces.web.details_of_servers import SERVERS
from postroom.faces.web.details_table import DETAILS

CLASSES = [
    kind for _, kind in inspect.getmembers(errors, inspect.isclass) if issubclass(kind, PostroomError)
]  # fmt: skip
ROOT = Path(errors.__file__).parent.parent

# Where nobody meets them on a page: programs' own calls, the command line, what we say to ourselves.
FOR_PROGRAMS = {
    "actions/domain_searches.py", "actions/mailbox_searches.py", "actions/migrations.py",
    "actions/oidc_clients.py", "actions/oidc_sign_in.py", "actions/pages.py", "actions/setup.py",
    "actions/statistics.py", "actions/statistics_series.py", "actions/stored_mail.py", "actions/tokens.py",
    "core/catalogue/entries.py", "core/devices/outlook.py", "core/passwords/credential_cache.py",
    "core/passwords/methods.py", "core/plan.py", "core/public_ids.py", "core/catalogue/contact_kinds.py",
}  # fmt: skip
# Said of API keys, and by REST to pages of others.
ELSEWHERE = re.compile(
    r"this API key|the owner of this API key|use a token that an administrator|this must be asked for by our own|"
    r"CSRF Failed"
)
ERRORS = {kind.__name__ for kind in CLASSES} | {"BadValueError", "ValueError"}


def texts(node):
    if isinstance(node, ast.IfExp):
        yield from texts(node.body)
        yield from texts(node.orelse)
    elif isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value:
        yield node.value
    elif isinstance(node, ast.JoinedStr):
        yield "".join(part.value if isinstance(part, ast.Constant) else "5" for part in node.values)


def raised_by(call):
    name = call.func.id if isinstance(call.func, ast.Name) else getattr(call.func, "attr", "")
    if name in ERRORS and call.args:
        yield from texts(call.args[0])
    hints = [keyword.value for keyword in call.keywords if keyword.arg == "hints"]
    for inner in (inner for value in hints for inner in ast.walk(value) if isinstance(inner, ast.Dict)):
        for value in inner.values:
            yield from texts(value)


def said_by(node):
    if isinstance(node, ast.Call):
        yield from raised_by(node)
    elif isinstance(node, ast.Assign) and ast.unparse(node.targets[0]).startswith("hints["):
        yield from texts(node.value)


def sentences():
    """What the core, the store and the actions can say, with 5 for what differs."""
    found = {}
    for folder in ("core", "store", "actions", "faces"):
        for path in sorted((ROOT / folder).glob("*.py" if folder == "faces" else "**/*.py")):
            place = str(path.relative_to(ROOT))
            if place in FOR_PROGRAMS or "dimail" in path.name or "migrations" in path.parts:
                continue
            for node in ast.walk(ast.parse(path.read_text())):
                found |= dict.fromkeys(said_by(node), place)
    return {text: place for text, place in found.items() if not ELSEWHERE.search(text)}


# These are "must be {bounds}", of which `details.of_kind` makes French, and what only holds other sentences.
MADE_OTHERWISE = {"must be 5", "must be 5; each 5", "must be 5; there are 5", "5 5", "5: 5", '"5" 5'}
# Said by way of tables of theirs, where no call shows them.
FROM_TABLES = {
    *(f"5 {said}" for said in mailbox_links._NOT_NOW.values()),
    *(check("") for check in persons._CHECKS.values()),
}


def test_every_sentence_of_the_core_has_french():
    lacking = {text: place for text, place in sentences().items() if not details.is_known(text)}
    assert {text: place for text, place in lacking.items() if text not in MADE_OTHERWISE} == {}


def test_every_row_of_the_table_is_said_somewhere():
    """Those of drivers: test_failure_words.py."""
    said, own = {*sentences(), *FROM_TABLES}, [row for row in DETAILS if row not in (*PLATFORMS, *SERVERS)]
    idle = [row.en for row in own if not any(phrases.pattern(row.en).fullmatch(text) for text in said)]
    source = "".join(path.read_text() for path in ROOT.rglob("*.py") if "details" not in path.name)
    literal = re.compile(r'"\s*f?"')  # what is written in two parts
    source = literal.sub("", source)
    assert [text for text in idle if not all(piece in source for piece in re.split(r"\{\w+\}", text))] == []


@pytest.mark.parametrize("row", (*DETAILS, *CALLS), ids=lambda row: row.en[:40])
def test_the_french_of_a_sentence_is_well_written(row):
    assert not re.search(r"\w'\w", row.fr)
    assert not re.search(r"(?<![\u00a0])[;:!?](\s|$)|«[^\u00a0]|[^\u00a0]»", row.fr)
    assert set(re.findall(r"\{(\w+)\}", row.fr)) == set(re.findall(r"\{(\w+)\}", row.en))


@pytest.mark.parametrize("kind", CLASSES, ids=lambda kind: kind.__name__)
def test_every_error_has_words_of_its_own(kind):
    assert kind in wording.WORDS or kind is errors.PostroomError


@pytest.mark.parametrize("kind", CLASSES, ids=lambda kind: kind.__name__)
def test_every_error_has_a_status(kind):
    error = kind(5) if kind is errors.TooManyRequests else kind()
    assert 400 <= refusals.status_of(error) < 600


@pytest.mark.parametrize("language", ["en", "fr"])
@pytest.mark.parametrize("kind", CLASSES, ids=lambda kind: kind.__name__)
def test_the_words_are_the_languages(kind, language):
    with translation.override(language):
        said = wording.said(kind(5) if kind is errors.TooManyRequests else kind())
    english = wording.WORDS[kind][0]
    assert (said.title == english) == (language == "en")


@pytest.mark.parametrize(
    ("seconds", "told"),
    [(1, "Try again in 1 second."), (99, "Try again in 99 seconds."), (100, "Try again in 2 minutes.")],
)
def test_a_wait_is_told_in_what_people_count(seconds, told):
    with translation.override("en"):
        assert wording.said(errors.TooManyRequests(seconds)).advice == told


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("must be 1 to 128 printable characters", "Doit compter de 1 à 128 caractères imprimables."),
        ("info@a.example leads to b@c.example already", "info@a.example mène déjà à b@c.example."),
        ('"@x" must have something before the @', "« @x » doit avoir quelque chose avant l’@."),
        ("what nobody has translated", "What nobody has translated."),
        ("", ""),
    ],
)
def test_a_sentence_of_the_core_is_french_where_it_can_be(text, shown):
    with translation.override("fr"):
        assert details.translated(text) == shown.replace("« ", "«\u00a0").replace(" »", "\u00a0»")


def test_in_english_it_is_as_the_core_says_it():
    with translation.override("en"):
        assert details.translated("is required") == "Is required."


@pytest.mark.parametrize("name", ["quota", "forward_recipients", "timezone", "spamlevel"])
def test_what_a_setting_takes_is_french_too(name):
    with translation.override("fr"):
        text = wording.hint(BadAttribute(hints={name: f"must be {CATALOGUE[name].kind.bounds}"}), name)
    assert text.startswith("Doit être ") and "must" not in text


def test_what_is_wrong_with_one_entry_of_a_list_is_french_too():
    kind = CATALOGUE["forward_recipients"].kind
    with translation.override("fr"):
        text = details.about("forward_recipients", f"must be {kind.bounds}; each must have something before the @")
    assert text.endswith("chacun doit avoir quelque chose avant l’@.")


def test_a_hint_that_has_no_french_gives_way_to_its_errors_words():
    error = errors.PasswordTooWeak(hints={"password": "is too easy to guess: add another word or two"})
    with translation.override("fr"):
        assert wording.hint(error, "password").startswith("Ce mot de passe est trop facile à deviner.")
