"""The emulator says what the model says where the model is quadratic, and knows which way is up."""

import numpy as np
import pytest

from trabecula.lab.calibrate.sampler import Emulator

RNG = np.random.default_rng(1)
SLOPES = np.array([[1.0, -0.5, 0.0, 0.0], [0.0, 0.0, 0.7, 0.2], [0.3, 0.0, 0.0, 0.9]])
GROUPS = [np.array([0]), np.array([1, 2])]
PRIOR = np.full(4, 0.7)
MIDDLE = np.array([0.2, -0.1, 0.0, 0.3])


def model(x):
    """Quadratic findings: the first answers to the first two parameters, the others to all but the second."""
    v = (x - MIDDLE) @ SLOPES.T
    return (v + 0.3 * v**2 - 0.5).T


def fitted(x, z):
    """An emulator of these runs."""
    precision = SLOPES.T @ SLOPES + np.diag(PRIOR**-2.0)
    return Emulator.of(x, z, MIDDLE, SLOPES, precision, PRIOR, GROUPS)


def log_density(x):
    """The log density that the emulator is to say."""
    return -0.5 * (np.sum(model(x) ** 2, axis=0) + np.sum((x / PRIOR) ** 2, axis=1))


CLOUD = MIDDLE + 0.8 * RNG.standard_normal((4000, 4))


def test_a_quadratic_model_is_said_as_it_is():
    """Between the runs it was fitted to, the emulated log density is the model's."""
    elsewhere = MIDDLE + 0.6 * RNG.standard_normal((50, 4))
    found, _ = fitted(CLOUD, model(CLOUD)).log_density(elsewhere)
    assert found == pytest.approx(log_density(elsewhere), abs=0.05)


def test_its_slopes_are_those_of_its_log_density():
    """A small step changes the log density by the slope times the step."""
    emulator, x, step = fitted(CLOUD, model(CLOUD)), CLOUD[:20], 1e-5
    _, slope = emulator.log_density(x)
    for column in range(4):
        ahead, behind = x.copy(), x.copy()
        ahead[:, column] += step
        behind[:, column] -= step
        rise = (emulator.log_density(ahead)[0] - emulator.log_density(behind)[0]) / (2 * step)
        assert rise == pytest.approx(slope[:, column], rel=1e-4, abs=1e-4)


def test_runs_without_an_answer_are_left_out():
    """Where the model has no answer there is nothing to learn, and the rest is learnt all the same."""
    z = model(CLOUD)
    z[:, ::7] = np.nan
    found, _ = fitted(CLOUD, z).log_density(CLOUD[:20])
    assert found == pytest.approx(log_density(CLOUD[:20]), abs=0.05)
