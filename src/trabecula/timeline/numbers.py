"""One number or one curve from the registry, as plain floats."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from trabecula.evidence import Evidence
from trabecula.units import DAYS_PER_YEAR


def scalar(evidence: Evidence, name: str) -> float:
    """The value of a parameter that is one number."""
    value = evidence[name].value
    if isinstance(value, tuple):
        raise TypeError(f"{name} is a curve, one number was expected")
    return float(value)


def curve_at(evidence: Evidence, name: str, x: float) -> float:
    """The value of a curve at x: straight between its knots, constant outside."""
    knots, values = curve(evidence, name)
    return float(np.interp(x, knots, values))


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
        return ByAge((0.0,), (scalar(evidence, name),))
    return ByAge(*curve(evidence, name))


def curve(evidence: Evidence, name: str) -> tuple[Sequence[float], Sequence[float]]:
    """The knots and the values of a curve."""
    parameter = evidence[name]
    if parameter.at is None or not isinstance(parameter.value, tuple):
        raise TypeError(f"{name} is one number, a curve was expected")
    return parameter.at, parameter.value
