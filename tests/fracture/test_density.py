"""What bone density does."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from trabecula.evidence import Evidence
from trabecula.fracture import SITES, density, fracture_risk

from .conftest import person, z_everywhere

CENTRAL = Evidence.load().draws(1).central()
AGES = np.array([40.0, 50, 60, 70, 80, 90])


@given(st.floats(-6, 6), st.floats(0, 3), st.sampled_from(SITES), st.sampled_from(["female", "male"]))
def test_lower_density_never_lowers_a_hazard(z, less, site, sex):
    """At any site, age and sex."""
    high = density.effect(site, sex, AGES, z_everywhere(z), CENTRAL)
    low = density.effect(site, sex, AGES, z_everywhere(z - less), CENTRAL)
    assert np.all(low >= high * (1 - 1e-12))


def test_lower_density_never_lowers_a_risk(draws):
    """Nor over ten years in any draw, but for the one in ten thousand who dies of a broken hip before."""
    risks = [fracture_risk(person(), z_everywhere(z), draws, (10,)) for z in (1, 0, -1, -2, -3)]
    for site in (*SITES, "major_osteoporotic", "any"):
        steps = np.diff([each.at(site, 10) for each in risks], axis=0)
        assert np.all(steps > (-1e-4 if site not in ("hip", "any") else 0.0))


@pytest.mark.parametrize("site", SITES)
def test_a_population_of_all_densities_keeps_the_published_incidence(site):
    """Averaged over normally distributed Z-scores the effect is 1, within what the ends of the range cost."""
    z = np.linspace(-6, 6, 2401)
    weight = np.exp(-(z**2) / 2)
    effect = density.effect(
        site,
        "female",
        np.array([50.0]),
        dict.fromkeys(("femoral_neck", "total_hip", "lumbar_spine"), z[:, None]),
        CENTRAL,
    )
    assert np.average(effect[:, 0], weights=weight) == pytest.approx(1, rel=0.02)


def test_someone_with_average_density_is_below_the_average_risk():
    """At 50 the few with weak bone have most hip fractures, so a Z-score of 0 has less than half the mean."""
    assert density.effect("hip", "female", np.array([50.0]), z_everywhere(0), CENTRAL)[0, 0] < 0.5


def test_density_says_most_about_hips_and_about_the_young():
    """The gradient falls with age at the hip, and is steeper there than anywhere else at 60."""
    hip = density.gradient("hip", "female", AGES[1:], CENTRAL)[0]
    assert np.all(np.diff(hip) < 0)
    others = [density.gradient(site, "female", AGES[2:3], CENTRAL)[0, 0] for site in SITES if site != "hip"]
    assert hip[1] > max(others)


def test_beyond_the_measured_range_the_effect_is_held():
    """A Z-score of -6 weighs no more than -4.5, below the lowest T-score that was studied at any age."""
    effect = [density.effect("hip", "female", AGES, z_everywhere(z), CENTRAL) for z in (-4.5, -6)]
    assert np.array_equal(*effect)


@pytest.mark.parametrize("z", [{}, {"femoral_neck": np.full((1, 6), np.nan)}])
def test_unknown_density_has_no_effect(z):
    """Without a scan a person has the average of all densities."""
    assert np.all(density.effect("hip", "female", AGES, z, CENTRAL) == 1)


def test_the_spine_goes_by_its_own_density():
    """A weak spine in a person with strong hips raises spine fractures only."""
    z = z_everywhere(0) | {"lumbar_spine": np.full((1, 1), -2.0)}
    weak, even = (fracture_risk(person(), each, CENTRAL, (10,)) for each in (z, z_everywhere(0)))
    assert weak.at("spine", 10) > 2 * even.at("spine", 10)
    assert weak.at("hip", 10) == even.at("hip", 10)


def test_a_bone_that_was_not_measured_is_judged_by_its_neighbour():
    """A weak femoral neck says that the spine is weak too, but less surely than a scan of the spine."""
    neck = {"femoral_neck": np.full((1, 1), -2.0)}
    by_neck = density.effect("spine", "female", AGES, neck, CENTRAL)
    by_spine = density.effect("spine", "female", AGES, neck | {"lumbar_spine": np.full((1, 1), -2.0)}, CENTRAL)
    assert np.all((by_neck > 1) & (by_neck < by_spine))
