"""Our own texts as HTML: CommonMark with tables, nothing raw, a place to link to at each heading."""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from typing import Any, Final

import msgspec
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token

from postroom.faces.web.wrapping import wrapping


class Section(msgspec.Struct, frozen=True):
    """What stands between two headings."""

    title: str
    anchor: str
    """Empty: the beginning."""
    words: str


class Rendered(msgspec.Struct, frozen=True):
    title: str
    """The heading of the first level, which the HTML leaves to the page."""
    html: SafeString
    sections: tuple[Section, ...]

    @property
    def parts(self) -> tuple[Section, ...]:
        """For a table of contents."""
        return tuple(section for section in self.sections if section.anchor)


class _Renderer(RendererHTML):
    """Tables that can be scrolled, code that can be copied, and names that wrap where they may."""

    def table_open(self, tokens: Sequence[Token], at: int, options: Any, env: Any) -> str:
        return '<div class="scroll" tabindex="0"><table>\n'

    def table_close(self, tokens: Sequence[Token], at: int, options: Any, env: Any) -> str:
        return "</table></div>\n"

    def code_inline(self, tokens: Sequence[Token], at: int, options: Any, env: Any) -> str:
        return f"<code>{wrapping(tokens[at].content)}</code>"

    def fence(self, tokens: Sequence[Token], at: int, options: Any, env: Any) -> str:
        return code(tokens[at].content, copied=tokens[at].info.strip() == "sh")


def code(text: str, *, copied: bool) -> SafeString:
    """A block of code; `copied`: with a button, where there is a script."""
    if not copied:
        return format_html('<pre tabindex="0"><code>{}</code></pre>\n', text)
    return format_html(
        '<div class="code"><pre tabindex="0"><code>{}</code></pre>'
        '<button type="button" class="quiet small" data-copy="{}" hidden>{}</button></div>\n',
        text,
        text.rstrip("\n"),
        _("Copy"),
    )


_READER: Final = MarkdownIt("commonmark", {"html": False}, renderer_cls=_Renderer).enable("table")


def render(text: str) -> Rendered:
    tokens = _READER.parse(text)
    title, rest = _title(tokens)
    sections = tuple(_sections(rest, title))
    for section, heading in zip(
        (s for s in sections if s.anchor), (t for t in rest if t.type == "heading_open" and t.tag == "h2"), strict=True
    ):
        heading.attrSet("id", section.anchor)
    html = _READER.renderer.render(rest, _READER.options, {})
    return Rendered(title, mark_safe(html), sections)  # noqa: S308 -- our own files, and nothing raw in them


def _title(tokens: list[Token]) -> tuple[str, list[Token]]:
    if not tokens or tokens[0].tag != "h1":
        raise ValueError("a text of the hub begins with its title")
    return tokens[1].content, tokens[3:]


def _sections(tokens: Sequence[Token], title: str) -> Iterator[Section]:
    begun, anchor, words = title, "", list[str]()
    for before, token in zip([None, *tokens], tokens, strict=False):
        if before is not None and before.type == "heading_open" and before.tag == "h2":
            yield Section(begun, anchor, " ".join(words))
            begun, anchor, words = token.content.replace("`", ""), slug(token.content), []
        elif token.content and token.type != "fence":
            words.append(token.content)
    yield Section(begun, anchor, " ".join(words))


def slug(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text.replace("’", "-")).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")
