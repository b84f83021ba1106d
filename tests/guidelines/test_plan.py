"""The dated plan: everything has a day, a reason and an authority, and denosumab is never late."""

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from trabecula.guidelines import Facts, MedicineUse, advise, shipped
from trabecula.guidelines.plan import Task, asks_nothing, dated_plan
from trabecula.guidelines.plan_tasks import entries, months_after

ON = date(2026, 11, 22)
KINDS = {
    "denosumab": "denosumab",
    "alendronate": "bisphosphonate",
    "zoledronate": "bisphosphonate",
    "teriparatide": "parathyroid",
    "romosozumab": "romosozumab",
}


def plan(facts: Facts, *guidelines: str) -> tuple[Task, ...]:
    """The plan of a person, from all guidelines or some."""
    return dated_plan(facts, advise(facts, guidelines or None))


def days(tasks: tuple[Task, ...], kind: str) -> list[date]:
    """The days of one kind of task."""
    return [each.date for each in tasks if each.task == kind]


def on_drug(drug: str, start: date, end: date | None = None, every_days: float | None = None) -> Facts:
    """A woman of 62 on a bone medicine."""
    taken = MedicineUse(drug=drug, kind=KINDS[drug], start=start, end=end, every_days=every_days)
    return Facts(on=ON, age_y=62, sex="female", postmenopausal=True, medicines=(taken,))


def changed(facts: Facts, more: dict[str, object]) -> Facts:
    """The same person with some facts changed, and what follows from them made anew."""
    return Facts.model_validate({**facts.model_dump(exclude_none=True), **more})


people = st.builds(
    Facts,
    on=st.just(ON),
    age_y=st.none() | st.floats(18, 95),
    sex=st.none() | st.sampled_from(["female", "male"]),
    ms=st.none() | st.booleans(),
    edss=st.none() | st.sampled_from([0.0, 3.5, 4.0, 5.0, 6.5, 7.0, 9.5]),
    relapse_treated=st.none() | st.booleans(),
    steroid_mg_per_day=st.none() | st.floats(0, 60),
    steroid_days=st.none() | st.floats(0, 1000),
    steroid_pulses_past_year=st.none() | st.integers(0, 5),
    fragility_fracture=st.none() | st.booleans(),
    height_loss_cm=st.none() | st.floats(0, 10),
    falls_past_year=st.none() | st.integers(0, 20),
    dxa_on=st.none() | st.dates(date(2010, 1, 1), ON),
    calcium_on=st.none() | st.dates(date(2020, 1, 1), ON),
    vitamin_d_on=st.none() | st.dates(date(2020, 1, 1), ON),
    egfr_on=st.none() | st.dates(date(2020, 1, 1), ON),
    bone_drug_considered=st.none() | st.booleans(),
    parathyroid_y=st.none() | st.floats(0, 3),
    stopping=st.none() | st.sampled_from(["none", "denosumab", "bisphosphonate"]),
    medicines=st.lists(
        st.builds(
            lambda drug, start, length, every: MedicineUse(
                drug=drug,
                kind=KINDS[drug],
                start=start,
                end=None if length is None else start + timedelta(days=length),
                every_days=every,
            ),
            st.sampled_from(sorted(KINDS)),
            st.dates(date(2015, 1, 1), date(2027, 6, 1)),
            st.none() | st.integers(0, 3000),
            st.none() | st.sampled_from([1.0, 7.0, 182.0, 183.0, 200.0, 365.0]),
        ),
        max_size=3,
    ).map(tuple),
)


@settings(max_examples=25, deadline=None)
@given(people)
def test_nothing_is_dated_before_the_day_of_the_plan(facts: Facts) -> None:
    """What is overdue is due on the day of the plan, not in the past."""
    assert all(each.date >= ON for each in plan(facts))


@settings(max_examples=25, deadline=None)
@given(people)
def test_every_task_has_an_authority_a_reason_and_somebody_to_do_it(facts: Facts) -> None:
    """No task without a rule that exists, its citation, a reason, and who does it."""
    known = {rule.id for guideline in shipped() for rule in guideline.rules}
    for task in plan(facts):
        assert task.rules
        assert set(task.rules) <= known
        assert all(rule in task.source for rule in task.rules)
        assert task.what
        assert task.why
        assert task.who


@settings(max_examples=25, deadline=None)
@given(people)
def test_the_plan_is_in_order_of_time_and_names_no_examination_twice(facts: Facts) -> None:
    """Only doses recur; one scan is one scan, however many guidelines ask for it."""
    tasks = plan(facts)
    assert [each.date for each in tasks] == sorted(each.date for each in tasks)
    repeated = {each.task for each in entries().courses} | {"follow_on"}
    once = [each.task for each in tasks if each.task not in repeated]
    assert len(once) == len(set(once))


