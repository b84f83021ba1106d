"""What a scanner would print: reference density by age and sex, T-scores and Z-scores.

Densities are areal and on the Hologic scale of the reference population, American women and men (`reference.bmd.*`);
`site` is one of `skeleton.SITES`, `sex` female or male, ages are in years.
"""

from itertools import combinations

import numpy as np
from numpy.typing import ArrayLike

from trabecula.evidence import SEX_GROUP, Evidence
from trabecula.skeleton.equations import SITES
from trabecula.units import Array


def reference_mean(evidence: Evidence, site: str, sex: str, age_y: ArrayLike, ancestry: str | None = None) -> Array:
    """Mean density of the reference population at each age [g/cm2], level beyond its oldest and youngest band.

    ancestry: black takes the reference of Black Americans; anything else, or unknown, the white one.
    """
    white = evidence.curve_at(f"reference.bmd.{site}.{SEX_GROUP[sex]}", np.asarray(age_y, dtype=np.float64))
    return white * (evidence.scalar(f"reference.bmd_ratio.{site}.black") if ancestry == "black" else 1.0)


def reference_sd(evidence: Evidence, site: str, sex: str, age_y: ArrayLike) -> Array:
    """Standard deviation of density in the reference population at each age [g/cm2]."""
    return evidence.curve_at(f"reference.bmd_sd.{site}.{SEX_GROUP[sex]}", np.asarray(age_y, dtype=np.float64))


def t_score(evidence: Evidence, site: str, sex: str, bmd_g_cm2: ArrayLike) -> Array:
    """Standard deviations from the young reference, which ISCD takes from women for both sexes [SD].

    bmd_g_cm2: one density or many; a score comes back in their shape.
    """
    mean, sd = young_reference(evidence, site, sex)
    return (np.asarray(bmd_g_cm2) - mean) / sd


def z_score(
    evidence: Evidence, site: str, sex: str, age_y: ArrayLike, bmd_g_cm2: ArrayLike, ancestry: str | None
) -> Array:
    """Standard deviations from the mean of the same age and sex [SD], and ancestry where there is a table."""
    mean = reference_mean(evidence, site, sex, age_y, ancestry)
    return (np.asarray(bmd_g_cm2) - mean) / reference_sd(evidence, site, sex, age_y)


def young_reference(evidence: Evidence, site: str, sex: str) -> tuple[float, float]:
    """Mean and standard deviation behind a T-score [g/cm2]."""
    mean, sd = (evidence.scalar(f"reference.t_score.{what}.{site}.{SEX_GROUP[sex]}") for what in ("mean", "sd"))
    return mean, sd


def site_correlation(evidence: Evidence) -> Array:
    """How the densities of the sites go together between people of the same age and sex [3, 3], as `skeleton.SITES`."""
    correlation = np.eye(len(SITES))
    for i, j in combinations(range(len(SITES)), 2):
        value = evidence.scalar(f"reference.bmd_correlation.{SITES[i]}.{SITES[j]}")
        correlation[i, j] = correlation[j, i] = value
    return correlation
