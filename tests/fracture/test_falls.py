"""How often people fall, and what it does to fractures."""

import numpy as np
import pytest
from scipy.optimize import brentq

from trabecula.fracture import SITES, Exposure, FallCount, falls, fracture_risk
from trabecula.fracture.falls import count_share, frailty, groups, membership, remembered
from trabecula.lab.studies import falls_diary
from trabecula.lab.studies.collection import fracture_studies

from .conftest import person
from .test_baseline import script


def rate_at(edss, central, **more):
    """Falls a year with MS at an EDSS, at the age of the studies, both sexes averaged as in them."""
    centre = central["fall.ms.age_centre"][0]
    rates = [
        falls.rates(Exposure(sex, "US", np.array([centre]), np.array([1.0]), edss=edss, **more), central)[0, 0]
        for sex in ("female", "male")
    ]
    share = central["fall.ms.women.share"][0]
    return share * rates[0] + (1 - share) * rates[1]


def test_volunteers_with_ms_fall_as_often_as_their_diaries_say(central, evidence):
    """The sample behind the printed rate averages its 12.8 falls a year, within an eighth (decision 16)."""
    steps, shares = central.knots("fall.ms.sample"), central["fall.ms.sample"][0]
    mean = sum(share * rate_at(edss, central) for edss, share in zip(steps, shares, strict=True))
    printed = evidence.finding("ms_falls.nilsagard_2015.rate_py").value
    assert falls.of_volunteers(mean, central)[0, 0] == pytest.approx(printed, rel=0.125)


def test_volunteers_between_edss_3_5_and_6_5_fall_as_often_as_another_diary_says(central, evidence):
    """Within a fifth of the 18.2 a year of another sample."""
    mean = np.mean([rate_at(edss, central) for edss in np.arange(3.5, 7, 0.5)])
    printed = evidence.finding("ms_falls.gunn_2013.rate_py").value
    assert falls.of_volunteers(mean, central)[0, 0] == pytest.approx(printed, rel=0.2)


def test_one_factor_tells_volunteers_from_others_with_ms_and_without(central):
    """A diary of volunteers has more falls by the same factor whether they have MS or not: like beside like."""
    for study in ("mazumder_2014_ms", "mazumder_2014_controls"):
        diary = fracture_studies()[study].setting
        nobody_chosen = diary.model_copy(update={"volunteers": False})
        own, theirs = (falls_diary.rates(each, central, 20, seed=1) for each in (diary, nobody_chosen))
        assert own / theirs == pytest.approx(central["fall.selection.volunteers"][0])


def test_falls_rise_smoothly_with_disability_and_fall_off_where_people_sit(central):
    """Up to EDSS 6.5 each half step is up to half as many falls again; beyond it they become fewer, to few in bed."""
    rates = np.array([rate_at(edss, central) for edss in np.arange(1, 10, 0.5)])
    steps = rates[1:] / rates[:-1]
    walks = np.arange(1.5, 10, 0.5) <= 6.5
    assert np.all((steps[walks] > 1) & (steps[walks] < 1.5))
    assert np.all(steps[~walks] < 1)
    assert rates[-1] < 0.3 * rates.max()


def test_all_day_in_a_wheelchair_people_fall_less(central):
    """Whoever is recorded as a wheelchair user falls as at EDSS 7, whatever the step recorded."""
    assert rate_at(6.0, central, wheelchair=True) == rate_at(7.0, central) < rate_at(6.0, central)


def test_people_with_ms_fall_more_than_others(central):
    """At every step at which they walk, at any age and in both sexes."""
    for sex in ("female", "male"):
        for age in (25.0, 45.0, 65.0, 85.0):
            alone = falls.population_rate(sex, np.array([age]), central)
            for edss in range(1, 7):
                exposure = Exposure(sex, "US", np.array([age]), np.array([1.0]), edss=float(edss))
                assert falls.rates(exposure, central) > alone


def test_primary_progressive_ms_and_medicines_add_falls(central):
    """Each known one raises the rate; an unknown one is the average."""
    plain = rate_at(4.0, central)
    assert rate_at(4.0, central, ms_course="primary_progressive") > plain > rate_at(4.0, central, ms_course="relapsing")
    assert (
        rate_at(4.0, central, present={"sedative": True}) > plain > rate_at(4.0, central, present={"sedative": False})
    )


def test_a_persons_own_count_moves_the_rate_towards_it(central):
    """None in a year lowers the expectation, twenty raise it; many years say it all, but for what is forgotten."""
    rates = [
        rate_at(3.0, central, falls=each)
        for each in (FallCount(0, 5), FallCount(0, 1), None, FallCount(20, 1), FallCount(100, 5))
    ]
    assert np.all(np.diff(rates) > 0)
    assert rates[-1] * central["fall.recall"][0] == pytest.approx(20, rel=0.05)


