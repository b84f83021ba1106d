"""Death: the life table, the MS excess by disability, and the excess after a hip fracture."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from trabecula.evidence import SEX_GROUP, Draws
from trabecula.evidence.draws import Array
from trabecula.fracture.history import PriorFracture
from trabecula.vocabulary import COUNTRIES

if TYPE_CHECKING:
    from trabecula.fracture.exposure import Exposure


def background(sex: str, country: str, age_y: Array, draws: Draws) -> Array:
    """Deaths per person-year of the general population [n, T], from the yearly probability at whole ages."""
    name = f"mortality.{COUNTRIES[country].registry}.{SEX_GROUP[sex]}"
    last = draws[name].shape[1] - 1
    year = np.minimum(np.floor(age_y).astype(np.int64), last)
    return -np.log1p(-draws[name][:, year])


def ms_ratio(exposure: "Exposure", draws: Draws) -> Array:
    """Ratio of the death rate with MS: it follows disability, and fades with age [n, T]."""
    if not exposure.has_ms.any():
        return np.ones((1, 1))
    excess = draws.curve("mortality.ms.excess", exposure.edss)
    left = draws.curve("mortality.ms.excess_by_age", exposure.age_y)
    return 1 + np.where(exposure.has_ms, excess * left, 0)


def after_hip_ratio(sex: str, priors: Sequence[PriorFracture] | None, years_on: Array, draws: Draws) -> Array:
    """Ratio of the death rate after the latest hip fracture before the grid [n, T]."""
    hips = [prior.years_since for prior in priors or () if prior.site == "hip"]
    if not hips:
        return np.ones((1, 1))
    return 1 + draws.curve(f"mortality.after_hip.{SEX_GROUP[sex]}", min(hips) + years_on)


def death_rate(exposure: "Exposure", draws: Draws) -> Array:
    """The person's deaths per person-year [n, T]."""
    return background(exposure.sex, exposure.country, exposure.age_y, draws) * ratio(exposure, draws)


def ratio(exposure: "Exposure", draws: Draws) -> Array:
    """The person's death rate over the general population's [n, T]."""
    after_hip = after_hip_ratio(exposure.sex, exposure.priors, exposure.middle_y, draws)
    return ms_ratio(exposure, draws) * after_hip
