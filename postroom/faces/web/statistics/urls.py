"""Where the pages of statistics are."""

from django.urls import URLPattern, path

from postroom.faces.web.statistics import views

urlpatterns: list[URLPattern] = [path("statistics/", views.show, name="statistics")]
