"""How a table is laid out in a given width: ranges beside their values, fewer columns, or ranges below."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain

from rich.cells import cell_len

from trabecula.drawing.page import Cell, Curve, Estimate, Table

_GAP = "  "
_INDENT = "  "


@dataclass(frozen=True)
class Line:
    """A line of text: the head of the table, a comparison that stands back, or neither."""

    text: str
    head: bool = False
    quiet: bool = False


@dataclass(frozen=True)
class Grid:
    """A table as lines, and the columns that had no room."""

    lines: tuple[Line, ...]
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
    columns = [
        _column(head, [row.cells[i] for row in shown.rows], stacked) for i, head in enumerate(shown.columns)
    ]
    first = _padded([[shown.corner], *([label] for label in labels)])
    lines = []
    for k, parts in enumerate(zip(first, *columns, strict=True)):
        for text in _beside(parts):
            lines.append(Line(text, head=k == 0, quiet=k > 0 and shown.rows[k - 1].beside))
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
    texts = [[each.value, *([each.range] if each.range else [])] if isinstance(each, Estimate) else [str(each)]
             for each in cells if not isinstance(each, Curve)]  # fmt: skip
    width = max(map(cell_len, chain([head], *texts)))
    rest = iter(texts)
    filled = [[each.drawn(width)] if isinstance(each, Curve) else next(rest) for each in cells]
    return [[_right(text, width) for text in lines] for lines in [[head], *filled]]


def _inline(head: str, cells: Sequence[Cell]) -> list[list[str]]:
    """Ranges beside their values, values under each other."""
    pairs = [_value_and_range(each) for each in cells]
    values = max(cell_len(value) for value, _ in pairs)
    texts = [f"{_right(value, values)} {reach}".rstrip() for value, reach in pairs]
    width = max(map(cell_len, [head, *texts]))
    filled = [
        each.drawn(width) if isinstance(each, Curve) else text
        for each, text in zip(cells, texts, strict=True)
    ]
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
