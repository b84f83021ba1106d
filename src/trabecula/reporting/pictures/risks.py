"""The chance of breaking a bone over the years ahead, a panel for each site, the average beside it."""

from collections.abc import Sequence
from textwrap import wrap
from typing import TYPE_CHECKING

from trabecula.drawing import picture as drawing
from trabecula.drawing.picture import AVERAGE, INK, PERSON, PERSON_BAND, Data, Drawing
from trabecula.reporting.statements import rates_named, risk_told
from trabecula.vocabulary import pictured_sites, site_name
from trabecula.words.language import Language

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from trabecula.assessment.results import Assessment, Risk

ACROSS, PANEL, HIGH, MARGIN, WIDEST = 4, 1.65, 1.4, 0.06, 24
"""Panels in a row; width and height of a panel [inches]; its margins [shares of the picture]; letters on a line."""


def risks_over_time(assessment: "Assessment", lang: Language, sites: Sequence[str] | None = None) -> Drawing:
    """Chances by horizon [y], in per cent; all panels have one scale, so that they can be held against each other.

    sites: what has a panel, in this order; all that the vocabulary wants pictured when not given. A site without a
    chance in the assessment is left out, and the lifetime has no place on an axis of years.
    """
    found = {site: _of(assessment, site) for site in sites or pictured_sites()}
    shown = {site: risks for site, risks in found.items() if risks}
    rows = -(-len(shown) // ACROSS)
    top = 100 * max((max(risk.risk.high, risk.average) for risks in shown.values() for risk in risks), default=0.01)
    title = rates_named(lang.text("picture.chance_of_breaking_a_bone_over"), assessment, lang)
    words = lang.text("picture.a_line_for_this_person_with")

    def draw(figure: "Figure") -> None:
        for place, (site, risks) in enumerate(shown.items()):
            _panel(_axes(figure, place, len(shown)), lang.heading(site_name(site)), risks, top, lang)

    size = PANEL * min(ACROSS, len(shown)), HIGH * rows
    return drawing.drawn(size, draw, "risks", title, words, _table(shown, title, lang))


def _of(assessment: "Assessment", site: str) -> list["Risk"]:
    """The chances at a site, by horizon; the lifetime has no place on the axis."""
    return sorted(
        (risk for risk in assessment.risks if risk.site == site and risk.horizon_y != "lifetime"),
        key=lambda risk: float(risk.horizon_y),
    )


def _axes(figure: "Figure", place: int, n: int) -> "Axes":
    """The axes of a panel, counted row by row."""
    across, down = min(ACROSS, n), -(-n // ACROSS)
    row, column = divmod(place, ACROSS)
    left, bottom = column / across + MARGIN * 0.9, 1 - (row + 1) / down + 0.28 / down
    return figure.add_axes((left, bottom, 1 / across - MARGIN - 0.02, 0.5 / down))


def _panel(axes: "Axes", name: str, risks: Sequence["Risk"], top: float, lang: Language) -> None:
    """A site: band, line, average; each begins at nothing and ends at the same chance [%]."""
    years = [0.0, *(float(risk.horizon_y) for risk in risks)]
    percents = [[0.0, *(100 * value for value in values)] for values in _values(risks)]
    low, high, middle, average = percents
    axes.fill_between(years, low, high, color=PERSON_BAND, linewidth=0)
    axes.plot(years, average, color=AVERAGE, linewidth=1.3, linestyle=(0, (4, 2)))
    axes.plot(years, middle, color=PERSON, linewidth=1.8)
    drawing.quiet_axes(axes)
    axes.margins(x=0)
    axes.set_ylim(0, 1.03 * top)  # room for a line at the top
    axes.locator_params(axis="y", nbins=3)
    drawing.marks(axes, lambda value: lang.figures(f"{value:g} %"))
    axes.set_xticks([0, years[-1]])
    first, last = axes.set_xticklabels([lang.text("picture.now"), lang.years(years[-1])])
    first.set_horizontalalignment("left")
    last.set_horizontalalignment("right")
    axes.set_title(
        "\n".join(wrap(name, WIDEST)), loc="left", fontsize=drawing.SMALL, fontweight="bold", color=INK, pad=4
    )


def _values(risks: Sequence["Risk"]) -> tuple[list[float], ...]:
    """Low, high, mean and average of each horizon."""
    return (
        [risk.risk.low for risk in risks], [risk.risk.high for risk in risks],
        [risk.risk.mean for risk in risks], [risk.average for risk in risks],
    )  # fmt: skip


def _table(found: dict[str, list["Risk"]], title: str, lang: Language) -> Data:
    """A row for each site, the average behind the person's chance."""
    horizons = [float(value.horizon_y) for value in next(iter(found.values()))] if found else []
    rows = [(lang.heading(site_name(site)), *(_cell(risk, lang) for risk in risks)) for site, risks in found.items()]
    beside = lang.text("picture.range_average_of_the_same_age")
    caption = f"{title} ({beside})"
    return Data(caption, (lang.text("picture.bone"), *(lang.years(horizon) for horizon in horizons)), tuple(rows))


def _cell(risk: "Risk", lang: Language) -> str:
    """A chance with its range and the average."""
    told = risk_told(risk, lang)
    return f"{told.value} ({f'{told.range}; ' if told.range else ''}{lang.written(risk.average, 'percent')})"
