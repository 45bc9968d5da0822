"""Each import contract of pyproject.toml catches the breaches it is for, planted in a skeleton of the layers."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]

SOUND = {
    "core/catalogue/attribute.py": "",
    "core/records.py": "import postroom.core.catalogue.attribute",
    "store/models.py": "import django.db\nimport postroom.core.records",
    "drivers/contract.py": "import postroom.core.records",
    "drivers/fake.py": "import sqlite3\nimport postroom.drivers.contract",
    "drivers/mailstack/postfix.py": "import subprocess\nimport postroom.drivers.contract",
    "actions/action.py": "import django.db",
    "actions/domains.py": "import postroom.actions.action\nimport postroom.store.models",
    "actions/mailboxes.py": "import postroom.actions.action\nimport postroom.store.models",
    "actions/live.py": "import postroom.actions.action\nimport postroom.drivers.fake",
    "worker/reconcile.py": "import postroom.store.models\nimport postroom.drivers.mailstack.postfix",
    "faces/oma/dispatch.py": "import postroom.actions.domains",
    "faces/web/views.py": "import postroom.actions.mailboxes",
    "faces/cli/main.py": "import subprocess\nimport postroom.worker.reconcile",
    "settings.py": "import django.conf",
    "urls.py": "import postroom.faces.web.views",
    "wsgi.py": "import postroom.faces.oma.dispatch",
    "__main__.py": "import postroom.faces.cli.main",
}
LAYERS = "Dependencies point down"
FACES = "Faces do not know each other"
DRIVERS = "Drivers do not know each other"
NOUNS = "One noun's actions do not call another's"
PLAIN = "Core and drivers are plain Python"
ROWS = "Only actions and the worker touch rows"
SERVERS = "Only the worker and actions.live reach a server"
SOCKETS = "Sockets and processes live in drivers and the command line"
CYCLES = "No cycles anywhere"
BREACHES = [
    ("core/records.py", "import postroom.store.models", LAYERS),
    ("store/models.py", "def late():\n    import postroom.actions.domains", LAYERS),
    ("worker/reconcile.py", "import postroom.faces.oma.dispatch", LAYERS),
    ("drivers/fake.py", "import postroom.store.models", LAYERS),
    ("utilities/__init__.py", "", LAYERS),
    ("faces/web/views.py", "import postroom.faces.oma.dispatch", FACES),
    ("drivers/fake.py", "import postroom.drivers.mailstack.postfix", DRIVERS),
    ("actions/mailboxes.py", "import postroom.actions.domains", NOUNS),
    ("core/records.py", "import django.db", PLAIN),
    ("drivers/mailstack/postfix.py", "import django.conf", PLAIN),
    ("drivers/contract.py", "import postroom.settings", PLAIN),
    ("faces/oma/dispatch.py", "import postroom.store.models", ROWS),
    ("faces/web/views.py", "import postroom.drivers.fake", SERVERS),
    ("actions/domains.py", "import postroom.drivers.fake", SERVERS),
    ("actions/domains.py", "import subprocess", SOCKETS),
    ("faces/oma/dispatch.py", "import socket", SOCKETS),
    ("worker/reconcile.py", "import smtplib", SOCKETS),
    ("core/catalogue/attribute.py", "import postroom.core.records", CYCLES),
]


def lint(folder: Path, files: dict[str, str]) -> dict[str, set[str]]:
    """The names of the contracts, by what the linter says of this tree: KEPT or BROKEN."""
    for name, text in files.items():
        path = folder / "postroom" / name
        for package in [path.parent, *path.parent.parents][: name.count("/") + 1]:
            package.mkdir(parents=True, exist_ok=True)
            (package / "__init__.py").touch()
        path.write_text(text)
    shutil.copy(ROOT / "pyproject.toml", folder)
    command = [Path(sys.executable).parent / "lint-imports", "--no-cache", "--no-logo"]
    said = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False).stdout
    verdicts = re.findall(r"^(.+?) (KEPT|BROKEN)", said, re.MULTILINE)
    assert verdicts, said
    return {word: {name for name, verdict in verdicts if verdict == word} for word in ("KEPT", "BROKEN")}


def test_a_sound_tree_keeps_every_contract(tmp_path: Path):
    assert lint(tmp_path, SOUND) == {"KEPT": {contract for _, _, contract in BREACHES}, "BROKEN": set()}


@pytest.mark.parametrize(("file", "line", "contract"), BREACHES)
def test_the_breach_is_caught(tmp_path: Path, file: str, line: str, contract: str):
    assert contract in lint(tmp_path, SOUND | {file: f"{SOUND.get(file, '')}\n{line}\n"})["BROKEN"]
