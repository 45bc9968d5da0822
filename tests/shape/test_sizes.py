"""No function over 60 lines, no file over 500: scripts/sizes.py holds the bounds."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def test_nothing_is_too_long():
    command = [sys.executable, "scripts/sizes.py"]
    sizes = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert sizes.returncode == 0, sizes.stdout + sizes.stderr
