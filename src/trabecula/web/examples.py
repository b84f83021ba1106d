"""The shipped examples: invented people to try the app with."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from trabecula.adapters.files import read_record
from trabecula.person import Person
from trabecula.web.session import assessment_of, conditioned_person

FOLDER = Path(__file__).parent / "examples"


@dataclass(frozen=True)
class Example:
    """An invented person, and the question they ask."""

    name: str
    """Of the file with the record, and in the address that opens it."""
    title: str
    """The id of what the button says."""
    question: str
    """The id of what the person would like to know."""

    @property
    def person(self) -> Person:
        """The record."""
        return read_record(FOLDER / f"{self.name}.yaml").person


EXAMPLES: Mapping[str, Example] = {
    example.name: example
    for example in (
        Example("ms_woman_44", "web.example.woman_of_44", "web.example.woman_of_44.question"),
        Example("ms_man_58", "web.example.man_of_58", "web.example.man_of_58.question"),
        Example("ms_woman_67", "web.example.woman_of_67", "web.example.woman_of_67.question"),
    )
}


def warm_up() -> None:
    """Make one answer, so that nobody waits for what is compiled or read once: kernels, the registry, its draws."""
    person = next(iter(EXAMPLES.values())).person
    assessment_of(conditioned_person(person, person.assessed_on or date.min))
