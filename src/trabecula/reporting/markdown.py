"""A page as Markdown, as GitHub shows it: the same tables and lists."""

import re
from collections.abc import Iterator, Sequence

from trabecula.drawing.characters import printable
from trabecula.drawing.page import Block, Cell, Curve, Item, Items, Page, Row, Table
from trabecula.drawing.picture import Drawing
from trabecula.words.numbers import SPACE

_DRAWN = 24
"""Characters of a drawn course."""
_SPECIAL = re.compile(r"([\\|`*_\[\]]|<(?=[A-Za-z/!?]))")


def to_markdown(page: Page) -> str:
    """The page as Markdown that GitHub shows: tables with every column, courses as small bars, no-break spaces plain.

    Whatever a record holds is text in it and nothing is markup.
    """
    parts = [f"# {markup_free(page.title)}", *map(_block, page.opening)]
    for section in page.sections:
        parts += [f"## {markup_free(section.title)}", *map(_block, section.blocks)]
    return "\n\n".join(parts).replace(SPACE, " ") + "\n"


def _block(block: Block) -> str:
    """A block of Markdown."""
    if isinstance(block, Table):
        return "\n".join(_table(block))
    if isinstance(block, Items):
        return "\n".join(map(_item, block.entries))
    if isinstance(block, Drawing):
        return markup_free(block.description)
    return markup_free(block.text)


def _table(table: Table) -> Iterator[str]:
    """The lines of a table."""
    yield _line([table.corner, *table.columns])
    yield _line(["---", *("---:" for _ in table.columns)])
    for row in table.rows:
        yield _line([_label(row), *map(_cell, row.cells)])


def _line(cells: Sequence[str]) -> str:
    """A line of a table."""
    return f"| {' | '.join(cells)} |"


def _label(row: Row) -> str:
    """The name of a row; a comparison in italics."""
    return f"*{markup_free(row.label)}*" if row.beside else markup_free(row.label)


def _cell(cell: Cell) -> str:
    """What stands in a cell."""
    return cell.drawn(_DRAWN) if isinstance(cell, Curve) else markup_free(str(cell))


def _item(item: Item) -> str:
    """An entry of a list."""
    if not item.head:
        return f"- {markup_free(item.text)}"
    head = f"`{printable(item.head).replace('`', ' ')}`" if item.code else f"**{markup_free(item.head)}**"
    return f"- {head}: {markup_free(item.text)}"


def markup_free(text: str) -> str:
    """Text in which nothing is taken for markup."""
    return _SPECIAL.sub(r"\\\1", printable(text))
