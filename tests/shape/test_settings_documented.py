"""Every setting stands in docs/operate.md, and what the documentation calls a setting is one."""

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
NAME = re.compile(r"\b(?:POSTROOM|DIMAIL)_[A-Z][A-Z_]*[A-Z]\b")
READ = re.compile(r'\b(?:text|whole_number|switch|network_list|rates|one_of)\(\s*"([A-Z_]+)"')
GUIDES = ROOT / "postroom" / "faces" / "web" / "hub" / "guides"


def settings():
    return set(READ.findall((ROOT / "postroom" / "settings.py").read_text()))


def rows():
    """The first column of the table of settings."""
    part = (ROOT / "docs" / "operate.md").read_text().partition("## Settings")[2].partition("\n## ")[0]
    return {
        name for line in re.findall(r"^\| (`[^|]*) \|", part, re.MULTILINE) for name in re.findall(r"`(.*?)`", line)
    }


def pages():
    folders = ROOT, ROOT / "docs", ROOT / "docs" / "decisions", *GUIDES.iterdir()
    return [path for folder in folders for path in folder.glob("*.md")]


def others():
    """Variables of programs around it: of measuring, of compose files, of its own tests."""
    sources = [*(ROOT / "postroom").rglob("*.py"), *(ROOT / "scripts").iterdir(), ROOT / "compose.dimail.yaml"]
    return {name for path in sources if path.is_file() for name in NAME.findall(path.read_text())}


def test_there_are_settings():
    assert {"POSTROOM_DIR", "DATABASE_URL", "DIMAIL_MODE", "POSTROOM_COPY_ALLOWED_NETWORKS"} <= settings()


def test_each_has_its_row_and_each_row_is_one():
    assert rows() == settings()


def test_no_page_names_one_that_is_not_there():
    known = settings() | {f"{name}_FILE" for name in settings()} | others()
    assert {
        f"{path.relative_to(ROOT)}: {name}"
        for path in pages()
        for name in NAME.findall(path.read_text())
        if name not in known and path.name != "CHANGELOG.md"
    } == set()
