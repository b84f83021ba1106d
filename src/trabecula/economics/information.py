"""What it would be worth to know more before one decides.

Under today's knowledge one strategy has the greatest mean net benefit. If everything were known, each draw would get
the one that is best there; the gain is the expected value of perfect information. If one part alone were known, the
choice would follow what is expected given that part: the regression of net benefit on it (Strong, Oakley and Brennan
2014, Med Decis Making 34:311). Here the regression is one of penalised cubic splines, with the penalty that generalised
cross-validation prefers, in numpy; what was tried beside it stands in decision 28.
"""

import numpy as np

from trabecula.units import Array

_KNOTS = 6
"""Inner knots of a spline, at quantiles of the part."""
_DEGREE = 3
_PENALTIES = np.logspace(-8.0, 4.0, 25)
"""That cross-validation chooses among, relative to the size of the design."""
_FEWEST = 50
"""Draws below which a regression would mirror chance."""


def perfect_information(worth: Array) -> float:
    """The expected value of knowing everything, per decision, of net benefits [S, D]."""
    return float(worth.max(axis=0).mean() - worth.mean(axis=1).max())


def perfect_information_about(worth: Array, parts: Array) -> float:
    """The expected value of knowing some parameters, per decision.

    worth: net benefits [S, D]; parts: their values in the same draws [D] or [D, P]. A part that does not vary is worth
    nothing. Raises ValueError for fewer than 50 draws.
    """
    draws = worth.shape[1]
    if draws < _FEWEST:
        raise ValueError(f"value of information about a part: found {draws} draws; expected {_FEWEST} or more")
    values = np.asarray(parts, dtype=np.float64).reshape(draws, -1)
    values = values[:, np.ptp(values, axis=0) > 0.0]
    if not values.shape[1]:
        return 0.0
    more = worth[1:] - worth[0]
    fitted = np.concatenate([np.zeros((1, draws)), _fitted(*_design(values), more.T).T])
    return max(0.0, float(fitted.max(axis=0).mean() - fitted.mean(axis=1).max()))


def _design(values: Array) -> tuple[Array, Array]:
    """A plane through the parts [D, 1 + P], and what bends it: a spline of each part and the products of two [D, Q]."""
    scaled = (values - values.mean(axis=0)) / values.std(axis=0)
    splines = [_spline(column) for column in scaled.T]
    pairs = [scaled[:, [i]] * scaled[:, [j]] for i in range(scaled.shape[1]) for j in range(i)]
    return np.hstack([np.ones((len(values), 1)), scaled]), np.hstack([*splines, *pairs])


def _spline(x: Array) -> Array:
    """Square, cube, and a cube that begins at each knot [D, 2 + knots]: a cubic spline without its line."""
    knots = np.unique(np.quantile(x, np.linspace(0.0, 1.0, _KNOTS + 2)[1:-1]))
    powers = [x**power for power in range(2, _DEGREE + 1)]
    begins = [np.maximum(x - knot, 0.0) ** _DEGREE for knot in knots]
    return np.column_stack([*powers, *begins])


def _fitted(plane: Array, bends: Array, wanted: Array) -> Array:
    """Each column of what is wanted [D, T] by the plane and as much bend as cross-validation prefers [D, T]."""
    straight, _ = np.linalg.qr(plane)
    fitted = straight @ (straight.T @ wanted)
    bent = bends - straight @ (straight.T @ bends)
    left, sizes, _ = np.linalg.svd(bent / np.linalg.norm(bent, axis=0), full_matrices=False)
    shrinks = [sizes**2 / (sizes**2 + penalty) for penalty in _PENALTIES]
    for t, rest in enumerate((wanted - fitted).T):
        projected = left.T @ rest
        best = min(shrinks, key=lambda shrink, p=projected, r=rest: _error(shrink, p, r, plane.shape[1]))
        fitted[:, t] += left @ (best * projected)
    return fitted


def _error(shrink: Array, projected: Array, rest: Array, fixed: int) -> float:
    """The generalised cross-validation error of a penalty; fixed: columns without one."""
    missed = (1.0 - shrink) * projected
    unexplained = rest @ rest - projected @ projected + missed @ missed
    return float(unexplained / (len(rest) - fixed - shrink.sum()) ** 2)