@settings(deadline=None)
@given(st.dates(date(2012, 1, 1), ON), st.none() | st.floats(1, 400))
def test_the_next_denosumab_is_never_later_than_six_months(start: date, every: float | None) -> None:
    """Whatever interval is written, the next dose is at most six months after the one before."""
    found = days(dated_plan(on_drug("denosumab", start, every_days=every), ()), "denosumab_dose")
    assert found
    assert found[0] <= months_after(ON, 6)
    for one, following in pairwise(found):
        assert one < following <= months_after(one, 6)


@settings(deadline=None)
@given(st.integers(0, 1500))
def test_the_next_denosumab_counts_from_the_latest_recorded_dose(since: int) -> None:
    """Six months after the recorded dose; when that has passed, now."""
    facts = changed(on_drug("denosumab", date(2021, 1, 15)), {"denosumab_days_since_dose": since})
    latest = ON - timedelta(days=since)
    assert days(dated_plan(facts, ()), "denosumab_dose")[0] == max(ON, months_after(latest, 6))


def test_a_late_dose_says_that_it_is_late() -> None:
    """Seven months after the latest dose the plan says today, and since when."""
    facts = changed(on_drug("denosumab", date(2024, 1, 15)), {"denosumab_days_since_dose": 213})
    first = next(each for each in plan(facts) if each.task == "denosumab_dose")
    assert first.date == ON
    assert "Overdue since 23 Oct 2026" in str(first.why)


def test_a_dose_due_today_is_due_today() -> None:
    """Six months after the first dose, to the day, nobody has given the second one yet."""
    assert days(plan(on_drug("denosumab", date(2026, 5, 22))), "denosumab_dose")[0] == ON


def test_on_denosumab_the_first_thing_is_to_ask_for_the_latest_dose() -> None:
    """Single doses are not on record, so the plan does not trust its own count."""
    first = plan(on_drug("denosumab", date(2024, 8, 1)))[0]
    assert first.task == "denosumab_check"
    assert first.date == ON


def test_denosumab_is_planned_even_when_other_guidelines_were_asked() -> None:
    """Asking for NICE alone does not make the next dose vanish."""
    assert days(plan(on_drug("denosumab", date(2026, 8, 1)), "nice_cg146"), "denosumab_dose")[0] == date(2027, 2, 1)


def test_denosumab_known_only_by_its_latest_dose_is_planned() -> None:
    """The list of medicines may be empty; the days since the dose are enough."""
    facts = Facts(on=ON, age_y=62, bone_drug="denosumab", denosumab_days_since_dose=100)
    assert days(plan(facts), "denosumab_dose")[0] == months_after(ON - timedelta(days=100), 6)


def test_stopping_denosumab_without_anything_after_it_plans_what_must_follow() -> None:
    """The follow-on is due when the next dose would have been; no further dose is planned."""
    facts = changed(on_drug("denosumab", date(2024, 1, 15)), {"stopping": "denosumab", "denosumab_days_since_dose": 90})
    tasks = plan(facts)
    assert days(tasks, "denosumab_dose") == []
    assert days(tasks, "follow_on") == [months_after(ON - timedelta(days=90), 6)]


def test_another_medicine_after_denosumab_needs_no_second_one() -> None:
    """Zoledronate has taken over: the plan does not ask for a follow-on."""
    before = MedicineUse(drug="denosumab", kind="denosumab", start=date(2023, 1, 1), end=date(2026, 1, 1))
    after = MedicineUse(drug="zoledronate", kind="bisphosphonate", start=date(2026, 2, 1))
    facts = Facts(on=ON, age_y=62, sex="female", postmenopausal=True, medicines=(before, after))
    assert days(plan(facts), "follow_on") == []


@pytest.mark.parametrize(
    ("drug", "task", "start", "due"),
    [
        ("alendronate", "bisphosphonate_review", date(2023, 3, 1), date(2028, 3, 1)),
        ("zoledronate", "bisphosphonate_review", date(2025, 3, 1), date(2028, 3, 1)),
        ("teriparatide", "parathyroid_end", date(2026, 3, 1), date(2028, 3, 1)),
        ("romosozumab", "romosozumab_end", date(2026, 3, 1), date(2027, 3, 1)),
        ("alendronate", "bisphosphonate_review", date(2018, 3, 1), ON),
    ],
)
def test_reviews_and_ends_follow_from_the_start(drug: str, task: str, start: date, due: date) -> None:
    """Tablets after 5 years, infusions after 3; teriparatide ends at 24 months, romosozumab at 12; late means now."""
    assert days(plan(on_drug(drug, start)), task) == [due]


def test_earlier_teriparatide_counts_towards_the_two_years() -> None:
    """Eighteen months in life, six of them now: half a year is left."""
    facts = changed(on_drug("teriparatide", date(2026, 5, 22)), {"parathyroid_y": 1.5})
    (end,) = days(plan(facts), "parathyroid_end")
    assert abs((end - (ON + timedelta(days=183))).days) <= 1


def test_the_end_of_an_anabolic_course_names_what_follows() -> None:
    """No anabolic medicine ends without an antiresorptive one after it."""
    for drug, task in (("teriparatide", "parathyroid_end"), ("romosozumab", "romosozumab_end")):
        (end,) = [each for each in plan(on_drug(drug, date(2026, 6, 1))) if each.task == task]
        assert "antiresorptive" in str(end.what)


