"""The examples of docs/dimail-fake.md, in their order."""

import base64
import json
import re
import shlex
import urllib.request
from pathlib import Path

import pytest

from tests.fake_dimail import running

pytestmark = pytest.mark.processes

PAGE = Path(__file__).resolve().parents[2] / "docs" / "dimail-fake.md"
BLOCK = re.compile(r"```(sh|json)\n(.*?)```", re.DOTALL)


def asked(command, url):
    """What `curl` with these words would get."""
    words = iter(shlex.split(command.replace("\\\n", " "))[1:])
    path, headers, body = "", {}, None
    for word in words:
        if word == "-d":
            body = next(words).encode()
        elif word == "-u":
            headers["Authorization"] = f"Basic {base64.b64encode(next(words).encode()).decode()}"
        elif word == "-H":
            name, _, value = next(words).partition(": ")
            headers[name] = value
        else:
            assert word.startswith("localhost:8000/"), word
            path = word.removeprefix("localhost:8000")
    with urllib.request.urlopen(urllib.request.Request(url + path, body, headers), timeout=20) as answer:
        return json.load(answer)


def commands(block):
    return [part.strip() for part in re.split(r"^(?=curl )", block, flags=re.MULTILINE) if part.strip()]


def holds(got, told):
    """Whether all that is told is there; objects may hold more, lists may not."""
    if isinstance(told, dict):
        return isinstance(got, dict) and all(name in got and holds(got[name], value) for name, value in told.items())
    if isinstance(told, list):
        return isinstance(got, list) and len(got) == len(told) and all(map(holds, got, told))
    return got == told


def test_every_example_answers_as_the_page_says(tmp_path):
    blocks = BLOCK.findall(PAGE.read_text())
    assert len([kind for kind, _ in blocks if kind == "json"]) > 8
    with running(tmp_path) as (_, url):
        got = None
        for kind, block in blocks:
            if kind == "sh":
                got = [asked(command, url) for command in commands(block)][-1]
            else:
                assert holds(got, json.loads(block)), f"\n{block}\n{json.dumps(got, indent=1)}"
