"""The trial of Zorzon 2005, done many times over."""

import numpy as np
import pytest

from make_zorzon_page import zorzon_markdown
from trabecula.lab.studies import zorzon
from trabecula.lab.studies.zorzon import (
    RecruitmentPool,
    TrialMeasure,
    measures,
    partial_r,
    recruited,
    replicate,
    roc_area,
)
from trabecula.model import Model
from trabecula.skeleton import SITES
from trabecula.skeleton.density import site_correlation

SIZES = {"pulsed": 25, "relapse_only": 18, "controls": 61}
DOSES_G = {"pulsed": 97.5, "relapse_only": 39.0, "controls": 0.0}


def pool(arm, level=0.8, by_edss=0.0):
    """Forty people whom steroids did nothing; disability may cost density."""
    i = np.arange(40.0)
    edss = 1.0 + i % 7 / 2
    return RecruitmentPool(
        level=dict.fromkeys(SITES, (level - by_edss * edss)[:, None]),
        cv={site: np.full(40, 0.12) for site in SITES},
        age_y=25.0 + (i * 13) % 30,
        woman=(i % 3 > 0).astype(float),
        edss=edss,
        steroid_g=np.full(40, DOSES_G[arm]),
    )


def trial(evidence, replicates=400, seed=1, **levels):
    """Everything a trial of such people finds."""
    correlation = site_correlation(evidence)
    return measures(
        *(recruited(pool(arm, **levels.get(arm, {})), arm, SIZES[arm], correlation, replicates, seed) for arm in SIZES)
    )


@pytest.fixture(scope="module")
def small(evidence):
    """Few replicates of few people."""
    return replicate(Model(evidence), replicates=40, people=10, draws=2)


def test_without_an_effect_correlations_and_differences_average_nothing(evidence):
    """And one trial in twenty finds something all the same."""
    for measure in trial(evidence).values():
        assert abs(measure.mean) < 4 * measure.monte_carlo_se
        assert measure.share_found == pytest.approx(0.05, abs=0.04)


def test_bone_that_disability_costs_correlates_with_disability(evidence):
    """And not with the dose, as both arms are equally disabled."""
    costly = {"by_edss": 0.05}
    found = trial(evidence, pulsed=costly, relapse_only=costly)
    assert found["edss", "femoral_neck"].range[1] < 0
    assert found["edss", "femoral_neck"].share_found > 0.8
    assert abs(found["dose", "lumbar_spine"].mean) < 4 * found["dose", "lumbar_spine"].monte_carlo_se


def test_an_arm_with_less_bone_lies_below_the_others(evidence):
    """More dose then goes with less density, and people with MS lie below those without."""
    found = trial(evidence, pulsed={"level": 0.7})
    for what in ("dose", "arms", "ms"):
        assert all(found[what, site].range[1] < 0 for site in SITES)


def test_more_replicates_narrow_the_monte_carlo_error(evidence):
    """Four times as many halve it; what one trial finds varies as before."""
    few, many = (trial(evidence, n)["edss", "femoral_neck"] for n in (150, 600))
    assert many.monte_carlo_se == pytest.approx(few.monte_carlo_se / 2, rel=0.2)
    assert np.ptp(many.range) == pytest.approx(np.ptp(few.range), rel=0.2)


def test_more_replicates_keep_the_first_ones(evidence):
    """The luck of a trial has nothing to do with how many follow."""
    few, many = (trial(evidence, n)["arms", "total_hip"].values for n in (20, 50))
    assert np.allclose(few, many[:20], rtol=0, atol=1e-12)


def test_sites_go_together_between_people_as_in_the_reference(evidence):
    """Who is dense at the hip tends to be dense at the spine."""
    correlation = site_correlation(evidence)
    group = recruited(pool("pulsed"), "pulsed", 25, correlation, 400, 1)
    found = np.corrcoef([group.density[site].ravel() for site in SITES])
    assert found == pytest.approx(correlation, abs=0.03)


def test_arms_have_people_and_luck_of_their_own(evidence):
    """As in the real trial, nobody is in two arms."""
    one, other = (
        recruited(pool("pulsed"), arm, 18, site_correlation(evidence), 5, 1) for arm in ("pulsed", "relapse_only")
    )
    assert not np.array_equal(one.age_y, other.age_y)
    assert not np.isclose(one.density["total_hip"], other.density["total_hip"]).any()


def test_what_is_held_does_not_pass_for_an_exposure():
    """Two quantities that both follow age are not related once age is held; a constant is related to nothing."""
    age = np.linspace(30, 60, 50)[None]
    wobble, other = np.sin(5 * age), np.cos(7 * age)
    held = age[..., None]
    assert abs(partial_r(age + wobble, age + other, held)[0]) < 0.3
    assert partial_r(age + wobble, 2 * age + wobble, held)[0] == pytest.approx(1.0)
    assert partial_r(age + wobble, np.ones_like(age), held)[0] == 0.0


def test_correlations_are_significant_where_a_table_says_so():
    """With 43 people and nothing held the limit is 0.301, with 104 people 0.193 (5 %, two-sided)."""
    assert [*zorzon.significant(np.array([-0.31, -0.29, 0.31]), 43, 0)] == [True, False, True]
    assert [*zorzon.significant(np.array([0.2, 0.185]), 104, 0)] == [True, False]


def test_two_variants_alike_cannot_be_told_apart():
    """Half the area; all of it where every trial of one lies above every trial of the other."""
    a = np.array([1.0, 2.0, 3.0])
    assert roc_area(a, a) == 0.5
    assert (roc_area(a + 5, a), roc_area(a, a + 5)) == (1.0, 0.0)


def test_a_measure_says_how_many_trials_go_at_least_so_far():
    """Two of four at or below minus one."""
    measure = TrialMeasure(np.array([-2.0, -1.0, 0.0, 1.0]), np.array([True, False, False, False]))
    assert (measure.share_at_or_below(-1.0), measure.share_found) == (0.5, 0.25)


def test_the_trial_has_the_people_the_paper_printed(small):
    """25 pulsed, 18 for relapses only, 61 without MS."""
    assert small.took_part == SIZES


def test_the_same_seed_gives_the_same_trial(evidence, small):
    """And another seed another."""
    same, other = (replicate(Model(evidence), 40, seed, people=10, draws=2) for seed in (1, 2))
    for key, measure in small.model.items():
        assert np.array_equal(measure.values, same.model[key].values)
        assert not np.array_equal(measure.values, other.model[key].values)


def test_the_two_variants_share_people_and_luck(small):
    """So that they differ by recovery alone, and trial by trial they nearly agree, though never quite."""
    for key, measure in small.model.items():
        without = small.without_recovery[key].values
        assert np.corrcoef(measure.values, without)[0, 1] > 0.9
        assert not np.array_equal(measure.values, without)


def test_without_recovery_people_with_ms_lose_more(small):
    """What is lost is not filled again."""
    for site in SITES:
        assert small.without_recovery["ms", site].mean < small.model["ms", site].mean


def test_a_single_trial_is_no_replication(evidence):
    """There is no spread to report."""
    with pytest.raises(ValueError, match="at least 2"):
        replicate(Model(evidence), replicates=1)


def test_the_page_has_a_line_for_every_measure_and_says_that_it_is_generated(evidence, small):
    """With the printed correlation beside the model's, and the sentence for a user."""
    page = zorzon_markdown(small, evidence)
    assert "Generated by" in page
    assert sum(line.startswith("| ") for line in page.splitlines()) == len(small.model) + 2
    assert "−0.31" in page
    assert page.count("What it means for a user") == 1
    assert "repeats the trial 40 times: 25 people" in page
