"""A steroid course laid out in days: every step one dose, what was left unsaid filled in."""

import datetime
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TYPE_CHECKING

from trabecula.person.notation import Phase
from trabecula.person.shipped import number
from trabecula.vocabulary import STEROIDS, Route, unnamed_steroid

if TYPE_CHECKING:
    from trabecula.evidence import Evidence


@dataclass(frozen=True)
class SteroidStep:
    """The same dose for a number of days."""

    drug: str
    route: Route
    dose_mg: float
    """Each dose [mg]."""
    doses_per_day: int
    every_days: int
    """2 means alternate days."""
    start: datetime.date
    days: int

    @property
    def end(self) -> datetime.date:
        """The last day."""
        return self.start + datetime.timedelta(days=self.days - 1)

    @property
    def mg_per_day(self) -> float:
        """The mean dose a day [mg of this drug]."""
        return self.dose_mg * self.doses_per_day / self.every_days

    @property
    def total_mg(self) -> float:
        """All doses of the step together [mg of this drug]."""
        return self.dose_mg * self.doses_per_day * (1 + (self.days - 1) // self.every_days)


@dataclass(frozen=True)
class Layout:
    """A course with its dates, ready to be laid out in days."""

    phases: tuple[Phase, ...]
    start: datetime.date
    end: datetime.date | None
    """The last day, None when it is not given."""
    until: datetime.date
    """The last day to lay out."""
    evidence: "Evidence | None"

    def steps(self) -> Iterator[SteroidStep]:
        """The steps in order, as far as `until`."""
        day = 0
        for phase, days in zip(self.phases, self._lengths(), strict=True):
            for dose_mg, length in [*self._levels(phase, days), *self._afterwards(phase, day + days)]:
                step = self._step(phase, dose_mg, day, length)
                if step.start <= self.until:
                    yield replace(step, days=min(step.days, _days_in(step.start, self.until)))
                day += length

    def _step(self, phase: Phase, dose_mg: float, day: int, days: int) -> SteroidStep:
        """One step, `day` days into the course."""
        first = datetime.date(self.start.year, self.start.month, self.start.day)
        start = first + datetime.timedelta(days=min(day, (datetime.date.max - first).days))
        drug, route = phase.drug or unnamed_steroid(), phase.route or self._likely_route(phase)
        return SteroidStep(drug, route, dose_mg, phase.doses_per_day, phase.every_days, start, days)

    def _likely_route(self, phase: Phase) -> Route:
        """What is mostly infused is an infusion from some dose on, unless tablets are named; all else is tablets."""
        limit = None if phase.drug is None else STEROIDS[phase.drug].infused_from
        if limit is None or phase.dose_mg is None:
            return "oral"
        return "iv" if phase.dose_mg >= number(limit, self.evidence) else "oral"

    def _lengths(self) -> list[int]:
        """Days of each phase: as said; a usual length for a taper; the rest up to the end."""
        days = [phase.days for phase in self.phases]
        if days[-1] is None and self.phases[-1].taper:
            days[-1] = self._taper_days(days[:-1])
        known = sum(each or 0 for each in days)
        return [each if each is not None else self._rest(known) for each in days]

    def _taper_days(self, before: list[int | None]) -> int:
        """What the dates leave for the taper, else the usual length."""
        usual = int(number("person.steroid.taper_days", self.evidence))
        if self.end is None or None in before:
            return usual
        left = _days_in(self.start, self.end) - sum(each or 0 for each in before)
        return left if left > 0 else usual

    def _rest(self, known: int) -> int:
        """The days that are left for what has no length of its own (at least one)."""
        return max(1, _days_in(self.start, self.end or self.until) - known)

    def _levels(self, phase: Phase, days: int) -> list[tuple[float, int]]:
        """The doses of a phase with the days of each: one, or the levels of a taper."""
        if not phase.taper:
            return [(phase.dose_mg or 0.0, days)]
        start = phase.dose_mg or number("person.steroid.taper_from_mg", self.evidence)
        count = max(1, round(days / number("person.steroid.taper_step_days", self.evidence)))
        edges = [round(level * days / count) for level in range(count + 1)]
        lengths = [after - before for before, after in pairwise(edges)]
        return list(zip(_even_fall(start, phase.to_mg or 0.0, count), lengths, strict=True))

    def _afterwards(self, phase: Phase, day: int) -> list[tuple[float, int]]:
        """A final taper to a dose above zero is followed by this dose, as long as the course lasts."""
        if phase is not self.phases[-1] or not (phase.taper and phase.to_mg):
            return []
        left = _days_in(self.start, self.end or self.until) - day
        return [(phase.to_mg, left)] if left > 0 else []


def _days_in(first: datetime.date, last: datetime.date) -> int:
    """Days from the first to the last, both counted."""
    return (last - first).days + 1


def _even_fall(start: float, end: float, count: int) -> list[float]:
    """`count` falling doses: the last is one step above zero, or the dose at which the taper ends."""
    if count == 1:
        return [(start + end) / 2]
    steps = count - 1 if end else count
    return [start + (end - start) * level / steps for level in range(count)]
