"""The parts together: a sampled population in which they are correlated."""

import numpy as np
import pytest

from trabecula.fracture import SITES, Exposure, dependence, hazards, mortality, time_grid
from trabecula.fracture.dependence import population

SIZE = 20_000


def sampled(sex, age_y, central, size=SIZE):
    """(group, its hazards) for people of one age."""
    age, dt_y = time_grid(age_y, age_y + 1, 0)
    base = Exposure(sex, "US", age, dt_y)
    return [(group, hazards(group.exposure, group.z, central)) for group in population(base, size, 1, central)]


@pytest.mark.parametrize("sex", ["female", "male"])
@pytest.mark.parametrize("age_y", [50, 65, 80])
def test_a_population_keeps_the_published_incidence(sex, age_y, central):
    """Density, factors, fractures before, steroids and falls, correlated as in people: their mean is 1 within 4 %."""
    whole = sampled(sex, age_y, central)
    for site in SITES:
        over = [rates.per_year[site] / rates.parts[site]["baseline"] for _, rates in whole]
        mean = sum(float(np.sum(each)) for each in over) / SIZE
        assert mean == pytest.approx(1, abs=0.04), site


BANDS = ("50_54", "55_59", "60_64", "65_69", "70_74", "75_79", "80_84", "85plus")


@pytest.mark.parametrize("sex", ["female", "male"])
def test_every_band_keeps_its_hip_fractures_with_death_competing(sex, central, evidence):
    """A sampled population followed through each band of the American table: within 15 % of the printed rate."""
    group = {"female": "women", "male": "men"}[sex]
    for band in BANDS:
        printed = evidence.finding(f"population_fracture.ettinger_2010.us_hip_{group}_{band}").value / 1000
        assert rate_from(float(band[:2]), sex, central) == pytest.approx(printed, rel=0.15), band


def rate_from(first_y, sex, central, size=5_000):
    """First hip fractures a year of those who live and have had none, in five years, or in each five from 85 on."""
    broken, lived, left = 0.0, 0.0, 1.0
    for start in np.arange(first_y, 105.0 if first_y == 85.0 else first_y + 1.0, 5.0):
        age = start + np.arange(5) + 0.5
        for group in population(Exposure(sex, "US", age, np.ones(5)), size, 1, central):
            found = hazards(group.exposure, group.z, central)
            rate = found.per_year["hip"]
            alive = np.exp(-np.cumsum(rate + found.death_per_year, axis=1))
            years = left * (np.hstack([np.ones((len(alive), 1)), alive[:, :-1]]) + alive) / 2
            broken, lived = broken + (rate * years).sum(), lived + years.sum()
        table = mortality.background(sex, "US", age, central)
        left *= float(np.exp(-table.sum()))
    return broken / lived


def test_the_sample_has_the_traits_of_a_population(central):
    """Z-scores are standard normal at each site, and those who broke a bone have lower density."""
    whole = sampled("female", 65, central)
    z = np.concatenate([group.z["femoral_neck"][:, 0] for group, _ in whole])
    broken = np.concatenate([np.full(len(group.members), bool(group.exposure.priors)) for group, _ in whole])
    assert z.mean() == pytest.approx(0, abs=0.03)
    assert z.std() == pytest.approx(1, abs=0.03)
    assert z[broken].mean() < z[~broken].mean() - 0.15


def test_everybody_is_in_one_group(central):
    """No one is lost, no one counted twice."""
    members = np.concatenate([group.members for group, _ in sampled("male", 70, central, 500)])
    assert np.array_equal(np.sort(members), np.arange(500))


def test_what_is_unknown_is_not_normalised(central):
    """Somebody about whom one thing is known was never multiplied by another."""
    age, dt_y = time_grid(60, 61, 0)
    z = {"femoral_neck": np.zeros((1, 1))}
    rates = hazards(Exposure("female", "US", age, dt_y), z, central)
    assert rates.parts["hip"]["joint"] == pytest.approx(1)


def test_a_product_levels_off_towards_the_highest_that_was_seen(draws):
    """It never falls, is unchanged near 1, and stays below the highest."""
    products = np.array([[0.5, 1.0, 1.5, 2.0, 5.0, 20.0, 500.0]])
    made = dependence.levelled(products, draws)
    assert np.all(np.diff(made) > 0)
    assert made[:, 1] == pytest.approx(1)
    assert made[:, 2] == pytest.approx(1.5, rel=0.2)
    assert np.all(made <= draws["fracture.joint.highest"][:, None] * 1.1)
