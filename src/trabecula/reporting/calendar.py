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
from trabecula.words.language import Language, language

_PRODUCT = "-//Trabecula//Plan for bone health//{}"
_ID_LETTERS = 32
"""Hexadecimal digits of the id of an event."""


def to_ics(tasks: Iterable[Task], on: date, code: str = "en") -> bytes:
    """The plan of the day `on` as an iCalendar file (RFC 5545), in a language.

    tasks: what is to be done when, each a whole-day event that blocks no time and has no alarm; code: the language of
    summaries and descriptions, which changes no id.
    """
    lang = language(code)
    calendar = Calendar()
    calendar.add("prodid", _PRODUCT.format(code.upper()))
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", lang.text("calendar.bone_health"))
    for task in tasks:
        calendar.add_component(_event(task, on, lang))
    return calendar.to_ical()


def _event(task: Task, on: date, lang: Language) -> Event:
    """One task as a whole-day event that does not block the day."""
    event = Event()
    event.add("uid", _uid(task))
    event.add("dtstamp", datetime.combine(on, time(), tzinfo=UTC))
    event.add("dtstart", task.date)
    event.add("dtend", task.date + timedelta(days=1))
    event.add("summary", lang.say(task.what))
    event.add("description", _description(task, lang))
    event.add("categories", [task.task])
    event.add("transp", "TRANSPARENT")
    return event


def _description(task: Task, lang: Language) -> str:
    """Why, who, on whose authority, and what of the time is ours."""
    lines = [
        lang.say(task.why),
        lang.text("calendar.who", who=task.who),
        lang.text("calendar.source", source=task.source),
        *([lang.text("calendar.time", time=task.ours)] if task.ours else []),
        lang.text("calendar.not_a_medical_device"),
    ]
    return "\n".join(lines)


def _uid(task: Task) -> str:
    """An id that follows from day and content, so that a plan exported twice, in any language, is one plan."""
    content = "\n".join((task.date.isoformat(), task.task, str(task.what)))
    return f"{hashlib.sha256(content.encode()).hexdigest()[:_ID_LETTERS]}@trabecula"
