"""Medicines through time."""

import itertools
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st


def doses(timeline, drug: str) -> list[float]:
    """The days on which a drug is injected."""
    return [each.day for each in timeline.boluses if each.drug == drug]


def test_denosumab_without_an_end_goes_on_every_six_months(build, day):
    """From January 2025 to January 2036: 22 doses of 60 mg, the future included."""
    timeline = build(medicines=[{"drug": "Prolia", "start": "2025-01-01"}])
    given_on = doses(timeline, "denosumab")
    assert len(given_on) == 22
    assert given_on[:2] == [day("2025-01-01"), day("2025-01-01") + 183]
    assert {each.amount_mg for each in timeline.boluses} == {60.0}


def test_a_recorded_end_stops_denosumab(build, day):
    """No dose after the last day."""
    timeline = build(medicines=[{"drug": "denosumab", "start": "2022-01-01", "end": "2024-01-01"}])
    assert len(doses(timeline, "denosumab")) == 4
    assert max(doses(timeline, "denosumab")) < day("2024-01-01")


def test_a_record_of_a_single_day_is_a_single_infusion(build, day):
    """Zoledronate once: start and end on one day."""
    timeline = build(medicines=[{"drug": "Aclasta", "start": "2020-05-01", "end": "2020-05-01"}])
    assert doses(timeline, "zoledronate") == [day("2020-05-01")]


def test_zoledronate_is_yearly_and_romosozumab_ends_after_twelve_months(build):
    """The intervals and the bound of their labels."""
    timeline = build(
        medicines=[{"drug": "zoledronate", "start": "2026-02-01"}, {"drug": "romosozumab", "start": "2026-02-01"}]
    )
    assert len(doses(timeline, "zoledronate")) == 10
    assert len(doses(timeline, "romosozumab")) == 12


def test_every_injection_lies_on_an_edge(build):
    """The skeleton takes a dose at the start of a segment."""
    timeline = build(medicines=[{"drug": "denosumab", "start": "2020-03-17"}])
    assert {each.day for each in timeline.boluses} <= set(timeline.edges_d)


def test_a_weekly_tablet_is_its_daily_share_times_adherence(build, day):
    """70 mg a week, half of it taken: 5 mg a day."""
    alendronate = {"drug": "Fosamax", "start": "2020-01-01", "dose_mg": 70.0, "per": "week", "adherence": 0.5}
    timeline = build(medicines=[alendronate])
    amounts = timeline.flag_at([day("2019-12-01"), day("2022-01-01")], timeline.drug_mg_per_day["alendronate"])
    assert list(amounts) == pytest.approx([0.0, 5.0])


def test_a_bone_medicine_without_a_dose_is_taken_as_on_its_label(build, day):
    """And the result says so."""
    timeline = build(medicines=[{"drug": "risedronate", "start": "2020-01-01"}])
    assert timeline.flag_at([day("2022-01-01")], timeline.drug_mg_per_day["risedronate"]) == pytest.approx([5.0])
    said = [str(gap.what) for gap in timeline.assumptions]
    assert "dose or interval of risedronate" in said
    assert "adherence to risedronate" in said


def test_teriparatide_without_an_end_stops_after_two_years(build, day):
    """As its label says; a recorded end is believed."""
    timeline = build(medicines=[{"drug": "teriparatide", "start": "2026-02-01"}])
    amount = timeline.drug_mg_per_day["teriparatide"]
    assert list(timeline.flag_at([day("2027-12-01"), day("2028-03-01")], amount)) == [0.02, 0.0]


def test_ibandronate_is_a_tablet_by_the_month_and_an_injection_by_the_quarter(build):
    """One name, two forms."""
    tablet = build(medicines=[{"drug": "ibandronate", "start": "2020-01-01", "dose_mg": 150.0, "per": "month"}])
    injection = build(medicines=[{"drug": "ibandronate", "start": "2020-01-01", "dose_mg": 3.0, "per": "3 months"}])
    assert tablet.drug_mg_per_day["ibandronate"].max() == pytest.approx(4.93, abs=0.01)
    assert not doses(tablet, "ibandronate")
    assert not injection.drug_mg_per_day["ibandronate"].any()
    assert len(doses(injection, "ibandronate")) == 64


def test_classes_are_flagged_while_a_medicine_is_taken(build, day):
    """An antidepressant from 2019 to 2021, a disease-modifying drug from the MS record."""
    timeline = build(
        medicines=[{"drug": "sertraline", "start": "2019-01-01", "end": "2020-12-31"}],
        ms={"onset": "2006-01-01", "disease_modifying_drugs": [{"drug": "Tysabri", "start": "2020-01-01"}]},
    )
    days = [day("2018-01-01"), day("2020-06-01"), day("2022-01-01")]
    assert list(timeline.flag_at(days, timeline.medicines["antidepressant"])) == [False, True, False]
    assert list(timeline.flag_at(days, timeline.medicines["dmd"])) == [False, True, True]
    assert not timeline.medicines["opioid"].any()


def test_a_medicine_that_is_not_modelled_is_said_to_have_no_effect(build):
    """Silence would look like an effect."""
    timeline = build(medicines=[{"drug": "pamidronate", "start": "2020-01-01"}])
    assert any(str(gap.what) == "effect of pamidronate on bone" for gap in timeline.assumptions)


@settings(deadline=None, max_examples=40)
@given(st.dates(date(2006, 1, 1), date(2025, 12, 31)), st.integers(0, 4000))
def test_doses_of_denosumab_are_half_a_year_apart_from_start_to_end(build, start, length):
    """Whatever the dates, the interval is six months to the day and no dose is outside."""
    end = date.fromordinal(start.toordinal() + length)
    timeline = build(medicines=[{"drug": "denosumab", "start": start.isoformat(), "end": end.isoformat()}])
    given_on = doses(timeline, "denosumab")
    gaps = [after - before for before, after in itertools.pairwise(given_on)]
    assert set(gaps) <= {182.0, 183.0}
    assert len(given_on) == 1 + int(length // 182.625) or timeline.end_day <= given_on[-1] + 183


def test_dated_doses_count_on_their_days_and_the_next_is_due_an_interval_later(build, day):
    """Two dated doses of denosumab: no regular one beside them, and none that nobody gave."""
    course = {"drug": "denosumab", "start": "2025-06-01", "dose_mg": 60, "per": "6 months"}
    dated = [{"drug": "Prolia", "date": "2025-06-01"}, {"drug": "Prolia", "date": "2025-12-20"}]
    timeline = build(medicines=[course], injections=dated)
    assert doses(timeline, "denosumab")[:3] == [day("2025-06-01"), day("2025-12-20"), day("2025-12-20") + 183]


def test_a_dose_that_is_overdue_is_given_today_and_not_before(build, day):
    """The last one was two years ago: the gap stays a gap."""
    course = {"drug": "denosumab", "start": "2022-01-01", "dose_mg": 60, "per": "6 months"}
    timeline = build(medicines=[course], injections=[{"drug": "denosumab", "date": "2022-01-01"}])
    first, second, *_ = doses(timeline, "denosumab")
    assert (first, second) == (day("2022-01-01"), day("2026-01-01"))


def test_dated_doses_of_a_course_that_ended_are_all_there_were(build, day):
    """One infusion of zoledronate in a course of three years."""
    course = {"drug": "zoledronate", "start": "2020-05-01", "end": "2023-05-01"}
    timeline = build(medicines=[course], injections=[{"drug": "zoledronate", "date": "2021-02-03"}])
    assert doses(timeline, "zoledronate") == [day("2021-02-03")]
