"""A document as Markdown, as GitHub shows it, with its pictures in files beside it."""

import re
from collections.abc import Iterator, Mapping

from trabecula.drawing.characters import printable
from trabecula.drawing.page import Item, Items
from trabecula.lab.pages.document import Document, Heading, Markup, Part, Picture, Sheet
from trabecula.words.numbers import SPACE

_SPECIAL = re.compile(r"([\\|`*_\[\]]|<(?=[A-Za-z/!?]))")


def document_markdown(document: Document, note: str) -> str:
    """The document as Markdown; `note` says, out of sight, where it comes from."""
    markup = _markup({each.anchor: slug(each.text) for each in document.headings})
    parts = [
        f"<!-- {note} -->",
        f"# {_text(document.title)}",
        *(_part(each, markup) for each in document.parts),
    ]
    return "\n\n".join(parts).replace(SPACE, " ") + "\n"


def slug(heading: str) -> str:
    """The anchor that GitHub gives a heading."""
    return re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")


def _markup(anchors: Mapping[str, str]) -> Markup:
    """Markup whose links lead to the anchors of the headings."""
    return Markup(
        _text,
        lambda code: f"`{code}`",
        lambda text: f"**{text}**",
        lambda text, to: f"[{text}](#{anchors[to]})",
    )


def _text(text: str) -> str:
    """Text in which nothing is taken for markup."""
    return _SPECIAL.sub(r"\\\1", printable(text))


def _part(part: Part, markup: Markup) -> str:
    """A part of Markdown."""
    if isinstance(part, Heading):
        return f"{'#' * part.level} {_text(part.text)}"
    if isinstance(part, Items):
        return "\n".join(_item(each, markup) for each in part.entries)
    if isinstance(part, Sheet):
        return "\n".join(_sheet(part, markup))
    if isinstance(part, Picture):
        return f"![{_text(part.alt)}]({part.file})"
    return markup.written(part.text)


def _item(item: Item, markup: Markup) -> str:
    """An entry of a list."""
    return (
        f"- **{markup.written(item.head)}**: {markup.written(item.text)}"
        if item.head
        else f"- {markup.written(item.text)}"
    )


def _sheet(sheet: Sheet, markup: Markup) -> Iterator[str]:
    """The caption and the lines of a table."""
    yield from (markup.written(sheet.caption), "")
    yield _line(sheet.columns)
    yield _line(["---"] * len(sheet.columns))
    for row in sheet.rows:
        yield _line([markup.written(cell) for cell in row])


def _line(cells: list[str] | tuple[str, ...]) -> str:
    """A line of a table."""
    return f"| {' | '.join(cells)} |"
