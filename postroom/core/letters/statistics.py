"""A month's numbers, to those whom `stats_mailout` of a company names."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from postroom.core.brand import Look
from postroom.core.languages import Language, Text
from postroom.core.letters.frame import Contents, Letter, branded

_SUBJECT: Final = Text(en="{company}: statistics of {month}", fr="{company} : statistiques de {month}")
_WHAT: Final = Text(
    en="The domains of {company} at the end of {month}. Sizes are in megabytes.",
    fr="Les domaines de {company} à la fin de {month}. Les tailles sont en mégaoctets.",
)
_LINE: Final = Text(
    en="{domain}: {mailboxes} mailboxes, {forwards} forwards, {filters} filters, {aliases} aliases; {allotted} "
    "allotted, {stored} stored; {delivered} messages came in, {spam} of them spam; sent to {recipients} recipients",
    fr="{domain} : {mailboxes} boîtes aux lettres, {forwards} redirections, {filters} filtres, {aliases} alias ; "
    "{allotted} attribués, {stored} occupés ; {delivered} messages reçus, dont {spam} indésirables ; envois à "
    "{recipients} destinataires",
)
_MEGABYTE: Final = 1_048_576


def statistics(look: Look, language: Language, company: str, month: str, rows: Sequence[Mapping[str, Any]]) -> Letter:
    """`month` as it is written in every language: 2026-11. Sizes in `rows` are bytes."""
    lines = [
        _LINE.at(
            language,
            **row,
            allotted=row["quota_bytes"] // _MEGABYTE,
            stored=row["stored_bytes"] // _MEGABYTE,
        )
        for row in rows
    ]
    said = Contents(
        subject=_SUBJECT.at(language, company=company, month=month),
        paragraphs=[_WHAT.at(language, company=company, month=month), *lines],
    )
    return branded(look, language, said)
