"""Dates as people remember them."""

import copy
import pickle
from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from person_records import ON, dates, person, record

from trabecula.person import HistoryDate, PersonError, read_person, write_person
from trabecula.person.dates import read_date
from trabecula.person.record import dates_of


@pytest.mark.parametrize(
    ("given_date", "day", "precision"),
    [
        ("2014-05-02", date(2014, 5, 2), "day"),
        (date(2014, 5, 2), date(2014, 5, 2), "day"),
        (datetime(2014, 5, 2, 10, 30), date(2014, 5, 2), "day"),
        ("2014-05", date(2014, 5, 16), "month"),
        ("2014", date(2014, 7, 2), "year"),
        (2014, date(2014, 7, 2), "year"),
    ],
)
def test_a_date_known_to_the_month_or_year_is_read_as_the_middle(given_date, day, precision):
    """A year becomes the beginning of July, a month its middle, and how it was known is remembered."""
    when = read_date(given_date)
    assert day == when
    assert precision == when.precision


@given(dates())
def test_a_date_is_written_as_it_was_given(text):
    """2014 is written as 2014 again, not as a day in July."""
    assert text == read_date(text).written


@given(dates(), st.sampled_from([copy.copy, copy.deepcopy, lambda when: pickle.loads(pickle.dumps(when))]))
def test_a_copy_remembers_how_well_the_date_is_known(text, copied):
    """Records sent to another process lose nothing."""
    assert text == copied(read_date(text)).written


@given(dates())
def test_a_rough_date_lies_inside_its_period(text):
    """The middle is between the first and the last day it can have been."""
    when = read_date(text)
    assert when.first <= when <= when.last


@pytest.mark.parametrize(
    "wrong", ["02.05.2014", "05/02/2014", "2014-13", "2014-02-30", "May 2014", "14", True, 3.5, []]
)
def test_other_ways_of_writing_a_date_are_refused(wrong):
    """Day and month are never guessed from 05/02/2014."""
    with pytest.raises(PersonError, match=r"birth_date: found .*; expected a date such as 2014-05-02"):
        read_person(record(birth_date=wrong))


@pytest.mark.parametrize("wrong", ["0114-05-02", 1714, "9999", date(2214, 5, 2)])
def test_a_year_of_another_age_is_refused(wrong):
    """Nobody alive was treated in 1714."""
    with pytest.raises(PersonError, match="expected a date with a year from 1880 to 2200; check the year"):
        person(medicines=[{"drug": "denosumab", "start": wrong}])


def test_this_year_means_the_part_of_it_before_the_assessment():
    """A fall in "2026", told in November 2026, is not put into December."""
    early = read_person(record(falls=[{"date": "2026"}]), date(2026, 3, 1))
    assert early.falls[0].date == date(2026, 1, 30)
    assert person(falls=[{"date": "2026"}]).falls[0].date < ON


def test_what_has_happened_cannot_lie_in_the_future():
    """A scan, a fall or a relapse after the assessment is a slip."""
    with pytest.raises(PersonError, match="expected a date on or before the assessment date, 2026-11-22"):
        person(dxa=[{"date": "2027", "site": "total_hip", "t_score": -1}])


def test_a_treatment_may_end_or_begin_in_the_future():
    """A plan is part of a record."""
    planned = person(medicines=[{"drug": "denosumab", "start": "2027-01-10", "end": "2030"}])
    assert planned.medicines[0].start == date(2027, 1, 10)


@pytest.mark.parametrize("start", ["2026-11", "2026"])
def test_what_began_this_month_or_year_has_begun(start):
    """Tablets "since November", told on the 22nd, are taken; without an end they are going on."""
    drug = person(medicines=[{"drug": "denosumab", "start": start}]).medicines[0]
    assert drug.start < ON
    assert read_date(drug.start).written == start


@pytest.mark.parametrize("end", ["2026-01", "2026-02", "2026"])
def test_what_began_this_year_begins_before_the_assessment_and_before_its_end(end):
    """Whatever is known of the end."""
    spell = read_person(record(hormone_therapy=[{"start": "2026", "end": end}]), date(2026, 3, 1))
    assert spell.hormone_therapy[0].start < min(spell.hormone_therapy[0].end, date(2026, 3, 1))


def test_what_begins_next_month_is_still_to_come():
    """A start whose period has not come is planned."""
    assert person(medicines=[{"drug": "denosumab", "start": "2026-12"}]).medicines[0].start > ON


def test_without_a_date_of_assessment_nothing_is_in_the_future():
    """Today's date is never read."""
    assert read_person(record(falls=[{"date": "2199"}])).falls[0].date.year == 2199


@pytest.mark.parametrize(
    ("start", "end"), [("2014", "2014-03-01"), ("2014-05-20", "2014-05"), ("2014", "2014"), ("2014", "2014-03")]
)
def test_rough_dates_are_settled_so_that_the_start_comes_first(start, end):
    """From 2014 to the first of March 2014 is a course in the winter, not an error."""
    spell = person(hormone_therapy=[{"start": start, "end": end}]).hormone_therapy[0]
    assert spell.start < spell.end
    assert [start, end] == [read_date(spell.start).written, read_date(spell.end).written]


def test_a_rough_date_says_what_is_known_and_which_day_is_taken():
    """Whoever reads the result can learn that only the year was given."""
    record = person(fractures=[{"site": "hip", "date": "2014"}, {"site": "rib", "year": 2015}])
    rough = [(path, when.written, when.isoformat()) for path, when in dates_of(record) if when.precision != "day"]
    assert rough == [("fractures[0].date", "2014", "2014-07-02"), ("fractures[1].date", "2015", "2015-07-02")]


def test_a_date_stays_a_date():
    """Rough dates compare and subtract like any other day."""
    assert (HistoryDate(2014, 7, 2, "year") - date(2014, 7, 1)).days == 1
    assert write_person(person(falls=[{"date": "2014"}]))["falls"] == [{"date": "2014"}]
