"""A plan against the history or a contraindication on file is refused with reason and source."""

import pytest

from assessment.conftest import EVIDENCE, TODAY, known, person, result
from trabecula.assessment.measured_facts import blood_tests
from trabecula.guidelines import Facts
from trabecula.guidelines.medicines import checks

ZOLEDRONATE = [{"drug": "zoledronate", "dose_mg": 5, "per": "year"}]
DENOSUMAB = {"drug": "denosumab", "start": "2025-02-01", "dose_mg": 60, "per": "6 months"}


def laboratory(test, value, unit):
    """A blood test of last month."""
    return [{"date": "2026-10-20", "test": test, "value": value, "unit": unit}]


def egfr(value):
    """Kidneys that clear so much."""
    return {"laboratory": laboratory("eGFR", value, "mL/min/1.73m2")}


def calcium(value):
    """So much calcium in blood."""
    return {"laboratory": laboratory("calcium", value, "mmol/L")}


ABALOPARATIDE = [{"drug": "Tymlos", "end": "now + 18 months"}]
PREMENOPAUSAL = {"birth_date": "1990-05-01", "menopausal": False}
TAKES_ENOUGH = {"calcium_mg_per_day": 1300, "vitamin_d_ug_per_day": 25}
REFUSED = [
    ("zoledronate_kidneys", egfr(34), {"medicines": ZOLEDRONATE}),
    ("bisphosphonate_kidneys", egfr(30), {"medicines": [{"drug": "Fosamax", "dose_mg": 70, "per": "week"}]}),
    ("denosumab_low_calcium", calcium(2.05), {"medicines": [{"drug": "Prolia"}]}),
    ("romosozumab_low_calcium", calcium(2.05), {"medicines": [{"drug": "romosozumab", "end": "now + 11 months"}]}),
    ("romosozumab_heart", {"stroke": True}, {"medicines": [{"drug": "romosozumab", "end": "now + 11 months"}]}),
    ("romosozumab_heart", {"heart_attack": True}, {"medicines": [{"drug": "Evenity", "end": "now + 11 months"}]}),
    (
        "teriparatide_radiation",
        {"skeletal_radiation": True},
        {"medicines": [{"drug": "teriparatide", "end": "now + 1 year"}]},
    ),
    (
        "denosumab_pregnancy",
        {"birth_date": "1990-05-01", "pregnancy_wish": True},
        {"medicines": [{"drug": "denosumab"}]},
    ),
    ("bisphosphonate_pregnancy", {"birth_date": "1990-05-01", "pregnancy_wish": True}, {"medicines": ZOLEDRONATE}),
    ("romosozumab_longer", {}, {"medicines": [{"drug": "romosozumab", "end": "now + 15 months"}]}),
    (
        "teriparatide_longer",
        {"medicines": [{"drug": "teriparatide", "start": "2022-01-01", "end": "2023-06-30"}]},
        {"medicines": [{"drug": "teriparatide", "end": "now + 1 year"}]},
    ),
    ("abaloparatide_radiation", {"skeletal_radiation": True}, {"medicines": ABALOPARATIDE}),
    ("abaloparatide_pregnancy", {**PREMENOPAUSAL, "pregnancy_wish": True}, {"medicines": ABALOPARATIDE}),
    ("abaloparatide_before_menopause", PREMENOPAUSAL, {"medicines": ABALOPARATIDE}),
    ("abaloparatide_high_calcium", calcium(2.61), {"medicines": ABALOPARATIDE}),
    ("abaloparatide_kidneys", egfr(29), {"medicines": ABALOPARATIDE}),
    ("abaloparatide_longer", {}, {"medicines": [{"drug": "abaloparatide", "end": "now + 25 months"}]}),
    (
        "abaloparatide_longer",
        {"medicines": [{"drug": "teriparatide", "start": "2022-01-01", "end": "2022-12-31"}]},
        {"medicines": ABALOPARATIDE},
    ),
    ("begins_in_the_past", {}, {"medicines": [{"drug": "alendronate", "start": "2025-01-01"}]}),
    ("never_smoked", {"smoking": "current"}, {"smoking": "never"}),
    ("no_ms", {"ms": None}, {"edss": "stable"}),
    ("nothing_to_change", {}, {"stop": ["denosumab"]}),
    ("nothing_to_change", {}, {"steroids": {"taper_to_mg": 0, "over_days": 60}}),
    ("nothing_to_change", {"medicines": [DENOSUMAB]}, {"medicines": [{"drug": "Prolia"}]}),
    ("nothing_to_change", TAKES_ENOUGH, {"calcium_mg_per_day": 1200, "vitamin_d_ug_per_day": 20}),
    ("nothing_to_change", {}, {"edss": "median"}),
]


