"""Where the pages of explanations are."""

from django.urls import URLPattern, path

from postroom.faces.web.explain import views

urlpatterns: list[URLPattern] = [path("explain/", views.show, name="explain")]
