"""A simulated register of people with MS and matched controls: what the model expects where registers have counted.

Each person with MS goes the one road: disability and steroids through the skeleton to density, disability to falls,
all of it to fractures and death. Their control is the same person without MS, without its steroids and with average
density but for the same personal level. Everything is an expectation: hazards weighted by who is still alive, no luck
of fractures. Nothing here, and nothing in the model, is fitted to a fracture ratio of MS, and every residual is 1.

`python -m trabecula.lab.studies.register --output docs/validation/register.md` writes the page (`register_page`).
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from trabecula.evidence import Draws
from trabecula.fracture import Exposure
from trabecula.lab.studies.one_road import Lived, lived
from trabecula.lab.studies.register_people import Member, members
from trabecula.lab.studies.register_record import Register
from trabecula.units import days as in_days
from trabecula.units import days_since_birth, years

Array = NDArray[np.float64]
PEOPLE = 150  # people with MS who stand for a register
NEEDS_HELP = 6.0  # the EDSS from which help is needed to walk, by definition
PER_1000 = 1000.0
WHICH = {
    "all": lambda edss: edss >= 0.0,
    "help": lambda edss: edss >= NEEDS_HELP,
    "no_help": lambda edss: edss < NEEDS_HELP,
}
"""Parts of the time that is followed, by the EDSS at the time."""


@dataclass(frozen=True)
class Life:
    """Somebody with MS beside their control, step by step: risks and exposures of both, the EDSS [T]."""

    ms: Lived
    control: Lived
    edss: Array
    years_since_onset: float


@dataclass(frozen=True)
class Cohort:
    """A register that has been followed."""

    lives: Sequence[Life]

    def rate(self, outcome: str, *, control: bool = False, which: str = "all") -> Array:
        """Fractures per 1000 person-years [n]; `which`: in all the time, or in that with or without help to walk."""
        found = years_lived = np.zeros(1)
        for life in self.lives:
            one, weight = (life.control if control else life.ms), WHICH[which](life.edss)
            found = found + (one.events(outcome) * weight).sum(axis=1)
            years_lived = years_lived + (one.alive() * weight).sum(axis=1)
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
        found = years_lived = np.zeros(1)
        for life in self.lives:
            one = life.control if control else life.ms
            found = found + one.deaths().sum(axis=1)
            years_lived = years_lived + one.alive().sum(axis=1)
        return found / years_lived

    def part(self, outcome: str, name: str) -> Array:
        """Mean of one part of the hazard of people with MS over that of controls, weighted by fractures [n]."""
        own, theirs = (self._mean_part(outcome, name, control) for control in (False, True))
        return own / theirs

    def _mean_part(self, outcome: str, name: str, control: bool) -> Array:
        total = weights = np.zeros(1)
        for life in self.lives:
            one = life.control if control else life.ms
            parts = one.risks.hazards.parts[outcome]
            weight = parts["baseline"] * one.alive()
            total = total + (weight * parts[name]).sum(axis=1)
            weights = weights + weight.sum(axis=1)
        return total / weights

    def falls_per_year(self) -> Array:
        """Falls a person-year at the beginning, with MS [n]."""
        return np.mean([life.ms.risks.falls_per_year for life in self.lives], axis=0)

    def density_lost(self, site: str, low: float, high: float) -> Array:
        """Mean distance of density from the controls' on the first day, EDSS from `low` to below `high` [SD, n]."""
        inside = [life for life in self.lives if low <= life.edss[0] < high]
        gaps = [life.ms.distance[site][:, 0] - life.control.distance[site][:, 0] for life in inside]
        return np.mean(gaps, axis=0) if gaps else np.full(1, np.nan)

    def first_edss(self) -> Array:
        """The EDSS on the first day [people]."""
        return np.array([life.edss[0] for life in self.lives])


def follow(register: Register, draws: Draws, size: int = PEOPLE, seed: int = 1) -> Cohort:
    """Sample a register and follow everybody in it, and their controls."""
    people = members(register, size, seed, draws.evidence)
    return Cohort([_life(register, member, draws) for member in people])


def _life(register: Register, member: Member, draws: Draws) -> Life:
    """One person with MS and their control."""
    person = member.person
    first = days_since_birth(register.first_day, person.birth_date)
    edges = first + in_days(np.arange(register.years + 1.0))
    ms = lived(person, edges, member.z, draws, lambda exposure: _with_drug(exposure, member))
    alone = person.model_copy(update={"ms": None, "steroids": ()})
    return Life(
        ms=ms,
        control=lived(alone, edges, member.z, draws),
        edss=np.asarray(ms.exposure.edss, dtype=np.float64),
        years_since_onset=years(first - days_since_birth(member.onset, person.birth_date)),
    )


def _with_drug(exposure: Exposure, member: Member) -> Exposure:
    """The exposure with what is known of antidepressants."""
    if member.antidepressant is None:
        return exposure
    return replace(exposure, present={**exposure.present, "antidepressant": float(member.antidepressant)})


def key_of(name: str, seed: int) -> int:
    """Every register has people of its own."""
    return seed + crc32(name.encode())


def measure(cohort: Cohort, what: str) -> Array:
    """A measure by its words [n]: "ratio hip", "rate any" (of 1000 a year), "control_rate any", "help any"."""
    kind, *outcome = what.split()
    if kind == "death_ratio":
        return cohort.death_ratio()
    if kind == "control_rate":
        return cohort.rate(*outcome, control=True)
    return {"ratio": cohort.ratio, "rate": cohort.rate, "help": cohort.help_ratio}[kind](*outcome)


if __name__ == "__main__":
    from trabecula.lab.pages.register import main

    main()
