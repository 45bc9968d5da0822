"""Inviting people to acme.example, for tests of what becomes of it."""

import re
from datetime import UTC, datetime, timedelta

from django.conf import settings as configuration

from postroom.actions import invitations
from postroom.store.models import Access, History, OutgoingMail
from tests import cast

NEW = "new@guest.example"
OTHER = "other.example"
START = datetime(2026, 11, 21, 12, tzinfo=UTC)
WEEK = timedelta(seconds=configuration.INVITATION_SECONDS)


def invite(email=NEW, role="viewer", asker=cast.OLGA, at=START, domain=cast.ACME):
    return invitations.create(cast.person_actor(asker), cast.origin(at), domain, email, role)


def accept(person, at=START):
    return invitations.accept(person.pk, cast.origin(at))


def mails():
    return list(OutgoingMail.objects.filter(purpose="invitation").order_by("id"))


def token():
    """Of the newest e-mail."""
    return re.search(r"/invitations/(\w+)", mails()[-1].text)[1]


def role_of(person, domain=cast.ACME):
    return Access.objects.filter(person=person, domain__name=domain).values_list("role", flat=True).first()


def newest():
    """The newest entry of the domain's history."""
    return History.objects.filter(kind="domain", name=cast.ACME).latest("id")
