"""A life up to a day: every future begins from it, and none of them changes it."""

import numpy as np
import pytest

from assessment.conftest import NAMES, TODAY, example, known, person
from trabecula import course
from trabecula.assessment.compare import plan_course
from trabecula.assessment.patient_state import NotAssessable, prepare
from trabecula.assessment.plans.overlay import under_plan
from trabecula.assessment.plans.plan import RECORDED
from trabecula.assessment.plans.reading import library
from trabecula.model import Model
from trabecula.skeleton import SITES


@pytest.mark.parametrize("name", NAMES)
def test_a_history_with_a_future_is_the_whole_life(name):
    """Marching to today and on from there gives the bones of one life, to the last digit."""
    found = example(name)
    whole = course.bones(found.person, found.timeline, found.draws, found.today, found.days.every)
    own = found.seen.own(whole)
    for site in SITES:
        assert np.array_equal(own.typical[site], found.bones.typical[site])
        assert np.array_equal(own.average[site], found.bones.average[site])


def test_stopping_for_a_moment_changes_a_life_less_than_a_scan_could_tell():
    """The march restarts its step on the day of assessment: less than a thousandth of a per cent in all."""
    first, later = prepare(person(), TODAY, Model(known().evidence), 20), known(20)
    day = first.days.every[-1]
    timeline, days = first.timeline, np.array([first.days.every[0], day])
    once = course.history(first.person, timeline, first.draws, days)
    for site in SITES:
        ahead = later.past.joined(course.ahead(later.past, timeline, later.draws, np.array([first.today, day])))
        last, direct = ahead.typical[site][:, -1], once.skeleton.density[site][:, -1]
        assert last / later.past.unit[site][:, 0] == pytest.approx(direct, rel=3e-4)


@pytest.mark.parametrize("name", ["stop-denosumab", "exercise", "pulses-yearly", "edss-worse", "calcium-vitamin-d"])
def test_no_plan_changes_today(name):
    """A plan begins today: density today is the same under every plan."""
    found = example("ms_woman_67")
    today, planned = (
        plan_course(found, under_plan(found, plan), found.horizon_y).bones for plan in (RECORDED, library()[name])
    )
    for site in SITES:
        assert np.array_equal(planned.typical[site][:, 0], today.typical[site][:, 0])


def test_nobody_is_prepared_after_death():
    """There is no future to plan."""
    with pytest.raises(NotAssessable, match="died on 2026-01-05"):
        prepare(person(ms=None, death_date="2026-01-05"), TODAY, Model(known(20).evidence), 20)
