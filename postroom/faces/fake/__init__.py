"""The control surface of the fake platform, for developers of other programs: docs/fake-platform.md."""
