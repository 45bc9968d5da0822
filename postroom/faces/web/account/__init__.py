"""One's own person: name, language, what opens the account, API keys."""
