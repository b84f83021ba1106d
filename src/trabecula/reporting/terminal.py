"""A page as text for a terminal: as wide as the screen, bold and dim where the screen can, numbers always whole."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from io import StringIO
from itertools import chain
from textwrap import wrap

from rich.cells import cell_len
from rich.console import Console
from rich.text import Text

from trabecula.drawing.characters import printable
from trabecula.drawing.page import Block, Cell, Curve, Estimate, Items, Page, Paragraph, Section, Table
from trabecula.drawing.picture import Drawing
from trabecula.words.language import language
from trabecula.words.numbers import SPACE

NARROWEST, USUAL, WIDEST = 60, 80, 120
"""Columns of the screen."""
_WIDEST_TEXT = 92
"""Columns beyond which running text is tiring."""
_BULLET = "• "
_GAP = _INDENT = "  "


def to_terminal(page: Page, width: int = USUAL, *, styled: bool = False) -> str:
    """The page as text, no line wider than `width` columns (60 at least, 120 at most), without trailing spaces.

    styled: adds the codes for bold and dim. Tables take the roomiest layout that fits: ranges beside their values,
    then fewer columns (named below the table), then ranges below their values; figures are never cut.
    """
    width = min(max(width, NARROWEST), WIDEST)
    shown = StringIO()
    console = Console(
        file=shown,
        width=WIDEST,
        force_terminal=styled,
        color_system="standard" if styled else None,
        legacy_windows=False,
        _environ={},
    )
    for line in _page(page, width):
        console.print(line, soft_wrap=True)
    return shown.getvalue().replace(SPACE, " ")


def _page(page: Page, width: int) -> Iterator[Text]:
    """The lines of a page."""
    yield Text(printable(page.title), "bold")
    yield from _blocks(page.opening, width, page.lang)
    for section in page.sections:
        yield Text()
        yield from _section(section, width, page.lang)


def _section(section: Section, width: int, lang: str) -> Iterator[Text]:
    """A title with a rule, and what stands under it."""
    title = Text(section.title + " ", "bold")
    yield title.append("─" * (width - cell_len(section.title) - 1), "dim")
    yield from _blocks(section.blocks, width, lang)


def _blocks(blocks: Sequence[Block], width: int, lang: str) -> Iterator[Text]:
    """The lines of a section."""
    for block in blocks:
        if isinstance(block, Table):
            yield from _table(block, width, lang)
        elif isinstance(block, Items):
            yield from _items(block, width)
        elif isinstance(block, Drawing):
            yield from _paragraph(Paragraph(block.description), width)
        else:
            yield from _paragraph(block, width)


def _table(table: Table, width: int, lang: str) -> Iterator[Text]:
    """The table in the roomiest way that fits."""
    grid = fitting(table, width)
    for line in grid.lines:
        yield Text(line.text, "dim" if line.quiet else "bold" if line.head else "")
    if grid.left_out:
        yield from _paragraph(
            Paragraph(language(lang).text("page.wider_screen_shows", columns=grid.left_out), quiet=True), width
        )


def _paragraph(paragraph: Paragraph, width: int) -> Iterator[Text]:
    """Running text, wrapped between words only."""
    for line in _wrapped(paragraph.text, min(width, _WIDEST_TEXT)):
        yield Text(line, "dim" if paragraph.quiet else "")


def _items(items: Items, width: int) -> Iterator[Text]:
    """A list with hanging lines."""
    for item in items.entries:
        text = f"{item.head}: {item.text}" if item.head else item.text
        room = min(width, _WIDEST_TEXT) - len(_BULLET)
        for i, line in enumerate(_wrapped(text, room)):
            shown = Text((" " * len(_BULLET) if i else _BULLET) + line)
            if i == 0 and item.head:
                shown.stylize("bold", len(_BULLET), len(_BULLET) + len(item.head) + 1)
            yield shown


def _wrapped(text: str, width: int) -> list[str]:
    """The text in lines; a word longer than a line (an address) stays whole."""
    return wrap(printable(text), width, break_long_words=False, break_on_hyphens=False) or [""]


# --- How a table is laid out: ranges beside their values, fewer columns, or ranges below -----------------------------


@dataclass(frozen=True)
class GridLine:
    """A line of text: the head of the table, a comparison that stands back, or neither."""

    text: str
    head: bool = False
    quiet: bool = False


@dataclass(frozen=True)
class Grid:
    """A table as lines, and the columns that had no room."""

    lines: tuple[GridLine, ...]
    left_out: tuple[str, ...]

    @property
    def width(self) -> int:
        """The widest line."""
        return max(cell_len(line.text) for line in self.lines)


def fitting(table: Table, width: int) -> Grid:
    """The roomiest layout that fits; if none does, the narrowest."""
    grid = None
    for grid in _layouts(table):
        if grid.width <= width:
            return grid
    assert grid is not None
    return grid


def _layouts(table: Table) -> Iterator[Grid]:
    """Every layout, the roomiest first."""
    for n in range(table.droppable + 1):
        yield _laid_out(table, n, stacked=False)
    yield _laid_out(table, table.droppable, stacked=True)


def _laid_out(table: Table, left_out: int, *, stacked: bool) -> Grid:
    """The table without its first columns, ranges beside their values or below them."""
    shown = table.without(left_out)
    labels = [_INDENT + row.label if row.beside else row.label for row in shown.rows]
    columns = [_column(head, [row.cells[i] for row in shown.rows], stacked) for i, head in enumerate(shown.columns)]
    first = _padded([[shown.corner], *([label] for label in labels)])
    lines = []
    for k, parts in enumerate(zip(first, *columns, strict=True)):
        for text in _beside(parts):
            lines.append(GridLine(text, head=k == 0, quiet=k > 0 and shown.rows[k - 1].beside))
    return Grid(tuple(lines), table.columns[:left_out])


def _beside(parts: Sequence[Sequence[str]]) -> Iterator[str]:
    """The lines of a row, from the lines of its cells."""
    for i in range(max(map(len, parts))):
        yield _GAP.join(part[i] if i < len(part) else " " * cell_len(part[0]) for part in parts).rstrip()


def _column(head: str, cells: Sequence[Cell], stacked: bool) -> list[list[str]]:
    """The lines of the head and of each cell, all of one width."""
    return _stacked(head, cells) if stacked else _inline(head, cells)


def _stacked(head: str, cells: Sequence[Cell]) -> list[list[str]]:
    """Ranges below their values."""
    texts = [[cell.value, *([cell.range] if cell.range else [])] if isinstance(cell, Estimate) else [str(cell)]
             for cell in cells if not isinstance(cell, Curve)]  # fmt: skip
    width = max(map(cell_len, chain([head], *texts)))
    rest = iter(texts)
    filled = [[cell.drawn(width)] if isinstance(cell, Curve) else next(rest) for cell in cells]
    return [[_right(text, width) for text in lines] for lines in [[head], *filled]]


def _inline(head: str, cells: Sequence[Cell]) -> list[list[str]]:
    """Ranges beside their values, values under each other."""
    pairs = [_value_and_range(cell) for cell in cells]
    values = max(cell_len(value) for value, _ in pairs)
    texts = [f"{_right(value, values)} {reach}".rstrip() for value, reach in pairs]
    width = max(map(cell_len, [head, *texts]))
    filled = [cell.drawn(width) if isinstance(cell, Curve) else text for cell, text in zip(cells, texts, strict=True)]
    return _padded([[text] for text in [head, *filled]])


def _value_and_range(cell: Cell) -> tuple[str, str]:
    """A cell in two parts; a curve takes whatever room there is."""
    if isinstance(cell, Estimate):
        return cell.value, f"({cell.range})" if cell.range else ""
    return ("", "") if isinstance(cell, Curve) else (cell, "")


def _padded(lines: Sequence[Sequence[str]]) -> list[list[str]]:
    """Single lines filled up to one width."""
    width = max(cell_len(text) for (text,) in lines)
    return [[text + " " * (width - cell_len(text))] for (text,) in lines]


def _right(text: str, width: int) -> str:
    """The text at the right of a width."""
    return " " * (width - cell_len(text)) + text
