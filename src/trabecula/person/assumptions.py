"""What a record leaves open is said, with how it is read."""

from collections.abc import Iterator
from dataclasses import dataclass

from trabecula.person.checks import dates_of
from trabecula.person.disability import edss_of
from trabecula.person.record import Person
from trabecula.person.shipped import Numbers


@dataclass(frozen=True)
class Assumed:
    """Something the record leaves open: where, and how it is read."""

    path: str
    message: str


def assumptions(person: Person, evidence: Numbers | None = None) -> tuple[Assumed, ...]:
    """Rough dates, steroid courses without details, and disability that was not given as an EDSS."""
    return (*_rough_dates(person), *_open_courses(person), *_mapped_disability(person, evidence))


def _rough_dates(person: Person) -> Iterator[Assumed]:
    """Dates that are known to the month or the year only."""
    for path, when in dates_of(person):
        if when.precision != "day":
            message = f"Only {when.written} is given; {when.isoformat()} is used."
            yield Assumed(path, message)


def _open_courses(person: Person) -> Iterator[Assumed]:
    """What is unsaid in steroid courses."""
    for index, course in enumerate(person.steroids):
        for message in course.assumptions:
            yield Assumed(f"steroids[{index}]", message)


def _mapped_disability(person: Person, evidence: Numbers | None) -> Iterator[Assumed]:
    """Disability that was not given as an EDSS."""
    for index, measure in enumerate(person.ms.disability if person.ms else ()):
        if measure.edss is None:
            estimate = edss_of(measure, evidence)
            basis = estimate.basis.replace("_", " ").replace("pdds", "PDDS")
            message = f"An EDSS of {estimate.edss:.1f} (sd {estimate.sd:.1f}) is estimated from the {basis}."
            yield Assumed(f"ms.disability[{index}]", message)
