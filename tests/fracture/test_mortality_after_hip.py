"""Death after a hip fracture that is still to come."""

import numpy as np
import pytest

from trabecula.fracture import LIFETIME, fracture_risk, mortality, population_hazards

from .conftest import person, z_everywhere


def test_nobody_breaks_a_hip_and_nothing_changes(central):
    """Without hip fractures everybody dies at the same rate."""
    dt_y = np.full(20, 0.5)
    ratio = mortality.mean_ratio(np.zeros((1, 20)), np.full((1, 20), 0.02), dt_y, "female", central)
    assert ratio == pytest.approx(1)


def test_hip_fractures_raise_the_death_rate_of_a_group(draws):
    """The more hips break the faster the group dies; the first step is before any."""
    dt_y, death = np.full(20, 0.5), np.full((draws.n, 20), 0.02)
    few, many = (mortality.mean_ratio(np.full((draws.n, 20), hip), death, dt_y, "male", draws) for hip in (0.005, 0.05))
    assert few[:, 0] == pytest.approx(1)
    assert np.all(many[:, 1:] > few[:, 1:])
    assert np.all(few[:, 1:] > 1)


def test_the_average_person_keeps_the_life_table(draws):
    """Those with and those without a hip fracture on the grid make up the published death rate, at every age."""
    exposure = person(60)
    rates = population_hazards(exposure, draws)
    table = mortality.background("female", "US", exposure.age_y, draws)
    ratio = mortality.mean_ratio(rates.per_year["hip"], rates.death_per_year, exposure.dt_y, "female", draws)
    assert rates.death_per_year * ratio == pytest.approx(np.broadcast_to(table, ratio.shape), rel=1e-9)
    assert np.all(rates.death_per_year <= table)


def test_a_weak_hip_shortens_life(draws):
    """At the same health otherwise, somebody whose hips break more often dies a little earlier."""
    weak, strong = (fracture_risk(person(75), z_everywhere(z), draws, (10, LIFETIME)) for z in (-2.5, 1))
    assert np.all(weak.death[:, 0] > strong.death[:, 0])
    assert np.all(weak.death[:, 0] < strong.death[:, 0] * 1.5)
