"""What is refused of a platform's settings, and what is not, before they are kept."""

import msgspec
import pytest

from postroom import drivers
from postroom.drivers.contract import PermanentFailure
from postroom.drivers.mailstack import layout


@pytest.fixture
def least(tmp_path):
    """The least that each driver needs."""
    plan = layout.private(tmp_path, 20000, layout.Database(path=tmp_path / "x.sqlite3"))
    (tmp_path / "mail.json").write_bytes(msgspec.json.encode(plan.facts()))
    administrator = {"user": "oxadmin", "password_file": "/etc/ox"}
    ssh = {"host": "ox.example", "user": "ox", "key": "/etc/key", "known_hosts": "/etc/hosts"}
    return {
        "fake": {"path": ":memory:"},
        "mailstack": {"dir": str(tmp_path)},
        "dimail": {"url": "https://dimail.example", "user": "x", "password_file": "/etc/dimail"},
        "openxchange": {"ssh": ssh, "context_admin": administrator, "dns": {"mx": ["mx.acme.example"]}},
    }


EACH = pytest.mark.parametrize("driver", ["fake", "mailstack", "dimail", "openxchange"])


@EACH
def test_every_driver_takes_what_any_platform_has(least, driver):
    more = {"devices": {}, "imap_host": "imap.acme.example", "imap_port": 143}
    dns = {"mx": ["mx.acme.example"], "seconds": 3}
    drivers.try_out(driver, {**least[driver], **more, "dns": dns})


@EACH
def test_null_is_as_good_as_nothing(least, driver):
    drivers.try_out(driver, {**least[driver], "devices": None, "imap_host": None, "imap_port": None})


@EACH
def test_a_name_that_nobody_reads_is_refused_with_those_that_there_are(least, driver):
    with pytest.raises(PermanentFailure) as refused:
        drivers.try_out(driver, {**least[driver], "nonsense": {}})
    for name in ("nonsense", "dns, devices, imap_host, imap_port", *least[driver]):
        assert name in refused.value.reason


@EACH
@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("dns", []), ("dns", ""), ("dns", False), ("dns", {"nonsense": 1}), ("devices", []), ("imap_host", ""),
        ("imap_host", 7), ("imap_port", "143"), ("imap_port", 0), ("imap_port", True), ("imap_port", 65536),
    ],
)  # fmt: skip
def test_a_value_of_the_wrong_type_is_refused_by_its_name(least, driver, name, value):
    with pytest.raises(PermanentFailure, match=name):
        drivers.try_out(driver, {**least[driver], name: value})


@EACH
def test_what_a_driver_needs_must_be_there(least, driver):
    for name in least[driver]:
        with pytest.raises(PermanentFailure, match=name):
            drivers.try_out(driver, {key: value for key, value in least[driver].items() if key != name})


@EACH
def test_what_a_driver_needs_must_be_of_its_type(least, driver):
    for name in least[driver]:
        with pytest.raises(PermanentFailure, match=name):
            drivers.try_out(driver, {**least[driver], name: 7})


def test_only_new_names_are_looked_at_where_others_were_kept_before(least):
    drivers.try_out("fake", {**least["fake"], "old": 1, "imap_port": 143}, new=["imap_port"])


def test_of_a_driver_that_is_gone_nothing_is_said():
    assert drivers.unknown_settings("vapour", {"nonsense": 1}) == []


def test_an_unknown_driver_is_refused():
    with pytest.raises(PermanentFailure, match="vapour"):
        drivers.try_out("vapour", {"nonsense": 1})
