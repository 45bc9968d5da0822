"""Asking the DNS about a domain: used by the drivers whose platforms do not check it themselves."""
