"""What holds for one's mailbox."""

from collections.abc import Mapping
from datetime import UTC, datetime

from postroom.actions import settings_view
from postroom.core.catalogue.attribute import Value
from postroom.faces.web.page import Asked


def in_force(request: Asked) -> dict[str, Value]:
    """Its settings, by the names that the catalogue gives them."""
    found = settings_view.of_mailbox(request.auth, request.shown.has_mailbox)
    return {name: setting.value for name, setting in found.items()}


def texts(value: Value) -> list[str]:
    return [one for one in value if isinstance(one, str)] if isinstance(value, list) else []


def moment(seconds: Value) -> datetime | None:
    return datetime.fromtimestamp(seconds, UTC) if isinstance(seconds, int) and seconds else None


def answers_now(settings: Mapping[str, Value], now: float) -> bool:
    """Whether who writes gets the automatic answer: it is switched on, says something, and has not ended."""
    end = settings.get("autoresponder_option_enddate")
    has_ended = isinstance(end, int) and 0 < end <= now
    return bool(settings.get("delivery_autoresponder") and settings.get("autoresponder")) and not has_ended
