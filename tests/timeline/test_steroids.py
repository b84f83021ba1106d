"""Glucocorticoid courses, day by day."""

import itertools
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.integrate import quad

from trabecula.evidence import Evidence
from trabecula.timeline.steroids import Dosing, drug_kinetics, steroid_days

EVIDENCE = Evidence.load()
EC_MG = EVIDENCE["steroid.receptor.half_occupancy_amount"].value
SAME = EVIDENCE["timeline.steroid.same_occupancy"].value
TABLET = Dosing("prednisone", "oral", 10.0, doses_per_day=1, every_days=1, start=100, days=30)
INFUSION = Dosing("methylprednisolone", "iv", 1000.0, doses_per_day=1, every_days=1, start=100, days=5)

dosings = st.builds(
    Dosing,
    drug=st.sampled_from(["prednisone", "prednisolone", "methylprednisolone", "dexamethasone", "hydrocortisone"]),
    route=st.sampled_from(["oral", "iv"]),
    dose_mg=st.floats(0.5, 1250.0),
    doses_per_day=st.sampled_from([1, 2, 3, 4]),
    every_days=st.sampled_from([1, 2, 7]),
    start=st.integers(100, 140),
    days=st.integers(1, 40),
)


def at(day: int, *courses: Dosing) -> float:
    """Daily mean occupancy on one day."""
    found = steroid_days(courses, EVIDENCE)
    return float(found.sample(found.occupancy, np.array([day + 0.5]))[0])


def total_mg(*courses: Dosing) -> float:
    """All prednisone equivalents together."""
    return float(steroid_days(courses, EVIDENCE).prednisone_mg.sum())


def superposed(day: int, courses: tuple[Dosing, ...]) -> float:
    """An independent answer: every dose ever given, added up and integrated over the day."""
    doses = [
        (24.0 * dose_day + 24.0 * i / each.doses_per_day, each.dose_mg, drug_kinetics(each.drug, each.route, EVIDENCE))
        for each in courses
        for dose_day in range(each.start, each.start + each.days, each.every_days)
        for i in range(each.doses_per_day)
    ]

    def share(hour: float) -> float:
        amount = sum(
            mg * drug.bioavailability * drug.prednisone_equivalent * part * np.exp(-k * (hour - when))
            for when, mg, drug in doses
            if when <= hour
            for part, k in drug.phases
        )
        return amount / (amount + EC_MG)

    times = [24.0 * day + 24.0 * i / 12 for i in range(13)]
    return sum(quad(share, a, b, epsabs=1e-11)[0] for a, b in itertools.pairwise(times)) / 24.0


@settings(max_examples=25, deadline=None)
@given(st.lists(dosings, min_size=1, max_size=3), st.integers(100, 185))
def test_any_mixture_of_courses_agrees_with_adding_up_every_dose(courses, day):
    """Carry-over, divided doses, alternate days and two drugs at once, against an independent quadrature."""
    least = EVIDENCE["timeline.steroid.least_occupancy"].value
    assert superposed(day, tuple(courses)) == pytest.approx(at(day, *courses), abs=max(5.0 * SAME, least))


@settings(max_examples=50, deadline=None)
@given(st.lists(dosings, min_size=1, max_size=3))
def test_occupancy_stays_between_nothing_and_everything(courses):
    """No course, however heavy, occupies more than all receptors."""
    u = steroid_days(courses, EVIDENCE).occupancy
    assert u.min() >= 0.0
    assert u.max() < 1.0


@settings(max_examples=50, deadline=None)
@given(dosings, st.floats(1.01, 3.0))
def test_a_higher_dose_never_occupies_less_on_any_day(course, factor):
    """Occupancy is monotone in dose, day by day."""
    low = steroid_days([course], EVIDENCE).occupancy
    high = steroid_days([replace(course, dose_mg=course.dose_mg * factor)], EVIDENCE).occupancy
    assert np.all(high >= low - SAME)


@settings(max_examples=50, deadline=None)
@given(dosings)
def test_two_half_doses_at_the_same_time_are_one_dose(course):
    """Two tablets of 5 mg are a tablet of 10 mg."""
    half = replace(course, dose_mg=course.dose_mg / 2.0)
    whole, halves = steroid_days([course], EVIDENCE), steroid_days([half, half], EVIDENCE)
    assert halves.occupancy == pytest.approx(whole.occupancy, abs=1e-12)
    assert halves.prednisone_mg == pytest.approx(whole.prednisone_mg)


@settings(max_examples=50, deadline=None)
@given(dosings, st.integers(1, 39))
def test_a_course_split_in_two_adjacent_ones_is_the_same_course(course, cut):
    """How a clinic writes a daily course down doesn't change what the skeleton sees."""
    course = replace(course, every_days=1, days=40)
    parts = [replace(course, days=cut), replace(course, start=course.start + cut, days=40 - cut)]
    whole, split = steroid_days([course], EVIDENCE), steroid_days(parts, EVIDENCE)
    assert split.first == whole.first
    assert split.occupancy == pytest.approx(whole.occupancy, abs=1e-12)
    assert split.prednisone_mg == pytest.approx(whole.prednisone_mg)
    assert list(split.pulse) == list(whole.pulse)


