"""Bars under each other, each with its words above: two chances, or what causes add to one."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING

from trabecula.drawing.picture import FONTS, PERSON, PERSON_BAND, Data, Drawing
from trabecula.drawing.style import INK, QUIET, RULE
from trabecula.words.language import Language

if TYPE_CHECKING:
    from trabecula.assessment.figures import Interval
    from trabecula.assessment.results import Share

_WIDE, _ROW, _BAR, _LETTERS, _FOOT = 300, 33, 10, 12, 16
"""The width of all, the height of a row, of a bar and of the foot, and the size of letters, in units of the picture."""
_ENDS = (0.02, 0.05, 0.1, 0.2, 0.5, 1.0)
"""Where a scale of chances may end: few steps, so that cards that are looked at one after the other have the same."""


def end_of_scale(chances: Iterable["Interval"]) -> float:
    """Where the scale ends that pictures of some chances share: a round number that none of them passes."""
    most = max((chance.high for chance in chances), default=0.0)
    return next(end for end in _ENDS if most <= end)


def beside(
    name: str, before: "Interval", after: "Interval", title: str, lang: Language, end: float | None = None
) -> Drawing:
    """The people out of 1,000 who break a bone, as things are and with a choice; whiskers are the ranges.

    name: the anchor of the picture, alone on its page; before, after: probabilities with their intervals; end: where
    the scale ends (`end_of_scale`), the same for all pictures that are looked at beside each other.
    """
    rows = ((lang.text("picture.as_things_are"), before), (lang.text("picture.with_this_choice"), after))
    said = [(words, _said(value, lang)) for words, value in rows]
    columns = ("", lang.text("picture.out_of_1_000_people"))
    reaches = [(value.low, value.mean, value.high) for _, value in rows]
    end = end_of_scale((before, after)) if end is None else end
    marks = ("0", lang.text("picture.n_of_1_000", n=end))
    return bars(name, Data(title, columns, tuple(said)), reaches, hollow=(0,), scale=_Foot(end, marks))


def why(shares: Sequence[tuple[str, "Share"]], when: str, lang: Language) -> Drawing | None:
    """The people out of 1,000 who break a bone more or fewer because of causes; None when there is none.

    shares: the causes by the words for them; a bar is filled and goes to the right where one adds, and hollow and to
    the left where it takes away.
    """
    if not shares:
        return None
    title = lang.text("picture.what_adds_to_your_chance_people", when=when)
    rows = tuple((name, _more_or_fewer(share, lang)) for name, share in shares)
    table = Data(title, (lang.text("picture.cause"), lang.text("picture.out_of_1_000_people")), rows)
    hollow = [place for place, (_, share) in enumerate(shares) if share.mean < 0]
    return bars("why", table, [(share.share.low, share.mean, share.share.high) for _, share in shares], hollow)


def _reach(share: "Share") -> tuple[float, float, float]:
    """Low, middle and high without their sign."""
    low, high = sorted((abs(share.share.low), abs(share.share.high)))
    return low, abs(share.mean), high


@dataclass(frozen=True)
class _Foot:
    """The end of a scale that begins at nothing, and what stands below its two ends."""

    end: float
    marks: tuple[str, str]


def _more_or_fewer(share: "Share", lang: Language) -> str:
    """How many people more or fewer, with the range."""
    low, n, high = _reach(share)
    id = "picture.n_more_range" if share.mean > 0 else "picture.n_fewer_range"
    return lang.text(id, n=n, range=(low, high))


def bars(
    name: str,
    table: Data,
    reaches: Sequence[tuple[float, float, float]],
    hollow: Collection[int] = (),
    scale: _Foot | None = None,
) -> Drawing:
    """A bar for each row of a table of two columns, under its words and its figures.

    reaches: low, middle and high of each row in any unit that all share; what is below nothing goes to the left.
    hollow: the places of bars that are only outlined. scale: its end; without one the longest bar fills the picture.
    """
    left = min((0.0, *(low for low, _, _ in reaches)))
    right = max((0.0, *(high for _, _, high in reaches))) if scale is None else scale.end
    places = [tuple(_WIDE * (value - left) / ((right - left) or 1.0) for value in (0.0, *reach)) for reach in reaches]
    words = "; ".join(f"{label}: {figures}" for label, figures in table.rows)
    drawn = [
        _row(i, table.rows[i], place, "none" if i in hollow else PERSON_BAND) for i, place in enumerate(places)
    ] + ([] if scale is None else _foot(len(places), scale))
    height = len(places) * _ROW + (0 if scale is None else _FOOT)
    return Drawing(name, _svg(name, table.caption, words, drawn, height), table.caption, words, table)


def _foot(rows: int, scale: _Foot) -> list[str]:
    """What the two ends of the scale are."""
    look = f'y="{rows * _ROW + _LETTERS - 1}" fill="{QUIET}" font-size="{_LETTERS - 1}px"'
    first, last = map(escape, scale.marks)
    return [f'<text x="0" {look}>{first}</text>', f'<text x="{_WIDE}" {look} text-anchor="end">{last}</text>']


def _said(value: "Interval", lang: Language) -> str:
    """A chance as people, with its range."""
    style = "people_of_1000"
    return f"{lang.written(value.mean, style)} ({lang.written((value.low, value.high), style)})"


def _row(place: int, said: Sequence[str], at: Sequence[float], fill: str) -> str:
    """A bar from nothing, with its words above, a line at nothing and a whisker for the range.

    at: where nothing, the low end, the middle and the high end lie.
    """
    y = place * _ROW
    zero, low, _, high = (f"{value:.2f}" for value in at)
    start, width = f"{min(at[0], at[2]):.2f}", f"{abs(at[2] - at[0]):.2f}"
    middle, line = y + 16 + _BAR / 2, f'stroke="{INK}" stroke-width="1.2"'
    return (
        f'<text x="0" y="{y + _LETTERS}" fill="{QUIET}" font-size="{_LETTERS}px">{escape(said[0])}: '
        f'<tspan fill="{INK}" font-weight="600">{escape(said[1])}</tspan></text>\n'
        f'<rect x="0" y="{y + 16}" width="{_WIDE}" height="{_BAR}" fill="{RULE}" fill-opacity="0.45"/>\n'
        f'<rect x="{start}" y="{y + 16}" width="{width}" height="{_BAR}" fill="{fill}"'
        f' stroke="{PERSON}"/>\n'
        f'<path d="M{zero} {y + 14}v{_BAR + 4}M{low} {middle}H{high}M{low} {middle - 4}v8M{high} {middle - 4}v8"'
        f' fill="none" {line}/>'
    )


def _svg(name: str, title: str, words: str, drawn: Sequence[str], height: int) -> str:
    """The bars with their words."""
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" role="img" font-family="{FONTS}" id="{name}" class="picture bars"'
        f' aria-labelledby="{name}-title {name}-desc" viewBox="-2 0 {_WIDE + 4} {height}">\n'
        f'<title id="{name}-title">{escape(title)}</title>\n<desc id="{name}-desc">{escape(words)}</desc>\n'
        + "\n".join(drawn)
        + "\n</svg>"
    )
