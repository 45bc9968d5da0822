"""The texts of the hub: guides in both languages, and the changelog. They ship with the package."""

import functools
import re
from importlib import resources
from typing import Final

from django.utils import translation
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from postroom.core.languages import Language, Text
from postroom.faces.web.hub import markdown
from postroom.faces.web.hub.markdown import Rendered

GUIDES: Final[dict[str, Text]] = {
    "oma": Text(
        en="Provision domains and accounts from a billing system or a script.",
        fr="Créer domaines et comptes depuis un logiciel de facturation ou un script.",
    ),
    "rest": Text(
        en="Build on what people do on these pages: domains, DNS, mailboxes, aliases, roles.",
        fr="Programmer ce que l’on fait sur ces pages : domaines, DNS, boîtes, alias, rôles.",
    ),
    "dimail": Text(
        en="Let La Suite’s People, or whatever was written for dimail, work with Postroom.",
        fr="Faire fonctionner avec Postroom les Personnes de La Suite, ou tout ce qui parle à dimail.",
    ),
    "opensrs": Text(
        en="Bring domains, accounts, passwords and mail over, without asking anybody for a new password.",
        fr="Transférer domaines, comptes, mots de passe et courrier, sans demander de nouveau mot de passe à personne.",
    ),
    "fake": Text(
        en="Let the demo’s mail platform fail, wait and refuse, and see what your program does.",
        fr="Faire échouer, attendre et refuser la plateforme de la démo, et voir ce que fait votre programme.",
    ),
}
"""Slug → what it is for, in the order in which they are shown."""

_WRITTEN_FOR: Final = "http://127.0.0.1:8080"
"""The address that stands in the texts; pages show their own."""


def source(slug: str, language: Language) -> str:
    return (resources.files(__package__) / "guides" / language / f"{slug}.md").read_text(encoding="utf-8")


@functools.cache
def guide(slug: str, language: Language) -> Rendered:
    """Raises KeyError."""
    if slug not in GUIDES:
        raise KeyError(slug)
    with translation.override(language):
        return markdown.render(source(slug, language))


def with_base(html: SafeString, base: str) -> SafeString:
    """The address in the texts becomes `base`, where people reach this Postroom."""
    return mark_safe(html.replace(_WRITTEN_FOR, escape(base)))  # noqa: S308 -- escaped just here


@functools.cache
def changes() -> Rendered:
    text = (resources.files(__package__) / "CHANGELOG.md").read_text(encoding="utf-8")
    return markdown.render(_LINK.sub(_inside, text))


_LINK: Final = re.compile(r"\[([^\]]+)\]\((?!https?:)([^)]+)\)")
_PAGES: Final = {
    "docs/oma-status.md": "/docs/oma/",
    "docs/attributes.md": "/docs/attributes/domain/",
    "docs/dimail-status.md": "/docs/dimail/",
    "docs/rest.md": "/docs/rest/",
    "docs/dimail.md": "/docs/guides/dimail/",
    "docs/people.md": "/docs/guides/rest/",
}
"""Files of the source → pages of the hub that say the same."""


def _inside(link: re.Match[str]) -> str:
    """Links into the source lead to our pages, or nowhere."""
    page = _PAGES.get(link[2])
    return f"[{link[1]}]({page})" if page else link[1]
