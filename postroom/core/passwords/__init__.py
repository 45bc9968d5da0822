"""Passwords: how they are stored, which ones are good enough, and what checking them may cost.

schemes            text to `{TYPE}…` and back to yes or no; the table of schemes
methods            the algorithms below it, one a kind of hash text
policy             is this new password good enough
credential_cache   remembers for minutes that a password was right
gate               how many may hash at once
attempts           how long to wait after wrong ones
tokens             secrets that we make up ourselves
"""
