"""A study as a picture: what was published, as points with bars, over what the model gives, as bands.

Text stays text, and the same data give the same bytes. Needs matplotlib (`pip install "trabecula[report]"`), which is
imported when the first picture is drawn.
"""

from collections.abc import Iterable, Iterator, Sequence
from math import isfinite
from typing import TYPE_CHECKING

from trabecula.drawing.style import CAP, GRID, GROUND, MARK, QUIET, RULE, SMALL, THIN, in_style, written
from trabecula.drawing.svg import described
from trabecula.lab.pages import signs as drawing
from trabecula.lab.pages.agreement import Line, Reproduced, count
from trabecula.lab.pages.comparing import axis_label, distance, label, published, verdict

if TYPE_CHECKING:  # an extra, needed only by whoever draws
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

# inches of a picture, of its margins, rows, titles, axes and key
WIDTH, SIDE, ROW, TITLE, AXIS, KEY = 7.2, 0.16, 0.45, 0.27, 0.38, 0.30
# where a row ends and where its words stand; it is 1 high, with its line at 0
TOP, BOTTOM, TEXT_AT = -0.72, 0.40, -0.42
_MARGIN = 0.05  # share of an axis left free at each end
_TICKS = 7  # marks of an axis
_STEPS = (1, 2, 2.5, 5, 10)  # between the marks of an axis


def study_figure(found: Reproduced) -> str:
    """The picture of a study as SVG, with a title and a description for whoever cannot see it."""
    with in_style():
        svg = written(_drawn(_panels(found.lines)))
    return described(svg, f"figure-{found.study.id}", found.study.title, in_words(found))


def in_words(found: Reproduced) -> str:
    """What a picture shows, in a sentence; the numbers stand in the table beside it."""
    met = count([line.comparison for line in found.lines])
    shown = f"Published values beside the model: {met.within} of {met.of} agree."
    missed = "; ".join(label(line) for line in found.misses)
    return f"{shown} Missed: {missed}." if missed else shown


def _panels(lines: Iterable[Line]) -> list[list[Line]]:
    """Lines that can share an axis, in the order of the study."""
    panels: dict[str, list[Line]] = {}
    for line in lines:
        panels.setdefault(axis_label(line), []).append(line)
    return list(panels.values())


def _drawn(panels: Sequence[Sequence[Line]]) -> "Figure":
    """The panels under each other, and what the signs mean."""
    from matplotlib.figure import Figure

    heights = [ROW * len(lines) + TITLE + AXIS for lines in panels]
    top = total = sum(heights) + KEY
    figure = Figure(figsize=(WIDTH, total))
    for lines, height in zip(panels, heights, strict=True):
        place = (top - height + AXIS, ROW * len(lines))
        _panel(figure.add_axes(_across(*place, total)), lines)
        top -= height
    drawing.key(figure.add_axes(_across(0.0, KEY, total)), [each for lines in panels for each in lines])
    return figure


def _across(bottom: float, height: float, total: float) -> tuple[float, float, float, float]:
    """A strip from side to side, in shares of the picture."""
    return SIDE / WIDTH, bottom / total, 1 - 2 * SIDE / WIDTH, height / total


def _panel(axes: "Axes", lines: Sequence[Line]) -> None:
    """An axis with its lines."""
    _scale(axes, _limits(lines))
    axes.set_ylim(len(lines) - 1 + BOTTOM, TOP)
    axes.set_title(axis_label(lines[0]), loc="left", fontsize=SMALL, fontweight="bold", pad=CAP)
    axes.axvline(lines[0].nothing, color=QUIET, linewidth=THIN, zorder=GROUND + GRID)
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
    axes.grid(axis="x", color=RULE, linewidth=THIN, zorder=GRID)
    axes.set_axisbelow(True)
    for side in ("top", "left", "right"):
        axes.spines[side].set_visible(False)


def _limits(lines: Sequence[Line]) -> tuple[float, float]:
    """From the lowest to the highest of everything drawn, with a margin."""
    values = [value for line in lines for value in _extent(line) if isfinite(value)]
    whole = max(values) - min(values) or 1.0
    values += [line.nothing + _way(line) * drawing.ARROW * whole for line in lines if _way(line)]
    return min(values) - _MARGIN * whole, max(values) + _MARGIN * whole


def _way(line: Line) -> int:
    """The side to which an arrow needs room."""
    return {"up": 1, "down": -1}.get(line.comparison.direction or "", 0)


def _extent(line: Line) -> Iterator[float]:
    """The ends of everything that is drawn for a line."""
    found = line.comparison
    middle = line.nothing if found.published is None else found.published
    yield from (found.model_lower, found.model_upper, found.model, middle)
    if found.published is not None or found.direction == "none":
        yield from (middle - (line.allowed_below or line.allowed), middle + line.allowed)


def _words(axes: "Axes", row: int, line: Line) -> None:
    """What is compared, and the verdict, on a tinted ground if it is a miss."""
    misses = not line.comparison.within
    ground = drawing.MISS_GROUND if misses else "white"
    if misses:
        axes.axhspan(row + TOP, row + BOTTOM, color=ground, linewidth=0, zorder=GROUND)
    both = {
        "transform": axes.get_yaxis_transform(), "va": "baseline", "zorder": MARK,
        "bbox": {"facecolor": ground, "linewidth": 0, "pad": THIN},
    }  # fmt: skip
    axes.text(0.0, row + TEXT_AT, label(line), **both)
    ink, weight = (drawing.MISS_INK, "bold") if misses else (QUIET, "normal")
    axes.text(1.0, row + TEXT_AT, _verdict(line), ha="right", color=ink, fontweight=weight, **both)


def _verdict(line: Line) -> str:
    """The verdict with its distance, or with the way that was printed."""
    by_number = line.comparison.z is not None
    return f"{verdict(line)}, " + (f"z {distance(line)}" if by_number else f"published: {published(line)}")


def _signs(axes: "Axes", row: int, line: Line) -> None:
    """The model's band, and what was published over it."""
    found = line.comparison
    if isfinite(found.model):
        drawing.band(axes, row, found.model_lower, found.model_upper, found.model)
    if found.published is None or found.published_lower is None or found.published_upper is None:
        drawing.way(axes, row, line)
        return
    drawing.bar(axes, row, found.published_lower, found.published_upper, imputed=found.se_kind == "imputed")
    drawing.brackets(axes, row, found.published, line.allowed, line.allowed_below)
    drawing.point(axes, row, found.published, found.role)
