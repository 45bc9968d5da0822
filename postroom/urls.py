from django.urls import URLPattern, URLResolver, path, re_path

from postroom.faces.oidc_provider.urls import urlpatterns as oidc_provider
from postroom.faces.rest import docs as rest_docs
from postroom.faces.rest.api import api as rest
from postroom.faces.rest.api import unknown
from postroom.faces.web import code_page, dns_page, downloads, inbox_page, views

urlpatterns: list[URLPattern | URLResolver] = [
    path("", views.start, name="start"),
    path("healthz", views.health, name="health"),
    path("api/oma_file/get", downloads.download, name="download"),
    path("code/done/", code_page.done, name="code_done"),
    path("code/<str:code>/", code_page.page, name="code_page"),
    path("demo/inbox", inbox_page.inbox, name="inbox"),
    path("demo/inbox/<int:number>", inbox_page.mail, name="inbox_mail"),
    path("demo/inbox/<int:number>/html", inbox_page.body, name="inbox_body"),
    path("dns/<str:token>", dns_page.page, name="dns_page"),
    path("dns/<str:token>/zone", dns_page.zone, name="dns_zone"),
    *oidc_provider,
    path("api/v1.0/openapi.json", rest_docs.document),
    path("api/v1.0/docs", rest_docs.page),
    path("api/v1.0/docs/<str:name>", rest_docs.file),
    path("api/v1.0/", unknown),
    path("api/v1.0/", rest.urls),
    re_path(r"^api/v1\.0(?:/.*)?$", unknown),
]
