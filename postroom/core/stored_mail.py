"""What holds for stored mail on every platform."""

from typing import Final

DEFAULT_SCRIPT: Final = "managesieve"
"""The filter that the attribute `sieve` means while no other one is active."""
LONGEST_SCRIPT: Final = 65_536
_LONGEST_SCRIPT_NAME: Final = 128


def is_script_name(name: str) -> bool:
    """Every platform takes these: Sieve's own limits (RFC 5804, section 1.6) and what a file can be called."""
    return 0 < len(name) <= _LONGEST_SCRIPT_NAME and name[0] != "." and "/" not in name and name.isprintable()
