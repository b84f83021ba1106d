"""Bars under each other, each with its words above: two chances, or what causes add to one."""

from collections.abc import Collection, Sequence
from html import escape
from typing import TYPE_CHECKING

from trabecula.drawing.picture import FONTS, PERSON, PERSON_BAND, Data, Drawing
from trabecula.drawing.style import INK, QUIET, RULE
from trabecula.words.language import Language

if TYPE_CHECKING:
    from trabecula.assessment.figures import Interval
    from trabecula.assessment.results import Share

_WIDE, _ROW, _BAR, _LETTERS = 300, 36, 11, 12
"""The width of a bar, the height of a row and of a bar, and the size of letters, in units of the picture."""


def beside(name: str, before: "Interval", after: "Interval", title: str, lang: Language) -> Drawing:
    """The people out of 1,000 who break a bone, as things are and with a choice; whiskers are the ranges.

    name: the anchor of the picture, alone on its page; before, after: probabilities with their intervals.
    """
    rows = ((lang.text("picture.as_things_are"), before), (lang.text("picture.with_this_choice"), after))
    said = [(words, _said(value, lang)) for words, value in rows]
    columns = ("", lang.text("picture.out_of_1_000_people"))
    reaches = [(value.low, value.mean, value.high) for _, value in rows]
    return bars(name, Data(title, columns, tuple(said)), reaches, hollow=(0,))


def why(shares: Sequence[tuple[str, "Share"]], when: str, lang: Language) -> Drawing | None:
    """The people out of 1,000 who break a bone more or fewer because of causes; None when there is none.

    shares: the causes by the words for them; a bar is filled where one adds, and hollow where it takes away.
    """
    if not shares:
        return None
    title = lang.text("picture.what_adds_to_your_chance_people", when=when)
    rows = tuple((name, _more_or_fewer(share, lang)) for name, share in shares)
    table = Data(title, (lang.text("picture.cause"), lang.text("picture.out_of_1_000_people")), rows)
    hollow = [place for place, (_, share) in enumerate(shares) if share.mean < 0]
    return bars("why", table, [_reach(share) for _, share in shares], hollow)


def _reach(share: "Share") -> tuple[float, float, float]:
    """Low, middle and high without their sign."""
    low, high = sorted((abs(share.share.low), abs(share.share.high)))
    return low, abs(share.mean), high


def _more_or_fewer(share: "Share", lang: Language) -> str:
    """How many people more or fewer, with the range."""
    low, n, high = _reach(share)
    id = "picture.n_more_range" if share.mean > 0 else "picture.n_fewer_range"
    return lang.text(id, n=n, range=(low, high))


def bars(
    name: str, table: Data, reaches: Sequence[tuple[float, float, float]], hollow: Collection[int] = ()
) -> Drawing:
    """A bar for each row of a table of two columns, under its words and its figures.

    reaches: low, middle and high of each row, none below nothing, in any unit that all share; the longest fills the
    picture. hollow: the places of bars that are only outlined.
    """
    top = max((high for _, _, high in reaches), default=0.0) or 1.0
    words = "; ".join(f"{label}: {figures}" for label, figures in table.rows)
    drawn = [
        _row(i, table.rows[i], reach, top, "none" if i in hollow else PERSON_BAND) for i, reach in enumerate(reaches)
    ]
    return Drawing(name, _svg(name, table.caption, words, drawn), table.caption, words, table)


def _said(value: "Interval", lang: Language) -> str:
    """A chance as people, with its range."""
    style = "people_of_1000"
    return f"{lang.written(value.mean, style)} ({lang.written((value.low, value.high), style)})"


def _row(place: int, said: Sequence[str], reach: tuple[float, float, float], top: float, fill: str) -> str:
    """A bar with its words above and a whisker for the range."""
    y = place * _ROW
    low, bar, high = (f"{_WIDE * value / top:.2f}" for value in reach)
    middle, line = y + 18 + _BAR / 2, f'stroke="{INK}" stroke-width="1.2"'
    return (
        f'<text x="0" y="{y + _LETTERS}" fill="{QUIET}" font-size="{_LETTERS}px">{escape(said[0])}: '
        f'<tspan fill="{INK}" font-weight="600">{escape(said[1])}</tspan></text>\n'
        f'<rect x="0" y="{y + 18}" width="{_WIDE}" height="{_BAR}" fill="{RULE}" fill-opacity="0.45"/>\n'
        f'<rect x="0" y="{y + 18}" width="{bar}" height="{_BAR}" fill="{fill}"'
        f' stroke="{PERSON}"/>\n'
        f'<path d="M{low} {middle}H{high}M{low} {middle - 4}v8M{high} {middle - 4}v8" fill="none" {line}/>'
    )


def _svg(name: str, title: str, words: str, drawn: Sequence[str]) -> str:
    """The bars with their words."""
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" role="img" font-family="{FONTS}" id="{name}" class="picture bars"'
        f' aria-labelledby="{name}-title {name}-desc" viewBox="-2 0 {_WIDE + 4} {len(drawn) * _ROW}">\n'
        f'<title id="{name}-title">{escape(title)}</title>\n<desc id="{name}-desc">{escape(words)}</desc>\n'
        + "\n".join(drawn)
        + "\n</svg>"
    )
