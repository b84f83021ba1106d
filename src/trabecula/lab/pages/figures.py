"""Pictures of studies: one study, and many in one picture.

A point is what was published, bars are how well it is known, a band is the model. Everything can be told apart
without colour: a prediction is a circle and a fitted number a square, an imputed standard error is dotted, a miss is
said in words. Text stays text, and the same data give the same bytes. Needs matplotlib (the extra
`report`), which is imported when the first picture is drawn: it takes a second.
"""

from collections.abc import Iterable, Iterator, Sequence
from math import isfinite
from typing import TYPE_CHECKING

from trabecula.drawing import style
from trabecula.drawing.style import in_style, written
from trabecula.drawing.svg import described
from trabecula.lab.pages.agreement import FindingLine, StudyComparison, count
from trabecula.lab.pages.comparisons import axis_label, distance, label, published, verdict
from trabecula.lab.studies.tolerance import WITHIN

if TYPE_CHECKING:  # an extra, needed only by whoever draws
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure


# --- The signs --------------------------------------------------------------------------------------------------------

BAND_HALF, MEDIAN_HALF = 0.19, 0.27
"""Half the height of the band and of its median, in rows."""
BAND_FILL, BAND_EDGE, MEDIAN = "#c8dbec", "#6f95b8", "#15507f"
"""Colours of the model."""
MISS_GROUND, MISS_INK = "#fbeae5", "#9c2410"
"""Colours of a miss, which is said in words too."""
MARKERS = {"predicted": "o", "fitted": "s"}
"""A circle for a prediction, a square for a fit."""
_DOTTED = (0, (1.0, 1.0))
_INTERVAL = {"printed": "95 %", "imputed": "95 %, imputed"}
"""What the key says of a bar."""
ARROW = 0.12
"""Share of an axis that an arrow is long."""


def band(axes: "Axes", row: float, low: float, high: float, median: float) -> None:
    """The model: a band of 90 %, and its median."""
    ends = {"color": BAND_FILL, "edgecolor": BAND_EDGE, "linewidth": style.THIN, "zorder": style.BAND}
    axes.barh(row, high - low, 2 * BAND_HALF, low, **ends)
    axes.vlines(median, row - MEDIAN_HALF, row + MEDIAN_HALF, color=MEDIAN, linewidth=style.THICK, zorder=style.BAR)


def bar(axes: "Axes", row: float, low: float, high: float, *, imputed: bool) -> None:
    """The 95 % interval of a published number, dotted when its standard error is imputed."""
    line = _DOTTED if imputed else "solid"
    axes.hlines(row, low, high, color=style.INK, linewidth=style.THICK, linestyle=line, zorder=style.BAR)


def brackets(axes: "Axes", row: float, middle: float, allowed: float, below: float | None = None) -> None:
    """Between them the model agrees."""
    axes.errorbar(
        middle, row, xerr=[[below or allowed], [allowed]], fmt="none", ecolor=style.INK, elinewidth=style.THIN,
        capsize=style.CAP, capthick=style.USUAL, zorder=style.BAR,
    )  # fmt: skip


def point(axes: "Axes", row: float, at: float, role: str) -> None:
    """The published number."""
    edge = {"markeredgecolor": "white", "markeredgewidth": style.THIN}
    axes.plot(at, row, MARKERS[role], color=style.INK, markersize=style.POINT, zorder=style.MARK, **edge)


def way(axes: "Axes", row: float, line: FindingLine) -> None:
    """Where a finding without a number went: an arrow, or brackets within which nothing changed."""
    if line.comparison.direction == "none":
        brackets(axes, row, line.nothing, line.allowed)
    else:
        _arrow(axes, row, line.nothing, upward=line.comparison.direction == "up")
    point(axes, row, line.nothing, line.comparison.role)


def _arrow(axes: "Axes", row: float, start: float, *, upward: bool) -> None:
    """From no change to one side."""
    low, high = axes.get_xlim()
    _arrow_between(axes, row, start, start + ARROW * (high - low) * (1 if upward else -1))


