"""A person from record to fractures, as studies of fractures need it: the road of `course`."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from trabecula import course
from trabecula.fracture import Exposure, Risks
from trabecula.model import ModelDraws
from trabecula.person import Person
from trabecula.skeleton import SITES as BONE_SITES
from trabecula.timeline import build_timeline
from trabecula.units import Array, date_at
from trabecula.vocabulary import sites_of


@dataclass(frozen=True)
class LifeCourse:
    """A stretch of a life as far as fractures go, in T steps under n draws."""

    risks: Risks
    """Hazards in each step."""
    exposure: Exposure
    """What the hazards answered to, with the grid of the steps."""
    distance: Mapping[str, Array]
    """Density by bone site, from average [SD, n x edges]."""

    def alive(self) -> Array:
        """Years lived in each step by somebody who is alive at the beginning [n, T]."""
        dt_y = self.exposure.dt_y
        rate = np.atleast_2d(self.risks.hazards.death_per_year) * np.ones(len(dt_y))
        after = np.exp(-np.cumsum(rate * dt_y, axis=1))
        before = np.concatenate([np.ones((len(rate), 1)), after[:, :-1]], axis=1)
        return (before + after) / 2.0 * dt_y

    def events(self, outcome: str) -> Array:
        """Fractures of a site or group expected in each step of somebody alive at the beginning [n, T]."""
        hazards = self.risks.hazards.per_year
        return sum((hazards[site] for site in sites_of(outcome)), np.zeros((1, 1))) * self.alive()

    def deaths(self) -> Array:
        """Deaths expected in each step [n, T]."""
        return self.risks.hazards.death_per_year * self.alive()


def life_course(
    person: Person,
    edges_d: Array,
    z: dict[str, float],
    draws: ModelDraws,
    known: Callable[[Exposure], Exposure] = lambda exposure: exposure,
) -> LifeCourse:
    """Hazards from the first to the last of `edges_d` (days since birth) of somebody z from average density [SD].

    The density of the first day is that of the reference population at z; what has happened before has its effect on
    top. `known` adds what a record cannot say.
    """
    last = date_at(float(edges_d[-1]) + 1.0, person.birth_date)
    timeline = build_timeline(person, draws.evidence, last, last, tuple(edges_d))
    bones = course.bones(person, timeline, draws, float(edges_d[0]), edges_d)
    exposure = known(Exposure.from_person(person, timeline, edges_d.tolist()))
    level = {site: np.full(draws.n, 1.0 + bones.cv[site] * z.get(site, 0.0)) for site in BONE_SITES}
    risks = course.outcomes(bones, level, exposure, draws, (float(exposure.edges_y[-1]),))
    distance = {site: (bones.density(site, level) / bones.average[site] - 1.0) / bones.cv[site] for site in BONE_SITES}
    return LifeCourse(risks, exposure, distance)
