"""What is printed of populations: incidence, lifetime risks, gradients, falls, deaths, 10-year probabilities.

Each measure is named by words, the first of which says what is measured: "rate hip women 50_54". The 10-year
probabilities are those published for the United Kingdom in 2008, cell by cell; they stand at the end.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from trabecula.evidence import Evidence
from trabecula.fracture import BONE_SITES, Exposure, FallCount, PriorFracture, time_grid
from trabecula.fracture.falls import count_share, groups
from trabecula.fracture.risk import LIFETIME, cumulative, cumulative_incidence
from trabecula.lab.studies.fracture_record import FallHistory, FractureStudy, GeneralPopulation
from trabecula.model import ModelDraws
from trabecula.skeleton.density import reference_mean, reference_sd, young_reference
from trabecula.units import PER_CENT, Array
from trabecula.vocabulary import sites_of

SEX = {"women": "female", "men": "male"}
"""The words of a measure."""
TEN_YEARS = 10.0
"""What such tables print [y]."""
BOTH = tuple(SEX.values())
"""Women and men together."""
_ONE_SD = 0.5
"""Half a standard deviation on either side of the average."""
_HALF = 0.5
"""From the beginning of a year of age to its middle [y]."""
YOUNGER_COHORTS = 0.01
"""How much larger each cohort was than the one a year older when crude rates were counted [1/y].

With it, 15 % of the British are over 65 and 3.8 % of the men over 80; in 2011 and 2016 they were 16.4 and 4.0 %, less
in the decades before. The life table alone gives 22 and 6 %.
"""
_PER_1000 = 1000.0
"""Person-years that rates are per, unless the words say others."""
_MOST = 40
"""Falls a year beyond which nobody without MS counts."""


def general(setting: GeneralPopulation, what: str, draws: ModelDraws) -> Array:
    """A measure of the average person of a country by its words [n]; KeyError for words that are none."""
    country = setting.country
    match what.split():
        case ["rate", outcome, sex, band]:  # fractures per 1000 person-years, each year of a band alike: 50_54
            age_y = _years_of(band, draws)
            exposure = Exposure(SEX[sex], country, age_y, np.ones(len(age_y)))
            return _PER_1000 * _together(exposure, outcome, draws).mean(axis=1)
        case ["crude", outcome, sex, band, *per]:  # the same of those alive in a band, or from an age on: 50_79, 50
            people_y = float(per[0].removeprefix("per_")) if per else _PER_1000
            return people_y * _crude(setting, BOTH if sex == "both" else (SEX[sex],), outcome, band, draws)
        case ["sex_ratio", outcome, sex, band]:  # crude rate of one sex over that of the other [1]
            own, other = (SEX[sex],), tuple(set(BOTH) - {SEX[sex]})
            return _crude(setting, own, outcome, band, draws) / _crude(setting, other, outcome, band, draws)
        case ["ms_death_ratio", sex, age, edss]:  # death rate with MS at an EDSS over the life table [1]
            exposure = Exposure(SEX[sex], country, np.array([float(age)]), np.ones(1), edss=float(edss))
            background = draws.model.hazards.background_death(exposure.sex, country, exposure.age_y, draws)
            return (draws.model.hazards.death_rate(exposure, draws) / background)[:, 0]
        case ["lifetime", outcome, sex, age]:  # share that breaks a bone in the rest of life [%]
            return PER_CENT * _lifetime(_exposure(country, sex, float(age), draws), outcome, draws)
        case ["ten_years", outcome, sex, age]:  # share that breaks a bone in ten years [%]
            risks = draws.model.hazards.risks(_exposure(country, sex, float(age), draws), {}, draws, (TEN_YEARS,))
            return PER_CENT * risks.at(outcome, TEN_YEARS)
        case ["overlap", sex, age]:  # ten-year risk of any of four fractures over the sum of the four
            risks = draws.model.hazards.risks(_exposure(country, sex, float(age), draws), {}, draws, (TEN_YEARS,))
            four = sum(risks.at(site, TEN_YEARS) for site in sites_of("major_osteoporotic"))
            return risks.at("major_osteoporotic", TEN_YEARS) / four
        case ["gradient", outcome, sex, age]:  # hazard half a standard deviation below average over half above
            exposure = Exposure(SEX[sex], country, np.array([float(age)]), np.ones(1))
            low, high = (_together(exposure, outcome, draws, z) for z in (-_ONE_SD, _ONE_SD))
            return (low / high)[:, 0]
        case ["fracture_per_fall", outcome, sex, age]:  # fractures over falls [%]
            exposure = Exposure(SEX[sex], country, np.array([float(age)]), np.ones(1))
            fall_rate = draws.model.hazards.population_falls(exposure.sex, exposure.age_y, draws)
            return PER_CENT * (_together(exposure, outcome, draws) / fall_rate)[:, 0]
        case ["after_hip_ratio", sex, age, years]:  # mean ratio of the death rate since a hip fracture [1]
            after, without = _after_hip(country, sex, float(age), float(years), draws)
            return np.log1p(-after) / np.log1p(-without)
        case ["after_hip_excess", sex, age, years]:  # deaths beyond those of others by then [% of people]
            after, without = _after_hip(country, sex, float(age), float(years), draws)
            return PER_CENT * (after - without)
        case ["after_hip_death", sex, age, years]:  # share that has died by then [%]
            return PER_CENT * _after_hip(country, sex, float(age), float(years), draws)[0]
        case _:
            raise KeyError(what)


def _years_of(band: str, draws: ModelDraws) -> Array:
    """The middles of the years of a band, "50_54", or from an age to the end of life, "50" [y, T]."""
    first, _, last = band.partition("_")
    end = float(last) + 1.0 if last else draws.evidence.scalar("mortality.lifetime_until")
    return np.arange(float(first), end) + _HALF


def _crude(setting: GeneralPopulation, sexes: Sequence[str], outcome: str, band: str, draws: ModelDraws) -> Array:
    """Fractures per person-year of everybody alive in a band: the life table, and cohorts that grew [n]."""
    age_y = _years_of(band, draws)
    exposures = [Exposure(sex, setting.country, age_y, np.ones(len(age_y))) for sex in sexes]
    alive = [_alive(exposure, draws) for exposure in exposures]
    found = [_recorded(exposure, outcome, draws, practice=setting.practice) for exposure in exposures]
    broken = [lives * rate for lives, rate in zip(alive, found, strict=True)]
    return np.sum([row.sum(axis=1) for row in broken], axis=0) / np.sum([row.sum(axis=1) for row in alive], axis=0)


def _recorded(exposure: Exposure, outcome: str, draws: ModelDraws, *, practice: bool) -> Array:
    """Hazard of an outcome as it is counted: general practice records a share of the spine's fractures [n, T]."""
    rate = _together(exposure, outcome, draws)
    if practice and "spine" in sites_of(outcome):
        missed = 1.0 - draws.column("fracture.selection.practice_spine")
        rate = rate - missed * _together(exposure, "spine", draws)
    return rate


