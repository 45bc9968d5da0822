"""docs/architecture.md is the map; a folder that is not on it cannot be found."""

from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
FOLDERS = sorted(path.parent.name for path in (ROOT / "postroom").glob("*/__init__.py"))


@pytest.mark.parametrize("folder", FOLDERS)
def test_the_map_shows_the_folder(folder: str):
    assert f"{folder}/" in (ROOT / "docs/architecture.md").read_text()
