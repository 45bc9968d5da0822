"""The way in that a platform makes itself, for a letter to the holder of a mailbox."""

from postroom.core.letters.mailbox import Way
from postroom.drivers.contract import Credentials


def way_in(credentials: Credentials, address: str, limits: tuple[int, int], *, password: bool, webmail: str) -> Way:
    """`limits`: seconds and uses of a link. `password`: a new one in its place, which ends the old one.

    Raises TemporaryFailure, PermanentFailure.
    """
    if password:
        return Way(password=credentials.new_password(address), webmail=webmail)
    seconds, uses = limits
    code = credentials.login_code(address, seconds=seconds, uses=uses)
    return Way(link=code.url, seconds=code.seconds, uses=code.uses, signs_in=True)
