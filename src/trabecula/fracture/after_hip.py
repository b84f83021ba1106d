"""Death after a hip fracture that is still to come: some of those alive have had one, and die faster.

The life table holds everybody, those with a hip fracture too. So the rate of those without one lies below it by just
as much as keeps the average person, hip fractures and all, at the life table.
"""

from dataclasses import dataclass, field

import numpy as np

from trabecula.evidence import Draws
from trabecula.fracture.curves import Array, curve
from trabecula.fracture.sites import SEX_GROUP


@dataclass
class _Alive:
    """Who is alive at the beginning of a step: without a hip fracture, and with one in each earlier step [n, t]."""

    without: Array
    after: list[Array] = field(default_factory=list)

    def mean_ratio(self, ratios: list[Array]) -> Array:
        """Mean of the ratio of death rates over everybody alive [n, 1]."""
        dying = sum((a * r for a, r in zip(self.after, ratios, strict=True)), self.without)
        return dying / sum(self.after, self.without)

    def step(self, hip: Array, death: Array, ratios: list[Array], dt_y: float) -> None:
        """One step of length dt_y with hazards [n, 1] of a hip fracture and of death without one."""
        self.after = [a * np.exp(-death * r * dt_y) for a, r in zip(self.after, ratios, strict=True)]
        lost = self.without * -np.expm1(-(hip + death) * dt_y)
        self.without = self.without - lost
        self.after.append(lost * np.divide(hip, hip + death, out=np.zeros_like(hip), where=hip + death > 0))


def mean_ratio(hip: Array, death: Array, dt_y: Array, sex: str, draws: Draws) -> Array:
    """Death rate of all alive over that of those without a hip fracture on the grid [n, T].

    hip, death: hazards [per y, n x T] of those without one.
    """
    return _march(hip, death, dt_y, sex, draws, keep_table=False)


def table_ratio(hip: Array, table: Array, dt_y: Array, sex: str, draws: Draws) -> Array:
    """The same when the death rate of all alive is that of a life table [n, T]."""
    return _march(hip, table, dt_y, sex, draws, keep_table=True)


def _march(hip: Array, death: Array, dt_y: Array, sex: str, draws: Draws, *, keep_table: bool) -> Array:
    """Step by step; with a table the rate without a hip fracture is the table's over the mean ratio."""
    hip, death = np.broadcast_arrays(hip, death)
    ends = np.cumsum(dt_y)
    middles = ends - dt_y / 2
    total = _Total(float(ends[-1]), sex, draws)
    alive, made = _Alive(np.ones((len(hip), 1))), []
    for t, length in enumerate(dt_y):
        ratios = total.ratios(ends[t] - middles[:t], float(length))
        mean = alive.mean_ratio(ratios)
        made.append(mean)
        own = death[:, t : t + 1] / (mean if keep_table else 1)
        alive.step(hip[:, t : t + 1], own, ratios, float(length))
    return np.hstack(made)


class _Total:
    """The excess of the death rate added up from the fracture on, so that long steps lose none of the first months."""

    def __init__(self, span_y: float, sex: str, draws: Draws) -> None:
        self.since = np.arange(0.0, span_y + 2 * _FINE_Y, _FINE_Y)
        excess = curve(draws, f"mortality.after_hip.{SEX_GROUP[sex]}", self.since)
        steps = (excess[:, 1:] + excess[:, :-1]) / 2 * _FINE_Y
        self.total = np.hstack([np.zeros((len(excess), 1)), np.cumsum(steps, axis=1)])

    def until(self, since_y: Array) -> Array:
        """Excess times years up to a time since the fracture [n, k]."""
        place = np.minimum(since_y / _FINE_Y, len(self.since) - 2)
        left = place.astype(np.intp)
        return self.total[:, left] + (place - left) * (self.total[:, left + 1] - self.total[:, left])

    def ratios(self, since_end_y: Array, length_y: float) -> list[Array]:
        """Mean ratio of death rates over a step, by years from each earlier fracture to its end, each [n, 1].

        Fractures lie in the middle of their steps; what follows in the same step counts in the next one.
        """
        if not len(since_end_y):
            return []
        since_start = since_end_y - length_y
        since_start[-1] = 0.0
        excess = (self.until(since_end_y) - self.until(since_start)) / length_y
        return list(np.hsplit(1 + excess, len(since_end_y)))


_FINE_Y = 1 / 48  # not a parameter: a quarter of a month, on which the excess is added up
