"""The signs of a picture: a point for what was published, bars for how well it is known, a band for the model.

Everything can be told apart without colour: a prediction is a circle and a fitted number a square, an imputed standard
error is dotted, a miss is said in words.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from trabecula.drawing.style import BAND, BAR, CAP, INK, MARK, POINT, QUIET, THICK, THIN, USUAL
from trabecula.lab.pages.agreement import Line

if TYPE_CHECKING:  # an extra, needed only by whoever draws
    from matplotlib.axes import Axes

# half the height of the band and of its median, in rows
BAND_HALF, MEDIAN_HALF = 0.19, 0.27
BAND_FILL, BAND_EDGE, MEDIAN = "#c8dbec", "#6f95b8", "#15507f"
MISS_GROUND, MISS_INK = "#fbeae5", "#9c2410"
MARKERS = {"predicted": "o", "fitted": "s"}
_DOTTED = (0, (1.0, 1.0))
_INTERVAL = {"printed": "95 %", "imputed": "95 %, imputed"}
ARROW = 0.12  # share of an axis that an arrow is long


def band(axes: "Axes", row: float, low: float, high: float, median: float) -> None:
    """The model: a band of 90 %, and its median."""
    ends = {"color": BAND_FILL, "edgecolor": BAND_EDGE, "linewidth": THIN, "zorder": BAND}
    axes.barh(row, high - low, 2 * BAND_HALF, low, **ends)
    axes.vlines(median, row - MEDIAN_HALF, row + MEDIAN_HALF, color=MEDIAN, linewidth=THICK, zorder=BAR)


def bar(axes: "Axes", row: float, low: float, high: float, *, imputed: bool) -> None:
    """The 95 % interval of a published number, dotted when its standard error is imputed."""
    style = _DOTTED if imputed else "solid"
    axes.hlines(row, low, high, color=INK, linewidth=THICK, linestyle=style, zorder=BAR)


def brackets(axes: "Axes", row: float, middle: float, allowed: float, below: float | None = None) -> None:
    """Between them the model agrees."""
    axes.errorbar(
        middle, row, xerr=[[below or allowed], [allowed]], fmt="none", ecolor=INK, elinewidth=THIN, capsize=CAP,
        capthick=USUAL, zorder=BAR,
    )  # fmt: skip


def point(axes: "Axes", row: float, at: float, role: str) -> None:
    """The published number."""
    edge = {"markeredgecolor": "white", "markeredgewidth": THIN}
    axes.plot(at, row, MARKERS[role], color=INK, markersize=POINT, zorder=MARK, **edge)


def way(axes: "Axes", row: float, line: Line) -> None:
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
    """An arrow along a row."""
    form = {"arrowstyle": "-|>", "color": INK, "linewidth": USUAL, "shrinkA": 0, "shrinkB": 0}
    axes.annotate("", (end, row), (start, row), arrowprops=form, zorder=BAR, annotation_clip=False)


# where the signs and their words stand, in hundredths of the width
def key(axes: "Axes", lines: Sequence[Line]) -> None:
    """What the signs of this picture mean; only those that occur."""
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


def _sign(line: Line) -> str:
    """The sign that stands for what was published."""
    found = line.comparison
    return found.se_kind if found.published is not None else "none" if found.direction == "none" else "way"


# where the signs and their words stand, in hundredths of the width
def _key_of_published(axes: "Axes", at: float, signs: set[str]) -> float:
    """The signs for what was published, and where the next begins."""
    for kind in ("printed", "imputed"):
        if kind in signs:
            bar(axes, 0, at, at + 4, imputed=kind == "imputed")
            at = _said(
                axes, at + 5, "imputed" if kind == "imputed" and "printed" in signs else _INTERVAL[kind]
            )
    if "way" in signs:
        _arrow_between(axes, 0, at, at + 4)
        at = _said(axes, at + 5, "direction")
    if signs != {"way"}:
        brackets(axes, 0, at + 2, 2)
        at = _said(axes, at + 5, "agreement")
    return at


# the width of a letter, in hundredths of the width
def _said(axes: "Axes", at: float, words: str) -> float:
    """Words of the key, and where the next sign begins."""
    axes.text(at, 0, words, va="center", color=QUIET)
    return at + 0.95 * len(words) + 1.9
