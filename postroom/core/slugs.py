"""What stands for a domain in the paths of REST. Dots are not allowed there (people.md section 1), and People's own way
of leaving them out gives different domains the same slug; names have no underscore, so this one goes both ways."""

import re

_SLUG = re.compile(r"[a-z0-9_-]{1,160}")


def slug(domain: str) -> str:
    return domain.replace(".", "_")


def name_of(slug: str) -> str | None:
    """The domain's name; None for what can be no slug."""
    return slug.replace("_", ".") if _SLUG.fullmatch(slug) else None
