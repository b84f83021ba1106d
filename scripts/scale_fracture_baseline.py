"""Scale the US fracture shapes so that the sums in hand are met: `python scripts/scale_fracture_baseline.py`.

Prints what fracture.level.us.* should be, and what follows for sums that were not used. The arithmetic:

forearm, spine   lifetime risk from 50 on, death competing, equals the printed one
humerus          lifetime risk over that of the hip equals Malmo's
pelvis           fractures above 50 over hip fractures equal the US shares, in the population of the hip table
femoral shaft    rate over all adults of a stationary population equals Sweden's
tibia and ankle  the same, for ankle fractures, and a quarter more for the tibia above the ankle
other            the rest of the US share of fractures that are neither hip, spine, wrist nor pelvis
"""

from collections.abc import Iterable, Mapping

import numpy as np
from numpy.typing import NDArray

from trabecula.evidence import Evidence
from trabecula.fracture import baseline, mortality, risk, time_grid
from trabecula.model import Model

Array = NDArray[np.float64]

SEXES = {"women": "female", "men": "male"}
BANDS = ("50_54", "55_59", "60_64", "65_69", "70_74", "75_79", "80_84", "85plus")
OLDEST_Y = 89.5
"""About the mean age of those of 85 and over."""
TIBIA_AND_ANKLE_OVER_ANKLE = 1.25
LIFETIME = "population_fracture.lifetime_us_pmc2902745"
MALMO = "population_fracture.kanis_2000"
SHARES = "population_fracture.burge_2007"
TABLE = "population_fracture.ettinger_2010"


def main() -> None:
    """Print the levels and the checks."""
    evidence = Evidence.load()
    levels = us_levels(evidence)
    for name, level in levels.items():
        used = evidence[f"fracture.level.us.{name}"].value
        print(f"fracture.level.us.{name:22} {level:.4g}   in use {used}")
    for line in checks(evidence, levels):
        print(line)


def us_levels(evidence: Evidence) -> dict[str, float]:
    """The level of every site and sex, by "site.women"."""
    return {**dict(_by_lifetime_risk(evidence)), **dict(_by_sums(evidence))}


def _by_lifetime_risk(evidence: Evidence) -> Iterable[tuple[str, float]]:
    """Forearm, spine and humerus."""
    for group in SEXES:
        for site in ("forearm", "spine"):
            target = finding(evidence, f"{LIFETIME}.{site}_{group}") / 100
            yield f"{site}.{group}", level_for_lifetime(evidence, site, group, target)
        malmo = finding(evidence, f"{MALMO}.lifetime_humerus_{group}") / finding(
            evidence, f"{MALMO}.lifetime_hip_{group}"
        )
        target = malmo * lifetime_hip(evidence, group)
        yield f"humerus.{group}", level_for_lifetime(evidence, "humerus", group, target)


def _by_sums(evidence: Evidence) -> Iterable[tuple[str, float]]:
    """Pelvis, femoral shaft, tibia and ankle, and the rest: one level for both sexes."""
    hip = share(evidence, "hip")
    levels = {
        "pelvis": share(evidence, "pelvis") / hip * hip_cases(evidence) / cases(evidence, "pelvis"),
        "femoral_shaft": finding(evidence, "population_fracture.lundin_2021.femur_shaft")
        / 1000
        / mean_over_adults(evidence, "femoral_shaft"),
        "tibia_ankle": TIBIA_AND_ANKLE_OVER_ANKLE
        * finding(evidence, "population_fracture.juto_2018.ankle_all")
        / 1000
        / mean_over_adults(evidence, "tibia_ankle"),
    }
    humerus = sum(
        level * cases(evidence, "humerus", group)
        for group in SEXES
        for name, level in _by_lifetime_risk(evidence)
        if name == f"humerus.{group}"
    )
    counted = humerus + sum(levels[site] * cases(evidence, site) for site in ("femoral_shaft", "tibia_ankle"))
    levels["other"] = (share(evidence, "other") / hip * hip_cases(evidence) - counted) / cases(evidence, "other")
    for site, level in levels.items():
        yield from ((f"{site}.{group}", level) for group in SEXES)


