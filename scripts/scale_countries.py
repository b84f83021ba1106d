"""Scale the fracture rates of Germany and Italy to national counts: `python scripts/scale_countries.py`.

Prints what fracture.baseline.de.*, fracture.level.de.* and the same of it should be, and what follows for numbers that
were not used. The arithmetic, with people by age from the World Population Prospects of 2019:

hip, Germany      the US table up to 82.5; at 92.5 the printed ratio to women and men of 50 to 54; all times one number
                  for each sex, so that 2010 has the printed number of people
hip, Italy        the US table times a number that changes with age, so that the three printed bands of 2014 come back;
                  then times one number that takes out admissions for the same fracture
pelvis, Germany   rate from 60 on, and of women over men at the same age, as printed
spine, forearm,   Italy: one number for both sexes, so that 2008 has the printed count. Germany: as many for each hip
humerus           fracture as in Sweden
pelvis, Italy     as many for each hip fracture as in Sweden
the rest          as in Sweden
"""

from collections.abc import Callable, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from scale_fracture_baseline import finding
from trabecula.evidence import Draws, Evidence
from trabecula.fracture import baseline

Array = NDArray[np.float64]

SEXES = {"women": "female", "men": "male"}
FIRST_AGES = np.arange(40, 105, 5)
"""The bands of people by age: five years each, the last one from 100 on."""
WITHIN_BAND = np.arange(5) + 1 / 2
RATIO_AT = (70.0, 80.0, 87.0)
"""Where the Italian hip over the American one stands: about the middle of each printed band."""
GERMAN_AT = np.array([52.5, 57.5, 62.5, 67.5, 72.5, 77.5, 82.5, 92.5])
"""The knots of the German hip table: those of the American one, with the band from 90 to 94 for that from 85 on."""
BANDS = {"65_74": (65, 75), "75_84": (75, 85), "85plus": (85, 200)}
HIP = "fracture.baseline.us.hip"
BY_COUNT = ("spine", "forearm", "humerus")
AS_IN_SWEDEN = ("femoral_shaft", "tibia_ankle", "other")
ROUNDS = 30

Rate = Callable[[Array], Array]


def main() -> None:
    """Print the tables and levels."""
    evidence = Evidence.load()
    for name, value in {**germany(evidence), **italy(evidence)}.items():
        print(f"{name:38}", ", ".join(f"{number:.4g}" for number in np.atleast_1d(value)))


def germany(evidence: Evidence) -> dict[str, Array]:
    """Tables and levels of Germany by id."""
    draws = evidence.draws(1).central()
    men = finding(evidence, "population_fracture.nhdr_lower_2021.femur_share_men_2010") / 100
    share = {"women": 1 - men, "men": men}
    cases = finding(evidence, "population_fracture.icks_2013.hip_persons_2010")
    scale = {g: share[g] * cases / count(evidence, "de_2010", g, german_hip(evidence, draws, g)) for g in SEXES}
    made = {f"fracture.baseline.de.hip.{g}": scale[g] * german_hip(evidence, draws, g)(GERMAN_AT) for g in SEXES}
    beside = {g: share[g] * cases / count(evidence, "de_2010", g, _hip(draws, "SE", g)) for g in SEXES}
    for site in BY_COUNT:
        made |= {f"fracture.level.de.{site}.{g}": beside[g] * swedish(evidence, site, g) for g in SEXES}
    made |= {f"fracture.level.de.pelvis.{g}": level for g, level in german_pelvis(evidence, draws).items()}
    return made | {f"fracture.level.de.{s}.{g}": swedish(evidence, s, g) for s in AS_IN_SWEDEN for g in SEXES}


def german_hip(evidence: Evidence, draws: Draws, group: str) -> Rate:
    """The US table, but in the oldest as many times the rate at 50 to 54 as was printed for a German insurance fund."""
    over = finding(evidence, f"population_fracture.gek_hip_2006.hip_{group}_90_94_over_50_54")
    table = _hip(draws, "US", group)(GERMAN_AT)
    table[-1] = over * table[0]
    below = _hip(draws, "US", group)
    return lambda age: np.where(age < GERMAN_AT[0], below(age), np.exp(np.interp(age, GERMAN_AT, np.log(table))))


def german_pelvis(evidence: Evidence, draws: Draws) -> Mapping[str, Array]:
    """The two levels that meet the rate from 60 on, and the ratio of women to men where both have the same ages."""
    rate = finding(evidence, "population_fracture.andrich_2015.pelvis_60plus") / 10_000
    ratio = finding(evidence, "population_fracture.andrich_2015.pelvis_women_over_men")
    shape = {g: _shape(draws, "pelvis", g) for g in SEXES}
    everyone = np.sum([people(evidence, "de_2010", g) for g in SEXES], axis=0)
    alike = {g: (everyone * mean_by_band(shape[g]))[FIRST_AGES >= 60].sum() for g in SEXES}
    over = ratio * alike["men"] / alike["women"]  # the level of women over that of men
    cases = over * count(evidence, "de_2010", "women", shape["women"], 60) + count(
        evidence, "de_2010", "men", shape["men"], 60
    )
    level = np.asarray(rate * everyone[FIRST_AGES >= 60].sum() / cases)
    return {"women": over * level, "men": level}


