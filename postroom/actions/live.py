"""The few questions that must go to a mail platform now."""

from collections.abc import Mapping

from postroom.core.errors import NotFound
from postroom.drivers import make
from postroom.drivers.fake import FakePlatform
from postroom.store.models import Platform


def command_fake(name: str, arguments: Mapping[str, object]) -> dict[str, object]:
    """Tell the fake platform what to do. Only where the operator has switched its control surface on.

    Raises NotFound without a fake platform, BadRequest for an unknown command or wrong arguments.
    """
    platform = Platform.objects.filter(driver="fake").order_by("id").first()
    if platform is None:
        raise NotFound("there is no fake platform here")
    driver = make(platform.driver, platform.settings)
    assert isinstance(driver, FakePlatform)
    return driver.command(name, arguments)
