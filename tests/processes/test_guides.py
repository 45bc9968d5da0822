"""The guides of the developers' hub, tried: every line of shell in them runs against a demo, and prints what they say.

Both languages have the same lines (tests/faces/web/hub/test_hub_texts.py), so the English ones are tried.
"""

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time

import pytest

from postroom.core.languages import Language
from postroom.faces.web.hub.guides import GUIDES, source
from tests.processes.test_demo import free_port

pytestmark = [
    pytest.mark.processes,
    pytest.mark.skipif(shutil.which("curl") is None, reason="curl is not installed"),
]

READY_WITHIN = 60
BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.DOTALL | re.MULTILINE)
MARK = "--- so much for that ---"


@pytest.fixture(scope="module")
def demo(tmp_path_factory):
    dir = tmp_path_factory.mktemp("demo") / "data"
    environment = {k: v for k, v in os.environ.items() if not k.startswith("POSTROOM_")}
    process = subprocess.Popen(
        [sys.executable, "-m", "postroom", "demo", "--dir", str(dir), "--port", str(free_port())],
        env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.STDOUT, start_new_session=True,
    )  # fmt: skip
    until = time.monotonic() + READY_WITHIN
    while not (dir / "demo.json").exists() and process.poll() is None and time.monotonic() < until:
        time.sleep(0.1)
    try:
        yield json.loads((dir / "demo.json").read_text())
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def parts(slug, facts):
    """(lines of shell, what they print or None), with the demo's address and password."""
    text = source(slug, Language.ENGLISH).replace("http://127.0.0.1:8080", facts["url"])
    blocks = BLOCK.findall(text.replace("PASSWORD='…'", f"PASSWORD='{facts['oma']['password']}'"))
    for (kind, lines), (next_kind, printed) in zip(blocks, [*blocks[1:], ("", "")], strict=True):
        if kind == "sh":
            yield lines, printed if next_kind == "json" else None


def pattern(printed):
    """What is printed, without blanks; … stands for anything, and for nothing between commas."""
    fixed = re.split(r"(,…,|…)", re.sub(r"\s", "", printed))
    return re.compile("".join({",…,": ",(?:.*?,)?", "…": ".*?"}.get(p, re.escape(p)) for p in fixed), re.DOTALL)


@pytest.mark.parametrize("slug", GUIDES)
def test_every_line_of_a_guide_does_what_it_says(slug, demo, tmp_path):
    steps = list(parts(slug, demo))
    script = "".join(f"{lines}\necho; echo '{MARK}'\n" for lines, _ in steps)
    run = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", script],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert run.returncode == 0, run.stdout + run.stderr
    outputs = run.stdout.split(MARK)
    for (lines, printed), output in zip(steps, outputs, strict=False):
        if printed is not None:
            assert pattern(printed).fullmatch(re.sub(r"\s", "", output)), (
                f"{lines}\nprinted\n{output}\ninstead of\n{printed}"
            )
