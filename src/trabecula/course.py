"""The one road: exposures through the skeleton to falls, fractures and death. Everything runs through here.

The density of a person has two sources. Its *level* on the day of assessment is that of the reference population
of the same age and sex, times what this person's exposures did to the model's skeleton, times a personal factor
(`twin` conditions it on bone scans). Its *course* before and after is the model's. So the average person has the
published density and the published fracture rates by construction, and every departure from them is the model's.
"""

from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from pathlib import Path
from threading import Lock

import numpy as np

from trabecula import skeleton
from trabecula.compiled import COMPILER
from trabecula.data_files import kept, overlays
from trabecula.evidence import Evidence
from trabecula.evidence.registry import DRAWS
from trabecula.fracture import Exposure, HazardParts, Risks
from trabecula.model import ModelDraws
from trabecula.person import Person
from trabecula.skeleton import SITES, Equations, Skeleton, Stretch, Traits
from trabecula.skeleton.density import reference_mean, reference_sd
from trabecula.timeline import Timeline
from trabecula.timeline.record import average_timeline
from trabecula.units import Array, years
from trabecula.units import days as in_days

_AVERAGE_STEP_Y = 0.5
"""The average person's course is smooth, and read off by interpolation."""
_HERE = Path(__file__).parent
_DECIDING = ("evidence", "skeleton", "timeline")
"""Rooms whose files decide on the average person's skeleton."""
_READ = frozenset({".py", ".yaml", ".csv", ".json", ".npy"})
_SEED = 1
"""With `DRAWS`, the sample of whoever asks for no other."""
_AVERAGES_KEPT = 8
"""Average skeletons that are remembered: of both sexes for four seeds, 6 MB in all with 200 draws."""

Level = Mapping[str, Array]
"""The personal factor by site [n]: 1 is average density given all that acted on the skeleton."""


@dataclass(frozen=True)
class Bones:
    """Density of a person, up to the personal factor, beside the average person of the same age and sex."""

    days: Array
    """Days since birth on which the skeleton was read, rising [T]."""
    on: float
    """The day of assessment, one of the days."""
    typical: Mapping[str, Array]
    """Density by site with all that acted on this skeleton, for a personal factor of 1 [g/cm2, n x T]."""
    average: Mapping[str, Array]
    """Density by site of the average person of the same age and sex [g/cm2, n x T]."""
    cv: Mapping[str, float]
    """Spread of the personal factor between people by site: SD over mean of the reference population."""
    markers: Mapping[str, Array]
    """CTX, P1NP and osteocalcin, relative to a healthy 30-year-old [n, T]."""

    @property
    def now(self) -> int:
        """The place of the day of assessment among the days."""
        return self.place(self.on)

    def place(self, day: float) -> int:
        """The place of a day among the days; ValueError for one on which the skeleton was not read."""
        found = int(np.searchsorted(self.days, day))
        if found >= len(self.days) or self.days[found] != day:
            raise ValueError(f"day {day} was not asked for")
        return found

    def density(self, site: str, level: Level) -> Array:
        """Density of the person at a site through time [g/cm2, n x T]."""
        return self.typical[site] * level[site][:, None]


def bones(person: Person, timeline: Timeline, draws: ModelDraws, on: float, days: Sequence[float] | Array) -> Bones:
    """March this person's skeleton, and put it on the scale of the reference population of the day of assessment.

    `days` (since birth) are edges of the timeline, and `on` is one of them: the past up to it is marched first, the
    future goes on from the state it leaves. Raises DoseRefused for absurd doses, MarchError if the march fails.
    """
    read = np.asarray(days, dtype=np.float64)
    past = history(person, timeline, draws, read[read <= on])
    return past.joined(ahead(past, timeline, draws, read[read >= on]))


@dataclass(frozen=True)
class History:
    """A life up to the day of assessment, from which every future begins."""

    sex: str
    """female or male."""
    skeleton: Skeleton
    """Read on the days up to that day, the last of them, with the state that a future goes on from."""
    traits: Traits
    """How this person differs from others in each draw."""
    unit: Mapping[str, Array]
    """Density of the reference population by site for a relative density of 1 [g/cm2, n x 1]."""
    cv: Mapping[str, float]
    """Spread of the personal factor between people, by site."""
    bones: Bones
    """The same life on the scale of the reference population."""

    def joined(self, later: Bones) -> Bones:
        """The whole life: this history, and a future that begins on its last day."""
        return Bones(
            days=np.append(self.bones.days, later.days[1:]),
            on=self.bones.on,
            typical=_joined(self.bones.typical, later.typical),
            average=_joined(self.bones.average, later.average),
            cv=self.cv,
            markers=_joined(self.bones.markers, later.markers),
        )


