from django.urls import path

from postroom.faces.web.hub import attribute_pages, call_pages, error_pages, oma_pages, pages, role_pages

urlpatterns = [
    path("docs/", pages.home, name="hub_home"),
    path("docs/guides/<str:slug>/", pages.guide, name="hub_guide"),
    path("docs/oma/", oma_pages.index, name="hub_oma"),
    path("docs/oma/<str:name>/", oma_pages.method, name="hub_oma_method"),
    path("docs/attributes/<str:level>/", attribute_pages.listed, name="hub_attributes"),
    path("docs/errors/", error_pages.listed, name="hub_errors"),
    path("docs/roles/", role_pages.listed, name="hub_roles"),
    path("docs/rest/", call_pages.rest, name="hub_rest"),
    path("docs/dimail/", call_pages.dimail, name="hub_dimail"),
    path("docs/changes/", pages.changes, name="hub_changes"),
    path("docs/search/", pages.search, name="hub_search"),
]
