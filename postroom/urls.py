from django.urls import URLPattern, path

from postroom.faces.web import views

urlpatterns: list[URLPattern] = [
    path("", views.start, name="start"),
    path("healthz", views.health, name="health"),
]
