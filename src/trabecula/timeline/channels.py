"""Days and functions of time: a person's clock, and how a quantity runs through a life.

Dates become days since birth, and what was measured after the assessment is not known yet (`Clock`). Each channel of a
timeline is held until the next record (`StepCurve`), present in spans (`Spans`), or linear between knots
(`LinearCurve`). It names the days on which it changes (they become edges), and answers for any days (the middles of the
segments, or the edges themselves). Curves of the registry are read here too.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Protocol, TypeVar

import numpy as np
from numpy.typing import NDArray

from trabecula import units
from trabecula.evidence import Evidence
from trabecula.units import DAYS_PER_YEAR

Days = NDArray[np.float64]


@dataclass(frozen=True)
class StepCurve:
    """Recorded values, each holding until the next one: `before` until the first."""

    days: Sequence[float]
    """Days since birth, increasing, on which a value was recorded."""
    values: Sequence[float]
    """The value from each of these days on."""
    before: float
    """The value before the first record; nan for unknown."""

    def at(self, days: Days) -> NDArray[np.float64]:
        """The value on each day; the day of a record has the new value already."""
        known = np.concatenate([[self.before], np.asarray(self.values, dtype=np.float64)])
        return known[np.searchsorted(np.asarray(self.days, dtype=np.float64), days, side="right")]


@dataclass(frozen=True)
class Span:
    """Something that lasts from `start` up to, not including, `end` [d], at a level."""

    start: float
    """The first day [d since birth]."""
    end: float
    """The first day after it [d since birth]."""
    level: float = 1.0
    """How much of it there is, in the unit of the channel; 1 for what is there or not."""


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
class LinearCurve:
    """Linear between knots, held after the last one, unknown (nan) before the first."""

    days: tuple[float, ...]
    """The knots [d since birth]; none for a quantity that is nowhere known."""
    values: tuple[float, ...]
    """The values at the knots."""

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


def step_curve(records: Iterable[tuple[float, float]], before: float) -> StepCurve:
    """A held quantity from records (day, value); a day recorded twice keeps the last record."""
    kept = dict(sorted(dict(records).items()))
    return StepCurve(tuple(kept), tuple(kept.values()), before)


class DatedRecord(Protocol):
    """A record with a date."""

    @property
    def date(self) -> date:
        """When it was."""
        ...


class DatedSpell(Protocol):
    """Something with a first day and perhaps a last one."""

    @property
    def start(self) -> date:
        """The first day."""
        ...

    @property
    def end(self) -> date | None:
        """The last day."""
        ...


DatedT = TypeVar("DatedT", bound=DatedRecord)


@dataclass(frozen=True)
class Clock:
    """The life of one person: born, assessed `on` a day, followed `until` another."""

    birth: date
    """Day 0."""
    on: date
    """The day of assessment: what was measured later is not known yet."""
    until: date
    """The last day that is looked at."""

    def day(self, when: date) -> float:
        """Days since birth."""
        return units.days_since_birth(when, self.birth)

    @property
    def today(self) -> float:
        """The day of assessment [days since birth]."""
        return self.day(self.on)

    @property
    def end(self) -> float:
        """The last day of the timeline [days since birth]."""
        return self.day(self.until)

    def first_day_after(self, spell: DatedSpell) -> float:
        """The day after the last day of a spell; one that is going on lasts beyond the timeline."""
        last = spell.end if spell.end is not None else max(self.until, spell.start)
        return self.day(last + timedelta(days=1))

    def known(self, records: Iterable[DatedT]) -> list[DatedT]:
        """What was measured up to the day of assessment, in order; later measurements are not known yet."""
        return sorted((record for record in records if record.date <= self.on), key=lambda record: record.date)


@dataclass(frozen=True)
class AgeCurve:
    """A curve over age [y], read on days since birth: one value for each year of life, as segments are constant."""

    ages_y: Sequence[float]
    """The knots [y]; one for a value that holds at all ages."""
    values: Sequence[float]
    """The values at the knots: straight between them, level beyond them."""

    def at(self, days: NDArray[np.float64]) -> NDArray[np.float64]:
        """The value on each day, that of the middle of its year of life."""
        middle_y = np.floor(days / DAYS_PER_YEAR) + 0.5
        return np.interp(middle_y, self.ages_y, self.values)


def by_age(evidence: Evidence, name: str) -> AgeCurve:
    """A parameter that is a curve over age, or one number for all ages."""
    if evidence[name].at is None:
        return AgeCurve((0.0,), (evidence.scalar(name),))
    return AgeCurve(*evidence.curve(name))
