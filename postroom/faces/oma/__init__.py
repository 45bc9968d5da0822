"""The OpenSRS Hosted Email API. Its document: docs/oma-status.md lists the methods, the spec's sections are cited."""
