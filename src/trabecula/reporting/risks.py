"""Chances on a page: of breaking a bone, of falling, of dying, each beside the average of the same age and sex."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Literal

from trabecula.drawing.page import Block, Cell, Estimate, Paragraph, Row, Table
from trabecula.vocabulary import site_name, tabled_sites
from trabecula.words.language import language
from trabecula.words.numbers import SPACE, one_in, people, percent, share, significant, span, years

if TYPE_CHECKING:  # a page about something else need not wait for the compiler behind an assessment
    from trabecula.assessment.results import Assessment, Interval, Risk

Horizon = float | Literal["lifetime"]
_KEPT = 2  # columns that stay where space is short, the longest horizon and the lifetime
_RARELY = 0.1  # falls a year below which a figure would be false precision
_MAJOR = "major_osteoporotic"
_MANY, _FEW = 1000, 100  # the people of whom so many are counted


def risks(assessment: "Assessment") -> list[Block]:
    """The chance of breaking a bone, by site and horizon."""
    if not assessment.risks:
        return []
    horizons: tuple[Horizon, ...] = tuple(dict.fromkeys(each.horizon_y for each in assessment.risks))
    found = {(each.site, each.horizon_y): each for each in assessment.risks}
    rows = [
        row
        for site in _sites(assessment.risks)
        for row in _site_rows(site, [found.get((site, h)) for h in horizons])
    ]
    table = Table("", tuple(map(_column, horizons)), tuple(rows), max(len(horizons) - _KEPT, 0))
    caution = [Paragraph(assessment.caution)] if assessment.caution else []
    words = caution or _in_words(assessment)  # numbers that are too high are not put into words as well
    return [*words, table, Paragraph(_HOW_TO_READ, quiet=True)]


_HOW_TO_READ = (
    "Major osteoporotic: hip, spine, forearm or upper arm. Average: the general population of the same age and sex."
    " Dying first counts as not breaking a bone."
)


def _sites(risks: Sequence["Risk"]) -> list[str]:
    """The sites in the order of the table; ones that it doesn't know come last."""
    order = tabled_sites()
    return sorted(
        {each.site for each in risks}, key=lambda site: order.index(site) if site in order else len(order)
    )


def _column(horizon_y: Horizon) -> str:
    return "Lifetime" if horizon_y == "lifetime" else years(float(horizon_y))


def _site_rows(site: str, risks: Sequence["Risk | None"]) -> list[Row]:
    """The person's line and the average's."""
    mine: list[Cell] = ["" if each is None else chance_text(each.risk) for each in risks]
    theirs: list[Cell] = ["" if each is None else percent(each.average) for each in risks]
    return [
        Row(language("en").heading(site_name(site)), tuple(mine)),
        Row("average", tuple(theirs), beside=True),
    ]


def chance_text(risk: "Interval") -> Estimate:
    """A probability with its range."""
    low, high = share(risk.low), share(risk.high)
    return Estimate(percent(risk.median), "" if low == high == share(risk.median) else span(low, high))


def _in_words(assessment: "Assessment") -> list[Block]:
    """The major risk as people, the person's and the average counted out of the same number."""
    horizon_y = assessment.horizon_y
    major = [each for each in assessment.risks if (each.site, each.horizon_y) == (_MAJOR, horizon_y)]
    return [Paragraph(f"Within {years(horizon_y)}, {_as_people(each.risk, each.average)}.") for each in major]


def _as_people(risk: "Interval", average: float) -> str:
    """A probability as people who break a bone, with its range, beside the average."""
    odds = one_in(risk.median)
    many = _FEW if min(risk.median, average) * _FEW >= 10 else _MANY  # two figures of each
    counts = [people(each, many) for each in (risk.median, risk.low, risk.high, average)]
    mine = f"{counts[0]}{SPACE}of{SPACE}{many:,} ({span(counts[1], counts[2])})"
    return (
        f"{f'about {odds}' if odds else 'some'} people like this break a hip, the spine, a forearm or an upper arm:"
        f" {mine}, where the average of the same age and sex is {counts[3]}{SPACE}of{SPACE}{many:,}"
    )


def falls(assessment: "Assessment") -> list[Block]:
    """Falls a year, and the chance of dying within the horizon."""
    per_year = assessment.falls.per_year
    rate = Estimate(_rate(per_year.median), span(_rate(per_year.low), _rate(per_year.high)))
    rows = [Row("Falls a year", (rate, _rate(assessment.falls.average_per_year)))]
    for death in assessment.deaths:
        if death.horizon_y == assessment.horizon_y:
            label = f"Death within {years(assessment.horizon_y)}"
            rows.append(Row(label, (chance_text(death.risk), percent(death.average))))
    return [Table("", ("This person", "Average"), tuple(rows)), Paragraph(assessment.falls.basis, quiet=True)]


def _rate(per_year: float) -> str:
    """Falls a year, two figures."""
    return significant(per_year) if per_year >= _RARELY else f"<{_RARELY}"
