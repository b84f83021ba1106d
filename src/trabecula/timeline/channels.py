"""How a quantity runs through time: held until the next record, present in spans, or linear between knots.

Each channel of a timeline is one of these three. It names the days on which it changes (they become edges),
and answers for any days (the middles of the segments, or the edges themselves).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

Days = NDArray[np.float64]


@dataclass(frozen=True)
class Held:
    """Recorded values, each holding until the next one: `before` until the first."""

    days: Sequence[float]
    values: Sequence[float]
    before: float

    def at(self, days: Days) -> NDArray[np.float64]:
        """The value on each day."""
        known = np.concatenate([[self.before], np.asarray(self.values, dtype=np.float64)])
        return known[np.searchsorted(np.asarray(self.days, dtype=np.float64), days, side="right")]


@dataclass(frozen=True)
class Span:
    """Something that lasts from `start` up to, not including, `end` [d], at a level."""

    start: float
    end: float
    level: float = 1.0


@dataclass(frozen=True)
class Spans:
    """Things that last a while; where they overlap, they add up."""

    spans: tuple[Span, ...] = field(default=())

    @property
    def days(self) -> tuple[float, ...]:
        """The days on which something begins or ends."""
        return tuple(day for span in self.spans for day in (span.start, span.end))

    def total(self, days: Days) -> NDArray[np.float64]:
        """The sum of the levels on each day."""
        total = np.zeros(len(days))
        for span in self.spans:
            total[(days >= span.start) & (days < span.end)] += span.level
        return total

    def present(self, days: Days) -> NDArray[np.bool_]:
        """Whether anything is going on, day by day."""
        return self.total(days) > 0.0


@dataclass(frozen=True)
class Line:
    """Linear between knots, held after the last one, unknown (nan) before the first."""

    days: tuple[float, ...]
    values: tuple[float, ...]

    def at(self, days: Days) -> NDArray[np.float64]:
        """The value on each day."""
        if not self.days:
            return np.full(len(days), np.nan)
        return np.interp(days, self.days, self.values, left=np.nan)

    def between(self, edges: Days) -> NDArray[np.float64]:
        """The values at the start and the end of each segment [K, 2]; unknown where the start is."""
        at_edges = self.at(edges)
        ends = np.where(np.isnan(at_edges[:-1]), np.nan, at_edges[1:])
        return np.column_stack([at_edges[:-1], ends])

    def reaches(self, level: float) -> tuple[float, ...]:
        """The days on which the line passes a level."""
        days, gap = np.asarray(self.days), np.asarray(self.values) - level
        i = np.flatnonzero(gap[:-1] * gap[1:] < 0.0)
        return tuple(days[i] + (days[i + 1] - days[i]) * gap[i] / (gap[i] - gap[i + 1]))


def latest_each_day(records: Iterable[tuple[float, float]]) -> dict[float, float]:
    """Records (day, value) in order of their days; a day recorded twice keeps the last record."""
    return dict(sorted(dict(records).items()))


def held(records: Iterable[tuple[float, float]], before: float) -> Held:
    """A held quantity from records (day, value)."""
    kept = latest_each_day(records)
    return Held(tuple(kept), tuple(kept.values()), before)
