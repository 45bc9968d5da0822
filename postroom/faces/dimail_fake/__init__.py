"""FAKE mode of the dimail face: what developers of other programs can tell it to do (docs/dimail-fake.md)."""
