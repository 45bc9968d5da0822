"""The two windows that everything is looked at in."""

DESKTOP = {"width": 1280, "height": 900}
PHONE = {"width": 390, "height": 844}
