"""What happened in a life, as marks under a picture of it: broken bones, steroid courses, bone medicines."""

from dataclasses import dataclass
from datetime import date

from trabecula.evidence import Evidence
from trabecula.person import Fracture, Person, SteroidCourse
from trabecula.vocabulary import bone_classes


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
    on: date | None = None
    """The day of assessment: what goes on after it is only planned. None: everything has happened."""

    @property
    def rows(self) -> tuple[str, ...]:
        """The kinds of events that occur, in the order in which they are drawn."""
        return tuple(name for name in ("courses", "medicines", "fractures") if getattr(self, name))


def events(person: Person, on: date) -> Events:
    """The events of a person up to a day."""
    bone = bone_classes()
    medicines = [medicine for medicine in person.medicines if medicine.kind in bone and medicine.start <= on]
    courses = [_taken(course) for course in person.steroids if course.start <= on]
    return Events(
        person.birth_date,
        tuple(sorted(courses, key=lambda course: course.start)),
        tuple(
            Period(medicine.generic, medicine.start, medicine.end)
            for medicine in sorted(medicines, key=lambda medicine: medicine.start)
        ),
        tuple(sorted(day for day in map(_day, person.fractures) if day and day <= on)),
        on,
    )


def _taken(course: SteroidCourse) -> Period:
    """From the first dose to the last one, taper included."""
    end = None if course.ongoing else max(step.end for step in course.steps(None, Evidence.load()))
    return Period(str(course.written()), course.start, end)


def _day(fracture: Fracture) -> date | None:
    """When a bone broke; of a year alone, its first day."""
    return fracture.date or (date(fracture.year, 1, 1) if fracture.year else None)
