"""What is printed of people without MS: incidence, lifetime risks, gradients, falls, deaths after a hip fracture.

Each measure is named by words, the first of which says what is measured: "rate hip women 50_54".
"""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from trabecula.evidence import Draws
from trabecula.fracture import (
    BONE_SITES,
    LIFETIME,
    Exposure,
    FallCount,
    PriorFracture,
    competing,
    falls,
    fracture_risk,
    hazards,
    mortality,
    time_grid,
)
from trabecula.fracture.frailty import count_share, groups
from trabecula.lab.studies import uk_probabilities
from trabecula.lab.studies.fracture_record import FallHistory, FractureStudy, General
from trabecula.lab.studies.one_road import OUTCOMES
from trabecula.units import PER_CENT

Array = NDArray[np.float64]
SEX = {"women": "female", "men": "male"}
TEN_YEARS = 10.0  # what such tables print [y]
_ONE_SD = 0.5  # half a standard deviation on either side of the average
_BAND_Y = 5.0  # bands of age as printed
_MOST = 40  # falls a year beyond which nobody without MS counts


def general(setting: General, what: str, draws: Draws) -> Array:
    """A measure of the general population [n]."""
    kind, *words = what.split()
    return _GENERAL[kind](setting.country, words, draws)


def _exposure(country: str, sex: str, age_y: float, draws: Draws) -> Exposure:
    """The average person on a grid to the end of life."""
    middle, dt_y = time_grid(age_y, draws.evidence.scalar("mortality.lifetime_until"), TEN_YEARS)
    return Exposure(SEX[sex], country, middle, dt_y)


def _together(exposure: Exposure, outcome: str, draws: Draws, z: float | None = None) -> Array:
    """Hazard of an outcome, its sites together [n, T]."""
    scores: dict[str, Array] = {} if z is None else {site: np.full((1, 1), z) for site in BONE_SITES}
    found = hazards(exposure, scores, draws)
    return sum((found.per_year[site] for site in OUTCOMES[outcome]), np.zeros((1, 1)))


def _rate(country: str, words: list[str], draws: Draws) -> Array:
    """Fractures per 1000 person-years in a band of age: "rate hip women 50_54"."""
    outcome, sex, band = words
    first = float(band.split("_")[0])
    age = first + np.arange(_BAND_Y) + 0.5
    exposure = Exposure(SEX[sex], country, age, np.ones(len(age)))
    return 1000.0 * _together(exposure, outcome, draws).mean(axis=1)


def _lifetime(country: str, words: list[str], draws: Draws) -> Array:
    """Share that breaks a bone in the rest of life [%]: "lifetime hip women 50"."""
    outcome, sex, age = words
    exposure = _exposure(country, sex, float(age), draws)
    if outcome in ("hip", "major_osteoporotic", "any"):
        return PER_CENT * fracture_risk(exposure, {}, draws, (LIFETIME,)).at(outcome, LIFETIME)
    rate = _together(exposure, outcome, draws)
    death = mortality.background(exposure.sex, country, exposure.age_y, draws)
    return PER_CENT * competing.course(rate, death, exposure.dt_y).event[:, -1]


def _overlap(country: str, words: list[str], draws: Draws) -> Array:
    """Ten-year risk of any of four fractures over the sum of the four: "overlap women 50"."""
    sex, age = words
    risks = fracture_risk(_exposure(country, sex, float(age), draws), {}, draws, (TEN_YEARS,))
    four = sum(risks.at(site, TEN_YEARS) for site in OUTCOMES["major_osteoporotic"])
    return risks.at("major_osteoporotic", TEN_YEARS) / four


def _gradient(country: str, words: list[str], draws: Draws) -> Array:
    """Hazard at half a standard deviation below average over that at half above: "gradient hip women 70"."""
    outcome, sex, age = words
    exposure = Exposure(SEX[sex], country, np.array([float(age)]), np.ones(1))
    low, high = (_together(exposure, outcome, draws, z) for z in (-_ONE_SD, _ONE_SD))
    return (low / high)[:, 0]


