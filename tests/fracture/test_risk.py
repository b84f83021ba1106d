"""The answer as a whole."""

import numpy as np
import pytest

from trabecula.fracture import (
    GROUPS,
    LIFETIME,
    SITES,
    Exposure,
    FallCount,
    PriorFracture,
    fracture_risk,
    hazards,
    time_grid,
)

from .conftest import person, z_everywhere

HORIZONS = (1, 2, 5, 10, LIFETIME)


def patient(**more):
    """A woman of 52 with MS and a history."""
    return person(
        52,
        edss=5.5,
        prednisone_mg=5.0,
        priors=(PriorFracture("forearm", 3),),
        falls=FallCount(4, 1),
        present={"antidepressant": True, "current_smoking": False},
        bmi=23.0,
        **more,
    )


def test_risks_grow_with_the_horizon(draws):
    """A longer time is never less risk, at any site, for fractures and deaths."""
    risks = fracture_risk(patient(), z_everywhere(-1), draws, HORIZONS)
    for share in (*risks.fracture.values(), *risks.average_fracture.values(), risks.death, risks.average_death):
        assert np.all(np.diff(share) > 0)
        assert np.all((share > 0) & (share <= 1))


def test_a_group_lies_between_its_largest_site_and_the_sum(draws):
    """Any of several fractures is at least as likely as the likeliest, and at most their sum."""
    risks = fracture_risk(patient(), z_everywhere(-1), draws, HORIZONS)
    for group, sites in GROUPS.items():
        each = np.array([risks.fracture[site] for site in sites])
        assert np.all(risks.fracture[group] >= each.max(axis=0) - 1e-12)
        assert np.all(risks.fracture[group] <= each.sum(axis=0) + 1e-12)


def test_the_parts_multiply_back_to_the_hazard(draws):
    """Nothing acts on a hazard that is not among its parts."""
    rates = hazards(patient(), z_everywhere(-1), draws)
    for site in SITES:
        product = np.prod(
            [np.broadcast_to(part, rates.per_year[site].shape) for part in rates.parts[site].values()], axis=0
        )
        assert product == pytest.approx(rates.per_year[site], rel=1e-12)


@pytest.mark.parametrize("count", [0, 1, 2, 5, 12])
def test_more_falls_never_lower_a_risk(count, draws):
    """One more fall in the past year, at any site and in any group."""
    fewer, more = (
        fracture_risk(person(60, falls=FallCount(n, 1)), z_everywhere(0), draws, (10,)) for n in (count, count + 1)
    )
    for site in (*SITES, *GROUPS):
        assert np.all(more.at(site, 10) >= fewer.at(site, 10) * (1 - 1e-9))


def test_an_earlier_fracture_never_lowers_a_risk(draws):
    """Compared with never having broken a bone, at any site."""
    broken, never = (
        fracture_risk(person(60, priors=priors), z_everywhere(0), draws, (10,))
        for priors in ((PriorFracture("forearm", 8),), ())
    )
    for site in (*SITES, "major_osteoporotic", "any"):
        assert np.all(broken.at(site, 10) >= never.at(site, 10))


def test_any_split_of_time_gives_the_same_risks(central):
    """Yearly steps are within two per cent of monthly ones, ten monthly years within half a per cent."""
    made = [fracture_risk(patient(monthly_y=years), z_everywhere(-1), central, (10, LIFETIME)) for years in (0, 10, 58)]
    for site in SITES:
        yearly, mixed, monthly = (each.fracture[site] for each in made)
        assert yearly == pytest.approx(monthly, rel=0.02)
        assert mixed == pytest.approx(monthly, rel=0.005)
        assert mixed[0, 0] == pytest.approx(monthly[0, 0], rel=1e-9)


def test_an_own_course_for_each_draw_is_what_each_alone_would_have(evidence):
    """Disability as one course per draw gives each draw the risk it has by itself: rows never mix."""
    draws = evidence.draws(5, seed=3)
    levels = np.array([[0.0], [3.0], [4.5], [6.5], [8.0]])
    age, dt_y = time_grid(45, 110, 10)
    together = fracture_risk(
        Exposure("male", "US", age, dt_y, edss=np.broadcast_to(levels, (5, len(age)))), {}, draws, HORIZONS
    )
    for i, edss in enumerate(levels[:, 0]):
        alone = fracture_risk(Exposure("male", "US", age, dt_y, edss=edss), {}, draws, HORIZONS)
        assert together.fracture["any"][i] == pytest.approx(alone.fracture["any"][i], rel=1e-12)


