"""A study as a picture: what was published, as points with bars, over what the model gives, as bands.

Everything can be told apart without colour: a prediction is a circle and a fitted number a square, an imputed standard
error is dotted, and each line says in words whether the model agrees. Text stays text, and the same data give the same
bytes. Needs matplotlib (`pip install "trabecula[report]"`), which is imported when the first picture is drawn.
"""

from collections.abc import Iterable, Iterator, Sequence
from io import StringIO
from typing import TYPE_CHECKING

from trabecula.report.agreement import Line, Reproduced
from trabecula.report.comparing import axis_label, distance, label, sentence, verdict
from trabecula.report.numbers import counted
from trabecula.report.svg import described

if TYPE_CHECKING:  # an extra, needed only by whoever draws
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

# not a parameter: inches of a picture
WIDTH, SIDE, ROW, TITLE, AXIS, KEY = 7.2, 0.16, 0.45, 0.30, 0.46, 0.34
# not a parameter: points of text and lines
SMALL, THIN, USUAL, THICK, POINT, CAP = 8.0, 0.8, 1.3, 2.4, 7.0, 4.0
# not a parameter: places within a row, which is 1 high and has its line at 0
TEXT_AT, BAND_HALF, MEDIAN_HALF, TOP, BOTTOM = -0.42, 0.19, 0.27, -0.72, 0.40
# not a parameter: layers, from the back
BACK, GRID, BAND, BAR, MARK = 0.1, 0.5, 1.0, 2.0, 3.0
INK, QUIET, RULE = "#1d2327", "#545b61", "#d9dee2"
BAND_FILL, BAND_EDGE, MEDIAN = "#c8dbec", "#6f95b8", "#15507f"
MISS_ROW, MISS_INK = "#fbeae5", "#9c2410"
MARKERS = {"predicted": "o", "fitted": "s"}
_MARGIN = 0.05  # not a parameter: share of an axis left free at each end
_ARROW = 0.12  # not a parameter: share of an axis that an arrow is long
_TICKS = 7  # not a parameter: marks of an axis
_STYLE = {
    "font.family": ["sans-serif"],
    "font.sans-serif": ["DejaVu Sans"],
    "font.size": SMALL,
    "svg.fonttype": "none",
    "svg.hashsalt": "trabecula",
    "text.color": INK,
    "axes.labelcolor": QUIET,
    "xtick.color": QUIET,
    "axes.edgecolor": RULE,
}


def study_figure(found: Reproduced) -> str:
    """The picture of a study as SVG, with a title and a description for whoever cannot see it."""
    import matplotlib as mpl

    with mpl.rc_context(_STYLE):
        svg = _written(_drawn(_panels(found.lines)))
    title = f"{found.study.title}: published and modelled"
    return described(svg, found.study.id, title, " ".join(map(sentence, found.lines)))


def _written(figure: "Figure") -> str:
    """The figure as SVG without a date."""
    text = StringIO()
    nobody = {"Date": None, "Creator": None, "Format": None, "Type": None}
    figure.savefig(text, format="svg", facecolor="white", metadata=nobody)
    return text.getvalue()


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
    total = sum(heights) + KEY
    figure = Figure(figsize=(WIDTH, total))
    top = total
    for lines, height in zip(panels, heights, strict=True):
        rows = ROW * len(lines)
        place = (SIDE, top - TITLE - rows, WIDTH - 2 * SIDE, rows)
        _panel(figure.add_axes(_share_of(place, total)), lines)
        top -= height
    _key(figure.add_axes(_share_of((SIDE, 0.0, WIDTH - 2 * SIDE, KEY), total)), panels)
    return figure


def _share_of(place: tuple[float, float, float, float], height: float) -> tuple[float, float, float, float]:
    """A place in inches as shares of the picture."""
    x, y, wide, high = place
    return x / WIDTH, y / height, wide / WIDTH, high / height


def _panel(axes: "Axes", lines: Sequence[Line]) -> None:
    """An axis with its lines."""
    _axis(axes, lines)
    for row, line in enumerate(lines):
        _row_ground(axes, row, line)
        _model(axes, row, line)
        _published(axes, row, line)


def _axis(axes: "Axes", lines: Sequence[Line]) -> None:
    """The scale, and the line of no change."""
    from matplotlib.ticker import MaxNLocator

    axes.set_xlim(*_limits(lines))
    axes.set_ylim(len(lines) - 1 + BOTTOM, TOP)
    axes.set_yticks([])
    axes.xaxis.set_major_locator(MaxNLocator(_TICKS))
    axes.xaxis.set_major_formatter(_signed)
    axes.tick_params(axis="x", length=0)
    axes.grid(axis="x", color=RULE, linewidth=THIN, zorder=GRID)
    axes.set_axisbelow(True)
    for side in ("top", "left", "right"):
        axes.spines[side].set_visible(False)
    axes.set_title(axis_label(lines[0]), loc="left", fontsize=SMALL, fontweight="bold", pad=CAP)
    axes.axvline(lines[0].nothing, color=QUIET, linewidth=THIN, zorder=GRID)


def _signed(value: float, _: object) -> str:
    """A tick with a real minus sign."""
    return f"{value:.10g}".replace("-", "−")


def _limits(lines: Sequence[Line]) -> tuple[float, float]:
    """From the lowest to the highest of everything drawn, with a margin."""
    values = [value for line in lines for value in _extent(line)]
    low, high = min(values), max(values)
    margin = _MARGIN * (high - low or 1.0)
    return low - margin, high + margin


