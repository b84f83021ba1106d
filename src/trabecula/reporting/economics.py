"""Pictures of an evaluation: the cost-effectiveness plane, acceptability, and one parameter at a time.

Each comes with its numbers and with words for whoever cannot see it, like every picture of the house.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from trabecula.drawing.picture import AVERAGE, DRUG, EVENT, PERSON, Data, Drawing, canvas, finished, label, marks
from trabecula.drawing.picture import quiet_axes as quiet
from trabecula.drawing.style import QUIET, RULE, SMALL, THIN
from trabecula.economics.comparing import CostsAndQalys

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_WIDE, _HIGH, _BAR = 7.0, 4.2, 0.34
_COLOURS = (PERSON, AVERAGE, DRUG, EVENT, QUIET)
_LINES = ("-", "--", "-.", ":", (0, (1, 3)))
_MARKERS = "o^sDv"
_BARS = 10
_POINT, _FAINT = 14.0, 0.45
_EVERY = 5
"""Of the thresholds of a curve, one in so many stands in the table."""


def pictures(found: Mapping[str, Any], outcomes: CostsAndQalys) -> Iterator[Drawing]:
    """The three pictures of what `summary` found; outcomes: costs and QALYs in every draw."""
    yield plane(found, outcomes)
    yield acceptability_curves(found)
    yield tornado_bars(found)


def plane(found: Mapping[str, Any], outcomes: CostsAndQalys) -> Drawing:
    """More cost against more QALYs than the first strategy, a point a draw, with the line of the threshold."""
    money, first = found["currency"], outcomes.strategies[0]
    costs, qalys = outcomes.costs - outcomes.costs[0], outcomes.qalys - outcomes.qalys[0]
    rows = [
        (name, f"{qalys[i].mean():.4f}", f"{costs[i].mean():,.0f}")
        for i, name in enumerate(outcomes.strategies)
        if i > 0
    ]
    said = "; ".join(f"{name}: {q} QALYs and {c} {money} more on average" for name, q, c in rows)
    with canvas(_WIDE, _HIGH) as figure:
        axes = figure.subplots()
        for i, name in enumerate(outcomes.strategies[1:], 1):
            colour, marker = _COLOURS[(i - 1) % len(_COLOURS)], _MARKERS[(i - 1) % len(_MARKERS)]
            look = {"color": colour, "marker": marker, "s": _POINT, "alpha": _FAINT}
            axes.scatter(qalys[i], costs[i], linewidths=0, label=name, **look)  # pyright: ignore[reportArgumentType]
        ends = np.array(axes.get_xlim())
        axes.plot(ends, found["threshold"] * ends, color=QUIET, linewidth=THIN, linestyle="--")
        _cross(axes)
        _axes(axes, f"QALYs more than {first}", f"{money} more than {first}")
        axes.legend(frameon=False, fontsize=SMALL)
        table = Data(f"Means beside {first}", ("", "QALYs", money), tuple(rows))
        title = "Cost-effectiveness plane"
        what = f"A point for each of {found['draws']} draws; below the dashed line a strategy is worth its cost"
        return finished(figure, "plane", title, f"{what} at {found['threshold']:,.0f} {money} per QALY. {said}.", table)


def acceptability_curves(found: Mapping[str, Any]) -> Drawing:
    """How often each strategy is the best, by what a QALY may cost; thick where it is what one would choose."""
    money, curves = found["currency"], found["acceptability"]
    thresholds, names = np.array(curves["thresholds"]), list(curves["best"])
    with canvas(_WIDE, _HIGH) as figure:
        axes = figure.subplots()
        for i, name in enumerate(names):
            look = {"color": _COLOURS[i % len(_COLOURS)], "linestyle": _LINES[i % len(_LINES)]}
            shares = np.array(curves["best"][name])
            axes.plot(thresholds, shares, linewidth=1, label=name, **look)
            chosen = np.where([optimal == name for optimal in curves["optimal"]], shares, np.nan)
            axes.plot(thresholds, chosen, linewidth=2 * 2, alpha=_FAINT, color=look["color"])
        axes.set_ylim(0.0, 1.0)
        _axes(axes, f"{money} per QALY", "Share of draws in which it is best")
        axes.legend(frameon=False, fontsize=SMALL)
        rows = tuple(
            (f"{thresholds[w]:,.0f}", *(f"{curves['best'][name][w]:.2f}" for name in names))
            for w in range(0, len(thresholds), _EVERY)
        )
        table = Data("Share of draws in which a strategy has the greatest net benefit", (f"{money}/QALY", *names), rows)
        said = f"At {found['threshold']:,.0f} {money} per QALY one would choose {_chosen(found)}; its line is thick."
        return finished(figure, "acceptability", "Acceptability", said, table)


def tornado_bars(found: Mapping[str, Any]) -> Drawing:
    """Net benefit of what one would choose, with one economic parameter at its ends."""
    money, bars = found["currency"], found["tornado"]
    shown = bars["bars"][:_BARS]
    names = [bar["name"].removeprefix("economics.") for bar in shown]
    with canvas(_WIDE, 1.0 + _BAR * max(len(shown), 2)) as figure:
        axes = figure.subplots()
        for place, bar in enumerate(reversed(shown)):
            low, high = sorted((bar["low"], bar["high"]))
            axes.barh(place, high - low, left=low, height=0.5, color=PERSON)
            label(axes, (low, place + 0.5), names[len(shown) - 1 - place], color=QUIET)
        axes.axvline(bars["base"], color=AVERAGE, linewidth=1)
        axes.set_yticks([])
        axes.set_ylim(-0.5, len(shown))
        _axes(axes, f"Net benefit of {bars['of']} beside {bars['beside']} [{money}]", "")
        rows = tuple((n, f"{b['low']:,.0f}", f"{b['high']:,.0f}") for n, b in zip(names, shown, strict=True))
        table = Data(f"Net benefit [{money}]", ("", "5th percentile", "95th percentile"), rows)
        said = (
            f"{bars['base']:,.0f} {money} with every value as it is; the widest bar is {names[0] if names else 'none'}."
        )
        return finished(figure, "tornado", "One parameter at a time", said, table)


def _chosen(found: Mapping[str, Any]) -> str:
    """What one would choose at the threshold."""
    curves = found["acceptability"]
    near = int(np.abs(np.array(curves["thresholds"]) - found["threshold"]).argmin())
    return str(curves["optimal"][near])


def _cross(axes: "Axes") -> None:
    """The lines of no difference."""
    axes.axhline(0.0, color=RULE, linewidth=THIN)
    axes.axvline(0.0, color=RULE, linewidth=THIN)


def _axes(axes: "Axes", below: str, beside: str) -> None:
    """Quiet axes with their names and thousands."""
    quiet(axes)
    axes.set_xlabel(below, fontsize=SMALL, color=QUIET)
    axes.set_ylabel(beside, fontsize=SMALL, color=QUIET)
    for which, limits in (("x", axes.get_xlim()), ("y", axes.get_ylim())):
        wide = limits[1] - limits[0] > 2.0
        marks(axes, (lambda value: f"{value:,.0f}") if wide else (lambda value: f"{value:g}"), which)


def written(drawings: Sequence[Drawing]) -> dict[str, str]:
    """The pictures as files: name and SVG."""
    return {f"{drawing.name}.svg": drawing.svg for drawing in drawings}
