"""The only SQL, and the one Django app with models."""
