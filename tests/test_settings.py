"""What settings make no sense is said by name, before anything begins."""

import runpy
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

SOURCE = Path(__file__).resolve().parents[1] / "postroom" / "settings.py"


@pytest.fixture
def read(monkeypatch, tmp_path):
    monkeypatch.setenv("POSTROOM_DIR", str(tmp_path))
    (tmp_path / "noise").write_bytes(b"\xff\xfe\x00")

    def run(**variables):
        for name, value in variables.items():
            monkeypatch.setenv(name, value.format(here=tmp_path))
        return runpy.run_path(str(SOURCE))

    return run


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DATABASE_URL", "mysql://x/y"),
        ("DATABASE_URL", "garbage"),
        ("POSTROOM_SECRET_KEY_FILE", "{here}/nothing"),
        ("POSTROOM_SECRET_KEY_FILE", "{here}/noise"),
        ("POSTROOM_LOG_LEVEL", "loud"),
        ("POSTROOM_RESTORE_DAYS", "0"),
        ("POSTROOM_FAKE_CONTROL", "yes"),
        ("POSTROOM_REST_WRITES", "many"),
        ("POSTROOM_COPY_ALLOWED_NETWORKS", "10.0.0.1/99"),
        ("DIMAIL_MODE", "fake"),
    ],
)
def test_nonsense_is_refused_by_name(read, name, value):
    with pytest.raises(ImproperlyConfigured, match=name):
        read(**{name: value})


def test_letters_of_a_log_level_may_be_small(read):
    assert read(POSTROOM_LOG_LEVEL="debug")["LOGGING"]["root"]["level"] == "DEBUG"
