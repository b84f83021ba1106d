from datetime import date

import numpy as np
import pytest

from lab.studies.by_hand import STUDIES, STUDY
from trabecula import skeleton
from trabecula.evidence import Evidence
from trabecula.lab.studies import virtual
from trabecula.lab.studies.record import Arm
from trabecula.lab.studies.virtual import person_in, run
from trabecula.model import Model
from trabecula.person import Disability, HistoryDate, MultipleSclerosis, Person

WOMAN = Person(
    birth_date=HistoryDate(1960, 1, 1),
    sex="female",
    country="US",
    calcium_mg_per_day=700.0,
    ms=MultipleSclerosis(
        onset=HistoryDate(1990, 1, 1),
        course="relapsing",
        disability=(Disability(date=HistoryDate(2000, 1, 1), edss=3.0),),
    ),
)


def living(**arm):
    """The woman with what an arm does to her."""
    return person_in(Arm.model_validate(arm), WOMAN)


def edss(person):
    """What her examinations found."""
    return [each.edss for each in person.ms.disability]


def test_an_arm_that_does_nothing_changes_nothing():
    """The same person, with the same MS."""
    same = living()
    assert WOMAN.ms == same.ms
    assert (same.steroids, same.medicines, same.hormone_therapy, same.immobility, same.activity) == ((),) * 5
    assert WOMAN.calcium_mg_per_day == same.calcium_mg_per_day


def test_controls_do_not_have_the_disease():
    """They are the same people without it."""
    assert living(without=["ms"]).ms is None


def test_the_last_day_of_a_treatment_is_the_one_before_it_ends():
    """Ten days from day 0 end on the tenth of January."""
    (course,) = living(steroids=[{"drug": "prednisone", "dose_mg": 50, "to_day": 10}]).steroids
    assert (date(2000, 1, 1), date(2000, 1, 10)) == (course.start, course.end)
    assert sum(step.days for step in course.steps(None, Evidence.load())) == 10


def test_a_negative_day_is_history():
    """What happened before the study began counts."""
    arm = {"medicines": [{"drug": "alendronate", "dose_mg": 70, "every_days": 7, "from_day": -365, "to_day": 0}]}
    (medicine,) = living(**arm).medicines
    assert (date(1999, 1, 1), date(1999, 12, 31)) == (medicine.start, medicine.end)


def test_supplements_come_on_top_of_the_diet():
    """What is eaten stays, and the tablets are taken every day from day 0 on."""
    taking = living(supplements={"calcium_mg_per_day": 500, "vitamin_d_ug_per_day": 10})
    tablets = [(each.drug, each.dose_mg, each.every_days) for each in taking.medicines]
    assert tablets == [("calcium", 500.0, 1.0), ("cholecalciferol", 0.01, 1.0)]
    assert taking.calcium_mg_per_day == WOMAN.calcium_mg_per_day


def test_training_ends():
    """Sessions from one day, and none from another."""
    arm = {"training": [{"impact_sessions_per_week": 3, "from_day": 0, "to_day": 180}]}
    assert [each.impact_sessions_per_week for each in living(**arm).activity] == [3.0, 0.0]


def test_everybody_keeps_their_distance_from_the_mean_course_of_disability():
    """Who is one point worse than the mean stays so."""
    assert edss(living(edss_mean=[[0, 2.0], [730, 3.5]])) == [3.0, 4.5]


@pytest.mark.parametrize(("course", "found"), [([[0, 3.0], [730, -2.0]], 0.0), ([[0, 3.0], [730, 0.5]], 1.0),
                                               ([[0, 3.0], [730, 12.0]], 9.5)])  # fmt: skip
def test_disability_stays_on_its_scale(course, found):
    """The scale has no 0.5, nothing below 0, and the dead are not examined."""
    assert found == edss(living(edss_mean=course))[-1]


@pytest.fixture(scope="module")
def readings(evidence):
    """Three men on tablets and the same three without, under two draws."""
    return run(STUDY, Model(evidence).draws(2, 1), people=3)


def test_every_arm_is_read_on_the_days_of_its_findings(readings):
    """And on day 0, for three people, two draws and three days."""
    assert {"tablets", "none"} == set(readings)
    for arm in readings.values():
        assert [*arm.days] == [0.0, 10.0, 60.0]
        assert all(values.shape == (3, 2, 3) for values in arm.values.values())


def test_the_same_people_live_through_every_arm(readings):
    """What differs between arms is what was done to them."""
    with_, without = readings["tablets"], readings["none"]
    assert np.array_equal(with_.age_y, without.age_y)
    assert np.array_equal(with_.woman, without.woman)
    assert with_.seed == without.seed
    assert all(np.array_equal(with_.of(name, 0.0), without.of(name, 0.0)) for name in with_.values)


def test_a_dose_is_counted_from_the_day_it_is_given(readings):
    """Ten milligrams a day for sixty days make 0.6 grams; nothing makes none."""
    assert readings["tablets"].steroid_g[:, -1] == pytest.approx([0.6] * 3, rel=0.01)
    assert not readings["none"].steroid_g.any()


def test_a_study_is_repeatable(evidence, readings):
    """The same draws and people give the same readings to the last bit."""
    again = run(STUDY, Model(evidence).draws(2, 1), people=3)
    assert np.array_equal(readings["tablets"].values["CTX"], again["tablets"].values["CTX"])


@pytest.fixture
def traits(evidence, monkeypatch):
    """The traits of those who lived through each made-up study {study: {trait: [arm, person]}}."""
    simulate, lived = skeleton.simulate, []

    def watched(timeline, draws, days, own, rtol, **others):
        lived.append(own)
        return simulate(timeline, draws, days, own, rtol, **others)

    def of(study):
        lived.clear()
        run(study, Model(evidence).draws(1, 1))
        return {
            name: np.reshape([own[name][0] for own in lived], (len(study.arms), virtual.PEOPLE))
            for name in skeleton.TRAITS
        }

    monkeypatch.setattr(skeleton, "simulate", watched)
    return {name: of(study) for name, study in STUDIES.items()}


def test_a_dozen_people_are_neither_fast_nor_slow_losers_on_average(traits):
    """Whatever the luck of a study, the mean of each trait is that of people, and so is nearly its spread."""
    for study in traits.values():
        for z in study.values():
            assert abs(z[0].mean()) < 0.15
            assert 0.8 < z[0].std() <= 1.0


def test_every_study_samples_people_of_its_own(traits):
    """The fast loser of one study is not that of the next; the arms of one study share theirs."""
    here, elsewhere = traits.values()
    for name in skeleton.TRAITS:
        assert np.array_equal(*here[name])
        assert not np.array_equal(here[name], elsewhere[name])
    assert len({tuple(z[0]) for z in here.values()}) == len(here)


def test_correlations_and_shares_get_more_people():
    """A share of twelve people is too coarse."""
    assert virtual.PEOPLE < virtual.PEOPLE_IN_A_CROSS_SECTION
