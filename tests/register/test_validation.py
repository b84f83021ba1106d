"""Calibration and discrimination, on cases that can be worked out by hand."""

import numpy as np
import pytest

from trabecula.register.validation import Outcomes, concordance, incidence, validated


def _outcomes(years, events):
    return Outcomes(np.array(years, dtype=float), np.array(events))


def test_without_censoring_the_incidence_is_the_share():
    """Two of five break a bone in time; deaths count as never."""
    assert incidence(_outcomes([1, 2, 3, 6, 6], [1, 2, 1, 0, 0]), 5.0) == pytest.approx(2 / 5)


def test_death_competes():
    """By hand: at 1 y 1 of 4 dies, at 2 y 1 of 3 breaks: 3/4 x 1/3; one is lost at 3 y; at 4 y 1 of 1: 1/2 x 1."""
    found = incidence(_outcomes([1, 2, 3, 4], [2, 1, 0, 1]), 5.0)
    assert found == pytest.approx(3 / 4 / 3 + 1 / 2)


def test_concordance_knows_the_order():
    """Perfect order is 1, reversed 0, equal risks one half; whoever died before stays among those without."""
    seen = _outcomes([1, 2, 5, 5], [1, 1, 0, 0])
    assert concordance(np.array([0.4, 0.3, 0.2, 0.1]), seen, 5.0) == 1.0
    assert concordance(np.array([0.1, 0.2, 0.3, 0.4]), seen, 5.0) == 0.0
    assert concordance(np.full(4, 0.2), seen, 5.0) == 0.5
    died = _outcomes([3, 1], [1, 2])
    assert concordance(np.array([0.9, 0.1]), died, 5.0) == 1.0


def test_true_risks_are_found_calibrated():
    """People whose outcomes are drawn from their risks: observed over foretold holds 1, and order is found."""
    rng = np.random.default_rng(1)
    risk = rng.uniform(0.02, 0.4, 2000)
    broke = rng.uniform(size=2000) < risk
    years = np.where(broke, rng.uniform(0, 5, 2000), 6.0)
    found = validated(risk, Outcomes(years, broke.astype(int)), 5.0)
    assert found.ratio_low < 1.0 < found.ratio_high
    assert found.concordance > 0.6
    assert sum(group.people for group in found.groups) == 2000
    treat_none = 0.0
    assert all(own >= treat_none for _, own, _ in found.net_benefit[:3])


def test_too_few_fractures_say_nothing():
    """One fracture is no ground for a comparison."""
    with pytest.raises(ValueError, match="fewer than two"):
        validated(np.array([0.1, 0.2]), _outcomes([1, 5], [1, 0]), 5.0)
