"""Postroom, the control plane of e-mail hosting. Start reading at docs/architecture.md."""

VERSION = "0.1.0"
