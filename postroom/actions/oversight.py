"""Questions of the operator about the whole of it."""

from django.conf import settings as configuration

from postroom.actions.action import reads
from postroom.store import history
from postroom.store.models import Company, Platform


@reads()
def broken_history() -> list[str]:
    """What is wrong with the history, in sentences; empty when it is whole."""
    return [line for kind in history.KINDS for line in history.broken_chains(kind)]


@reads()
def is_set_up() -> bool:
    return Platform.objects.filter(is_default=True).exists() and Company.objects.exists()


@reads()
def trusts_people() -> bool:
    """Whether domains that people add would need no proof (actions/domain_claims.py)."""
    return Company.objects.filter(name=configuration.PEOPLE_COMPANY, trusted=True).exists()
