"""First events when death competes."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from trabecula.fracture import Exposure, risk

rates = hnp.arrays(np.float64, (2, 12), elements=st.floats(0, 5, allow_subnormal=False))
steps = hnp.arrays(np.float64, (12,), elements=st.floats(0.01, 2))


@given(rates, rates, steps)
def test_fractures_deaths_and_survivors_add_to_one(hazard, death, dt_y):
    """At every edge of every course, each between 0 and 1, and neither deaths nor fractures are undone."""
    course = risk.cumulative_incidence(hazard, death, dt_y)
    assert course.event + course.death + course.at_risk == pytest.approx(1)
    for share in (course.event, course.death, course.at_risk):
        assert np.all((share > -1e-12) & (share < 1 + 1e-12))
    assert np.all(np.diff(course.event) >= 0)
    assert np.all(np.diff(course.death) >= -1e-12)


@given(rates, rates, rates, steps)
def test_raising_a_hazard_never_lowers_its_cumulative_incidence(hazard, more, death, dt_y):
    """And so a lower hazard never hastens the event."""
    low, high = (risk.cumulative_incidence(each, death, dt_y).event for each in (hazard, hazard + more))
    assert np.all(high >= low - 1e-12)


@given(rates, rates, rates, steps)
def test_raising_the_death_rate_never_raises_a_fracture_risk(hazard, death, more, dt_y):
    """Whoever dies breaks nothing any more."""
    fewer, many = (risk.cumulative_incidence(hazard, each, dt_y).event for each in (death, death + more))
    assert np.all(many <= fewer + 1e-12)


def test_constant_rates_have_the_textbook_answer():
    """h / (h + m) (1 - exp(-(h + m) t)), for any steps."""
    h, m, dt_y = 0.02, 0.05, np.array([0.1, 0.9, 3.0, 6.0])
    course = risk.cumulative_incidence(np.full((1, 4), h), np.full((1, 4), m), dt_y)
    expected = h / (h + m) * (1 - np.exp(-(h + m) * np.array([0, 0.1, 1, 4, 10])))
    assert course.event[0] == pytest.approx(expected)


@given(rates, rates, steps)
def test_splitting_steps_changes_nothing(hazard, death, dt_y):
    """Rates that are constant inside a step give the same shares when the step is cut in three."""
    whole = risk.cumulative_incidence(hazard, death, dt_y)
    parts = risk.cumulative_incidence(*(np.repeat(each, 3, axis=1) for each in (hazard, death)), np.repeat(dt_y / 3, 3))
    assert parts.event[:, ::3] == pytest.approx(whole.event)


def test_a_course_is_read_between_its_edges():
    """Linear inside a step, exact at the edges."""
    course = np.array([[0.0, 0.2, 0.6]])
    assert risk.read_at(course, np.array([0, 1, 3]), np.array([0, 0.5, 1, 2, 3]))[0] == pytest.approx(
        [0, 0.1, 0.2, 0.4, 0.6]
    )


@given(rates, rates, steps)
def test_horizons_are_answered_as_whole_courses_are(hazard, death, dt_y):
    """The compiled march that writes no course gives what the readable one gives, also where death has one row."""
    exposure = Exposure("female", "SE", age_y=50 + np.cumsum(dt_y), dt_y=dt_y)
    ends = np.linspace(0, dt_y.sum(), 5)
    for dying in (death, death[:1]):
        course = risk.cumulative_incidence(hazard, dying, dt_y)
        expected = risk.read_at(course.event, exposure.edges_y, ends)
        assert risk.incidence_within(hazard, dying, exposure, ends) == pytest.approx(expected, abs=1e-12)
