"""What a driver says of a failure, and how a platform differed: on French pages in French."""

import re
from pathlib import Path

import pytest
from django.utils import translation

from postroom.core import phrases
from postroom.core.languages import Language
from postroom.core.phrases import Phrases
from postroom.drivers.fake.commands import FailNext
from postroom.faces.cli import example_town
from postroom.faces.web import details
from postroom.faces.web.details_of_calls import CALLS
from postroom.faces.web.details_of_platforms import PLATFORMS
from postroom.faces.web.details_of_servers import SERVERS
from postroom.faces.web.details_table import DETAILS
from postroom.faces.web.hub import call_pages
from postroom.store import projection_orphans
from tests.source_texts import Source, kinds_below

PHRASES = Phrases(DETAILS)
ROOT = Path(details.__file__).parent.parent.parent
SOURCES = {
    str(path.relative_to(ROOT)): Source(path.read_text())
    for path in [*ROOT.glob("drivers/**/*.py"), *ROOT.glob("worker/**/*.py"), ROOT / "core/plan.py"]
}
COMPARING = ("worker/drift.py", "worker/remote_sync.py", "worker/table_readers.py", "drivers/mailstack/audit.py")
# What is wrong with a platform's settings stands within another sentence.
SETTINGS = ("drivers/dns/where.py", "drivers/devices.py")
# Only holds what a server or the system said, or a sentence that is looked for by itself; and no words of ours at all.
HOLDS_OTHERS = {"5", "5 5", "5: 5", "5:5: 5", "5:5: 5: 5", "mailbox 5"}


def failures():
    kinds = kinds_below({"DriverError"}, SOURCES.values()) | {"Failure", "Conflict"}
    for place, source in SOURCES.items():
        more = {"failed"} if place == "worker/outgoing.py" else {"ValueError", "BadValueError"}
        said = source.said_by(kinds | more if place in (*SETTINGS, "worker/outgoing.py") else kinds)
        yield from ((text, place) for text in said)
    yield FailNext(operation="any").reason, "drivers/fake/commands.py"
    told = (arguments for command, arguments in example_town._TOLD if command == "refuse_mailbox")
    yield from ((arguments["reason"], "faces/cli/example_town.py") for arguments in told)


def lines():
    differences = SOURCES["worker/remote_sync.py"].returned("_difference")
    for place in COMPARING:
        yield from ((text, place) for text in SOURCES[place].lines() if text not in differences)
    yield from ((f"mailbox 5 {what}", "worker/remote_sync.py") for what in differences if what)
    orphans = Source(Path(projection_orphans.__file__).read_text())
    yield from ((text, "store/projection_orphans.py") for text in orphans.lines())


def calls():
    for call, subject in call_pages.rest_calls(Language.ENGLISH):
        yield call.says, call.path
        yield subject, call.path
    yield from ((call.says, call.path) for call in call_pages.dimail_calls(Language.ENGLISH))


def lacking(said):
    return {text: place for text, place in said if not details.is_known(text) and text not in HOLDS_OTHERS}


def test_every_failure_of_a_driver_has_french():
    assert lacking(failures()) == {}


def test_every_line_of_drift_has_french():
    assert lacking(lines()) == {}


def test_every_call_in_the_hub_has_french():
    known = {row.en for row in CALLS}
    assert {text: path for text, path in calls() if text not in known} == {}


def test_every_row_of_failures_is_said_somewhere():
    said = {text for text, _place in (*failures(), *lines())}
    idle = [row.en for row in (*PLATFORMS, *SERVERS) if not any(phrases.pattern(row.en).fullmatch(t) for t in said)]
    # What is a part of others stands in the source as it is.
    source = "".join(path.read_text() for path in ROOT.glob("drivers/**/*.py"))
    assert [text for text in idle if not all(piece in source for piece in re.split(r"\{\w+\}", text))] == []


def test_every_row_of_calls_is_shown():
    assert {row.en for row in CALLS} - {text for text, _path in calls()} == set()


@pytest.mark.parametrize("row", (*PLATFORMS, *SERVERS), ids=lambda row: row.en[:40])
def test_no_row_is_taken_for_another(row):
    names = {name: f"<{name}>" for name in re.findall(r"\{(\w+)\}", row.en)}
    holds_another = any(name.endswith("hint") for name in names)
    assert holds_another or PHRASES.french(row.en.format(**names)) == row.fr.format(**names)


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("the disk is full", "the disk is full"),
        ("dimail at d.example does not take our name and password",
         "dimail, sur d.example, n’accepte pas notre nom et notre mot de passe"),
        ("dimail refuses POST /x (400): no such context", "dimail refuse POST /x (400) : no such context"),
        ("TemporaryFailure: No answer within 20 seconds", "TemporaryFailure : Pas de réponse en 20 secondes"),
        ("OSError: [Errno 28] No space left on device", "OSError: [Errno 28] No space left on device"),
        ("createuser: said nothing (exit code 3)", "createuser : n’a rien dit (code de sortie 3)"),
        ("createuser: it is full (exit code 3)", "createuser : it is full (code de sortie 3)"),
        ("Our own mail server refuses: The mailbox here is full",
         "Notre propre serveur de messagerie refuse : La boîte d’ici est pleine"),
        ("a@x.example: Postfix delivers a@x.example to nobody",
         "a@x.example : Postfix ne remet a@x.example à personne"),
    ],
)  # fmt: skip
def test_our_words_are_french_and_a_servers_stay(said, shown):
    with translation.override("fr"):
        assert details.of_failure(said).replace("\xa0", " ") == shown


def test_in_english_all_of_it_is_as_it_was_said():
    with translation.override("en"):
        assert details.of_failure("No answer within 20 seconds") == "No answer within 20 seconds"
