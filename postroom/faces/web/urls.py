"""All pages. Each part has its own urls.py; what stands first is found first."""

from django.urls import URLPattern, URLResolver, path

from postroom.faces.web import code_page, dns_page, downloads, inbox_page, views
from postroom.faces.web.account.urls import urlpatterns as account
from postroom.faces.web.demo.urls import urlpatterns as demo
from postroom.faces.web.domains.urls import urlpatterns as domains
from postroom.faces.web.explain.urls import urlpatterns as explain
from postroom.faces.web.hub.urls import urlpatterns as hub
from postroom.faces.web.mailboxes.urls import urlpatterns as mailboxes
from postroom.faces.web.operator.urls import urlpatterns as operator
from postroom.faces.web.own.urls import urlpatterns as own
from postroom.faces.web.sign_in.urls import urlpatterns as sign_in
from postroom.faces.web.statistics.urls import urlpatterns as statistics

urlpatterns: list[URLPattern | URLResolver] = [
    path("", views.start, name="start"),
    path("healthz", views.health, name="health"),
    path("language/", views.language, name="language"),
    path("api/oma_file/get", downloads.download, name="download"),
    path("code/done/", code_page.done, name="code_done"),
    path("code/<str:code>/", code_page.page, name="code_page"),
    path("demo/inbox", inbox_page.inbox, name="inbox"),
    path("demo/inbox/<int:number>", inbox_page.mail, name="inbox_mail"),
    path("demo/inbox/<int:number>/html", inbox_page.body, name="inbox_body"),
    path("dns/<str:token>", dns_page.page, name="dns_page"),
    path("dns/<str:token>/zone", dns_page.zone, name="dns_zone"),
    *demo,
    *sign_in,
    *account,
    *domains,
    *mailboxes,  # after the domains': /domains/new/ is no domain
    *own,
    *operator,
    *hub,
    *explain,
    *statistics,
]