@given(dosings)
def test_no_milligram_is_lost(course):
    """The sum over days is what was prescribed, in prednisone equivalents."""
    strength = drug_kinetics(course.drug, course.route, EVIDENCE).prednisone_equivalent
    prescribed = course.dose_mg * course.doses_per_day * len(range(0, course.days, course.every_days)) * strength
    assert prescribed == pytest.approx(total_mg(course))


def test_alternate_days_have_half_the_mean_dose_and_each_day_its_own_occupancy():
    """20 mg every other day is 10 mg a day for the fracture risk; the receptor has days off."""
    alternate = steroid_days([replace(TABLET, dose_mg=20.0, every_days=2)], EVIDENCE)
    daily = steroid_days([replace(TABLET, dose_mg=20.0)], EVIDENCE)
    assert alternate.prednisone_mg[:30].mean() == pytest.approx(daily.prednisone_mg[:30].mean() / 2.0)
    assert alternate.occupancy[2] > 100.0 * alternate.occupancy[3]


def test_divided_doses_occupy_longer_than_one():
    """The same amount in four parts leaves no hours without it."""
    once, four_times = at(110, TABLET), at(110, replace(TABLET, dose_mg=2.5, doses_per_day=4))
    assert four_times > once


def test_doses_that_share_no_division_of_the_day_go_to_the_nearest_hour():
    """Five and seven doses a day at once: nothing is lost and the mean hardly moves."""
    five, seven = (replace(TABLET, dose_mg=10.0 / n, doses_per_day=n) for n in (5, 7))
    assert total_mg(five, seven) == pytest.approx(600.0)
    assert at(110, five, seven) == pytest.approx(superposed(110, (five, seven)), abs=0.005)


def test_ten_years_on_a_steady_dose_are_a_handful_of_segments():
    """Days of a steady regime merge; only its beginning and its end are days by themselves."""
    assert len(steroid_days([replace(TABLET, days=3650)], EVIDENCE).edges) < 10


def test_the_last_dose_leaves_a_tail_that_ends():
    """Something of an infusion is left for some days, and then nothing at all."""
    u = steroid_days([INFUSION], EVIDENCE).occupancy
    assert u[5] > 0.0
    assert not u[12:].any()


def test_carry_over_makes_the_second_infusion_day_the_fuller_one():
    """Yesterday's residue counts."""
    assert at(101, INFUSION) > at(100, INFUSION)


@pytest.mark.parametrize(
    ("drug", "mg"), [("prednisolone", 5.0), ("prednisone", 5.0), ("methylprednisolone", 4.0), ("hydrocortisone", 20.0)]
)
def test_equivalent_doses_of_different_drugs_are_equal(drug, mg):
    """The conversion table, applied."""
    course = replace(TABLET, drug=drug, dose_mg=mg)
    assert total_mg(replace(TABLET, dose_mg=5.0)) == pytest.approx(total_mg(course))
    assert at(110, replace(TABLET, dose_mg=5.0)) == pytest.approx(at(110, course))


def test_a_gram_by_vein_is_1250_mg_of_prednisone():
    """Five pulse days count as 6.25 g, and the record says so."""
    assert total_mg(INFUSION) == pytest.approx(6250.0)


class TestPulse:
    """What counts as an intermittent high-dose course."""

    def test_five_infusions_with_a_taper_of_three_weeks_are_a_pulse(self):
        """A short course is a pulse with its taper."""
        taper = replace(TABLET, dose_mg=40.0, start=105, days=21)
        pulse = steroid_days([INFUSION, taper], EVIDENCE).pulse
        assert pulse[:26].all()
        assert not pulse[26:].any()

    def test_months_of_tablets_are_chronic_therapy(self):
        """Half a year on 20 mg is no pulse on any day."""
        assert not steroid_days([replace(TABLET, dose_mg=20.0, days=180)], EVIDENCE).pulse.any()

    def test_a_short_course_of_a_low_dose_is_no_pulse(self):
        """Ten days of 5 mg are short, but not high."""
        assert not steroid_days([replace(TABLET, dose_mg=5.0, days=10)], EVIDENCE).pulse.any()

    def test_infusions_during_chronic_therapy_are_a_pulse_and_the_rest_is_not(self):
        """A pulse on top of daily tablets is flagged on its days only."""
        daily = replace(TABLET, start=0, days=365)
        assert list(np.flatnonzero(steroid_days([daily, INFUSION], EVIDENCE).pulse)) == [100, 101, 102, 103, 104]

    def test_alternate_day_tablets_are_one_long_course(self):
        """The days between are not the end of a course."""
        alternate = replace(TABLET, dose_mg=40.0, every_days=2, days=180)
        assert not steroid_days([alternate], EVIDENCE).pulse.any()

    def test_a_pulse_every_month_for_years_stays_a_pulse(self):
        """Regular pulses are not chronic therapy: the question of Zorzon 2005."""
        monthly = replace(INFUSION, every_days=30, days=3600)
        found = steroid_days([monthly], EVIDENCE)
        assert found.pulse.sum() == 120
        assert found.prednisone_mg[found.pulse] == pytest.approx(1250.0)


def test_an_unrecorded_life_has_no_steroids():
    """Without courses there is nothing, not even an edge."""
    nothing = steroid_days([], EVIDENCE)
    assert len(nothing.edges) == 0
    assert not nothing.sample(nothing.occupancy, np.array([1.0, 2.0])).any()
