"""What the demo adds to other pages. Draws nothing where its control surface is off."""

from collections.abc import Mapping
from typing import Any

from django import template
from django.conf import settings

register = template.Library()


@register.inclusion_tag("web/demo/dns_button.html", takes_context=True)
def demo_dns_button(context: Mapping[str, Any], domain: str) -> dict[str, Any]:
    return {"is_demo": settings.FAKE_CONTROL, "domain": domain, "csrf_token": context.get("csrf_token")}
