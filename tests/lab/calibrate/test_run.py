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
    allowed, study = Tolerance(0.6, "printed", 0.8), SimpleNamespace(block="drugs")
    goals = [[SimpleNamespace(allowed=allowed, study=study) for _ in rows] for rows in GROUPS]
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


def left_out(distances, variance=0.2, share_se=0.3, block="drugs"):
    """So many findings of one chapter, predicted without their studies."""
    n = len(distances)
    return LeaveOneOut(distances, np.full(n, variance), np.full(n, share_se), np.full(n, block))


def test_a_good_model_keeps_the_allowance():
    """Where more than nine of ten are held as it is, the factor is 1."""
    assert left_out(np.zeros(10)).factor == 1.0


def test_the_factor_holds_nine_of_ten_and_no_less_would():
    """Findings far off call for a wider allowance, and not for one wider than needed."""
    far = left_out(2.0 * RNG.standard_normal(400))
    assert far.held(far.factor) >= 0.9
    assert far.held(far.factor - 0.05) < 0.9


def test_a_chapter_that_the_common_factor_hardly_holds_gets_its_own():
    """Of ten findings or more; a chapter that is held keeps the common one, and so does one of too few findings."""
    held, wild, few = (
        left_out(np.zeros(300)),
        left_out(np.full(20, 4.0), block="oral"),
        left_out(np.full(9, 4.0), block="ms"),
    )
    parts = (
        np.concatenate(parts)
        for parts in zip(*((p.distance, p.variance, p.share_se, p.blocks) for p in (held, wild, few)), strict=True)
    )
    together = LeaveOneOut(*parts)
    assert together.factor == 1.0
    assert list(together.own_factors) == ["oral"]
    assert together.of("oral").held(together.own_factors["oral"]) >= 0.9
