"""The row of the tables of findings, and what several rows advise."""

from typing import Final

import msgspec

from postroom.core.languages import Text


class Finding(msgspec.Struct, frozen=True):
    problem: Text
    fix: Text
    unasked: bool = False
    """The test could not be made: nothing is known to be wrong."""


ADD: Final = Text("Add the record shown here.", "Ajoutez l’enregistrement indiqué ici.")
REPLACE: Final = Text(
    "Replace it by the record shown here.",
    "Remplacez-le par l’enregistrement indiqué ici.",
)
ONE_RECORD: Final = Text(
    "Delete all of them and put the one record shown here in their place.",
    "Supprimez-les tous et mettez à leur place l’unique enregistrement indiqué ici.",
)
LACKS_DOT: Final = Text(
    "Write the value with a dot at its end, as in the record shown here; some control panels add that dot by "
    "themselves, then write only the name.",
    "Écrivez la valeur avec un point à la fin, comme dans l’enregistrement indiqué ici ; certaines interfaces "
    "l’ajoutent elles-mêmes, n’écrivez alors que le nom.",
)
