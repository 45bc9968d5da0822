"""`python -m tests.processes.rest_seed`: fills the deployment of the environment with the cast; prints API keys."""

import json
import os
import sys

import django

PASSWORD = "kettle-Drum-41-violet"
"""Nora's."""


def fill() -> dict[str, str]:
    from django.core.management import call_command

    from postroom.actions import aliases, api_keys, invitations, person_mailboxes, persons
    from postroom.actions.api_keys import KeyWish
    from postroom.actions.new_passwords import of_person
    from postroom.actions.person_mailboxes import PersonalData
    from postroom.worker import loop
    from tests import cast

    call_command("migrate", verbosity=0, interactive=False)
    cast.acme(f"{os.environ['POSTROOM_DIR']}/platform.sqlite3")
    cast.people()
    cast.person("operator@home.example", is_operator=True)
    olga, origin = cast.person_actor(cast.OLGA), cast.origin()
    aliases.create(olga, origin, cast.ACME, "info", cast.UMA)
    invitations.create(olga, origin, cast.ACME, "guest@else.example", "viewer")
    zoe = PersonalData(local_part="zoe", first_name="Zoe", last_name="Zed", secondary_email="zoe@home.example")
    person_mailboxes.create(olga, origin, cast.ACME, zoe)
    loop.until_idle(lambda: loop.milliseconds() + 1000)
    nora = cast.person(cast.NORA)
    persons.set_hash(nora.pk, "tests", origin, of_person(PASSWORD, cast.NORA, ""))
    askers = {"owner": cast.OLGA, "operator": "operator@home.example"}
    wish = KeyWish(name="schemathesis")
    return {who: api_keys.create(cast.person_actor(email), origin, wish).token for who, email in askers.items()}


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "postroom.settings")
    django.setup()
    json.dump(fill(), sys.stdout)
