"""The Runge-Kutta pair satisfies the conditions that make it of fifth and fourth order."""

from math import factorial

import numpy as np
import pytest

from trabecula.skeleton.tableau import ORDER, A, C, E

WEIGHTS = np.append(A[6], 0.0)
FOURTH = WEIGHTS - E
STAGES = np.hstack([A, np.zeros((7, 1))])


def bushy(weights, power):
    """The quadrature condition: sum of b c^power."""
    return weights @ C**power


@pytest.mark.parametrize("power", range(ORDER))
def test_the_fifth_order_solution_integrates_polynomials_exactly(power):
    """Weights and stage times are a quadrature of degree four."""
    assert bushy(WEIGHTS, power) == pytest.approx(1 / (power + 1), abs=1e-13)


@pytest.mark.parametrize("power", range(4))
def test_the_fourth_order_solution_integrates_cubics_exactly(power):
    """The embedded weights are a quadrature of degree three; its coefficients are printed to fifteen places."""
    assert bushy(FOURTH, power) == pytest.approx(1 / (power + 1), abs=1e-13)


def test_the_tall_trees_up_to_fifth_order_hold():
    """b A^(k-1) c = 1/(k+1)! for every chain of stages."""
    chain = C
    for height in range(1, ORDER):
        assert WEIGHTS @ chain == pytest.approx(1 / factorial(height + 1), abs=1e-13)
        chain = STAGES @ chain


def test_the_last_stage_is_the_first_of_the_next_step():
    """First same as last: stage seven is taken at the new point and time."""
    assert C[6] == pytest.approx(1.0, abs=1e-13)
    assert C[5] == pytest.approx(1.0, abs=1e-13)