def _alive(exposure: Exposure, draws: ModelDraws) -> Array:
    """People at each age of a grid of years for one of the youngest age [n, T]."""
    ages = np.arange(draws.evidence.scalar("fracture.age.youngest"), exposure.age_y[-1]) + _HALF
    death = draws.model.hazards.background_death(exposure.sex, exposure.country, ages, draws)
    return np.exp(-np.cumsum(death + YOUNGER_COHORTS, axis=1))[:, -len(exposure.age_y) :]


def _exposure(country: str, sex: str, age_y: float, draws: ModelDraws) -> Exposure:
    """The average person on a grid to the end of life."""
    middle, dt_y = time_grid(age_y, draws.evidence.scalar("mortality.lifetime_until"), TEN_YEARS)
    return Exposure(SEX[sex], country, middle, dt_y)


def _together(exposure: Exposure, outcome: str, draws: ModelDraws, z: float | None = None) -> Array:
    """Hazard of an outcome, its sites together [n, T]."""
    scores: dict[str, Array] = {} if z is None else {site: np.full((1, 1), z) for site in BONE_SITES}
    found = draws.model.hazards.hazards(exposure, scores, draws)
    return sum((found.per_year[site] for site in sites_of(outcome)), np.zeros((1, 1)))


def _lifetime(exposure: Exposure, outcome: str, draws: ModelDraws) -> Array:
    """Share that breaks a bone before death [n]; where sites have no answer of their own, their hazards are added."""
    if outcome in ("hip", "major_osteoporotic", "any"):
        return draws.model.hazards.risks(exposure, {}, draws, (LIFETIME,)).at(outcome, LIFETIME)
    rate = _together(exposure, outcome, draws)
    death = draws.model.hazards.background_death(exposure.sex, exposure.country, exposure.age_y, draws)
    return cumulative_incidence(rate, death, exposure.dt_y).event[:, -1]