def _joined(before: Mapping[str, Array], after: Mapping[str, Array]) -> Mapping[str, Array]:
    """Courses [n, T] one after the other; the last day of the first is the first of the second."""
    return {name: np.hstack([before[name], after[name][:, 1:]]) for name in before}


def history(
    person: Person, timeline: Timeline, draws: ModelDraws, days: Array, *, with_markers: bool = True
) -> History:
    """March this person's skeleton up to the last of the `days`, the day of assessment."""
    asked = history_asked(timeline, draws, days)
    return history_of(person, skeleton.read(asked, skeleton.marched(asked), with_markers=with_markers), draws)


def history_asked(timeline: Timeline, draws: ModelDraws, days: Array) -> Stretch:
    """What is marched for it."""
    return skeleton.stretch(timeline, draws, days, skeleton.unknown_person(draws), None, draws.model.equations)


def history_of(person: Person, mine: Skeleton, draws: ModelDraws) -> History:
    """A skeleton that has been marched up to the day of assessment, on the scale of the reference population."""
    theirs = average_density(person.sex, draws, mine.days)
    today = float(mine.days[-1])
    age_y = years(today)
    mean = {s: reference_mean(draws.evidence, s, person.sex, age_y, person.ancestry) for s in SITES}
    unit = {s: mean[s] / theirs[s][:, -1:] for s in SITES}
    cv = {s: float(reference_sd(draws.evidence, s, person.sex, age_y) / mean[s]) for s in SITES}
    known = Bones(mine.days, today, _scaled(unit, mine.density), _scaled(unit, theirs), cv, mine.markers)
    return History(person.sex, mine, skeleton.unknown_person(draws), unit, cv, known)


def ahead(past: History, timeline: Timeline, draws: ModelDraws, days: Array) -> Bones:
    """March on from the day of assessment, the first of the `days`, through a timeline that may be another plan's.

    Markers go on where the history has them.
    """
    asked = ahead_asked(past, timeline, draws, days)
    return ahead_of(past, asked, skeleton.marched(asked), draws)


def ahead_asked(past: History, timeline: Timeline, draws: ModelDraws, days: Array) -> Stretch:
    """What is marched for it."""
    return skeleton.stretch(timeline, draws, days, past.traits, past.skeleton.state, draws.model.equations)


def ahead_of(past: History, asked: Stretch, states: Array, draws: ModelDraws) -> Bones:
    """A future that has been marched, on the scale of the reference population."""
    mine = skeleton.read(asked, states, past.skeleton, with_markers=bool(past.skeleton.markers))
    theirs = average_density(past.sex, draws, mine.days)
    return Bones(
        mine.days, past.bones.on, _scaled(past.unit, mine.density), _scaled(past.unit, theirs), past.cv, mine.markers
    )


def _scaled(unit: Mapping[str, Array], density: Mapping[str, Array]) -> Mapping[str, Array]:
    """Relative density on the scale of the reference population [g/cm2, n x T]."""
    return {site: unit[site] * density[site] for site in SITES}


def average_density(sex: str, draws: ModelDraws, days: Array) -> Mapping[str, Array]:
    """Relative density of the average person of one sex on any days since birth [n, T], under the same draws.

    Read off a life marched in half years, linear between and level beyond. What it rests on counts as used by `draws`.
    """
    whole = _average_skeleton(sex, draws)
    return {site: _between(days, whole.days, whole.density[site]) for site in SITES}


@dataclass(frozen=True)
class AverageSkeleton:
    """The average person of one sex from youth to the oldest age, under one sample of draws."""

    days: Array
    """Days since birth, every half year [M]."""
    density: Mapping[str, Array]
    """Relative to the start, by site [n, M]."""
    evidence: Evidence
    """The registry that it was marched with, and which of its numbers were read."""


_AverageKey = tuple[str, int, int, Equations]
_averages: OrderedDict[_AverageKey, AverageSkeleton] = OrderedDict()
"""Average skeletons by sex, size and seed of their draws, and by their equations, the last used behind.

At most `_AVERAGES_KEPT` are kept, because a server meets any seed and each holds 0.7 MB for 200 draws: a seed that
was forgotten is marched again, in a quarter of a second.
"""
_averages_lock = Lock()


