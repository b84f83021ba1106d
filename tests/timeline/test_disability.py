"""Disability through time."""

from datetime import date

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from trabecula.timeline import AIDS
from trabecula.units import days as days_in

MS = {"onset": "2006-01-01", "course": "relapsing"}


def visits(**by_year: float) -> list[dict]:
    """Examinations at the start of years: y2010=3.0."""
    return [{"date": f"{year[1:]}-01-01", "edss": edss} for year, edss in by_year.items()]


def test_the_edss_is_straight_between_visits(build, day):
    """Half-way between 2 and 4 it is 3."""
    timeline = build(ms={**MS, "disability": visits(y2010=2.0, y2014=4.0)})
    middle = (day("2010-01-01") + day("2014-01-01")) / 2
    assert timeline.edss_at([day("2010-01-01"), middle, day("2014-01-01")]) == pytest.approx([2.0, 3.0, 4.0])


def test_the_edss_rises_from_onset_to_the_first_visit(build, day, evidence):
    """At onset it has the value of cohorts, and before there is none."""
    timeline = build(ms={**MS, "disability": visits(y2010=4.0)})
    at_onset = evidence["timeline.edss.course_relapsing"].value[0]
    before, onset, between = timeline.edss_at([day("2005-12-01"), day("2006-01-01"), day("2008-01-01")])
    assert np.isnan(before)
    assert onset == pytest.approx(at_onset)
    assert between == pytest.approx((at_onset + 4.0) / 2.0, abs=0.01)


def test_a_first_visit_without_disability_starts_a_course_without_disability(build, day):
    """Nobody is made more disabled at onset than at the first examination."""
    timeline = build(ms={**MS, "disability": visits(y2010=0.0)})
    assert timeline.edss_at([day("2007-01-01")]) == pytest.approx([0.0])


@pytest.mark.parametrize(("sex", "slope"), [("female", 0.112), ("male", 0.133)])
def test_after_the_last_visit_the_edss_rises_at_the_published_slope(build, day, sex, slope):
    """MSBase: 0.112 a year in women, 0.133 in men."""
    timeline = build(sex=sex, ms={**MS, "disability": visits(y2020=3.0)})
    assert timeline.edss_at([day("2030-01-01")]) == pytest.approx([3.0 + 10 * slope], abs=0.01)


def test_a_stable_future_stays_where_it_is(build, day):
    """The other scenario: no more disability than at the last examination."""
    timeline = build(edss_future="stable", ms={**MS, "disability": visits(y2020=3.0)})
    assert timeline.edss_at([day("2035-01-01")]) == pytest.approx([3.0])


def test_no_forecast_passes_the_end_of_the_scale(build):
    """The EDSS of a forecast is capped at 9.5."""
    timeline = build(ms={**MS, "disability": visits(y2020=9.0)})
    assert timeline.edss_at([timeline.end_day]) == pytest.approx([9.5])


def test_a_visit_at_the_end_of_the_scale_is_left_as_it_is(build):
    """A recorded 9.5 neither rises nor falls."""
    timeline = build(ms={**MS, "disability": visits(y2020=9.5)})
    assert timeline.edss_at([timeline.end_day]) == pytest.approx([9.5])


@settings(deadline=None, max_examples=30)
@given(st.lists(st.integers(0, 19), min_size=2, max_size=6), st.integers(0, 19))
def test_a_visit_never_changes_the_course_before_the_preceding_visit(build, day, half_steps, another):
    """What is examined later leaves the earlier years as they were."""
    edss = [0.0 if half == 1 else half / 2 for half in half_steps]
    early = [{"date": f"{2008 + i}-01-01", "edss": value} for i, value in enumerate(edss)]
    late = {"date": f"{2008 + len(edss)}-06-01", "edss": 0.0 if another == 1 else another / 2}
    until_last = np.linspace(day("2006-01-01"), day(early[-1]["date"]), 50)
    without, with_it = (build(ms={**MS, "disability": given}) for given in (early, [*early, late]))
    assert with_it.edss_at(until_last) == pytest.approx(without.edss_at(until_last))


def test_an_examination_after_the_assessment_is_not_known_yet(build, day):
    """A forecast does not peek."""
    known = build(ms={**MS, "disability": visits(y2015=3.0)}, on=date(2016, 1, 1))
    peeked = build(ms={**MS, "disability": visits(y2015=3.0, y2020=7.0)}, on=date(2016, 1, 1))
    assert peeked.edss_at([day("2025-01-01")]) == known.edss_at([day("2025-01-01")])
    assert any("not used" in str(gap.assumed) for gap in peeked.assumptions)


def test_without_any_visit_the_course_of_cohorts_is_taken_with_a_wide_spread(build, day):
    """EDSS 3 after 19.8 years and 6 after 28.7, as in Sweden, and a standard deviation that admits ignorance."""
    timeline = build(ms=MS)
    assert timeline.edss_at(day("2006-01-01") + days_in(np.array([19.8, 28.7]))) == pytest.approx([3.0, 6.0])
    assert timeline.edss_sd == 2.0


def test_without_any_visit_a_stable_future_begins_today(build, day):
    """The past follows the cohorts; from the day of assessment on nothing changes."""
    timeline = build(ms=MS, edss_future="stable")
    today, later = timeline.edss_at([day("2026-01-01"), day("2035-01-01")])
    assert today == later
    assert today < 6.0


