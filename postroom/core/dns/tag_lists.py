"""`v=DKIM1; k=rsa; p=…`: the form of the texts of DKIM, DMARC, MTA-STS and TLS-RPT (RFC 6376 section 3.2)."""

import re

_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_-]*")


def parse(text: str) -> dict[str, str] | None:
    """Names in lower case, in order; None where the text is no such list, or names something twice."""
    tags: dict[str, str] = {}
    for part in text.split(";"):
        name, equals, value = part.partition("=")
        name = name.strip().lower()
        if not part.strip():
            continue
        if not equals or not _NAME.fullmatch(name) or name in tags:
            return None
        tags[name] = value.strip()
    return tags


def version(text: str) -> str:
    """What the text says it is, `dmarc1`, in lower case; empty where it begins with something else."""
    first = text.partition(";")[0]
    name, _, value = first.partition("=")
    return value.strip().lower() if name.strip().lower() == "v" else ""
