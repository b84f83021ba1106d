"""Which of the falls on record speak for the day of assessment."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from person_records import ON, person

from trabecula.person.history import RememberedFalls, falls_past_year, remembered_falls

YEAR = {"count": 4, "period_months": 12}


def remembered(*falls):
    """What is known of falls on the day of assessment, 22 November 2026."""
    return remembered_falls(person(falls=falls).falls, ON)


@pytest.mark.parametrize("count", [0, 6])
def test_a_count_of_years_ago_says_nothing_of_today(count):
    """Six falls, or none, in the year up to 2012: nobody has asked since."""
    old = {"count": count, "period_months": 12, "until": "2012-03-01"}
    assert remembered(old) is None
    assert falls_past_year(person(falls=[old]).falls, ON) is None


def test_a_count_is_old_a_year_after_its_last_day():
    """Up to the day before it was told within the past year."""
    assert remembered({**YEAR, "until": "2025-11-23"}) == RememberedFalls(4, 12)
    assert remembered({**YEAR, "until": "2025-11-21"}) is None


def test_a_count_without_a_last_day_is_told_today():
    """In "the last twelve months"."""
    assert remembered(YEAR) == RememberedFalls(4, 12)


def test_the_newest_count_wins():
    """In whichever order they stand; of two that end together the longer says more."""
    diary = {"count": 3, "period_months": 3, "until": "2026-11-22"}
    before = {"count": 4, "period_months": 6, "until": "2026-02-28"}
    assert remembered(before, diary) == remembered(diary, before) == RememberedFalls(3, 3)
    assert remembered(diary, YEAR) == RememberedFalls(4, 12)


def test_dated_falls_beat_a_count_that_is_old():
    """One fall in a month of early 2025 is no rate of twelve a year when two dated falls follow until today."""
    month = {"count": 1, "period_months": 1, "until": "2025-01"}
    assert remembered(month, {"date": "2026-02-01"}, {"date": "2026-08-05"}) == RememberedFalls(2, 12)


def test_a_fall_after_a_count_is_added_with_its_time():
    """Four in the year up to May, one in August: five in a year and a half, not one."""
    found = remembered({**YEAR, "until": "2026-05-22"}, {"date": "2026-08-05"})
    assert found is not None
    assert found.count == 5
    assert found.months == pytest.approx(18, abs=0.1)


def test_more_dated_falls_than_were_counted_are_believed():
    """Three days are on file for a year in which one fall was counted."""
    dated = [{"date": day} for day in ("2026-02-01", "2026-03-01", "2026-04-01")]
    assert remembered({"count": 1, "period_months": 12}, *dated) == RememberedFalls(3, 12)


def test_dated_falls_span_the_time_since_the_first():
    """Three falls in four years, the last of them lately; a single one of 2012 says nothing of the last year."""
    found = remembered({"date": "2022-11-22"}, {"date": "2024-03-01"}, {"date": "2026-08-05"})
    assert found is not None
    assert (found.count, found.months) == (3, pytest.approx(48, abs=0.1))
    assert remembered({"date": "2012-08-05"}) is None


@given(st.dates(ON.replace(year=2020), ON), st.integers(0, 20), st.floats(1, 24))
def test_another_fall_never_makes_fewer(day, count, months):
    """Whatever was counted, a fall that is written down as well does not lower the number."""
    counted = {"count": count, "period_months": months, "until": "2026-06-01"}
    alone, more = remembered(counted), remembered(counted, {"date": day.isoformat()})
    assert alone is not None
    assert more is not None
    assert more.count >= alone.count


@pytest.mark.parametrize(
    ("falls", "number"), [([{"count": 6, "period_months": 24}], 3), ([{"count": 2, "period_months": 3}], 2), ([], None)]
)
def test_falls_in_a_year_are_brought_down_and_never_up(falls, number):
    """Six in two years are three in one; two in three months are at least two in a year."""
    assert falls_past_year(person(falls=falls).falls, ON) == number


@pytest.mark.parametrize(
    ("fall", "path"),
    [({"count": 6, "period_months": 12, "until": "2012-03-01"}, "falls[0].until"), ({"date": "2012"}, "falls[0].date")],
)
def test_falls_that_are_not_used_are_asked_about(fall, path):
    """Nothing is ignored in silence."""
    from trabecula.person import questions

    (asked,) = questions(person(falls=[fall]), ON)
    assert asked.path == path
    assert "not used; how many falls in the past year?" in str(asked.message)
    assert questions(person(falls=[fall, {"count": 0, "period_months": 12}]), ON) == ()
