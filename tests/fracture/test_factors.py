"""Risk factors and previous fractures."""

import numpy as np
import pytest

from trabecula.fracture import SITES, PriorFracture, factors, fracture_risk

from .conftest import person

YEARS = np.array([0.0, 1, 2, 5, 10, 20, 30])


@pytest.mark.parametrize("name", factors.FACTORS)
@pytest.mark.parametrize("part", ["hip", "other"])
def test_a_factor_averages_one_over_the_population(name, part, central):
    """Unknown is 1; those who have it and those who do not average 1; having it is never better."""
    share = central[f"fracture.factor.{name}.share"][0]
    present, absent = (factors.factor(name, part, each, central)[0, 0] for each in (True, False))
    assert factors.factor(name, part, None, central)[0, 0] == 1
    assert share * present + (1 - share) * absent == pytest.approx(1)
    assert absent < 1 < present


def test_a_factor_may_come_and_go(central):
    """A medicine works while it is taken; before and after the person is someone without it."""
    taken = factors.factor("antidepressant", "hip", np.array([0.0, 1.0, 0.0, np.nan]), central)[0]
    assert taken[0] == taken[2] < 1 < taken[1]
    assert taken[3] == 1


def test_alcohol_counts_above_its_limit(central):
    """Two units a day are within the limit, three are not."""
    risks = [
        fracture_risk(person(alcohol_units_per_day=units), {}, central, (10,)).at("hip", 10)
        for units in (0, 2, 3)
    ]
    assert risks[0] == risks[1] < risks[2]


def test_thin_people_break_hips_more_often_at_the_same_density(central):
    """A low body mass index adds to the hip, and beyond its studied range no more."""
    effects = [factors.bmi_effect("hip", bmi, central)[0, 0] for bmi in (10, 16, 20, 27, 35)]
    assert effects[0] == effects[1] > effects[2] > effects[3] == 1 > effects[4]
    assert factors.bmi_effect("hip", None, central) == 1


@pytest.mark.parametrize("site", SITES)
def test_a_nearer_fracture_is_never_less_risk(site, draws):
    """The ratio only falls with the years since, in every draw."""
    for prior_site in ("spine", "forearm", "rib"):
        effect = factors.prior_effect(site, (PriorFracture(prior_site, 0),), YEARS, draws)
        assert np.all(np.diff(effect) <= 0)


def test_a_major_fracture_has_the_printed_ratios(central):
    """2.7 a year after, 1.4 ten years after."""
    effect = factors.prior_effect("hip", (PriorFracture("forearm", 0),), np.array([1.0, 10.0]), central)
    assert effect[0] == pytest.approx([2.7, 1.4])


def test_the_strongest_of_several_fractures_counts(central):
    """An old fracture does not dilute a recent one."""
    recent, old = PriorFracture("humerus", 1), PriorFracture("forearm", 15)
    both, one = (factors.prior_effect("hip", priors, YEARS, central) for priors in ((old, recent), (recent,)))
    assert np.array_equal(both, one)


def test_accidents_and_minor_sites_foretell_less(central):
    """A car crash and a broken ankle raise the risk, but less than a forearm broken in a simple fall."""
    effects = [
        factors.prior_effect("hip", (prior,), YEARS[:1], central)[0, 0]
        for prior in (
            PriorFracture("forearm", 0),
            PriorFracture("forearm", 0, high_trauma=True),
            PriorFracture("tibia_ankle", 0),
        )
    ]
    assert effects[0] > effects[1] == effects[2] > 1


def test_a_vertebra_foretells_the_next_vertebra_most(central):
    """After a spine fracture the spine is more at risk than the hip."""
    prior = (PriorFracture("spine", 1),)
    spine, hip = (factors.prior_effect(site, prior, YEARS[:1], central) for site in ("spine", "hip"))
    assert spine > hip


def test_knowing_that_there_was_no_fracture_is_good_news(central):
    """Nobody asked is 1; asked and none is below 1."""
    assert factors.prior_effect("hip", None, YEARS, central) == 1
    assert factors.prior_effect("hip", (), YEARS, central) < 1
