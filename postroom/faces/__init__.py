"""The ways in: one folder, one outside document. Faces do not know each other."""
