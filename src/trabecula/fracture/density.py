"""What bone density does to the fracture hazard: a ratio per SD, steepest at the hip and in the young."""

from collections.abc import Mapping

import numpy as np

from trabecula.evidence import SEX_GROUP, Draws
from trabecula.units import Array
from trabecula.vocabulary import FRACTURE_SITES, simulated_sites


def gradient(site: str, sex: str, age_y: Array, draws: Draws) -> Array:
    """Hazard ratio per SD of lower density [n, T], or [n, 1] where it is the same at all ages.

    At the hip, forearm and humerus it changes with age; in no draw does thinner bone break less.
    """
    return np.maximum(draws.ratios(draws.evidence.of_sex(f"fracture.gradient.{site}", sex), age_y), 1.0)


def effect(site: str, sex: str, age_y: Array, z: Mapping[str, Array], draws: Draws) -> Array:
    """Hazard over that of the population of the same age and sex [n, T], from Z-scores by bone site.

    HR^-z over its mean in a population with standard normal z, exp(ln(HR)^2 / 2): the population keeps
    its published incidence, so a person at z = 0 stands *below* it. Where the bone that speaks for a site was
    not measured another one does, by their correlation. Unknown density (no site, or nan) has effect 1.
    """
    if not is_known(z):
        return np.ones((1, 1))
    bone, correlation = _speaks_for(FRACTURE_SITES[site].bone, z, draws)
    log_ratio = correlation * np.log(gradient(site, sex, age_y, draws))
    ends = (draws.curve(f"fracture.gradient.z_{end}.{SEX_GROUP[sex]}", age_y) for end in ("lowest", "highest"))
    believed = np.clip(z[bone], *ends)
    log_effect = -log_ratio * believed - log_ratio**2 / 2
    return np.exp(np.where(np.isnan(believed), 0, log_effect))


def is_known(z: Mapping[str, Array]) -> bool:
    """Whether anything is known of density."""
    return any(bone in z for bone in simulated_sites())


def _speaks_for(bone: str, z: Mapping[str, Array], draws: Draws) -> tuple[str, Array]:
    """The measured bone that says most about one, and its correlation with it [n, 1]."""
    if bone in z:
        return bone, np.ones((1, 1))
    known = [other for other in simulated_sites() if other in z]
    correlations = [draws.column(_correlation(bone, other)) for other in known]
    best = max(range(len(known)), key=lambda i: float(correlations[i].mean()))
    return known[best], correlations[best]


def _correlation(one: str, other: str) -> str:
    """The parameter that correlates two bones."""
    first, second = sorted((one, other), key=simulated_sites().index)
    return f"reference.bmd_correlation.{first}.{second}"
