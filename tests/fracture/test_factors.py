"""Risk factors and previous fractures."""

from itertools import pairwise

import numpy as np
import pytest

from trabecula.fracture import SITES, PriorFracture, factors, fracture_risk, hazards
from trabecula.model import Model
from trabecula.vocabulary import factor_effects

from .conftest import person


def one(name, present, part, draws, age_y=60.0, **more):
    """The effect of one factor on somebody about whom nothing else is known, in the first step."""
    if name == "high_alcohol":
        units = None if present is None else (9.0 if present else 0.0)
        exposure = person(age_y, alcohol_units_per_day=units, **more)
    else:
        exposure = person(age_y, present={name: present}, **more)
    return factors.factor(name, part, exposure, draws)[0, 0]


def prior(site, draws, *priors, age_y=60.0):
    """The effect of earlier fractures over ten monthly years."""
    return factors.prior_effect(site, person(age_y, priors=priors), draws)


@pytest.mark.parametrize("name", factor_effects())
@pytest.mark.parametrize("part", ["hip", "other"])
@pytest.mark.parametrize("measured", [True, False])
def test_a_factor_averages_one_over_the_population(name, part, measured, central):
    """Unknown is 1; those who have it and those who do not average 1; having it is never better."""
    share = central[f"fracture.factor.{name}.share"][0]
    present, absent = (one(name, each, part, central, density_measured=measured) for each in (True, False))
    assert one(name, None, part, central) == 1
    assert share * present + (1 - share) * absent == pytest.approx(1)
    assert absent <= 1 <= present


def test_what_lowers_density_says_less_once_density_is_measured(central):
    """Smoking, arthritis and low weight act partly through density, which a scan has already seen."""
    for name in ("current_smoking", "rheumatoid_arthritis"):
        unmeasured, measured = (one(name, True, "hip", central, density_measured=m) for m in (False, True))
        assert unmeasured > measured
    thin = [factors.bmi_effect("hip", person(60, bmi=19.0, density_measured=m), central)[0, 0] for m in (False, True)]
    assert thin[0] > thin[1] > 1


def test_a_factor_may_come_and_go(central):
    """A medicine works while it is taken; before and after the person is someone without it."""
    exposure = person(60, until=64, monthly_y=0, present={"antidepressant": np.array([0.0, 1.0, 0.0, np.nan])})
    taken = factors.factor("antidepressant", "hip", exposure, central)[0]
    assert taken[0] == pytest.approx(taken[2], rel=1e-3)
    assert taken[0] < 1 < taken[1]
    assert taken[3] == 1


def test_alcohol_counts_above_its_limit(central):
    """Two units a day are within the limit, three are not."""
    risks = [
        fracture_risk(person(alcohol_units_per_day=units), {}, central, (10,)).at("hip", 10) for units in (0, 2, 3)
    ]
    assert risks[0] == risks[1] < risks[2]


def test_thin_people_break_hips_more_often_at_the_same_density(central):
    """A low body mass index adds to the hip, and beyond its studied range no more."""
    effects = [
        factors.bmi_effect("hip", person(60, bmi=bmi, density_measured=True), central)[0, 0]
        for bmi in (10, 16, 20, 27, 35)
    ]
    assert effects[0] == effects[1] > effects[2] > effects[3] == 1 > effects[4]
    assert factors.bmi_effect("hip", person(60), central) == 1


def test_illnesses_that_come_together_are_not_multiplied(central):
    """A second illness adds risk, but less than by itself: both come from the same frailty."""
    have = {name: person(60, present=dict.fromkeys(some, True)) for name, some in ILL.items()}
    effect = {name: factors.effect("hip", each, central)[0, 0] for name, each in have.items()}
    assert effect["stroke"] < effect["both"] < effect["stroke"] * effect["copd"]


ILL = {"stroke": ("stroke",), "copd": ("copd",), "both": ("stroke", "copd")}


@pytest.mark.parametrize("site", SITES)
def test_a_nearer_fracture_is_never_less_risk(site, draws):
    """A fracture further back foretells less, in every draw and at every later moment."""
    for prior_site in ("spine", "forearm", "rib"):
        effects = [prior(site, draws, PriorFracture(prior_site, years)) for years in (0, 1, 5, 10, 30)]
        assert all(np.all(later <= sooner) for sooner, later in pairwise(effects))


def test_an_earlier_fracture_never_lowers_the_risk(draws):
    """Whatever the site, the age and the time since: at least what somebody unbroken has."""
    for site in SITES:
        for age_y in (30.0, 60.0, 85.0):
            broken = prior(site, draws, PriorFracture("rib", 40.0), age_y=age_y)
            assert np.all(broken >= prior(site, draws, age_y=age_y))


def test_the_strongest_of_several_fractures_counts(central):
    """An old fracture does not dilute a recent one."""
    recent, old = PriorFracture("humerus", 1), PriorFracture("forearm", 15)
    assert np.array_equal(prior("hip", central, old, recent), prior("hip", central, recent))


def test_accidents_and_minor_sites_foretell_less(central):
    """A car crash and a broken ankle raise the risk, but less than a forearm broken in a simple fall."""
    fall, crash, ankle = (
        prior("hip", central, each)[0, 0]
        for each in (
            PriorFracture("forearm", 0),
            PriorFracture("forearm", 0, high_trauma=True),
            PriorFracture("tibia_ankle", 0),
        )
    )
    assert fall > crash == ankle > 1


def test_a_vertebra_foretells_the_next_vertebra_most(central):
    """After a spine fracture the spine is more at risk than other bones beside the hip."""
    spine, forearm = (prior(site, central, PriorFracture("spine", 1))[0, 0] for site in ("spine", "forearm"))
    assert spine > forearm


def test_those_who_broke_a_bone_and_those_who_did_not_average_one(central):
    """Fractures as long ago as is usual, with their share, and no fracture: together the population."""
    usual = float(central["fracture.prior.usual_years"][0])
    for site in ("hip", "spine"):
        for age_y, share in ((50.0, 0.10), (70.0, 0.20), (85.0, 0.30)):
            none = prior(site, central, age_y=age_y)[0, 0]
            some = prior(site, central, PriorFracture("forearm", usual), age_y=age_y)[0, 0]
            assert share * some + (1 - share) * none == pytest.approx(1, abs=0.01)


def test_knowing_that_there_was_no_fracture_is_good_news(central):
    """Nobody asked is 1; asked and none is below 1."""
    assert factors.prior_effect("hip", person(60), central) == 1
    assert np.all(prior("hip", central) < 1)


def test_what_an_antidepressant_does_by_falls_and_beside_them_is_what_is_printed(evidence):
    """Falls and factor together give the ratio of the meta-analysis, whatever the exponent of falls is."""
    for b in (0.2, 0.37, 0.6):
        draws = Model(evidence.replacing({"fall.exponent": b})).draws(1).central()
        for site, name in (("hip", "hip"), ("forearm", "any")):
            with_it, without = (
                hazards(person(65, present={"antidepressant": each}), {}, draws).per_year[site][0, 0]
                for each in (True, False)
            )
            assert with_it / without == pytest.approx(
                evidence.finding(f"risk_factor.rabenda_2013.{name}").value, rel=0.03
            )