def italy(evidence: Evidence) -> dict[str, Array]:
    """Tables and levels of Italy by id."""
    draws = evidence.draws(1).central()
    ratios = {year: {g: italian_ratios(evidence, draws, g, year) for g in SEXES} for year in (2007, 2014)}
    admissions = sum(count(evidence, "it_2008", g, times(_hip(draws, "US", g), ratios[2007][g])) for g in SEXES)
    first = finding(evidence, "population_fracture.piscitelli_2011.hip_2008") / admissions
    print(f"   people over admissions: {first:.3f}")
    knots = np.asarray(evidence[f"{HIP}.women"].at)
    table = {g: first * times(_hip(draws, "US", g), ratios[2014][g])(knots) for g in SEXES}
    made = {f"fracture.baseline.it.hip.{g}": table[g] for g in SEXES}
    for site in BY_COUNT:
        printed = finding(evidence, f"population_fracture.piscitelli_2011.{site}_2008")
        in_sweden = sum(
            swedish(evidence, site, g) * count(evidence, "it_2008", g, _shape(draws, site, g)) for g in SEXES
        )
        made |= {f"fracture.level.it.{site}.{g}": printed / in_sweden * swedish(evidence, site, g) for g in SEXES}
    for g in SEXES:
        hips = first * count(evidence, "it_2008", g, times(_hip(draws, "US", g), ratios[2014][g]))
        beside = hips / count(evidence, "it_2008", g, _hip(draws, "SE", g))
        made[f"fracture.level.it.pelvis.{g}"] = beside * swedish(evidence, "pelvis", g)
    return made | {f"fracture.level.it.{s}.{g}": swedish(evidence, s, g) for s in AS_IN_SWEDEN for g in SEXES}


def italian_ratios(evidence: Evidence, draws: Draws, group: str, year: int) -> Array:
    """The Italian hip rate over the American one at three ages, so that the printed bands of a year come back."""
    printed = np.array(
        [finding(evidence, f"population_fracture.tarantino_2018.hip_{group}_{band}_{year}") for band in BANDS]
    )
    ratios = np.ones(len(BANDS))
    for _ in range(ROUNDS):
        rate = times(_hip(draws, "US", group), ratios)
        made = [10_000 * _band_rate(evidence, group, rate, *ages) for ages in BANDS.values()]
        ratios = ratios * printed / made
    return ratios


def times(rate: Rate, ratios: Sequence[float] | Array) -> Rate:
    """A rate times a ratio that is log-linear between three ages and level beyond them."""
    return lambda age: rate(age) * np.exp(np.interp(age, RATIO_AT, np.log(ratios)))


def count(evidence: Evidence, where: str, group: str, rate: Rate, from_y: int = 40) -> float:
    """Fractures a year in a population of an age and over."""
    return float((people(evidence, where, group) * mean_by_band(rate))[from_y <= FIRST_AGES].sum())


def people(evidence: Evidence, where: str, group: str) -> Array:
    """People in each band of age; where: `de_2010`, `it_2008`."""
    return np.array([finding(evidence, f"population.wpp_2019.{where}_{group}_{age}") for age in FIRST_AGES])


def mean_by_band(rate: Rate) -> Array:
    """The mean of a rate over the five years of each band."""
    ages = FIRST_AGES[:, None] + WITHIN_BAND
    return rate(ages.ravel()).reshape(ages.shape).mean(axis=1)


def _band_rate(evidence: Evidence, group: str, rate: Rate, low: int, high: int) -> float:
    """Fractures per person-year of Italians from one age to below another."""
    inside = (low <= FIRST_AGES) & (high > FIRST_AGES)
    present = people(evidence, "it_2008", group)[inside]
    return float((present * mean_by_band(rate)[inside]).sum() / present.sum())


def _hip(draws: Draws, country: str, group: str) -> Rate:
    """Hip fractures per person-year of a country that was in hand before."""
    return lambda age: baseline.incidence("hip", SEXES[group], country, np.clip(age, 40, 100), draws)[0]


def _shape(draws: Draws, site: str, group: str) -> Rate:
    """The common shape over age of a site."""
    return lambda age: baseline.shape(site, group, age, draws)[0]


def swedish(evidence: Evidence, site: str, group: str) -> Array:
    """The level of Sweden."""
    return np.asarray(evidence.scalar(f"fracture.level.se.{site}.{group}"))


if __name__ == "__main__":
    main()