def _arrow_between(axes: "Axes", row: float, start: float, end: float) -> None:
    form = {"arrowstyle": "-|>", "color": style.INK, "linewidth": style.USUAL, "shrinkA": 0, "shrinkB": 0}
    axes.annotate("", (end, row), (start, row), arrowprops=form, zorder=style.BAR, annotation_clip=False)


def key(axes: "Axes", lines: Sequence[FindingLine]) -> None:
    """What the signs of this picture mean; only those that occur. Places are hundredths of the width."""
    axes.set_xlim(0, 100)
    axes.set_ylim(1, -1)
    axes.set_axis_off()
    at = 1.0
    for role in MARKERS:
        if any(line.comparison.role == role for line in lines):
            point(axes, 0, at, role)
            at = _said(axes, at + 1.6, role)
    at = _key_of_published(axes, at, {_sign(line) for line in lines})
    band(axes, 0, at, at + 6, at + 3.4)
    _said(axes, at + 7, "model, 90 %")


def _sign(line: FindingLine) -> str:
    """The sign that stands for what was published."""
    found = line.comparison
    return found.se_kind if found.published is not None else "none" if found.direction == "none" else "way"


def _key_of_published(axes: "Axes", at: float, signs: set[str]) -> float:
    """The signs for what was published, and where the next begins."""
    for kind in ("printed", "imputed"):
        if kind in signs:
            bar(axes, 0, at, at + 4, imputed=kind == "imputed")
            at = _said(axes, at + 5, "imputed" if kind == "imputed" and "printed" in signs else _INTERVAL[kind])
    if "way" in signs:
        _arrow_between(axes, 0, at, at + 4)
        at = _said(axes, at + 5, "direction")
    if signs != {"way"}:
        brackets(axes, 0, at + 2, 2)
        at = _said(axes, at + 5, "agreement")
    return at


def _said(axes: "Axes", at: float, words: str) -> float:
    """Words of the key, and where the next sign begins, by the width of a letter."""
    axes.text(at, 0, words, va="center", color=style.QUIET)
    return at + 0.95 * len(words) + 1.9


# --- A study ----------------------------------------------------------------------------------------------------------

WIDTH, SIDE, ROW, TITLE, AXIS, KEY = 7.2, 0.16, 0.45, 0.27, 0.38, 0.30
"""Inches of a picture, of its margins, rows, titles, axes and key."""
TOP, BOTTOM, TEXT_AT = -0.72, 0.40, -0.42
"""Where a row ends and where its words stand; it is 1 high, with its line at 0."""
_MARGIN = 0.05
"""Share of an axis left free at each end."""
_TICKS = 7
"""Marks of an axis."""
_STEPS = (1, 2, 2.5, 5, 10)
"""Between the marks of an axis."""


def study_figure(found: StudyComparison) -> str:
    """The picture of a study as SVG, with a title and a description for whoever cannot see it."""
    with in_style():
        svg = written(drawn(found))
    return described(svg, f"figure-{found.study.id}", found.study.title, in_words(found))


def drawn(found: StudyComparison) -> "Figure":
    """The same as a figure of matplotlib, in whose style whoever calls has put it."""
    with in_style():
        return _drawn(_panels(found.lines))


def in_words(found: StudyComparison) -> str:
    """What a picture shows, in a sentence; the numbers stand in the table beside it."""
    met = count([line.comparison for line in found.lines])
    shown = f"Model compared with published values: {met.within} of {met.of} agree."
    missed = "; ".join(label(line) for line in found.misses)
    return f"{shown} Missed: {missed}." if missed else shown


def _panels(lines: Iterable[FindingLine]) -> list[list[FindingLine]]:
    """Lines that can share an axis, in the order of the study."""
    panels: dict[str, list[FindingLine]] = {}
    for line in lines:
        panels.setdefault(axis_label(line), []).append(line)
    return list(panels.values())


def _drawn(panels: Sequence[Sequence[FindingLine]]) -> "Figure":
    """The panels under each other, and what the signs mean."""
    from matplotlib.figure import Figure

    heights = [ROW * len(lines) + TITLE + AXIS for lines in panels]
    top = total = sum(heights) + KEY
    figure = Figure(figsize=(WIDTH, total))
    for lines, height in zip(panels, heights, strict=True):
        place = (top - height + AXIS, ROW * len(lines))
        _panel(figure.add_axes(_across(*place, total)), lines)
        top -= height
    key(figure.add_axes(_across(0.0, KEY, total)), [line for lines in panels for line in lines])
    return figure


