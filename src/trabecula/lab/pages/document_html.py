"""A document as one HTML file: no script, no request to anybody, pictures inside, readable at any size and on paper."""

from collections.abc import Iterator, Sequence
from html import escape
from itertools import pairwise

from trabecula.drawing.characters import printable
from trabecula.drawing.page import Item, Items
from trabecula.lab.pages.document import Document, Heading, Markup, Part, Picture, Sheet

_STYLE = """
:root { color-scheme: light; }
* { box-sizing: border-box; }
body { margin: 0 auto; padding: 0 1rem 4rem; max-width: 60rem; color: #1d2327; background: #fff;
  font: 1rem/1.55 system-ui, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif; overflow-wrap: break-word; }
p, ul, nav { max-width: 46rem; }
h1, h2, h3, h4 { line-height: 1.25; text-wrap: balance; }
h1 { font-size: 2rem; }
h2 { margin-top: 3rem; padding-top: .75rem; border-top: 3px solid #15507f; font-size: 1.5rem; }
h3 { margin-top: 2.25rem; font-size: 1.2rem; }
h4 { margin: 2.5rem 0 .5rem; font-size: 1.05rem; }
a { color: #0f4c81; text-underline-offset: .15em; }
:focus-visible { outline: 3px solid #15507f; outline-offset: 2px; }
li { margin: .2rem 0; }
.quiet { color: #545b61; }
.skip { position: absolute; left: -100vw; }
.skip:focus { position: static; }
figure { margin: 1rem 0; }
.wide { overflow-x: auto; }
.wide svg { display: block; width: 100%; min-width: 34rem; max-width: 46rem; height: auto; }
table { border-collapse: collapse; margin: 1rem 0; font-size: .9rem; line-height: 1.4;
  font-variant-numeric: tabular-nums; }
caption { text-align: left; padding-bottom: .4rem; color: #545b61; }
th, td { padding: .3rem .75rem .3rem 0; text-align: left; vertical-align: top; border-bottom: 1px solid #d9dee2; }
thead th { border-bottom: 2px solid #545b61; }
tbody th { font-weight: normal; min-width: 9rem; }
code { font-size: .88em; overflow-wrap: anywhere; }
td code { overflow-wrap: normal; }
@media print {
  body { max-width: none; padding: 0; font-size: 9.5pt; }
  nav, .skip { display: none; }
  h2, h3, h4, caption, .quiet { break-after: avoid; }
  figure, tr, li { break-inside: avoid; }
  .wide { overflow: visible; }
  .wide svg { min-width: 0; }
  table { font-size: 7.5pt; }
  th, td { padding-right: .4rem; }
  a { color: inherit; }
}
"""
_POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"


def document_html(document: Document, note: str) -> str:
    """The document as HTML; `note` says, out of sight, where it comes from."""
    title = _text(document.title)
    head = [
        "<!doctype html>",
        f"<!-- {note} -->",
        '<html lang="en">',
        "<head>",
        '<meta charset="utf-8">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">',
        f"<title>{title}</title>",
        f"<style>{_STYLE}</style>",
        "</head>",
    ]
    body = [_contents(document.headings), *(_part(each, i) for i, each in enumerate(document.parts))]
    return "\n".join([
        *head, "<body>", '<a class="skip" href="#content">Skip to the content</a>', '<main id="content">',
        f"<h1>{title}</h1>", *body, "</main>", "</body>", "</html>", "",
    ])  # fmt: skip


def _contents(headings: Sequence[Heading]) -> str:
    """Links to the sections, each with those right below it."""
    entries = "\n".join(
        f"<li>{_link(top)}{_links([each for each in below if each.level == top.level + 1])}</li>"
        for top, below in _sections(headings)
    )
    return f'<nav aria-label="Contents">\n<ul>\n{entries}\n</ul>\n</nav>'


def _sections(headings: Sequence[Heading]) -> Iterator[tuple[Heading, Sequence[Heading]]]:
    """Each heading of the highest level with the headings under it."""
    starts = [i for i, each in enumerate(headings) if each.level == min(each.level for each in headings)]
    for start, end in pairwise([*starts, len(headings)]):
        yield headings[start], headings[start + 1 : end]


def _links(headings: Sequence[Heading]) -> str:
    """A list of links, or nothing."""
    return f"<ul>{''.join(f'<li>{_link(each)}</li>' for each in headings)}</ul>" if headings else ""


def _link(heading: Heading) -> str:
    """A link to a heading."""
    return f'<a href="#{heading.anchor}">{_text(heading.text)}</a>'


def _text(text: str) -> str:
    """Text in which nothing is taken for markup."""
    return escape(printable(text))


_MARKUP = Markup(
    _text,
    lambda code: f"<code>{_text(code)}</code>",
    lambda text: f"<strong>{text}</strong>",
    lambda text, to: f'<a href="#{escape(to)}">{text}</a>',
)


def _part(part: Part, number: int) -> str:
    """A part of HTML; `number` tells it from the others."""
    if isinstance(part, Heading):
        return f'<h{part.level} id="{part.anchor}">{_text(part.text)}</h{part.level}>'
    if isinstance(part, Items):
        return "<ul>\n" + "\n".join(f"<li>{_item(each)}</li>" for each in part.entries) + "\n</ul>"
    if isinstance(part, Sheet):
        return "\n".join(_sheet(part, f"table-{number}"))
    if isinstance(part, Picture):
        return f'<figure class="wide" tabindex="0">\n{part.svg.strip()}\n</figure>'
    opening = '<p class="quiet">' if part.quiet else "<p>"
    return f"{opening}{_MARKUP.written(part.text)}</p>"


def _item(item: Item) -> str:
    """An entry of a list."""
    head = f"<strong>{_MARKUP.written(item.head)}</strong>: " if item.head else ""
    return head + _MARKUP.written(item.text)


def _sheet(sheet: Sheet, name: str) -> Iterator[str]:
    """A table that scrolls by itself where the screen is narrow."""
    yield f'<div class="wide" role="group" aria-labelledby="{name}" tabindex="0">\n<table>'
    yield f'<caption id="{name}">{_MARKUP.written(sheet.caption)}</caption>'
    heads = "".join(f'<th scope="col">{_text(each)}</th>' for each in sheet.columns)
    yield f"<thead><tr>{heads}</tr></thead>\n<tbody>"
    for first, *rest in sheet.rows:
        cells = "".join(f"<td>{_MARKUP.written(each)}</td>" for each in rest)
        yield f'<tr><th scope="row">{_MARKUP.written(first)}</th>{cells}</tr>'
    yield "</tbody>\n</table>\n</div>"
