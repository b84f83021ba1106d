"""Chances on a page: of breaking a bone, of falling, of dying, each beside the average of the same age and sex."""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Literal

from trabecula.drawing.page import Block, Cell, Estimate, Paragraph, Row, Table
from trabecula.reporting.statements import estimate, falls_told, rare, risk_told
from trabecula.vocabulary import site_name, stand_in_note, tabled_sites
from trabecula.words.language import Language
from trabecula.words.message import Message
from trabecula.words.numbers import one_in

if TYPE_CHECKING:  # a page about something else need not wait for the compiler behind an assessment
    from trabecula.assessment.figures import Interval
    from trabecula.assessment.results import Answer, Assessment, Risk, RiskEffect

Horizon = float | Literal["lifetime"]
_KEPT = 2
"""Columns that stay where space is short: the longest horizon and the lifetime."""
_MAJOR = "major_osteoporotic"
_MANY, _FEW = 1000, 100
"""The people of whom so many are counted."""


def risks(assessment: "Assessment", lang: Language) -> list[Block]:
    """The chance of breaking a bone, by site and horizon, each beside the average; first the main one in words.

    Where the assessment says that its chances are too high (`caution`), that stands in place of the words.
    """
    if not assessment.risks:
        return []
    horizons: tuple[Horizon, ...] = tuple(dict.fromkeys(risk.horizon_y for risk in assessment.risks))
    found = {(risk.site, risk.horizon_y): risk for risk in assessment.risks}
    rows = [
        row
        for site in _sites(assessment.risks)
        for row in _site_rows(site, [found.get((site, horizon)) for horizon in horizons], assessment, lang)
    ]
    columns = tuple(_column(horizon, lang) for horizon in horizons)
    table = Table("", columns, tuple(rows), max(len(horizons) - _KEPT, 0))
    caution = [Paragraph(lang.say(assessment.caution))] if assessment.caution else []
    words = caution or _in_words(assessment, lang)  # numbers that are too high are not put into words as well
    quiet = Paragraph(lang.text("page.how_to_read_chances"), quiet=True)
    return [*words, *elsewhere(assessment, lang), table, *above_note(assessment.risks, lang), quiet]


def above_note(risks: "Iterable[Risk | RiskEffect]", lang: Language) -> list[Block]:
    """What the sign means that stands in place of a figure beyond what was measured."""
    beyond = any(risk.above_measured is not None for risk in risks)
    return [Paragraph(lang.text("page.above_measured_note"), quiet=True)] if beyond else []


def elsewhere(answer: "Answer", lang: Language) -> list[Block]:
    """Beside figures that rest on another country's rates: whose stand in, and that they do."""
    note = stand_in_note(answer.country, answer.stands_in_for)
    return [] if note is None else [Paragraph(lang.say(note))]


def _sites(risks: Sequence["Risk"]) -> list[str]:
    """The sites in the order of the table; ones that it doesn't know come last."""
    order = tabled_sites()
    return sorted({risk.site for risk in risks}, key=lambda site: order.index(site) if site in order else len(order))


def _column(horizon_y: Horizon, lang: Language) -> str:
    """The head of a column."""
    return lang.text("page.lifetime") if horizon_y == "lifetime" else lang.years(float(horizon_y))


def _site_rows(site: str, risks: Sequence["Risk | None"], assessment: "Assessment", lang: Language) -> list[Row]:
    """The person's line and the average's."""
    mine: list[Cell] = ["" if risk is None else risk_told(risk, lang, assessment.caution) for risk in risks]
    theirs: list[Cell] = ["" if risk is None else lang.written(risk.average, "percent") for risk in risks]
    name = lang.heading(site_name(site))
    return [Row(name, tuple(mine)), Row(lang.text("picture.average"), tuple(theirs), beside=True)]


def chance_text(risk: "Interval", lang: Language) -> Estimate:
    """A probability with its range."""
    return estimate(risk, "percent", lang, "share")


def _in_words(assessment: "Assessment", lang: Language) -> list[Block]:
    """The major risk as people, the person's and the average counted out of the same number."""
    horizon_y = assessment.horizon_y
    major = [risk for risk in assessment.risks if (risk.site, risk.horizon_y) == (_MAJOR, horizon_y)]
    return [Paragraph(_as_people(risk, horizon_y, lang)) for risk in major]


def _as_people(found: "Risk", horizon_y: float, lang: Language) -> str:
    """A probability as people who break a bone, with its range, beside the average."""
    risk, average, odds = found.risk, found.average, one_in(found.risk.mean)
    many = _FEW if min(risk.mean, average) * _FEW >= 10 else _MANY  # two figures of each
    style = f"people_of_{many}"
    about = Message("page.about_one_in", {"n": odds[0], "of": odds[1]}) if odds else Message("page.some")
    return lang.text(
        "page.people_like_this_break_a_bone",
        horizon=lang.years(horizon_y), about=about, n=lang.written(risk.mean, style), many=many,
        range=lang.written((risk.low, risk.high), style), average=lang.written(average, style),
    )  # fmt: skip


def falls(assessment: "Assessment", lang: Language) -> list[Block]:
    """Falls a year [1/y], and the chance of dying within the horizon, this person's beside the average."""
    average = lang.figures(rare(assessment.falls.average_per_year))
    rows = [Row(lang.text("page.falls_a_year"), (falls_told(assessment.falls, lang), average))]
    for death in assessment.deaths:
        if death.horizon_y == assessment.horizon_y:
            label = lang.text("page.death_within", horizon=lang.years(assessment.horizon_y))
            rows.append(Row(label, (chance_text(death.risk, lang), lang.written(death.average, "percent"))))
    columns = (lang.text("page.this_person"), lang.text("page.average"))
    basis = Paragraph(lang.say(assessment.falls.basis), quiet=True)
    return [*elsewhere(assessment, lang), Table("", columns, tuple(rows)), basis]