def _across(bottom: float, height: float, total: float) -> tuple[float, float, float, float]:
    """A strip from side to side, in shares of the picture."""
    return SIDE / WIDTH, bottom / total, 1 - 2 * SIDE / WIDTH, height / total


def _panel(axes: "Axes", lines: Sequence[FindingLine]) -> None:
    _scale(axes, _limits(lines))
    axes.set_ylim(len(lines) - 1 + BOTTOM, TOP)
    axes.set_title(axis_label(lines[0]), loc="left", fontsize=style.SMALL, fontweight="bold", pad=style.CAP)
    axes.axvline(lines[0].nothing, color=style.QUIET, linewidth=style.THIN, zorder=style.GROUND + style.GRID)
    for row, line in enumerate(lines):
        _words(axes, row, line)
        _signs(axes, row, line)


def _scale(axes: "Axes", limits: tuple[float, float]) -> None:
    """A quiet scale: lines from below, no frame."""
    from matplotlib.ticker import MaxNLocator, ScalarFormatter

    axes.set_xlim(*limits)
    axes.set_yticks([])
    axes.xaxis.set_major_locator(MaxNLocator(_TICKS, steps=_STEPS))
    axes.xaxis.set_major_formatter(ScalarFormatter(useOffset=False))
    axes.tick_params(axis="x", length=0)
    axes.grid(axis="x", color=style.RULE, linewidth=style.THIN, zorder=style.GRID)
    axes.set_axisbelow(True)
    for side in ("top", "left", "right"):
        axes.spines[side].set_visible(False)


def _limits(lines: Sequence[FindingLine]) -> tuple[float, float]:
    """From the lowest to the highest of everything drawn, with a margin."""
    values = [value for line in lines for value in _extent(line) if isfinite(value)]
    whole = max(values) - min(values) or 1.0
    values += [line.nothing + _way(line) * ARROW * whole for line in lines if _way(line)]
    return min(values) - _MARGIN * whole, max(values) + _MARGIN * whole


def _way(line: FindingLine) -> int:
    """The side to which an arrow needs room."""
    return {"up": 1, "down": -1}.get(line.comparison.direction or "", 0)


def _extent(line: FindingLine) -> Iterator[float]:
    """The ends of everything that is drawn for a line."""
    found = line.comparison
    middle = line.nothing if found.published is None else found.published
    yield from (found.model_lower, found.model_upper, found.model, middle)
    if found.published is not None or found.direction == "none":
        yield from (middle - (line.allowed_below or line.allowed), middle + line.allowed)


def _words(axes: "Axes", row: int, line: FindingLine) -> None:
    """What is compared, and the verdict, on a tinted ground if it is a miss."""
    misses = not line.comparison.within
    ground = MISS_GROUND if misses else "white"
    if misses:
        axes.axhspan(row + TOP, row + BOTTOM, color=ground, linewidth=0, zorder=style.GROUND)
    both = {
        "transform": axes.get_yaxis_transform(), "va": "baseline", "zorder": style.MARK,
        "bbox": {"facecolor": ground, "linewidth": 0, "pad": style.THIN},
    }  # fmt: skip
    axes.text(0.0, row + TEXT_AT, label(line), **both)
    ink, weight = (MISS_INK, "bold") if misses else (style.QUIET, "normal")
    axes.text(1.0, row + TEXT_AT, _verdict(line), ha="right", color=ink, fontweight=weight, **both)


def _verdict(line: FindingLine) -> str:
    """The verdict with its distance, or with the way that was printed."""
    by_number = line.comparison.z is not None
    return f"{verdict(line)}, " + (f"z {distance(line)}" if by_number else f"published: {published(line)}")


def _signs(axes: "Axes", row: int, line: FindingLine) -> None:
    found = line.comparison
    if isfinite(found.model):
        band(axes, row, found.model_lower, found.model_upper, found.model)
    if found.published is None or found.published_lower is None or found.published_upper is None:
        way(axes, row, line)
        return
    bar(axes, row, found.published_lower, found.published_upper, imputed=found.se_kind == "imputed")
    brackets(axes, row, found.published, line.allowed, line.allowed_below)
    point(axes, row, found.published, found.role)


