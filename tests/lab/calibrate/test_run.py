"""A study left out is predicted by a fit that never saw it, and the allowance follows from how well."""

from contextlib import nullcontext
from types import SimpleNamespace

import numpy as np
import pytest
from scipy.optimize import least_squares

from trabecula.lab.calibrate import run
from trabecula.lab.calibrate.likelihood import ModePoint
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


def likelihood(bend=0.0):
    """What `leave_one_out` asks of a likelihood, for findings of tolerance 1 that all weigh 1, straight or bent."""
    allowed, study = Tolerance(0.6, "printed", 0.8), SimpleNamespace(block="drugs")
    goals = [[SimpleNamespace(allowed=allowed, study=study) for _ in rows] for rows in GROUPS]
    return SimpleNamespace(
        distances=lambda moves: (moves @ SLOPES.T + bend * (moves @ SLOPES.T) ** 2 - DATA).T,
        groups=GROUPS,
        weights=np.ones(7),
        prior_sd=PRIOR,
        goals=dict(enumerate(goals)),
    )


def point(of, moves):
    """A point with its distances, derivatives and cost."""
    z = of.distances(moves[None])[:, 0]
    nudged = of.distances(moves + 1e-5 * np.eye(3))
    cost = float(np.sum(z**2) + np.sum((moves / PRIOR) ** 2))
    return ModePoint(moves, z, (nudged - z[:, None]) / 1e-5, cost)


@pytest.fixture(autouse=True)
def _here(monkeypatch):
    """No processes for a likelihood of seven findings."""
    monkeypatch.setattr(run, "in_parallel", nullcontext)


def test_a_study_left_out_is_one_that_the_fit_never_saw():
    """Distance and variance of each study are those of the linear algebra of the others."""
    mean, _ = posterior(np.arange(7))
    found = leave_one_out(likelihood(), point(likelihood(), mean), steps=30)
    for rows in GROUPS:
        others, spread = posterior(np.setdiff1d(np.arange(7), rows))
        assert found.distance[rows] == pytest.approx(SLOPES[rows] @ others - DATA[rows], abs=1e-3)
        assert found.variance[rows] == pytest.approx(np.diag(SLOPES[rows] @ spread @ SLOPES[rows].T), rel=1e-3)


def test_where_findings_bend_the_model_is_run_where_the_others_lead():
    """The distance of a bent finding is the one at the best point of the others, found by a search of its own."""
    bent = likelihood(bend=0.15)

    def rest(moves, rows):
        return np.concatenate([np.delete(bent.distances(moves[None])[:, 0], rows), moves / PRIOR])

    common = least_squares(rest, np.zeros(3), args=([],)).x
    found = leave_one_out(bent, point(bent, common), steps=30)
    for rows in GROUPS:
        others = least_squares(rest, common, args=(rows,)).x
        assert found.distance[rows] == pytest.approx(bent.distances(others[None])[rows, 0], abs=0.02)


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
