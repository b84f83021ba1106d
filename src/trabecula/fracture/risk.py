"""The answer: the share of people like this one who break a bone within a horizon, death competing.

First events. A group's risk (MOF, any) comes from its sites' hazards with the overlap that is published: several
fractures come together in the same people (`overlap.py`). A hip fracture on the grid raises the later death rate
(`after_hip.py`); the life table of the average person stays what it is.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import inf

import numpy as np

from trabecula.evidence import Draws
from trabecula.evidence.draws import Array
from trabecula.fracture import competing, falls, overlap
from trabecula.fracture.exposure import Exposure
from trabecula.fracture.hazard import Hazards, hazards, population_hazards
from trabecula.vocabulary import answered_groups, followed_sites

LIFETIME = inf
"""The horizon that ends at `mortality.lifetime_until`."""


@dataclass(frozen=True)
class Risks:
    """Cumulative incidence by site or group at each horizon [n, H]; `average_*` is the general population."""

    horizons_y: tuple[float, ...]
    fracture: Mapping[str, Array]
    average_fracture: Mapping[str, Array]
    death: Array
    average_death: Array
    falls_per_year: Array
    """At the beginning of the grid [n]."""
    average_falls_per_year: Array
    hazards: Hazards
    """What the risks are made of, part by part."""

    def at(self, site: str, horizon_y: float) -> Array:
        """The risk at one site or group within one horizon [n]."""
        return self.fracture[site][:, self.horizons_y.index(horizon_y)]

    def average_at(self, site: str, horizon_y: float) -> Array:
        """The same for the general population of the same age and sex [n]."""
        return self.average_fracture[site][:, self.horizons_y.index(horizon_y)]


def fracture_risk(
    exposure: Exposure, z: Mapping[str, Array], draws: Draws, horizons_y: Sequence[float]
) -> Risks:
    """Risks within horizons [y]; LIFETIME needs a grid up to `mortality.lifetime_until`.

    `z` has density Z-scores for age and sex by bone site [n, T]; a missing site has the average effect.
    """
    ends = horizon_ends(exposure, draws, horizons_y)
    population = population_hazards(exposure, draws)
    own = hazards(exposure, z, draws, population)
    own_rate = falls.rates(exposure, draws)[:, 0]
    average_rate = falls.population_rate(exposure.sex, exposure.age_y, draws)[:, 0]
    return Risks(
        tuple(horizons_y),
        cumulative(own, exposure, ends, draws),
        cumulative(population, exposure, ends, draws),
        deaths(own, exposure, ends),
        deaths(population, exposure, ends),
        own_rate,
        average_rate,
        own,
    )


def cumulative(rates: Hazards, exposure: Exposure, ends_y: Array, draws: Draws) -> dict[str, Array]:
    """Cumulative incidence of the first fracture of each site and group [n, H]."""
    groups = {**{site: (site,) for site in followed_sites()}, **answered_groups()}
    return {name: _first_event(rates, sites, exposure, ends_y, draws) for name, sites in groups.items()}


def deaths(rates: Hazards, exposure: Exposure, ends_y: Array) -> Array:
    """Share that has died, fractures or not [n, H]."""
    alone = competing.course(rates.death_of_all, np.zeros((1, 1)), exposure.dt_y)
    return competing.read_at(alone.event, exposure.edges_y, ends_y)


def first_fractures(rates: Hazards, exposure: Exposure, ends_y: Array, draws: Draws) -> dict[str, Array]:
    """Share whose very first fracture is at each site [n, H]: disjoint, and together the risk of any."""
    sites = tuple(followed_sites())
    any_ = group_hazard(rates, sites, draws)
    all_ = sum((rates.per_year[site] for site in sites[1:]), rates.per_year[sites[0]])
    made = {}
    for site in sites:
        own = any_ * rates.per_year[site] / all_
        course = competing.course(own, any_ - own + rates.death_per_year, exposure.dt_y)
        made[site] = competing.read_at(course.event, exposure.edges_y, ends_y)
    return made


def group_hazard(rates: Hazards, sites: Sequence[str], draws: Draws) -> Array:
    """Hazard of the first fracture at any of the sites [n, T]."""
    return overlap.first_of([rates.per_year[site] for site in sites], draws.column("fracture.overlap"))


def horizon_ends(exposure: Exposure, draws: Draws, horizons_y: Sequence[float]) -> Array:
    """Where each horizon lies on the grid [H]; a horizon that the grid does not reach is refused."""
    edges_y, dt_y = exposure.edges_y, exposure.dt_y
    age_y = exposure.age_y[0] - dt_y[0] / 2
    last_age = draws.evidence.scalar("mortality.lifetime_until")
    ends = [last_age - age_y if horizon == LIFETIME else horizon for horizon in horizons_y]
    if max(ends) > edges_y[-1] and not np.isclose(max(ends), edges_y[-1]):
        raise ValueError(
            f"The time grid ends at age {age_y + edges_y[-1]:.1f}, the longest horizon at"
            f" {age_y + max(ends):.1f}: make the grid longer (time_grid(age, {last_age:g}, ...) reaches a"
            " lifetime), or the horizon shorter."
        )
    return np.minimum(ends, edges_y[-1])


def _first_event(
    rates: Hazards, sites: Sequence[str], exposure: Exposure, ends_y: Array, draws: Draws
) -> Array:
    """Cumulative incidence of the first fracture at any of the sites [n, H]."""
    death = rates.death_per_year if "hip" in sites else rates.death_of_all
    course = competing.course(group_hazard(rates, sites, draws), death, exposure.dt_y)
    return competing.read_at(course.event, exposure.edges_y, ends_y)