def _after_hip(country: str, sex: str, age_y: float, years: float, draws: ModelDraws) -> tuple[Array, Array]:
    """Shares that have died some years after a hip fracture, and without one [n]."""
    middle, dt_y = time_grid(age_y, age_y + years, TEN_YEARS)
    rates = (
        draws.model.hazards.death_rate(Exposure(SEX[sex], country, middle, dt_y, priors=priors), draws)
        for priors in ((PriorFracture("hip", 0.0),), ())
    )
    after, without = (1.0 - np.exp(-(np.atleast_2d(rate) * dt_y).sum(axis=1)) for rate in rates)
    return after, without


def fall_history(setting: FallHistory, what: str, draws: ModelDraws) -> Array:
    """Fractures after a count of falls in the past year over those after none [n]: "hip 3+"."""
    outcome, counted = what.split()
    first = int(counted.rstrip("+"))
    counts = range(first, _MOST if counted.endswith("+") else first + 1)
    age = np.array([setting.age_y])
    expected = draws.model.hazards.population_falls(setting.sex, age, draws)
    shares = np.array([_count_share(n, expected, draws) for n in counts])
    rates = np.array([_after_count(setting, n, outcome, draws) for n in counts])
    return (shares * rates).sum(axis=0) / shares.sum(axis=0) / _after_count(setting, 0, outcome, draws)


def _count_share(n: int, expected: Array, draws: ModelDraws) -> Array:
    """Share of people with a count of falls in a year [n]."""
    all_ = groups(draws)
    return (all_.share * count_share(all_, n, expected)).sum(axis=1)


def _after_count(setting: FallHistory, n: int, outcome: str, draws: ModelDraws) -> Array:
    """Fractures a year of somebody who has counted so many falls [n]."""
    exposure = Exposure(setting.sex, setting.country, np.array([setting.age_y]), np.ones(1), falls=FallCount(n, 1.0))
    return _together(exposure, outcome, draws)[:, 0]


def probabilities(study: FractureStudy, draws: ModelDraws) -> dict[str, Array]:
    """Ten-year probabilities of a printed table [%, n], by the last part of the id of the finding."""
    asked = {target.finding for target in study.targets}
    cells = [cell for cell in uk_cells(draws.evidence) if cell.finding in asked]
    made = uk_predictions(cells, draws)
    return {name.rpartition(".")[2]: PER_CENT * risk for name, risk in made.items()}


# --- The probabilities of the United Kingdom --------------------------------------------------------------------
#
# The tables give people of a BMI of 25 without other risk factors: with one factor and unknown density (table 2), or
# with a T-score at the femoral neck and no factor (table 3). Two readings are ours: a "previous fracture" lies
# `PRIOR_YEARS` back, and "glucocorticoids" are `STEROID_MG` of prednisolone a day, taken on and on (their definition is
# 5 mg or more for more than three months, ever).

UK_SOURCE = "published_probability.frax_uk_2008"
"""How the ids of its findings begin."""
UK_GROUPS = {"hip": "hip", "mof": "major_osteoporotic"}
"""Outcomes by the word of an id."""
UK_FACTORS = {"parental_hip": "parental_hip_fracture", "smoking": "current_smoking", "ra": "rheumatoid_arthritis"}
"""Risk factors by the word of an id."""
BMI = 25.0
"""What the tables print."""
PRIOR_YEARS = 5.0
"""How we read "previous fracture" [y ago]."""
STEROID_MG = 5.0
"""How we read "oral glucocorticoids" [mg of prednisolone a day]."""
_UNITS_PER_DAY = 3.0
"""The tables' alcohol is "more than two units"."""
_LONG_AGO_Y = 5.0
"""Long enough for steroids to have their settled effect."""
UK_CELL = r"(t2|t3)_(?:(\w+?)_)?(hip|mof)_(women|men)_(\d\d)(?:_t(m\d|p\d|0))?"
"""The last part of the id of a cell: table, factor, outcome, sex, age and T-score."""


