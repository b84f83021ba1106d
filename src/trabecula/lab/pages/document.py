"""A long page with headings, pictures and captioned tables, and how it is written as HTML and as Markdown.

Text may hold `code`, **weight** and a [link](#anchor) to a heading of the same page, and no other markup. What pages
say in words that do not depend on a computation stands in `texts/`; its places are those of `str.format`.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from html import escape
from itertools import pairwise
from pathlib import Path

import click

from trabecula.drawing.characters import printable
from trabecula.drawing.page import Item, Items, Paragraph
from trabecula.words.numbers import SPACE

TEXTS = Path(__file__).with_name("texts")
"""What the pages of the lab say: Markdown with places for numbers and tables, and lists of names in YAML."""
_PLACE = re.compile(r"\{(\w+)\}")
_HEADING = re.compile(r"(#+) (.+) \{\{#([\w-]+)\}\}")
"""A heading of a text with its anchor, in the braces that `str.format` would make single."""
_MARKUP = re.compile(r"`(?P<code>[^`]+)`|\*\*(?P<strong>[^*]+)\*\*|\[(?P<link>[^\]]+)\]\(#(?P<to>[^)]+)\)")


@dataclass(frozen=True)
class Heading:
    """A heading; a link leads to its anchor."""

    level: int
    """2 to 4; the title of the page is 1."""
    text: str
    """Without markup."""
    anchor: str
    """Its name within the page."""


@dataclass(frozen=True)
class Sheet:
    """A table with a caption; the first cell of a row says what the row is about."""

    caption: str
    """What the table shows; it may hold markup, as cells may."""
    columns: tuple[str, ...]
    """Heads of the columns, without markup."""
    rows: tuple[tuple[str, ...], ...]
    """As many cells in each as there are columns."""


@dataclass(frozen=True)
class Picture:
    """A drawing, the file it is kept in, and what it shows."""

    file: str
    """The name of its file, in the folder of the page."""
    svg: str
    """The drawing itself."""
    alt: str
    """For whoever cannot see it."""


Part = Heading | Paragraph | Items | Sheet | Picture


@dataclass(frozen=True)
class Document:
    """A whole page."""

    title: str
    """Without markup."""
    parts: tuple[Part, ...]
    """In the order of the page."""

    @property
    def pictures(self) -> tuple[Picture, ...]:
        """The drawings, in order."""
        return tuple(part for part in self.parts if isinstance(part, Picture))

    @property
    def headings(self) -> tuple[Heading, ...]:
        """The headings, in order."""
        return tuple(part for part in self.parts if isinstance(part, Heading))


@dataclass(frozen=True)
class Markup:
    """How text, code, weight and links are written in one format."""

    text: Callable[[str], str]
    """Text in which nothing is taken for markup."""
    code: Callable[[str], str]
    """A word of code."""
    strong: Callable[[str], str]
    """A piece with weight, written already."""
    link: Callable[[str, str], str]
    """A text, written already, and the anchor it leads to."""

    def written(self, text: str) -> str:
        """A text with its markup."""
        parts, end = [], 0
        for found in _MARKUP.finditer(text):
            parts += [self.text(text[end : found.start()]), self._one(found)]
            end = found.end()
        return "".join([*parts, self.text(text[end:])])

    def _one(self, found: re.Match[str]) -> str:
        if found["code"]:
            return self.code(found["code"])
        if found["strong"]:
            return self.strong(self.written(found["strong"]))
        return self.link(self.text(found["link"]), found["to"])


@cache
def page_text(file: str) -> str:
    """The text of a file of `TEXTS`, for `str.format`; OSError where there is none."""
    return (TEXTS / file).read_text(encoding="utf-8")


def text_parts(text: str, values: Mapping[str, object], computed: Mapping[str, Iterable[Part]]) -> Iterator[Part]:
    """The parts of a page written as Markdown; KeyError for a place that has no value.

    A paragraph that is one place, `{name}`, stands for the computed parts of that name; other places take `values`.
    """
    for block in text.strip().split("\n\n"):
        if place := _PLACE.fullmatch(block):
            yield from computed[place[1]]
        elif heading := _HEADING.fullmatch(block):
            yield Heading(len(heading[1]), heading[2], heading[3])
        elif block.startswith("- "):
            yield Items(tuple(Item("", line.removeprefix("- ")) for line in block.split("\n")))
        else:
            yield Paragraph(block.format_map(values))


def plain(text: str) -> str:
    """Words of a record, in which nothing is taken for markup."""
    return " ".join(re.sub(r"[`*\[\]]", " ", text).split())


# --- As HTML: one file, no script, no request to anybody, readable at any size and on paper ---------------------------


def document_html(document: Document, note: str) -> str:
    """The document as HTML; `note` says, out of sight, where it comes from."""
    body = [_contents(document.headings), *(_html_part(part, i) for i, part in enumerate(document.parts))]
    return page_text("document.html").format(
        note=note, title=_html_text(document.title), style=page_text("document.css"), body="\n".join(body)
    )


def _contents(headings: Sequence[Heading]) -> str:
    entries = "\n".join(
        f"<li>{_link(top)}{_links([heading for heading in below if heading.level == top.level + 1])}</li>"
        for top, below in _sections(headings)
    )
    return f'<nav aria-label="Contents">\n<ul>\n{entries}\n</ul>\n</nav>'


def _sections(headings: Sequence[Heading]) -> Iterator[tuple[Heading, Sequence[Heading]]]:
    """Each heading of the highest level with the headings under it."""
    highest = min(heading.level for heading in headings)
    starts = [i for i, heading in enumerate(headings) if heading.level == highest]
    for start, end in pairwise([*starts, len(headings)]):
        yield headings[start], headings[start + 1 : end]


def _links(headings: Sequence[Heading]) -> str:
    return f"<ul>{''.join(f'<li>{_link(heading)}</li>' for heading in headings)}</ul>" if headings else ""


def _link(heading: Heading) -> str:
    return f'<a href="#{heading.anchor}">{_html_text(heading.text)}</a>'


def _html_text(text: str) -> str:
    """Text in which nothing is taken for markup."""
    return escape(printable(text))


_HTML = Markup(
    _html_text,
    lambda code: f"<code>{_html_text(code)}</code>",
    lambda text: f"<strong>{text}</strong>",
    lambda text, to: f'<a href="#{escape(to)}">{text}</a>',
)


def _html_part(part: Part, number: int) -> str:
    """A part of HTML; `number` tells it from the others."""
    if isinstance(part, Heading):
        return f'<h{part.level} id="{part.anchor}">{_html_text(part.text)}</h{part.level}>'
    if isinstance(part, Items):
        entries = (f"<li>{_HTML.written(_item_text(entry))}</li>\n" for entry in part.entries)
        return f"<ul>\n{''.join(entries)}</ul>"
    if isinstance(part, Sheet):
        return "\n".join(_html_sheet(part, f"table-{number}"))
    if isinstance(part, Picture):
        return f'<figure class="wide" tabindex="0">\n{part.svg.strip()}\n</figure>'
    opening = '<p class="quiet">' if part.quiet else "<p>"
    return f"{opening}{_HTML.written(part.text)}</p>"


def _item_text(item: Item) -> str:
    """An entry of a list, with the weight of its head as markup."""
    return f"**{item.head}**: {item.text}" if item.head else item.text


def _html_sheet(sheet: Sheet, name: str) -> Iterator[str]:
    """A table that scrolls by itself where the screen is narrow."""
    yield f'<div class="wide" role="group" aria-labelledby="{name}" tabindex="0">\n<table>'
    yield f'<caption id="{name}">{_HTML.written(sheet.caption)}</caption>'
    heads = "".join(f'<th scope="col">{_html_text(column)}</th>' for column in sheet.columns)
    yield f"<thead><tr>{heads}</tr></thead>\n<tbody>"
    for first, *rest in sheet.rows:
        cells = "".join(f"<td>{_HTML.written(cell)}</td>" for cell in rest)
        yield f'<tr><th scope="row">{_HTML.written(first)}</th>{cells}</tr>'
    yield "</tbody>\n</table>\n</div>"


# --- As Markdown, as GitHub shows it, with its pictures in files beside it --------------------------------------------

_SPECIAL = re.compile(r"([\\|`*_\[\]]|<(?=[A-Za-z/!?]))")
"""What Markdown would take for markup."""


def document_markdown(document: Document, note: str) -> str:
    """The document as Markdown; `note` says, out of sight, where it comes from."""
    markup = _markup({heading.anchor: slug(heading.text) for heading in document.headings})
    parts = [
        f"<!-- {note} -->",
        f"# {_markdown_text(document.title)}",
        *(_markdown_part(part, markup) for part in document.parts),
    ]
    return "\n\n".join(parts).replace(SPACE, " ") + "\n"


def slug(heading: str) -> str:
    """The anchor that GitHub gives a heading."""
    return re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")


def _markup(anchors: Mapping[str, str]) -> Markup:
    """Markup whose links lead to the anchors of the headings."""
    return Markup(
        _markdown_text,
        lambda code: f"`{code}`",
        lambda text: f"**{text}**",
        lambda text, to: f"[{text}](#{anchors[to]})",
    )


def _markdown_text(text: str) -> str:
    """Text in which nothing is taken for markup."""
    return _SPECIAL.sub(r"\\\1", printable(text))


def _markdown_part(part: Part, markup: Markup) -> str:
    if isinstance(part, Heading):
        return f"{'#' * part.level} {_markdown_text(part.text)}"
    if isinstance(part, Items):
        return "\n".join(f"- {markup.written(_item_text(entry))}" for entry in part.entries)
    if isinstance(part, Sheet):
        return _markdown_sheet(part, markup)
    if isinstance(part, Picture):
        return f"![{_markdown_text(part.alt)}]({part.file})"
    return markup.written(part.text)


def _markdown_sheet(sheet: Sheet, markup: Markup) -> str:
    rows = [[markup.written(cell) for cell in row] for row in sheet.rows]
    return f"{markup.written(sheet.caption)}\n\n{markdown_table(sheet.columns, rows)}"


def markdown_table(columns: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A table in Markdown; cells are taken as they are."""
    return markdown_rows([columns, ["---"] * len(columns), *rows])


def markdown_rows(rows: Iterable[Sequence[str]]) -> str:
    """Rows of a table in Markdown, for a text that has its head."""
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


def print_or_write(text: str, output: Path | None) -> None:
    """What the command of a page does with it: to a file, whose folder is made, or to the screen."""
    if output is None:
        click.echo(text, nl=False)
    else:
        output.parent.mkdir(parents=True, exist_ok=True)
        output.write_text(text, encoding="utf-8")
