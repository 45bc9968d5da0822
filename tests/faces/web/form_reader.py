"""What a browser would send of a form: read from the page, as it is shown."""

from html.parser import HTMLParser


class _Reader(HTMLParser):
    def __init__(self):
        super().__init__()
        self.forms, self._open, self._text, self._select = [], None, None, None

    def handle_starttag(self, tag, attrs):
        found = dict(attrs)
        if tag == "form":
            self._open = {}
            self.forms.append(self._open)
        elif self._open is not None:
            self._field(tag, found)

    def _field(self, tag, found):
        if tag == "input" and found.get("name"):
            ticked = found.get("type") not in ("checkbox", "radio") or "checked" in found
            if ticked and found.get("type") != "submit":
                self._open[found["name"]] = found.get("value", "on" if found.get("type") == "checkbox" else "")
        elif tag == "select":
            self._select = found["name"]
        elif tag == "option" and self._select:
            self._option = found.get("value")
            self._open.setdefault(self._select, self._option)
            self._take = "selected" in found
            if self._take and self._option is not None:
                self._open[self._select] = self._option
        elif tag == "textarea":
            self._text = found["name"]
            self._open[self._text] = ""

    def handle_data(self, data):
        if self._text:
            self._open[self._text] += data
        elif self._select and data.strip() and getattr(self, "_option", "") is None:  # an option that is its own value
            if self._take or self._open[self._select] is None:
                self._open[self._select] = data.strip()
            self._take = False

    def handle_endtag(self, tag):
        if tag == "form":
            self._open = None
        elif tag == "textarea":
            # Browsers leave out the line break after the tag, and send others as CR LF.
            self._open[self._text] = self._open[self._text].removeprefix("\n").replace("\n", "\r\n")
            self._text = None
        elif tag == "select":
            self._select = None


def sent(html, changes, **having):
    """The first form with these values and more fields than them, with `changes` typed in; None: not ticked."""
    reader = _Reader()
    reader.feed(html)
    wanted = having.items()
    form = next(form for form in reader.forms if wanted <= form.items() and len(form) > len(having) + 1)
    return {name: value for name, value in {**form, **changes}.items() if value is not None}
