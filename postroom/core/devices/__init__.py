"""Setting up mail programs: what they connect to, and the documents in which they ask for it (docs/devices.md)."""
