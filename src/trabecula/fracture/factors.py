"""Risk factors beyond density: previous fractures with their recency, family, habits, illness, medicines.

A factor that is unknown has ratio 1. One that is known to be absent is a little below 1, one that is present
is its ratio over the population's average: (1 + (ratio - 1) * present) / (1 + share * (ratio - 1)).
"""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike, NDArray

from trabecula.evidence import Draws
from trabecula.fracture.curves import Array, log_curve, number
from trabecula.fracture.history import PriorFracture
from trabecula.fracture.sites import MAJOR_SITES

if TYPE_CHECKING:
    from trabecula.fracture.exposure import Exposure

FACTORS = (
    "parental_hip_fracture",
    "current_smoking",
    "high_alcohol",
    "rheumatoid_arthritis",
    "stroke",
    "type1_diabetes",
    "type2_diabetes",
    "copd",
    "chronic_kidney_disease",
    "epilepsy",
    "antidepressant",
    "opioid",
    "ppi",
)


def over_average(ratio: Array, share: Array, present: ArrayLike | None) -> Array:
    """A factor's ratio over the average of a population in which a share has it [n, T]; unknown is 1."""
    x = np.asarray(np.nan if present is None else present, dtype=np.float64)
    relative = (1 + (ratio - 1) * x) / (1 + (ratio - 1) * share)
    return np.where(np.isnan(x), 1, relative)


def factor(name: str, part: str, present: ArrayLike | None, draws: Draws) -> Array:
    """One factor at the hip (part "hip") or elsewhere ("other") [n, T]."""
    ratio = number(draws, f"fracture.factor.{name}.{part}")
    return over_average(ratio, number(draws, f"fracture.factor.{name}.share"), present)


def bmi_effect(part: str, bmi: float | None, draws: Draws) -> Array:
    """Body mass index at the same density [n, 1]."""
    if bmi is None:
        return np.ones((1, 1))
    believed = np.clip(bmi, number(draws, "fracture.bmi.lowest"), number(draws, "fracture.bmi.highest"))
    return number(draws, f"fracture.bmi.{part}") ** (believed - number(draws, "fracture.bmi.average"))


def high_alcohol(units_per_day: float | None, draws: Draws) -> NDArray[np.bool_] | None:
    """Whether more is drunk than the limit [n, 1]; None when unknown."""
    return (
        None if units_per_day is None else np.greater(units_per_day, number(draws, "fracture.alcohol.limit"))
    )


def presence(exposure: "Exposure", draws: Draws) -> Mapping[str, ArrayLike | None]:
    """Every factor that something is known about."""
    alcohol = {"high_alcohol": high_alcohol(exposure.alcohol_units_per_day, draws)}
    known = {**alcohol, **exposure.present}
    return {name: known[name] for name in FACTORS if known.get(name) is not None}


def effect(part: str, exposure: "Exposure", draws: Draws) -> Array:
    """All factors but previous fractures together [n, T]."""
    product = bmi_effect(part, exposure.bmi, draws)
    for name, present in presence(exposure, draws).items():
        product = product * factor(name, part, present, draws)
    return product


def prior_effect(site: str, priors: Sequence[PriorFracture] | None, years_on: Array, draws: Draws) -> Array:
    """Previous fractures, `years_on` [T] after the grid began: the strongest one counts [n, T]."""
    if priors is None:
        return np.ones((1, 1))
    if not priors:
        return number(draws, "fracture.prior.none")
    return np.max([_one_prior(site, prior, years_on, draws) for prior in priors], axis=0)


def _one_prior(site: str, prior: PriorFracture, years_on: Array, draws: Draws) -> Array:
    """One previous fracture: its ratio fades with the years since."""
    ratio = log_curve(draws, "fracture.prior.ratio", prior.years_since + years_on)
    exponent = 1.0
    if prior.high_trauma or prior.site not in MAJOR_SITES:
        exponent = number(draws, "fracture.prior.minor_exponent")
    elif prior.site == "spine" and site == "spine":
        exponent = number(draws, "fracture.prior.spine_after_spine_exponent")
    return ratio**exponent
