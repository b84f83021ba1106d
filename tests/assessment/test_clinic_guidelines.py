"""Records as a clinic writes them (`tests/cases/clinic`), and what the guidelines say of each by their own text."""

from datetime import date
from functools import cache
from pathlib import Path

import pytest

from assessment.conftest import EVIDENCE
from trabecula.adapters.files import read_record
from trabecula.assessment.facts import facts
from trabecula.assessment.results import Assessment, Interval, PersonSummary, Risk
from trabecula.guidelines import Truth, advise, category

CASES = Path(__file__).parents[1] / "cases" / "clinic"
ON = date(2026, 11, 22)
HIGH = Interval(median=0.30, low=0.20, high=0.45)
"""Our own probability, far above most thresholds: it must trigger nothing."""


@cache
def known(name):
    """The facts of a record, with a high probability of our own."""
    risk = Risk(site="major_osteoporotic", horizon_y=10.0, risk=HIGH, average=0.1)
    person = PersonSummary.model_construct(edss=Interval(median=3.0, low=3.0, high=3.0))
    assessment = Assessment.model_construct(risks=[risk], person=person)
    return facts(read_record(CASES / f"{name}.yaml").person, assessment, ON, EVIDENCE)


@cache
def said(name):
    """What every rule says of a record, by rule."""
    return {advice.rule: advice for advice in advise(known(name))}


def applies(name):
    """The rules that apply to a record."""
    return {rule for rule, advice in said(name).items() if advice.verdict is Truth.TRUE}


def exception(name, rule, of):
    """What is known of an exception."""
    return next(each.verdict for each in said(name)[rule].exceptions if each.name == of)


def test_a_young_woman_with_one_course_is_at_low_risk_and_no_scan_is_asked_for():
    """29, EDSS 1.5, no fracture: NICE does not assess her, and no rule of ours stands in for a guideline."""
    assert known("new_diagnosis_29").fragility_fracture is False
    assert "nice146_2" in applies("new_diagnosis_29")
    asks = {rule for rule in applies("new_diagnosis_29") if said("new_diagnosis_29")[rule].stance.startswith("measure")}
    assert not asks


def test_a_recent_hip_fracture_is_a_reason_to_treat_promptly():
    """72: NOGG section 4, recommendation 2; the fracture was last month."""
    assert "nogg_fx" in applies("hip_fracture_72")
    assert exception("hip_fracture_72", "nogg_fx", "recent") is Truth.TRUE
    answer = category(list(said("hip_fracture_72").values()))
    assert (answer.guideline, answer.drug) == ("nogg_2024", "consider")


def test_after_ten_years_of_alendronate_nothing_is_continued_by_habit():
    """77: reviewed, continuing is usual from 70, and beyond ten years it is an individual decision."""
    assert {"nogg_10", "nogg_long"} <= applies("alendronate_10_years")
    assert exception("alendronate_10_years", "nogg_10", "continue") is Truth.TRUE


def test_early_menopause_brings_hormone_therapy_and_no_frax():
    """36, menopause at 33: FRAX begins at 40; hormones until the usual age of menopause."""
    assert "eshre_ht" in applies("early_menopause_36")
    assert said("early_menopause_36")["nice_ng23_poi"].verdict is not Truth.FALSE
    assert not [advice for advice in said("early_menopause_36").values() for item in advice.missing
                if item.fact.startswith("frax_") and advice.guideline in ("nogg_2024", "european")]  # fmt: skip
    assert "nogg_1" not in applies("early_menopause_36")


def test_a_pregnancy_wish_at_33_meets_no_threshold_of_50_and_over():
    """NICE's thresholds begin at 50, and our own probability triggers nothing."""
    assert said("pregnancy_wish_33")["nice_ta464"].scope is Truth.FALSE
    assert "nogg_young" in applies("pregnancy_wish_33")
    assert not [rule for rule in applies("pregnancy_wish_33") if rule.startswith(("iof_", "bhof_", "can_"))]


def test_prednisone_before_menopause_is_the_acr_guidelines_and_not_that_of_iof_and_esceo():
    """46, 20 mg a day, premenopausal: by age and dose; the European guidance is for postmenopausal women."""
    assert "acr_0" in applies("prednisone_20_mg")
    assert said("prednisone_20_mg")["iof_treat"].scope is Truth.FALSE
    assert category(list(said("prednisone_20_mg").values())).guideline == "acr_2022"


def test_a_woman_of_19_is_not_assessed_by_nice_and_outside_other_guidelines():
    """They fire where their scope fits: NICE does, USPSTF begins at 40, NOGG after menopause."""
    assert "nice146_2" in applies("woman_19")
    assert said("woman_19")["uspstf_25"].scope is Truth.FALSE
    assert said("woman_19")["nogg_6"].scope is Truth.FALSE


@pytest.mark.parametrize(
    ("name", "first"), [("germany_62", ["dvo_2023"]), ("italy_62", ["siommms_2016", "aifa_79"])]
)  # fmt: skip
def test_german_and_italian_guidelines_come_first(name, first):
    """DVO in Germany; SIOMMMS and note 79 in Italy; other countries' come last."""
    order = list(dict.fromkeys(advice.guideline for advice in said(name).values()))
    assert order[: len(first)] == first
    places = [advice.place for advice in said(name).values()]
    assert places == sorted(places, key=("home", "shared", "elsewhere").index)


def test_a_forearm_alone_diagnoses_where_it_counts_and_is_no_scan_of_spine_or_hip():
    """33 % radius at -3.1: ISCD counts it; a scan of spine and hip is still asked for."""
    assert known("forearm_scan_only").t_score_radius == pytest.approx(-3.1)
    assert "iscd_radius" in applies("forearm_scan_only")
    stances = {
        advice.stance for rule, advice in said("forearm_scan_only").items() if rule in applies("forearm_scan_only")
    }
    assert "measured already" not in stances


@pytest.mark.parametrize("name", sorted(file.stem for file in CASES.glob("*.yaml")))
def test_our_own_probability_triggers_no_rule_in_any_record(name):
    """With and without it the same rules apply, however high it is."""
    without = known(name).model_copy(update={"own_mof_percent": None, "own_hip_percent": None})
    assert applies(name) == {advice.rule for advice in advise(without) if advice.verdict is Truth.TRUE}
