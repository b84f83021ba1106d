"""Parameters as arrays that fit people and times: numbers [n, 1], curves read off at points [n, T]."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from trabecula.evidence import Draws

Array = NDArray[np.float64]

SEX_GROUP = {"female": "women", "male": "men"}
"""How the registry names the sexes of a population."""


def number(draws: Draws, name: str) -> Array:
    """A parameter that is one number, as a column [n, 1]."""
    return draws[name][:, None]


def curve(draws: Draws, name: str, at: ArrayLike) -> Array:
    """A curve at points [T] or [n, T], linear between knots and flat beyond them [n, T]; nan stays nan."""
    return _read_off(draws.knots(name), draws[name], at)


def log_curve(draws: Draws, name: str, at: ArrayLike) -> Array:
    """A curve of rates or ratios, log-linear between knots and flat beyond them [n, T]."""
    return np.exp(_read_off(draws.knots(name), np.log(draws[name]), at))


def ratios(draws: Draws, name: str, at: ArrayLike) -> Array:
    """Rates or ratios that may be a curve, read off at points [n, T], or one number for all of them [n, 1]."""
    return number(draws, name) if draws.evidence[name].at is None else log_curve(draws, name, at)


def of_sex(name: str, sex: str, draws: Draws) -> str:
    """The parameter's id: that of the sex where each has its own, `<name>.women`, else the common one."""
    own = f"{name}.{SEX_GROUP[sex]}"
    return own if own in draws.evidence else name


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
