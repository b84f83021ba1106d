"""What happened in a life, as marks under a picture of it: broken bones, steroid courses, bone medicines."""

from dataclasses import dataclass
from datetime import date

from trabecula.person import Fracture, Person, SteroidCourse

_BONE = frozenset({"bisphosphonate", "denosumab", "romosozumab", "parathyroid", "serm"})


@dataclass(frozen=True)
class Period:
    """A medicine or a course over a time; without an end it is still taken."""

    name: str
    start: date
    end: date | None


@dataclass(frozen=True)
class Events:
    """What a picture of a life marks, up to the day of assessment."""

    birth: date
    courses: tuple[Period, ...] = ()
    """Glucocorticoids: pulses and tablets."""
    medicines: tuple[Period, ...] = ()
    """Bone medicines."""
    fractures: tuple[date, ...] = ()

    @property
    def rows(self) -> tuple[str, ...]:
        """The kinds of events that occur, in the order in which they are drawn."""
        return tuple(name for name in ("courses", "medicines", "fractures") if getattr(self, name))


def events(person: Person, on: date) -> Events:
    """The events of a person up to a day."""
    medicines = sorted((each for each in person.medicines if each.kind in _BONE), key=lambda each: each.start)
    return Events(
        person.birth_date,
        tuple(
            sorted(
                (_taken(each) for each in person.steroids if each.start <= on), key=lambda each: each.start
            )
        ),
        tuple(Period(each.generic, each.start, each.end) for each in medicines if each.start <= on),
        tuple(sorted(day for day in map(_day, person.fractures) if day and day <= on)),
    )


def _taken(course: SteroidCourse) -> Period:
    """From the first dose to the last one, taper included."""
    end = None if course.ongoing else max(each.end for each in course.steps())
    return Period(str(course.written()), course.start, end)


def _day(fracture: Fracture) -> date | None:
    """When a bone broke; of a year alone, its first day."""
    return fracture.date or (date(fracture.year, 1, 1) if fracture.year else None)
