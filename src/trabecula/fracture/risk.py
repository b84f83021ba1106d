"""The answer: the share of people like this one who break a bone within a horizon, death competing.

First events. A group's risk (MOF, any) comes from its sites' hazards with the overlap that is published: several
fractures come together in the same people. A hip fracture on the grid raises the later death rate
(`mortality.py`); the life table of the average person stays what it is.

First events when death competes.

Over a step of length dt with hazards h (event) and m (death), the survivor share S loses
S (1 - exp(-(h + m) dt)), of which h / (h + m) to the event.

Fractures at several sites happen to the same people at the same time: the first of any is rarer than the sum.

Of the fractures at all sites but the commonest a share comes together with another one: in the same fall, or so soon
after that it is the same spell. The first of any is

    hazard = largest + (1 - share) * (sum - largest)

One share meets the printed ten-year ratios of any of four over the sum of four at every age, and the lifetime risks
of any of four; a lasting frailty shared by the sites does not (`docs/decisions/0006-fractures.md`).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import inf
from typing import Any

import numpy as np
from numpy.typing import NDArray

from trabecula.compiled import kept
from trabecula.evidence import Draws
from trabecula.fracture import falls
from trabecula.fracture.exposure import Exposure
from trabecula.fracture.hazard import Hazards, hazards, population_hazards
from trabecula.fracture.lanes import FAST, left
from trabecula.units import Array
from trabecula.vocabulary import answered_groups, followed_sites

LIFETIME = inf
"""The horizon that ends at `mortality.lifetime_until`."""


@dataclass(frozen=True)
class Risks:
    """The answer for one exposure; `average_*` is the general population of the same age, sex and country."""

    horizons_y: tuple[float, ...]
    """Horizons from the beginning of the grid [y]; LIFETIME may be among them."""
    fracture: Mapping[str, Array]
    """Share that breaks a bone first within each horizon, death competing, by site and group [n, H]."""
    average_fracture: Mapping[str, Array]
    """The same for the general population [n, H]."""
    death: Array
    """Share that dies within each horizon, fractures or not [n, H]."""
    average_death: Array
    """The same for the general population: the life table [n, H]."""
    falls_per_year: Array
    """At the beginning of the grid [n]."""
    average_falls_per_year: Array
    """The same for the general population [n]."""
    hazards: Hazards
    """What the risks are made of, part by part."""

    def at(self, site: str, horizon_y: float) -> Array:
        """The risk at one site or group within one horizon [n]."""
        return self.fracture[site][:, self.horizons_y.index(horizon_y)]

    def average_at(self, site: str, horizon_y: float) -> Array:
        """The same for the general population of the same age and sex [n]."""
        return self.average_fracture[site][:, self.horizons_y.index(horizon_y)]


def fracture_risk(exposure: Exposure, z: Mapping[str, Array], draws: Draws, horizons_y: Sequence[float]) -> Risks:
    """Risks within horizons [y]; LIFETIME needs a grid up to `mortality.lifetime_until`.

    z: density Z-scores for age and sex by bone site [n, T]; a missing site has the average effect. Raises
    CountryRefused and AgeRefused where there is no table, ValueError for a horizon beyond the grid.
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


def first_fractures(
    exposure: Exposure, z: Mapping[str, Array], draws: Draws, horizons_y: Sequence[float]
) -> dict[str, Array]:
    """The person's own part of `fracture_risk`: cumulative incidence by site and group [n, H]."""
    own = hazards(exposure, z, draws, population_hazards(exposure, draws))
    return cumulative(own, exposure, horizon_ends(exposure, draws, horizons_y), draws)


def cumulative(rates: Hazards, exposure: Exposure, ends_y: Array, draws: Draws) -> dict[str, Array]:
    """Cumulative incidence of the first fracture of each site and group [n, H]."""
    groups = {**{site: (site,) for site in followed_sites()}, **answered_groups()}
    found: dict[str, Array] = {}
    for death, hip in ((rates.death_per_year, True), (rates.death_of_all, False)):
        names = [name for name, sites in groups.items() if ("hip" in sites) is hip]
        first = np.stack(np.broadcast_arrays(*(group_hazard(rates, groups[name], draws) for name in names)))
        events = incidence_within(first.reshape(-1, first.shape[-1]), death, exposure, ends_y)
        found |= zip(names, np.split(events, len(names)), strict=True)
    return {name: found[name] for name in groups}


def deaths(rates: Hazards, exposure: Exposure, ends_y: Array) -> Array:
    """Share that has died, fractures or not [n, H]."""
    return incidence_within(rates.death_of_all, np.zeros((1, 1)), exposure, ends_y)


