"""A chance as a hundred people: those who break a bone, those who may, those who do not."""

from collections.abc import Iterator
from html import escape
from typing import TYPE_CHECKING

from trabecula.drawing.picture import FONTS, PERSON, PERSON_BAND, Data, Drawing
from trabecula.drawing.style import QUIET
from trabecula.reporting.statements import rates_named
from trabecula.words.language import Language
from trabecula.words.numbers import span

if TYPE_CHECKING:
    from trabecula.assessment.results import Assessment, Risk

MANY = 100
"""The people of whom so many are counted."""
_ACROSS, _WIDE, _HIGH = 20, 14, 24
"""People in a row, and the room of each."""
_KEY, _LETTERS, _LETTER, _APART = 20, 9, 5.2, 24
"""Room for the key, the size of its letters, the width of one, and the room between two entries."""
# a head and shoulders
_BODY = "M7 2a3 3 0 1 1 0 6a3 3 0 1 1 0-6z M2.5 21v-7a4.5 4.5 0 0 1 9 0v7z"
_LOOKS = {
    "break": f'fill="{PERSON}" stroke="{PERSON}"',
    "may": f'fill="{PERSON_BAND}" stroke="{PERSON}" stroke-dasharray="1.5 1"',
    "not": f'fill="none" stroke="{QUIET}" stroke-opacity="0.55"',
}


def people(assessment: "Assessment", lang: Language, site: str = "major_osteoporotic") -> Drawing:
    """A hundred people like this one over the longest horizon of years.

    Filled are those who break a bone at the mean, dashed those who may at the upper end of the interval, and empty
    the others; below stands what the looks mean.
    """
    risk = main_risk(assessment, site)
    middle, low, high = (count(value) for value in (risk.risk.mean, risk.risk.low, risk.risk.high))
    title = rates_named(
        lang.text("picture.out_of_100_people_like_you", when=lang.in_years(assessment.horizon_y)), assessment, lang
    )
    words = lang.text("picture.n_of_100_break_a_bone", n=middle, low=low, high=high)
    rows = (
        (lang.text("picture.people_like_you"), str(middle), span(str(low), str(high)), str(MANY - middle)),
        (
            lang.text("picture.people_of_your_age_and_sex"),
            str(count(risk.average)),
            "",
            str(MANY - count(risk.average)),
        ),
    )
    columns = ("", lang.text("picture.break_a_bone"), lang.text("picture.range"), lang.text("picture.do_not"))
    key = (columns[1], lang.text("picture.may"), columns[3])
    return Drawing("people", _svg(middle, high, title, words, key), title, words, Data(title, columns, rows))


def main_risk(assessment: "Assessment", site: str = "major_osteoporotic") -> "Risk":
    """The chance at a site over the longest horizon of years."""
    return next(risk for risk in assessment.risks if (risk.site, risk.horizon_y) == (site, assessment.horizon_y))


def count(chance: float) -> int:
    """A chance as whole people out of a hundred."""
    return round(MANY * chance)


def _svg(breaking: int, at_most: int, title: str, words: str, key: tuple[str, ...]) -> str:
    """The hundred in rows: first who break a bone, then who may; below them what the looks mean."""
    width, height = _ACROSS * _WIDE, MANY // _ACROSS * _HIGH
    looks = ["break"] * breaking + ["may"] * (at_most - breaking)
    looks += ["not"] * (MANY - len(looks))
    figures = "\n".join([*(_one(i, look) for i, look in enumerate(looks)), *_key(key, height)])
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" role="img" id="people" class="picture people"'
        f' aria-labelledby="people-title people-desc" viewBox="0 0 {width} {height + _KEY}" font-family="{FONTS}">\n'
        f'<title id="people-title">{escape(title)}</title>\n<desc id="people-desc">{escape(words)}</desc>\n'
        f"{figures}\n</svg>"
    )


def _one(place: int, look: str) -> str:
    """One of the people."""
    row, column = divmod(place, _ACROSS)
    return f'<path d="{_BODY}" transform="translate({column * _WIDE} {row * _HIGH})" {_LOOKS[look]}/>'


def _key(words: tuple[str, ...], top: int) -> Iterator[str]:
    """A small one of each look with what it means."""
    x = 0.0
    for look, said in zip(_LOOKS, words, strict=True):
        yield f'<g transform="translate({x:g} {top + 2}) scale(.7)"><path d="{_BODY}" {_LOOKS[look]}/></g>'
        yield f'<text x="{x + 12:g}" y="{top + 14}" fill="{QUIET}" font-size="{_LETTERS}px">{escape(said)}</text>'
        x += _APART + _LETTER * len(said)
