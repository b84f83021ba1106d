"""A course conditioned on what was measured: what must hold whatever the numbers are."""

from dataclasses import replace
from datetime import date

import numpy as np
import pytest
from twin_people import DRAWS, EVIDENCE, ON, STEROIDS, conditioned, person, scan

from trabecula import twin
from trabecula.model import Model
from trabecula.skeleton import SITES
from trabecula.twin import likelihood
from trabecula.twin.measurements import error_covariance, scans
from trabecula.units import days, days_since_birth


def width(seen, own, years_ahead, site="total_hip"):
    """Width of the 90 % interval of density in some years [g/cm2]."""
    low, high = np.quantile(own.density(site, seen.level)[:, own.place(own.on + days(years_ahead))], (0.05, 0.95))
    return high - low


def test_without_measurements_every_draw_is_left_as_it_was():
    """Nothing measured, nothing learned: the sample is the sample."""
    _, seen, _ = conditioned()
    assert np.array_equal(seen.who, np.arange(DRAWS.n))
    assert seen.sample is DRAWS
    assert seen.effective == DRAWS.n
    assert seen.trust == 1.0


def test_without_a_scan_people_differ_as_the_table_says_on_every_day():
    """The personal factor wanders, but its spread is the reference population's today, before and after."""
    bones, seen, _ = conditioned(Model(EVIDENCE).draws(1000))
    for site in SITES:
        spread = seen.path.at(site, bones.on + days(np.array([-5.0, 0.0, 5.0, 20.0]))).std(axis=0)
        assert spread == pytest.approx(bones.cv[site], rel=0.1)


def test_the_personal_factor_of_today_is_near_that_of_next_year_and_further_from_that_in_twenty():
    """Density tracks: the correlation with oneself falls slowly with the years."""
    bones, seen, _ = conditioned(Model(EVIDENCE).draws(1000))
    path = seen.path.at("total_hip", bones.on + days(np.array([0.0, 1.0, 10.0, 20.0])))
    alike = np.corrcoef(path.T)[0]
    assert alike[1] > 0.95
    assert alike[1] > alike[2] > alike[3] > 0.5


def test_a_second_scan_narrows_the_forecast():
    """A scan of today added to one of five years ago leaves less to guess; so does an old one added to today's."""
    old, new = scan("2015-06-01", 0.86), scan("2020-05-30", 0.84)
    both, first, last = (conditioned(Model(EVIDENCE).draws(600), dxa=which) for which in ([old, new], [old], [new]))
    assert width(*both[1:], 2.0) < width(*first[1:], 2.0)
    assert width(*both[1:], 2.0) < 1.05 * width(*last[1:], 2.0)


def test_an_old_scan_says_less_of_today_than_a_new_one():
    """Six years of wandering widen what a scan leaves of today's density."""
    old, new = (conditioned(dxa=[scan(day, 0.84)]) for day in ("2014-06-01", "2020-05-30"))
    assert width(*old[1:], 0.0) > 1.5 * width(*new[1:], 0.0)


def test_a_steep_fall_on_steroids_leaves_draws_that_lose_more():
    """Of people on ten milligrams for six years, one who lost much has probably a skeleton that minds steroids more."""
    kept = []
    for last in (0.74, 0.89):
        scans = [scan("2014-06-01", 0.9), scan("2020-05-30", last)]
        bones, seen, _ = conditioned(steroids=STEROIDS, dxa=scans)
        course = bones.typical["total_hip"]
        kept.append(np.median((course[:, bones.now] / course[:, 0])[seen.who]))
    assert kept[0] < kept[1]


def test_one_scan_leaves_nearly_all_draws():
    """A single scan says how dense, hardly how fast."""
    assert conditioned(dxa=[scan("2020-05-30", 0.84)])[1].effective > 0.9 * DRAWS.n


def test_a_plan_and_its_baseline_have_the_same_draws():
    """What is picked and how it wanders does not depend on the bones it is put on: equal bones differ by zero."""
    bones, seen, own = conditioned(dxa=[scan("2020-05-30", 0.84)])
    again = seen.own(replace(bones, typical={site: values.copy() for site, values in bones.typical.items()}))
    for site in SITES:
        assert np.array_equal(own.typical[site], again.typical[site])


def test_the_draws_that_are_left_carry_their_parameters_along():
    """A picked draw is the same possible world by name: numbers and curves, and the same knots."""
    _, seen, _ = conditioned(dxa=[scan("2014-06-01", 0.9), scan("2020-05-30", 0.74)])
    for name in ("skeleton.turnover.total_hip", "fall.ms.sample"):
        assert np.array_equal(seen.sample[name], DRAWS[name][seen.who])
    assert np.array_equal(seen.sample.knots("fall.ms.sample"), DRAWS.knots("fall.ms.sample"))


def test_on_the_day_of_assessment_the_wandering_is_one():
    """The level is today's: today's density is the model's times the level, and nothing else."""
    bones, seen, own = conditioned(dxa=[scan("2016-06-01", 0.84)])
    for site in SITES:
        assert own.typical[site][:, own.now] == pytest.approx(bones.typical[site][seen.who, bones.now])


def test_measurements_after_the_day_of_assessment_are_not_known():
    """What lies in the future of an assessment does not move it."""
    someone = person(dxa=[scan("2019-06-01", 0.84)])
    assert twin.measurements(someone, EVIDENCE, days_since_birth(date(2019, 1, 1), someone.birth_date)).days == ()


def test_two_scans_by_one_maker_show_a_change_more_precisely_than_two_makers():
    """The conversion between makes errs alike in both scans of one make, and so not in their difference."""
    same, mixed = (
        scans(person(dxa=[scan("2018-06-01", 0.9, device="lunar"), scan("2020-05-30", 0.9, device=other)]), EVIDENCE,
              days_since_birth(ON, date(1965, 6, 1)))
        for other in ("lunar", "norland")
    )  # fmt: skip
    change = np.array([-1.0, 1.0])
    assert change @ error_covariance(same) @ change < 0.5 * change @ error_covariance(mixed) @ change


def test_resampling_keeps_each_draw_as_often_as_its_weight_says():
    """Systematic resampling rounds up or down, and keeps equal weights as they are."""
    share = np.array([0.5, 0.25, 0.125, 0.125])
    counts = np.bincount(likelihood.resample(share, 3), minlength=4)
    assert (np.abs(counts - 4 * share) < 1.0).all()
    assert np.array_equal(likelihood.resample(np.full(7, 1 / 7), 3), np.arange(7))


def test_weights_that_leave_too_few_draws_are_flattened_and_it_is_said():
    """A history that explains nothing of the scans is not forced: the weights keep a floor of effective draws."""
    wild = [scan("2014-06-01", 0.5), scan("2016-06-01", 1.3), scan("2018-06-01", 0.45), scan("2020-05-30", 1.3)]
    seen = conditioned(dxa=wild, steroids=STEROIDS)[1]
    floor = EVIDENCE.scalar("twin.least_effective") * DRAWS.n
    assert seen.effective >= 0.99 * floor
    assert seen.trust < 1.0


def test_the_same_key_conditions_in_the_same_way():
    """Seed and draws fix every digit."""
    one, two = (conditioned(dxa=[scan("2016-06-01", 0.84), scan("2020-05-30", 0.8)])[1] for _ in range(2))
    assert np.array_equal(one.who, two.who)
    assert all(np.array_equal(one.level[site], two.level[site]) for site in SITES)
