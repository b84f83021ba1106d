"""The hazard of a fracture at each site, put together from its parts; every part can be looked at.

    hazard = baseline * density * factors * prior * steroids * falls * joint * residual

Each part averages 1 by itself in the population of the same age and sex. They go together in people (the frail
fall, take medicines and lose bone), so `joint` divides by what their product averages there.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import reduce

import numpy as np

from trabecula.evidence import Draws
from trabecula.fracture import after_hip, baseline, density, factors, falls, joint, mortality, steroids
from trabecula.fracture.curves import Array, number
from trabecula.fracture.exposure import Exposure
from trabecula.fracture.sites import SITES


@dataclass(frozen=True)
class Hazards:
    """Fractures per person-year by site, the parts they are the product of, and the death rate [n, T]."""

    per_year: Mapping[str, Array]
    parts: Mapping[str, Mapping[str, Array]]
    death_per_year: Array
    """Of those without a hip fracture on the grid."""
    death_of_all: Array
    """Of all alive, those with a hip fracture on the grid too."""


def hazards(exposure: Exposure, z: Mapping[str, Array], draws: Draws) -> Hazards:
    """The hazards of one exposure with the density Z-scores `z` by bone site [n, T]."""
    shared = _shared_parts(exposure, z, draws)
    parts = {site: {**_own_parts(site, exposure, z, draws), **shared[site]} for site in SITES}
    known = joint.known_parts(exposure, z, draws)
    for site in SITES:
        beside = reduce(
            np.multiply, (parts[site][name] for name in ("factors", "prior", "steroids", "falls"))
        )
        parts[site]["joint"] = joint.effect(site, exposure, known, beside, draws)
    per_year = {site: reduce(np.multiply, parts[site].values()) for site in SITES}
    death = mortality.death_rate(exposure, draws) / _in_the_table(exposure, draws)
    ratio = after_hip.mean_ratio(per_year["hip"], death, exposure.dt_y, exposure.sex, draws)
    return Hazards(per_year, parts, death, death * ratio)


def population_hazards(exposure: Exposure, draws: Draws) -> Hazards:
    """The same for the general population of the same age, sex and country: the published incidence."""
    sex, country, age_y = exposure.sex, exposure.country, exposure.age_y
    rates = {site: baseline.incidence(site, sex, country, age_y, draws) for site in SITES}
    parts = {site: {"baseline": rate} for site, rate in rates.items()}
    table = mortality.background(sex, country, age_y, draws)
    return Hazards(rates, parts, table / _in_the_table(exposure, draws), table)


def _in_the_table(exposure: Exposure, draws: Draws) -> Array:
    """Death rate of the life table over that of those without a hip fracture on the grid [n, T]."""
    sex, country, age_y = exposure.sex, exposure.country, exposure.age_y
    hip = baseline.incidence("hip", sex, country, age_y, draws)
    table = mortality.background(sex, country, age_y, draws)
    return after_hip.table_ratio(hip, table, exposure.dt_y, sex, draws)


def _own_parts(site: str, exposure: Exposure, z: Mapping[str, Array], draws: Draws) -> dict[str, Array]:
    """The parts that each site has for itself [n, T]."""
    sex, age_y = exposure.sex, exposure.age_y
    return {
        "baseline": baseline.incidence(site, sex, exposure.country, age_y, draws),
        "density": density.effect(site, sex, age_y, z, draws),
        "prior": factors.prior_effect(site, exposure, draws),
        "residual": residual(site, exposure, draws),
    }


def _shared_parts(
    exposure: Exposure, z: Mapping[str, Array], draws: Draws
) -> Mapping[str, Mapping[str, Array]]:
    """The parts that several sites have in common, each computed once [n, T]."""
    power = falls.relative_power(exposure, draws)
    whole = not density.is_known(z)
    by_factor = {part: factors.effect(part, exposure, draws) for part in ("hip", "other")}
    by_dose = {
        steroids.curve_of(site): steroids.effect(site, exposure, draws, whole=whole)
        for site in ("hip", "spine", "forearm", "other")
    }
    by_fall = {
        falls.share_of(site): falls.effect(site, exposure.age_y, power, draws)
        for site in ("hip", "spine", "other")
    }
    return {
        site: {
            "factors": by_factor["hip" if site == "hip" else "other"],
            "steroids": by_dose[steroids.curve_of(site)],
            "falls": by_fall[falls.share_of(site)],
        }
        for site in SITES
    }


def residual(site: str, exposure: Exposure, draws: Draws) -> Array:
    """What MS adds that nothing else carries [n, T]; 1 without MS."""
    return np.where(exposure.has_ms, number(draws, f"fracture.residual.{site}"), 1)
