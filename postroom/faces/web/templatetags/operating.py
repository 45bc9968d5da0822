"""Filters of the operator's pages."""

from django import template
from django.contrib.humanize.templatetags.humanize import intcomma
from django.utils.translation import gettext as _

from postroom.actions.queue import MOST
from postroom.faces.web.operator import words

register = template.Library()


@register.filter
def job_word(kind: str) -> str:
    return words.job(kind)


@register.filter
def driver_word(driver: str) -> str:
    return _(words.DRIVERS.get(driver, driver))


@register.filter
def admin_role(role: str) -> str:
    return words.role(role)


@register.filter
def about(number: int) -> str:
    """A number that is not counted beyond MOST."""
    written = intcomma(number)
    return _(words.MORE) % {"number": written} if number >= MOST else written


@register.inclusion_tag("web/badge.html")
def mail_badge(status: str) -> dict[str, str]:
    return _badge(words.MAILS.get(status, ("off", status)))


@register.inclusion_tag("web/badge.html")
def state_badge(status: str) -> dict[str, str]:
    """Of a mailbox."""
    return _badge(words.MAILBOXES.get(status, ("off", status)))


def _badge(found: tuple[str, str]) -> dict[str, str]:
    return {"kind": found[0], "text": _(found[1])}
