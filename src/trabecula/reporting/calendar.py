"""The dated plan as an iCalendar file: the same plan gives the same bytes.

Whole-day events without an alarm. Nothing is read from the clock: the stamp is the day of the plan, and the id of an
event follows from its day and its content. The file holds no name and no identifier of the person. Needs the extra
`report`.
"""

import hashlib
from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta

from icalendar import Calendar, Event

from trabecula.guidelines.plan import Task

PRODUCT = "-//Trabecula//Plan for bone health//EN"
NOTE = "Trabecula is not a medical device. Talk these dates over with your clinician."


def to_ics(tasks: Iterable[Task], on: date) -> bytes:
    """The plan of the day `on` as an iCalendar file (RFC 5545)."""
    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", "Bone health")
    for task in tasks:
        calendar.add_component(_event(task, on))
    return calendar.to_ical()


def _event(task: Task, on: date) -> Event:
    """One task as a whole-day event that does not block the day."""
    event = Event()
    event.add("uid", _uid(task))
    event.add("dtstamp", datetime.combine(on, time(), tzinfo=UTC))
    event.add("dtstart", task.date)
    event.add("dtend", task.date + timedelta(days=1))
    event.add("summary", task.what)
    event.add("description", _description(task))
    event.add("categories", [task.task])
    event.add("transp", "TRANSPARENT")
    return event


def _description(task: Task) -> str:
    """Why, who, on whose authority, and what of the time is ours."""
    ours = f"\nThe time: {task.ours}." if task.ours else ""
    return f"{task.why}\nWho: {task.who}.\nSource: {task.source}.{ours}\n{NOTE}"


def _uid(task: Task) -> str:
    """An id that follows from day and content, so that a plan exported twice is one plan."""
    content = "\n".join((task.date.isoformat(), task.task, task.what))
    return f"{hashlib.sha256(content.encode()).hexdigest()[:32]}@trabecula"  # length of the id
