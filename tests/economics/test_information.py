"""What knowing more is worth, against cases with closed forms."""

from math import erf, exp, pi, sqrt

import numpy as np
import pytest

from trabecula.economics import perfect_information, perfect_information_about

DRAWS = 20_000


def gain(mean: float, sd: float) -> float:
    """E max(0, X) - max(0, E X) of a normal X: the worth of knowing it before choosing X or 0."""
    z = mean / sd
    density, below = exp(-(z**2) / 2) / sqrt(2 * pi), 0.5 * (1 + erf(z / sqrt(2)))
    return mean * below + sd * density - max(mean, 0.0)


@pytest.fixture(scope="module")
def parts():
    """Two independent standard normal parts, in antithetic pairs so that their means are 0 exactly."""
    half = np.random.default_rng(7).standard_normal((2, DRAWS // 2))
    return np.hstack([half, -half])


@pytest.mark.parametrize(("mean", "first", "second"), [(0.0, 1.0, 1.0), (0.7, 1.0, 0.5), (-1.5, 2.0, 1.0)])
def test_normal_net_benefit_agrees_with_its_closed_form(parts, mean, first, second):
    """Of nothing or X = mean + a U + b V: all is worth that of a normal with both spreads, U alone that of a."""
    more = mean + first * parts[0] + second * parts[1]
    worth = np.array([np.zeros(DRAWS), more])
    assert perfect_information(worth) == pytest.approx(gain(mean, sqrt(first**2 + second**2)), abs=0.02)
    assert perfect_information_about(worth, parts[0]) == pytest.approx(gain(mean, first), abs=0.02)
    assert perfect_information_about(worth, parts[1]) == pytest.approx(gain(mean, second), abs=0.02)


def test_knowing_all_parts_is_worth_as_much_as_knowing_everything(parts):
    """Both parts together, a curved one among them, leave nothing unknown."""
    worth = np.array([np.zeros(DRAWS), parts[0] ** 2 - 1.0 + parts[1]])
    assert perfect_information_about(worth, parts.T) == pytest.approx(perfect_information(worth), abs=0.01)


def test_a_part_that_acts_by_its_square_is_found(parts):
    """Linear regression would see nothing: of X = U squared - 1 and 0, knowing U is worth E max(0, U squared - 1)."""
    worth = np.array([np.zeros(DRAWS), parts[0] ** 2 - 1.0])
    assert perfect_information_about(worth, parts[0]) == pytest.approx(2 * exp(-0.5) / sqrt(2 * pi), abs=0.02)


def test_what_does_not_matter_is_worth_next_to_nothing(parts):
    """Neither a part that nothing depends on nor one that does not vary."""
    worth = np.array([np.zeros(DRAWS), 0.3 + parts[0]])
    assert perfect_information_about(worth, parts[1]) < 0.01
    assert perfect_information_about(worth, np.ones(DRAWS)) == 0.0


def test_parts_are_never_worth_more_than_everything(parts):
    """Up to what a regression of few draws misses."""
    few = parts[:, :200]
    worth = np.array([np.zeros(200), 0.2 + few[0] + few[1]])
    assert 0.0 <= perfect_information_about(worth, few[0]) <= perfect_information(worth) + 0.05


def test_a_handful_of_draws_is_refused():
    """A regression on ten draws would report chance."""
    with pytest.raises(ValueError, match="found 10 draws; expected 50 or more"):
        perfect_information_about(np.zeros((2, 10)), np.arange(10.0))