def level_for_lifetime(evidence: Evidence, site: str, group: str, target: float) -> float:
    """The level at which the lifetime risk from 50 on is the target, by bisection."""
    age_y, dt_y = time_grid(50, 110, 60)
    draws = Model(evidence).draws(1).central()
    rate = baseline.shape(site, group, age_y, draws)
    death = mortality.background(SEXES[group], "US", age_y, draws)
    low, high = 0.0, 1.0
    for _ in range(60):
        middle = (low + high) / 2
        reached = risk.cumulative_incidence(middle * rate, death, dt_y).event[0, -1]
        low, high = (middle, high) if reached < target else (low, middle)
    return high


def lifetime_hip(evidence: Evidence, group: str) -> float:
    """Lifetime hip fracture risk from 50 on, as the table and the life table give it."""
    age_y, dt_y = time_grid(50, 110, 60)
    draws = Model(evidence).draws(1).central()
    rate = baseline.incidence("hip", SEXES[group], "US", age_y, draws)
    return risk.cumulative_incidence(rate, mortality.background(SEXES[group], "US", age_y, draws), dt_y).event[0, -1]


def band_population(evidence: Evidence, group: str) -> Array:
    """People in each age band of the hip table: cases over rate."""
    found = [finding(evidence, f"{TABLE}.us_hip_cases_{group}_{band}") for band in BANDS]
    rates = [finding(evidence, f"{TABLE}.us_hip_{group}_{band}") / 1000 for band in BANDS]
    return np.array(found) / np.array(rates)


def hip_cases(evidence: Evidence) -> float:
    """Hip fractures above 50 in the population of the hip table."""
    return sum(finding(evidence, f"{TABLE}.us_hip_cases_{group}_{band}") for group in SEXES for band in BANDS)


def cases(evidence: Evidence, site: str, group: str | None = None) -> float:
    """Fractures above 50 in the population of the hip table if the level were 1."""
    draws = Model(evidence).draws(1).central()
    middles = np.append(draws.knots("fracture.baseline.us.hip.women")[:-1], OLDEST_Y)
    groups = [group] if group else list(SEXES)
    return sum(
        float((baseline.shape(site, each, middles, draws)[0] * band_population(evidence, each)).sum())
        for each in groups
    )


def mean_over_adults(evidence: Evidence, site: str) -> float:
    """Mean of the shape over a stationary population of adults, both sexes."""
    draws = Model(evidence).draws(1).central()
    age_y = np.arange(18, 110, dtype=np.float64) + 1 / 2
    alive = {group: np.cumprod(1 - draws[f"mortality.us.{group}"][0])[18:110] for group in SEXES}
    shapes = {group: baseline.shape(site, group, age_y, draws)[0] for group in SEXES}
    return float(sum((alive[g] * shapes[g]).sum() for g in SEXES) / sum(alive[g].sum() for g in SEXES))


def checks(evidence: Evidence, levels: Mapping[str, float]) -> Iterable[str]:
    """What the scaled shapes say about sums that were not used to scale them."""
    hip = hip_cases(evidence)
    for site in ("forearm", "spine"):
        made = sum(levels[f"{site}.{group}"] * cases(evidence, site, group) for group in SEXES) / hip
        print_share = share(evidence, {"forearm": "wrist", "spine": "vertebral"}[site]) / share(evidence, "hip")
        yield f"{site} over hip above 50: {made:.2f} (US shares {print_share:.2f})"
    men = sum(levels[f"{site}.men"] * cases(evidence, site, "men") for site in _sites(levels))
    women = sum(levels[f"{site}.women"] * cases(evidence, site, "women") for site in _sites(levels))
    hip_men = sum(finding(evidence, f"{TABLE}.us_hip_cases_men_{band}") for band in BANDS)
    yield f"share of men above 50: {(men + hip_men) / (men + women + hip):.2f} (US 2005 0.29)"


def _sites(levels: Mapping[str, float]) -> list[str]:
    """The scaled sites."""
    return sorted({name.split(".")[0] for name in levels})


def share(evidence: Evidence, site: str) -> float:
    """Share of US fractures in 2005 [%]."""
    return finding(evidence, f"{SHARES}.site_{site}")


def finding(evidence: Evidence, name: str) -> float:
    """The value of a finding."""
    found = evidence.finding(name).value
    if found is None:
        raise ValueError(f"finding {name} has no value")
    return found


if __name__ == "__main__":
    main()
