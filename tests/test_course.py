"""The road from exposures to risks: what must hold whatever the numbers are."""

from datetime import date

import numpy as np
import pytest

from trabecula import course, twin
from trabecula.evidence import Evidence
from trabecula.fracture import Exposure
from trabecula.model import Model
from trabecula.person import read_person
from trabecula.skeleton import SHIPPED, SITES
from trabecula.skeleton.density import reference_mean, t_score, young_reference, z_score
from trabecula.timeline import build_timeline
from trabecula.units import days, days_since_birth

EVIDENCE = Evidence.load()
DRAWS = Model(EVIDENCE).draws(120)
TODAY = date(2020, 6, 1)


def road(draws=DRAWS, **record):
    """Person, bones with the personal level, and 1- and 10-year risks."""
    person = read_person({"birth_date": "1965-06-01", "sex": "female", "country": "US", **record}, TODAY)
    today = days_since_birth(TODAY, person.birth_date)
    measured = twin.measurements(person, EVIDENCE, today)
    read = sorted({today, *measured.days, *(today + days(float(y)) for y in range(1, 12))})
    timeline = build_timeline(person, EVIDENCE, TODAY, date(2033, 1, 1), read)
    bones = course.bones(person, timeline, draws, today, read)
    seen = twin.condition(bones, measured, draws)
    bones = seen.own(bones)
    exposure = Exposure.from_person(person, timeline, (today + days(np.arange(0, 10.01, 1 / 12))).tolist())
    return bones, seen.level, course.outcomes(bones, seen.level, exposure, seen.sample, (1.0, 10.0))


def scan(site="femoral_neck", **measured):
    """A scan of a year ago."""
    return {"date": "2019-06-01", "site": site, "device": "hologic", **measured}


MS = {"onset": "2000", "course": "secondary_progressive", "disability": [{"date": "2020-01-01", "edss": 6.5}]}


def test_the_average_person_has_the_density_of_the_reference_population():
    """Without exposures and scans the typical density today is the table's mean at every site."""
    bones, _, _ = road()
    for site in SITES:
        mean = reference_mean(EVIDENCE, site, "female", 55.0)
        assert np.median(bones.typical[site][:, bones.now]) == pytest.approx(mean, rel=0.02)


def test_without_a_scan_people_differ_as_the_population_does():
    """The spread of density today is the reference standard deviation within a fifth."""
    bones, level, _ = road(Model(EVIDENCE).draws(1000))
    for site in SITES:
        spread = bones.density(site, level)[:, bones.now].std() / bones.average[site][:, bones.now].mean()
        assert spread == pytest.approx(bones.cv[site], rel=0.2)


def test_a_scan_moves_density_to_what_it_measured():
    """After a scan, density on its day is the measured one within the scanner's error, and far surer than before."""
    bones, level, _ = road(dxa=[scan(bmd_g_cm2=0.60)])
    before = bones.density("femoral_neck", road()[1])[:, 0]
    after = bones.density("femoral_neck", level)[:, 0]
    assert np.median(after) == pytest.approx(0.60, rel=0.02)
    assert after.std() < before.std() / 3


def test_a_scan_of_the_hip_informs_the_spine_but_less():
    """Sites go together: a low femoral neck lowers the spine's median, by less than its own."""
    _, level, _ = road(dxa=[scan(bmd_g_cm2=0.60)])
    _, prior, _ = road()
    fall = {site: np.median(prior[site]) - np.median(level[site]) for site in SITES}
    assert fall["femoral_neck"] > fall["lumbar_spine"] > 0.0


def test_two_equal_scans_are_surer_than_one():
    """A repeated measurement narrows the interval."""
    many = Model(EVIDENCE).draws(1000)
    one, two = (
        road(many, dxa=[scan(bmd_g_cm2=0.7)]),
        road(many, dxa=[scan(bmd_g_cm2=0.7), scan(bmd_g_cm2=0.7, date="2019-06-02")]),
    )
    assert two[1]["femoral_neck"].std() < one[1]["femoral_neck"].std()


