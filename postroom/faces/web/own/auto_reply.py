"""The answer that whoever writes gets by itself: while somebody is away."""

from datetime import datetime, tzinfo
from typing import Any, Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django import forms
from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from postroom.actions import mailboxes
from postroom.core.catalogue.attribute import Settings, Value
from postroom.faces.web.forms import Form
from postroom.faces.web.own import frame
from postroom.faces.web.own.values import answers_now, in_force, moment
from postroom.faces.web.page import Asked, done, page

_MINUTES: Final = "%Y-%m-%dT%H:%M"
_INTERVALS: Final = (0, 1, 12, 24, 72, 168)
"""Hours that are offered; another one that is set is offered too."""
_LONGEST_TEXT: Final = 4000


class AutoReply(Form):
    """Fields are called as the catalogue calls them."""

    use_required_attribute = False  # the text is required while mail is answered

    delivery_autoresponder = forms.BooleanField(required=False, label=gettext_lazy("Answer my mail automatically"))
    autoresponder = forms.CharField(
        error_messages={"required": gettext_lazy("Write what the answer says.")},
        max_length=_LONGEST_TEXT,
        label=gettext_lazy("The answer"),
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text=gettext_lazy("Everybody who writes to you can read it, strangers too. Spam is not answered."),
    )
    autoresponder_option_enddate = forms.DateTimeField(
        required=False,
        label=gettext_lazy("Until"),
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format=_MINUTES),
        input_formats=[_MINUTES, "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M", "%d/%m/%Y %H:%M"],
    )
    autoresponder_option_interval = forms.TypedChoiceField(
        label=gettext_lazy("To the same sender"), coerce=int, choices=()
    )

    def __init__(self, settings: Settings, now: datetime, data: Any = None) -> None:
        super().__init__(data, initial=_initial(settings))
        self._now = now
        hours = self.initial["autoresponder_option_interval"]
        offered = [(each, _interval(each)) for each in sorted({*_INTERVALS, hours})]
        self.offer("autoresponder_option_interval", offered)
        self.fields["autoresponder_option_enddate"].help_text = _(
            "Leave it empty and answers go on until you switch them off. Time zone: %(zone)s."
        ) % {"zone": timezone.get_current_timezone_name()}
        if self.is_bound and not self.data.get("delivery_autoresponder"):
            self.fields["autoresponder"].required = False

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or self.cleaned_data
        if given.get("delivery_autoresponder"):
            end = given.get("autoresponder_option_enddate")
            if end is not None and end <= self._now:
                self.add_error("autoresponder_option_enddate", _("This time is over. Choose a later one, or none."))
        return given

    def attributes(self) -> dict[str, object]:
        end = self.cleaned_data["autoresponder_option_enddate"]
        return {**self.cleaned_data, "autoresponder_option_enddate": int(end.timestamp()) if end else None}


def _interval(hours: int) -> str:
    if hours == 0:
        return _("an answer to every mail")
    if hours % 24 == 0:
        days = hours // 24
        return ngettext("one answer in %(n)s day", "one answer in %(n)s days", days) % {"n": days}
    return ngettext("one answer in %(n)s hour", "one answer in %(n)s hours", hours) % {"n": hours}


@page(holder=True)
def auto_reply(request: Asked) -> HttpResponse:
    settings = in_force(request)
    with timezone.override(_zone(settings)):
        return _answered(request, settings)


def _zone(settings: Settings) -> tzinfo:
    """Whoever has not said in their account where they are has perhaps said it of the mailbox."""
    own = timezone.get_current_timezone()
    if timezone.get_current_timezone_name() != "UTC":
        return own
    try:
        return ZoneInfo(str(settings.get("timezone") or "UTC"))
    except (ZoneInfoNotFoundError, ValueError):
        return own


def _answered(request: Asked, settings: Settings) -> HttpResponse:
    form = AutoReply(settings, request.origin.at, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        with form.catching():
            mailboxes.change(request.auth, request.origin, request.shown.has_mailbox, form.attributes())
            is_on = form.cleaned_data["delivery_autoresponder"]
            words = _("Whoever writes to you gets your answer from now on.") if is_on else _("Nobody is answered.")
            return done(request, words, to=request.path)
    now = request.origin.at.timestamp()
    context = {"form": form, "is_on": answers_now(settings, now), "has_ended": _has_ended(settings, now)}
    return frame.shown(request, "my_auto_reply", "auto_reply", context, status=form.status)


def _has_ended(settings: Settings, now: float) -> datetime | None:
    """When, where the answer is switched on and sends nothing any more."""
    end = moment(settings.get("autoresponder_option_enddate"))
    return end if settings.get("delivery_autoresponder") and end and end.timestamp() <= now else None


def _initial(settings: Settings) -> dict[str, Any]:
    found: dict[str, Value] = {name: settings.get(name) for name in AutoReply.base_fields}
    hours = found["autoresponder_option_interval"]
    return {
        **found,
        "autoresponder_option_enddate": moment(found["autoresponder_option_enddate"]),
        "autoresponder_option_interval": hours if isinstance(hours, int) else 24,
    }
