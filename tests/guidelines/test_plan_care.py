"""The plan about which medicine: what is urgent comes first, and nothing is named that something on file refuses."""

from datetime import date, timedelta

import pytest

from guidelines.test_plan import ON, changed, days, on_drug, plan
from trabecula.guidelines import Facts, MedicineUse

FAILING = {"egfr_ml_min": 24, "calcium_mmol_l": 2.05, "vitamin_d_nmol_l": 18}
SOUND = {"egfr_ml_min": 80, "calcium_mmol_l": 2.35, "vitamin_d_nmol_l": 75}


def stopped(since: int, **more: object) -> Facts:
    """A woman of 62 whose last denosumab was so many days ago, and nothing since."""
    last = ON - timedelta(days=since)
    use = MedicineUse(drug="denosumab", kind="denosumab", start=last, end=last)
    return Facts(on=ON, age_y=62, sex="female", postmenopausal=True, medicines=(use,), **{**SOUND, **more})


@pytest.mark.parametrize(("since", "late"), [(183, False), (184, True), (700, True), (800, False)])
def test_denosumab_is_late_from_day_184_until_the_rebound_is_over(since, late):
    """Half a year after the last dose it is urgent; two years later it is history."""
    assert days(plan(stopped(since)), "late_denosumab") == ([ON] if late else [])


def test_late_denosumab_is_the_first_task_and_says_what_to_check_and_what_may_be_given():
    """Calcium, vitamin D and kidneys first; then what nothing on file refuses."""
    first = plan(stopped(250))[0]
    assert first.task == "late_denosumab"
    assert "Check calcium, 25-OH vitamin D and eGFR" in str(first.what)
    assert first.drugs == ("denosumab", "zoledronate", "alendronate", "risedronate")
    assert not days(plan(stopped(250)), "treat_or_refer")


def test_late_denosumab_names_no_drug_where_all_are_refused():
    """A specialist is called today; vitamin D and the kidneys are looked after."""
    tasks = plan(stopped(250, **FAILING))
    assert tasks[0].task == "late_denosumab"
    assert tasks[0].drugs == ()
    assert "specialist today" in str(tasks[0].what)
    assert days(tasks, "replete_vitamin_d") == [ON]
    assert days(tasks, "ckd_mbd")


def test_before_it_is_late_the_follow_on_names_what_is_open():
    """With an eGFR of 33 neither zoledronate nor alendronate is left, risedronate is."""
    (task,) = [task for task in plan(stopped(100, egfr_ml_min=33)) if task.task == "follow_on"]
    assert task.drugs == ("risedronate",)


def test_denosumab_that_was_begun_again_is_not_late():
    """The gap of the first course was closed."""
    first = MedicineUse(drug="denosumab", kind="denosumab", start=date(2024, 1, 1), end=date(2025, 6, 1))
    again = MedicineUse(drug="denosumab", kind="denosumab", start=date(2026, 8, 1))
    tasks = plan(Facts(on=ON, age_y=62, sex="female", postmenopausal=True, medicines=(first, again), **SOUND))
    assert not days(tasks, "late_denosumab")
    assert not days(tasks, "follow_on")


def test_a_dose_on_record_that_is_late_is_urgent_although_the_medicine_goes_on():
    """Seven months since the latest dose."""
    facts = changed(on_drug("denosumab", date(2024, 1, 15)), {"denosumab_days_since_dose": 213, **SOUND})
    assert plan(facts)[0].task == "late_denosumab"


def test_the_next_denosumab_waits_for_calcium():
    """Hypocalcaemia refuses the dose: its day stays, and the words say what comes first."""
    doses = [
        task
        for task in plan(changed(on_drug("denosumab", date(2026, 8, 1)), {"calcium_mmol_l": 2.0}))
        if task.task == "denosumab_dose"
    ]
    assert doses
    assert all("not before" in str(task.what) and not task.drugs for task in doses)


def test_an_infusion_is_stopped_and_not_planned_when_the_kidneys_fail():
    """The label's limit is 35: no next dose, no review that says go on."""
    tasks = plan(changed(on_drug("zoledronate", date(2024, 1, 15)), {"egfr_ml_min": 34}))
    assert not days(tasks, "zoledronate_dose")
    assert not days(tasks, "bisphosphonate_review")
    (stop,) = [task for task in tasks if task.task == "stop_bisphosphonate"]
    assert (stop.date, stop.rules) == (ON, ("label_zoledronate_renal",))


def test_the_end_of_teriparatide_is_left_to_a_specialist_where_nothing_can_follow():
    """Every antiresorptive is refused or needs a specialist."""
    (end,) = [
        task
        for task in plan(changed(on_drug("teriparatide", date(2026, 3, 1)), {"egfr_ml_min": 29, "calcium_mmol_l": 2.0}))
        if task.task == "parathyroid_end"
    ]
    assert "specialist decides" in str(end.what)


def test_treatment_is_not_offered_to_somebody_who_is_treated():
    """A T-score of -3.8 on denosumab that is on time."""
    facts = changed(on_drug("denosumab", date(2026, 8, 1)), {"t_score_total_hip": -3.8, **SOUND})
    assert not days(plan(facts), "treat_or_refer")


def test_a_fracture_before_menopause_names_no_medicine():
    """A specialist and secondary causes first."""
    tasks = plan(Facts(on=ON, age_y=33, sex="female", postmenopausal=False, vertebral_fracture=True))
    (task,) = [task for task in tasks if task.task == "treat_or_refer"]
    assert task.drugs == ()
    assert "secondary causes" in str(task.what)
    assert not days(tasks, "dental_check")


def test_contraception_is_for_women_who_may_become_pregnant():
    """Before menopause, with a bone medicine considered; not after it."""
    facts = Facts(on=ON, age_y=40, sex="female", postmenopausal=False, bone_drug="none", bone_drug_considered=True)
    assert days(plan(facts), "contraception")
    assert not days(plan(changed(facts, {"postmenopausal": True})), "contraception")
