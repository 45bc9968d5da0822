"""Where the operator's pages are, and search."""

from django.urls import URLPattern, path

from postroom.actions.bulletins import DOMAIN
from postroom.faces.web.operator import (
    administrators,
    brands,
    bulletins,
    companies,
    drift,
    home,
    outbox,
    people,
    platforms,
    programs,
    queue,
    searching,
    workgroups,
)

_COMPANY = "operate/companies/<str:name>/"
_DOMAIN = "operate/domains/<str:name>/"
_PERSON = "operate/people/<int:id>/"
_OF_DOMAIN = {"kind": DOMAIN}

urlpatterns: list[URLPattern] = [
    path("search/", searching.show, name="search"),
    path("operate/", home.home, name="operate_home"),
    path("operate/companies/", companies.listed, name="companies_list"),
    path("operate/new-company/", companies.new, name="company_new"),
    path(_COMPANY, companies.show, name="company_show"),
    path(f"{_COMPANY}trust/", companies.trust, name="company_trust"),
    path(f"{_COMPANY}settings/", companies.settings, name="company_settings"),
    path(f"{_COMPANY}history/", companies.history, name="company_history"),
    path(f"{_COMPANY}administrators/", administrators.administrators, name="administrators"),
    path(f"{_COMPANY}administrators/remove/", administrators.remove, name="administrator_remove"),
    path(f"{_COMPANY}brands/", brands.listed, name="brands_list"),
    path(f"{_COMPANY}brands/new/", brands.new, name="brand_new"),
    path(f"{_COMPANY}brands/show/", brands.show, name="brand_show"),
    path(f"{_COMPANY}brands/preview/", brands.preview, name="brand_preview"),
    path(f"{_COMPANY}brands/remove/", brands.remove, name="brand_remove"),
    path(f"{_COMPANY}bulletins/", bulletins.listed, name="company_bulletins"),
    path(f"{_COMPANY}bulletins/new/", bulletins.new, name="company_bulletin_new"),
    path(f"{_COMPANY}bulletins/show/", bulletins.show, name="company_bulletin_show"),
    path(f"{_COMPANY}bulletins/post/", bulletins.post, name="company_bulletin_post"),
    path(f"{_COMPANY}bulletins/remove/", bulletins.remove, name="company_bulletin_remove"),
    path(f"{_DOMAIN}bulletins/", bulletins.listed, _OF_DOMAIN, name="domain_bulletins"),
    path(f"{_DOMAIN}bulletins/new/", bulletins.new, _OF_DOMAIN, name="domain_bulletin_new"),
    path(f"{_DOMAIN}bulletins/show/", bulletins.show, _OF_DOMAIN, name="domain_bulletin_show"),
    path(f"{_DOMAIN}bulletins/post/", bulletins.post, _OF_DOMAIN, name="domain_bulletin_post"),
    path(f"{_DOMAIN}bulletins/remove/", bulletins.remove, _OF_DOMAIN, name="domain_bulletin_remove"),
    path(f"{_DOMAIN}workgroups/", workgroups.listed, name="workgroups"),
    path(f"{_DOMAIN}workgroups/remove/", workgroups.remove, name="workgroup_remove"),
    path("operate/platforms/", platforms.listed, name="platforms_list"),
    path("operate/new-platform/", platforms.new, name="platform_new"),
    path("operate/platforms/<str:name>/", platforms.show, name="platform_show"),
    path("operate/platforms/<str:name>/ask/", platforms.ask, name="platform_ask"),
    path("operate/platforms/<str:name>/default/", platforms.make_default, name="platform_default"),
    path("operate/work/", queue.show, name="queue"),
    path("operate/work/retry/", queue.retry_all, name="queue_retry_all"),
    path("operate/work/<str:kind>/<int:id>/retry/", queue.retry, name="queue_retry"),
    path("operate/drift/", drift.show, name="drift"),
    path("operate/people/", people.listed, name="persons_list"),
    path("operate/people/new/", people.new, name="person_new"),
    path(_PERSON, people.show, name="person_show"),
    path(f"{_PERSON}disable/", people.disable, name="person_disable"),
    path(f"{_PERSON}enable/", people.enable, name="person_enable"),
    path(f"{_PERSON}factors/", people.remove_factors, name="person_factors"),
    path(f"{_PERSON}unlink/", people.unlink, name="person_unlink"),
    path(f"{_PERSON}promote/", people.promote, name="person_promote"),
    path(f"{_PERSON}demote/", people.demote, name="person_demote"),
    path("operate/e-mails/", outbox.listed, name="outbox"),
    path("operate/e-mails/send/", outbox.send, name="outbox_send"),
    path("operate/programs/", programs.listed, name="programs"),
    path("operate/programs/new/", programs.new, name="client_new"),
    path("operate/programs/dimail/", programs.dimail_account, name="dimail_account"),
    path("operate/programs/<str:client_id>/remove/", programs.remove, name="client_remove"),
]
