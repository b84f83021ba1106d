"""Calcium and vitamin D through time."""

import pytest


def test_without_a_word_intake_and_blood_level_are_usual_and_said(build, day):
    """The averages of women of 40 in the United States, each with an assumption."""
    timeline, at_40 = build(), [day("2020-06-01")]
    assert timeline.flag_at(at_40, timeline.calcium_mg_per_day) == pytest.approx([864.0])
    assert timeline.flag_at(at_40, timeline.vitamin_d_nmol_l) == pytest.approx([63.14])
    assert {"calcium intake", "serum 25-hydroxyvitamin D"} <= {str(gap.what) for gap in timeline.assumptions}


def test_a_stated_intake_is_taken_with_the_tablets_of_that_day_in_it(build, day):
    """1200 mg with a tablet of 500 since 2024: it was 700 before."""
    tablet = {"drug": "calcium", "start": "2024-01-01", "dose_mg": 500.0, "per": "day"}
    timeline = build(calcium_mg_per_day=1200.0, medicines=[tablet])
    days = [day("2020-01-01"), day("2025-01-01")]
    assert list(timeline.flag_at(days, timeline.calcium_mg_per_day)) == [700.0, 1200.0]


def test_a_planned_supplement_adds_from_its_start(build, day):
    """Tablets that begin after the assessment come on top of what was stated."""
    tablet = {"drug": "calcium", "start": "2027-01-01", "dose_mg": 500.0, "per": "day"}
    timeline = build(calcium_mg_per_day=700.0, medicines=[tablet])
    days = [day("2026-06-01"), day("2028-01-01")]
    assert list(timeline.flag_at(days, timeline.calcium_mg_per_day)) == [700.0, 1200.0]


def test_a_blood_level_holds_from_its_day_on_in_one_unit(build, day):
    """30 ng/mL are 75 nmol/L, and no level is read backwards from a sample; mid-May and mid-November are mean days."""
    sample = {"date": "2020-05-15", "test": "25-OH-D", "value": 30.0, "unit": "ng/mL"}
    timeline = build(laboratory=[sample])
    days = [day("2019-01-01"), day("2021-01-01"), day("2035-01-01")]
    assert list(timeline.flag_at(days, timeline.vitamin_d_nmol_l)) == pytest.approx([62.86, 74.88, 74.88], abs=0.5)


def test_vitamin_d_tablets_raise_the_level_after_a_sample(build, day):
    """20 micrograms begun after a level of 40 add 14 nmol/L; a stated dose was in the level already."""
    sample = {"date": "2020", "test": "25-OH-D", "value": 40.0, "unit": "nmol/L"}
    tablets = {"drug": "cholecalciferol", "start": "2022-01-01", "dose_mg": 0.02, "per": "day"}
    begun = build(laboratory=[sample], medicines=[tablets])
    days = [day("2021-01-01"), day("2023-01-01")]
    assert list(begun.flag_at(days, begun.vitamin_d_nmol_l)) == pytest.approx([40.0, 54.0])
    stated = build(laboratory=[sample], vitamin_d_ug_per_day=20.0)
    assert list(stated.flag_at(days, stated.vitamin_d_nmol_l)) == pytest.approx([40.0, 40.0])


def test_a_level_of_winter_stands_for_a_higher_mean_than_the_same_level_of_summer(build):
    """50 nmol/L in February is nearly 70 over the year, in August 30; of an unknown day it is taken as it is."""
    levels = [
        build(laboratory=[{"date": date, "test": "25-OH-D", "value": 50.0, "unit": "nmol/L"}]).vitamin_d_nmol_l[-1]
        for date in ("2020-02-14", "2020", "2020-08-14")
    ]
    assert levels == pytest.approx([69.7, 50.0, 30.3], abs=0.2)


def test_black_people_have_their_own_average(build):
    """Their usual blood level is lower."""
    assert set(build(ancestry="black").vitamin_d_nmol_l) == {48.4}


def test_a_supplement_without_a_dose_is_the_usual_tablet(build, day):
    """500 mg of calcium, once a day."""
    timeline = build(calcium_mg_per_day=700.0, medicines=[{"drug": "calcium", "start": "2027-01-01"}])
    assert timeline.flag_at([day("2028-01-01")], timeline.calcium_mg_per_day) == pytest.approx([1200.0])