def test_zoledronate_comes_after_its_blood_tests() -> None:
    """Kidney function and calcium are known before the infusion."""
    tasks = plan(on_drug("zoledronate", date(2025, 12, 20), every_days=365))
    infusion = days(tasks, "zoledronate_dose")[0]
    assert days(tasks, "renal_function")[0] < infusion
    assert days(tasks, "calcium")[0] < infusion


def test_a_dated_infusion_moves_the_next_one() -> None:
    """The latest dose on record counts, not the years since the first; one that is late is due today."""
    begun = on_drug("zoledronate", date(2023, 3, 1), every_days=365)
    dated = changed(begun, {"zoledronate_days_since_dose": 100})
    assert days(plan(dated), "zoledronate_dose")[0] == months_after(ON - timedelta(days=100), 12)
    late = changed(begun, {"zoledronate_days_since_dose": 500})
    assert days(plan(late), "zoledronate_dose")[0] == ON


def test_a_fresh_blood_test_is_not_repeated_before_the_infusion() -> None:
    """Kidney function of last month still holds at an infusion next month."""
    facts = changed(on_drug("zoledronate", date(2025, 12, 20)), {"egfr_on": date(2026, 10, 22)})
    assert days(plan(facts), "renal_function") == [date(2027, 10, 22)]


def test_teeth_are_looked_at_before_an_antiresorptive_medicine() -> None:
    """A dentist is on the list as soon as a bone medicine is considered."""
    facts = Facts(on=ON, age_y=62, sex="female", bone_drug="none", bone_drug_considered=True)
    assert days(plan(facts), "dental_check")


def test_a_relapse_treated_with_steroids_brings_blood_tests_and_a_scan() -> None:
    """25-OH-D and calcium soon, a DXA within months; each on the authority of the same study."""
    tasks = plan(Facts(on=ON, age_y=38, sex="female", ms=True, edss=2, relapse_treated=True))
    for kind in ("vitamin_d", "calcium", "dxa"):
        (task,) = [each for each in tasks if each.task == kind]
        assert "ms_3" in task.rules


def test_the_scan_of_last_year_moves_the_next_one() -> None:
    """On daily steroids bone density is measured again a year after the last scan."""
    facts = Facts(on=ON, age_y=62, sex="female", steroid_mg_per_day=10, steroid_days=400, dxa_on=date(2026, 6, 1))
    assert days(plan(facts), "dxa") == [date(2027, 6, 1)]


def test_unsteady_walking_brings_physiotherapy() -> None:
    """At an EDSS of 4 the plan refers; at 2 with no new aid it does not."""
    facts = Facts(on=ON, age_y=48, sex="female", ms=True, edss=4, new_aid=False)
    assert days(plan(facts), "physiotherapy")
    assert not days(plan(changed(facts, {"edss": 2})), "physiotherapy")


def test_a_height_nobody_measured_is_measured() -> None:
    """Whether vertebrae should be looked at hangs on height: without one, the plan asks for it."""
    facts = Facts(on=ON, age_y=62, sex="female", postmenopausal=True)
    assert days(plan(facts), "height")
    assert not days(plan(changed(facts, {"height_loss_cm": 1})), "height")


def test_every_rule_that_the_plan_points_at_exists() -> None:
    """The list of tasks and the guidelines agree on the names of rules."""
    known = {rule.id for guideline in shipped() for rule in guideline.rules}
    assert entries().rules() <= known


def test_a_plan_needs_its_day() -> None:
    """Today's date is never read: without a day there is no plan."""
    with pytest.raises(ValueError, match="needs its day"):
        dated_plan(Facts(age_y=62), ())


@pytest.mark.parametrize(
    ("day", "months", "later"),
    [
        (date(2026, 8, 31), 6, date(2027, 2, 28)),
        (date(2027, 8, 31), 6, date(2028, 2, 29)),
        (date(2026, 11, 22), 24, date(2028, 11, 22)),
    ],
)
def test_months_end_where_the_month_ends(day: date, months: int, later: date) -> None:
    """Six months after the last of August is the last of February, never the first of March."""
    assert months_after(day, months) == later


def test_a_plan_without_tasks_says_that_the_guideline_is_of_another_country() -> None:
    """A man in the US is asked nothing by NOGG; by guidelines of his own, or all of them, he is."""
    man = Facts(on=ON, age_y=58, sex="male", country="US", fragility_fracture=True, steroid_mg_per_day=10)
    of_the_uk = advise(man, ["nogg_2024"])
    assert "NOGG" in str(asks_nothing(of_the_uk))
    assert dated_plan(man, of_the_uk) == () or asks_nothing(of_the_uk) is not None
    assert asks_nothing(advise(man, ["acr_2022"])) is None
    assert asks_nothing(advise(man)) is None
    assert asks_nothing(()) is None
