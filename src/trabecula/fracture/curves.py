"""Parameters as arrays that fit people and times: numbers [n, 1], curves read off at points [n, T]."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from trabecula.evidence import Draws

Array = NDArray[np.float64]


def number(draws: Draws, name: str) -> Array:
    """A parameter that is one number, as a column [n, 1]."""
    return draws[name][:, None]


def curve(draws: Draws, name: str, at: ArrayLike) -> Array:
    """A curve at points [T] or [n, T], linear between knots and flat beyond them [n, T]; nan stays nan."""
    return _read_off(draws.knots(name), draws[name], at)


def log_curve(draws: Draws, name: str, at: ArrayLike) -> Array:
    """A curve of rates or ratios, log-linear between knots and flat beyond them [n, T]."""
    return np.exp(_read_off(draws.knots(name), np.log(draws[name]), at))


def _read_off(knots: Array, values: Array, at: ArrayLike) -> Array:
    """Linear interpolation of every row of values [n, k] at points [T] or [n, T]."""
    inside = np.clip(np.atleast_1d(np.asarray(at, dtype=np.float64)), knots[0], knots[-1])
    left = np.clip(np.searchsorted(knots, inside, side="right") - 1, 0, len(knots) - 2)
    weight = (inside - knots[left]) / (knots[left + 1] - knots[left])
    low, high = _gather(values, left), _gather(values, left + 1)
    return low + weight * (high - low)


def _gather(values: Array, index: NDArray[np.intp]) -> Array:
    """Column `index` of every row; one index for all rows [T], or an own one [n, T]."""
    if index.ndim < 2:
        return values[:, index]
    return values[np.arange(len(values))[:, None], index]
