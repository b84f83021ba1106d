"""QALYs and costs of yearly events, against cases worked out by hand."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from trabecula.economics import YearlyEvents
from trabecula.economics.tables import TableRefused
from trabecula.economics.valuing import base_utility, general_utility, valued
from trabecula.evidence import Evidence

from .conftest import RULES

WOMAN_OF_60 = 0.9508566 - 0.0002587 * 60 - 0.0000332 * 60**2
HIP, CARE = (10_964.0, 0.0), (4968.0, 2434.0, 0.0)
CARE_IN_2013 = 287.27 / 364.85
"""NHS pay and prices of 2012/13 over those of 2023/24."""


def test_a_woman_without_fractures_lives_at_the_utility_of_her_age(table, draws):
    """Two years, of which everybody lives 1.9 with the half-cycle correction: 1.9 times Ara and Brazier's 0.816."""
    value = valued(table([1.0, 1.0, 0.8], [0.0, 0.0]), RULES, draws)
    assert value.qalys[0, 0] == pytest.approx(1.9 * WOMAN_OF_60)
    assert value.life_years[0, 0] == pytest.approx(1.9)


def test_discounting_takes_each_year_at_its_middle(table, draws):
    """At 3.5 % two whole years are worth 1.035 to the powers of -.5 and -1.5."""
    value = valued(table([1.0, 1.0, 1.0], [0.0, 0.0]), replace(RULES, discount_qalys=0.035), draws)
    assert value.qalys[0, 0] == pytest.approx(WOMAN_OF_60 * (1.035**-0.5 + 1.035**-1.5))


def test_a_hip_fracture_takes_its_first_year_over_two_calendar_years(table, draws):
    """In a certain fracture of year 0, all alive: half a year at 0.7; then half at 0.7 and half at 0.8; then 0.8.

    The share who have broken it is 1 - exp(-1/2) and 1 - exp(-1) of Poisson, so .632 in the later years.
    """
    value = valued(table([1.0] * 4, [1.0, 0.0, 0.0]), RULES, draws)
    broken = 1.0 - np.exp(-1.0)
    lost = [0.3 * 0.5, 0.3 * 0.5 + 0.2 * (broken - 0.5), 0.2 * broken]
    assert value.qalys[0, 0] == pytest.approx(WOMAN_OF_60 * (3.0 - sum(lost)))


def test_a_hip_fracture_costs_by_years_since_it(table, draws):
    """Hospital in the first year, residential care over two, in prices of 2013; nothing in the third."""
    value = valued(table([1.0] * 4, [0.1, 0.0, 0.0]), RULES, draws)
    assert value.fracture_costs["hip"][0, 0] == pytest.approx(0.1 * (HIP[0] + CARE_IN_2013 * (CARE[0] + CARE[1])))


def test_who_has_died_costs_nothing_later(table, draws):
    """Of those who broke a hip in the first year half live to the middle of the second: half of its care."""
    alive = [1.0, 1.0, 0.0, 0.0]
    value = valued(table(alive, [0.1, 0.0, 0.0]), RULES, draws)
    assert value.fracture_costs["hip"][0, 0] == pytest.approx(0.1 * (HIP[0] + CARE_IN_2013 * (CARE[0] + CARE[1] / 2)))


def test_utility_falls_with_disability_and_age_moves_it(table, draws):
    """EDSS 6.5 at the age of the surveys has the review's 0.465, and less at 75 by the general population's ratio."""
    at_51 = base_utility(table([1.0, 1.0], [0.0], edss=6.5, age_y=51.0), RULES, draws)
    assert at_51.item() == pytest.approx(0.465)
    at_75 = base_utility(table([1.0, 1.0], [0.0], edss=6.5, age_y=75.0), RULES, draws).item()
    ratio = general_utility(np.array([75.0]), 0.0, draws) / general_utility(np.array([51.0]), 0.0, draws)
    assert at_75 == pytest.approx(0.465 * ratio.item())


@given(st.floats(0.0, 9.5), st.floats(20.0, 100.0), st.sampled_from(["naci_2010", "orme_2007", "kobelt_2006"]))
def test_utilities_stay_in_their_range(edss, age_y, name):
    """Never above 1, never below -1, at any EDSS and age, in any draw."""
    table = YearlyEvents(
        ("only",), np.ones((1, 20, 2)), {"hip": np.zeros((1, 20, 1))}, np.full((1, 1), edss), np.array([age_y]), 0.5
    )
    found = base_utility(table, replace(RULES, utilities=name), Evidence.load().draws(20))
    assert ((found <= 1.0) & (found >= -1.0)).all()


@given(st.floats(0.0, 0.5), st.floats(0.0, 0.5))
def test_more_fractures_never_mean_more_quality_of_life_or_less_cost(one, other):
    """Of two tables that differ in hip fractures the one with more has no more QALYs and costs no less."""
    low, high = sorted((one, other))
    hips = np.array([[low, low / 2], [high, high / 2]]).reshape(2, 1, 2)
    alive = np.broadcast_to(np.array([1.0, 0.95, 0.9]), (2, 1, 3))
    table = YearlyEvents(("few", "many"), alive, {"hip": hips}, np.full((2, 2), np.nan), np.array([60.0, 61.0]), 0.0)
    value = valued(table, RULES, Evidence.load().draws(1).central())
    assert value.qalys[1, 0] <= value.qalys[0, 0] + 1e-12
    assert value.fracture_costs["hip"][1, 0] >= value.fracture_costs["hip"][0, 0] - 1e-9


def test_a_table_with_the_dead_coming_back_is_refused(table):
    """So are shares above 1 and fractures below 0."""
    with pytest.raises(TableRefused, match="a share that never rises"):
        table([1.0, 0.8, 0.9], [0.0, 0.0])
    with pytest.raises(TableRefused, match="expected shares from 0 to 1"):
        table([1.0, 1.2], [0.0])
    with pytest.raises(TableRefused, match="fractures of the hip: expected numbers of 0 or more"):
        table([1.0, 1.0], [-0.1])


def test_draws_can_be_valued_a_few_at_a_time():
    """Parts of the draws give what all give together."""
    evidence = Evidence.load()
    alive = np.linspace(1.0, 0.8, 4)[None, None] * np.ones((1, 6, 1))
    hips = np.linspace(0.01, 0.06, 6)[None, :, None] * np.ones((1, 1, 3))
    table = YearlyEvents(("only",), alive, {"hip": hips}, np.full((1, 3), 4.0), np.array([60.0, 61.0, 62.0]), 0.0)
    central = evidence.draws(6).central()
    whole = np.concatenate([valued(table.of_draws(slice(i, i + 1)), RULES, central).qalys for i in range(6)], axis=1)
    assert whole[0, 0] > whole[0, -1]
    assert table.of_draws(slice(0, 2)).draws == 2
