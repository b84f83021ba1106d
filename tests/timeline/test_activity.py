"""Physical activity through time."""

import numpy as np
import pytest


def record(year: int, **given: float) -> dict:
    """What was asked or counted at the start of a year."""
    return {"date": f"{year}-01-01", **given}


def test_activity_is_unknown_until_it_was_recorded_and_then_holds(build, day):
    """At 35 and at 40, when 8,250 steps are usual; nothing is guessed backwards."""
    timeline = build(activity=[record(2015, steps_per_day=4125.0), record(2020, steps_per_day=8250.0)])
    before, between, after = timeline.flag_at(
        [day("2014-06-01"), day("2018-01-01"), day("2030-01-01")], timeline.activity
    )
    assert np.isnan(before)
    assert (between, after) == pytest.approx((0.5, 1.0))


def test_minutes_count_when_steps_were_not_counted(build, day):
    """649 minutes are twice what adults report."""
    timeline = build(activity=[record(2020, moderate_minutes_per_week=649.0)])
    assert timeline.flag_at([day("2021-01-01")], timeline.activity) == pytest.approx([2.0])


def test_activity_is_compared_with_people_of_the_same_disability(build, day):
    """4,372 steps are few without disability and usual at EDSS 6: the load curve has disability already."""
    walked = {"activity": [record(2020, steps_per_day=4372.5)]}
    disabled = {"ms": {"onset": "2006-01-01", "disability": [{"date": "2019-01-01", "edss": 6.0}]}, **walked}
    healthy, at_edss_6 = (build(edss_future="stable", **each) for each in (walked, disabled))
    when = [day("2021-01-01")]
    assert healthy.flag_at(when, healthy.activity) == pytest.approx([0.53])
    assert at_edss_6.flag_at(when, at_edss_6.activity) == pytest.approx([1.0])


def test_sessions_hold_until_the_next_record_that_gives_them(build, day):
    """A record of steps alone leaves the training as it was."""
    timeline = build(activity=[record(2015, resistance_sessions_per_week=2.0), record(2020, steps_per_day=5000.0)])
    days = [day("2014-01-01"), day("2016-01-01"), day("2030-01-01")]
    assert list(timeline.flag_at(days, timeline.resistance)) == [0.0, 2.0, 2.0]
    assert not timeline.impact.any()


def test_activity_is_compared_with_people_of_the_same_age(build):
    """The same steps are more at 80 than at 40."""
    young = build(activity=[record(2020, steps_per_day=5000.0)])
    old = build(birth_date="1940-01-01", activity=[record(2020, steps_per_day=5000.0)])
    assert np.nanmax(old.activity) > np.nanmax(young.activity)
