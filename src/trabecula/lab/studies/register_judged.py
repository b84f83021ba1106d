"""How the simulated registers are followed and judged: six sites, each beside every register that prints it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from trabecula.evidence import Evidence
from trabecula.lab.studies import fracture_tolerance as rule
from trabecula.lab.studies import register
from trabecula.lab.studies.fracture_record import FractureStudy, FractureTarget, fracture_studies
from trabecula.lab.studies.register import Cohort
from trabecula.lab.studies.register_record import Register

Array = NDArray[np.float64]
SITES = ("any", "hip", "femoral_shaft", "tibia_ankle", "humerus", "spine")
MAIN = "denmark_prevalent"
"""The register that has most sites, in which the six sites are judged."""


@dataclass(frozen=True)
class Followed:
    """Every register of the package, followed."""

    studies: Mapping[str, FractureStudy]
    cohorts: Mapping[str, Cohort]
    evidence: Evidence
    people: int
    draws: int
    seed: int


@dataclass(frozen=True)
class Printed:
    """A published number of a register with its 95 % limits."""

    study: str
    value: float
    low: float
    high: float


@dataclass(frozen=True)
class Judged:
    """One of the six sites: the simulated ratio [n] and every printed one with its limits."""

    site: str
    model: Array
    printed: Sequence[Printed]

    @property
    def inside(self) -> bool:
        """Whether the model lies between the lowest and the highest printed limit."""
        low, high = min(each.low for each in self.printed), max(each.high for each in self.printed)
        return low <= float(np.median(self.model)) <= high

    @property
    def among_estimates(self) -> bool:
        """Whether it lies between the lowest and the highest printed estimate."""
        low, high = min(each.value for each in self.printed), max(each.value for each in self.printed)
        return low <= float(np.median(self.model)) <= high


def follow_all(evidence: Evidence, people: int, draws: int, seed: int) -> Followed:
    """Follow every register of the package."""
    studies = {name: each for name, each in fracture_studies().items() if isinstance(each.setting, Register)}
    sample = evidence.draws(draws, seed)
    cohorts = {
        name: register.follow(each.setting, sample, people, register.key_of(name, seed))
        for name, each in studies.items()
        if isinstance(each.setting, Register)
    }
    return Followed(studies, cohorts, evidence, people, draws, seed)


def judged(found: Followed) -> Sequence[Judged]:
    """The six sites: each register's own people beside its own ratio, the main register for the verdict."""
    return [
        Judged(site, found.cohorts[MAIN].ratio(site), tuple(printed_of(found, f"ratio {site}")))
        for site in SITES
    ]


def printed_of(found: Followed, what: str) -> Iterator[Printed]:
    """The study, the printed value and its 95 % limits, for every finding that measures the same."""
    for name, target in targets_of(found):
        if target.what == what:
            yield Printed(name, *limits_of(found, name, target))


def targets_of(found: Followed) -> Iterator[tuple[str, FractureTarget]]:
    """Every finding of every register, with the id of its study."""
    for name, study in found.studies.items():
        for target in study.targets:
            yield name, target


def limits_of(found: Followed, name: str, target: FractureTarget) -> tuple[float, float, float]:
    """Printed value and limits."""
    finding = found.evidence.finding(target.finding)
    value = rule.published_value(target, finding) or 0.0
    allowed = rule.tolerance(target, finding, found.studies[name].n, found.evidence)
    return value, *rule.limits(target, value, allowed)
