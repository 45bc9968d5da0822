"""Elements of XML in a line each. What cannot stand in XML at all is left out."""

import re
from typing import Final
from xml.etree.ElementTree import Element, SubElement, indent, tostring

_IMPOSSIBLE: Final = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def sound(text: str) -> str:
    return _IMPOSSIBLE.sub("", text)


def add(parent: Element, name: str, text: str = "", **attributes: str) -> Element:
    element = SubElement(parent, name, {key: sound(value) for key, value in attributes.items()})
    element.text = sound(text) or None
    return element


def document(root: Element) -> bytes:
    indent(root)
    written: bytes = tostring(root, encoding="utf-8", xml_declaration=True)
    return written + b"\n"