def _average_skeleton(sex: str, draws: ModelDraws) -> AverageSkeleton:
    """The average person of one sex: the same for everyone, so marched once for the same draws."""
    if draws.is_central:
        return _march_average(sex, draws)
    key = (sex, draws.n, draws.seed, draws.model.equations)
    known = _averages.get(key)
    if known is None or not known.evidence.has_records_of(draws.evidence):
        known = _found_average(sex, draws.model.fresh().draws(draws.n, draws.seed))
    _keep(key, known)
    draws.evidence.credit(known.evidence.used())
    return known


def _keep(key: _AverageKey, average: AverageSkeleton) -> None:
    """Put an average behind the others, and forget those that were not used for longest."""
    with _averages_lock:
        _averages[key] = average
        _averages.move_to_end(key)
        while len(_averages) > _AVERAGES_KEPT:
            _averages.popitem(last=False)


def _found_average(sex: str, draws: ModelDraws) -> AverageSkeleton:
    """The average person under fresh draws: for those that every command begins with kept on disk, else marched.

    The march is a tenth of what the first answer of a program costs.
    """
    shipped = draws.model.equations.is_shipped and [*draws.evidence.content()] == ["package"] and not overlays()
    if not shipped or (draws.n, draws.seed) != (DRAWS, _SEED):
        return _march_average(sex, draws)

    def made() -> tuple[Array, Mapping[str, Array], tuple[str, ...]]:
        """Days, densities, and the ids of the registry that were read."""
        average = _march_average(sex, draws)
        return average.days, average.density, average.evidence.used()

    days, density, used = kept(_HERE, f"average_{sex}", _decisive(), made)
    draws.evidence.credit(used)
    return AverageSkeleton(days, density, draws.evidence)


@cache
def _decisive() -> bytes:
    """The fingerprint of all that decides on an average skeleton: the code of these rooms, and the registry's data."""
    files = [_HERE / f"{name}.py" for name in ("chance", "course", "model", "units")]
    files += (path for room in _DECIDING for path in sorted((_HERE / room).rglob("*.*")) if path.suffix in _READ)
    return sha256(
        b"".join((*(path.read_bytes() for path in files), np.__version__.encode(), COMPILER.encode()))
    ).digest()


def _march_average(sex: str, draws: ModelDraws) -> AverageSkeleton:
    """March the average person of one sex through life."""
    first, last = (draws.evidence.scalar(name) for name in ("skeleton.history.start_age", "course.density_until"))
    ages = np.arange(first, last + _AVERAGE_STEP_Y, _AVERAGE_STEP_Y)
    timeline = average_timeline(sex, in_days(ages))
    marched = skeleton.simulate(timeline, draws, timeline.edges_d, equations=draws.model.equations)
    return AverageSkeleton(marched.days, marched.density, draws.evidence)


def _between(days: Array, known_days: Array, known: Array) -> Array:
    """Columns of `known` [n, M] at other days, linear between and level beyond [n, T]."""
    right = np.clip(np.searchsorted(known_days, days), 1, len(known_days) - 1)
    share = np.clip((days - known_days[right - 1]) / (known_days[right] - known_days[right - 1]), 0.0, 1.0)
    return known[:, right - 1] * (1.0 - share) + known[:, right] * share


def outcomes(bones: Bones, level: Level, exposure: Exposure, draws: ModelDraws, horizons_y: Sequence[float]) -> Risks:
    """Falls, fractures and death from the day of assessment on, for a person of a given level.

    bones: read at least to the end of the exposure's grid, or held level beyond; level: the personal factor by site
    [n]; horizons_y: LIFETIME among them needs a grid to the oldest age.
    Density acts through its distance from the average person of the same age [SD], so that an average person has the
    published fracture rates at every age.
    """
    return draws.model.hazards.risks(exposure, _scores(bones, level, exposure), draws, horizons_y)


def first_fractures(
    bones: Bones, level: Level, exposure: Exposure, draws: ModelDraws, horizons_y: Sequence[float], hazards: HazardParts
) -> Mapping[str, Array]:
    """Chances of a first fracture alone, by site and group [n, H], as in `outcomes`; hazards are the caller's."""
    return hazards.first_fractures(exposure, _scores(bones, level, exposure), draws, horizons_y)


def _scores(bones: Bones, level: Level, exposure: Exposure) -> Mapping[str, Array]:
    """Z-scores of density in the middle of each step of an exposure, by site [n, T]."""
    middle = bones.on + in_days(exposure.middle_y)
    return {site: _between(middle, bones.days, _distance(bones, level, site)) for site in SITES}


def _distance(bones: Bones, level: Level, site: str) -> Array:
    """How far density lies from the average person's, in population standard deviations [n, T]."""
    return (bones.density(site, level) / bones.average[site] - 1.0) / bones.cv[site]
