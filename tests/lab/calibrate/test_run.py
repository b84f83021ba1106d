"""Leaving a study out by algebra is leaving it out by fitting the others."""

from types import SimpleNamespace

import numpy as np
import pytest

from trabecula.lab.calibrate.run import LeaveOneOut, leave_one_out
from trabecula.lab.studies.tolerance import Tolerance

RNG = np.random.default_rng(2)
SLOPES = RNG.standard_normal((7, 3))
DATA = RNG.standard_normal(7)
PRIOR = np.array([0.8, 1.2, 0.6])
GROUPS = [np.array([0, 1]), np.array([2, 3, 4]), np.array([5, 6])]


def posterior(rows):
    """Mean and covariance given some of the findings, by linear algebra."""
    covariance = np.linalg.inv(SLOPES[rows].T @ SLOPES[rows] + np.diag(PRIOR**-2.0))
    return covariance @ SLOPES[rows].T @ DATA[rows], covariance


def likelihood():
    """What `left_out` asks of a likelihood, for straight findings of tolerance 1 that all weigh 1."""
    goals = [[SimpleNamespace(allowed=Tolerance(0.6, "printed", 0.8)) for _ in rows] for rows in GROUPS]
    return SimpleNamespace(
        distances=lambda moves: (moves @ SLOPES.T - DATA).T,
        groups=GROUPS,
        weights=np.ones(7),
        goals=dict(enumerate(goals)),
    )


def test_algebra_and_a_new_fit_agree():
    """Distance and variance of each study are those of a fit that never saw it."""
    mean, covariance = posterior(np.arange(7))
    moves = RNG.multivariate_normal(mean, covariance, 200_000)
    found = leave_one_out(likelihood(), moves)
    for rows in GROUPS:
        others, spread = posterior(np.setdiff1d(np.arange(7), rows))
        assert found.distance[rows] == pytest.approx(SLOPES[rows] @ others - DATA[rows], abs=0.03)
        assert found.variance[rows] == pytest.approx(np.diag(SLOPES[rows] @ spread @ SLOPES[rows].T), rel=0.03)


def test_a_good_model_keeps_the_allowance():
    """Where more than nine of ten are held as it is, the factor is 1."""
    assert LeaveOneOut(np.zeros(10), np.full(10, 0.1), np.full(10, 0.4)).factor == 1.0


def test_the_factor_holds_nine_of_ten_and_no_less_would():
    """Findings far off call for a wider allowance, and not for one wider than needed."""
    far = LeaveOneOut(2.0 * RNG.standard_normal(400), np.full(400, 0.2), np.full(400, 0.3))
    assert far.held(far.factor) >= 0.9
    assert far.held(far.factor - 0.05) < 0.9
