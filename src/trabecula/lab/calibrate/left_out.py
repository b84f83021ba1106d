"""How far the model is from a fitted finding that it was not fitted to: every study predicted from all the others.

Near the posterior the findings are close to linear in the parameters, and for a linear model leaving a study out needs
no new fit: with C the covariance of its findings among the draws and r their mean distance, both in units in which the
error of the data is 1, the distances without the study are (I - C)^-1 r and their covariance C (I - C)^-1.

From that follows the allowance that holds what it promises: the factor on the rule's allowance (`studies.tau.*`) with
which nine of ten fitted findings lie in the 90 % interval of a model that did not see their study. Nothing predicted
is looked at.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from trabecula.lab.calibrate.likelihood import Likelihood

Array = NDArray[np.float64]
_PROMISED = 0.9  # the share of the findings that an interval is to hold
_HALF_WIDTH = 1.645  # standard deviations from the middle to the end of a 90 % interval
_MOST_LEVERAGE = 0.95  # draws that are no normal may seem to leave the data no error at all
_FINENESS = 0.05  # steps in which the factor is sought


@dataclass(frozen=True)
class LeftOut:
    """Fitted findings predicted without their study: distance and variance [findings], in units of the tolerance."""

    distance: Array
    variance: Array
    share_se: Array
    """Share of the squared tolerance that is the standard error of what was published."""

    def held(self, factor: float) -> float:
        """The share of findings in the 90 % interval of model, measurement and `factor` times the allowance."""
        width = np.sqrt(self.variance + self.share_se + factor**2 * (1.0 - self.share_se))
        return float(np.mean(np.abs(self.distance) <= _HALF_WIDTH * width))

    @property
    def factor(self) -> float:
        """The smallest factor on the allowance, 1 at least, that holds nine of ten."""
        factor = 1.0
        while self.held(factor) < _PROMISED:
            factor += _FINENESS
        return round(factor, 2)


def left_out(likelihood: Likelihood, moves: Array) -> LeftOut:
    """Predict every study from the others, by the draws [n, d] of the posterior."""
    z = likelihood.distances(moves)
    z = z[:, np.isfinite(z).all(axis=0)]
    distance, variance = np.empty(len(z)), np.empty(len(z))
    for rows in likelihood.groups:
        shared = np.cov(z[rows]).reshape(len(rows), len(rows))
        size, directions = np.linalg.eigh(shared)
        size = np.minimum(size, _MOST_LEVERAGE)
        distance[rows] = directions @ ((directions.T @ z[rows].mean(axis=1)) / (1.0 - size))
        variance[rows] = np.diag(directions @ np.diag(size / (1.0 - size)) @ directions.T)
    allowed = [goal.allowed for found in likelihood.wanted.values() for goal in found]
    share_se = np.array([each.se**2 / (each.se**2 + each.tau**2) for each in allowed])
    return LeftOut(distance / likelihood.weights, variance / likelihood.weights**2, share_se)
