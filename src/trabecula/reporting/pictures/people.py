"""A chance as a thousand people, a dot each: those who break a bone, those who may, those who do not."""

from collections.abc import Iterator, Sequence
from html import escape
from typing import TYPE_CHECKING

from trabecula.drawing.picture import FONTS, PERSON, PERSON_BAND, Data, Drawing
from trabecula.drawing.style import QUIET
from trabecula.reporting.statements import rates_named
from trabecula.words.language import Language
from trabecula.words.numbers import span

if TYPE_CHECKING:
    from trabecula.assessment.results import Assessment, Risk

MANY = 1000
"""The people of whom so many are counted."""
_ACROSS, _APART, _DOT = 50, 6.0, 4.8
"""Dots in a row, from one to the next, and the size of one."""
_LINE, _LETTERS, _WORDS_AT = 14, 11, 9
"""From one line of the key to the next, the size of its letters, and where they begin."""
_EXACT = 100
"""A number of people up to which each is counted; above it two figures are known."""
# From the outside in: the size and the colour of each round mark, so that each look has a shape of its own.
_LOOKS = {
    "low": ((_DOT, PERSON),),
    "middle": ((_DOT, PERSON), (3.2, PERSON_BAND)),
    "high": ((_DOT, PERSON), (3.6, "#ffffff")),
    "none": ((1.4, QUIET),),
}


def people(assessment: "Assessment", lang: Language, site: str = "major_osteoporotic") -> Drawing:
    """A thousand people like this one over the longest horizon of years.

    Full dots are those who break a bone at the lower end of the interval, dots with a light core those in between up to
    the chance itself, rings those up to the upper end, and points the others; below stands how many that are.
    """
    risk = main_risk(assessment, site)
    low, middle, high = (count(value) for value in (risk.risk.low, risk.risk.mean, risk.risk.high))
    title = rates_named(
        lang.text("picture.out_of_1_000_people_like_you", when=lang.in_years(assessment.horizon_y)), assessment, lang
    )
    words = lang.text("picture.n_of_1_000_break_a_bone", n=middle, low=low, high=high)
    table = Data(
        title,
        ("", lang.text("picture.break_a_bone"), lang.text("picture.range"), lang.text("picture.do_not")),
        ((lang.text("picture.people_like_you"), str(middle), span(str(low), str(high)), str(MANY - middle)),),
    )
    ends = [(name, n) for name, n in (("low", low), ("middle", middle), ("high", high))]
    key = [(name, lang.text(f"picture.{name}_end", n=n)) for name, n in ends]
    return Drawing("people", _svg("people", ends, key, title, words), title, words, table)


def average_people(assessment: "Assessment", lang: Language, site: str = "major_osteoporotic") -> Drawing:
    """A thousand people of the same age and sex, to be looked at beside those like this one."""
    n = count(main_risk(assessment, site).average)
    title = lang.text("picture.out_of_1_000_people_of_your_age")
    words = lang.text("picture.middle_end", n=n)
    table = Data(
        title, ("", lang.text("picture.break_a_bone"), lang.text("picture.do_not")),
        ((lang.text("picture.people_of_your_age_and_sex"), str(n), str(MANY - n)),),
    )  # fmt: skip
    return Drawing(
        "people-beside", _svg("people-beside", [("low", n)], [("low", words)], title, words), title, words, table
    )


def main_risk(assessment: "Assessment", site: str = "major_osteoporotic") -> "Risk":
    """The chance at a site over the longest horizon of years."""
    return next(risk for risk in assessment.risks if (risk.site, risk.horizon_y) == (site, assessment.horizon_y))


def count(chance: float) -> int:
    """A chance as whole people out of a thousand, as exactly as it is told in words."""
    n = round(MANY * chance)
    return n if n < _EXACT else int(float(f"{MANY * chance:.2g}"))


def _svg(name: str, ends: Sequence[tuple[str, int]], key: Sequence[tuple[str, str]], title: str, words: str) -> str:
    """The thousand in rows, the looks one behind the other, and a line of the key for each look."""
    top = MANY // _ACROSS * _APART
    edges = [0, *(n for _, n in ends), MANY]
    looks = [*(look for look, _ in ends), "none"]
    dots = [
        mark
        for look, start, end in zip(looks, edges, edges[1:], strict=False)
        for mark in _dots(look, range(start, end))
    ]
    figures = "\n".join([*dots, *_key(key, top)])
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" role="img" id="{name}" class="picture people"'
        f' aria-labelledby="{name}-title {name}-desc" font-family="{FONTS}"'
        f' viewBox="0 0 {_ACROSS * _APART:g} {top + 4 + len(key) * _LINE:g}">\n'
        f'<title id="{name}-title">{escape(title)}</title>\n<desc id="{name}-desc">{escape(words)}</desc>\n'
        f"{figures}\n</svg>"
    )


def _dots(look: str, places: Sequence[int]) -> Iterator[str]:
    """Some of the people with one look; a line of no length with round ends is a dot."""
    points = ((_APART * (place % _ACROSS + 0.5), _APART * (place // _ACROSS + 0.5)) for place in places)
    path = "".join(f"M{x:g} {y:g}h0" for x, y in points)
    if path:
        yield from (_marks(path, size, colour) for size, colour in _LOOKS[look])


def _marks(path: str, size: float, colour: str) -> str:
    """Round marks of one size and colour."""
    return f'<path d="{path}" fill="none" stroke="{colour}" stroke-width="{size:g}" stroke-linecap="round"/>'


def _key(words: Sequence[tuple[str, str]], top: float) -> Iterator[str]:
    """One dot of each look with what it means and how many they are."""
    for line, (look, said) in enumerate(words):
        y = top + 4 + _LINE * (line + 0.5)
        yield from (_marks(f"M{_APART / 2:g} {y:g}h0", size, colour) for size, colour in _LOOKS[look])
        look = f'fill="{QUIET}" font-size="{_LETTERS}px"'
        yield f'<text x="{_WORDS_AT}" y="{y + _LETTERS / 3:.1f}" {look}>{escape(said)}</text>'
