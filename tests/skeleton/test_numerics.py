"""The pair is of fifth and fourth order; the long steps are of second, and stable as far as they say."""

from math import factorial

import numpy as np
import pytest

from trabecula.skeleton.numerics import (
    FEWEST,
    FURTHEST,
    MOST,
    PAIR_A,
    PAIR_C,
    PAIR_E,
    PAIR_ORDER,
    REACH,
    STAGES,
    stages_for,
)

WEIGHTS = np.append(PAIR_A[6], 0.0)
FOURTH = WEIGHTS - PAIR_E
PAIR_STAGES = np.hstack([PAIR_A, np.zeros((7, 1))])


def bushy(weights, power):
    """The quadrature condition: sum of b c^power."""
    return weights @ PAIR_C**power


@pytest.mark.parametrize("power", range(PAIR_ORDER))
def test_the_fifth_order_solution_integrates_polynomials_exactly(power):
    """Weights and stage times are a quadrature of degree four."""
    assert bushy(WEIGHTS, power) == pytest.approx(1 / (power + 1), abs=1e-13)


@pytest.mark.parametrize("power", range(4))
def test_the_fourth_order_solution_integrates_cubics_exactly(power):
    """The embedded weights are a quadrature of degree three; its coefficients are printed to fifteen places."""
    assert bushy(FOURTH, power) == pytest.approx(1 / (power + 1), abs=1e-13)


def test_the_tall_trees_up_to_fifth_order_hold():
    """b A^(k-1) c = 1/(k+1)! for every chain of stages."""
    chain = PAIR_C
    for height in range(1, PAIR_ORDER):
        assert WEIGHTS @ chain == pytest.approx(1 / factorial(height + 1), abs=1e-13)
        chain = PAIR_STAGES @ chain


def test_the_last_stage_is_the_first_of_the_next_step():
    """First same as last: stage seven is taken at the new point and time."""
    assert PAIR_C[6] == pytest.approx(1.0, abs=1e-13)
    assert PAIR_C[5] == pytest.approx(1.0, abs=1e-13)


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
