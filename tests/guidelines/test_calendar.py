"""The plan as a calendar file: any calendar program reads it, and the same plan gives the same bytes."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st
from icalendar import Calendar, Component

from trabecula.guidelines.plan import Task
from trabecula.reporting.calendar import to_ics

ON = date(2026, 11, 22)
texts = st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs")), min_size=1, max_size=80)


def task(day: date = ON, what: str = "Bone density (DXA)", why: str = "MS and an EDSS of 4") -> Task:
    """A task of the plan."""
    return Task(date=day, task="dxa", what=what, why=why, who="clinician", rules=("ms_3",), source="ms_3: Murphy 2016")


tasks = st.builds(task, st.dates(date(2020, 1, 1), date(2090, 1, 1)), texts, texts)


def events(ics: bytes) -> list[Component]:
    """The events of a file, as a calendar program reads them."""
    return list(Calendar.from_ical(ics).walk("VEVENT"))


@given(st.lists(tasks, max_size=5))
def test_a_calendar_program_reads_what_was_planned(plan: list[Task]) -> None:
    """Every task comes back as a whole-day event on its day, with its words."""
    found = [(each.decoded("dtstart"), str(each["summary"])) for each in events(to_ics(plan, ON))]
    assert [(each.date, str(each.what)) for each in plan] == found


@given(st.lists(tasks, max_size=5))
def test_the_same_plan_gives_the_same_bytes(plan: list[Task]) -> None:
    """Nothing is read from a clock or made by chance."""
    assert to_ics(plan, ON) == to_ics(list(plan), ON)


def test_the_stamp_is_the_day_of_the_plan() -> None:
    """DTSTAMP is the day of the assessment, at midnight UTC, whenever the file is written."""
    assert b"DTSTAMP:20261122T000000Z" in to_ics([task()], ON)


def test_exported_twice_a_task_is_one_event() -> None:
    """The id of an event follows from its day and content, not from the day on which it was exported."""
    (first,) = events(to_ics([task()], ON))
    (again,) = events(to_ics([task()], ON + timedelta(days=30)))
    assert first["uid"] == again["uid"]


def test_two_days_are_two_events() -> None:
    """A second dose half a year later has an id of its own."""
    both = events(to_ics([task(), task(ON + timedelta(days=183))], ON))
    assert len({str(each["uid"]) for each in both}) == 2


def test_every_event_says_why_who_and_on_whose_authority() -> None:
    """What a person sees when an event is opened: reason, who does it, source, and what this program is not."""
    (event,) = events(to_ics([task()], ON))
    text = str(event["description"])
    for part in ("EDSS of 4", "clinician", "Murphy 2016", "not a medical device"):
        assert part in text


def test_an_empty_plan_is_a_readable_calendar() -> None:
    """Nothing to do is a calendar without events."""
    assert events(to_ics([], ON)) == []
