"""In FAKE mode the mail platform has what a call has changed before the call is answered."""

import threading

from postroom.actions.lane import LANE
from postroom.worker import loop

_WORKING = threading.Lock()


def bring() -> None:
    """What the worker does elsewhere, except checks: here a domain is checked when somebody asks for it."""
    with _WORKING, LANE:
        while loop.round_once():
            pass
