"""Companies and bulletins: oma.md section 5.2."""

from collections.abc import Mapping
from typing import Final

from postroom.actions import bulletins, companies
from postroom.core.catalogue.attribute import Level
from postroom.core.errors import NotFound, UserNotFound
from postroom.core.languages import Text
from postroom.faces.oma.reference.entry import Entry, Field, Kind, Subject, attributes, company, domain, paged

_CHANGES: Final = {
    "success": True,
    "count": 1,
    "total_count": 3,
    "changes": [{"application": "OMA", "msg": "set spamtag to [JUNK]", "time": 1700000000, "user": "admin@acme.adm"}],
}
CHANGES_SAID: Final = Text(
    en="Oldest first. Long values are told by their size, passwords never.",
    fr="Du plus ancien au plus récent. Les valeurs longues sont dites par leur taille, les mots de passe jamais.",
)
_NAMED: Final = (
    Field("bulletin", Kind.TEXT, Text(en="Its name.", fr="Son nom."), required=True),
    Field(
        "type",
        Kind.TEXT,
        Text(
            en="`auto`: sent to every new account; `manual`: sent when you say so.",
            fr="`auto` : envoyé à chaque nouveau compte ; `manual` : envoyé à votre demande.",
        ),
        required=True,
    ),
)
_TEXT: Final = Field(
    "bulletin_text",
    Kind.TEXT,
    Text(
        en="The whole e-mail, headers first. `{'name'}`, `{'account'}`, `{'domain'}`, `{'title'}` are filled in. "
        "Without it the bulletin is deleted.",
        fr="Le message entier, en-têtes d’abord. `{'name'}`, `{'account'}`, `{'domain'}`, `{'title'}` sont remplacés. "
        "Sans ce champ, le bulletin est supprimé.",
    ),
)
_TEST: Final = Field(
    "test_email",
    Kind.TEXT,
    Text(en="Send it to this address only.", fr="L’envoyer à cette adresse seulement."),
)
_HELLO: Final = "Subject: Hello, {'name'}\n\nYour address is {'account'}.\n"
_POSTED: Final = Text(
    en="The worker sends it; the answer does not wait for that.",
    fr="Le « worker » l’envoie ; la réponse ne l’attend pas.",
)

COMPANY: Final[Mapping[str, Entry]] = {
    "get_company": Entry(
        subject=Subject.COMPANY,
        says=Text(en="A company, with its settings.", fr="Une société, avec ses réglages."),
        more=Text(
            en="`attributes` is what is set here, `metadata.inherit` what holds where nothing is set, "
            "`settable_attributes` what you may change, `metadata.options` the values to choose from.",
            fr="`attributes` dit ce qui est fixé ici, `metadata.inherit` ce qui vaut quand rien n’est fixé, "
            "`settable_attributes` ce que vous pouvez changer, `metadata.options` les valeurs possibles.",
        ),
        actions=(companies.show,),
        fields=(company(),),
        level=Level.COMPANY,
        example={"company": "acme"},
        answer={
            "success": True,
            "attributes": {"account": "acme", "spamtag": None},
            "settable_attribute": ["allow"],
            "settable_attributes": ["allow"],
            "metadata": {
                "options": {"spamlevel": ["Normal", "High", "Very High"]},
                "bulletins": {"manual": [], "auto": []},
                "createtime": 1700000000,
                "inherit": {"spamtag": "[SPAM]"},
                "company_id": "1",
            },
        },
    ),
    "change_company": Entry(
        subject=Subject.COMPANY,
        says=Text(en="Change a company’s settings.", fr="Changer les réglages d’une société."),
        more=Text(
            en="It creates none: the operator does (`postroom bootstrap`).",
            fr="Elle n’en crée aucune : c’est l’affaire de l’exploitant (`postroom bootstrap`).",
        ),
        actions=(companies.change,),
        fields=(company(), attributes()),
        level=Level.COMPANY,
        example={"company": "acme", "attributes": {"spamtag": "[JUNK]"}},
        answer={"success": True},
    ),
    "get_company_changes": Entry(
        subject=Subject.COMPANY,
        says=Text(en="What happened to a company.", fr="Ce qui est arrivé à une société."),
        more=CHANGES_SAID,
        actions=(companies.changes,),
        fields=(company(), *paged()),
        example={"company": "acme", "range": {"first": 0, "limit": 1}},
        answer=_CHANGES,
    ),
    "change_company_bulletin": Entry(
        subject=Subject.BULLETIN,
        says=Text(
            en="Write, replace or delete a bulletin of a company.",
            fr="Écrire, remplacer ou supprimer un bulletin d’une société.",
        ),
        actions=(bulletins.change,),
        fields=(company(), *_NAMED, _TEXT),
        example={"company": "acme", "bulletin": "hello", "type": "manual", "bulletin_text": _HELLO},
        answer={"success": True},
        fails=(NotFound,),
    ),
    "get_company_bulletin": Entry(
        subject=Subject.BULLETIN,
        says=Text(en="The text of a company’s bulletin.", fr="Le texte d’un bulletin d’une société."),
        actions=(bulletins.show,),
        fields=(company(), *_NAMED),
        example={"company": "acme", "bulletin": "hello", "type": "manual"},
        answer={"success": True, "bulletin_text": _HELLO},
        fails=(NotFound,),
    ),
    "post_company_bulletin": Entry(
        subject=Subject.BULLETIN,
        says=Text(
            en="Send a bulletin to everybody in the company’s domains.",
            fr="Envoyer un bulletin à tous ceux des domaines de la société.",
        ),
        more=_POSTED,
        actions=(bulletins.post,),
        fields=(company(), *_NAMED, _TEST),
        example={"company": "acme", "bulletin": "hello", "type": "manual", "test_email": "uma@acme.example"},
        answer={"success": True},
        fails=(NotFound, UserNotFound),
    ),
    "change_domain_bulletin": Entry(
        subject=Subject.BULLETIN,
        says=Text(
            en="Write, replace or delete a bulletin of a domain.",
            fr="Écrire, remplacer ou supprimer un bulletin d’un domaine.",
        ),
        actions=(bulletins.change,),
        fields=(domain(), *_NAMED, _TEXT),
        example={"domain": "acme.example", "bulletin": "hello", "type": "manual", "bulletin_text": _HELLO},
        answer={"success": True},
        fails=(NotFound,),
    ),
    "get_domain_bulletin": Entry(
        subject=Subject.BULLETIN,
        says=Text(en="The text of a domain’s bulletin.", fr="Le texte d’un bulletin d’un domaine."),
        actions=(bulletins.show,),
        fields=(domain(), *_NAMED),
        example={"domain": "acme.example", "bulletin": "hello", "type": "manual"},
        answer={"success": True, "bulletin_text": _HELLO},
        fails=(NotFound,),
    ),
    "post_domain_bulletin": Entry(
        subject=Subject.BULLETIN,
        says=Text(en="Send a bulletin to everybody in the domain.", fr="Envoyer un bulletin à tous ceux du domaine."),
        more=_POSTED,
        actions=(bulletins.post,),
        fields=(domain(), *_NAMED, _TEST),
        example={"domain": "acme.example", "bulletin": "hello", "type": "manual", "test_email": "uma@acme.example"},
        answer={"success": True},
        fails=(NotFound, UserNotFound),
    ),
}