@dataclass(frozen=True)
class ProbabilityCell:
    """One printed probability, and whom it is about; `t_score` or `factor`, not both."""

    finding: str
    """Its id."""
    group: str
    """The outcome, a key of `UK_GROUPS`."""
    sex: str
    """A key of `SEX`."""
    age_y: int
    """Age as printed."""
    factor: str | None
    """A key of `UK_FACTORS`, or one of alcohol, gc (glucocorticoids) and prior_fracture."""
    t_score: float | None
    """At the femoral neck."""
    printed: float
    """The probability, from 0 to 1."""


def uk_cells(evidence: Evidence) -> Sequence[ProbabilityCell]:
    """Every printed cell that has a number."""
    return [
        cell
        for name in evidence.findings()
        if name.startswith(UK_SOURCE) and (cell := _uk_cell(name, evidence)) is not None
    ]


def _uk_cell(name: str, evidence: Evidence) -> ProbabilityCell | None:
    """The cell of a finding; None where the table prints "less than 0.1"."""
    found = re.fullmatch(UK_CELL, name.removeprefix(f"{UK_SOURCE}."))
    printed = evidence.finding(name).value
    if found is None or printed is None:
        return None
    _, factor, group, sex, age, score = found.groups()
    return ProbabilityCell(name, group, sex, int(age), factor, _t_score(score), printed / PER_CENT)


def _t_score(text: str | None) -> float | None:
    """m2 is -2, p1 is +1."""
    return None if text is None else float(text.replace("m", "-").replace("p", "+"))


def uk_predictions(printed: Iterable[ProbabilityCell], draws: ModelDraws) -> Mapping[str, Array]:
    """What the model says of each cell, by finding [n]."""
    people = defaultdict(list)
    for cell in printed:
        people[cell.sex, cell.age_y, cell.factor].append(cell)
    return {name: risk for alike in people.values() for name, risk in _same_person(alike, draws).items()}


def _same_person(alike: Sequence[ProbabilityCell], draws: ModelDraws) -> Mapping[str, Array]:
    """The model's 10-year probabilities of one person, who may have several T-scores [n each]."""
    exposure = _uk_person(alike[0])
    made = {}
    for score in {cell.t_score for cell in alike}:
        rates = draws.model.hazards.hazards(exposure, _uk_z(alike[0], score, exposure, draws.evidence), draws)
        risks = cumulative(rates, exposure, np.array([TEN_YEARS]), draws)
        here = (cell for cell in alike if cell.t_score == score)
        made.update({cell.finding: risks[UK_GROUPS[cell.group]][:, 0] for cell in here})
    return made


def _uk_person(cell: ProbabilityCell) -> Exposure:
    """Someone with no risk factor, or with one."""
    age_y, dt_y = time_grid(cell.age_y, cell.age_y + TEN_YEARS, 0)
    none = dict.fromkeys(UK_FACTORS.values(), False)
    base = Exposure(
        SEX[cell.sex],
        "UK",
        age_y,
        dt_y,
        present={**none, UK_FACTORS.get(cell.factor or "", ""): True},
        alcohol_units_per_day=_UNITS_PER_DAY if cell.factor == "alcohol" else 0.0,
        bmi=BMI,
        density_measured=cell.t_score is not None,
        priors=(PriorFracture("forearm", PRIOR_YEARS),) if cell.factor == "prior_fracture" else (),
    )
    if cell.factor != "gc":
        return base
    return replace(
        base, prednisone_mg=STEROID_MG, past_prednisone_mg=np.array([STEROID_MG]), past_dt_y=np.array([_LONG_AGO_Y])
    )


def _uk_z(cell: ProbabilityCell, score: float | None, exposure: Exposure, evidence: Evidence) -> Mapping[str, Array]:
    """The Z-score that the T-score is at first, held: who starts below the average of the same age stays there."""
    if score is None:
        return {}
    sex = SEX[cell.sex]
    mean, sd = young_reference(evidence, "femoral_neck", sex)
    there = reference_mean(evidence, "femoral_neck", sex, cell.age_y)
    z = (mean + score * sd - there) / reference_sd(evidence, "femoral_neck", sex, cell.age_y)
    return {"femoral_neck": np.full((1, len(exposure.dt_y)), float(z))}
