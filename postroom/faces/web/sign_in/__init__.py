"""In and out: passwords, second steps, passkeys, the identity provider, invitations."""
