from django.urls import URLPattern, URLResolver, path, re_path

from postroom.faces.oidc_provider.urls import urlpatterns as oidc_provider
from postroom.faces.rest import docs as rest_docs
from postroom.faces.rest.api import api as rest
from postroom.faces.rest.api import unknown
from postroom.faces.web import error_pages
from postroom.faces.web.urls import urlpatterns as pages

urlpatterns: list[URLPattern | URLResolver] = [
    *pages,
    *oidc_provider,
    path("api/v1.0/openapi.json", rest_docs.document),
    path("api/v1.0/docs", rest_docs.page),
    path("api/v1.0/docs/<str:name>", rest_docs.file),
    path("api/v1.0/", unknown),
    path("api/v1.0/", rest.urls),
    re_path(r"^api/v1\.0(?:/.*)?$", unknown),
]

handler400 = error_pages.senseless
handler404 = error_pages.missing