@pytest.mark.parametrize(("rule", "record", "fields"), REFUSED, ids=lambda each: each if isinstance(each, str) else "")
def test_it_is_refused_with_reason_and_source(rule, record, fields):
    """Nothing is computed; what stands on file, why, and where that is written are told."""
    refused = result(known(20, **record), **fields)
    assert rule in [each.rule for each in refused.refused]
    assert all(each.reason and each.found and each.source for each in refused.refused)
    assert not refused.bone
    assert not refused.forced


@pytest.mark.parametrize(
    ("rule", "record", "fields"), REFUSED[:3], ids=lambda each: each if isinstance(each, str) else ""
)
def test_force_computes_it_and_says_so(rule, record, fields):
    """The objections stay beside the result."""
    forced = result(known(20, **record), force=True, **fields)
    assert forced.bone
    assert forced.forced
    assert rule in [each.rule for each in forced.refused]


@pytest.mark.parametrize(
    ("record", "fields"),
    [
        (egfr(36), {"medicines": ZOLEDRONATE}),
        (calcium(2.3), {"medicines": [{"drug": "denosumab"}]}),
        ({"stroke": False}, {"medicines": [{"drug": "romosozumab", "end": "now + 11 months"}]}),
        ({"stroke": True}, {"medicines": ZOLEDRONATE}),
        ({"skeletal_radiation": True}, {"medicines": ZOLEDRONATE}),
        ({}, {"medicines": [{"drug": "teriparatide", "end": "now + 23 months"}]}),
        (calcium(2.59), {"medicines": ABALOPARATIDE}),
        (egfr(31), {"medicines": ABALOPARATIDE}),
        ({"menopause": {"age_y": 50}}, {"medicines": ABALOPARATIDE}),
        (
            {"medicines": [{"drug": "teriparatide", "start": "2022-01-01", "end": "2022-05-31"}]},
            {"medicines": ABALOPARATIDE},
        ),
    ],
)
def test_what_is_no_contraindication_is_not_refused(record, fields):
    """On the other side of a limit, or for another medicine, the plan is computed."""
    assert not result(known(20, **record), **fields).refused


@pytest.mark.parametrize(("record", "words"), [(TAKES_ENOUGH, "The record already includes"), ({}, "The average diet")])
def test_calcium_that_is_taken_already_is_told_by_whom(record, words):
    """The record, where somebody asked; else the diet of the age, which is a guess."""
    (refused,) = result(known(20, **record), calcium_mg_per_day=500).refused
    assert str(refused.found).startswith(words)
    (note,) = result(known(20, **record), calcium_mg_per_day=500, falls_programme=True).notes
    assert str(note).startswith(words)


@pytest.mark.parametrize(
    ("record", "fields"),
    [
        ({}, {"falls_programme": True}),
        ({"smoking": "current"}, {"smoking": "former"}),
        ({"medicines": [DENOSUMAB]}, {"medicines": [{"drug": "denosumab", "adherence": 0.5}]}),
        ({"medicines": [DENOSUMAB]}, {"stop": ["denosumab"]}),
        (TAKES_ENOUGH, {"calcium_mg_per_day": 1500}),
    ],
)
def test_a_plan_that_changes_something_is_worked_out(record, fields):
    """Fewer falls, no smoke, half of the injections, none of them, more calcium."""
    assert result(known(20, **record), **fields).bone


