from collections.abc import Iterator
from pathlib import Path

import pytest

from postroom.drivers.dimail import access
from postroom.drivers.dimail.driver import Dimail
from postroom.drivers.dimail.wire import Client
from postroom.drivers.dns import where
from tests.drivers.dimail.standin import PASSWORD, USER, StandIn


@pytest.fixture
def there() -> Iterator[StandIn]:
    """The dimail that is driven."""
    standin = StandIn()
    yield standin
    standin.close()


@pytest.fixture
def settings_of(there: StandIn, tmp_path: Path) -> dict[str, object]:
    file = tmp_path / "password"
    file.write_text(f"{PASSWORD}\n")
    file.chmod(0o600)
    return {"url": there.url, "user": USER, "password_file": str(file), "webmail": "https://webmail.example"}


@pytest.fixture
def driver(settings_of: dict[str, object]) -> Iterator[Dimail]:
    """With a clock of its own: what is tried again is tried at once."""
    client = Client(access.read(settings_of), sleep=lambda _: None)
    driver = Dimail(client, where.read({"dns": {"resolver": "127.0.0.1:9", "authoritative": False, "seconds": 0.2}}))
    yield driver
    driver.close()
