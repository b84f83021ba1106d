"""Plans: read strictly, explained kindly, and laid over a record without touching what has been."""

from datetime import date

import numpy as np
import pytest

from assessment.conftest import NAMES, TODAY, example, known, plan
from trabecula.assessment.compare import compare
from trabecula.assessment.plans.overlay import under_plan
from trabecula.assessment.plans.plan import RECORDED, day_of
from trabecula.assessment.plans.reading import PlanError, library, read_plan

DENOSUMAB = {"drug": "denosumab", "start": "2025-02-01", "dose_mg": 60, "per": "6 months"}
TABLETS = {"start": "2024-01-01", "drug": "prednisone", "route": "oral", "dose_mg": 7.5}


@pytest.mark.parametrize("name", NAMES)
def test_every_plan_of_the_library_can_be_followed_by_every_example(name):
    """Each is computed, or refused with a reason and a source; nothing breaks."""
    for result in compare(example(name), list(library().values())).plans:
        assert bool(result.bone) != bool(result.refused)
        assert all(each.reason and each.found and each.source for each in (*result.refused, *result.warnings))


def test_every_plan_of_the_library_says_why():
    """A name, a title that a person can read, and a reason."""
    for name, each in library().items():
        assert each.name == name
        assert each.because
        assert each != RECORDED


@pytest.mark.parametrize(
    ("moment", "day"),
    [
        ("now", TODAY),
        ("now + 6 months", date(2027, 5, 24)),
        ("now + 2 years", date(2028, 11, 21)),
        ("2027-03-01", date(2027, 3, 1)),
        (date(2027, 3, 1), date(2027, 3, 1)),
    ],
)
def test_a_moment_is_a_day_or_a_time_from_now(moment, day):
    """A plan of the library can be followed on any day."""
    assert day_of(moment, TODAY) == day


def test_all_that_is_wrong_with_a_plan_is_told_at_once():
    """Where, what was found, what was expected, what to do."""
    data = {"name": "a plan", "title": "A plan", "exersise": {}, "edss": "better", "steroids": {"taper_to_mg": -1}}
    with pytest.raises(PlanError) as error:
        read_plan(data)
    told = str(error.value)
    for words in ("name: found", 'did you mean "exercise"?', "edss: found", "steroids.over_days: found nothing"):
        assert words in told
    assert len(error.value.problems) >= 5
    assert "pydantic" not in told.lower()


@pytest.mark.parametrize(
    "steroids", ["none", [{"dose_mg": 5, "drug": "prednisone", "days": 10}], {"taper_to_mg": 5, "over_days": 30}]
)
def test_steroids_can_be_written_in_several_ways(steroids):
    """None, courses, a taper: each is read as what it is."""
    assert plan(steroids=steroids).steroids is not None


def test_what_a_plan_does_not_name_goes_on():
    """The plan that changes nothing leaves the record as it is, tablets included."""
    found = known(20, medicines=[DENOSUMAB], steroids=[TABLETS])
    assert under_plan(found, RECORDED).person == found.person


def test_stopping_ends_yesterday_and_keeps_what_was_given():
    """Doses up to yesterday stay in the record; nothing comes after."""
    found = known(20, medicines=[DENOSUMAB])
    after = under_plan(found, plan(stop=["Prolia"])).timeline
    before = under_plan(found, RECORDED).timeline
    assert [each for each in before.boluses if each.day < found.today] == list(after.boluses)
    assert len(before.boluses) > len(after.boluses)


def test_a_medicine_that_is_taken_already_keeps_its_days():
    """To plan denosumab for somebody who has it changes nothing: the next injection comes when it is due."""
    found = known(20, medicines=[DENOSUMAB])
    again = under_plan(found, plan(medicines=[{"drug": "denosumab", "start": "now"}]))
    assert again.person == found.person


def test_a_taper_falls_to_its_dose_and_no_further():
    """Tablets of 7.5 mg tapered to 2.5 mg over two months end at 2.5 mg, and go on."""
    found = known(20, steroids=[TABLETS])
    then = under_plan(found, plan(steroids={"taper_to_mg": 2.5, "over_days": 60})).timeline
    mg = then.prednisone_mg[then.at(found.today + np.array([-1.0, 1.0, 200.0, 3000.0]))]
    assert mg[0] == pytest.approx(7.5)
    assert 2.5 <= mg[1] <= 7.5
    assert mg[2] == mg[3] == pytest.approx(2.5)


def test_no_steroids_means_none_from_today():
    """What was taken stays in the history."""
    found = known(20, steroids=[TABLETS])
    then = under_plan(found, plan(steroids="none")).timeline
    assert (then.prednisone_mg[then.middles_d > found.today] == 0.0).all()
    assert (then.prednisone_mg[then.at([found.today - 10.0])] == 7.5).all()


def test_courses_come_as_often_as_planned():
    """Two courses of three days a year for ten years: sixty days of pulses."""
    found = known(20)
    pulses = {"courses_per_year": 2, "drug": "methylprednisolone", "route": "iv", "dose_mg": 1000, "days": 3}
    then = under_plan(found, plan(steroids=pulses)).timeline
    assert (then.pulse * then.lengths_d).sum() == pytest.approx(60.0)


def test_calcium_is_topped_up_and_not_added():
    """1200 mg a day for somebody who has 900 is 300 mg of tablets; for somebody who has 1500, nothing."""
    for taken, tablets in ((900, 300.0), (1500, None)):
        then = under_plan(known(20, calcium_mg_per_day=taken), plan(calcium_mg_per_day=1200))
        found = [each.dose_mg for each in then.person.medicines]
        assert found == ([tablets] if tablets else [])
        assert bool(then.notes) == (tablets is None)


def test_minutes_of_activity_add_to_steps_that_were_counted():
    """Somebody who walks a lot and trains 30 minutes more is never taken for less active than before."""
    activity = [{"date": "2026-10-01", "moderate_minutes_per_week": 20, "steps_per_day": 9000}]
    found = known(20, activity=activity)
    then = under_plan(found, plan(exercise={"moderate_minutes_per_week": 50})).timeline
    before = under_plan(found, RECORDED).timeline
    day = found.today + 1.0
    assert then.activity[then.at(day)] > before.activity[before.at(day)]


def test_a_worse_course_rises_twice_as_fast_and_a_stable_one_not_at_all():
    """The scenarios differ from the usual course after today only."""
    found = known(20)
    days = found.today + np.array([0.0, 1000.0])
    rise = {
        name: np.diff(under_plan(found, plan(edss=name)).timeline.edss_at(days))[0]
        for name in ("stable", "median", "worse")
    }
    assert rise["stable"] == pytest.approx(0.0)
    assert rise["worse"] == pytest.approx(2.0 * rise["median"], rel=0.2)
