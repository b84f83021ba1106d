"""The lives that causes are told from: one person with some of the causes, each marched from where it first differs.

A life with one cause more is the same life until that cause begins. So it goes on from the states that the life without
it has on that day, and what both have in common is lived through once.
"""

from collections.abc import Iterable, Mapping
from dataclasses import fields

import numpy as np

from trabecula.assessment.causes_shapley import Coalition
from trabecula.assessment.causes_switches import Switches
from trabecula.skeleton import Stretch, log_density, marched
from trabecula.timeline import Timeline
from trabecula.units import Array

_AGEING = "ageing"
"""Another world from the first day on."""
_ELSEWHERE = ("edges_d", "wheelchair", "aid")
"""Parts of a timeline that no cause changes."""


class Lives:
    """Lives of one person by the causes that are on; each is lived through once."""

    def __init__(self, switches: Switches) -> None:
        self._switches = switches
        self._states: dict[Coalition, dict[float, Array]] = {}
        self._timelines: dict[Coalition, Timeline] = {}

    def log_density(self, on: Coalition) -> Mapping[str, Array]:
        """Logarithm of relative density by site on the days of the switches, in every draw [n, T]."""
        if on not in self._states:
            asked = self.asked(on)
            self.keep(on, asked, marched(asked))
        found = self._states[on]
        return log_density(np.stack([found[day] for day in self._switches.days], axis=1))

    def asked(self, on: Coalition) -> Stretch:
        """What is marched for a life: read on the days that are looked at, and on those from which others part."""
        begin, since = self._beginning(on)
        others = (on | {cause} for cause in self._switches.on_density if cause not in {*on, _AGEING})
        partings = {day for other in others if (day := self._parting(on, other)) > begin}
        days = sorted({*partings, *self._switches.days.tolist(), *([begin] if since is not None else ())})
        return self._switches.asked(on, days, since)

    def keep(self, on: Coalition, asked: Stretch, states: Array) -> None:
        """Keep the states [n, T, ...] of a life, once it has been marched."""
        self._states[on] = {day: states[:, t] for t, day in enumerate(asked.days.tolist())}

    def _beginning(self, on: Coalition) -> tuple[float, Array | None]:
        """The day from which a life has to be marched, and the states on it; None for the healthy of the first day."""
        known = [on - {cause} for cause in on - {_AGEING} if on - {cause} in self._states]
        shared = {self._parting(part, on): part for part in known}
        if not shared or (day := max(shared)) not in (states := self._states[shared[max(shared)]]):
            return self._timeline(on).start_day, None
        return day, states[day]

    def _parting(self, on: Coalition, other: Coalition) -> float:
        """The day on which two lives begin to differ [d since birth]."""
        return parting(self._timeline(on), self._timeline(other))

    def _timeline(self, on: Coalition) -> Timeline:
        """What acts in a life."""
        if on not in self._timelines:
            self._timelines[on] = self._switches.life(on)
        return self._timelines[on]


def parting(one: Timeline, other: Timeline) -> float:
    """The first day on which something else acts on bone [d since birth]; the last day where nothing ever does.

    Both have the same edges. How uncertain an EDSS is acts only where there is one.
    """
    segments = [len(one.edges_d) - 1, *_differing(one, other)]
    boluses = {*one.boluses} ^ {*other.boluses}
    return min([float(one.edges_d[min(segments)]), *(bolus.day for bolus in boluses)])


def _differing(one: Timeline, other: Timeline) -> Iterable[int]:
    """The first segment in which each channel differs, of those that do."""
    names = [part.name for part in fields(one) if isinstance(getattr(one, part.name), np.ndarray)]
    pairs = [(getattr(one, name), getattr(other, name)) for name in names if name not in _ELSEWHERE]
    nothing = np.zeros(len(one.edges_d) - 1)
    daily = {*one.drug_mg_per_day, *other.drug_mg_per_day}
    pairs += [(one.drug_mg_per_day.get(name, nothing), other.drug_mg_per_day.get(name, nothing)) for name in daily]
    for mine, theirs in pairs:
        unlike = (mine != theirs) & ~(np.isnan(mine) & np.isnan(theirs))
        if unlike.any():
            yield int(np.flatnonzero(unlike.reshape(len(unlike), -1).any(axis=1))[0])
