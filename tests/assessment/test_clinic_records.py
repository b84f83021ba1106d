"""Records as a clinic writes them (`tests/cases/clinic`), and what is right about medicines for each.

The expected results were written by people who read the guidelines and labels, before the program gave an answer.
"""

from datetime import date, timedelta
from functools import cache
from pathlib import Path

import pytest

from assessment.conftest import EVIDENCE
from trabecula.adapters.files import read_record
from trabecula.assessment.answer import answered
from trabecula.assessment.compare import compare
from trabecula.assessment.patient_state import prepare
from trabecula.assessment.plans.reading import library
from trabecula.model import Model

CASES = Path(__file__).parents[1] / "cases" / "clinic"
EXAMPLES = Path(__file__).parents[2] / "examples"
NAMES = [file.stem for file in sorted(CASES.glob("*.yaml"))]
ON = date(2026, 11, 22)


@cache
def known(name):
    """A record, lived and measured up to its day."""
    file = CASES / f"{name}.yaml"
    person = read_record(file if file.exists() else EXAMPLES / f"{name}.yaml").person
    return prepare(person, ON, Model(EVIDENCE), 20)


@cache
def answer(name):
    """What the program says of a record."""
    return answered(known(name))


def tasks(name, kind=None):
    """The tasks of a record in their order, or those of a kind."""
    return [task for task in answer(name).tasks if kind in (None, task.task)]


def proposed(name):
    """Every bone medicine that a task or an advice proposes."""
    found = answer(name)
    return {drug for said in (*found.tasks, *found.advice) if getattr(said, "verdict", "true") == "true"
            for drug in getattr(said, "drugs", ()) or getattr(said, "proposes", ())}  # fmt: skip


def refused(name, drug):
    """Why a medicine is refused for a record."""
    return {objection.rule for check in answer(name).medicines if check.drug == drug for objection in check.refused}


def against(name, *plans):
    """Why `compare` refuses plans of the library, by plan."""
    found = compare(known(name), [library()[plan] for plan in plans])
    return {plan.name: {objection.rule for objection in plan.refused} for plan in found.plans}


@pytest.mark.parametrize("name", [*NAMES, "ms_woman_44", "ms_man_58", "ms_woman_67"])
def test_no_record_is_offered_what_is_refused_and_the_next_scan_has_one_date(name):
    """Whatever is named as possible is open; the plan and the forecast of scans name the same day."""
    found = answer(name)
    assert not proposed(name) & {check.drug for check in found.medicines if check.refused}
    scans = [task.date for task in found.tasks if task.task == "dxa"]
    assert not scans or min(scans) == found.next_measurement.due


def test_late_denosumab_with_failing_kidneys_is_urgent_and_nothing_is_ordered():
    """Eight months after the last dose: today, a specialist; calcium, vitamin D and CKD-MBD first."""
    first, second = tasks("late_denosumab_71")[:2]
    assert (first.task, first.date, first.drugs) == ("late_denosumab", ON, ())
    assert "specialist today" in str(first.what)
    assert (second.task, second.date) == ("replete_vitamin_d", ON)
    assert tasks("late_denosumab_71", "ckd_mbd")
    assert not proposed("late_denosumab_71")
    found = against("late_denosumab_71", "zoledronate", "denosumab", "alendronate", "teriparatide-then-alendronate")
    assert all(found.values()), found


def test_a_recent_hip_fracture_is_treated_now():
    """Zoledronate is named first, vitamin D is repleted first; teeth, calcium and kidneys are on the list."""
    first, second = tasks("hip_fracture_72")[:2]
    assert (first.task, first.date) == ("treat_or_refer", ON)
    assert first.drugs[0] == "zoledronate"
    assert (second.task, second.date) == ("replete_vitamin_d", ON)
    assert all(tasks("hip_fracture_72", kind) for kind in ("dental_check", "calcium", "renal_function"))


def test_alendronate_is_stopped_when_the_kidneys_fail():
    """Ten years and an eGFR of 28: stop, work up, ask about the thigh; nothing says go on."""
    name = "alendronate_10_years"
    assert (tasks(name)[0].task, tasks(name)[0].date) == ("stop_bisphosphonate", ON)
    assert tasks(name, "ckd_mbd")
    assert tasks(name, "thigh_pain")
    assert not tasks(name, "bisphosphonate_review")
    assert refused(name, "alendronate") == {"bisphosphonate_kidneys"}
    for said in answer(name).advice:
        if said.verdict == "true" and said.rule in ("nogg_10", "nice_ta464"):
            assert "alendronate" in str(said.not_here)
    (denosumab,) = [check for check in answer(name).medicines if check.drug == "denosumab"]
    assert denosumab.specialist
    assert "denosumab_kidneys" in {caution.rule for caution in denosumab.cautions}


