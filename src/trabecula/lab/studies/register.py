"""A simulated register of people with MS and matched controls: what the model expects where registers have counted.

Each person with MS goes the one road: disability and steroids through the skeleton to density, disability to falls,
all of it to fractures and death. Their control is the same person without MS, without its steroids and with average
density but for the same personal level. Everything is an expectation: hazards weighted by who is still alive, no luck
of fractures. No constant stands for MS: every residual is 1. Since decision 15 three registers, and three sites of the
meta-analysis, are among the findings that the mechanisms are fitted to; the others are predicted.

`python scripts/make_register_page.py --output docs/validation/register.md` writes the page.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from trabecula.evidence import Evidence
from trabecula.fracture import Exposure
from trabecula.lab.studies.fracture_record import FractureStudy, FractureTarget, RegisterSetting
from trabecula.lab.studies.life_course import LifeCourse, life_course
from trabecula.lab.studies.register_people import NEEDS_HELP, RegisterMember, members
from trabecula.lab.studies.tolerance import published_value, tolerance
from trabecula.model import Model, ModelDraws
from trabecula.units import Array, days_since_birth, years
from trabecula.units import days as in_days

PEOPLE = 240
"""People with MS who stand for a register."""
PER_1000 = 1000.0
"""Rates are printed for so many person-years."""
WHICH: Mapping[str, Callable[[Array], NDArray[np.bool_]]] = {
    "all": lambda edss: edss >= 0.0,
    "help": lambda edss: edss >= NEEDS_HELP,
    "no_help": lambda edss: edss < NEEDS_HELP,
}
"""Parts of the time that is followed, by the EDSS at the time."""
SITES = ("any", "hip", "femoral_shaft", "tibia_ankle", "humerus", "spine")
"""The outcomes for which a verdict is given."""
MAIN = "denmark_prevalent"
"""The register that has most sites, in which the six sites are judged."""


@dataclass(frozen=True)
class MatchedLives:
    """Somebody with MS beside their control, step by step."""

    ms: LifeCourse
    control: LifeCourse
    edss: Array
    """EDSS of the one with MS in each step [T]."""
    years_since_onset: float
    """On the first day of follow-up."""
    weight: float
    """For how many people they stand."""

    def of(self, *, control: bool) -> LifeCourse:
        """The life of one of the two."""
        return self.control if control else self.ms


@dataclass(frozen=True)
class RegisterCohort:
    """A register that has been followed; every measure is taken under each draw [n]."""

    lives: Sequence[MatchedLives]
    """A pair for everybody who was sampled."""

    def counted(self, outcome: str, *, control: bool = False, which: str = "all") -> tuple[Array, Array]:
        """Fractures, and years lived, of as many people as were sampled [n].

        which: in all the time, or in that with or without help to walk.
        """
        found = years_lived = np.zeros(1)
        for pair in self.lives:
            life, weight = pair.of(control=control), pair.weight * WHICH[which](pair.edss)
            found = found + (life.events(outcome) * weight).sum(axis=1)
            years_lived = years_lived + (life.alive() * weight).sum(axis=1)
        return found, years_lived

    def rate(self, outcome: str, *, control: bool = False, which: str = "all") -> Array:
        """Fractures per 1000 person-years [n]; `which` as in `counted`."""
        found, years_lived = self.counted(outcome, control=control, which=which)
        return PER_1000 * found / years_lived

    def ratio(self, outcome: str, which: str = "all") -> Array:
        """Rate of people with MS over that of their controls [n]."""
        return self.rate(outcome, which=which) / self.rate(outcome, control=True, which=which)

    def help_ratio(self, outcome: str) -> Array:
        """With help to walk over without, age and sex held by dividing each by its controls [n]."""
        return self.ratio(outcome, "help") / self.ratio(outcome, "no_help")

    def death_ratio(self) -> Array:
        """Deaths per year lived of people with MS over those of their controls [n]."""
        own, theirs = (self._deaths(control) for control in (False, True))
        return own / theirs

    def _deaths(self, control: bool) -> Array:
        """Deaths per year lived [n]."""
        found = years_lived = np.zeros(1)
        for pair in self.lives:
            life = pair.of(control=control)
            found = found + pair.weight * life.deaths().sum(axis=1)
            years_lived = years_lived + pair.weight * life.alive().sum(axis=1)
        return found / years_lived

    def part(self, outcome: str, name: str) -> Array:
        """Mean of one part of the hazard of people with MS over that of controls, weighted by fractures [n]."""
        own, theirs = (self._mean_part(outcome, name, control) for control in (False, True))
        return own / theirs

    def _mean_part(self, outcome: str, name: str, control: bool) -> Array:
        """Mean of one factor of the hazard, weighted by what the general population breaks [n]."""
        total = weights = np.zeros(1)
        for pair in self.lives:
            life = pair.of(control=control)
            parts = life.risks.hazards.parts[outcome]
            weight = pair.weight * parts["baseline"] * life.alive()
            total = total + (weight * parts[name]).sum(axis=1)
            weights = weights + weight.sum(axis=1)
        return total / weights

    def falls_per_year(self) -> Array:
        """Falls a person-year at the beginning, with MS [n]."""
        falls = [pair.ms.risks.falls_per_year for pair in self.lives]
        return np.average(falls, axis=0, weights=[pair.weight for pair in self.lives])

    def density_lost(self, site: str, low: float, high: float) -> Array:
        """Mean distance of density from the controls' on the first day, EDSS from `low` to below `high` [SD, n].

        Not a number where nobody has such an EDSS.
        """
        inside = [pair for pair in self.lives if low <= pair.edss[0] < high]
        gaps = [pair.ms.distance[site][:, 0] - pair.control.distance[site][:, 0] for pair in inside]
        weights = [pair.weight for pair in inside]
        return np.average(gaps, axis=0, weights=weights) if gaps else np.full(1, np.nan)

    def mean(self, of_each: Array) -> float:
        """Mean of a number of each, over those for whom they stand."""
        return float(np.average(of_each, weights=[pair.weight for pair in self.lives]))

    def first_edss(self) -> Array:
        """The EDSS on the first day [people]."""
        return np.array([pair.edss[0] for pair in self.lives])


def follow(setting: RegisterSetting, draws: ModelDraws, size: int = PEOPLE, seed: int = 1) -> RegisterCohort:
    """Sample a register and follow everybody in it, and their controls."""
    people = members(setting, size, seed, draws.evidence)
    return RegisterCohort([_matched_lives(setting, member, draws) for member in people])


def _matched_lives(setting: RegisterSetting, member: RegisterMember, draws: ModelDraws) -> MatchedLives:
    """One person with MS and their control, year by year."""
    person = member.person
    first = days_since_birth(setting.first_day, person.birth_date)
    edges = first + in_days(np.arange(setting.years + 1.0))
    ms = life_course(person, edges, member.z, draws, lambda exposure: _with_drug(exposure, member))
    alone = person.model_copy(update={"ms": None, "steroids": ()})
    return MatchedLives(
        ms=ms,
        control=life_course(alone, edges, member.z, draws),
        edss=np.asarray(ms.exposure.edss, dtype=np.float64),
        years_since_onset=years(first - days_since_birth(member.onset, person.birth_date)),
        weight=member.weight,
    )


def _with_drug(exposure: Exposure, member: RegisterMember) -> Exposure:
    """The exposure with what is known of antidepressants."""
    if member.antidepressant is None:
        return exposure
    return replace(exposure, present={**exposure.present, "antidepressant": float(member.antidepressant)})


def key_of(name: str, seed: int) -> int:
    """Every register has people of its own."""
    return seed + crc32(name.encode())


def measure(cohort: RegisterCohort, what: str) -> Array:
    """A measure by its words [n]: "ratio hip", "rate any" (of 1000 a year), "control_rate any", "help any"."""
    kind, *outcome = what.split()
    if kind == "death_ratio":
        return cohort.death_ratio()
    if kind == "control_rate":
        return cohort.rate(*outcome, control=True)
    return {"ratio": cohort.ratio, "rate": cohort.rate, "help": cohort.help_ratio}[kind](*outcome)


# --- Beside what the registers print ------------------------------------------------------------------------------


@dataclass(frozen=True)
class SimulatedRegisters:
    """Every register of the package, followed, and how: so many people and draws, with a seed."""

    studies: Mapping[str, FractureStudy]
    """By id."""
    cohorts: Mapping[str, RegisterCohort]
    """Those who were followed, by id of the study."""
    evidence: Evidence
    """With what the registers printed."""
    people: int
    """People with MS in each."""
    draws: int
    """Draws of all uncertain numbers."""
    seed: int
    """Random seed."""

    def targets(self) -> Iterator[tuple[str, FractureTarget]]:
        """Every finding of every register, with the id of its study."""
        for name, study in self.studies.items():
            for target in study.targets:
                yield name, target

    def limits_of(self, name: str, target: FractureTarget) -> tuple[float, float, float]:
        """Printed value and 95 % limits of one finding of the study `name`."""
        finding = self.evidence.finding(target.finding)
        value = published_value(target, finding) or 0.0
        return value, *tolerance(target, finding, self.studies[name], self.evidence).limits(value)

    def printed(self, what: str) -> Iterator["PrintedRatio"]:
        """Every finding that measures the same, register by register."""
        for name, target in self.targets():
            if target.what == what:
                yield PrintedRatio(name, *self.limits_of(name, target))


@dataclass(frozen=True)
class PrintedRatio:
    """A published ratio of a register with its 95 % limits."""

    study: str
    """Id of the register."""
    value: float
    """The estimate."""
    low: float
    high: float


@dataclass(frozen=True)
class SiteVerdict:
    """One of the six sites: the simulated ratio [n] and every printed one with its limits."""

    site: str
    """One of `SITES`."""
    model: Array
    """The ratio in the main register [n]."""
    printed: Sequence[PrintedRatio]
    """Every register that prints it."""

    @property
    def inside(self) -> bool:
        """Whether the model lies between the lowest and the highest printed limit."""
        low, high = min(ratio.low for ratio in self.printed), max(ratio.high for ratio in self.printed)
        return low <= float(np.median(self.model)) <= high

    @property
    def among_estimates(self) -> bool:
        """Whether it lies between the lowest and the highest printed estimate."""
        low, high = min(ratio.value for ratio in self.printed), max(ratio.value for ratio in self.printed)
        return low <= float(np.median(self.model)) <= high


def follow_all(
    known: Mapping[str, FractureStudy], model: Model, people: int, draws: int, seed: int
) -> SimulatedRegisters:
    """Follow every register among these studies: `people` with MS in each, under `draws` draws."""
    sample = model.draws(draws, seed)
    studies: dict[str, FractureStudy] = {}
    cohorts: dict[str, RegisterCohort] = {}
    for name, study in known.items():
        if isinstance(study.setting, RegisterSetting):
            studies[name] = study
            cohorts[name] = follow(study.setting, sample, people, key_of(name, seed))
    return SimulatedRegisters(studies, cohorts, model.evidence, people, draws, seed)


def site_verdicts(found: SimulatedRegisters) -> Sequence[SiteVerdict]:
    """The six sites: each register's own people beside its own ratio, the main register for the verdict."""
    return [SiteVerdict(site, found.cohorts[MAIN].ratio(site), tuple(found.printed(f"ratio {site}"))) for site in SITES]
