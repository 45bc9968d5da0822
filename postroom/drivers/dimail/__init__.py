"""A remote dimail, driven over HTTP with an account of our own (docs/dimail-driver.md)."""