def _fracture_per_fall(country: str, words: list[str], draws: Draws) -> Array:
    """Fractures over falls of the average person [%]: "fracture_per_fall any women 78"."""
    outcome, sex, age = words
    exposure = Exposure(SEX[sex], country, np.array([float(age)]), np.ones(1))
    fall_rate = falls.population_rate(exposure.sex, exposure.age_y, draws)
    return PER_CENT * (_together(exposure, outcome, draws) / fall_rate)[:, 0]


def _after_hip(country: str, words: list[str], draws: Draws) -> tuple[Array, Array]:
    """Shares that have died some years after a hip fracture, and without one [n]: "women 80 1"."""
    sex, age, years = words
    middle, dt_y = time_grid(float(age), float(age) + float(years), TEN_YEARS)
    rates = (
        mortality.death_rate(Exposure(SEX[sex], country, middle, dt_y, priors=priors), draws)
        for priors in ((PriorFracture("hip", 0.0),), ())
    )
    dead = [1.0 - np.exp(-(np.atleast_2d(rate) * dt_y).sum(axis=1)) for rate in rates]
    return dead[0], dead[1]


def _after_hip_ratio(country: str, words: list[str], draws: Draws) -> Array:
    """Mean ratio of the death rate in the time after a hip fracture [1]."""
    after, without = _after_hip(country, words, draws)
    return np.log1p(-after) / np.log1p(-without)


def _after_hip_excess(country: str, words: list[str], draws: Draws) -> Array:
    """Deaths beyond those of others by then [% of people]."""
    after, without = _after_hip(country, words, draws)
    return PER_CENT * (after - without)


def _after_hip_death(country: str, words: list[str], draws: Draws) -> Array:
    """Share that has died by then [%]."""
    return PER_CENT * _after_hip(country, words, draws)[0]


_GENERAL: dict[str, Callable[[str, list[str], Draws], Array]] = {
    "rate": _rate,
    "lifetime": _lifetime,
    "overlap": _overlap,
    "gradient": _gradient,
    "fracture_per_fall": _fracture_per_fall,
    "after_hip_ratio": _after_hip_ratio,
    "after_hip_excess": _after_hip_excess,
    "after_hip_death": _after_hip_death,
}


def fall_history(setting: FallHistory, what: str, draws: Draws) -> Array:
    """Fractures after a count of falls in the past year over those after none [n]: "hip 3+"."""
    outcome, counted = what.split()
    first = int(counted.rstrip("+"))
    counts = range(first, _MOST if counted.endswith("+") else first + 1)
    age = np.array([setting.age_y])
    expected = falls.population_rate(setting.sex, age, draws)
    shares = np.array([_count_share(n, expected, draws) for n in counts])
    rates = np.array([_after_count(setting, n, outcome, draws) for n in counts])
    return (shares * rates).sum(axis=0) / shares.sum(axis=0) / _after_count(setting, 0, outcome, draws)


def _count_share(n: int, expected: Array, draws: Draws) -> Array:
    """Share of people with a count of falls in a year [n]."""
    all_ = groups(draws)
    return (all_.share * count_share(all_, n, expected)).sum(axis=1)


def _after_count(setting: FallHistory, n: int, outcome: str, draws: Draws) -> Array:
    """Fractures a year of somebody who has counted so many falls [n]."""
    exposure = Exposure(
        setting.sex, setting.country, np.array([setting.age_y]), np.ones(1), falls=FallCount(n, 1.0)
    )
    return _together(exposure, outcome, draws)[:, 0]


def probabilities(study: FractureStudy, draws: Draws) -> dict[str, Array]:
    """Ten-year probabilities of a printed table [%, n], by the last part of the id of the finding."""
    wanted = {target.finding for target in study.targets}
    cells = [cell for cell in uk_probabilities.cells(draws.evidence) if cell.finding in wanted]
    made = uk_probabilities.predict(cells, draws)
    return {name.rpartition(".")[2]: PER_CENT * risk for name, risk in made.items()}