def test_histories_average_out(central):
    """Over all counts that a population would report, neither falls nor fractures change on average."""
    all_, expected = groups(central), np.array([[1.2]])
    reported = remembered(expected, central)
    share, mean, power = 0.0, 0.0, 0.0
    for n in range(600):
        p = float((all_.share * count_share(all_, n, reported)).sum())
        found = frailty(FallCount(n, 1), expected, central)
        share, mean, power = share + p, mean + p * found.mean[0, 0], power + p * found.power[0, 0]
    assert (share, mean, power) == pytest.approx((1, 1, 1), abs=1e-3)


def test_a_few_fall_very_often(draws):
    """Two groups whose mean is 1, far apart in any draw; who has fallen much belongs to those who fall often."""
    all_ = groups(draws)
    assert (all_.share * all_.mean).sum(axis=1) == pytest.approx(1)
    assert np.all(all_.mean[:, 0] > 3 * all_.mean[:, 1])
    often = [membership(all_, n, np.ones((draws.n, 1)))[:, 0] for n in (0, 1, 3, 10, 50)]
    assert np.all(np.diff(often, axis=0) > 0)
    assert np.all(often[-1] > 0.99)


def test_fewer_fall_twice_than_one_gamma_would_have_it(central):
    """At the share without a fall that was printed, the two groups have fewer with two or more."""
    all_ = groups(central)
    none, one = (float((all_.share * count_share(all_, n, np.array([[3.2]]))).sum()) for n in (0, 1))
    k = brentq(lambda k: (k / (k + 3.2)) ** k - none, 0.01, 50)
    alone = 1 - none - none * k * 3.2 / (k + 3.2)
    assert 1 - none - one < alone


def test_more_falls_are_never_fewer_fractures(draws):
    """For counts from none to fifty, at any site, in any draw."""
    risks = [fracture_risk(person(60, edss=4.0, falls=FallCount(n, 1)), {}, draws, (5,)) for n in (0, 1, 2, 5, 50)]
    for site in SITES:
        assert np.all(np.diff([each.at(site, 5) for each in risks], axis=0) > 0)


def test_twentyfold_falls_are_not_twentyfold_fractures(central):
    """The exponent is small: at EDSS 4 falls are more than fivefold, their effect is less than threefold."""
    exposure = person(50, edss=4.0)
    rate = falls.rates(exposure, central)[0, 0] / falls.population_rate("female", exposure.age_y, central)[0, 0]
    effect = falls.effect("forearm", "female", exposure.age_y, falls.relative_power(exposure, central), central)[0, 0]
    assert rate > 5
    assert 1.3 < effect < 3


def test_falls_matter_less_to_the_limbs_of_young_men(central):
    """Men of 25 break few bones by falls, women of 25 half of them, and at 88 nearly all do."""
    power = np.full((1, 2), 3.0)
    ages = np.array([25.0, 88.0])
    men, women = (falls.effect("forearm", sex, ages, power, central)[0] for sex in ("male", "female"))
    assert men[0] < women[0] < men[1]
    assert women[1] == pytest.approx(men[1], rel=0.1)


def test_falls_matter_less_to_the_spine(central):
    """Fewer than half of spine fractures follow a fall, most limb fractures do."""
    power = np.full((1, 1), 3.0)
    spine, forearm, hip = (
        falls.effect(site, "female", np.array([70.0]), power, central) for site in ("spine", "forearm", "hip")
    )
    assert 1 < spine < min(forearm, hip)


def test_with_no_signs_people_fall_about_like_others(central):
    """At EDSS 0 between the population and twice its rate; at EDSS 2 still below half of EDSS 4."""
    population = falls.population_rate("female", np.array([50.0]), central)[0, 0]
    assert 0.8 * population < rate_at(0.0, central) < 2 * population
    assert rate_at(2.0, central) < 0.5 * rate_at(4.0, central)


def test_fractures_follow_counts_of_falls_as_printed(evidence):
    """With the exponent of the common fit every ratio by count lies within a quarter of its finding."""
    fit, b = script("fit_fall_exponent"), evidence.scalar("fall.exponent")
    by_count = fit.hazards_by_count(evidence, b)
    for name, counts in fit.TARGETS.items():
        assert fit.count_ratio(by_count, counts) == pytest.approx(evidence.finding(name).value, rel=0.25)


def test_the_package_and_the_fit_agree_on_what_a_count_means(central, evidence):
    """A person of the general population with two falls has the ratio to one with none that was fitted."""
    fit, age = script("fit_fall_exponent"), np.array([70.0])
    effects = {}
    for n in (0, 2):
        exposure = Exposure("female", "US", age, np.array([1.0]), falls=FallCount(n, 1))
        power = falls.relative_power(exposure, central)
        effects[n] = sum(
            weight * falls.effect(site, "female", age, power, central)[0, 0]
            for site, weight in (("hip", 0.25), ("spine", 0.25), ("forearm", 0.5))
        )
    by_count = fit.hazards_by_count(evidence, evidence["fall.exponent"].value)
    assert effects[2] / effects[0] == pytest.approx(fit.count_ratio(by_count, range(2, 3)))
