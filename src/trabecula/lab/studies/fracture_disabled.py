"""Fractures of people with a disability that is not MS, against people of the same age without it."""

import numpy as np
from numpy.typing import NDArray

from trabecula.evidence import Draws
from trabecula.fracture import Exposure, hazards
from trabecula.lab.studies.fracture_record import Disabled
from trabecula.lab.studies.one_road import OUTCOMES

Array = NDArray[np.float64]


def measure(setting: Disabled, what: str, draws: Draws) -> Array:
    """A measure by its words [n]: "ratio hip", or "odds leg hip", the ratio of one over that of the other."""
    kind, *outcomes = what.split()
    ratios = [_ratio(setting, outcome, draws) for outcome in outcomes]
    return ratios[0] / ratios[1] if kind == "odds" else ratios[0]


def _ratio(setting: Disabled, outcome: str, draws: Draws) -> Array:
    """Fractures of both sexes together, theirs over those of others [n]."""
    own, others = (
        sum(share * _rate(setting, sex, outcome, disabled, draws) for sex, share in _sexes(setting))
        for disabled in (True, False)
    )
    return np.asarray(own / others)


def _sexes(setting: Disabled) -> tuple[tuple[str, float], ...]:
    return ("female", setting.women), ("male", 1.0 - setting.women)


def _rate(setting: Disabled, sex: str, outcome: str, disabled: bool, draws: Draws) -> Array:
    """Fractures a year; the others have the density of the population [n]."""
    exposure = Exposure(
        sex,
        setting.country,
        np.array([setting.age_y]),
        np.ones(1),
        wheelchair=disabled and setting.sits,
        fall_ratio=setting.falls if disabled else setting.falls_of_others,
    )
    z = {bone: np.full((1, 1), each) for bone, each in setting.z.items()} if disabled else {}
    found = hazards(exposure, z, draws).per_year
    return sum((found[site] for site in OUTCOMES[outcome]), np.zeros((1, 1)))[:, 0]
