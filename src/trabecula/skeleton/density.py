"""What a scanner would print: reference density by age and sex, T-scores and Z-scores."""

from itertools import combinations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from trabecula.evidence import Evidence
from trabecula.skeleton.equations import SITES

Array = NDArray[np.float64]
PEOPLE = {"female": "women", "male": "men"}


def reference_mean(
    evidence: Evidence, site: str, sex: str, age_y: ArrayLike, ancestry: str | None = None
) -> Array:
    """Mean density of the reference population at each age [g/cm2], level beyond its oldest and youngest band."""
    return _curve(evidence, f"reference.bmd.{site}.{PEOPLE[sex]}", age_y) * ancestry_factor(
        evidence, site, ancestry
    )


def reference_sd(evidence: Evidence, site: str, sex: str, age_y: ArrayLike) -> Array:
    """Standard deviation of density in the reference population at each age [g/cm2]."""
    return _curve(evidence, f"reference.bmd_sd.{site}.{PEOPLE[sex]}", age_y)


def ancestry_factor(evidence: Evidence, site: str, ancestry: str | None) -> float:
    """Density relative to the white reference population; 1 where no table is in hand."""
    return number(evidence, f"reference.bmd_ratio.{site}.black") if ancestry == "black" else 1.0


def t_score(evidence: Evidence, site: str, sex: str, bmd_g_cm2: ArrayLike) -> Array:
    """Standard deviations from the young reference, which ISCD takes from women for both sexes [SD]."""
    mean, sd = young_reference(evidence, site, sex)
    return (np.asarray(bmd_g_cm2) - mean) / sd


def z_score(
    evidence: Evidence, site: str, sex: str, age_y: ArrayLike, bmd_g_cm2: ArrayLike, ancestry: str | None
) -> Array:
    """Standard deviations from the mean of the same age and sex [SD]."""
    mean = reference_mean(evidence, site, sex, age_y, ancestry)
    return (np.asarray(bmd_g_cm2) - mean) / reference_sd(evidence, site, sex, age_y)


def young_reference(evidence: Evidence, site: str, sex: str) -> tuple[float, float]:
    """Mean and standard deviation behind a T-score [g/cm2]."""
    mean, sd = (number(evidence, f"reference.t_score.{what}.{site}.{PEOPLE[sex]}") for what in ("mean", "sd"))
    return mean, sd


def site_correlation(evidence: Evidence) -> Array:
    """How the densities of the sites go together between people of the same age and sex [3, 3]."""
    correlation = np.eye(len(SITES))
    for i, j in combinations(range(len(SITES)), 2):
        value = number(evidence, f"reference.bmd_correlation.{SITES[i]}.{SITES[j]}")
        correlation[i, j] = correlation[j, i] = value
    return correlation


def number(evidence: Evidence, name: str) -> float:
    """A parameter that is one number, at its central value."""
    return float(np.asarray(evidence[name].value))


def _curve(evidence: Evidence, name: str, at: ArrayLike) -> Array:
    parameter = evidence[name]
    if parameter.at is None:
        raise ValueError(f"{name}: expected a curve over age")
    return np.interp(
        np.asarray(at, dtype=np.float64), parameter.at, np.asarray(parameter.value, dtype=np.float64)
    )
