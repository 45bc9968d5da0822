"""Open-Xchange, provisioned by its command line tools over SSH (docs/openxchange.md)."""
