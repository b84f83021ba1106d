"""People who are alike fall differently: a gamma frailty of mean 1, and what a person's count says of it."""

from dataclasses import dataclass
from math import lgamma

import numpy as np

from trabecula.evidence import Draws
from trabecula.fracture.curves import Array, number
from trabecula.fracture.history import FallCount

log_gamma = np.vectorize(lgamma, otypes=[np.float64])


@dataclass(frozen=True)
class Frailty:
    """How much more a person falls than people alike: its mean, and the mean of its power b over average."""

    mean: Array
    power: Array


def frailty(falls: FallCount | None, rate: Array, draws: Draws) -> Frailty:
    """Gamma-Poisson: a gamma of shape k and mean 1, updated by a count where `rate` [n, 1] was expected.

    With a count c where m was expected it becomes a gamma of shape k + c and rate k + m.
    """
    if falls is None:
        return Frailty(np.ones((1, 1)), np.ones((1, 1)))
    k, b = number(draws, "fall.dispersion"), number(draws, "fall.exponent")
    expected = rate * falls.period_y
    mean = (k + falls.count) / (k + expected)
    log_power = _log_moment(k + falls.count, k + expected, b) - _log_moment(k, k, b)
    return Frailty(mean, np.exp(log_power))


def _log_moment(shape: Array, rate: Array, b: Array) -> Array:
    """Log of the mean of x^b for a gamma variable x."""
    return log_gamma(shape + b) - log_gamma(shape) - b * np.log(rate)
