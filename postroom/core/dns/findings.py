"""Every thing that can be wrong with a domain's DNS: one row a code, what is wrong and what to do about it.

The texts are for whoever looks after the domain. A row's two languages name the same parameters (a test sees to it);
`domain` is always given. The record to paste is shown beside the text, so no text holds one.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from postroom.core.dns.finding import Finding
from postroom.core.dns.mail_findings import MAIL
from postroom.core.dns.zone_findings import ZONE

FINDINGS: Final[Mapping[str, Finding]] = MappingProxyType({**ZONE, **MAIL})
UNASKED: Final = frozenset(code for code, finding in FINDINGS.items() if finding.unasked)