def test_the_same_scan_as_t_score_z_score_or_density_says_the_same():
    """A score is taken back through its own reference."""
    bmd, age = 0.70, (date(2019, 6, 1) - date(1965, 6, 1)).days / 365.25
    scores = {
        "t_score": round(float(t_score(EVIDENCE, "femoral_neck", "female", bmd)), 6),
        "z_score": round(float(z_score(EVIDENCE, "femoral_neck", "female", age, bmd, None)), 6),
        "bmd_g_cm2": bmd,
    }
    medians = [np.median(road(dxa=[scan(**{name: value})])[1]["femoral_neck"]) for name, value in scores.items()]
    assert medians == pytest.approx([medians[0]] * 3, rel=1e-3)


def test_a_radius_scan_moves_neither_hip_nor_spine():
    """The forearm is not a site of the model: its scan is not read as one."""
    _, level, _ = road(dxa=[scan("radius", t_score=-4.0)])
    _, prior, _ = road()
    for site in SITES:
        assert np.array_equal(level[site], prior[site])


def test_lower_density_raises_every_risk():
    """A T-score of -3 at the femoral neck means a higher risk than one of 0, at each site."""
    low, high = (road(dxa=[scan(t_score=t)])[2] for t in (-3.0, 0.0))
    for site in low.fracture:
        assert np.median(low.at(site, 10.0)) >= np.median(high.at(site, 10.0))


def test_the_average_person_has_average_risks():
    """Without MS, scans or risk factors the median risk is near the population's."""
    _, _, risks = road()
    assert np.mean(risks.at("hip", 10.0)) == pytest.approx(np.mean(risks.average_at("hip", 10.0)), rel=0.25)


def test_ms_raises_risk_without_a_constant_for_ms():
    """Disability alone, with every residual at 1, raises hip risk above the average."""
    _, _, risks = road(ms=MS)
    assert all(float(EVIDENCE[f"fracture.residual.{site}"].value) == 1.0 for site in ("hip", "spine", "femoral_shaft"))
    assert np.median(risks.at("hip", 10.0)) > 1.5 * np.median(risks.average_at("hip", 10.0))


def test_risk_grows_with_the_horizon():
    """Nobody's ten-year risk is below the one-year risk."""
    _, _, risks = road(ms=MS)
    for site in risks.fracture:
        assert (risks.at(site, 10.0) >= risks.at(site, 1.0)).all()


def test_t_scores_use_the_young_reference():
    """The young mean has a T-score of zero, and one standard deviation below of minus one."""
    for site in SITES:
        mean, sd = young_reference(EVIDENCE, site, "male")
        assert t_score(EVIDENCE, site, "male", [mean, mean - sd]) == pytest.approx([0.0, -1.0])


def test_a_day_that_was_not_asked_for_is_refused():
    """Bones answer only for the days they were read on."""
    bones, _, _ = road()
    with pytest.raises(ValueError, match="not asked for"):
        bones.place(1.5)


def test_lunar_density_is_read_lower_than_hologic():
    """The same bone prints a higher density on a Lunar scanner, so a Lunar value means less bone."""
    lunar, hologic = (
        road(dxa=[scan(bmd_g_cm2=0.8, device=device)])[1]["femoral_neck"] for device in ("lunar", "hologic")
    )
    assert np.median(lunar) < np.median(hologic)


def test_a_hundred_seeds_leave_no_more_than_a_few_average_people():
    """A server may be asked for any seed: what is remembered of it is bounded, and the last asked is among it."""
    for seed in range(100):
        course.average_density("female", Model(EVIDENCE).draws(1, seed), days(np.array([50.0])))
    assert len(course._averages) == course._AVERAGES_KEPT
    assert ("female", 1, 99, SHIPPED) in course._averages
    assert ("female", 1, 0, SHIPPED) not in course._averages


def test_an_average_person_that_was_remembered_is_credited_to_the_answer():
    """An answer lists the numbers behind what was worked out before, and its density is the same."""
    first, again = EVIDENCE.fresh(), EVIDENCE.fresh()
    when = days(np.array([40.0, 60.0]))
    made = course.average_density("male", Model(first).draws(2, 7), when)
    known = course.average_density("male", Model(again).draws(2, 7), when)
    assert first.used() == again.used()
    assert "skeleton.turnover.total_hip" in again.used()
    for site in SITES:
        np.testing.assert_array_equal(made[site], known[site])
