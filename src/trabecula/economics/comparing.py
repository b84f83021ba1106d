"""Strategies beside each other: the frontier, net benefit, and how often each is the best.

An incremental analysis orders strategies by cost. One that costs no less than another and gives no more is *dominated*;
one that a mixture of two others beats (its ratio is above that of a more effective one) is dominated *in the extended
sense*. What is left is the frontier, and each step of it has a ratio (Briggs, Claxton and Sculpher 2006, chapter 2).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from trabecula.units import Array

Standing = Literal["on the frontier", "dominated", "dominated by a mixture"]


@dataclass(frozen=True)
class CostsAndQalys:
    """Costs and QALYs of S strategies in D draws, discounted, per person."""

    strategies: tuple[str, ...]
    costs: Array
    """[S, D]."""
    qalys: Array
    """[S, D]."""

    def __post_init__(self) -> None:
        if self.costs.shape != self.qalys.shape or len(self.costs) != len(self.strategies):
            shapes = f"{self.costs.shape} and {self.qalys.shape} for {len(self.strategies)} strategies"
            raise ValueError(f"costs and QALYs: shapes {shapes}; expected both [strategies, draws]")


@dataclass(frozen=True)
class Increment:
    """One strategy in the incremental analysis of the means."""

    strategy: str
    cost: float
    qaly: float
    standing: Standing
    beside: str | None
    """The one before it on the frontier, or what dominates it; None for the cheapest."""
    more_cost: float | None
    """Against the one before it on the frontier."""
    more_qaly: float | None
    ratio: float | None
    """Money per QALY; None for the cheapest and for what is dominated."""


def frontier(strategies: Sequence[str], costs: Array, qalys: Array) -> list[Increment]:
    """The incremental analysis of mean costs and QALYs [S], from the cheapest on."""
    order = sorted(range(len(strategies)), key=lambda i: (costs[i], -qalys[i]))
    better = _undominated(order, qalys)
    hull = _hull(better, costs, qalys)
    return [_increment(i, strategies, costs, qalys, better, hull) for i in order]


def _undominated(order: Sequence[int], qalys: Array) -> list[int]:
    """From the cheapest on, those that give more than every cheaper one."""
    kept: list[int] = []
    for i in order:
        if not kept or qalys[i] > qalys[kept[-1]]:
            kept.append(i)
    return kept


def _hull(better: Sequence[int], costs: Array, qalys: Array) -> list[int]:
    """Those whose ratios rise from step to step: no mixture of two others beats one of them."""
    kept: list[int] = []
    for i in better:
        while len(kept) > 1 and _ratio(kept[-2], kept[-1], costs, qalys) >= _ratio(kept[-1], i, costs, qalys):
            kept.pop()
        kept.append(i)
    return kept


def _ratio(of: int, to: int, costs: Array, qalys: Array) -> float:
    """Money per QALY from one strategy to a better one."""
    return float(costs[to] - costs[of]) / float(qalys[to] - qalys[of])


def _increment(
    i: int, strategies: Sequence[str], costs: Array, qalys: Array, better: Sequence[int], hull: Sequence[int]
) -> Increment:
    """Where a strategy stands."""
    name, cost, qaly = strategies[i], float(costs[i]), float(qalys[i])
    if i not in better:
        by = max((j for j in better if costs[j] <= costs[i]), key=lambda j: qalys[j])
        return Increment(name, cost, qaly, "dominated", strategies[by], None, None, None)
    if i not in hull:
        by = min((j for j in hull if qalys[j] > qalys[i]), key=lambda j: qalys[j])
        return Increment(name, cost, qaly, "dominated by a mixture", strategies[by], None, None, None)
    place = hull.index(i)
    if place == 0:
        return Increment(name, cost, qaly, "on the frontier", None, None, None, None)
    before = hull[place - 1]
    more = float(costs[i] - costs[before]), float(qalys[i] - qalys[before])
    return Increment(name, cost, qaly, "on the frontier", strategies[before], *more, more[0] / more[1])


def net_benefit(outcomes: CostsAndQalys, threshold: float) -> Array:
    """Money's worth of each strategy in each draw [S, D]: QALYs times what one may cost, less costs."""
    return threshold * outcomes.qalys - outcomes.costs


@dataclass(frozen=True)
class Acceptability:
    """How often each strategy is the best, by what a QALY may cost."""

    thresholds: Array
    """[W]."""
    best: Array
    """Share of draws in which each strategy has the greatest net benefit [S, W]; ties are shared."""
    optimal: tuple[str, ...]
    """The strategy with the greatest mean net benefit at each threshold [W]: what one would choose."""
    frontier: Array
    """How often that one is the best [W]; it need not be the one that is best most often."""


def acceptability(outcomes: CostsAndQalys, thresholds: Sequence[float] | Array) -> Acceptability:
    """The acceptability curves and their frontier; threshold by threshold, so that nothing larger is held."""
    best, chosen = [], []
    for threshold in thresholds:
        worth = net_benefit(outcomes, threshold)
        first = worth == worth.max(axis=0)
        best.append((first / first.sum(axis=0)).mean(axis=1))
        chosen.append(int(worth.mean(axis=1).argmax()))
    shares = np.array(best).T
    return Acceptability(
        thresholds=np.asarray(thresholds, dtype=np.float64),
        best=shares,
        optimal=tuple(outcomes.strategies[i] for i in chosen),
        frontier=shares[chosen, np.arange(len(chosen))],
    )