def test_the_latest_blood_test_counts():
    """Kidneys that have recovered are no reason to refuse."""
    old = {"date": "2020-01-20", "test": "eGFR", "value": 30, "unit": "mL/min/1.73m2"}
    tests = [old, *egfr(70)["laboratory"]]
    assert not result(known(20, laboratory=tests), medicines=ZOLEDRONATE).refused


def test_stopping_denosumab_is_a_warning_unless_something_follows():
    """It is computed either way, and the danger is said."""
    found = known(20, medicines=[DENOSUMAB])
    alone = result(found, stop=["denosumab"])
    followed = result(found, stop=["denosumab"], medicines=[{"drug": "zoledronate", "start": "now + 1 month"}])
    late = result(found, stop=["denosumab"], medicines=[{"drug": "zoledronate", "start": "now + 2 years"}])
    assert [each.rule for each in alone.warnings] == ["denosumab_without_follow_on"]
    assert not followed.warnings
    assert [each.rule for each in late.warnings] == ["denosumab_without_follow_on"]
    assert alone.bone


def test_a_short_course_of_denosumab_needs_a_follow_on_too():
    """Whoever begins it plans its end."""
    found = result(known(20), medicines=[{"drug": "denosumab", "end": "now + 2 years"}])
    assert "denosumab_without_follow_on" in [each.rule for each in found.warnings]


def test_tablets_are_not_stopped_at_once_without_a_word():
    """Adrenals need time."""
    found = known(20, steroids=[{"start": "2024-01-01", "drug": "prednisone", "route": "oral", "dose_mg": 10}])
    assert "steroids_stopped_at_once" in [each.rule for each in result(found, steroids="none").warnings]
    taper = result(found, steroids={"taper_to_mg": 0, "over_days": 180})
    assert "steroids_stopped_at_once" not in [each.rule for each in taper.warnings]


def test_a_part_without_effect_is_no_reason_to_refuse_the_rest():
    """Whoever does not smoke can still train."""
    found = result(known(20, smoking="never"), smoking="former", exercise={"resistance_sessions_per_week": 2})
    assert not found.refused
    assert found.bone


def test_jumps_are_not_for_people_with_two_canes():
    """It is computed, and said to be for others."""
    ms = {"onset": 2000, "disability": [{"date": "2026-10-01", "edss": 6.5, "aid": "two_canes"}]}
    jumps = {"impact_sessions_per_week": 2}
    assert [each.rule for each in result(known(20, ms=ms), exercise=jumps).warnings] == ["impact_with_an_aid"]
    assert not result(known(20), exercise=jumps).warnings


def test_a_bone_medicine_on_top_of_another_is_refused_and_a_switch_is_not():
    """An infusion beside denosumab that goes on has not been tried; a plan that stops denosumab is worked out."""
    found = known(20, medicines=[DENOSUMAB])
    assert [each.rule for each in result(found, medicines=ZOLEDRONATE).refused] == ["two_at_once"]
    assert not result(found, medicines=ZOLEDRONATE, stop=["denosumab"]).refused
    assert not result(known(20), medicines=ZOLEDRONATE).refused


def test_a_medicine_for_bone_without_an_effect_here_is_no_reason_to_refuse_another():
    """Tamoxifen is taken against cancer: an infusion for bone may go beside it."""
    taken = {"drug": "tamoxifen", "start": "2024-01-01", "dose_mg": 20, "per": "day"}
    assert not result(known(20, medicines=[taken]), medicines=ZOLEDRONATE).refused


@pytest.mark.parametrize(
    ("rule", "record"),
    [
        ("impact_without_standing", {"ms": {"onset": 2000, "disability": [{"date": "2026-10-01", "edss": 7.0}]}}),
        ("impact_with_fractures", {"fractures": [{"site": "spine", "date": "2024-02-01", "trauma": "low"}]}),
        (
            "impact_with_fractures",
            {"fractures": [{"site": "forearm", "date": f"20{y}-02-01", "trauma": "low"} for y in (20, 24)]},
        ),
    ],
)
def test_impact_is_refused_without_safe_standing_or_with_fragile_bones(rule, record):
    """Jumps and running are for people who stand and whose bones have not broken at low force."""
    found = result(known(20, **record), exercise={"impact_sessions_per_week": 2})
    assert rule in [each.rule for each in found.refused]
    assert not found.bone


