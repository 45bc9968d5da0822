"""Statistics, copying of mail, brands: oma.md sections 5.6 to 5.8."""

from collections.abc import Mapping
from typing import Final

from postroom.actions import brands, migrations, statistics
from postroom.core.errors import BadRequest, CompanyNotFound, JobExists, NotFound, TryAgain, UserNotFound
from postroom.core.languages import Text
from postroom.faces.oma.reference.entry import Entry, Field, Kind, Subject, paged, user

_JOB: Final = Field("job", Kind.TEXT, Text(en="The job’s name.", fr="Le nom de la copie."), required=True, also=("id",))
_ADDRESS: Final = "https://postroom.example/api/oma_file/get?type=…"
_COPIED: Final = Text(
    en="Objects with `local` (the account here), `remote` (the login there), `password`, `server` (`host:port`), "
    "`method` (`imap4`, `imap4s`, `pop3`, `pop3s`), and if wanted `skip` (folders to leave out) and `translate` "
    "(folder there → folder here).",
    fr="Des objets avec `local` (le compte ici), `remote` (l’identifiant là-bas), `password`, `server` (`hôte:port`), "
    "`method` (`imap4`, `imap4s`, `pop3`, `pop3s`), et si besoin `skip` (dossiers à laisser) et `translate` (dossier "
    "là-bas → dossier ici).",
)

