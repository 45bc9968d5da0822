"""Why something failed, as pages show it."""

from django import template
from django.utils.html import format_html

from postroom.faces.web import details

register = template.Library()


@register.filter
def failure(text: str) -> str:
    """What a server itself said stays as it is, and is marked as being in another language than the page."""
    told = details.of_failure(text)
    return told if details.is_told(text) else format_html('<span lang="en">{}</span>', told)
