"""The sampler draws from what it is told to draw from, and a stopped run goes on as if nothing had happened."""

import numpy as np
import pytest

from trabecula.lab.calibrate import TargetDensity, sample

ALL = [np.arange(3)]
SLOPES = np.array([[1.2, 0.3, 0.0], [0.0, 0.8, -0.4], [0.5, 0.0, 0.6]])
DATA = np.array([0.6, -0.4, 0.2])
PRIOR = np.array([1.0, 0.7, 2.0])
WIDE = np.array([2.0, 2.0])
"""Sd of the prior of the two parameters of a curved posterior."""


def straight(x):
    """Findings that follow the parameters in a straight line."""
    return (x @ SLOPES.T - DATA).T


def exact():
    """Mean and covariance of the posterior of straight findings, by linear algebra."""
    covariance = np.linalg.inv(SLOPES.T @ SLOPES + np.diag(PRIOR**-2.0))
    return covariance @ SLOPES.T @ DATA, covariance


def curved(x):
    """A finding that bends: along the posterior the second parameter follows a wave of the first."""
    return np.stack([1.4 * x[:, 0], 2.0 * (x[:, 1] - np.sin(2.0 * x[:, 0]))])


def by_quadrature(quantity):
    """Its mean under the curved posterior, on a grid."""
    a, b = np.meshgrid(np.linspace(-5, 5, 801), np.linspace(-5, 5, 801), indexing="ij")
    x = np.stack([a.ravel(), b.ravel()], axis=1)
    log_p = -0.5 * (np.sum(curved(x) ** 2, axis=0) + np.sum((x / WIDE) ** 2, axis=1))
    p = np.exp(log_p - log_p.max())
    return np.sum(p[:, None] * quantity(x), axis=0) / p.sum()


def around(distances, prior_sd, mode, groups):
    """A target whose derivatives at the mode are taken by finite differences."""
    nudged = np.vstack([mode, mode + 1e-4 * np.eye(len(mode))])
    z = distances(nudged)
    return TargetDensity(distances, prior_sd, groups, mode, (z[:, 1:] - z[:, :1]) / 1e-4)


def test_straight_findings_give_the_posterior_of_linear_algebra():
    """Mean and covariance come out, and every walk is taken, because the emulator is exact."""
    mean, covariance = exact()
    drawn = sample(around(straight, PRIOR, mean, ALL), 2000, seed=3, passes=2)
    assert drawn.moves.mean(axis=0) == pytest.approx(mean, abs=0.06)
    assert np.cov(drawn.moves.T) == pytest.approx(covariance, abs=0.08)
    assert min(drawn.acceptance) > 0.99


def test_a_wrong_start_is_corrected():
    """From a cloud in the wrong place and of the wrong width the same posterior comes out."""
    mean, covariance = exact()
    drawn = sample(around(straight, PRIOR, mean + 0.7, ALL), 2000, seed=4, wider=1.5, passes=2)
    assert drawn.moves.mean(axis=0) == pytest.approx(mean, abs=0.06)
    assert np.cov(drawn.moves.T) == pytest.approx(covariance, abs=0.08)


@pytest.mark.parametrize("wider", [1.0, 1.6])
def test_a_bent_posterior_is_drawn_as_it_is(wider):
    """Where quadratics are wrong the model decides: means and squares agree with quadrature, from either start."""
    drawn = sample(around(curved, WIDE, np.zeros(2), [np.arange(2)]), 3000, seed=5, wider=wider, passes=15)
    assert max(drawn.errors) > 0.1
    for power in (1, 2):
        expected = by_quadrature(lambda x, power=power: x**power)
        assert (drawn.moves**power).mean(axis=0) == pytest.approx(expected, abs=0.06)
    product = by_quadrature(lambda x: x[:, :1] * x[:, 1:])
    assert np.mean(drawn.moves[:, 0] * drawn.moves[:, 1]) == pytest.approx(product[0], abs=0.06)


class Killed(Exception):
    """The machine went down."""


def test_a_run_that_is_killed_and_started_again_gives_the_same_draws(tmp_path):
    """What was run before is read and not run again."""
    calls = []

    def counted(x):
        calls.append(len(x))
        if len(calls) == 8:
            raise Killed
        return curved(x)

    start = (WIDE, np.zeros(2), [np.arange(2)])
    whole = sample(around(curved, *start), 200, seed=6, passes=3)
    target = around(curved, *start)
    counting = TargetDensity(counted, target.prior_sd, target.groups, target.mode, target.jacobian)
    with pytest.raises(Killed):
        sample(counting, 200, seed=6, passes=3, folder=tmp_path)
    resumed = sample(counting, 200, seed=6, passes=3, folder=tmp_path)
    assert np.array_equal(resumed.moves, whole.moves)
    assert sum(calls) == whole.evaluations + calls[7]  # the batch that was lost was run twice


def test_where_the_model_has_no_answer_nobody_stays():
    """A model that has an answer on one side only keeps every draw there."""

    def half(x):
        return np.where(x[:, 0] > 0.0, 1.0, np.nan) * x.T

    target = TargetDensity(half, np.array([1e3]), [np.arange(1)], np.array([0.5]), np.eye(1))
    drawn = sample(target, 1000, seed=7, passes=12)
    assert (drawn.moves > 0.0).all()
    assert drawn.moves.mean() == pytest.approx(np.sqrt(2.0 / np.pi), abs=0.08)
