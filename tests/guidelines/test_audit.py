"""The work list of a clinic, and measures of care: what counts, what does not, and what nobody knows."""

from datetime import date

import pytest

from trabecula.guidelines import Facts
from trabecula.guidelines.audit import MEASURES, audit, work_list
from trabecula.words.language import language

ON = date(2026, 11, 30)
WOMAN = {"on": ON, "age_y": 62, "sex": "female", "postmenopausal": True, "country": "UK"}
UNDER_TREATMENT = {"bone_drug": "bisphosphonate", "vitamin_d_on": "2026-09-01", "dxa_on": "2026-06-01"}


def of(**facts):
    """The facts of a woman of 62 with these as well."""
    return Facts.model_validate({**WOMAN, **facts})


def kinds(**facts):
    """What is on the work list."""
    return [item.kind for item in work_list(of(**facts))]


def test_a_hip_fracture_without_a_medicine_comes_first():
    """Before the missing level of vitamin D and the scan; with the day of the fracture."""
    items = work_list(of(hip_fracture=True, years_since_fracture=0.1, bone_drug="none"))
    assert [item.kind for item in items] == ["untreated_fracture", "dxa_overdue", "no_vitamin_d_level"]
    assert items[0].since == date(2026, 10, 24)


def test_a_treated_fracture_is_not_on_the_list_and_an_unknown_treatment_neither():
    """Nobody is listed as untreated because nobody wrote down what is taken."""
    assert "untreated_fracture" not in kinds(hip_fracture=True, **UNDER_TREATMENT)
    assert "untreated_fracture" not in kinds(hip_fracture=True)


@pytest.mark.parametrize(
    ("days", "listed"),
    [(151, []), (152, ["denosumab_due"]), (183, ["denosumab_due"]), (184, ["denosumab_late"]), (None, [])],
)
def test_denosumab_is_due_from_five_months_and_late_from_day_184(days, listed):
    """Each day on its side; without a date of the last injection nothing is claimed."""
    taken = {**UNDER_TREATMENT, "bone_drug": "denosumab", "denosumab_days_since_dose": days}
    assert [kind for kind in kinds(**taken) if kind.startswith("denosumab")] == listed


def test_a_late_injection_is_late_since_a_day():
    """Two hundred days after the last one."""
    (late,) = (item for item in work_list(of(bone_drug="denosumab", denosumab_days_since_dose=200)) if item.since)
    assert (late.kind, late.since) == ("denosumab_late", date(2026, 11, 14))


@pytest.mark.parametrize(("measured", "overdue"), [(None, True), ("2024-11-29", True), ("2025-12-01", False)])
def test_a_scan_is_overdue_where_a_rule_asks_for_one_that_is_old(measured, overdue):
    """MS with an EDSS of 5: never measured, two years ago, a year ago."""
    assert ("dxa_overdue" in kinds(ms=True, edss=5, dxa_on=measured)) == overdue


def test_nobody_is_overdue_for_a_scan_that_no_rule_asks_for():
    """Nothing speaks for a scan at 52; FRAX of 12 % does in Australia, and not in Italy."""
    assert "dxa_overdue" not in kinds(age_y=52, ms=False, fragility_fracture=False)
    nothing_else = {"age_y": 52, "ms": False, "fragility_fracture": False, "frax_mof_percent": 12}
    assert "dxa_overdue" in kinds(**nothing_else, country="AU")
    assert "dxa_overdue" not in kinds(**nothing_else, country="IT")


@pytest.mark.parametrize(("measured", "listed"), [(None, True), ("2025-11-29", True), ("2025-11-30", False)])
def test_vitamin_d_is_measured_once_a_year_under_treatment(measured, listed):
    """Never, 366 days ago, 365 days ago; without a medicine or a fracture it is not asked."""
    assert ("no_vitamin_d_level" in kinds(**{**UNDER_TREATMENT, "vitamin_d_on": measured})) == listed
    assert "no_vitamin_d_level" not in kinds(bone_drug="none", bone_drug_considered=False, fragility_fracture=False)


def test_a_work_list_needs_its_day():
    """What is late depends on today."""
    with pytest.raises(ValueError, match="needs its day"):
        work_list(Facts(age_y=62))


