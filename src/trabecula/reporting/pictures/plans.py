"""Choices beside each other: what each does to the chance of breaking a bone, as a point with its range."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise
from textwrap import wrap
from typing import TYPE_CHECKING

from trabecula.drawing import picture as drawing
from trabecula.drawing.picture import INK, PERSON, QUIET, RULE, Data, Drawing
from trabecula.reporting.statements import estimate, rates_named, risk_told
from trabecula.words.language import Language
from trabecula.words.numbers import signed, span, whole

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from trabecula.assessment.figures import Interval
    from trabecula.assessment.results import Comparison, PlanResult, RiskEffect

WIDTH, ROW, TALL, HEAD, FOOT, WORDS, RIGHT = 3.6, 0.18, 0.26, 0.2, 0.34, 0.58, 0.97
"""The picture, a row of one line and of two, head and foot [inches]; where words end and axes end [shares]."""
_WIDEST, _LINES, _LINE = 31, 2, 8.8
"""Letters of a line that have room, lines of a title, and points from one to the next."""


@dataclass(frozen=True)
class _Scale:
    """What a page counts chances in: everything on it in the same."""

    title: str
    """What the picture shows, by its id."""
    unit: str
    """The unit of a difference, by its id."""
    many: float
    chance: str
    reach: str
    """How a chance and its range are written."""


_POINTS = _Scale("picture.what_each_choice_does_to_the_risk", "picture.percentage_points", 100.0, "percent", "share")
_PEOPLE = _Scale(
    "picture.what_each_choice_does_fractures_more",
    "picture.people_of_1_000",
    1000.0,
    "people_of_1000",
    "people_of_1000",
)


def plans(
    comparison: "Comparison", lang: Language, site: str = "major_osteoporotic", *, people: bool = False
) -> Drawing | None:
    """What each plan does to the chance at a site; None when no plan could be computed.

    people: on a page that counts people out of 1,000; else in percentage points. A plan is a point with its range
    beside the recorded course, which is nothing on the scale; a point is hollow where the plan may do nothing. The
    table has the chances under each plan and the number needed.
    """
    scale = _PEOPLE if people else _POINTS
    found = [(plan, _risk(plan, site)) for plan in comparison.plans]
    rows = [(plan, risk) for plan, risk in found if risk is not None]
    if not rows:
        return None
    title = rates_named(lang.text(scale.title, when=lang.in_years(comparison.horizon_y)), comparison, lang)
    titles = [wrapped(lang.say(plan.title)) for plan, _ in rows]
    ends = [*accumulate(TALL if "\n" in title else ROW for title in titles)]
    height = HEAD + ends[-1] + FOOT

    def draw(figure: "Figure") -> None:
        axes = figure.add_axes((WORDS, FOOT / height, RIGHT - WORDS, ends[-1] / height))
        _frame(axes, ends[-1], scale, lang)
        for name, (_, risk), (top, end) in zip(titles, rows, pairwise([0.0, *ends]), strict=True):
            _row(axes, (top + end) / 2, name, risk, scale)

    words = "; ".join(f"{lang.say(plan.title)}: {_words(risk, scale, lang)}" for plan, risk in rows)
    table = _table(comparison, rows, title, scale, lang)
    return drawing.drawn((WIDTH, height), draw, "plans", title, words, table)


def _risk(plan: "PlanResult", site: str) -> "RiskEffect | None":
    """What a plan does to the chance at a site."""
    return next((risk for risk in plan.risks if risk.site == site), None)


def _frame(axes: "Axes", room: float, scale: _Scale, lang: Language) -> None:
    """A quiet scale around no change, with its unit and the words for its two sides; downwards it is inches."""
    axes.set_ylim(room, 0)
    axes.set_yticks([])
    axes.locator_params(axis="x", nbins=5)
    axes.grid(axis="x", color=RULE, linewidth=drawing.THIN)
    axes.set_axisbelow(True)
    axes.tick_params(length=0, labelsize=drawing.SMALL, labelcolor=QUIET)
    for side in ("top", "left", "right", "bottom"):
        axes.spines[side].set_visible(False)
    axes.axvline(0, color=INK, linewidth=drawing.THIN)
    drawing.marks(axes, lambda value: lang.figures(signed(value)), "x")
    axes.set_xlabel(lang.text(scale.unit), fontsize=drawing.SMALL, color=QUIET, labelpad=1)
    for at, side, words in ((0.0, "left", lang.text("picture.fewer")), (1.0, "right", lang.text("picture.more"))):
        drawing.label(axes, (at, 1.0), words, xycoords="axes fraction", xytext=(0, 8), textcoords="offset points",
                      ha=side, color=QUIET)  # fmt: skip


def wrapped(title: str) -> str:
    """A title on as many lines as there is room for; the whole of it stands in the table."""
    return "\n".join(wrap(title, _WIDEST, max_lines=_LINES, placeholder=" …"))


def _row(axes: "Axes", row: float, title: str, risk: "RiskEffect", scale: _Scale) -> None:
    """A plan: its title, a bar for the range, a point that is hollow where no effect is possible."""
    by = risk.difference
    low, middle, high = (scale.many * value for value in (by.low, by.mean, by.high))
    axes.hlines(row, low, high, color=PERSON, linewidth=1.6)
    face = "white" if risk.number_needed.may_do_nothing else PERSON
    axes.plot(middle, row, "o", color=PERSON, markerfacecolor=face, markersize=5)
    lines = title.splitlines()
    for place, line in enumerate(lines):
        above = _LINE * ((len(lines) - 1) / 2 - place)
        axes.annotate(line, (0, row), xycoords=("axes fraction", "data"), xytext=(-6, above),
                      textcoords="offset points", ha="right", va="center", fontsize=drawing.SMALL, color=INK)  # fmt: skip  # noqa: E501


def _words(risk: "RiskEffect", scale: _Scale, lang: Language) -> str:
    """The difference in the unit of the page, with its range."""
    return lang.figures(_difference(risk.difference, scale.many))


def _difference(by: "Interval", many: float) -> str:
    """A difference with its range."""
    middle, low, high = (signed(many * value) for value in (by.mean, by.low, by.high))
    return middle if low == middle == high else f"{middle} ({span(low, high)})"


Rows = Sequence[tuple["PlanResult", "RiskEffect"]]


def _table(comparison: "Comparison", rows: Rows, title: str, scale: _Scale, lang: Language) -> Data:
    """The chance under each plan, the difference, and the people needed for one fracture fewer."""
    columns = (
        lang.text("picture.choice"), lang.text("picture.chance"),
        lang.text("picture.difference_in", unit=lang.text(scale.unit)),
        lang.text("picture.people_for_one_fracture_fewer"),
    )  # fmt: skip
    before = _risk(comparison.baseline, rows[0][1].site)
    first = [] if before is None else [(lang.say(comparison.baseline.title), _chance(before, scale, lang), "", "")]
    more = [
        (lang.say(plan.title), _chance(risk, scale, lang), _words(risk, scale, lang), _needed(risk, lang))
        for plan, risk in rows
    ]
    return Data(title, columns, (*first, *more))


def _chance(risk: "RiskEffect", scale: _Scale, lang: Language) -> str:
    """The chance under a plan with its range."""
    if risk.above_measured is not None:
        return str(risk_told(risk, lang))
    return str(estimate(risk.risk, scale.chance, lang, scale.reach))


def _needed(risk: "RiskEffect", lang: Language) -> str:
    """How many people follow the plan for one fracture fewer, with the range; no figure where there may be none."""
    needed = risk.number_needed
    if needed.may_do_nothing or needed.mean is None:
        changes = risk.difference.low or risk.difference.high
        return lang.text("picture.may_do_nothing") if changes else lang.text("picture.changes_nothing")
    ends = sorted(abs(end) for end in (needed.best, needed.worst) if end is not None)
    reach = f" ({span(*map(whole, ends))})" if len(ends) == 2 else ""
    n = lang.figures(f"{whole(needed.mean)}{reach}")
    return lang.text("picture.one_more_in_n", n=n) if needed.mean < 0 else n
