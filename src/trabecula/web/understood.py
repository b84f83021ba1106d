"""How each steroid course was understood: drug, dose, days, total, and what was assumed, to compare with the notes."""

import datetime
from collections.abc import Iterator, Mapping

from trabecula.person import PersonError, SteroidCourse
from trabecula.person.notation import NotationError, parse
from trabecula.person.steroids import written_course
from trabecula.vocabulary import STEROIDS
from trabecula.web import forms
from trabecula.web.entries import rows
from trabecula.web.session import day_of, evidence
from trabecula.web.state import Entries
from trabecula.words.message import Message

_REFERENCE = "prednisone"
"""The steroid in whose milligrams all are compared."""


def understood(entries: Entries, today: datetime.date) -> Mapping[int, tuple[Message, ...]]:
    """What is said of each row of the steroid courses, by its number; rows that cannot be read are left out.

    While something else of the record is wrong, a course is told as far as its own words go.
    """
    numbers = rows(entries, "steroids")
    try:
        person = forms.person_of(entries, today)
    except PersonError:
        return dict(_by_words(entries, numbers))
    on = day_of(person, today)
    told = ((number, tuple(_told(course, on))) for number, course in zip(numbers, person.steroids, strict=False))
    return dict(told)


def _told(course: SteroidCourse, on: datetime.date) -> Iterator[Message]:
    """A course in words, its total, and what was assumed."""
    yield Message("web.understood", {"course": written_course(course.phases)})
    totals = course.total_mg(on, evidence())
    if totals:
        yield Message("web.understood.total", {"mg": sum(totals.values()), "equivalent": _as_prednisone(totals)})
    yield from course.assumptions


def _as_prednisone(totals: Mapping[str, float]) -> float:
    """Doses of several steroids as one of prednisone [mg]."""
    known = evidence()
    worth = {drug: known.scalar(STEROIDS[drug].equivalence) for drug in (*totals, _REFERENCE)}
    return sum(mg * worth[_REFERENCE] / worth[drug] for drug, mg in totals.items())


def _by_words(entries: Entries, numbers: list[int]) -> Iterator[tuple[int, tuple[Message, ...]]]:
    """The courses that were written in words, as far as they can be read."""
    for number in numbers:
        text = entries.get(f"steroids[{number}].as_written")
        try:
            yield number, (Message("web.understood", {"course": written_course(parse(str(text or "")))}),)
        except NotationError:
            continue
