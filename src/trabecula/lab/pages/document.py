"""A long page with headings, pictures and captioned tables, before anybody decides how it is written.

Text may hold `code`, **weight** and a [link](#anchor) to a heading of the same page, and no other markup.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass

from trabecula.drawing.page import Items, Paragraph

_MARKUP = re.compile(r"`(?P<code>[^`]+)`|\*\*(?P<strong>[^*]+)\*\*|\[(?P<link>[^\]]+)\]\(#(?P<to>[^)]+)\)")


@dataclass(frozen=True)
class Heading:
    """A heading; a link leads to its anchor."""

    level: int
    text: str
    anchor: str


@dataclass(frozen=True)
class Sheet:
    """A table with a caption; the first cell of a row says what the row is about."""

    caption: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class Picture:
    """A drawing, the file it is kept in, and what it shows."""

    file: str
    svg: str
    alt: str


Part = Heading | Paragraph | Items | Sheet | Picture


@dataclass(frozen=True)
class Document:
    """A whole page."""

    title: str
    parts: tuple[Part, ...]

    @property
    def pictures(self) -> tuple[Picture, ...]:
        """The drawings, in order."""
        return tuple(each for each in self.parts if isinstance(each, Picture))

    @property
    def headings(self) -> tuple[Heading, ...]:
        """The headings, in order."""
        return tuple(each for each in self.parts if isinstance(each, Heading))


@dataclass(frozen=True)
class Markup:
    """How text, code, weight and links are written in one format."""

    text: Callable[[str], str]
    code: Callable[[str], str]
    strong: Callable[[str], str]
    link: Callable[[str, str], str]

    def written(self, text: str) -> str:
        """A text with its markup."""
        parts, end = [], 0
        for found in _MARKUP.finditer(text):
            parts += [self.text(text[end : found.start()]), self._one(found)]
            end = found.end()
        return "".join([*parts, self.text(text[end:])])

    def _one(self, found: re.Match[str]) -> str:
        """One piece of markup."""
        if found["code"]:
            return self.code(found["code"])
        if found["strong"]:
            return self.strong(self.written(found["strong"]))
        return self.link(self.text(found["link"]), found["to"])


def plain(text: str) -> str:
    """Words of a record, in which nothing is taken for markup."""
    return " ".join(re.sub(r"[`*\[\]]", " ", text).split())
