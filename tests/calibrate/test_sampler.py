"""The sampler draws from what it is told to draw from, and a stopped run goes on as if nothing had happened."""

import numpy as np
import pytest

from trabecula.calibrate import sample

PRECISION = np.array([[2.0, 0.6, 0.0], [0.6, 1.0, 0.3], [0.0, 0.3, 0.5]])
MEAN = np.array([1.0, -2.0, 0.5])


def normal(x):
    """A normal log density."""
    return -0.5 * np.einsum("ni,ij,nj->n", x - MEAN, PRECISION, x - MEAN)


def skewed(x):
    """Log-gamma in each of two coordinates: shape 2, far from normal."""
    return np.sum(2.0 * x - np.exp(x), axis=1)


def test_a_normal_is_drawn_as_it_is_and_needs_one_temperature():
    """Started from itself, mean and covariance come out."""
    drawn = sample(normal, MEAN, PRECISION, 4000, seed=3)
    assert drawn.temperatures == (1.0,)
    assert drawn.moves.mean(axis=0) == pytest.approx(MEAN, abs=0.1)
    assert np.cov(drawn.moves.T) == pytest.approx(np.linalg.inv(PRECISION), abs=0.25)


def test_a_wrong_start_is_corrected():
    """From a normal in the wrong place and of the wrong width the same posterior comes out."""
    drawn = sample(normal, MEAN + 0.7, 0.6 * PRECISION, 4000, seed=4)
    assert drawn.moves.mean(axis=0) == pytest.approx(MEAN, abs=0.12)
    assert np.cov(drawn.moves.T) == pytest.approx(np.linalg.inv(PRECISION), abs=0.3)


def test_a_skewed_posterior_is_drawn_as_it_is():
    """The logarithm of a gamma variable: mean digamma(2) = 0.4228, variance trigamma(2) = 0.6449 (tables)."""
    drawn = sample(skewed, np.array([np.log(2.0)] * 2), 2.0 * np.eye(2), 6000, seed=5)
    assert drawn.moves.mean(axis=0) == pytest.approx([0.4228, 0.4228], abs=0.05)
    assert drawn.moves.var(axis=0) == pytest.approx([0.6449, 0.6449], abs=0.08)


class Killed(Exception):
    """The machine went down."""


def test_a_run_that_is_killed_and_started_again_gives_the_same_draws(tmp_path):
    """What was evaluated before is read and not evaluated again."""
    calls = []

    def counted(x):
        calls.append(len(x))
        if len(calls) == 4:
            raise Killed
        return skewed(x)

    start = (np.zeros(2), 1.5 * np.eye(2), 200)
    whole = sample(skewed, *start, seed=6)
    with pytest.raises(Killed):
        sample(counted, *start, seed=6, folder=tmp_path)
    resumed = sample(counted, *start, seed=6, folder=tmp_path)
    assert np.array_equal(resumed.moves, whole.moves)
    assert sum(calls) == whole.evaluations + 200  # the one that was lost was done twice


def test_where_the_model_has_no_answer_nobody_stays():
    """A density that is nought on one side keeps every draw on the other."""
    half = lambda x: np.where(x[:, 0] > 0.0, -0.5 * np.sum(x**2, axis=1), -np.inf)  # noqa: E731
    drawn = sample(half, np.array([0.5]), np.eye(1), 500, seed=7)
    assert (drawn.moves > 0.0).all()
    assert drawn.moves.mean() == pytest.approx(np.sqrt(2.0 / np.pi), abs=0.1)


def test_moves_by_blocks_leave_a_posterior_as_it_is():
    """A last sweep over blocks of directions draws from the same skewed posterior."""
    drawn = sample(
        skewed, np.array([np.log(2.0)] * 2), 2.0 * np.eye(2), 6000, seed=8, prior_sd=np.array([1.0, 3.0])
    )
    assert drawn.moves.mean(axis=0) == pytest.approx([0.4228, 0.4228], abs=0.05)
    assert drawn.moves.var(axis=0) == pytest.approx([0.6449, 0.6449], abs=0.08)
