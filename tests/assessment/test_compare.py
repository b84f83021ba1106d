"""Plans beside each other: the same draws, sharp differences, and no claim without its interval."""

import numpy as np
import pytest

from assessment.conftest import NAMES, bone, example, known, plan, result, risk
from trabecula.assessment.answer import answered
from trabecula.assessment.compare import compare, number_needed
from trabecula.assessment.plans.reading import library
from trabecula.assessment.results import Comparison

PULSES = {"courses_per_year": 1, "drug": "methylprednisolone", "route": "iv", "dose_mg": 1000, "days": 3}
TABLETS = {"start": "2024-01-01", "drug": "prednisone", "route": "oral", "dose_mg": 7.5}


@pytest.mark.parametrize("name", NAMES)
def test_a_plan_equal_to_what_is_recorded_differs_by_exactly_nothing(name):
    """The median course of disability is the recorded one: every difference is zero to the last digit."""
    same = result(example(name), force=True, edss="median")
    for each in same.bone:
        assert (each.difference_percent.low, each.difference_percent.high) == (0.0, 0.0)
    for each in same.risks:
        assert (each.difference.low, each.difference.mean, each.difference.high) == (0.0, 0.0, 0.0)
        assert each.number_needed.mean is None
        assert [chance.probability for chance in each.helps] == [0.0, 0.0]


def test_a_plan_against_itself_differs_by_exactly_nothing(woman):
    """Whatever plans are compared with."""
    exercise = library()["exercise"]
    against = compare(woman, [exercise], against=exercise).plans[0]
    assert all(each.difference_percent.median == 0.0 for each in against.bone)


@pytest.mark.parametrize("name", NAMES)
def test_what_plans_are_compared_with_is_what_the_assessment_says(name):
    """The same person has the same risks on both pages, to the last digit that is printed."""
    state = example(name)
    told = {each.site: each.risk for each in answered(state).risks if each.horizon_y == state.horizon_y}
    assert {each.site: each.risk for each in compare(state, []).baseline.risks} == told


def test_a_comparison_reads_back_from_its_json(woman):
    """What is written is the record."""
    found = compare(woman, [library()["zoledronate"]])
    text = found.model_dump_json()
    assert Comparison.model_validate_json(text).model_dump_json() == text


def test_the_order_of_plans_does_not_matter(woman):
    """Each plan is lived through by itself."""
    names = ("exercise", "zoledronate")
    first = compare(woman, [library()[each] for each in names])
    second = compare(woman, [library()[each] for each in reversed(names)])
    assert list(first.plans) == list(reversed(second.plans))


def test_stopping_denosumab_without_follow_on_costs_bone_and_breaks_vertebrae():
    """In every draw: the woman of 67 who leaves the next injection out has less bone, and more fractures."""
    found = compare(example("ms_woman_67"), [library()["stop-denosumab"]]).plans[0]
    assert bone(found, "lumbar_spine").difference_percent.high < 0.0
    assert risk(found, "spine").difference.low > 0.0
    assert risk(found, "spine").number_needed.best < 0.0


def test_a_bisphosphonate_after_denosumab_is_better_than_nothing():
    """Follow-on keeps some of the bone."""
    plans = [library()["stop-denosumab"], library()["denosumab-then-zoledronate"]]
    alone, followed = compare(example("ms_woman_67"), plans).plans
    assert bone(followed).difference_percent.median > bone(alone).difference_percent.median


def test_half_of_the_tablets_help_less_than_all():
    """Adherence is worth bone."""
    found = known()
    half, full = (
        result(found, medicines=[{"drug": "alendronate", "dose_mg": 70, "per": "week", "adherence": share}])
        for share in (0.5, 1.0)
    )
    assert 0.0 < bone(half).difference_percent.median < bone(full).difference_percent.median


def test_a_slow_taper_costs_more_than_a_fast_one():
    """Every day of daily tablets costs; none at all costs least."""
    found = known(steroids=[TABLETS])
    slow, fast = (result(found, steroids={"taper_to_mg": 0, "over_days": days}) for days in (720, 60))
    assert 0.0 < bone(slow).difference_percent.median < bone(fast).difference_percent.median


def test_more_pulses_cost_more():
    """One course a year costs a little, six cost more."""
    one, six = (result(known(), steroids={**PULSES, "courses_per_year": n}) for n in (1, 6))
    assert bone(six).difference_percent.median < bone(one).difference_percent.median < 0.0


