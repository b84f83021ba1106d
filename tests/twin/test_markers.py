"""Markers of turnover: what a blood test says of the dynamics, and how little."""

import numpy as np
import pytest
from twin_people import DRAWS, EVIDENCE, ON, conditioned, person

from trabecula.skeleton import unknown_person
from trabecula.twin.measurements import markers
from trabecula.units import days_since_birth

DENOSUMAB = [{"drug": "denosumab", "start": "2019-06-01", "dose_mg": 60, "per": "6 months"}]


def sample(test, value, unit="ng/mL", on="2020-05-30"):
    """A sample of the record."""
    return {"date": on, "test": test, "value": value, "unit": unit}


def read(**record):
    """The markers of a person."""
    someone = person(**record)
    return markers(someone, EVIDENCE, days_since_birth(ON, someone.birth_date))


def turnover(**record):
    """Mean turnover, in standard deviations between people, of the draws that are left."""
    seen = conditioned(**record)[1]
    return unknown_person(DRAWS)["turnover"][seen.who].mean()


def test_units_do_not_matter_and_other_tests_are_no_markers():
    """CTX in ng/L is a thousandth of ng/mL; kidney function is not a marker of bone."""
    one, two = (read(laboratory=[sample("CTX", value, unit)]) for value, unit in ((0.3, "ng/mL"), (300, "ng/L")))
    assert one == two
    assert read(laboratory=[sample("eGFR", 80, "mL/min/1.73m2")]) == ()


def test_a_usual_value_of_a_young_woman_reads_as_about_one():
    """The middle of the reference interval of premenopausal women is what the model calls 1."""
    assert read(laboratory=[sample("P1NP", 38.0)])[0].ratio == pytest.approx(1.0)


def test_a_man_is_read_against_young_men():
    """The same P1NP is less turnover in a man, whose usual values are higher."""
    woman, man = (read(sex=sex, laboratory=[sample("P1NP", 50.0)])[0].ratio for sex in ("female", "male"))
    assert man < woman


def test_one_high_marker_moves_personal_turnover_up_and_a_low_one_down():
    """High P1NP speaks for a person whose bone turns over faster, less than its own spread."""
    high, low = (turnover(laboratory=[sample("P1NP", value)]) for value in (140.0, 20.0))
    assert 1.5 > high > low > -1.5


def test_a_marker_without_the_hour_says_little():
    """One CTX leaves most draws: the hour, the meal and the laboratory are not on file."""
    assert conditioned(laboratory=[sample("CTX", 0.6)])[1].effective > 0.6 * DRAWS.n


def test_two_equal_samples_say_less_than_twice_one():
    """A person's usual level is shared by their samples, so that a second one does not double the evidence."""
    one = turnover(laboratory=[sample("P1NP", 120.0)])
    two = turnover(laboratory=[sample("P1NP", 120.0), sample("P1NP", 120.0, on="2020-05-20")])
    assert 0.0 < two < 2.0 * one


def test_a_marker_that_stays_high_under_denosumab_is_weighed_and_not_refused():
    """A CTX that did not fall leaves fewer draws than there are, but some, and a level for each."""
    fell, stayed = (
        conditioned(medicines=DENOSUMAB, laboratory=[sample("CTX", 0.5, on="2019-05-20"), sample("CTX", then)])[1]
        for then in (0.08, 0.5)
    )
    for seen in (stayed, fell):
        assert 1.0 < seen.effective < DRAWS.n
        assert all(np.isfinite(seen.level[site]).all() for site in seen.level)
