"""Many studies in one picture: how far the model lies from each finding, study by study."""

from collections.abc import Sequence
from math import isfinite
from typing import TYPE_CHECKING

from trabecula.drawing.style import GRID, GROUND, INK, MARK, QUIET, RULE, SMALL, THIN, in_style, written
from trabecula.drawing.svg import described
from trabecula.lab.pages import signs as drawing
from trabecula.lab.pages.agreement import Line, Reproduced, count
from trabecula.lab.studies.tolerance import WITHIN

if TYPE_CHECKING:  # an extra, needed only by whoever draws
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

# inches of the picture, of its rows, its axis, and its columns of words
WIDTH, ROW, AXIS, TOP, NAMES, COUNTS = 7.2, 0.22, 0.62, 0.12, 2.75, 0.95
FARTHEST = 6.0  # beyond it a distance is shown at the edge
_FLOOR = 0.5  # half a row
_EDGE = 0.05  # inches between the words and the corner
_TICKS = (-6, -4, -2, 0, 2, 4, 6)  # marks of the axis
_AT_THE_EDGE = (
    "Solid: missed. Hollow: met. A triangle lies farther out. Circle: predicted. Square: fitted. Right: findings met,"
    " directions included."
)


def overview_figure(name: str, title: str, studies: Sequence[Reproduced]) -> str:
    """The distances of all findings with a number, a row for each study, as SVG."""
    with in_style():
        svg = written(_drawn(studies))
    met = count([line.comparison for each in studies for line in each.lines])
    words = (
        f"Distance of the model from each finding, study by study: {met.within} of {met.of} findings are met."
    )
    return described(svg, name, title, words)


def _drawn(studies: Sequence[Reproduced]) -> "Figure":
    """Names on the left, distances in the middle, counts on the right."""
    from matplotlib.figure import Figure

    rows = ROW * len(studies)
    total = TOP + rows + AXIS
    figure = Figure(figsize=(WIDTH, total))
    place = (NAMES / WIDTH, AXIS / total, 1 - (NAMES + COUNTS) / WIDTH, rows / total)
    axes = figure.add_axes(place)
    _scale(axes, len(studies))
    for row, found in enumerate(studies):
        _row(axes, row, found)
    figure.text(_EDGE / WIDTH, _EDGE / total, _AT_THE_EDGE, color=QUIET, va="bottom")
    return figure


def _scale(axes: "Axes", rows: int) -> None:
    """From far below to far above, with the zone of agreement."""
    axes.set_xlim(-FARTHEST - _FLOOR, FARTHEST + _FLOOR)
    axes.set_ylim(rows - _FLOOR, -_FLOOR)
    axes.set_yticks([])
    axes.set_xticks(_TICKS)
    axes.tick_params(axis="x", length=0)
    axes.set_xlabel("model below the finding    ←    z    →    model above the finding", fontsize=SMALL)
    axes.axvspan(-WITHIN, WITHIN, color=drawing.BAND_FILL, linewidth=0, zorder=GROUND)
    axes.axvline(0, color=QUIET, linewidth=THIN, zorder=GRID)
    for side in ("top", "left", "right", "bottom"):
        axes.spines[side].set_visible(False)


def _row(axes: "Axes", row: int, found: Reproduced) -> None:
    """One study."""
    axes.axhline(row, color=RULE, linewidth=THIN, zorder=GRID)
    both = {"transform": axes.get_yaxis_transform(), "va": "center"}
    met = count([line.comparison for line in found.lines])
    gap = 0.02  # share of the axis between words and rows
    axes.text(-gap, row, found.study.id.replace("_", " "), ha="right", **both)
    axes.text(1 + gap, row, f"{met.within} of {met.of}", color=QUIET, **both)
    for line in found.lines:
        _point(axes, row, line)


def _point(axes: "Axes", row: int, line: Line) -> None:
    """One finding: solid when it is missed, a triangle when it lies beyond the edge."""
    z = line.comparison.z
    if z is None or not isfinite(z):
        return
    beyond = abs(z) > FARTHEST
    sign = (">" if z > 0 else "<") if beyond else drawing.MARKERS[line.comparison.role]
    fill = "white" if line.comparison.within else INK
    axes.plot(
        min(max(z, -FARTHEST), FARTHEST), row, sign, color=fill, markeredgecolor=INK, markeredgewidth=THIN,
        markersize=drawing.POINT * (1 - drawing.BAND_HALF), zorder=MARK, clip_on=False,
    )  # fmt: skip
