"""Strategies beside each other: dominance, the frontier, acceptability."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from trabecula.economics import CostsAndQalys, acceptability, frontier, net_benefit

MONEY, HEALTH = st.floats(0.0, 1e5), st.floats(-5.0, 50.0)


def standing(steps):
    """Where each strategy stands, by name."""
    return {step.strategy: step.standing for step in steps}


def test_the_frontier_of_a_hand_worked_case():
    """A 0/0, B 1,000/.1 (10,000), C 2,000/.12 (mixture), D 2,400/.2 (14,000), E 3,000/.15 (dominated by D)."""
    steps = frontier("ABCDE", np.array([0.0, 1000.0, 2000.0, 2400.0, 3000.0]), np.array([0.0, 0.1, 0.12, 0.2, 0.15]))
    assert standing(steps) == {
        "A": "on the frontier",
        "B": "on the frontier",
        "C": "dominated by a mixture",
        "D": "on the frontier",
        "E": "dominated",
    }
    ratios = {step.strategy: step.ratio for step in steps if step.ratio is not None}
    assert ratios == pytest.approx({"B": 10_000.0, "D": 14_000.0})
    assert next(step.beside for step in steps if step.strategy == "D") == "B"


def test_the_same_cost_for_more_health_dominates():
    """Of two that cost the same the one that gives less is dominated, whatever their order."""
    assert standing(frontier("AB", np.array([5.0, 5.0]), np.array([1.0, 2.0])))["A"] == "dominated"
    assert standing(frontier("BA", np.array([5.0, 5.0]), np.array([2.0, 1.0])))["A"] == "dominated"


@given(st.lists(st.tuples(MONEY, HEALTH), min_size=2, max_size=6))
def test_what_costs_more_and_gives_less_is_never_on_the_frontier(points):
    """And the ratios of the frontier rise from step to step."""
    costs, qalys = np.array(points).T
    names = tuple(map(str, range(len(points))))
    steps = {int(step.strategy): step for step in frontier(names, costs, qalys)}
    for i in steps:
        if any(costs[j] < costs[i] and qalys[j] > qalys[i] for j in steps):
            assert steps[i].standing == "dominated"
    ratios = [step.ratio for step in steps.values() if step.ratio is not None]
    assert all(one <= other for one, other in pairwise(ratios))


def test_what_is_chosen_need_not_be_the_best_most_often():
    """A strategy that is best in few draws by much is chosen, and its acceptability is the frontier."""
    worth = CostsAndQalys(("safe", "bold"), np.zeros((2, 10)), np.array([[0.0] * 10, [2.0] * 3 + [-0.5] * 7]))
    found = acceptability(worth, [1000.0])
    assert found.optimal == ("bold",)
    assert found.best[:, 0].tolist() == pytest.approx([0.7, 0.3])
    assert found.frontier.tolist() == pytest.approx([0.3])


def test_acceptability_adds_to_one_and_shares_ties():
    """Two strategies that are the same are each the best half of the time."""
    same = CostsAndQalys(("one", "other"), np.ones((2, 4)), np.ones((2, 4)))
    assert acceptability(same, [0.0, 2e4]).best.tolist() == [[0.5, 0.5], [0.5, 0.5]]


def test_net_benefit_is_worth_less_cost():
    """0.1 QALYs at 20,000 less 500 are 1,500."""
    assert net_benefit(CostsAndQalys(("a",), np.array([[500.0]]), np.array([[0.1]])), 20_000.0)[0, 0] == pytest.approx(
        1500
    )
