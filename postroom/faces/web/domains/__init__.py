"""Pages of domains."""
