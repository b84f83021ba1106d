"""A page as text for a terminal: as wide as the screen, bold and dim where the screen can, numbers always whole."""

from collections.abc import Iterator, Sequence
from io import StringIO
from textwrap import wrap

from rich.cells import cell_len
from rich.console import Console
from rich.text import Text

from trabecula.drawing.characters import printable
from trabecula.drawing.page import Block, Items, Page, Paragraph, Section, Table
from trabecula.reporting.grid import fitting
from trabecula.words.numbers import SPACE

NARROWEST, USUAL, WIDEST = 60, 80, 120  # columns of the screen
_WIDEST_TEXT = 92  # columns beyond which running text is tiring
_BULLET = "• "


def to_terminal(page: Page, width: int = USUAL, *, styled: bool = False) -> str:
    """The page as text, no line wider than `width` (at least 60); `styled` adds the codes for bold and dim."""
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
    yield from _blocks(page.opening, width)
    for section in page.sections:
        yield Text()
        yield from _section(section, width)


def _section(section: Section, width: int) -> Iterator[Text]:
    """A title with a rule, and what stands under it."""
    title = Text(section.title + " ", "bold")
    yield title.append("─" * (width - cell_len(section.title) - 1), "dim")
    yield from _blocks(section.blocks, width)


def _blocks(blocks: Sequence[Block], width: int) -> Iterator[Text]:
    """The lines of a section."""
    for block in blocks:
        if isinstance(block, Table):
            yield from _table(block, width)
        elif isinstance(block, Items):
            yield from _items(block, width)
        else:
            yield from _paragraph(block, width)


def _table(table: Table, width: int) -> Iterator[Text]:
    """The table in the roomiest way that fits."""
    grid = fitting(table, width)
    for line in grid.lines:
        yield Text(line.text, "dim" if line.quiet else "bold" if line.head else "")
    if grid.left_out:
        yield from _paragraph(
            Paragraph(f"A wider screen also shows {', '.join(grid.left_out)}.", quiet=True), width
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
