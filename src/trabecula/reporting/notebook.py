"""A page as a piece of HTML for a notebook: it brings its style, asks nobody for anything, and has no script."""

from collections.abc import Iterator, Sequence
from html import escape

from trabecula.drawing.page import Block, Cell, Curve, Item, Items, Page, Row, Table
from trabecula.drawing.picture import Drawing

_DRAWN = 16
"""Characters of a drawn course."""
_STYLE = (
    ".trabecula{max-width:60em;line-height:1.45}"
    ".trabecula table{border-collapse:collapse;font-variant-numeric:tabular-nums;margin:.4em 0}"
    ".trabecula th,.trabecula td{padding:.1em .8em;text-align:right;white-space:nowrap;border-bottom:1px solid #8884}"
    ".trabecula th:first-child{text-align:left;font-weight:normal}.trabecula thead th{font-weight:600}"
    ".trabecula .beside,.trabecula .quiet{opacity:.7}.trabecula svg{max-width:100%;height:auto;background:#fff}"
    ".trabecula .curve{font-family:monospace;font-size:.75em;line-height:1}"
    ".trabecula h3{margin:1em 0 .2em}.trabecula summary{cursor:pointer}"
)


def to_notebook(page: Page, pictures: Sequence[Drawing], shown: int) -> str:
    """The page, with pictures behind its opening; sections behind the first `shown` are folded."""
    parts = [_block(block) for block in (*page.opening, *pictures)]
    for place, section in enumerate(page.sections):
        title, inside = escape(section.title), "".join(map(_block, section.blocks))
        if place < shown:
            parts.append(f"<h3>{title}</h3>{inside}")
        else:
            parts.append(f"<details><summary><b>{title}</b></summary>{inside}</details>")
    head = f"<style>{_STYLE}</style><p><b>{escape(page.title)}</b></p>"
    return f'<div class="trabecula" lang="{escape(page.lang)}">{head}{"".join(parts)}</div>'


def _block(block: Block) -> str:
    """A block of the page."""
    if isinstance(block, Table):
        return "".join(_table(block))
    if isinstance(block, Items):
        return f"<ul>{''.join(map(_item, block.entries))}</ul>"
    if isinstance(block, Drawing):
        return f"<h3>{escape(block.title)}</h3>{block.svg}"
    return f'<p class="quiet">{escape(block.text)}</p>' if block.quiet else f"<p>{escape(block.text)}</p>"


def _table(table: Table) -> Iterator[str]:
    """A table with its heads."""
    heads = "".join(f'<th scope="col">{escape(head)}</th>' for head in (table.corner, *table.columns))
    yield f"<table><thead><tr>{heads}</tr></thead><tbody>"
    yield from map(_row, table.rows)
    yield "</tbody></table>"


def _row(row: Row) -> str:
    """A line of a table; a comparison stands back."""
    look = ' class="beside"' if row.beside else ""
    return f'<tr{look}><th scope="row">{escape(row.label)}</th>{"".join(map(_cell, row.cells))}</tr>'


def _cell(cell: Cell) -> str:
    """What stands in a cell; a course in letters of one width."""
    if isinstance(cell, Curve):
        return f'<td class="curve">{escape(cell.drawn(_DRAWN))}</td>'
    return f"<td>{escape(str(cell))}</td>"


def _item(item: Item) -> str:
    """An entry of a list."""
    head = f"<b>{escape(item.head)}</b>: " if item.head else ""
    return f"<li>{head}{escape(item.text)}</li>"
