"""The developers' hub at /docs/: guides, and references that are made from the code of the faces. Open to everybody."""
