"""What is committed works on any machine, so it names no path of the one it was written on."""

import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PRIVATE = re.compile(r"(?<![\w.~}])/(?:home/\w|root/|work/)")


def committed() -> list[Path]:
    """Also what is about to be: untracked and not ignored."""
    git = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(git, cwd=ROOT, capture_output=True, text=True, check=False)
    if listed.returncode:
        pytest.fail(f"git could not list the files: {listed.stderr}")
    return [ROOT / name for name in listed.stdout.split("\0") if name and name != "uv.lock"]


def test_no_file_names_a_private_path():
    found = []
    for path in committed():
        if path.is_file() and b"\0" not in (raw := path.read_bytes()):
            lines = raw.decode(errors="replace").splitlines()
            found += [f"{path}:{number} {line}" for number, line in enumerate(lines, 1) if PRIVATE.search(line)]
    assert found == []
