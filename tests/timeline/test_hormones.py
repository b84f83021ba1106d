"""Hormones through time, and the edges at which their effects are sampled."""

from datetime import date

import numpy as np
import pytest

from trabecula.units import days as days_in


def test_a_recorded_menopause_is_taken(build):
    """By age or by date, with its cause."""
    by_age = build(menopause={"age_y": 44.0, "cause": "surgical"})
    by_date = build(menopause={"date": "2024-01-01"})
    assert (by_age.menopause_age_y, by_age.menopause_cause) == (44.0, "surgical")
    assert by_date.menopause_age_y == pytest.approx(44.0, abs=0.01)


def test_an_unknown_menopause_is_left_to_be_drawn_and_the_cost_is_said(build):
    """A woman of 46 without a word about it: None, and an assumption."""
    timeline = build()
    assert timeline.menopause_age_y is None
    assert any(str(gap.what) == "age at menopause" for gap in timeline.assumptions)


def test_a_menopause_that_has_passed_at_an_unknown_time_is_taken_at_the_usual_age(build, evidence):
    """At 60 the usual age, at 46 it cannot be later than today."""
    usual = evidence["menopause.age.mean"].value
    assert build(menopausal=True, on=date(2040, 1, 1), until=date(2050, 1, 1)).menopause_age_y == usual
    assert build(menopausal=True).menopause_age_y == pytest.approx(46.0, abs=0.01)


def test_a_woman_who_still_has_periods_has_her_menopause_later(build):
    """The draw knows that it has not come yet."""
    assert build(menopausal=False).menopause_not_before_y == pytest.approx(46.0, abs=0.01)
    assert build().menopause_not_before_y == 0.0


def test_men_have_no_menopause(build):
    """Nor an assumption about it."""
    timeline = build(sex="male")
    assert timeline.menopause_age_y is None
    assert not any("menopause" in str(gap.what) for gap in timeline.assumptions)


def test_pregnancy_lasts_forty_weeks_and_breastfeeding_follows(build, day):
    """280 days before the birth, then as many months as were recorded."""
    timeline = build(pregnancies=[{"delivery": "2012-06-01", "lactation_months": 4.0}])
    days = [day("2011-08-01"), day("2012-01-01"), day("2012-07-01"), day("2012-12-01")]
    assert list(timeline.flag_at(days, timeline.pregnancy)) == [0, 1, 0, 0]
    assert list(timeline.flag_at(days, timeline.lactation)) == [0, 0, 1, 0]
    assert timeline.pregnancy @ timeline.lengths_d == pytest.approx(280.0)


def test_hormone_therapy_and_injections_last_from_the_first_to_the_last_day(build):
    """Both days are included."""
    timeline = build(
        hormone_therapy=[{"start": "2020-01-01", "end": "2020-01-31"}],
        depot_progestogen=[{"start": "2006-01-01", "end": "2006-03-01"}],
    )
    assert timeline.hormone_therapy @ timeline.lengths_d == pytest.approx(31.0)
    assert timeline.depot_progestogen @ timeline.lengths_d == pytest.approx(60.0)


def test_menopause_and_the_year_before_it_are_edges(build):
    """Oestrogen bends there."""
    edges = build(menopause={"age_y": 44.5}).edges_d
    for age in (43.5, 44.5, 30.0):
        assert days_in(age) in edges


def test_edges_are_close_around_menopause_and_yearly_elsewhere(build):
    """A quarter of a year where oestrogen may fall, a year where it does not."""
    timeline = build(menopause={"age_y": 44.5}, until=date(2060, 1, 1))
    lengths = {age: timeline.lengths_d[timeline.at(days_in(age))] for age in (27.5, 45.6, 51.6, 56.5, 70.5)}
    assert lengths[45.6] <= 91.4
    assert lengths[51.6] <= 91.4
    assert min(lengths[27.5], lengths[56.5], lengths[70.5]) > 300.0
    assert np.max(timeline.lengths_d) <= 365.25
    assert np.max(build(sex="male").lengths_d) <= 365.25