def test_many_people_run_through_the_same_code_as_one(central):
    """People as rows, one central draw: each has the risk of a run of their own."""
    z = {"femoral_neck": np.linspace(-2, 1, 7)[:, None]}
    together = fracture_risk(person(60), z, central, (10,)).at("hip", 10)
    alone = [
        fracture_risk(person(60), {"femoral_neck": each[None]}, central, (10,)).at("hip", 10)[0]
        for each in z["femoral_neck"]
    ]
    assert together == pytest.approx(alone)


def test_disability_acts_through_falls_and_death_only(central):
    """At the same density two people of different EDSS differ in falls and death, and in nothing else.

    More disability is therefore not always more fractures here: falls peak at EDSS 6.5, and the very
    disabled die earlier. That disability weakens bone is the skeleton's part.
    """
    mild, severe = (hazards(person(edss=edss), z_everywhere(0), central) for edss in (2.0, 6.0))
    for site in SITES:
        changed = {
            part for part in mild.parts[site] if not np.array_equal(mild.parts[site][part], severe.parts[site][part])
        }
        assert changed <= {"falls", "joint"}
        assert "falls" in changed
    assert np.all(mild.death_per_year < severe.death_per_year)


def test_more_disability_is_never_fewer_fractures_up_to_edss_4(draws):
    """On the rising side of the fall curve, where death is unchanged."""
    risks = [fracture_risk(person(edss=edss), {}, draws, (10,)).at("any", 10) for edss in np.arange(0, 4.5, 0.5)]
    assert np.all(np.diff(risks, axis=0) > 0)


def test_ms_raises_limb_and_hip_fractures_more_than_spine_fractures(central):
    """Falls break limbs; nothing is fitted to it."""
    ratio = {}
    for site in ("hip", "forearm", "spine"):
        risks = fracture_risk(person(55, edss=6.0), {}, central, (10,))
        ratio[site] = (risks.at(site, 10) / risks.average_at(site, 10))[0]
    assert ratio["spine"] < min(ratio["hip"], ratio["forearm"])


def test_no_residual_is_hidden(evidence):
    """What MS adds beyond density, falls, steroids and factors is 1 at every site."""
    assert {evidence[f"fracture.residual.{site}"].value for site in SITES} == {1.0}


def test_a_residual_can_be_tried(evidence):
    """A what-if on the shaft raises the shaft in MS, and nobody else."""
    tried = evidence.replacing({"fracture.residual.femoral_shaft": 2.0}).draws(1).central()
    with_ms, without = (
        hazards(person(edss=edss), {}, tried).parts["femoral_shaft"]["residual"] for edss in (3.0, np.nan)
    )
    assert np.all(with_ms == 2)
    assert np.all(without == 1)


def test_ms_may_begin_on_the_grid(central):
    """Before the onset the person is like anybody else."""
    exposure = person()
    edss = np.where(exposure.middle_y < 5, np.nan, 4.0)
    falls_part = hazards(person(edss=edss), {}, central).parts["forearm"]["falls"][0]
    assert falls_part[0] == pytest.approx(1)
    assert falls_part[exposure.middle_y > 5].min() > 1


def test_a_horizon_beyond_the_grid_is_refused(central):
    """The message says how far the grid goes and what to do."""
    with pytest.raises(ValueError, match=r"grid ends at age 60\.0.*horizon at 110\.0.*extend"):
        fracture_risk(person(50, until=60), {}, central, (10, LIFETIME))


def test_what_was_used_can_be_cited(evidence):
    """A run leaves a trace: parameters, findings, assumptions."""
    fresh = evidence.fresh()
    fracture_risk(patient(), z_everywhere(-1), fresh.draws(3), HORIZONS)
    assert "fall.exponent" in fresh.used()
    assert "Ettinger 2010" in fresh.citation()
    assert "Assumed" in fresh.citation()


def test_the_central_risk_lies_inside_the_draws(evidence):
    """Spreads are honest enough to hold the central answer, and not so wide that they say nothing."""
    many = fracture_risk(patient(), z_everywhere(-1), evidence.draws(200), (10,)).at("major_osteoporotic", 10)
    central = fracture_risk(patient(), z_everywhere(-1), evidence.draws(1).central(), (10,)).at(
        "major_osteoporotic", 10
    )
    low, high = np.quantile(many, [0.05, 0.95])
    assert low < central[0] < high < 4 * low
