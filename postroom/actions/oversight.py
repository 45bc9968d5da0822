"""Questions of the operator about the whole of it."""

from postroom.actions.action import reads
from postroom.store import history
from postroom.store.models import Company, Platform


@reads()
def broken_history() -> list[str]:
    """What is wrong with the history, in sentences; empty when it is whole."""
    return [line for kind in ("company", "domain", "mailbox") for line in history.broken_chains(kind)]


@reads()
def is_set_up() -> bool:
    return Platform.objects.filter(is_default=True).exists() and Company.objects.exists()
