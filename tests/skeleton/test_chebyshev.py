"""The long steps of the quiet years are stable as far as they say, and of second order."""

import numpy as np
import pytest

from trabecula.skeleton.chebyshev import FEWEST, FURTHEST, MOST, REACH, STAGES, stages_for

EVERY = range(FEWEST, MOST + 1)


def one_step(stages, product):
    """A state of 1 that decays at a rate, after one step; `product` is step times rate."""
    mu, nu, mu_slope, gamma_slope, _ = STAGES[stages].T
    before, last = np.ones_like(product), 1.0 - mu_slope[1] * product
    for j in range(2, stages + 1):
        slope = -mu_slope[j] * product * last - gamma_slope[j] * product
        before, last = last, 1.0 - mu[j] - nu[j] + mu[j] * last + nu[j] * before + slope
    return last


@pytest.mark.parametrize("stages", EVERY)
def test_what_decays_never_grows_within_reach(stages):
    """However long the step up to its reach, a decaying state comes out no larger."""
    assert np.abs(one_step(stages, np.linspace(0.0, REACH[stages], 5001))).max() <= 1.0 + 1e-14


@pytest.mark.parametrize("stages", EVERY)
def test_fast_states_are_damped_inside_the_reach(stages):
    """Where a step is much longer than a state's time, the state is damped and doesn't ring on for ever."""
    inside = np.linspace(1.0, 0.95 * REACH[stages], 5001)
    assert np.abs(one_step(stages, inside)).max() < 0.97


@pytest.mark.parametrize("stages", EVERY)
def test_a_step_is_of_second_order(stages):
    """Halving a short step makes its distance from the exponential eight times smaller."""
    step = np.array([0.02, 0.01])
    error = one_step(stages, step) - np.exp(-step)
    assert error[0] / error[1] == pytest.approx(8.0, rel=0.05)


@pytest.mark.parametrize("reach", [0.5, 3.0, 30.0, 100.0, 0.999 * FURTHEST])
def test_as_many_stages_as_are_needed(reach):
    """The stages that are chosen bear the step, and a quarter fewer would not."""
    stages = stages_for(reach)
    assert REACH[stages] >= reach
    assert stages == FEWEST or REACH[int(0.75 * stages)] < reach
