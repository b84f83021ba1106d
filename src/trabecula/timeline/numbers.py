"""A curve of the registry over age, read on days since birth."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from trabecula.evidence import Evidence
from trabecula.units import DAYS_PER_YEAR


@dataclass(frozen=True)
class ByAge:
    """A curve over age [y], read on days since birth: one value for each year of life, as segments are constant."""

    ages_y: Sequence[float]
    values: Sequence[float]

    def at(self, days: NDArray[np.float64]) -> NDArray[np.float64]:
        """The value on each day, that of the middle of its year of life."""
        middle_y = np.floor(days / DAYS_PER_YEAR) + 0.5
        return np.interp(middle_y, self.ages_y, self.values)


def by_age(evidence: Evidence, name: str) -> ByAge:
    """A parameter that is a curve over age, or one number for all ages."""
    if evidence[name].at is None:
        return ByAge((0.0,), (evidence.scalar(name),))
    return ByAge(*evidence.curve(name))
