"""The page of plots: of a domain, a company, or all that somebody may see."""

from typing import Any, Final
from urllib.parse import urlencode

import msgspec
from django import forms
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from postroom.actions import statistics_series
from postroom.actions.statistics_series import Series
from postroom.faces.web.forms import Form
from postroom.faces.web.page import Asked, page, render
from postroom.faces.web.statistics import charts

_KINDS: Final = (("day", _("30 days")), ("month", _("12 months")))


class Scope(Form):
    domain = forms.CharField(
        label=_("Domain"),
        required=False,
        max_length=400,
        widget=forms.TextInput(attrs={"list": "domains", "autocapitalize": "none", "autocomplete": "off"}),
    )


class Tab(msgspec.Struct, frozen=True):
    label: str
    href: str
    is_here: bool


@page(methods=("GET",))
def show(request: Asked) -> HttpResponse:
    kind = "month" if request.GET.get("by") == "month" else "day"
    company = request.GET.get("company", "")
    form = Scope(request.GET if "domain" in request.GET else None)
    context: dict[str, Any] = {"form": form, "by": kind}
    if not form.is_bound or form.is_valid():
        with form.catching({"": "domain"}):
            series = _series(request, form.cleaned_data["domain"] if form.is_bound else "", company, kind)
            context |= {"series": series, "charts": [] if series.is_empty else charts.charts(series, kind)}
    context |= {"domains": statistics_series.domains(request.auth), "tabs": _tabs(request, kind)}
    return render(request, "web/statistics/statistics.html", context, status=form.status)


def _series(request: Asked, domain: str, company: str, kind: str) -> Series:
    if domain:
        return statistics_series.of_domain(request.auth, request.origin, domain, kind)
    if company:
        return statistics_series.of_company(request.auth, request.origin, company, kind)
    return statistics_series.of_all(request.auth, request.origin, kind)


def _tabs(request: Asked, kind: str) -> list[Tab]:
    kept = {name: request.GET[name] for name in ("domain", "company") if request.GET.get(name)}
    here = reverse("statistics")
    return [Tab(str(label), f"{here}?{urlencode({**kept, 'by': name})}", name == kind) for name, label in _KINDS]
