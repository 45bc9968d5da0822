"""How many mailboxes a domain has is known without counting them, whoever wrote them."""

import pytest
from django.db.models import Count

from postroom.actions import domains, mailbox_removal, mailboxes
from postroom.core.roles import OPERATOR
from postroom.store.models import Domain, DomainSize, Mailbox
from tests import cast

pytestmark = pytest.mark.usefixtures("acme")
ANN = f"ann@{cast.ACME}"


def known():
    return dict(DomainSize.objects.values_list("domain__name", "mailboxes"))


def counted():
    living = Mailbox.objects.filter(deleted_at=None).order_by().values_list("domain__name")
    return dict(living.annotate(Count("id")))


def copies(number, **values):
    """Not saved."""
    uma = cast.row(cast.UMA)
    fields = {field.attname: getattr(uma, field.attname) for field in Mailbox._meta.concrete_fields}
    return [Mailbox(**{**fields, "id": None, "address": f"m{n}@{cast.ACME}", **values}) for n in range(number)]


def make():
    mailboxes.change(OPERATOR, cast.origin(), ANN, {"password": cast.HASH}, create_only=True)


def delete():
    mailbox_removal.delete(OPERATOR, cast.origin(), cast.UMA)


def restore():
    delete()
    mailbox_removal.restore(OPERATOR, cast.origin(), cast.UMA, None, None)


def make_many():
    Mailbox.objects.bulk_create([*copies(30), *copies(5, deleted_at=1)])


def change():
    Mailbox.objects.filter(domain__name=cast.ACME).update(status="failed", deleted_at=None)


def erase():
    """One that lives and one that does not."""
    delete()
    Mailbox.objects.filter(address__in=[cast.UMA, cast.MAX]).delete()


@pytest.mark.parametrize(
    ("step", "left"), [(make, 5), (delete, 3), (restore, 4), (make_many, 34), (change, 4), (erase, 2)]
)
def test_what_is_known_is_what_is_there(step, left):
    step()
    assert known()[cast.ACME] == left
    assert known() == counted()


def test_a_mailbox_that_moves_counts_where_it_is():
    domains.change(OPERATOR, cast.origin(), "new.example", {"company": "acme"}, create_only=True)
    assert "new.example" not in known()
    delete()  # those that are gone count nowhere
    Mailbox.objects.filter(domain__name=cast.ACME).update(domain=Domain.objects.get(name="new.example"))
    assert (known()[cast.ACME], known()["new.example"]) == (0, 3)
