"""A town whose domain is on a remote dimail: what the tests of remote platforms share."""

from postroom.actions import domains, person_mailboxes, setup
from postroom.actions.person_mailboxes import PersonalData
from postroom.core.roles import OPERATOR
from tests import cast
from tests.drivers.dimail.standin import PASSWORD, USER

TOWN = "town.example"
ANN, BEN, CARL = f"ann@{TOWN}", f"ben@{TOWN}", f"carl@{TOWN}"


def add_platform(url, folder, *, user=USER, password=PASSWORD):
    """The first one, so new domains go there; and a company that has to prove its domains."""
    file = folder / "password"
    file.write_text(password)
    file.chmod(0o600)
    settings = {"url": url, "user": user, "password_file": str(file), "webmail": "https://webmail.example"}
    setup.add_platform(cast.origin(), "remote", "dimail", settings)
    cast.company("town", "mayor@town.adm", trusted=False)


def make_domain():
    domains.change(OPERATOR, cast.origin(), TOWN, {"company": "town"}, create_only=True)


def make_mailbox(local_part):
    data = PersonalData(
        local_part=local_part,
        first_name=local_part.title(),
        last_name="Miller",
        secondary_email=f"{local_part}@home.example",
    )
    person_mailboxes.create(OPERATOR, cast.origin(), TOWN, data)
