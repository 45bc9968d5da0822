"""What is said of a table of mailboxes (core/mailbox_sheet.py), in the reader's language."""

from typing import Final

from postroom.core.languages import Language, Text

WORDS: Final = {
    # The file as a whole.
    "too_large": Text("must have at most {most} MB", "doit faire au plus {most} Mo"),
    "empty": Text(
        "holds no mailboxes: one row for each is expected below the headers",
        "ne contient aucune boîte : une ligne pour chacune est attendue sous les en-têtes",
    ),
    "no_table": Text(
        "is no CSV file: save the table as “CSV UTF-8” first",
        "n’est pas un fichier CSV : enregistrez d’abord le tableau au format « CSV UTF-8 »",
    ),
    "not_well_formed": Text("line {line} is not well-formed: {why}", "la ligne {line} est mal formée : {why}"),
    "too_many_rows": Text(
        "must have at most {most} rows: load it in parts",
        "doit avoir au plus {most} lignes : importez-le en plusieurs fois",
    ),
    "no_column": Text(
        "has no column {missing}: the first row must name {columns}",
        "n’a pas de colonne {missing} : la première ligne doit nommer {columns}",
    ),
    "column_twice": Text("has more than one column for {twice}", "a plusieurs colonnes pour {twice}"),
    "not_utf_8": Text(
        "The file is not UTF-8, so it was read as Windows writes Western European text: look whether accents are "
        "right. “CSV UTF-8” is the better choice when saving.",
        "Le fichier n’est pas en UTF-8 ; il a été lu comme Windows écrit les textes d’Europe occidentale : vérifiez "
        "les accents. Mieux vaut enregistrer au format « CSV UTF-8 ».",
    ),
    # A row.
    "too_many_cells": Text("has more cells than there are headers", "a plus de cellules qu’il n’y a d’en-têtes"),
    "other_domain": Text("{host} is not {domain}", "{host} n’est pas {domain}"),
    "address_twice": Text("is in line {line} already", "figure déjà à la ligne {line}"),
    "names_twice": Text(
        "the same first and last name are in line {line} already",
        "les mêmes prénom et nom figurent déjà à la ligne {line}",
    ),
    "exists": Text("{address} exists already", "{address} existe déjà"),
    "is_alias": Text("{address} is an alias of {owner}", "{address} est un alias de {owner}"),
    "namesake": Text("{other} has the same first and last name", "{other} a les mêmes prénom et nom"),
    "limit": Text(
        "{domain} may have {limit} accounts and has {present}",
        "{domain} peut avoir {limit} comptes et en a {present}",
    ),
    "nobody_told": Text(
        "nobody will be told: there is no other address to write to",
        "personne ne sera prévenu : il n’y a pas d’autre adresse à laquelle écrire",
    ),
    # A cell: English has the parser's own words.
    "local_part": Text(
        "{why}",
        "ne doit contenir avant le @ que des lettres A–Z sans accent, des chiffres, - _ et des points isolés à "
        "l’intérieur, 64 caractères au plus",
    ),
    "first_name": Text("{why}", "doit être un texte d’une ligne, de 200 caractères au plus"),
    "last_name": Text("{why}", "doit être un texte d’une ligne, de 200 caractères au plus"),
    "secondary_email": Text("{why}", "doit être une adresse e-mail"),
}


def said(code: str, language: Language, **values: object) -> str:
    return WORDS[code].at(language, **values)
