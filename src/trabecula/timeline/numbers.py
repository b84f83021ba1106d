"""One number or one curve from the registry, as plain floats."""

from collections.abc import Sequence

import numpy as np

from trabecula.evidence import Evidence


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


def curve(evidence: Evidence, name: str) -> tuple[Sequence[float], Sequence[float]]:
    """The knots and the values of a curve."""
    parameter = evidence[name]
    if parameter.at is None or not isinstance(parameter.value, tuple):
        raise TypeError(f"{name} is one number, a curve was expected")
    return parameter.at, parameter.value