# --- Many studies -----------------------------------------------------------------------------------------------------

THIN_ROW, Z_AXIS, ABOVE, NAMES, COUNTS = 0.22, 0.62, 0.12, 2.75, 0.95
"""Inches of the picture, of its rows, its axis, and its columns of words."""
FARTHEST = 6.0
"""Beyond it a distance is shown at the edge."""
_FLOOR = 0.5
"""Half a row."""
_GAP = 0.02
"""Share of the axis between words and rows."""
_EDGE = 0.05
"""Inches between the words and the corner."""
_Z_TICKS = (-6, -4, -2, 0, 2, 4, 6)
"""Marks of the axis."""
_AT_THE_EDGE = (
    "Solid: missed. Hollow: met. Triangle: off the scale. Circle: predicted. Square: fitted. Right: findings met,"
    " including directions."
)


def overview_figure(name: str, title: str, studies: Sequence[StudyComparison]) -> str:
    """The distances of all findings with a number, a row for each study, as SVG."""
    with in_style():
        svg = written(_drawn_overview(studies))
    met = count([line.comparison for study in studies for line in study.lines])
    words = f"Distance of the model from each finding, study by study: {met.within} of {met.of} findings are met."
    return described(svg, name, title, words)


def _drawn_overview(studies: Sequence[StudyComparison]) -> "Figure":
    """Names on the left, distances in the middle, counts on the right."""
    from matplotlib.figure import Figure

    rows = THIN_ROW * len(studies)
    total = ABOVE + rows + Z_AXIS
    figure = Figure(figsize=(WIDTH, total))
    place = (NAMES / WIDTH, Z_AXIS / total, 1 - (NAMES + COUNTS) / WIDTH, rows / total)
    axes = figure.add_axes(place)
    _z_scale(axes, len(studies))
    for row, found in enumerate(studies):
        _row(axes, row, found)
    figure.text(_EDGE / WIDTH, _EDGE / total, _AT_THE_EDGE, color=style.QUIET, va="bottom")
    return figure


def _z_scale(axes: "Axes", rows: int) -> None:
    """From far below to far above, with the zone of agreement."""
    axes.set_xlim(-FARTHEST - _FLOOR, FARTHEST + _FLOOR)
    axes.set_ylim(rows - _FLOOR, -_FLOOR)
    axes.set_yticks([])
    axes.set_xticks(_Z_TICKS)
    axes.tick_params(axis="x", length=0)
    axes.set_xlabel("model below the finding    ←    z    →    model above the finding", fontsize=style.SMALL)
    axes.axvspan(-WITHIN, WITHIN, color=BAND_FILL, linewidth=0, zorder=style.GROUND)
    axes.axvline(0, color=style.QUIET, linewidth=style.THIN, zorder=style.GRID)
    for side in ("top", "left", "right", "bottom"):
        axes.spines[side].set_visible(False)


def _row(axes: "Axes", row: int, found: StudyComparison) -> None:
    axes.axhline(row, color=style.RULE, linewidth=style.THIN, zorder=style.GRID)
    both = {"transform": axes.get_yaxis_transform(), "va": "center"}
    met = count([line.comparison for line in found.lines])
    axes.text(-_GAP, row, found.study.id.replace("_", " "), ha="right", **both)
    axes.text(1 + _GAP, row, f"{met.within} of {met.of}", color=style.QUIET, **both)
    for line in found.lines:
        _point(axes, row, line)


def _point(axes: "Axes", row: int, line: FindingLine) -> None:
    z = line.comparison.z
    if z is None or not isfinite(z):
        return
    beyond = abs(z) > FARTHEST
    sign = (">" if z > 0 else "<") if beyond else MARKERS[line.comparison.role]
    fill = "white" if line.comparison.within else style.INK
    axes.plot(
        min(max(z, -FARTHEST), FARTHEST), row, sign, color=fill, markeredgecolor=style.INK, markeredgewidth=style.THIN,
        markersize=style.POINT * (1 - BAND_HALF), zorder=style.MARK, clip_on=False,
    )  # fmt: skip
