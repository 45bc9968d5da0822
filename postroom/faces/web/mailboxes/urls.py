from django.urls import URLPattern, path

from postroom.faces.web.mailboxes import addresses, aliases, bulk, changing, deleted, making, sheets, showing, steps

_DOMAIN = "domains/<str:name>/"
_MAILBOX = f"{_DOMAIN}mailboxes/<str:local_part>/"
_ALIAS = f"{_DOMAIN}aliases/<str:local_part>/"

urlpatterns: list[URLPattern] = [
    path(_DOMAIN, addresses.listed, name="mailboxes_list"),
    path(f"{_DOMAIN}new/", making.new, name="mailbox_new"),
    path(f"{_DOMAIN}bulk/", bulk.many, name="mailboxes_bulk"),
    path(f"{_DOMAIN}import/", sheets.begin, name="mailboxes_import"),
    path(f"{_DOMAIN}import/example.csv", sheets.example, name="mailboxes_import_example"),
    path(f"{_DOMAIN}import/preview/", sheets.preview, name="mailboxes_import_preview"),
    path(f"{_DOMAIN}import/progress/", sheets.progress, name="mailboxes_import_progress"),
    path(f"{_DOMAIN}export/", sheets.export, name="mailboxes_export"),
    path(f"{_DOMAIN}deleted/", deleted.listed, name="mailboxes_deleted"),
    path(f"{_DOMAIN}deleted/<int:number>/", deleted.restore, name="mailbox_restore"),
    path(f"{_DOMAIN}aliases/", aliases.listed, name="aliases_list"),
    path(f"{_DOMAIN}aliases-new/", aliases.new, name="alias_new"),
    path(_ALIAS, aliases.show, name="alias_show"),
    path(f"{_ALIAS}remove/", aliases.remove, name="alias_remove"),
    path(f"{_ALIAS}delete/", aliases.delete, name="alias_delete"),
    path(_MAILBOX, showing.show, name="mailbox_show"),
    path(f"{_MAILBOX}settings/", showing.settings, name="mailbox_settings"),
    path(f"{_MAILBOX}history/", showing.history, name="mailbox_history"),
    path(f"{_MAILBOX}edit/", changing.edit, name="mailbox_edit"),
    path(f"{_MAILBOX}rename/", changing.rename, name="mailbox_rename"),
    path(f"{_MAILBOX}further/", changing.further, name="mailbox_further"),
    path(f"{_MAILBOX}further/remove/", changing.further_remove, name="mailbox_further_remove"),
    *(
        path(
            f"{_MAILBOX}{verb}/",
            changing.step_asked if step.asks else changing.step_now,
            {"verb": verb},
            name=f"mailbox_{verb.replace('-', '_')}",
        )
        for verb, step in steps.STEPS.items()
    ),
]
