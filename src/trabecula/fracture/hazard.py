"""The hazard of a fracture at each site, put together from its parts; every part can be looked at.

    hazard = baseline * density * factors * prior * steroids * falls * joint * residual

Each part averages 1 by itself in the population of the same age and sex. They go together in people (the frail
fall, take medicines and lose bone), so `joint` divides by what their product averages there (`dependence`).

People who do not stand: what sitting all day changes about how bones break, at the same density and falls.

Who sits does not fall sideways from standing height onto the hip, but paralysed legs break in transfers. And density
says less of who will break a bone, because much of what it foretells are fractures by falls of people on their feet:

    falls part   * (1 + share * (ratio - 1))
    density part   HR^-z becomes HR^-(gradient * z); at average density it stays what it was

Both rest on people without MS: spinal cord injury, wheelchair users and residents of nursing homes.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import reduce

import numpy as np

from trabecula.evidence import Draws
from trabecula.fracture import baseline, density, dependence, factors, falls, mortality, steroids
from trabecula.fracture.exposure import Exposure
from trabecula.units import Array
from trabecula.vocabulary import FRACTURE_SITES, followed_sites


@dataclass(frozen=True)
class Hazards:
    """What happens to people of one exposure in each step of the grid [n, T]; [1, T] where all draws agree."""

    per_year: Mapping[str, Array]
    """Fractures per person-year by site."""
    parts: Mapping[str, Mapping[str, Array]]
    """What they are the product of, by site: baseline [per person-year], and ratios around 1."""
    death_per_year: Array
    """Deaths per person-year of those without a hip fracture on the grid."""
    death_of_all: Array
    """Deaths per person-year of all alive, those with a hip fracture on the grid too."""


def hazards(exposure: Exposure, z: Mapping[str, Array], draws: Draws, population: Hazards | None = None) -> Hazards:
    """The hazards of one exposure.

    z: density Z-scores for age and sex by bone site [n, T] or [n, 1]; nan, or a site that is not there, is unknown.
    population: the hazards of everybody of that age, sex and country, when they have been worked out before.
    """
    average = population or population_hazards(exposure, draws)
    parts = fracture_parts(exposure, z, draws, average)
    per_year = {site: reduce(np.multiply, parts[site].values()) for site in followed_sites()}
    death = average.death_per_year * mortality.ratio(exposure, draws)
    ratio = mortality.mean_ratio(per_year["hip"], death, exposure.dt_y, exposure.sex, draws)
    return Hazards(per_year, parts, death, death * ratio)


def fracture_parts(
    exposure: Exposure, z: Mapping[str, Array], draws: Draws, average: Hazards
) -> Mapping[str, Mapping[str, Array]]:
    """What the hazard of a fracture is the product of, by site: of one exposure among an average population."""
    beside, sits = beside_density(exposure, draws, is_measured=density.is_known(z))
    return {
        site: {
            "baseline": average.per_year[site],
            "density": density_part(site, exposure, z, sits, draws),
            **beside[site],
        }
        for site in followed_sites()
    }


def events(
    exposure: Exposure, z: Mapping[str, Array], draws: Draws, average: Hazards
) -> tuple[Mapping[str, Array], Array]:
    """Fractures by site and deaths per person-year of people whose own fractures so far stand in `priors` [n, T]."""
    parts = fracture_parts(exposure, z, draws, average)
    per_year = {site: reduce(np.multiply, found.values()) for site, found in parts.items()}
    return per_year, average.death_per_year * mortality.ratio(exposure, draws)


def beside_density(
    exposure: Exposure, draws: Draws, *, is_measured: bool
) -> tuple[Mapping[str, Mapping[str, Array]], Array]:
    """What all parts but baseline and density do, by site, and how far somebody sits [n, T].

    is_measured: whether density is known, which is all that these parts ask of it.
    """
    sits = sitting_share(exposure, draws)
    shared = _shared_parts(exposure, sits, draws, is_measured=is_measured)
    known = dependence.known_parts(exposure, draws, is_measured=is_measured)
    found: dict[str, dict[str, Array]] = {}
    for site in followed_sites():
        alone = {"prior": factors.prior_effect(site, exposure, draws), "residual": residual(site, exposure, draws)}
        parts = found[site] = {**alone, **shared[site]}
        product = reduce(np.multiply, (parts[name] for name in ("factors", "prior", "steroids", "falls")))
        parts["joint"] = dependence.effect(site, exposure, known, product, draws)
    return found, sits


def population_hazards(exposure: Exposure, draws: Draws) -> Hazards:
    """The same for the general population of the same age, sex and country: the published incidence.

    Where another country's tables stand in, how far the two may differ is drawn once for all sites.
    """
    sex, country, age_y = exposure.sex, exposure.country, exposure.age_y
    elsewhere = baseline.stand_in_ratio(exposure.stands_in_for, draws)
    rates = {site: baseline.incidence(site, sex, country, age_y, draws) * elsewhere for site in followed_sites()}
    parts = {site: {"baseline": rate} for site, rate in rates.items()}
    table = mortality.background(sex, country, age_y, draws) * mortality.stand_in_ratio(exposure.stands_in_for, draws)
    in_the_table = mortality.mean_ratio(rates["hip"], table, exposure.dt_y, sex, draws, of_all=True)
    return Hazards(rates, parts, table / in_the_table, table)


def density_part(site: str, exposure: Exposure, z: Mapping[str, Array], sits: Array, draws: Draws) -> Array:
    """What density does [n, T]: less to people who sit."""
    sex, age_y = exposure.sex, exposure.age_y
    found = density.effect(site, sex, age_y, z, draws)
    if not density.is_known(z) or not sits.any():
        return found
    average = {bone: np.zeros((1, 1)) for bone in z}
    return softened(found, density.effect(site, sex, age_y, average, draws), sits, draws)


def _shared_parts(
    exposure: Exposure, sits: Array, draws: Draws, *, is_measured: bool
) -> Mapping[str, Mapping[str, Array]]:
    """The parts that several sites have in common, each computed once [n, T]."""
    power = falls.relative_power(exposure, draws)
    rows = followed_sites().items()
    dosed, fallen = {row.steroids: site for site, row in rows}, {row.fall_share: site for site, row in rows}
    by_factor = {part: factors.effect(part, exposure, draws) for part in {row.factors for _, row in rows}}
    by_dose = {curve: steroids.effect(site, exposure, draws, whole=not is_measured) for curve, site in dosed.items()}
    age_y = exposure.age_y
    by_fall = {share: falls.effect(site, exposure.sex, age_y, power, draws) for share, site in fallen.items()}
    return {
        site: {
            "factors": by_factor[row.factors],
            "steroids": by_dose[row.steroids],
            "falls": by_fall[row.fall_share] * sitting_ratio(site, sits, draws),
        }
        for site, row in rows
    }


def residual(site: str, exposure: Exposure, draws: Draws) -> Array:
    """What MS adds that nothing else carries [n, T]; 1 without MS."""
    return np.where(exposure.has_ms, draws.column(f"fracture.residual.{site}"), 1)


def sitting_share(exposure: Exposure, draws: Draws) -> Array:
    """How far somebody is on the way from standing to sitting all day, 0 to 1 [n, T]."""
    edss = exposure.disability(draws)
    by_edss = np.where(np.isnan(edss), 0.0, draws.curve("fracture.seated.share", np.nan_to_num(edss)))
    return np.where(exposure.wheelchair, 1.0, by_edss)


def sitting_ratio(site: str, seated: Array, draws: Draws) -> Array:
    """Fractures of people who sit over those of people who stand, at average density and the same falls [n, T]."""
    if not seated.any():
        return np.ones((1, 1))
    return 1 + seated * (draws.column(f"fracture.seated.{FRACTURE_SITES[site].seated}") - 1)


def softened(effect: Array, at_average: Array, seated: Array, draws: Draws) -> Array:
    """The density part of somebody who sits [n, T], from that of somebody who stands, and that at average density."""
    less = at_average * (effect / at_average) ** draws.column("fracture.seated.gradient")
    return effect + seated * (less - effect)