def incidence_within(hazard: Array, death: Array, exposure: Exposure, ends_y: Array) -> Array:
    """Cumulative incidence of an event within horizons [n, H], linear inside a step; rows of death [m, T] come again.

    What `cumulative_incidence` gives for the ends of all steps, without writing down the courses.
    """
    shape = len(exposure.dt_y)
    both = (np.ascontiguousarray(np.broadcast_to(rate, (len(rate), shape))) for rate in (hazard, death))
    found = np.empty((len(hazard), len(ends_y)))
    _march_events(*both, np.ascontiguousarray(exposure.dt_y), *_places(exposure.edges_y, ends_y), found)
    return found


@kept(nogil=True, error_model="numpy", fastmath=FAST)
def _march_events(hazard: Array, death: Array, dt_y: Array, right: Any, weight: Array, found: Array) -> None:
    """Write what `incidence_within` gives into `found`; right, weight: between which ends of steps a horizon lies."""
    steps = len(dt_y)
    stay, share, event = np.empty(steps), np.empty(steps), np.zeros(steps + 1)
    for i in range(len(hazard)):
        rate, dying = hazard[i], death[i % len(death)]
        for t in range(steps):
            total = rate[t] + dying[t]
            stay[t] = left(total * dt_y[t])
            share[t] = rate[t] / total if total > 0.0 else 0.0
        at_risk = 1.0
        for t in range(steps):
            event[t + 1] = event[t] + at_risk * (1.0 - stay[t]) * share[t]
            at_risk *= stay[t]
        for k in range(len(right)):
            found[i, k] = event[right[k] - 1] * (1.0 - weight[k]) + event[right[k]] * weight[k]


def group_hazard(rates: Hazards, sites: Sequence[str], draws: Draws) -> Array:
    """Hazard of the first fracture at any of the sites [n, T]."""
    alone = rates.per_year[sites[0]]
    if len(sites) == 1:
        return alone
    return first_of([rates.per_year[site] for site in sites], draws.column("fracture.overlap"))


def horizon_ends(exposure: Exposure, draws: Draws, horizons_y: Sequence[float]) -> Array:
    """Where each horizon lies on the grid [H]; a horizon that the grid does not reach is refused."""
    edges_y, dt_y = exposure.edges_y, exposure.dt_y
    age_y = exposure.age_y[0] - dt_y[0] / 2
    last_age = draws.evidence.scalar("mortality.lifetime_until")
    ends = [last_age - age_y if horizon == LIFETIME else horizon for horizon in horizons_y]
    if max(ends) > edges_y[-1] and not np.isclose(max(ends), edges_y[-1]):
        raise ValueError(
            f"Time grid ends at age {age_y + edges_y[-1]:.1f}, but the longest horizon at {age_y + max(ends):.1f}:"
            f" extend the grid (time_grid(age, {last_age:g}, ...) reaches a lifetime), or shorten the horizon."
        )
    return np.minimum(ends, edges_y[-1])


@dataclass(frozen=True)
class CumulativeIncidence:
    """Shares at the edges of the steps [n, T + 1]; they add to 1."""

    event: Array
    """Had the event: the cumulative incidence (Aalen and Johansen 1978)."""
    death: Array
    """Died before it."""
    at_risk: Array
    """Alive, without the event."""


def cumulative_incidence(hazard: Array, death: Array, dt_y: Array) -> CumulativeIncidence:
    """The course of a first event with a hazard and a death rate [per y, n x T] over steps dt_y [T]."""
    hazard, death = np.broadcast_arrays(hazard, death)
    total = hazard + death
    at_risk = _from(1.0, np.exp(-np.cumsum(total * dt_y, axis=1)))
    lost = at_risk[:, :-1] - at_risk[:, 1:]
    share = np.divide(hazard, total, out=np.zeros_like(total), where=total > 0)
    event = _from(0.0, np.cumsum(lost * share, axis=1))
    return CumulativeIncidence(event, 1 - at_risk - event, at_risk)


def read_at(course: Array, edges_y: Array, horizons_y: Array) -> Array:
    """A course [n, T + 1] at horizons [H], linear inside a step [n, H]."""
    right, weight = _places(edges_y, horizons_y)
    return course[:, right - 1] * (1 - weight) + course[:, right] * weight


def _places(edges_y: Array, horizons_y: Array) -> tuple[NDArray[np.intp], Array]:
    """The edge at or behind each horizon, and how far the horizon is on the way to it from the one before [H]."""
    right = np.clip(np.searchsorted(edges_y, horizons_y), 1, len(edges_y) - 1)
    return right, (horizons_y - edges_y[right - 1]) / (edges_y[right] - edges_y[right - 1])


def _from(start: float, later: Array) -> Array:
    """A course with its value at the beginning of the grid."""
    return np.concatenate([np.full((len(later), 1), start), later], axis=1)


def first_of(hazards: Sequence[Array], share: Array) -> Array:
    """Hazard of the first event at any of several sites [n, T]; share [n, 1] of the others comes together."""
    together = np.array(np.broadcast_arrays(*hazards))
    largest = together.max(axis=0)
    return largest + (1 - share) * (together.sum(axis=0) - largest)
