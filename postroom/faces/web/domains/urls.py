"""Where the pages of domains are."""

from django.urls import URLPattern, path

from postroom.faces.web.domains import adding, dns, ending, history, listing, people, settings, usage

urlpatterns: list[URLPattern] = [
    path("domains/", listing.listed, name="domains_list"),
    path("domains/new/", adding.new, name="domain_new"),
    path("domains/deleted/", listing.deleted, name="domains_deleted"),
    path("domains/deleted/<str:name>/restore/", listing.restore, name="domain_restore"),
    path("domains/history/<int:id>/undo/", history.undo_entry, name="history_undo"),
    path("domains/<str:name>/dns/", dns.show, name="domain_dns"),
    path("domains/<str:name>/dns/check/", dns.check, name="domain_check"),
    path("domains/<str:name>/dns/zone/", dns.zone, name="domain_zone"),
    path("domains/<str:name>/dns/key/", dns.new_key, name="domain_key"),
    path("domains/<str:name>/people/", people.show, name="domain_people"),
    path("domains/<str:name>/people/<int:id>/role/", people.change_role, name="domain_role"),
    path("domains/<str:name>/people/<int:id>/remove/", people.remove, name="domain_access_remove"),
    path("domains/<str:name>/invitations/<int:id>/send/", people.send_again, name="domain_invitation_send"),
    path("domains/<str:name>/invitations/<int:id>/remove/", people.withdraw, name="domain_invitation_remove"),
    path("domains/<str:name>/settings/", settings.show, name="domain_settings"),
    path("domains/<str:name>/history/", history.show, name="domain_history"),
    path("domains/<str:name>/usage/", usage.show, name="domain_usage"),
    path("domains/<str:name>/disable/", ending.disable, name="domain_disable"),
    path("domains/<str:name>/enable/", ending.enable, name="domain_enable"),
    path("domains/<str:name>/delete/", ending.delete, name="domain_delete"),
]