def test_a_falls_programme_leaves_bones_alone():
    """Fewer falls, the same density; and the share of fractures prevented is below that of falls."""
    beside = compare(known(), [plan(falls_programme=True)])
    found, usual = beside.plans[0], beside.baseline
    assert all(each.difference_percent.median == 0.0 for each in found.bone)
    assert 0.0 < found.falls_per_year.median < usual.falls_per_year.median
    assert found.falls_per_year.median / usual.falls_per_year.median < risk(found).ratio.median < 1.0


def test_a_tablet_tells_nothing_of_the_other_medicines(woman):
    """Nobody asked whether this woman takes a sedative: calcium or denosumab as a plan does not answer it."""
    found = compare(woman, [library()["calcium-vitamin-d"], library()["denosumab"]])
    assert [each.falls_per_year for each in found.plans] == [found.baseline.falls_per_year] * 2


def test_calcium_prevents_no_fracture_that_bone_does_not_explain():
    """As much as in the same woman whose list of medicines was asked for: a few in 10,000, not one in 40."""
    asked = known(medicines=[{"drug": "levothyroxine", "start": "2015-01-01"}])
    both = [compare(each, [library()["calcium-vitamin-d"]]).plans[0] for each in (known(), asked)]
    unasked, told = (-risk(each).difference.mean for each in both)
    assert 0.0 < unasked < 0.005
    assert unasked == pytest.approx(told, rel=0.25)


def test_an_uncertain_benefit_says_that_it_may_be_none():
    """The trials of falls programmes allow no effect, and so does the number needed."""
    needed = risk(result(known(200), falls_programme=True)).number_needed
    assert needed.may_do_nothing
    assert needed.best > 0.0 > needed.worst


def test_a_smoker_who_stops_wins_in_time():
    """The excess fades: ten years on there are fewer hip fractures, but not as few as in somebody who never smoked."""
    smoker, never = known(smoking="current"), known(smoking="never")
    stopped = result(smoker, smoking="former")
    assert risk(stopped, "hip").difference.high < 0.0
    assert risk(stopped, "hip").risk.median > risk(compare(never, []).baseline, "hip").risk.median


def test_training_helps_whoever_can_train():
    """Two sessions a week and more walking: a little bone, fewer fractures, and other things beside."""
    idle = known(activity=[{"date": "2026-10-01", "moderate_minutes_per_week": 30}])
    found = compare(idle, [library()["exercise"]]).plans[0]
    assert bone(found).difference_percent.low > 0.0
    assert found.cobenefits
    assert found.side_effects
    assert found.burdens


@pytest.mark.parametrize("benefit", [[0.02, 0.03, 0.05], [-0.01, 0.01, 0.03], [-0.03, -0.02, -0.01], [0.0, 0.0, 0.0]])
def test_a_number_needed_is_one_over_the_benefit(benefit):
    """With its ends in order of favour, and infinity said as such."""
    needed = number_needed(np.repeat(benefit, 1000))
    middle = sum(benefit) / len(benefit)
    assert needed.mean == (pytest.approx(1 / middle, rel=1e-3) if middle else None)
    assert needed.may_do_nothing == (min(benefit) <= 0.0 <= max(benefit))


def test_the_chance_of_a_benefit_falls_with_its_size():
    """It is likelier to help at all than to help by much."""
    found = compare(known(200), [library()["alendronate"]], more_than=0.02).plans[0]
    assert [each.by_more_than for each in risk(found).helps] == [0.0, 0.02]
    for each in (*found.bone, *found.risks):
        at_all, much = each.helps
        assert at_all.probability >= much.probability


def test_every_named_side_effect_has_a_source(woman):
    """What is said of harm is printed somewhere, or said to be assumed."""
    for each in compare(woman, list(library().values()), force=True).plans:
        for effect in (*each.side_effects, *each.cobenefits):
            assert bool(effect.findings) == bool(effect.sources)
            assert (effect.status == "assumed") == (not effect.findings)
            assert effect.status != "recalled"


def test_a_medicine_without_known_side_effects_is_named(woman):
    """An empty list must not look like safety."""
    bazedoxifene = plan(medicines=[{"drug": "bazedoxifene"}])
    assert any("bazedoxifene" in str(said) for said in compare(woman, [bazedoxifene]).left_out)
