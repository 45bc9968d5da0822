"""Postroom as an OpenID provider for mailbox holders (people.md section 8)."""
