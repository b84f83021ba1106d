"""What bone density does to the fracture hazard: a ratio per SD, steepest at the hip and in the young."""

from collections.abc import Mapping

import numpy as np

from trabecula.evidence import Draws
from trabecula.fracture.curves import Array, log_curve, number
from trabecula.fracture.sites import BONE_OF, SEX_GROUP


def gradient(site: str, sex: str, age_y: Array, draws: Draws) -> Array:
    """Hazard ratio per SD of lower density [n, T] or [n, 1]."""
    if site == "hip":
        return log_curve(draws, f"fracture.gradient.hip.{SEX_GROUP[sex]}", age_y)
    return number(draws, f"fracture.gradient.{site}")


def effect(site: str, sex: str, age_y: Array, z: Mapping[str, Array], draws: Draws) -> Array:
    """Hazard over that of the population of the same age and sex [n, T], from Z-scores by bone site.

    HR^-z over its mean in a population with standard normal z, exp(ln(HR)^2 / 2): the population keeps
    its published incidence, so a person at z = 0 stands *below* it. Unknown density (no site, or nan) has
    effect 1.
    """
    if BONE_OF[site] not in z:
        return np.ones((1, 1))
    log_ratio = np.log(gradient(site, sex, age_y, draws))
    believed = np.clip(
        z[BONE_OF[site]],
        number(draws, "fracture.gradient.z_lowest"),
        number(draws, "fracture.gradient.z_highest"),
    )
    log_effect = -log_ratio * believed - log_ratio**2 / 2
    return np.exp(np.where(np.isnan(believed), 0, log_effect))
