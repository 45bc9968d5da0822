"""kill -9 of the server and of the worker at any moment (scripts/kill_test.py does the work)."""

import subprocess
import sys
from pathlib import Path

import pytest

SCRIPT = Path(__file__).resolve().parents[2] / "scripts" / "kill_test.py"

pytestmark = pytest.mark.processes


def test_what_was_acknowledged_survives_every_kill():
    script = subprocess.Popen(
        [sys.executable, str(SCRIPT), "--seed", "7"], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    try:
        told, _ = script.communicate(timeout=150)
    except BaseException:
        script.terminate()  # it ends its own processes
        script.communicate(timeout=20)
        raise
    assert script.returncode == 0, told
