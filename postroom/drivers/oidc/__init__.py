"""Asks the identity provider with which people sign in (OpenID Connect)."""
