"""What a report consists of, before anybody decides how it looks: sections with tables, text and lists.

A page is built once (`bones`, `risks`, `remarks`) and shown in more than one way (`terminal`, `markdown`).
"""

from collections.abc import Sequence
from dataclasses import dataclass

from trabecula.drawing.sparkline import sparkline


@dataclass(frozen=True)
class Estimate:
    """A value with its range, both written out: "4.1 %", "2.0–8.1"."""

    value: str
    range: str = ""

    def __str__(self) -> str:
        return f"{self.value} ({self.range})" if self.range else self.value


@dataclass(frozen=True)
class Curve:
    """A course that is drawn as a sparkline; `top` is the value of a full bar."""

    x: tuple[float, ...]
    y: tuple[float, ...]
    now: float
    top: float

    def drawn(self, width: int) -> str:
        """The course in so many characters."""
        return sparkline(self.x, self.y, self.now, self.top, width)


Cell = str | Estimate | Curve


@dataclass(frozen=True)
class Row:
    """A line of a table; `beside` marks a comparison that stands back behind the line above it."""

    label: str
    cells: tuple[Cell, ...]
    beside: bool = False


@dataclass(frozen=True)
class Table:
    """Rows under columns. Where space is short, columns may be left out from the left (`droppable` many)."""

    corner: str
    columns: tuple[str, ...]
    rows: tuple[Row, ...]
    droppable: int = 0

    def without(self, n: int) -> "Table":
        """The table without its first columns."""
        rows = tuple(Row(row.label, row.cells[n:], row.beside) for row in self.rows)
        return Table(self.corner, self.columns[n:], rows)


@dataclass(frozen=True)
class Paragraph:
    """Running text; `quiet` text stands back."""

    text: str
    quiet: bool = False


@dataclass(frozen=True)
class Item:
    """An entry of a list: what it is about, and what is said about it; `code` when it names a field."""

    head: str
    text: str
    code: bool = False


@dataclass(frozen=True)
class Items:
    """A list."""

    entries: tuple[Item, ...]


Block = Table | Paragraph | Items


@dataclass(frozen=True)
class Section:
    """A title and what stands under it."""

    title: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True)
class Page:
    """A whole report: a title, what stands right under it, and sections."""

    title: str
    opening: tuple[Block, ...]
    sections: tuple[Section, ...]


def section(title: str, blocks: Sequence[Block]) -> tuple[Section, ...]:
    """A section, or none when there is nothing to say."""
    return (Section(title, tuple(blocks)),) if blocks else ()
