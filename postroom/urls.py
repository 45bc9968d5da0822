from django.urls import URLPattern, path

from postroom.faces.web import downloads, views

urlpatterns: list[URLPattern] = [
    path("", views.start, name="start"),
    path("healthz", views.health, name="health"),
    path("api/oma_file/get", downloads.download, name="download"),
]
