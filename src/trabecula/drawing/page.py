"""What a page consists of, before anybody decides how it looks: sections with tables, text, lists and pictures.

A page is built once, in one language, and shown in more than one way: on a terminal, as Markdown, as HTML.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from trabecula.drawing.characters import sparkline
from trabecula.drawing.picture import Drawing


@dataclass(frozen=True)
class Estimate:
    """A value with its range, both written out: "4.1 %", "2.0–8.1"."""

    value: str
    """The figure with its unit."""
    range: str = ""
    """From the low to the high end, without the unit; empty where it is as narrow as the figure."""
    beside: bool = False
    """Whether it stands back: the average person's figure in a column of its own."""

    def __str__(self) -> str:
        return f"{self.value} ({self.range})" if self.range else self.value


@dataclass(frozen=True)
class Curve:
    """A course that is drawn as a sparkline: values `y` [any unit] at the places `x`, of the same length."""

    x: tuple[float, ...]
    """Rising."""
    y: tuple[float, ...]
    now: float
    """The place that is marked."""
    top: float
    """The value of a full bar; the lowest bar stands for half of it."""

    def drawn(self, width: int) -> str:
        """The course in so many characters."""
        return sparkline(self.x, self.y, self.now, self.top, width)


Cell = str | Estimate | Curve


@dataclass(frozen=True)
class Row:
    """A line of a table; `beside` marks a comparison that stands back behind the line above it."""

    label: str
    cells: tuple[Cell, ...]
    """As many as the table has columns."""
    beside: bool = False
    """Whether the line is the average beside the line above it."""
    group: bool = False
    """Whether the line is about several of the others together."""
    note: str = ""
    """What stands small under the label."""


@dataclass(frozen=True)
class Table:
    """Rows under columns. Where space is short, columns may be left out from the left (`droppable` many)."""

    corner: str
    """The head above the labels; may be empty."""
    columns: tuple[str, ...]
    rows: tuple[Row, ...]
    droppable: int = 0
    """How many of the first columns may be left out where space is short."""

    def without(self, n: int) -> "Table":
        """The table without its first columns."""
        rows = tuple(replace(row, cells=row.cells[n:]) for row in self.rows)
        return Table(self.corner, self.columns[n:], rows)


@dataclass(frozen=True)
class Paragraph:
    """Running text; `quiet` text stands back."""

    text: str
    quiet: bool = False


@dataclass(frozen=True)
class Item:
    """A sentence with what it is about and who says so; an entry of a list, or a part of running text."""

    head: str
    """What it is about; may be empty."""
    text: str
    code: bool = False
    """Whether the head is a name that a program knows, a field or a command."""
    marks: tuple[int, ...] = ()
    """The numbers of its sources in the list under the page."""
    lang: str = ""
    """The language of the text, where it is not that of the page (a document's title)."""


@dataclass(frozen=True)
class Items:
    """A list, or sentences that run on behind each other."""

    entries: tuple[Item, ...]
    running: bool = False


Block = Table | Paragraph | Items | Drawing


@dataclass(frozen=True)
class Section:
    """A title and what stands under it; `name` is its anchor on a page that has anchors."""

    title: str
    blocks: tuple[Block, ...]
    name: str = ""
    """Its anchor, in letters that an address can hold; empty on pages without anchors."""


@dataclass(frozen=True)
class Page:
    """A whole page: a title, what stands right under it, and sections."""

    title: str
    opening: tuple[Block, ...]
    """What stands right under the title: whom it is about, and what it is not."""
    sections: tuple[Section, ...]
    lang: str = "en"
    """The code of its language, for what a screen adds of its own."""


def section(title: str, blocks: Sequence[Block], name: str = "") -> tuple[Section, ...]:
    """A section, or none when there is nothing to say."""
    return (Section(title, tuple(blocks), name),) if blocks else ()


def listed(entries: Iterable[Item], *, running: bool = False) -> list[Block]:
    """Entries as a list, or nothing where there are none."""
    found = tuple(entries)
    return [Items(found, running)] if found else []
