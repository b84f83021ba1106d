"""One finding beside the model: what every kind of study hands back."""

from dataclasses import dataclass
from typing import Literal

from trabecula.studies.tolerance import SeKind

TAIL = 0.05  # not a parameter: the model's band holds 90 %


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
