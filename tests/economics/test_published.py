"""Published results, as far as their inputs are printed: two decision models whole, two tables by their arithmetic.

The decision models are examples 2.5 and 3.5 of Briggs, Claxton and Sculpher (Decision Modelling for Health Economic
Evaluation, 2006), with the results of the authors' spreadsheets. docs/validation/economics.md says what differs.
"""

from math import erf, exp, sqrt

import numpy as np
import pytest

from trabecula.economics import CostsAndQalys, WithinYear, discount_factors, frontier, person_years

COUNTS = np.array([[1251, 350, 116, 17], [0, 731, 512, 15], [0, 0, 1312, 437], [0, 0, 0, 1]])
STATE_COSTS = np.array([2756.0, 3052.0, 9007.0])
ZIDOVUDINE, LAMIVUDINE, RATIO, YEARS_OF_BOTH = 2278.0, 2086.5, 0.509, 2


def hiv(combined: bool) -> tuple[float, float]:
    """Cost and life years of one strategy over 20 years, people counted at the end of each (Chancellor 1997)."""
    chances = COUNTS / COUNTS.sum(axis=1, keepdims=True)
    share, occupied = np.array([1.0, 0.0, 0.0, 0.0]), [np.array([1.0, 0.0, 0.0, 0.0])]
    for year in range(20):
        ratio = RATIO if combined and year < YEARS_OF_BOTH else 1.0
        moved = chances * ratio
        np.fill_diagonal(moved, 0.0)
        share = share @ (moved + np.diag(1.0 - moved.sum(axis=1)))
        occupied.append(share)
    states = person_years(np.array(occupied).T[:3], WithinYear.END)
    drugs = np.full(20, ZIDOVUDINE)
    drugs[:YEARS_OF_BOTH] += LAMIVUDINE if combined else 0.0
    costs = STATE_COSTS @ states + drugs * states.sum(axis=0)
    return float(costs @ discount_factors(0.06, 20, WithinYear.END)), float(states.sum())


def test_the_hiv_model_gives_the_published_costs_life_years_and_ratio():
    """44,663 and 50,602 GBP, 7.991 and 8.937 years, 6,276 GBP a year."""
    (mono_cost, mono_years), (both_cost, both_years) = hiv(False), hiv(True)
    assert mono_cost == pytest.approx(44_663.4535637)
    assert both_cost == pytest.approx(50_601.6513312)
    assert (mono_years, both_years) == pytest.approx((7.9912066, 8.9373889))
    steps = frontier(("mono", "both"), np.array([mono_cost, both_cost]), np.array([mono_years, both_years]))
    assert steps[1].ratio == pytest.approx(6275.95560)


DEATH = {35: 0.00099, 45: 0.0026, 55: 0.0067, 65: 0.0193, 75: 0.0535, 85: 0.1548}
UTILITIES, REVISION_COST = np.array([0.85, 0.30, 0.75]), 5294.0


def hip_replacement(first_cost: float, log_ratio: float) -> tuple[float, float]:
    """Cost and QALYs of a prosthesis in a woman of 60 over 60 years: success, revision, success after it."""
    rate = exp(-5.490935 - 0.0367022 * 60) * exp(log_ratio)
    shape = exp(0.3740968)
    share, occupied = np.array([0.98, 0.0, 0.0]), []
    for year in range(1, 61):
        occupied.append(share)
        death = DEATH[max(age for age in DEATH if age <= min(60 + year + 1, 94))]
        revised = 1.0 - exp(rate * (year**shape - (year + 1) ** shape))
        success, revision, after = share
        share = np.array([
            success * (1.0 - revised - death),
            success * revised + after * 0.04,
            revision * (1.0 - 0.02 - death) + after * (1.0 - 0.04 - death),
        ])  # fmt: skip
    states = np.array(occupied)
    qalys = (states @ UTILITIES) @ discount_factors(0.015, 60, WithinYear.END)
    return float(first_cost + REVISION_COST * states[:, 1] @ discount_factors(0.06, 60, WithinYear.END)), float(qalys)


def test_the_hip_replacement_model_gives_the_published_ratio():
    """512 and 610 GBP, 14.653 and 14.698 QALYs, 2,198 GBP per QALY: chances that change with time and age."""
    standard, new = hip_replacement(394.0, 0.0), hip_replacement(579.0, -1.344474)
    assert standard == pytest.approx((512.434658, 14.6531896), rel=1e-6)
    assert new == pytest.approx((610.311818, 14.69770986), rel=1e-6)
    both = CostsAndQalys(("standard", "new"), np.array([[standard[0]], [new[0]]]), np.array([[standard[1]], [new[1]]]))
    steps = frontier(both.strategies, both.costs[:, 0], both.qalys[:, 0])
    assert steps[1].ratio == pytest.approx(2198.486665, rel=1e-4)


def test_a_fracture_liaison_service_dominates_as_its_table_adds_up():
    """McLellan 2011, per 1,000: 390,000 GBP in the service, 99,000 and 312,000 of fractures in usual care, 22 QALYs.

    The difference is 21,000 GBP, as printed; from the extra costs of the abstract (83,598 and 206,544) it is 21,858,
    since the cost of fractures is printed to the nearest thousand.
    """
    service, usual = 98_000 + 292_000.0, 14_000 + 85_000 + 312_000.0
    steps = frontier(("service", "usual care"), np.array([service, usual]), np.array([22.0, 0.0]))
    assert [(step.strategy, step.standing) for step in steps] == [
        ("service", "on the frontier"),
        ("usual care", "dominated"),
    ]
    assert usual - service == 21_000
    assert 312_000 - 83_598 - 206_544 == 21_858


def test_screening_in_the_scoop_trial_is_acceptable_as_often_as_published():
    """Turner 2018: .0237 QALYs (-.0034 to .0508) at 2,772 GBP each are 66 GBP; 93 % acceptable at 20,000.

    The costs of the two arms differ by 68 GBP (968 and 900), which are not adjusted. With the printed interval of QALYs
    alone net benefit is positive in 93 %: the spread of costs is not printed, and would take some of it.
    """
    cost, sd = 0.0237 * 2772, (0.0508 + 0.0034) / (2 * 1.959964)
    assert cost == pytest.approx(68, abs=3)
    share = 0.5 * (1 + erf((20_000 * 0.0237 - cost) / (20_000 * sd) / sqrt(2)))
    assert share == pytest.approx(0.93, abs=0.01)
