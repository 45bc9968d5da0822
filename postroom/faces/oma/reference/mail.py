"""Mail that is there, and its filters: the part of oma.md section 5.5 that asks the mail servers."""

from collections.abc import Mapping
from typing import Final

from postroom.actions import contacts, stored_mail
from postroom.core.errors import BadAttribute, FolderNotFound, IsAlias, NotFound, PlatformAway
from postroom.core.languages import Text
from postroom.faces.oma.reference.entry import Entry, Field, Kind, Subject, user

_IDS: Final = Field("ids", Kind.TEXTS, Text(en="Which ones.", fr="Lesquels."), required=True)
_EACH: Final = {
    "success": True,
    "ids": [{"id": "1", "success": False, "error_number": 2, "error": "The requested object does not exist"}],
}
_AWAY: Final = (NotFound, IsAlias, PlatformAway)

MAIL: Final[Mapping[str, Entry]] = {
    "get_user_folders": Entry(
        subject=Subject.MAIL,
        says=Text(en="The folders of a mailbox.", fr="Les dossiers d’une boîte aux lettres."),
        more=Text(
            en="A dot stands between the parts of a path: `Archive.2026`.",
            fr="Un point sépare les parties d’un chemin : `Archive.2026`.",
        ),
        actions=(stored_mail.folders,),
        fields=(user(),),
        example={"user": "uma@acme.example"},
        answer={"success": True, "folders": ["INBOX"], "deleted_folders": []},
        fails=_AWAY,
    ),
    "get_user_messages": Entry(
        subject=Subject.MAIL,
        says=Text(en="The messages in a folder.", fr="Les messages d’un dossier."),
        more=Text(
            en="At most 1000 a call; without `recent` the oldest.",
            fr="1000 par appel au plus ; sans `recent`, les plus anciens.",
        ),
        actions=(stored_mail.messages,),
        fields=(
            user(),
            Field("folder", Kind.TEXT, Text(en="The folder. Without it INBOX.", fr="Le dossier. Sans lui, INBOX.")),
            Field("limit", Kind.NUMBER, Text(en="How many.", fr="Combien.")),
            Field(
                "recent", Kind.FLAG, Text(en="The newest first; with `limit`.", fr="Les plus récents ; avec `limit`.")
            ),
            Field(
                "unseen",
                Kind.FLAG,
                Text(en="Only those that nobody has looked at.", fr="Seulement ceux que personne n’a vus."),
            ),
        ),
        example={"user": "uma@acme.example", "unseen": True, "recent": True, "limit": 5},
        answer={"success": True, "count": 0, "messages": []},
        fails=(*_AWAY, FolderNotFound),
    ),
    "move_user_messages": Entry(
        subject=Subject.MAIL,
        says=Text(en="Move messages to another folder.", fr="Déplacer des messages vers un autre dossier."),
        more=Text(
            en="The folder must be there. The answer says of each id whether it was moved.",
            fr="Le dossier doit exister. La réponse dit pour chaque id s’il a été déplacé.",
        ),
        actions=(stored_mail.move,),
        fields=(
            user(),
            _IDS,
            Field("folder", Kind.TEXT, Text(en="Where they go. Without it INBOX.", fr="Où ils vont. Sans lui, INBOX.")),
        ),
        example={"user": "uma@acme.example", "ids": ["1"], "folder": "INBOX"},
        answer=_EACH,
        fails=(*_AWAY, FolderNotFound),
    ),
    "get_deleted_messages": Entry(
        subject=Subject.MAIL,
        says=Text(en="Deleted messages that can be restored.", fr="Les messages supprimés qui peuvent être restaurés."),
        more=Text(
            en="At most 1000 a call. The headers stand under `headers`, and in lower case beside it.",
            fr="1000 par appel au plus. Les en-têtes sont sous `headers`, et en minuscules à côté.",
        ),
        actions=(stored_mail.deleted_messages,),
        fields=(
            user(),
            Field("folder", Kind.TEXT, Text(en="From this folder only.", fr="De ce dossier seulement.")),
            Field(
                "headers",
                Kind.TEXTS,
                Text(en="The headers that you want. Without it all.", fr="Les en-têtes voulus. Sans lui, tous."),
            ),
        ),
        example={"user": "uma@acme.example", "headers": ["Subject", "From"]},
        answer={"success": True, "count": 0, "messages": []},
        fails=(*_AWAY, FolderNotFound),
    ),
    "restore_deleted_messages": Entry(
        subject=Subject.MAIL,
        says=Text(en="Bring deleted messages back.", fr="Restaurer des messages supprimés."),
        actions=(stored_mail.restore,),
        fields=(user(), _IDS),
        example={"user": "uma@acme.example", "ids": ["1"]},
        answer=_EACH,
        fails=_AWAY,
    ),
    "get_deleted_contacts": Entry(
        subject=Subject.MAIL,
        says=Text(
            en="Deleted entries of the address book: there are no address books, so none.",
            fr="Les contacts supprimés du carnet d’adresses : il n’y a pas de carnets, donc aucun.",
        ),
        actions=(contacts.deleted,),
        fields=(user(),),
        example={"user": "uma@acme.example"},
        answer={"success": True, "count": 0, "contacts": []},
        fails=(NotFound, IsAlias),
    ),
    "restore_deleted_contacts": Entry(
        subject=Subject.MAIL,
        says=Text(
            en="Bring entries of the address book back: each id is answered as not there.",
            fr="Restaurer des contacts : chaque id est donné comme absent.",
        ),
        actions=(contacts.restore,),
        fields=(user(), Field("ids", Kind.TEXTS, _IDS.says, required=True, also=("id",))),
        example={"user": "uma@acme.example", "ids": ["1"]},
        answer=_EACH,
        fails=(NotFound, IsAlias),
    ),
    "reindex": Entry(
        subject=Subject.MAIL,
        says=Text(en="Make a mailbox’s search index anew.", fr="Refaire l’index de recherche d’une boîte."),
        more=Text(
            en="The worker does it; ask again with the `id`. `status` is pending, active, complete or failed.",
            fr="Le « worker » s’en charge ; redemandez avec l’`id`. `status` vaut pending, active, complete ou failed.",
        ),
        actions=(stored_mail.begin_reindexing, stored_mail.reindexing),
        fields=(
            user(),
            Field("folder", Kind.TEXT, Text(en="This folder only.", fr="Ce dossier seulement.")),
            Field("id", Kind.TEXT, Text(en="How far is that one?", fr="Où en est celui-ci ?")),
        ),
        example={"user": "uma@acme.example", "folder": "INBOX"},
        answer={"success": True, "id": "5f0c2b7d9e14a8c36b0f7d21e95a4c83", "status": "pending"},
        fails=(*_AWAY, FolderNotFound),
    ),
    "user_notify": Entry(
        subject=Subject.MAIL,
        says=Text(en="Is there new mail?", fr="Y a-t-il du nouveau courrier ?"),
        actions=(stored_mail.has_new,),
        fields=(user(),),
        example={"user": "uma@acme.example"},
        answer={"success": True, "new_mail": False},
        fails=_AWAY,
    ),
    "get_sieve": Entry(
        subject=Subject.MAIL,
        says=Text(en="The filter scripts of a mailbox.", fr="Les scripts de filtrage d’une boîte."),
        actions=(stored_mail.filters,),
        fields=(user(),),
        example={"user": "uma@acme.example"},
        answer={"success": True, "rulesets": {"managesieve": "keep;"}, "active_rule": "managesieve"},
        fails=_AWAY,
    ),
    "set_sieve": Entry(
        subject=Subject.MAIL,
        says=Text(
            en="Write, delete or switch to a filter script.", fr="Écrire, supprimer ou activer un script de filtrage."
        ),
        more=Text(
            en="`data` null deletes the script; without `data` only the active one is switched. Mistakes in a script "
            "are told with their lines.",
            fr="`data` null supprime le script ; sans `data`, seul le script actif change. Les fautes d’un script sont "
            "données avec leurs lignes.",
        ),
        actions=(stored_mail.change_filter,),
        fields=(
            user(),
            Field("ruleset", Kind.TEXT, Text(en="The script’s name.", fr="Le nom du script."), required=True),
            Field("data", Kind.TEXT, Text(en="The script, in the Sieve language.", fr="Le script, en langage Sieve.")),
            Field(
                "active_rule",
                Kind.TEXT,
                Text(en="The script that is to be active.", fr="Le script qui doit être actif."),
            ),
        ),
        example={"user": "uma@acme.example", "ruleset": "managesieve", "data": "keep;", "active_rule": "managesieve"},
        answer={"success": True, "rulesets": {"managesieve": "updated"}, "active_rule": "updated to managesieve"},
        fails=(*_AWAY, BadAttribute),
    ),
}
