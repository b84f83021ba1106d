"""Two chances as bars under each other: as things are, and with a choice."""

from html import escape
from typing import TYPE_CHECKING

from trabecula.report.drawing import INK, QUIET, RULE
from trabecula.report.language import Language
from trabecula.report.numbers import people, span
from trabecula.report.pictures.drawing import FONTS, PERSON, PERSON_BAND, Data, Drawing

if TYPE_CHECKING:
    from trabecula.assess.record import Interval

MANY = 1000  # not a parameter: the people of whom so many are counted
# not a parameter: places in the picture; widths, heights and the size of letters
_WIDE, _ROW, _BAR, _LETTERS = 360, 46, 14, 12


def beside(name: str, before: "Interval", after: "Interval", title: str, lang: Language) -> Drawing:
    """The people out of 1,000 who break a bone, as things are and with a choice; whiskers are the ranges."""
    rows = ((lang.text("As things are"), before), (lang.text("With this choice"), after))
    top = max(before.high, after.high) or 1.0
    said = [(words, _said(value, lang)) for words, value in rows]
    words = "; ".join(f"{label}: {figures}" for label, figures in said)
    drawn = "\n".join(_row(i, said[i], value, top) for i, (_, value) in enumerate(rows))
    columns = ("", lang.text("Out of 1,000 people"))
    return Drawing(name, _svg(name, title, words, drawn), title, words, Data(title, columns, tuple(said)))


def _said(value: "Interval", lang: Language) -> str:
    """A chance as people, with its range."""
    n, low, high = (people(each, MANY) for each in (value.median, value.low, value.high))
    return lang.figures(f"{n} ({span(low, high)})")


def _row(place: int, said: tuple[str, str], value: "Interval", top: float) -> str:
    """A bar with its words above and a whisker for the range."""
    y = place * _ROW
    bar, low, high = (f"{_WIDE * each / top:.2f}" for each in (value.median, value.low, value.high))
    fill = PERSON_BAND if place else "none"
    middle, line = y + 18 + _BAR / 2, f'stroke="{INK}" stroke-width="1.2"'
    return (
        f'<text x="0" y="{y + _LETTERS}" fill="{QUIET}" font-size="{_LETTERS}px">{escape(said[0])}: '
        f'<tspan fill="{INK}" font-weight="600">{escape(said[1])}</tspan></text>\n'
        f'<rect x="0" y="{y + 18}" width="{_WIDE}" height="{_BAR}" fill="{RULE}" fill-opacity="0.45"/>\n'
        f'<rect x="0" y="{y + 18}" width="{bar}" height="{_BAR}" fill="{fill}"'
        f' stroke="{PERSON}"/>\n'
        f'<path d="M{low} {middle}H{high}M{low} {middle - 4}v8M{high} {middle - 4}v8" fill="none" {line}/>'
    )


def _svg(name: str, title: str, words: str, drawn: str) -> str:
    """The bars with their words."""
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" role="img" font-family="{FONTS}" id="{name}" class="picture bars"'
        f' aria-labelledby="{name}-title {name}-desc" viewBox="-2 0 {_WIDE + 4} {2 * _ROW}">\n'
        f'<title id="{name}-title">{escape(title)}</title>\n<desc id="{name}-desc">{escape(words)}</desc>\n'
        f"{drawn}\n</svg>"
    )
