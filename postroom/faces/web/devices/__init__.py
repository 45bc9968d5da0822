"""Mail programs ask how they are to be set up (docs/devices.md)."""