@pytest.mark.parametrize(
    ("facts", "outcome"),
    [
        ({"fragility_fracture": True, "frax_mof_percent": 14}, "met"),
        ({"fragility_fracture": True}, "missed"),
        ({"fragility_fracture": False, "falls_past_year": 0, "steroid_mg_per_day": 0}, "not_asked"),
        ({"fragility_fracture": False, "falls_past_year": 0}, "unknown"),
        ({"fragility_fracture": False, "falls_past_year": 2}, "missed"),
    ],
)
def test_people_with_a_fracture_steroids_or_falls_have_their_risk_assessed(facts, outcome):
    """QS149, statement 1."""
    assert audit(of(**facts))["qs149_1"] == outcome


@pytest.mark.parametrize(
    ("facts", "outcome"),
    [
        ({"frax_mof_percent": 30, "bone_drug": "bisphosphonate"}, "met"),
        ({"frax_mof_percent": 30, "bone_drug": "none", "bone_drug_considered": True}, "met"),
        ({"frax_mof_percent": 30, "bone_drug": "none", "bone_drug_considered": False}, "missed"),
        ({"bone_drug": "none"}, "unknown"),
    ],
)
def test_people_at_high_risk_are_offered_a_medicine(facts, outcome):
    """QS149, statement 2, by the thresholds of NOGG; without FRAX nobody knows of whom it is asked."""
    assert audit(of(steroid_mg_per_day=0, **facts))["qs149_2"] == outcome


def test_a_review_of_long_treatment_leaves_no_fact():
    """Of whom it is asked is known, whether it was done is not."""
    assert audit(of(oral_bisphosphonate_y=5, zoledronate_y=0))["qs149_4"] == "unknown"
    assert audit(of(oral_bisphosphonate_y=4.9, zoledronate_y=0))["qs149_4"] == "not_asked"


FRACTURE = {"hip_fracture": True, "years_since_fracture": 140 / 365.25}
"""Twenty weeks ago: 13 July 2026."""


@pytest.mark.parametrize(
    ("scan", "scans", "outcome"),
    [
        ("2026-07-13", 1, "met"),
        ("2026-10-05", 1, "met"),
        ("2026-10-06", 1, "missed"),
        ("2026-10-06", 2, "unknown"),
        ("2026-07-12", 3, "missed"),
        (None, None, "missed"),
    ],
)
def test_a_scan_follows_a_fracture_within_twelve_weeks(scan, scans, outcome):
    """The day itself, the last day, a day late, the same with a scan before it, before the fracture, never."""
    assert audit(of(**FRACTURE, dxa_on=scan, dxa_scans=scans))["fls_dxa"] == outcome


@pytest.mark.parametrize(
    ("start", "outcome"), [("2026-11-02", "met"), ("2026-11-03", "missed"), ("2020-01-01", "met")]
)  # fmt: skip
def test_a_medicine_is_begun_within_sixteen_weeks(start, outcome):
    """On the last day, a day late, and one that was taken already."""
    taken = [{"drug": "alendronate", "kind": "bisphosphonate", "start": start}]
    assert audit(of(**FRACTURE, medicines=taken, bone_drug="bisphosphonate"))["fls_started"] == outcome


@pytest.mark.parametrize(("end", "outcome"), [(None, "met"), ("2026-11-01", "missed")])
def test_a_medicine_is_still_taken_after_a_year(end, outcome):
    """A fracture of 25 November 2025; the medicine went on, or ended before the year was over."""
    taken = [{"drug": "alendronate", "kind": "bisphosphonate", "start": "2025-12-10", "end": end}]
    found = audit(of(hip_fracture=True, years_since_fracture=370 / 365.25, medicines=taken))
    assert found["fls_year"] == outcome


def test_a_fracture_before_fifty_or_long_ago_is_no_case_of_a_fracture_service():
    """At 49, and three years ago; of an undated one nobody knows."""
    assert audit(of(age_y=49.5, hip_fracture=True, years_since_fracture=0.4))["fls_dxa"] == "not_asked"
    assert audit(of(hip_fracture=True, years_since_fracture=3))["fls_dxa"] == "not_asked"
    assert audit(of(hip_fracture=True))["fls_dxa"] == "unknown"


def test_every_measure_has_a_title_in_three_languages_and_a_source():
    """So that a clinic can read its own figures."""
    for code in ("en", "de", "it"):
        titles = [language(code).say(measure.title) for measure in MEASURES]
        assert len(set(titles)) == len(MEASURES)
    assert all(measure.source for measure in MEASURES)
