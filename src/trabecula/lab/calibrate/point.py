"""The most probable point, by damped Gauss-Newton, and the normal approximation around it."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from trabecula.lab.calibrate.likelihood import Likelihood

Array = NDArray[np.float64]
_NUDGE = 0.02  # step of the finite differences on the scale of the moves
_LONGEST = 0.5  # the longest step of one parameter
_DAMPING, _EASED, _STIFFENED = 5.0, 3.0, 5.0  # how the search goes on


@dataclass(frozen=True)
class Point:
    """A point [d] with its weighted distances [findings] and their derivatives [findings, d]."""

    moves: Array
    z: Array
    jacobian: Array
    cost: float

    def precision(self, prior_sd: Array) -> Array:
        """Inverse covariance of the normal approximation [d, d]: findings and prior."""
        return precision_of(self.jacobian, prior_sd)


def precision_of(jacobian: Array, prior_sd: Array) -> Array:
    """Inverse covariance [d, d] of findings with these derivatives [findings, d] and a prior with these widths [d]."""
    return jacobian.T @ jacobian + np.diag(prior_sd**-2.0)


def at(likelihood: Likelihood, moves: Array) -> Point:
    """Distances and derivatives at a point: every parameter is nudged in a draw of its own, in one pass."""
    nudged = np.vstack([moves, moves + _NUDGE * np.eye(len(moves))])
    z = likelihood.distances(nudged)
    return Point(
        moves,
        z[:, 0],
        (z[:, 1:] - z[:, :1]) / _NUDGE,
        -2.0 * float(likelihood.log_posterior(moves[None], z[:, :1])[0]),
    )


def climb(
    likelihood: Likelihood, start: Array, steps: int, said: Callable[[str], None] = lambda _: None
) -> Point:
    """The best point found in so many steps from a start."""
    best, damping = at(likelihood, start), _DAMPING
    said(f"start  cost {best.cost:.1f}")
    for turn in range(steps):
        tried = at(likelihood, best.moves + _step(best, likelihood.prior_sd, damping))
        better = np.isfinite(tried.cost) and tried.cost < best.cost
        damping = damping / _EASED if better else damping * _STIFFENED
        said(f"step {turn + 1}: cost {best.cost:.1f} -> {tried.cost:.1f}")
        best = tried if better else best
    return best


def _step(point: Point, prior_sd: Array, damping: float) -> Array:
    """One damped Gauss-Newton step."""
    A = point.precision(prior_sd) + damping * np.eye(len(point.moves))
    slope = point.jacobian.T @ point.z + point.moves / prior_sd**2
    return np.clip(-np.linalg.solve(A, slope), -_LONGEST, _LONGEST).astype(np.float64)