def test_impact_is_worked_out_after_one_broken_wrist():
    """The consensus asks about vertebrae and several fractures."""
    broken = [{"site": "forearm", "date": "2024-02-01", "trauma": "low"}]
    assert not result(known(20, fractures=broken), exercise={"impact_sessions_per_week": 2}).refused


def creatinine_and_weight(clearance):
    """A woman of 60 with this creatinine clearance by Cockcroft and Gault [mL/min], and the facts it comes from."""
    creatinine = 0.85 * (140 - 60) * 60 / (0.814 * clearance)
    return Facts(on=TODAY, age_y=60, sex="female", weight_kg=60, creatinine_umol_l=creatinine, egfr_ml_min=50)


@pytest.mark.parametrize(("clearance", "refused"), [(34.5, True), (35.5, False)])
def test_a_label_that_asks_for_creatinine_clearance_gets_it(clearance, refused):
    """With weight and creatinine the clearance decides, not the eGFR, and the words say which one it was."""
    found = checks(creatinine_and_weight(clearance), EVIDENCE)["zoledronate"].refused
    assert refused is bool(found)
    assert all("Cockcroft-Gault" in str(objection.found) for objection in found)


def test_an_egfr_in_place_of_the_clearance_says_so():
    """Without weight or creatinine the eGFR stands in."""
    (found,) = checks(Facts(on=TODAY, age_y=60, sex="female", egfr_ml_min=34), EVIDENCE)["zoledronate"].refused
    assert "in place of the creatinine clearance" in str(found.found)


@pytest.mark.parametrize(
    ("creatinine_day", "egfr", "refused"),
    [("2026-06-01", 24, True), ("2026-06-01", 60, False), ("2024-06-01", 33, True)],
    ids=["contradicts", "agrees", "newer"],
)
def test_an_egfr_that_contradicts_the_creatinine_or_is_newer_decides(creatinine_day, egfr, refused):
    """Somebody with an eGFR of 24 does not lose a refusal to a creatinine that cannot be right, or is two years old."""
    blood = [
        {"date": creatinine_day, "test": "creatinine", "value": 60, "unit": "umol/L"},
        {"date": "2026-06-01", "test": "eGFR", "value": egfr, "unit": "mL/min/1.73m2"},
    ]
    woman = person(birth_date="1966-05-01", weight_kg=72, laboratory=blood)
    measured = {name: value for name, value in blood_tests(woman, TODAY).items() if name in Facts.model_fields}
    found = checks(Facts(on=TODAY, age_y=60, sex="female", weight_kg=72, **measured), EVIDENCE)["zoledronate"].refused
    assert refused is bool([one for one in found if "creatinine clearance" in str(one.found)])


def test_the_boxed_warning_leaves_denosumab_to_a_specialist_and_does_not_refuse_it():
    """Below an eGFR of 30 nobody but a specialist begins it; a missing calcium must be measured first."""
    found = checks(Facts(on=TODAY, age_y=70, sex="female", postmenopausal=True, egfr_ml_min=29), EVIDENCE)["denosumab"]
    assert not found.refused
    assert found.specialist
    assert not found.open
    assert "calcium" in " ".join(map(str, found.unknown))


@pytest.mark.parametrize(
    ("record", "months", "warned"),
    [
        ({}, 18, []),
        ({}, 23, ["abaloparatide_longer_eu"]),
        ({"sex": "male"}, 18, ["abaloparatide_in_men"]),
        ({"sex": "male"}, 23, ["abaloparatide_longer_eu", "abaloparatide_in_men"]),
    ],
)
def test_where_two_labels_differ_the_plan_is_worked_out_with_a_warning(record, months, warned):
    """The US label has two years and names men; the EU label has 18 months and does not."""
    found = result(known(20, **record), medicines=[{"drug": "abaloparatide", "end": f"now + {months} months"}])
    assert not found.refused
    assert [each.rule for each in found.warnings] == warned