def test_progressive_ms_is_expected_to_disable_earlier(build, day):
    """Primary progressive before secondary progressive before relapsing."""
    courses = ("relapsing", "secondary_progressive", "primary_progressive")
    edss = [build(ms={"onset": "2006-01-01", "course": each}).edss_at([day("2013-01-01")])[0] for each in courses]
    assert edss == sorted(edss)
    assert edss[0] < edss[2]


def test_a_translated_edss_carries_its_uncertainty(build):
    """PDDS is not EDSS: the translation has a standard deviation, an EDSS has none."""
    translated = build(ms={**MS, "disability": [{"date": "2025-01-01", "pdds": 4}]})
    examined = build(ms={**MS, "disability": [{"date": "2025-01-01", "edss": 6.0}]})
    assert translated.edss_sd > 0.0
    assert examined.edss_sd == 0.0


def test_an_old_examination_grows_as_uncertain_as_none(build):
    """From exact while it is recent, year by year, towards what is known of people whom nobody examined."""
    sds = [build(ms={**MS, "disability": visits(**{f"y{year}": 2.0})}).edss_sd for year in range(2025, 2005, -1)]
    assert sds[0] == 0.0
    assert sds == sorted(sds)
    assert 0.9 * build(ms=MS).edss_sd < sds[-1] <= build(ms=MS).edss_sd


def test_an_old_examination_is_named_with_what_it_costs(build):
    """Nobody takes an EDSS of 2010, carried on, for one of today."""
    old, new = (
        [str(gap.what) for gap in build(ms={**MS, "disability": visits(**{year: 2.0})}).assumptions]
        for year in ("y2010", "y2025")
    )
    assert "a recent disability assessment (EDSS, PDDS or walking distance)" in old
    assert not any("disability assessment" in each for each in new)


def test_onset_is_before_the_diagnosis_when_only_that_is_known(build, day):
    """Some years pass between the first symptom and the diagnosis."""
    timeline = build(ms={"diagnosis": "2012-01-01"})
    assert np.isnan(timeline.edss_at([day("2006-01-01")])).all()
    assert not np.isnan(timeline.edss_at([day("2011-01-01")])).any()


def test_a_wheelchair_is_used_from_edss_7_on(build, day):
    """The day on which the course passes 7 is an edge, and the chair is there from it on."""
    timeline = build(ms={**MS, "disability": visits(y2010=6.0, y2020=8.0)})
    assert list(timeline.flag_at([day("2014-12-01"), day("2015-02-01")], timeline.wheelchair)) == [False, True]


def test_a_recorded_wheelchair_counts_whatever_the_edss(build, day):
    """What was seen wins over what the number means."""
    chair = {"date": "2018-01-01", "edss": 6.5, "aid": "wheelchair"}
    timeline = build(ms={**MS, "disability": [*visits(y2010=3.0), chair]})
    assert list(timeline.flag_at([day("2017-12-01"), day("2018-02-01")], timeline.wheelchair)) == [False, True]


def test_the_aid_grows_with_the_edss(build, day):
    """A cane at 6, two canes at 6.5, a wheelchair at 7."""
    timeline = build(ms={**MS, "disability": visits(y2010=5.5, y2012=6.0, y2014=6.5, y2016=7.0)})
    days = [day(f"{year}-02-01") for year in (2010, 2012, 2014, 2016)]
    assert [AIDS[i] for i in timeline.flag_at(days, timeline.aid)] == ["none", "cane", "two_canes", "wheelchair"]


class TestRelapse:
    """Relapses dip and recover."""

    def test_a_severe_relapse_takes_all_and_recovers_in_a_straight_line(self, build, day, evidence):
        """1 at onset, a half at half time, nothing at the end, nothing before."""
        timeline = build(ms={**MS, "relapses": [{"date": "2015-01-01", "severity": "severe"}]})
        start, long = day("2015-01-01"), evidence["skeleton.load.relapse_recovery"].value
        share = timeline.linear_at([start - 1, start, start + long / 2, start + long + 1], timeline.relapse)
        assert share == pytest.approx([0.0, 1.0, 0.5, 0.0])

    def test_severity_scales_the_dip(self, build, day):
        """Mild below moderate below severe; without a word it is moderate."""
        start = [day("2015-01-01")]

        def depth(**severity: str) -> float:
            timeline = build(ms={**MS, "relapses": [{"date": "2015-01-01", **severity}]})
            return float(timeline.linear_at(start, timeline.relapse)[0])

        assert depth(severity="mild") < depth(severity="moderate") == depth() < depth(severity="severe")

    def test_a_relapse_within_a_relapse_never_makes_it_shallower(self, build, day):
        """A mild relapse a week after a severe one starts where the severe one is."""
        severe = {"date": "2015-01-01", "severity": "severe"}
        one = build(ms={**MS, "relapses": [severe]})
        two = build(ms={**MS, "relapses": [severe, {"date": "2015-01-08", "severity": "mild"}]})
        days = day("2015-01-01") + np.arange(120.0)
        assert np.all(two.linear_at(days, two.relapse) >= one.linear_at(days, one.relapse) - 1e-12)

    def test_steroids_do_not_imply_a_relapse_nor_a_relapse_steroids(self, build):
        """What was not recorded did not happen; the assumption says so."""
        pulse = {"as_written": "5 x 1 g IV methylprednisolone", "start": "2015-01-01"}
        assert not build(ms=MS, steroids=[pulse]).relapse.any()
        relapsed = build(ms={**MS, "relapses": [{"date": "2015-01-01"}]})
        assert not relapsed.occupancy.any()
        assert any("not assumed from" in str(gap.assumed) for gap in relapsed.assumptions)
