"""The image that takes dimail's place. Where there is no engine to build it, at least nothing in it is wrong."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
DOCKERFILE = (ROOT / "Dockerfile.dimail").read_text()
STARTER = "scripts/start-dimail.sh"


@pytest.fixture(scope="module")
def service():
    """As La Suite's People has it in its own compose file (specs/dimail.md 1)."""
    return yaml.safe_load((ROOT / "compose.dimail.yaml").read_text())["services"]["dimail"]


def test_hadolint_finds_nothing():
    command = [str(Path(sys.executable).parent / "hadolint"), "--failure-threshold", "style", "Dockerfile.dimail"]
    found = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert (found.returncode, found.stdout) == (0, "")


def test_the_service_is_called_and_started_as_dimails(service):
    assert (service["entrypoint"], service["ports"]) == ("/opt/dimail-api/start-dev.sh", ["8001:8000"])
    assert service["environment"] == {"DIMAIL_MODE": "FAKE", "DIMAIL_JWT_SECRET": "fake_jwt_secret"}


def test_the_service_is_built_from_this_folder(service):
    assert service["build"] == {"context": "${POSTROOM_SOURCE:-.}", "dockerfile": "Dockerfile.dimail"}


def test_the_image_starts_by_what_the_service_names(service):
    assert f"COPY --chmod=0755 {STARTER} {service['entrypoint']}\n" in DOCKERFILE
    assert json.loads(re.search(r"^ENTRYPOINT (.*)$", DOCKERFILE, re.MULTILINE)[1]) == [service["entrypoint"]]


def test_what_is_copied_is_sent_to_the_builder():
    let_in = {line[1:] for line in (ROOT / ".dockerignore").read_text().splitlines() if line.startswith("!")}
    copied = {
        name
        for line in re.findall(r"^COPY (?!--from)(.*) \S+$", DOCKERFILE, re.MULTILINE)
        for name in line.split()
        if not name.startswith("--")
    }
    assert copied == let_in
    assert [name for name in copied if not (ROOT / name).exists()] == []


def test_its_python_is_one_that_postroom_runs_on():
    tags = set(re.findall(r"^FROM (\S+)", DOCKERFILE, re.MULTILINE))
    assert tags == {"python:3.11-slim-bookworm"}


def test_the_starter_is_a_shell_script_that_can_be_run():
    path = ROOT / STARTER
    assert path.stat().st_mode & 0o111
    assert subprocess.run(["sh", "-n", path], check=False).returncode == 0
