"""Where the mail of one's mailbox goes besides, or instead."""

from typing import Any

from django import forms
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from postroom.actions import mailboxes
from postroom.faces.web.forms import Form
from postroom.faces.web.own import frame
from postroom.faces.web.own.address_lists import AddressesField
from postroom.faces.web.own.values import in_force
from postroom.faces.web.page import Asked, done, page


class Forwarding(Form):
    """Fields are called as the catalogue calls them."""

    use_required_attribute = False  # the addresses are required while mail is sent on

    delivery_forward = forms.BooleanField(required=False, label=gettext_lazy("Send my mail on to other addresses"))
    forward_recipients = AddressesField(
        "forward_recipients",
        rows=3,
        error_messages={"required": gettext_lazy("Type at least one address, or switch the forwarding off.")},
        label=gettext_lazy("To these addresses"),
        help_text=gettext_lazy("One on each line."),
    )
    delivery_local = forms.BooleanField(
        required=False,
        label=gettext_lazy("Keep a copy in this mailbox"),
        help_text=gettext_lazy("Without a copy, what is sent on cannot be found here any more."),
    )
    forward_option_reply_to = forms.CharField(
        required=False,
        max_length=254,
        label=gettext_lazy("Answers to forwarded mail go to"),
        help_text=gettext_lazy("Leave it empty and they go to whoever wrote the mail."),
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )
    forward_option_subject_prefix = forms.CharField(
        required=False, max_length=128, label=gettext_lazy("Put before the subject of forwarded mail")
    )
    forward_option_restricted = forms.BooleanField(
        required=False,
        label=gettext_lazy("A closed list: only mail from those addresses is sent on"),
        help_text=gettext_lazy("What others write is kept here, or sent back where no copy is kept."),
    )
    MORE = ("forward_option_reply_to", "forward_option_subject_prefix", "forward_option_restricted")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.is_bound and not self.data.get("delivery_forward"):
            self.fields["forward_recipients"].required = False

    def attributes(self) -> dict[str, object]:
        """Mail that is not sent on stays here, whatever was ticked."""
        given = self.cleaned_data
        return {**given, "delivery_local": given["delivery_local"] or not given["delivery_forward"]}

    @property
    def more(self) -> list[forms.BoundField]:
        """Few need them."""
        return [self[name] for name in self.MORE]

    @property
    def shows_more(self) -> bool:
        return any(field.value() or field.errors for field in self.more)


@page(holder=True)
def forward(request: Asked) -> HttpResponse:
    if request.method == "POST":
        form = Forwarding(request.POST)
        if form.is_valid():
            with form.catching():
                mailboxes.change(request.auth, request.origin, request.shown.has_mailbox, form.attributes())
                return done(request, _told(form), to=request.path)
    else:
        form = Forwarding(initial=in_force(request))
    return frame.shown(request, "my_forward", "forward", {"form": form}, status=form.status)


def _told(form: Forwarding) -> str:
    if form.cleaned_data["delivery_forward"]:
        return _("Your mail is sent on from now on.")
    return _("Your mail stays in this mailbox.")
