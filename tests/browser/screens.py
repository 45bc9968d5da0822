"""Who looks at the screens, and which screens there are."""

import pytest
from django.urls import URLPattern, URLResolver, get_resolver

from tests.browser.crawling import Crawl

ROLES = ("nobody", "viewer", "administrator", "owner", "operator", "holder", "company administrator")
_BEGIN = ("/", "/docs/")
_LIBRARY = "/domains/mediatheque.example/"
"""Of each kind of page the first one is looked at: better one on which there is something to see."""
_MANAGERS = ("viewer", "administrator", "owner", "operator")

_MORE = {
    "nobody": ("/docs/search/?q=quota", "/sign-in/"),
    "owner": ("/search/?q=adele", "/sign-out/"),
    "operator": ("/search/?q=adele", *(f"/operate/domains/acme.example/{tab}/" for tab in ("bulletins", "workgroups"))),
}
"""Behind a search box or a button, or where the library has nothing to show."""

# Pages that no link leads to in the demo, with the reason, or the story that looks at them.
_UNLINKED = {
    "health": "for monitoring",
    "download": "signed links, given by OMA",
    "code_page": "opened by a letter",
    "code_done": "after a password was set",
    "invitation": "opened by a letter",
    "dns_page": "opened by a signed link",
    "dns_zone": "from that page",
    "inbox_body": "in a frame",
    "brand_preview": "in a frame",
    "account_address_confirm": "test_addresses.py",
    "account_address_remove": "test_addresses.py",
    "account_authenticator_remove": "test_second_step.py",
    "account_recovery_codes": "test_second_step.py",
    "sign_in_code": "test_second_step.py",
    "account_passkey_remove": "test_passkeys.py",
    "mailboxes_bulk": "test_lively.py",
    "mailboxes_import_preview": "test_import.py",
    "mailboxes_import_progress": "test_import.py",
    "person_demote": "only of another operator",
    "person_factors": "only of people with second factors",
    "person_unlink": "only with an identity provider",
    "sign_in_provider": "only with an identity provider",
    "sign_in_provider_failed": "only with an identity provider",
}
_seen: dict[str, dict[str, set[str]]] = {}


def faults_of(visitor, role, language):
    one = visitor("" if role == "nobody" else role, language)
    begin = (*((_LIBRARY,) if role in _MANAGERS else ()), *_BEGIN, *_MORE.get(role, ()))
    crawl = Crawl(one, role, begin).run()
    _seen.setdefault(language, {})[role] = crawl.seen
    return crawl.faults


def not_found(language):
    """Names of pages that none of them came across."""
    roles = _seen.get(language, {})
    if set(roles) != set(ROLES):
        pytest.skip("not everybody has looked")
    seen = set().union(*roles.values(), _UNLINKED)
    return sorted(set(_pages(get_resolver())) - seen)


def _pages(resolver):
    """Names of the web face's URLs that can be got."""
    for pattern in resolver.url_patterns:
        if isinstance(pattern, URLResolver):
            yield from _pages(pattern)
        elif isinstance(pattern, URLPattern) and _is_page(pattern.callback):
            yield pattern.name


def _is_page(view):
    needs = getattr(view, "needs", None)
    return view.__module__.startswith("postroom.faces.web.") and (needs is None or "GET" in needs.methods)