@pytest.mark.parametrize("name", ["new_diagnosis_29", "woman_19", "early_menopause_36", "little_known"])
def test_nobody_young_or_unknown_is_offered_a_bone_medicine(name):
    """Low risk, or next to nothing on file: no medicine is named."""
    assert not proposed(name)
    assert not tasks(name, "treat_or_refer")


def test_a_wish_for_a_child_with_a_vertebral_fracture_goes_to_a_specialist():
    """Secondary causes first; no bisphosphonate, on any page."""
    first = tasks("pregnancy_wish_33")[0]
    assert (first.task, first.date, first.drugs) == ("treat_or_refer", ON, ())
    assert "secondary causes" in str(first.what)
    assert not proposed("pregnancy_wish_33")
    assert all(
        refused("pregnancy_wish_33", drug) for drug in ("alendronate", "zoledronate", "denosumab", "teriparatide")
    )


def test_somebody_who_cannot_stand_does_not_jump():
    """At an EDSS of 8 impact is refused, and exercise that needs no standing is worked out."""
    found = against("wheelchair_55", "exercise-with-impact", "exercise-seated")
    assert "impact_without_standing" in found["exercise-with-impact"]
    assert not found["exercise-seated"]


def test_three_fractures_and_a_stroke_are_treated_now_without_romosozumab():
    """Zoledronate or an osteoanabolic medicine; neither romosozumab nor jumps."""
    first = tasks("three_fractures_stroke")[0]
    assert (first.task, first.date) == ("treat_or_refer", ON)
    assert {"zoledronate", "teriparatide"} <= {*first.drugs}
    found = against("three_fractures_stroke", "romosozumab-then-alendronate", "exercise-with-impact")
    assert "romosozumab_heart" in found["romosozumab-then-alendronate"]
    assert "impact_with_fractures" in found["exercise-with-impact"]


@pytest.mark.parametrize("name", ["falls_weekly", "germany_62", "italy_62", "hip_prosthesis_70", "ms_woman_44"])
def test_two_falls_or_more_bring_falls_prevention_within_a_month(name):
    """The action for the shipped woman of 44, and for the man who falls every week."""
    (task,) = tasks(name, "falls_prevention")
    assert task.date <= ON + timedelta(days=30)


def test_prednisone_before_menopause_asks_about_pregnancy_first():
    """20 mg a day at 46: a test and contraception go with a medicine, and vitamin D comes before it."""
    assert tasks("prednisone_20_mg", "contraception")
    assert tasks("prednisone_20_mg", "replete_vitamin_d")


def test_two_fractures_are_treated_now():
    """A wrist and an upper arm at low force."""
    first = tasks("hip_prosthesis_70")[0]
    assert (first.task, first.date) == ("treat_or_refer", ON)


def test_an_egfr_of_33_leaves_risedronate_and_neither_alendronate_nor_zoledronate():
    """The labels draw their lines at 35 and at 30; the eGFR stands in for a clearance, and that is said."""
    name = "man_70_prednisolone"
    assert refused(name, "zoledronate") == {"zoledronate_kidneys"}
    assert refused(name, "alendronate") == {"bisphosphonate_kidneys"}
    assert not refused(name, "risedronate")
    (check,) = [check for check in answer(name).medicines if check.drug == "zoledronate"]
    assert "in place of the creatinine clearance" in str(check.refused[0].found)
    assert not {"zoledronate", "alendronate", "raloxifene"} & proposed(name)
    assert not any("romosozumab" in task.drugs for task in tasks(name))


def test_osteoporosis_at_the_spine_in_sweden_waits_for_frax():
    """A T-score of -2.6 and no fracture: her guideline asks FRAX first; what other countries say stands beside."""
    name = "osteoporosis_spine_59"
    assert not tasks(name, "treat_or_refer")
    (told,) = [said for said in answer(name).advice if said.rule == "bhof_1"]
    assert (told.verdict, told.place) == ("true", "elsewhere")
    (asked,) = [said for said in answer(name).advice if said.rule == "svos_frax"]
    assert "frax_mof_percent" in [missing.fact for missing in asked.missing]


def test_a_scan_without_the_hip_is_not_repeated_within_a_year():
    """The forearm was scanned last month."""
    assert all(task.date > date(2027, 9, 1) for task in tasks("forearm_scan_only", "dxa"))


def test_no_scan_nineteen_days_after_a_scan():
    """The shipped woman of 44 was scanned on 3 November."""
    assert all(task.date >= date(2027, 11, 3) for task in tasks("ms_woman_44", "dxa"))


def test_on_denosumab_nothing_is_added_and_a_switch_is_worked_out():
    """The shipped woman of 67: alendronate or romosozumab on top are refused; stopping and following on is computed."""
    assert tasks("ms_woman_67")[0].task == "denosumab_check"
    found = against("ms_woman_67", "alendronate", "romosozumab-then-alendronate", "denosumab-then-zoledronate")
    assert "two_at_once" in found["alendronate"]
    assert "two_at_once" in found["romosozumab-then-alendronate"]
    assert not found["denosumab-then-zoledronate"]
