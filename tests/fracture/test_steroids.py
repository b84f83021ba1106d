"""Chronic steroid therapy, fast on and fast off; pulses are something else."""

import numpy as np
import pytest

from trabecula.fracture import SITES, fracture_risk, hazards, steroids

from .conftest import person


def effect_at(years, effect, exposure):
    """The effect in the step that a time lies in."""
    return effect[0, np.searchsorted(exposure.edges_y, years, side="right") - 1]


@pytest.mark.parametrize("site", SITES)
def test_without_steroids_there_is_no_effect(site, central):
    """No dose, no ratio."""
    assert np.all(steroids.effect(site, person(), central) == 1)


def test_the_effect_comes_on_within_half_a_year(central):
    """Most of it after three months, nearly all after six to nine."""
    exposure = person(prednisone_mg=7.5)
    excess = steroids.effect("spine", exposure, central) - 1
    full = steroids.settled_excess("spine", np.array([7.5]), central)[0, 0]
    assert effect_at(3 / 12, excess, exposure) > full / 2
    assert effect_at(9 / 12, excess, exposure) > 0.9 * full
    assert effect_at(5, excess, exposure) == pytest.approx(full)


def test_more_than_half_of_the_excess_is_gone_a_year_after_stopping_and_all_of_it_later(central):
    """The ratio falls back to 1."""
    exposure = person(past_prednisone_mg=[10.0], past_dt_y=[10.0], monthly_y=20)
    excess = steroids.effect("hip", exposure, central) - 1
    full = steroids.settled_excess("hip", np.array([10.0]), central)[0, 0]
    assert full / 5 < effect_at(1, excess, exposure) < full / 2
    assert effect_at(15, excess, exposure) < 1e-3 * full
    assert np.all(np.diff(excess) <= 0)


@pytest.mark.parametrize("site", SITES)
def test_a_higher_dose_is_never_less_harm(site, draws):
    """At any site, in any draw."""
    excess = steroids.settled_excess(site, np.array([0, 1, 2.5, 5, 7.5, 10, 20, 60.0]), draws)
    assert np.all(np.diff(excess) >= 0)
    assert np.all(excess[:, 0] == 0)


def test_the_spine_suffers_most_and_the_forearm_least(central):
    """As the dose bands printed for these sites say."""
    excess = [steroids.settled_excess(site, np.array([10.0]), central)[0, 0] for site in ("spine", "hip", "forearm")]
    assert excess[0] > excess[1] > excess[2] > 0


def test_what_density_does_not_carry_is_less_than_the_total(central, evidence):
    """Density has its own part of the printed ratio of 5.18 at the spine."""
    total = evidence.finding("gc_fracture.van_staa_2000.vertebral_ge7_5").value
    assert 1 < 1 + steroids.settled_excess("spine", np.array([12.5]), central)[0, 0] < total


def test_pulses_do_not_trigger_the_effect_of_chronic_therapy(central):
    """Six grams a year by infusion, for years, leave the ratio at 1 (what they do to density is not here)."""
    pulsed = person(edss=3.0, pulse_mg_per_year=6250.0)
    assert all(np.all(steroids.effect(site, pulsed, central) == 1) for site in SITES)


def test_past_therapy_is_remembered(central):
    """Someone who stopped last month is at more risk than someone who stopped ten years ago."""
    risks = [
        fracture_risk(person(past_prednisone_mg=[10.0, 0.0], past_dt_y=[5.0, years]), {}, central, (2,)).at("spine", 2)
        for years in (1 / 12, 10)
    ]
    never = fracture_risk(person(), {}, central, (2,)).at("spine", 2)
    assert risks[0] > 1.2 * risks[1]
    assert risks[1] == pytest.approx(never, rel=1e-3)


def test_the_followed_effect_does_not_depend_on_the_steps(central):
    """A year of one dose gives the same mean excess in one step or in twelve."""
    one = steroids.followed(np.full((1, 1), 3.0), np.array([1.0]), central)
    twelve = steroids.followed(np.full((1, 12), 3.0), np.full(12, 1 / 12), central)
    assert one[0, 0] == pytest.approx(twelve.mean())


def test_the_parts_of_a_hazard_multiply_to_it(draws):
    """Every hazard can be asked what it is made of."""
    found = hazards(person(edss=5.0, prednisone_mg=5.0), {}, draws)
    for site in SITES:
        product = np.ones((1, 1))
        for part in found.parts[site].values():
            product = product * part
        assert found.per_year[site] == pytest.approx(product)
