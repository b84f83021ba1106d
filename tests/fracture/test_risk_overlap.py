"""Fractures at several sites in the same people."""

import numpy as np
import pytest

from trabecula.fracture import LIFETIME, fracture_risk, risk, time_grid
from trabecula.fracture.exposure import Exposure

SHARE = np.array([[0.3]])


def rates(*numbers):
    """Hazards that do not change [1, 2]."""
    return [np.full((1, 2), number) for number in numbers]


def test_one_site_is_itself():
    """There is nothing to come together with."""
    assert risk.first_of(rates(0.02), SHARE) == pytest.approx(0.02)


def test_the_first_of_several_lies_between_the_largest_and_the_sum():
    """At least the commonest, at most all of them."""
    first = risk.first_of(rates(0.01, 0.02, 0.004), SHARE)
    assert np.all((first > 0.02) & (first < 0.034))


def test_without_overlap_hazards_add_up():
    """The sum, when nobody breaks two."""
    assert risk.first_of(rates(0.01, 0.02), np.array([[0.0]])) == pytest.approx(0.03)


@pytest.mark.parametrize("age", range(50, 86, 5))
def test_any_of_four_over_their_sum_is_the_printed_one(age, central, evidence):
    """Swedish women, ten years: the overlap was fitted to these ratios, and meets them within 0.025 up to 85."""
    age_y, dt_y = time_grid(age, age + 10, 10)
    risks = fracture_risk(Exposure("female", "SE", age_y, dt_y), {}, central, (10,))
    sum_ = sum(risks.at(site, 10)[0] for site in ("hip", "spine", "forearm", "humerus"))
    printed = evidence.finding(f"population_fracture.ettinger_2010.malmo_ratio4_women_{age}").value
    assert risks.at("major_osteoporotic", 10)[0] / sum_ == pytest.approx(printed, abs=0.025)


@pytest.mark.parametrize(("sex", "group"), [("female", "women"), ("male", "men")])
def test_the_lifetime_risk_of_any_of_four_is_near_the_printed_one(sex, group, central, evidence):
    """From 45 on in Malmo, a number that was not fitted: within a tenth."""
    age_y, dt_y = time_grid(45, 110, 10)
    risks = fracture_risk(Exposure(sex, "SE", age_y, dt_y), {}, central, (LIFETIME,))
    printed = evidence.finding(f"population_fracture.kanis_2000.lifetime_any_{group}").value / 100
    assert risks.at("major_osteoporotic", LIFETIME)[0] == pytest.approx(printed, rel=0.1)
