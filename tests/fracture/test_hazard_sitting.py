"""People who do not stand."""

import numpy as np
import pytest

from trabecula.fracture import SITES, Exposure, fracture_risk, hazards
from trabecula.fracture.hazard import sitting_share
from trabecula.lab.studies.collection import fracture_studies
from trabecula.lab.studies.fracture_measures import disabled_ratio
from trabecula.lab.studies.fracture_record import DisabledGroup
from trabecula.timeline.disability import edss_offset

from .conftest import person

Z = {"lumbar_spine": 0.0, "femoral_neck": -2.0, "total_hip": -2.0}


def at(z):
    """Z-scores as the package takes them."""
    return {bone: np.full((1, 1), each) for bone, each in z.items()}


def hazard(site, z, draws, **more):
    """Fractures a year of a person of 60."""
    exposure = Exposure("female", "US", np.array([60.0]), np.ones(1), **more)
    return hazards(exposure, at(z), draws).per_year[site][:, 0]


def test_who_walks_is_not_touched(draws):
    """Up to EDSS 6.5, or without MS, sitting changes nothing."""
    for edss in (np.nan, 0.0, 4.0, 6.5):
        exposure = Exposure("female", "US", np.array([60.0]), np.ones(1), edss=edss)
        assert not sitting_share(exposure, draws).any()


def test_a_wheelchair_all_day_is_sitting_whatever_the_edss(central):
    """From EDSS 7 on, or recorded as a wheelchair user, with MS or without."""
    for more in ({"edss": 7.0}, {"edss": 9.0}, {"edss": 4.0, "wheelchair": True}, {"wheelchair": True}):
        assert sitting_share(Exposure("male", "US", np.array([60.0]), np.ones(1), **more), central) == 1


def test_between_the_steps_people_are_on_the_way(central):
    """Half way between 6.5 and 7 half of it holds."""
    exposure = Exposure("male", "US", np.array([60.0]), np.ones(1), edss=6.75)
    assert sitting_share(exposure, central)[0, 0] == pytest.approx(0.5)


def test_who_may_sit_sits_in_the_draws_in_which_the_bones_do_too(draws):
    """An EDSS nobody examined has one offset for bones, falls, sitting and death: the most disabled draws sit."""
    exposure = Exposure("male", "US", np.array([60.0]), np.ones(1), edss=6.0, edss_sd=2.0)
    edss, sits = exposure.disability(draws)[:, 0], sitting_share(exposure, draws)[:, 0]
    assert np.array_equal(edss > 6.5, sits > 0)
    assert 0 < np.mean(sits) < 1
    assert edss == pytest.approx(np.clip(6.0 + 2.0 * edss_offset(draws), 0.0, draws["timeline.edss.greatest"]))


def test_hips_and_arms_break_less_and_legs_more(central):
    """At the same density and the same falls."""
    sits, stands = ({s: hazard(s, at_zero(), central, wheelchair=w)[0] for s in SITES} for w in (True, False))
    for site in ("hip", "pelvis", "forearm", "humerus"):
        assert sits[site] < stands[site]
    for site in ("femoral_shaft", "tibia_ankle"):
        assert sits[site] > stands[site]


def at_zero():
    """Average density everywhere."""
    return dict.fromkeys(Z, 0.0)


def test_density_says_less_of_who_sits_but_still_something(draws):
    """Thin bones break more often at every site, sitting too, in any draw; at the hip by less than standing."""
    for site in SITES:
        sits = hazard(site, Z, draws, wheelchair=True) / hazard(site, at_zero(), draws, wheelchair=True)
        assert np.all(sits >= 1)
        if site == "hip":
            assert np.all(sits < hazard(site, Z, draws) / hazard(site, at_zero(), draws))


def test_the_parts_still_multiply_to_the_hazard(central):
    """Of somebody who sits, at every site."""
    found = hazards(person(60, edss=8.0), at(Z), central)
    for site in SITES:
        product = np.prod(
            [np.broadcast_to(each, found.per_year[site].shape) for each in found.parts[site].values()], axis=0
        )
        assert product == pytest.approx(found.per_year[site])


def test_more_falls_are_more_fractures_of_who_sits_too(central):
    """At every site."""
    few, many = (
        fracture_risk(Exposure("female", "US", np.array([60.0]), np.ones(1), edss=7.5, fall_ratio=r), {}, central, (1,))
        for r in (1.0, 3.0)
    )
    for site in SITES:
        assert few.at(site, 1) < many.at(site, 1)


def test_what_seated_people_break_rests_on_no_finding_about_ms_alone():
    """The studies of people who sit are of people without MS; in the common fit registers join them (decision 15)."""
    assert all(
        target.finding.startswith("seated.")
        for study in fracture_studies().values()
        if isinstance(study.setting, DisabledGroup) and study.setting.sits
        for target in study.targets
    )


def test_old_wheelchair_users_break_fewer_hips_than_frail_walkers(central):
    """As in Sweden, where they had a third of the hip fractures of matched people who walk; here two fifths."""
    setting = fracture_studies()["axelsson_2023"].setting
    assert disabled_ratio(setting, "ratio hip", central)[0] == pytest.approx(0.3, abs=0.15)


def test_cord_injury_breaks_more_hips_but_not_ten_times_as_many(central):
    """Between the two ratios of the Korean cohort, within the interval of the higher one."""
    setting = fracture_studies()["kim_2024"].setting
    assert 1.3 < disabled_ratio(setting, "ratio hip", central)[0] < 7