COUNTING: Final[Mapping[str, Entry]] = {
    "stats_list": Entry(
        subject=Subject.STATISTICS,
        says=Text(en="The periods that there are statistics of.", fr="Les périodes dont il existe des statistiques."),
        actions=(statistics.listed,),
        example={},
        answer={"success": True, "snapshots": {"month": [], "week": [], "day": []}},
    ),
    "stats_snapshot": Entry(
        subject=Subject.STATISTICS,
        says=Text(
            en="A link to a table of all accounts in a period.", fr="Un lien vers un tableau de tous les comptes."
        ),
        more=Text(
            en="A CSV file with a line an account. The link opens for 15 minutes, without signing in.",
            fr="Un fichier CSV avec une ligne par compte. Le lien s’ouvre pendant 15 minutes, sans connexion.",
        ),
        actions=(statistics.link,),
        fields=(
            Field("type", Kind.TEXT, Text(en="`company` or `domain`.", fr="`company` ou `domain`."), required=True),
            Field("object", Kind.NAME, Text(en="Its name.", fr="Son nom."), required=True),
            Field(
                "date",
                Kind.TEXT,
                Text(
                    en="A period from `stats_list`: `2026-01`, `20260105-20260111`, `20260105`.",
                    fr="Une période de `stats_list` : `2026-01`, `20260105-20260111`, `20260105`.",
                ),
                required=True,
            ),
        ),
        example={"type": "domain", "object": "acme.example", "date": "2026-01"},
        answer={"success": True, "snapshot": _ADDRESS},
        fails=(NotFound, CompanyNotFound),
    ),
    "stats_summary": Entry(
        subject=Subject.STATISTICS,
        says=Text(en="Sums by day, week or month.", fr="Les totaux par jour, semaine ou mois."),
        more=Text(
            en="Accounts, services, storage, sign-ins, and mail that came in and went out.",
            fr="Comptes, services, stockage, connexions, courrier reçu et envoyé.",
        ),
        actions=(statistics.summary,),
        fields=(
            Field(
                "type",
                Kind.TEXT,
                Text(en="`company` (usual), `domain` or `user`.", fr="`company` (d’ordinaire), `domain` ou `user`."),
            ),
            Field(
                "object",
                Kind.NAME,
                Text(en="Its name. Without it your company.", fr="Son nom. Sans lui, votre société."),
            ),
            Field(
                "by",
                Kind.TEXT,
                Text(
                    en="`day` (the last 30), `week` (52) or `month` (48).",
                    fr="`day` (les 30 derniers), `week` (52) ou `month` (48).",
                ),
            ),
        ),
        example={"type": "domain", "object": "acme.example", "by": "month"},
        answer={"success": True, "summary": []},
        fails=(NotFound, CompanyNotFound),
    ),
    "migration_add": Entry(
        subject=Subject.MIGRATION,
        says=Text(en="Copy mail from another server.", fr="Copier le courrier d’un autre serveur."),
        more=Text(
            en="With folders, flags and dates over IMAP, the INBOX over POP. What breaks off goes on by itself, "
            "nothing comes twice; a later job of the same mailbox brings only what is new.",
            fr="Avec dossiers, marques et dates en IMAP, la boîte de réception en POP. Ce qui s’interrompt reprend "
            "seul, rien n’arrive deux fois ; une copie ultérieure de la même boîte n’apporte que le nouveau.",
        ),
        actions=(migrations.add,),
        fields=(
            Field("users", Kind.OBJECTS, _COPIED, required=True),
            Field(
                "job",
                Kind.TEXT,
                Text(
                    en="Your name for it, at most 64 characters. Without it one is made up.",
                    fr="Son nom, 64 caractères au plus. Sans lui, il est inventé.",
                ),
                also=("id",),
            ),
        ),
        example={
            "job": "move-uma",
            "users": [
                {
                    "local": "uma@acme.example",
                    "remote": "uma",
                    "password": "her password there",
                    "server": "imap.old-hoster.example:993",
                    "method": "imap4s",
                }
            ],
        },
        answer={"success": True, "job": "move-uma"},
        fails=(JobExists, UserNotFound, BadRequest),
    ),
    "migration_jobs": Entry(
        subject=Subject.MIGRATION,
        says=Text(en="The copies that you have asked for.", fr="Les copies que vous avez demandées."),
        actions=(migrations.jobs,),
        example={},
        answer={"success": True, "jobs": [{"job": "move-uma", "date": 1700000000}]},
    ),
    "migration_status": Entry(
        subject=Subject.MIGRATION,
        says=Text(en="How far a copy is, by account and folder.", fr="Où en est une copie, par compte et dossier."),
        more=Text(
            en="`status` of an account is waiting, running, done or failed; `error` says why it failed or is put off.",
            fr="`status` d’un compte vaut waiting, running, done ou failed ; `error` dit pourquoi il a échoué ou "
            "attend.",
        ),
        actions=(migrations.status,),
        fields=(_JOB,),
        example={"job": "move-uma"},
        answer={
            "success": True,
            "rate": "0.000 KiB/s",
            "users": [
                {
                    "user": "uma@acme.example",
                    "status": "waiting",
                    "data": {
                        "config": {"method": "imap4s", "server": "imap.old-hoster.example:993", "username": "uma"},
                        "folders": {},
                        "status": {"bytes": 0, "foldercount": 0, "migrate_count": 0},
                    },
                }
            ],
        },
        fails=(NotFound,),
    ),
    "migration_trace": Entry(
        subject=Subject.MIGRATION,
        says=Text(
            en="A link to what happened while an account was copied.", fr="Un lien vers le déroulement d’une copie."
        ),
        more=Text(
            en="A text file with a line for each folder and for whatever went wrong. The link opens for 15 minutes.",
            fr="Un fichier texte avec une ligne par dossier et par incident. Le lien s’ouvre pendant 15 minutes.",
        ),
        actions=(migrations.trace_link,),
        fields=(_JOB, user()),
        example={"job": "move-uma", "user": "uma@acme.example"},
        answer={"success": True, "trace": _ADDRESS},
        fails=(NotFound, TryAgain),
    ),
    "search_brands": Entry(
        subject=Subject.BRAND,
        says=Text(en="The brands of your companies.", fr="Les marques de vos sociétés."),
        actions=(brands.search,),
        fields=(
            Field("criteria.company", Kind.TEXT, Text(en="Of this company only.", fr="De cette société seulement.")),
            Field(
                "criteria.match",
                Kind.TEXT,
                Text(en="The name, with `*` and `?`.", fr="Le nom, avec `*` et `?`."),
            ),
            Field(
                "criteria.deleted",
                Kind.FLAG,
                Text(en="Removed ones: there are never any.", fr="Les retirées : il n’y en a jamais."),
            ),
            *paged(),
        ),
        example={"criteria": {"company": "acme"}},
        answer={
            "success": True,
            "brands": [{"brand": "Acme", "id": "1", "counts": {"domain": 0, "user": 0, "total": 0}}],
            "count": 1,
            "total_count": 1,
        },
        fails=(CompanyNotFound,),
    ),
    "search_brand_members": Entry(
        subject=Subject.BRAND,
        says=Text(en="What names a brand as its own.", fr="Ce qui porte une marque."),
        actions=(brands.search_members,),
        fields=(
            Field("criteria.brand", Kind.TEXT, Text(en="The brand’s name.", fr="Le nom de la marque."), required=True),
            Field("criteria.company", Kind.TEXT, Text(en="Of this company.", fr="De cette société.")),
            Field(
                "criteria.type",
                Kind.TEXTS,
                Text(en="Of `domain`, `user`. Without it both.", fr="Parmi `domain`, `user`. Sans lui, les deux."),
            ),
            *paged(),
        ),
        example={"criteria": {"company": "acme", "brand": "Acme"}},
        answer={"success": True, "brand_members": [], "count": 0, "total_count": 0},
        fails=(NotFound, CompanyNotFound),
    ),
    "reset_email_test": Entry(
        subject=Subject.BRAND,
        says=Text(
            en="Send a brand’s e-mails to somebody, as a test.",
            fr="Envoyer à quelqu’un les messages d’une marque, en essai.",
        ),
        actions=(brands.send_test,),
        fields=(
            Field(
                "brand", Kind.TEXT, Text(en="The brand’s name or id.", fr="Le nom ou l’id de la marque."), required=True
            ),
            Field("company", Kind.TEXT, Text(en="Whose brand it is.", fr="À qui est la marque.")),
            Field(
                "test_email_rcpt",
                Kind.TEXT,
                Text(en="The address that gets them.", fr="L’adresse qui les reçoit."),
                required=True,
                also=("testEmailRcpt", "test_email"),
            ),
        ),
        example={"company": "acme", "brand": "Acme", "test_email_rcpt": "uma@acme.example"},
        answer={"success": True},
        fails=(NotFound, CompanyNotFound),
    ),
}
