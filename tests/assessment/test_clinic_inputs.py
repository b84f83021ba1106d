"""Records as a clinic writes them (`tests/cases/clinic`): what was answered reaches the rules, the rest is asked.

The expected results were written by people who read the guidelines, before the program gave an answer.
"""

import pytest

from assessment.conftest import EVIDENCE
from assessment.test_clinic_records import ON, answer, known
from trabecula.assessment.facts import facts as assessed_facts
from trabecula.person import questions


def verdicts(name):
    """What every shown rule says of a record, by its id; a rule that is not shown does not apply."""
    return {said.rule: said.verdict for said in answer(name).advice}


def facts(name):
    """What the rules read of a record."""
    return assessed_facts(known(name).person, answer(name), ON, EVIDENCE)


YOUNG = ["new_diagnosis_29", "woman_19", "early_menopause_36"]
NOT_BROKEN = [*YOUNG, "forearm_scan_only", "osteoporosis_spine_59", "falls_weekly"]


@pytest.mark.parametrize("name", NOT_BROKEN)
def test_no_fracture_is_no_fracture(name):
    """Asked and denied: nothing of it stays undetermined."""
    found = facts(name)
    assert (found.fragility_fracture, found.fragility_fractures, found.vertebral_fractures) == (False, 0, 0)
    missing = {item.fact for said in answer(name).advice for item in said.missing}
    assert not {fact for fact in missing if "fracture" in fact} - {"parental_hip_fracture"}


@pytest.mark.parametrize("name", YOUNG)
def test_nice_does_not_assess_the_young_without_a_major_risk_factor(name):
    """It fires where its scope fits, once no fracture is an answer."""
    assert verdicts(name)["nice146_2"] == "true"
    assert facts(name).falls_past_year == 0


def test_steroids_that_nobody_asked_about_stay_unknown():
    """A record without courses says nothing of them; one that says none says none."""
    assert facts("forearm_scan_only").steroid_ever is None
    assert facts("three_fractures_stroke").heart_attack_or_stroke_past_year is None


def test_a_forearm_alone_is_a_scan_by_which_guidelines_diagnose():
    """The line about her says it, the gap says what is missing, and the day counts for the next one."""
    found = facts("forearm_scan_only")
    assert (found.t_score_radius, str(found.dxa_on), found.dxa_scans) == (-3.1, "2026-10-12", None)
    said = answer("forearm_scan_only")
    assert "DXA of the radius only, T-score -3.1" in str(said.person.line).replace("−", "-")
    assert [str(gap.what) for gap in said.missing if "DXA" in str(gap.what)] == [
        "DXA of spine or hip (the radius alone was scanned)"
    ]


def test_a_hip_that_was_replaced_is_not_the_one_that_was_scanned():
    """The rule names the other hip; a scan on the side of the prosthesis would be asked about."""
    assert (facts("hip_prosthesis_70").hip_prosthesis, verdicts("hip_prosthesis_70")["measured_prosthesis"]) == (
        "right",
        "true",
    )
    assert facts("hip_prosthesis_70").osteopenic_site_fracture
    person = known("hip_prosthesis_70").person
    assert questions(person, ON) == ()
    wrong = person.model_copy(update={"dxa": tuple(scan.model_copy(update={"side": "right"}) for scan in person.dxa)})
    assert [question.path for question in questions(wrong, ON)] == ["dxa[1].side"]


def test_three_fractures_have_a_number_and_a_time():
    """Two vertebrae and a hip, the last five months ago: what very high risk is made of."""
    found = facts("three_fractures_stroke")
    assert (found.fragility_fractures, found.vertebral_fractures, found.hip_fracture) == (3, 2, True)
    assert found.years_since_vertebral_fracture == pytest.approx(0.44, abs=0.02)
    assert (found.fragility_fracture_after_50, found.stroke) == (True, True)


def test_an_early_menopause_has_its_age():
    """At 33 by treatment: FRAX is none of her questions before 40."""
    found = facts("early_menopause_36")
    assert (found.postmenopausal, found.age_at_menopause_y, found.oestrogen_therapy) == (True, 33, None)
