"""A test's result in the reader's language."""

from typing import Final

import msgspec

from postroom.core.dns.findings import FINDINGS
from postroom.core.dns.report import CheckResult, ServerAnswer
from postroom.core.languages import Language, Text
from postroom.core.phrases import Phrases


class Explanation(msgspec.Struct, frozen=True):
    problem: str
    fix: str


TITLES: Final = {
    "domain_exist": Text("The domain exists", "Le domaine existe"),
    "name_servers": Text("Name servers", "Serveurs de noms"),
    "ownership": Text("Proof of control", "Preuve de contrôle"),
    "mx": Text("Mail arrives here (MX)", "Le courriel arrive ici (MX)"),
    "spf": Text("Our servers may send (SPF)", "Nos serveurs peuvent envoyer (SPF)"),
    "dkim": Text("Signatures can be verified (DKIM)", "Les signatures sont vérifiables (DKIM)"),
    "cname_imap": Text("Name for mail programs, receiving", "Nom pour les logiciels, réception"),
    "cname_smtp": Text("Name for mail programs, sending", "Nom pour les logiciels, envoi"),
    "cname_webmail": Text("Name of the webmail", "Nom du webmail"),
    "cname_autoconfig": Text("Settings found by Thunderbird", "Réglages trouvés par Thunderbird"),
    "cname_autodiscover": Text("Settings found by Outlook", "Réglages trouvés par Outlook"),
    "aliases": Text("Other names of the domain", "Autres noms du domaine"),
    "dmarc": Text("Protection against forgery (DMARC)", "Protection contre l’usurpation (DMARC)"),
    "mta_sts": Text("Encryption on the way (MTA-STS)", "Chiffrement de l’acheminement (MTA-STS)"),
    "tls_rpt": Text("Reports about encryption (TLS-RPT)", "Rapports sur le chiffrement (TLS-RPT)"),
    "dnssec": Text("Signed zone (DNSSEC)", "Zone signée (DNSSEC)"),
    "postfix": Text("Our servers know the domain", "Nos serveurs connaissent le domaine"),
    "signing": Text("Our servers sign its mail", "Nos serveurs signent son courriel"),
    "ox": Text("The groupware knows the domain", "Le groupware connaît le domaine"),
    "cert": Text("Certificate for encryption", "Certificat de chiffrement"),
    "webmail_ok": Text("The webmail answers", "Le webmail répond"),
}
"""What each test looks at."""


_SAID: Final = {
    "": Text("There is no such record.", "Cet enregistrement n’existe pas."),
    "no_name": Text("There is no such name.", "Ce nom n’existe pas."),
    "dns_timeout": Text("No answer in time.", "Pas de réponse à temps."),
    "dns_servfail": Text("It failed itself (SERVFAIL).", "Erreur interne (SERVFAIL)."),
    "dns_refused": Text("It refused to answer (REFUSED).", "Réponse refusée (REFUSED)."),
    "dns_lame": Text("It is not responsible for this.", "Ce serveur n’en est pas responsable."),
    "dns_unreachable": Text("It cannot be reached.", "Injoignable."),
    "dns_bad_answer": Text("Its answer makes no sense.", "Réponse incohérente."),
    "dns_loop": Text("The names lead round in a circle.", "Les noms tournent en rond."),
    "dns_no_time": Text("There was no time left to ask it.", "Il ne restait plus de temps pour l’interroger."),
}
"""What a server said that gave no values."""


_WHOLE: Final = Phrases(
    (
        Text("{domain} is not on this platform", "{domain} n’est pas sur cette plateforme"),
        Text("The test {test} of {domain} was told to fail", "Le test {test} de {domain} a reçu l’ordre d’échouer"),
        Text(
            "dimail says that the test {test} failed, and no more",
            "dimail dit que le test {test} a échoué, et rien de plus",
        ),
    )
)
"""What drivers say of a test that has no finding of ours."""


def nothing_said(answer: ServerAnswer, language: Language) -> str:
    """Empty where it gave values."""
    if answer.values:
        return ""
    return _SAID[answer.failure].at(language) if answer.failure in _SAID else answer.failure


def title(test: str, language: Language) -> str:
    """The name itself for tests that only some platform knows."""
    return TITLES[test].at(language) if test in TITLES else test


def explanation(result: CheckResult, language: Language) -> Explanation:
    """Of a failed test. A platform that judges by itself has its own words: they are shown as they are."""
    whole = _WHOLE.french(result.detail) if language is Language.FRENCH else result.detail
    finding = FINDINGS.get(result.code)
    if finding is None or not result.parameters:
        return Explanation(whole, "")
    try:
        return Explanation(
            finding.problem.at(language, **result.parameters), finding.fix.at(language, **result.parameters)
        )
    except KeyError:  # another program's code that is only called the same
        return Explanation(whole, "")
