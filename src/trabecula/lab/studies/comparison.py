"""One finding beside the model: what every kind of study hands back."""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from trabecula import chance
from trabecula.lab.studies.tolerance import SeKind

TAIL = 0.05  # the model's band holds 90 %


def covers(model: NDArray[np.float64], published: float, error: float) -> bool:
    """Whether the 90 % interval of the model's draws [n] with a normal error holds what was published."""
    below = float(np.mean(chance.normal_cdf((published - model) / error)))
    return TAIL <= below <= 1.0 - TAIL


@dataclass(frozen=True)
class Comparison:
    """One finding beside the model."""

    study: str
    finding: str
    block: str
    published: float | None
    published_lower: float | None
    published_upper: float | None
    model: float
    model_lower: float
    model_upper: float
    unit: str
    z: float | None
    se_kind: SeKind
    role: Literal["fitted", "predicted"]
    seen: bool
    direction: str | None
    within: bool
    covered: bool | None
    """Whether the 90 % interval of model (draws and learnt allowance) and measurement holds the published number."""
    covered_by_rule: bool | None
    """The same with the allowance as it was fixed before any fit."""
    covered_by_draws: bool | None
    """The same without an allowance: draws and measurement alone. All three are none for a direction."""
