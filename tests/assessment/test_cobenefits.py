"""What activity does beside bone: more with more of it, most with the first step, nothing for what is done already."""

import numpy as np
import pytest

from assessment.conftest import known, plan
from trabecula.assessment.plans.effects import cobenefits, relative_risk


def active(minutes):
    """The woman of 60, who trains so many minutes a week."""
    return known(20, activity=[{"date": "2026-10-01", "moderate_minutes_per_week": minutes}])


def test_the_recommended_activity_has_the_printed_ratio():
    """From nothing to 150 minutes: the ratio that was printed, in every draw."""
    found = active(0)
    ratio = relative_risk("diabetes", 0.0, 150.0, found)
    assert ratio == pytest.approx(found.sample["plans.activity.diabetes.ratio"])


def test_the_dose_response_is_that_of_its_source():
    """Twice the recommended activity: 36 per cent less diabetes, as printed (in the middle of the draws)."""
    found = known(400)
    assert np.median(relative_risk("diabetes", 0.0, 300.0, found)) == pytest.approx(0.64, abs=0.02)


def test_the_first_step_is_worth_most():
    """An hour from nothing does more than an hour on top of three."""
    found = active(0)
    first, later = (relative_risk("heart_disease", 0, 60, found), relative_risk("heart_disease", 180, 240, found))
    assert (first < later).all()
    assert (later < 1.0).all()


@pytest.mark.parametrize(("sex", "named"), [("female", True), ("male", False)])
def test_breast_cancer_is_a_matter_of_women(sex, named):
    """A man is told of the others."""
    whats = [
        str(each.what) for each in cobenefits(known(20, sex=sex), plan(exercise={"moderate_minutes_per_week": 300}))
    ]
    assert any("Colon cancer" in each for each in whats)
    assert any("Breast cancer" in each for each in whats) == named


def test_what_is_done_already_does_not_count_again():
    """No co-benefit for a plan of fewer minutes than are done, or of none."""
    assert cobenefits(active(200), plan(exercise={"moderate_minutes_per_week": 150})) == []
    assert cobenefits(active(0), plan(exercise={"resistance_sessions_per_week": 2})) == []
    assert cobenefits(active(0), plan(falls_programme=True)) == []


def test_every_cobenefit_names_its_source():
    """Heart, diabetes, some cancers, stroke and sleep, each from a document."""
    found = cobenefits(active(0), plan(exercise={"moderate_minutes_per_week": 150}))
    told = " ".join(str(each.what) for each in found)
    for words in ("Cardiovascular", "diabetes", "cancer", "Stroke", "Sleep", "MET-minutes"):
        assert words in told
    assert all(each.sources for each in found)