def _extent(line: Line) -> Iterator[float]:
    """The ends of everything that is drawn for a line."""
    found = line.comparison
    middle = line.nothing if found.published is None else found.published
    yield from (found.model_lower, found.model_upper, found.model, middle)
    if found.published is not None or found.direction == "none":
        yield from (middle - line.allowed, middle + line.allowed)


def _row_ground(axes: "Axes", row: int, line: Line) -> None:
    """What is compared, and the verdict, over a tinted ground if it is a miss."""
    misses = not line.comparison.within
    if misses:
        axes.axhspan(row + TOP, row + BOTTOM, color=MISS_ROW, linewidth=0, zorder=BACK)
    across = axes.get_yaxis_transform()
    axes.text(0.0, row + TEXT_AT, label(line), transform=across, va="baseline", zorder=MARK)
    z = f"z {distance(line)}" if line.comparison.z is not None else "direction"
    axes.text(
        1.0, row + TEXT_AT, f"{verdict(line)}, {z}", transform=across, ha="right", va="baseline", zorder=MARK,
        color=MISS_INK if misses else QUIET, fontweight="bold" if misses else "normal",
    )  # fmt: skip


def _model(axes: "Axes", row: float, line: Line) -> None:
    """The model: a band of 90 % and its median."""
    found = line.comparison
    _band(axes, row, found.model_lower, found.model_upper, found.model)


def _band(axes: "Axes", row: float, low: float, high: float, median: float) -> None:
    axes.barh(
        row, high - low, 2 * BAND_HALF, low, color=BAND_FILL, edgecolor=BAND_EDGE, linewidth=THIN, zorder=BAND
    )
    axes.vlines(median, row - MEDIAN_HALF, row + MEDIAN_HALF, color=MEDIAN, linewidth=THICK, zorder=BAR)


def _published(axes: "Axes", row: int, line: Line) -> None:
    """What was published: a point with two bars, or a way to go."""
    found = line.comparison
    if found.published is None:
        _way(axes, row, line)
        return
    low, high = found.published_lower, found.published_upper
    assert low is not None
    assert high is not None
    _bar(axes, row, (low, high), imputed=found.se_kind == "imputed")
    _brackets(axes, row, found.published, line.allowed)
    _point(axes, row, found.published, found.role)


def _bar(axes: "Axes", row: float, ends: tuple[float, float], *, imputed: bool) -> None:
    """The 95 % interval of the published number, dotted when its standard error is imputed."""
    style = (0, (1.0, 1.0)) if imputed else "solid"
    axes.hlines(row, *ends, color=INK, linewidth=THICK, linestyle=style, zorder=BAR)


def _brackets(axes: "Axes", row: float, middle: float, allowed: float) -> None:
    """How far the model may lie and still agree."""
    axes.errorbar(
        middle, row, xerr=allowed, fmt="none", ecolor=INK, elinewidth=THIN, capsize=CAP, capthick=USUAL,
        zorder=BAR,
    )  # fmt: skip


def _point(axes: "Axes", row: float, at: float, role: str) -> None:
    """The published number."""
    axes.plot(
        at, row, MARKERS[role], color=INK, markersize=POINT, markeredgecolor="white", markeredgewidth=THIN,
        zorder=MARK,
    )  # fmt: skip


def _way(axes: "Axes", row: int, line: Line) -> None:
    """Which way a finding without a number went: an arrow, or the brackets within which nothing changed."""
    if line.comparison.direction == "none":
        _brackets(axes, row, line.nothing, line.allowed)
    else:
        low, high = axes.get_xlim()
        step = _ARROW * (high - low) * (1 if line.comparison.direction == "up" else -1)
        arrow = {"arrowstyle": "-|>", "color": INK, "linewidth": USUAL, "shrinkA": 0, "shrinkB": 0}
        ends = (line.nothing + step, row), (line.nothing, row)
        axes.annotate("", *ends, arrowprops=arrow, zorder=BAR, annotation_clip=False)
    _point(axes, row, line.nothing, line.comparison.role)


# not a parameter: where the signs and their words stand, in tenths of the width
def _key(axes: "Axes", panels: Sequence[Sequence[Line]]) -> None:
    """What the signs of this picture mean."""
    axes.set_xlim(0, 100)
    axes.set_ylim(1, -1)
    axes.set_axis_off()
    roles = [role for role in MARKERS if any(each.comparison.role == role for p in panels for each in p)]
    at = 1.2
    for role in roles:
        _point(axes, 0, at, role)
        at = _said(axes, at + 1.6, f"published, {role}")
    kinds = {each.comparison.se_kind for lines in panels for each in lines}
    for kind in ("printed", "imputed"):
        if kind in kinds:
            _bar(axes, 0, (at, at + 4), imputed=kind == "imputed")
            at = _said(axes, at + 5, "95 %" if kind == "printed" else "95 %, imputed")
    _brackets(axes, 0, at + 2, 2)
    at = _said(axes, at + 5, "agreement")
    _band(axes, 0, at, at + 6, at + 3.4)
    _said(axes, at + 7, "model, 90 %")


# not a parameter: the width of a letter in tenths of the picture
def _said(axes: "Axes", at: float, words: str) -> float:
    """Words of the key, and where the next sign begins."""
    axes.text(at, 0, words, va="center", color=QUIET)
    return at + 1.13 * len(words) + 2


def summary(found: Reproduced) -> str:
    """A picture in a few words."""
    agree = sum(line.comparison.within for line in found.lines)
    return f"{counted(len(found.lines), 'finding')} of {found.study.title}, of which the model meets {agree}"
