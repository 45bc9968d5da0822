"""What the mail servers ask: Postfix whether an account may send more, Dovecot about tokens and old hashes."""
