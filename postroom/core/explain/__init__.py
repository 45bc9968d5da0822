"""Where mail to an address goes, and why a setting has its value: as codes with values, and as words."""
